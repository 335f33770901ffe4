/** The sizes of a group in a whole installation: what is written, what waits, what is left, and who is told to own it. */
import { describe, expect, it } from "vitest";
import type { OwnerRow } from "../../../../src/model/status.ts";
import { admit } from "../../../../src/reconciler/kinds/admission.ts";
import { example } from "../../../support/example.ts";
import { type Installation, WEB_API } from "../../../support/installation.ts";
import { approve } from "../../approval/world.ts";
import { addFault, converged } from "../../world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const UPDATE = "autoscaling:UpdateAutoScalingGroup";
const PUT = "autoscaling:PutScheduledUpdateGroupAction";
const GROUP = "autoScalingGroups.web";

const FIXED = { desiredCapacity: 3, desiredCapacityPolicy: "Fixed" } as const;
const fixed = () => example().withGroup("web", { ...FIXED, scalingPolicies: {} });
/** What a person is asked where the spec does not say that nobody is. */
const asking = (spec: object) => ({ ...spec, approval: "Destructive" });

async function groupIn(installation: Installation) {
  const { AutoScalingGroups: [group] = [] } = await installation.aws(
    "autoscaling:DescribeAutoScalingGroups",
    {},
  );
  return group!;
}

async function byHand(installation: Installation, sizes: object): Promise<void> {
  const { AutoScalingGroupName } = await groupIn(installation);
  await installation.aws(UPDATE, { AutoScalingGroupName: AutoScalingGroupName!, ...sizes });
}

const statusOf = (installation: Installation) => installation.store.get(WEB_API)!.status!;
const rowOf = (installation: Installation, key: string) =>
  statusOf(installation).resources.find((row) => row.key === key)!;
const ownersIn = (installation: Installation): Record<string, OwnerRow> =>
  Object.fromEntries(rowOf(installation, GROUP).owners!.map((row) => [row.field, row]));
const eventsOf = ({ store }: Installation) => store.driftEvents({ limit: 1_000 }).items;

/** What somebody else's action sets in an hour, once. */
async function onceByOthers(installation: Installation, sizes: object): Promise<void> {
  const { AutoScalingGroupName } = await groupIn(installation);
  await installation.aws(PUT, {
    ...{ AutoScalingGroupName: AutoScalingGroupName!, ScheduledActionName: "others", ...sizes },
    StartTime: new Date(installation.clock.nowMs() + HOUR_MS),
  });
}

describe("a desired capacity that is fixed", () => {
  it("is put right when somebody lowers it", async () => {
    const installation = await converged(fixed().spec());
    expect((await groupIn(installation)).DesiredCapacity).toBe(3);
    const calls = installation.mutations().length;
    await byHand(installation, { DesiredCapacity: 2 });
    await installation.clock.advance(10 * MINUTE_MS);
    expect((await groupIn(installation)).DesiredCapacity).toBe(3);
    expect(eventsOf(installation)).toMatchObject([
      { resource: GROUP, field: "desiredCapacity", before: 3, after: 2, state: "Corrected" },
    ]);
    expect(installation.mutations().slice(calls)).toEqual([UPDATE]);
  });

  it("is put right when somebody raises it, once a person has agreed to what that terminates", async () => {
    const installation = await converged(asking(fixed().spec()));
    await byHand(installation, { DesiredCapacity: 5 });
    await installation.clock.advance(10 * MINUTE_MS);
    expect((await groupIn(installation)).DesiredCapacity).toBe(5);
    expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "ApprovalRequired" });
    expect(ownersIn(installation).desiredCapacity).toMatchObject({ owner: "Spec", value: 5, declared: 3 });
    approve(installation);
    await installation.clock.advance(10 * MINUTE_MS);
    expect((await groupIn(installation)).DesiredCapacity).toBe(3);
    expect(installation.condition("Synced")?.status).toBe("True");
  });

  it("is none any more once the spec says so: then it is scaling's again", async () => {
    const installation = await converged(fixed().spec());
    installation.post(example().withGroup("web", { desiredCapacity: 3, scalingPolicies: {} }).spec());
    await installation.clock.advance(5 * MINUTE_MS);
    const calls = installation.mutations().length;
    await byHand(installation, { DesiredCapacity: 5 });
    await installation.clock.advance(10 * MINUTE_MS);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(ownersIn(installation).desiredCapacity).toMatchObject({ owner: "Scaling", value: 5, declared: 3 });
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it("has no policies unless they are given", () => {
    const spec = example()
      .withGroup("web", { ...FIXED, scalingPolicies: undefined })
      .spec();
    expect(admit(spec).autoScalingGroups.web?.scalingPolicies ?? {}).toEqual({});
  });
});

