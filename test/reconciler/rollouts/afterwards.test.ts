/** What has failed, and what becomes of its group afterwards. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { addFault, converged, driftEvents, nameOf, somebody } from "../world.ts";

const HOUR = 3_600_000;
const BAD = "ami-0bad0bad";
const GOOD = "ami-87654321";

const START = "autoscaling:StartInstanceRefresh";

const since = (installation: Installation, calls: number) => installation.mutations().slice(calls);
const stalled = (installation: Installation) => installation.condition("Stalled");

async function groupOf(installation: Installation) {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups[0];
}

async function refreshesOf(installation: Installation): Promise<string[]> {
  const { InstanceRefreshes } = await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
    AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
  });
  return InstanceRefreshes.map(({ Status }) => Status);
}

/** After the rollout of a bad image has been rolled back. */
async function rolledBack(options = {}): Promise<Installation> {
  const installation = await converged(example().spec(), options);
  installation.post(example().withImage(BAD).spec());
  await installation.until(() => stalled(installation)?.reason === "RolloutRolledBack", 6 * HOUR);
  await installation.clock.advance(120_000);
  return installation;
}

describe("a content that has failed", () => {
  it("is not what a group begins with that somebody has deleted", async () => {
    const named: string[] = [];
    const installation = await rolledBack({
      interceptor: {
        before({ operation, input }: { operation: string; input: { LaunchTemplate?: { Version: string } } }) {
          if (operation === "CreateAutoScalingGroup") named.push(input.LaunchTemplate?.Version ?? "");
          return undefined;
        },
      },
    });
    await somebody(installation, "autoscaling:DeleteAutoScalingGroup", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
      ForceDelete: true,
    });
    await installation.clock.advance(HOUR);
    expect(named).toEqual(["1", "1"]);
    expect(await groupOf(installation)).toMatchObject({ LaunchTemplate: { Version: "1" } });
    expect(stalled(installation)?.reason).toBe("RolloutRolledBack");
  });

  it("leaves a group alone that has nobody to replace, and has got another version since", async () => {
    const installation = await rolledBack();
    const empty = example().withGroup("web", { minSize: 0, maxSize: 0 });
    installation.post(empty.withImage(BAD).spec());
    await installation.clock.advance(HOUR);
    installation.post(empty.withImage(GOOD).spec());
    await installation.clock.advance(HOUR);
    expect(await groupOf(installation)).toMatchObject({ LaunchTemplate: { Version: "3" } });
    const calls = installation.mutations().length;
    installation.post(empty.withImage(BAD).spec());
    await installation.clock.advance(HOUR);
    expect(since(installation, calls)).toEqual(["ec2:ModifyLaunchTemplate"]);
    expect(await groupOf(installation)).toMatchObject({ LaunchTemplate: { Version: "3" } });
    expect(stalled(installation)?.message).toContain("version 3 (ami-87654321");
  });

  it("is nothing to a group of the same name that was made later, with a template of its own", async () => {
    const installation = await rolledBack();
    const good = example().withImage(GOOD).spec();
    const { web } = good.autoScalingGroups as { web: object };
    installation.post({ ...good, autoScalingGroups: { app: web } });
    await installation.untilReady();
    const bad = example().withImage(BAD).spec().autoScalingGroups as { web: object };
    installation.post({ ...good, autoScalingGroups: { app: web, ...bad } });
    const calls = installation.mutations().length;
    await installation.clock.advance(HOUR);
    const done = since(installation, calls);
    expect(done).toContain("autoscaling:CreateAutoScalingGroup");
    expect(done).not.toContain("autoscaling:StartInstanceRefresh");
    expect(done).not.toContain("autoscaling:UpdateAutoScalingGroup");
    expect(stalled(installation)?.reason).not.toBe("RolloutRolledBack");
    expect(driftEvents(installation)).toEqual([]);
  });

  it("is tried again when a person asks, also where the call that begins it has not arrived", async () => {
    const installation = await rolledBack();
    installation.post(example().spec());
    await installation.untilReady();
    const lost = { kind: "lost", afterMs: 1_000 } as const;
    addFault(installation, START, lost, { times: 1 }, "before");
    const calls = installation.mutations().length;
    installation.annotate({ "holdfast.dev/rollout-requested-at": "now" });
    installation.post(example().withImage(BAD).spec());
    installation.annotate({ "holdfast.dev/rollout-requested-at": "now" });
    await installation.clock.advance(4 * HOUR);
    const InstanceRefreshes = await refreshesOf(installation);
    expect(InstanceRefreshes).toEqual(["RollbackSuccessful", "RollbackSuccessful"]);
    expect(since(installation, calls).filter((one) => one === START).length).toBeLessThanOrEqual(2);
  });

  it("is not begun over and over where it is what ran before, and is tried again once it is asked for", async () => {
    const slow = example().withGroup("web", {
      minSize: 4,
      instanceRefresh: { checkpointPercentages: [50, 100], checkpointDelay: 7_200 },
    });
    const installation = await converged(slow.spec());
    installation.post(slow.withImage(GOOD).spec());
    await installation.clock.advance(HOUR);
    const hook = {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
      LifecycleHookName: "nobody-answers",
    };
    installation.post(slow.spec());
    await installation.clock.advance(60_000);
    await somebody(installation, "autoscaling:PutLifecycleHook", {
      ...hook,
      LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      HeartbeatTimeout: 7_200,
    });
    await installation.clock.advance(6 * HOUR);
    expect((await refreshesOf(installation)).length).toBe(2);
    expect(stalled(installation)).toMatchObject({ status: "True", reason: "InstanceRefreshFailed" });
    expect(stalled(installation)?.message).toContain("nothing else to go back to");
    await somebody(installation, "autoscaling:DeleteLifecycleHook", hook);
    installation.annotate({ "holdfast.dev/rollout-requested-at": "now" });
    await installation.until(() => installation.condition("Ready")?.status === "True", 24 * HOUR);
    expect((await refreshesOf(installation)).length).toBe(3);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("that runs everywhere since is rejected no more: an older copy of the database does not bring back what ran before", async () => {
    const installation = await converged();
    const key = { namespace: "default", name: "web-api" };
    installation.post(example().withImage(GOOD).spec());
    await installation.until(() => installation.store.rollouts(key)[0]?.percentageComplete === 50, HOUR);
    await somebody(installation, "autoscaling:RollbackInstanceRefresh", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
    });
    await installation.until(() => stalled(installation)?.reason === "RolloutRolledBack", 6 * HOUR);
    const [older] = installation.store.rollouts(key);
    expect(older).toMatchObject({ state: "RolledBack" });
    installation.annotate({ "holdfast.dev/rollout-requested-at": "now" });
    await installation.untilReady();
    expect(installation.store.rollouts(key)).toMatchObject([{ state: "Succeeded" }]);
    if (older !== undefined) installation.store.putRollout(key, older);
    const calls = installation.mutations().length;
    await installation.restart();
    await installation.clock.advance(2 * HOUR);
    expect(since(installation, calls)).toEqual([]);
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });

  it.each([
    ["the template", "ec2:DeleteLaunchTemplate", {}],
    ["the version", "ec2:DeleteLaunchTemplateVersions", { Versions: ["1"] }],
  ] as const)(
    "tells what to do where somebody has deleted %s that ran before, and goes on once that is done",
    async (_what, operation, more) => {
      const installation = await rolledBack();
      const { LaunchTemplates } = await somebody(installation, "ec2:DescribeLaunchTemplates", {});
      const { LaunchTemplateId } = LaunchTemplates[0] ?? {};
      await somebody(installation, operation, { LaunchTemplateId, ...more });
      const calls = installation.mutations().length;
      await installation.clock.advance(HOUR);
      expect(since(installation, calls).filter((one) => one.startsWith("autoscaling:"))).toEqual([]);
      expect(stalled(installation)).toMatchObject({ status: "True", reason: "LaunchTemplateGone" });
      const { message = "" } = stalled(installation) ?? {};
      expect(message).toContain(`version 1 (ami-12345678, user data sha256:`);
      expect(message).toContain(`of ${LaunchTemplateId}, which ran before`);
      expect(message).toContain("version 2 (ami-0bad0bad");
      expect(message).toContain("AWS launches no instance for autoScalingGroups.web");
      expect(message).toContain("Post the spec with the launch template as it was");
      installation.post(example().spec());
      await installation.untilReady();
      const { Instances, LaunchTemplate } = (await groupOf(installation)) ?? {};
      expect(Instances?.map((one) => one.LaunchTemplate.Version)).toEqual(
        Instances?.map(() => (LaunchTemplate as { Version: string }).Version),
      );
      expect(stalled(installation)?.status).toBe("False");
    },
  );
});
