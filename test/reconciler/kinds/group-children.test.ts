/** Lifecycle hooks and notifications of a spec: made, put right, removed; what is somebody else's is left alone. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import { Installation, WEB_API } from "../../support/installation.ts";
import { converged } from "../world.ts";

const MINUTE_MS = 60_000;
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";
const ROLE = "arn:aws:iam::123456789012:role/hooks";
const GROUP = "autoScalingGroups.web";

const BOOT = {
  lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
  heartbeatTimeout: 30,
  defaultResult: "CONTINUE",
} as const;
const TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING";
const LAUNCH = "autoscaling:EC2_INSTANCE_LAUNCH";
const TERMINATE = "autoscaling:EC2_INSTANCE_TERMINATE";

const groupIn = async (installation: Installation) =>
  (await installation.aws("autoscaling:DescribeAutoScalingGroups", {})).AutoScalingGroups![0]!;

async function hooksIn(installation: Installation) {
  const { AutoScalingGroupName = "" } = await groupIn(installation);
  const { LifecycleHooks } = await installation.aws("autoscaling:DescribeLifecycleHooks", {
    AutoScalingGroupName,
  });
  return LifecycleHooks!;
}

const toldIn = async (installation: Installation) =>
  (await installation.aws("autoscaling:DescribeNotificationConfigurations", {})).NotificationConfigurations!;

const eventsOf = ({ store }: Installation) => store.driftEvents({ limit: 1_000 }).items;
const since = (installation: Installation, calls: number) => installation.mutations().slice(calls);

const CREATE = "autoscaling:CreateAutoScalingGroup";
const PUT = "autoscaling:PutLifecycleHook";
/** What is written of groups and hooks, without their policies. */
const ofGroups = (operations: readonly string[]) =>
  operations.filter((operation) => operation.startsWith("autoscaling:") && !operation.endsWith("Policy"));

describe("a lifecycle hook", () => {
  const withHooks = (lifecycleHooks: object) => example().withGroup("web", { lifecycleHooks });

  it("comes with its group, so that the first instances wait for it", async () => {
    const installation = new Installation();
    installation.post(withHooks({ boot: BOOT }).spec());
    const states = new Set<string>();
    for (let seconds = 0; seconds < 300; seconds += 5) {
      await installation.clock.advance(5_000);
      const { AutoScalingGroups: [group] = [] } = await installation.aws(
        "autoscaling:DescribeAutoScalingGroups",
        {},
      );
      for (const { LifecycleState: state = "" } of group?.Instances ?? []) states.add(state);
    }
    expect([...states]).toContain("Pending:Wait");
    await installation.untilReady();
    expect(await hooksIn(installation)).toMatchObject([
      { LifecycleTransition: BOOT.lifecycleTransition, HeartbeatTimeout: 30, DefaultResult: "CONTINUE" },
    ]);
  });

  it("is not put again after its group was created with it, and counts as applied", async () => {
    const hooks = withHooks({ boot: BOOT, leave: { ...BOOT, lifecycleTransition: TERMINATING } });
    const fresh = new Installation();
    const plan = await fresh.plan(hooks.spec());
    const rows = plan.rows.filter(({ key }) => key.includes("lifecycleHooks"));
    expect(rows.map(({ verb, calls }) => [verb, calls])).toEqual([
      ["create", ["autoscaling:CreateAutoScalingGroup"]],
      ["create", ["autoscaling:CreateAutoScalingGroup"]],
    ]);
    expect(plan.steps?.map(({ call }) => call)).not.toContain(PUT);
    const installation = await converged(hooks.spec());
    const made = installation.store.made(WEB_API).filter(({ kind }) => kind === "lifecycleHook");
    expect(made.map(({ origin, address }) => [origin, address])).toEqual([
      ["made", `${GROUP}.lifecycleHooks.boot`],
      ["made", `${GROUP}.lifecycleHooks.leave`],
    ]);
    await installation.clock.advance(60 * MINUTE_MS);
    expect(ofGroups(installation.mutations())).toEqual([CREATE]);
    expect(await hooksIn(installation)).toHaveLength(2);
    const [call] = installation.store.calls({ limit: 1_000 }).filter(({ operation }) => operation === CREATE);
    expect(call?.affected).toEqual([GROUP, ...made.map(({ address }) => address)]);
    expect(eventsOf(installation)).toEqual([]);
    // A group that somebody has deleted comes back with them, by one call again; each is drift that it put right.
    const { AutoScalingGroupName = "" } = await groupIn(installation);
    await installation.aws("autoscaling:DeleteAutoScalingGroup", { AutoScalingGroupName, ForceDelete: true });
    await installation.clock.advance(60 * MINUTE_MS);
    expect(ofGroups(installation.mutations())).toEqual([CREATE, CREATE]);
    expect(await hooksIn(installation)).toHaveLength(2);
    const corrected = eventsOf(installation).filter(({ resource }) => resource.includes("lifecycleHooks"));
    expect(corrected.map(({ change, state, correction }) => [change, state, correction?.operation])).toEqual([
      ["Missing", "Corrected", CREATE],
      ["Missing", "Corrected", CREATE],
    ]);
  });

  it("that AWS has not made with its group is put by a call of its own", async () => {
    const installation = new Installation();
    // AWS takes the group, and drops its hooks in silence.
    const { call } = installation.account;
    installation.account.call = (service, operation, input, ...rest) => {
      const { LifecycleHookSpecificationList: _hooks, ...others } = input as Record<string, unknown>;
      return call(service, operation, operation === "CreateAutoScalingGroup" ? others : input, ...rest);
    };
    installation.post(withHooks({ boot: BOOT }).spec());
    await installation.untilReady();
    await installation.clock.advance(10 * MINUTE_MS);
    expect(ofGroups(installation.mutations())).toEqual([CREATE, PUT]);
    expect(await hooksIn(installation)).toMatchObject([{ HeartbeatTimeout: 30 }]);
  });

  it("that somebody changes or deletes is put right; and is removed when the spec has it no more", async () => {
    const installation = await converged(
      withHooks({ boot: { ...BOOT, notificationTargetArn: TOPIC, roleArn: ROLE } }).spec(),
    );
    const { AutoScalingGroupName = "" } = await groupIn(installation);
    const { LifecycleHookName = "" } = (await hooksIn(installation))[0]!;
    let calls = installation.mutations().length;
    await installation.aws("autoscaling:PutLifecycleHook", {
      ...{ AutoScalingGroupName, LifecycleHookName, HeartbeatTimeout: 600 },
    });
    await installation.clock.advance(5 * MINUTE_MS);
    expect((await hooksIn(installation))[0]!.HeartbeatTimeout).toBe(30);
    expect(since(installation, calls)).toEqual(["autoscaling:PutLifecycleHook"]);
    await installation.aws("autoscaling:DeleteLifecycleHook", { AutoScalingGroupName, LifecycleHookName });
    await installation.clock.advance(5 * MINUTE_MS);
    expect(eventsOf(installation)).toMatchObject([
      { resource: `${GROUP}.lifecycleHooks.boot`, change: "Missing", state: "Corrected" },
      { resource: `${GROUP}.lifecycleHooks.boot`, field: "heartbeatTimeout", state: "Corrected" },
    ]);
    await installation.aws("autoscaling:PutLifecycleHook", {
      ...{ AutoScalingGroupName, LifecycleHookName: "others", LifecycleTransition: BOOT.lifecycleTransition },
      ...{ HeartbeatTimeout: 30, DefaultResult: "CONTINUE" },
    });
    calls = installation.mutations().length;
    installation.post(example().spec());
    await installation.clock.advance(5 * MINUTE_MS);
    expect(since(installation, calls)).toEqual(["autoscaling:DeleteLifecycleHook"]);
    expect((await hooksIn(installation)).map(({ LifecycleHookName: name }) => name)).toEqual(["others"]);
  });

  it("loses its target by an edit", async () => {
    const told = { ...BOOT, notificationTargetArn: TOPIC, roleArn: ROLE };
    const installation = await converged(withHooks({ boot: told }).spec());
    installation.post(withHooks({ boot: BOOT }).spec());
    await installation.clock.advance(5 * MINUTE_MS);
    expect((await hooksIn(installation))[0]!.NotificationTargetARN).toBeUndefined();
    expect(installation.condition("Synced")?.status).toBe("True");
    expect(eventsOf(installation)).toEqual([]);
  });
});