describe("the band of a group", () => {
  it("is put right with what ran beyond it, once a person has agreed", async () => {
    const installation = await converged(asking(example().spec()));
    await byHand(installation, { MaxSize: 20, DesiredCapacity: 15 });
    await installation.clock.advance(10 * MINUTE_MS);
    expect(await groupIn(installation)).toMatchObject({ MaxSize: 20, DesiredCapacity: 15 });
    expect(installation.condition("Stalled")?.reason).toBe("ApprovalRequired");
    approve(installation);
    await installation.clock.advance(10 * MINUTE_MS);
    const { MaxSize, DesiredCapacity } = await groupIn(installation);
    expect(MaxSize).toBe(10);
    // The policy has nothing to do for so many.
    expect(DesiredCapacity).toBeLessThanOrEqual(10);
  });

  it("is left as somebody else's action has set it, also once AWS has dropped that", async () => {
    const installation = await converged();
    await onceByOthers(installation, { MinSize: 4, MaxSize: 12 });
    const calls = installation.mutations().length;
    await installation.clock.advance(3 * HOUR_MS);
    expect(await groupIn(installation)).toMatchObject({ MinSize: 4, MaxSize: 12 });
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(eventsOf(installation)).toEqual([]);
    expect(ownersIn(installation)).toMatchObject({
      minSize: {
        owner: "ScheduledAction",
        value: 4,
        declared: 2,
        why: expect.stringContaining("AWS's record"),
      },
      maxSize: { owner: "ScheduledAction", value: 12, declared: 10 },
    });
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it("is written size by size: an edit of one leaves the other to the action that set it", async () => {
    const times = { recurrence: "*/30 * * * *", minSize: 4, maxSize: 12 };
    const tier = example().withGroup("web", { scheduledActions: { day: times } });
    const installation = await converged(tier.spec());
    await installation.clock.advance(HOUR_MS);
    expect(await groupIn(installation)).toMatchObject({ MinSize: 4, MaxSize: 12 });
    const calls = installation.mutations().length;
    installation.post(tier.withGroup("web", { minSize: 3 }).spec());
    await installation.clock.advance(MINUTE_MS);
    expect(installation.mutations().slice(calls)).toEqual([UPDATE]);
    expect(await groupIn(installation)).toMatchObject({ MinSize: 3, MaxSize: 12 });
    await installation.clock.advance(HOUR_MS);
    expect(await groupIn(installation)).toMatchObject({ MinSize: 4, MaxSize: 12 });
    expect(installation.mutations().slice(calls)).toEqual([UPDATE]);
  });

  it("is not written where AWS would refuse it beside what an action has set: that is told", async () => {
    const night = { recurrence: "*/30 * * * *", minSize: 0, maxSize: 1 };
    const tier = example().withGroup("web", { scheduledActions: { night } });
    const installation = await converged(tier.spec());
    await installation.clock.advance(HOUR_MS);
    expect(await groupIn(installation)).toMatchObject({ MinSize: 0, MaxSize: 1 });
    const calls = installation.mutations().length;
    installation.post(tier.withGroup("web", { minSize: 3 }).spec());
    await installation.clock.advance(5 * MINUTE_MS);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "OutsideBand" });
    expect(installation.condition("Stalled")?.message).toContain("maxSize is 1");
  });

  it("costs no read while it is as declared", async () => {
    const installation = await converged();
    const { account, clock } = installation;
    const asked: string[] = [];
    const { call } = account;
    account.call = (...args) => {
      asked.push(`${args[0]}:${args[1]}`);
      return call(...args);
    };
    await clock.advance(HOUR_MS);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked).not.toContain("autoscaling:DescribeScheduledActions");
    expect(asked).not.toContain("autoscaling:DescribeScalingActivities");
  });
});