describe("a notification", () => {
  const alerts = (...notificationTypes: string[]) =>
    example().withGroup("web", {
      notifications: { alerts: { topicArn: TOPIC, notificationTypes } } as object,
    });

  it("is made, changed, put right and removed, and its topic is told", async () => {
    const installation = await converged(alerts(LAUNCH).spec());
    expect(await toldIn(installation)).toMatchObject([{ TopicARN: TOPIC, NotificationType: LAUNCH }]);
    const { AutoScalingGroupName = "" } = await groupIn(installation);
    await installation.aws("autoscaling:PutNotificationConfiguration", {
      ...{ AutoScalingGroupName, TopicARN: TOPIC, NotificationTypes: [TERMINATE] },
    });
    await installation.clock.advance(5 * MINUTE_MS);
    expect(await toldIn(installation)).toMatchObject([{ NotificationType: LAUNCH }]);
    expect(eventsOf(installation)).toMatchObject([
      { resource: `${GROUP}.notifications.alerts`, field: "notificationTypes", state: "Corrected" },
    ]);
    installation.post(alerts(LAUNCH, TERMINATE).spec());
    await installation.clock.advance(5 * MINUTE_MS);
    expect((await toldIn(installation)).map(({ NotificationType: type }) => type).sort()).toEqual([
      LAUNCH,
      TERMINATE,
    ]);
    const calls = installation.mutations().length;
    installation.post(example().spec());
    await installation.clock.advance(5 * MINUTE_MS);
    expect(since(installation, calls)).toEqual(["autoscaling:DeleteNotificationConfiguration"]);
    expect(await toldIn(installation)).toEqual([]);
  });

  it("goes with its service, and so do hooks and scheduled actions", async () => {
    const installation = await converged(
      example()
        .withGroup("web", {
          lifecycleHooks: { boot: BOOT },
          notifications: { alerts: { topicArn: TOPIC, notificationTypes: [LAUNCH] } },
          scheduledActions: { daily: { recurrence: "0 8 * * *", minSize: 2 } },
        })
        .spec(),
    );
    installation.remove();
    await installation.clock.advance(60 * MINUTE_MS);
    expect(installation.store.get(WEB_API)).toBeUndefined();
    expect((await installation.aws("autoscaling:DescribeAutoScalingGroups", {})).AutoScalingGroups).toEqual(
      [],
    );
  });
});

describe("hooks and notifications", () => {
  it("are read by nobody whose spec has none", async () => {
    const installation = await converged(example().spec());
    const { account, clock } = installation;
    const asked: string[] = [];
    const { call } = account;
    account.call = (...args) => {
      asked.push(`${args[0]}:${args[1]}`);
      return call(...args);
    };
    await clock.advance(60 * MINUTE_MS);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked).not.toContain("autoscaling:DescribeLifecycleHooks");
    expect(asked).not.toContain("autoscaling:DescribeNotificationConfigurations");
  });
});