describe("what is told of a group", () => {
  it("is whose each of its sizes is, and why: in the status, and wherever that is shown", async () => {
    const installation = await converged();
    expect(ownersIn(installation)).toEqual({
      minSize: { field: "minSize", owner: "Spec", why: "as declared", value: 2, declared: 2 },
      maxSize: { field: "maxSize", owner: "Spec", why: "as declared", value: 10, declared: 10 },
      desiredCapacity: {
        ...{ field: "desiredCapacity", owner: "Scaling", value: 2 },
        why: "anything from 2 to 10 is scaling (cpu)'s",
      },
    });
    const left = statusOf(installation).coverage?.resources.find(({ address }) => address === GROUP);
    expect(left?.leftToOthers).toContainEqual({
      member: "desiredCapacity",
      reason: "left to others: anything from 2 to 10 is scaling (cpu)'s",
      value: 2,
    });
  });

  it("is which alarms AWS makes for a policy: derived, and counted nowhere", async () => {
    const installation = await converged();
    const { MetricAlarms = [] } = await installation.aws("cloudwatch:DescribeAlarms", {});
    const derived = MetricAlarms.map(({ AlarmName = "" }) => AlarmName)
      .filter((name) => name.startsWith("TargetTracking-"))
      .sort();
    expect(derived).toHaveLength(2);
    await installation.clock.advance(15 * MINUTE_MS);
    expect(rowOf(installation, `${GROUP}.scalingPolicies.cpu`).derived).toEqual(derived);
    const { resources, unowned = [] } = statusOf(installation);
    const shown = [...resources.map(({ name }) => name), ...unowned.map(({ id }) => id)];
    expect(derived.filter((name) => shown.includes(name))).toEqual([]);
  });

  it("is that a rule of the spec leaves a size to others", async () => {
    const rules = [{ resource: GROUP, field: "minSize", policy: "Ignore" }];
    const spec = { ...example().spec(), drift: { policy: "Correct", rules } };
    const installation = await converged(spec);
    await byHand(installation, { MinSize: 1 });
    await installation.clock.advance(10 * MINUTE_MS);
    expect(ownersIn(installation).minSize).toMatchObject({
      ...{ owner: "Others", value: 1, declared: 2, why: "spec.drift.rules[0] leaves it to them" },
    });
  });

  it("is edited, too, with an implementation of AWS's API that tells nothing of what else may set it", async () => {
    const installation = await converged();
    for (const name of ["DescribeScheduledActions", "DescribeScalingActivities"])
      addFault(installation, `autoscaling:${name}`, {
        kind: "error",
        code: "InvalidAction",
        message: "no such action",
      });
    installation.post(example().withGroup("web", { maxSize: 6 }).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    expect((await groupIn(installation)).MaxSize).toBe(6);
    expect(installation.condition("Synced")?.status).toBe("True");
  });

  it("is not written while what may have set it cannot be read", async () => {
    const installation = await converged();
    const calls = installation.mutations().length;
    addFault(installation, "autoscaling:DescribeScheduledActions", {
      kind: "error",
      code: "AccessDenied",
      message: "not allowed",
    });
    installation.post(example().withGroup("web", { maxSize: 6 }).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(installation.condition("Synced")?.status).toBe("Unknown");
  });
});
