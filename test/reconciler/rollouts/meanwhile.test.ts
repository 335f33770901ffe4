/** What else happens while a rollout is under way: at a checkpoint, while it bakes, while it goes back. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import { type Installation, WEB_API } from "../../support/installation.ts";
import { converged, driftEvents, nameOf, somebody } from "../world.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const GOOD = "ami-87654321";
const BAD = "ami-0bad0bad";

const slow = example().withGroup("web", {
  minSize: 2,
  maxSize: 8,
  instanceRefresh: { checkpointPercentages: [50, 100], checkpointDelay: 3_600, bakeTime: 3_600 },
});
const since = (installation: Installation, calls: number) => installation.mutations().slice(calls);
const rollouts = (installation: Installation) => installation.get().status?.rollouts ?? [];

async function statuses(installation: Installation, address = "autoScalingGroups.web"): Promise<string[]> {
  const { InstanceRefreshes } = await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
    AutoScalingGroupName: nameOf(installation, address),
  });
  return InstanceRefreshes.map(({ Status }) => Status);
}

/** Half of the instances are replaced, and AWS waits. */
async function atCheckpoint(spec = slow): Promise<Installation> {
  const installation = await converged(spec.spec());
  installation.post(spec.withImage(GOOD).spec());
  await installation.until(() => rollouts(installation)[0]?.percentageComplete === 50, HOUR);
  await installation.clock.advance(10 * MINUTE);
  return installation;
}

describe("a rollout at a checkpoint", () => {
  it("goes on when something else is edited, and is left for another content at once", async () => {
    const installation = await atCheckpoint();
    let calls = installation.mutations().length;
    installation.post(slow.withImage(GOOD).withGroup("web", { maxSize: 9 }).spec());
    await installation.clock.advance(5 * MINUTE);
    expect(since(installation, calls)).toEqual(["autoscaling:UpdateAutoScalingGroup"]);
    expect(await statuses(installation)).toEqual(["InProgress"]);
    calls = installation.mutations().length;
    const third = slow.withImage(GOOD).withGroup("web", { maxSize: 9 });
    installation.post(
      third.withLaunchTemplate({ imageId: GOOD, userData: "#!/bin/sh\necho third\n" }).spec(),
    );
    await installation.clock.advance(10 * MINUTE);
    expect(await statuses(installation)).toEqual(["InProgress", "Cancelled"]);
    await installation.clock.advance(6 * HOUR);
    expect(rollouts(installation)).toMatchObject([{ state: "Succeeded", to: { version: "3" } }]);
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });

  it("goes with its service when that is deleted", async () => {
    const installation = await atCheckpoint();
    installation.remove();
    await installation.clock.advance(2 * HOUR);
    expect(installation.store.get(WEB_API)).toBeUndefined();
    expect(installation.store.rollouts(WEB_API)).toEqual([]);
  });

  it("is not disturbed by a scheduled action that fires, whose sizes are left", async () => {
    const up = { recurrence: "*/30 * * * *", timeZone: "Etc/UTC", minSize: 4, maxSize: 8 };
    const scheduled = slow.withGroup("web", { scheduledActions: { up } });
    const installation = await converged(scheduled.spec());
    const calls = installation.mutations().length;
    installation.post(scheduled.withImage(GOOD).spec());
    await installation.clock.advance(6 * HOUR);
    expect(since(installation, calls)).toEqual([
      "ec2:CreateLaunchTemplateVersion",
      "ec2:ModifyLaunchTemplate",
      "autoscaling:StartInstanceRefresh",
    ]);
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });
});

describe("a rollout that bakes", () => {
  it.each([
    ["crashes", { lost: false }],
    ["loses its database", { lost: true }],
  ])("is followed to its end by a daemon that %s, and is not begun twice", async (_what, { lost }) => {
    const installation = await converged(slow.spec());
    installation.post(slow.withImage(GOOD).spec());
    const isBaking = () => installation.condition("Synced")?.message.includes("Baking") === true;
    await installation.until(isBaking, 6 * HOUR);
    installation.crash();
    await installation.clock.advance(MINUTE);
    await installation.restart({ lost });
    if (lost) installation.post(slow.withImage(GOOD).spec());
    const calls = installation.mutations().length;
    await installation.clock.advance(3 * HOUR);
    expect(since(installation, calls)).toEqual([]);
    expect(await statuses(installation)).toEqual(["Successful"]);
    expect(rollouts(installation)).toMatchObject([{ state: "Succeeded", to: { version: "2" } }]);
    expect(installation.condition("Ready")?.status).toBe("True");
  });
});

describe("a rollout that fails", () => {
  it.each(["RollingBack", "RolloutRolledBack"])(
    "goes with its service that is deleted at %s",
    async (reason) => {
      const installation = await converged();
      installation.post(example().withImage(BAD).spec());
      await installation.until(() => installation.condition("Stalled")?.reason === reason, 6 * HOUR);
      installation.remove();
      await installation.clock.advance(2 * HOUR);
      expect(installation.store.get(WEB_API)).toBeUndefined();
    },
  );
});

describe("two groups of a service", () => {
  const template = (imageId: string) => ({ launchTemplate: { imageId, instanceType: "t3.small" } });
  const both = example()
    .withTargetGroup("api", { port: 9090 })
    .withRule("v2", { action: { forward: { targetGroup: "api" } } })
    .withGroup("api", { minSize: 2, maxSize: 4, targetGroups: ["api"], ...template("ami-12345678") });

  it("roll out by themselves: the one that fails goes back, and the other goes on", async () => {
    const installation = await converged(both.spec());
    installation.post(both.withImage(BAD).withGroup("api", template(GOOD)).spec());
    await installation.clock.advance(4 * HOUR);
    const states = Object.fromEntries(
      rollouts(installation).map(({ autoScalingGroup, state }) => [autoScalingGroup, state]),
    );
    expect(states).toEqual({
      "autoScalingGroups.web": "RolledBack",
      "autoScalingGroups.api": "Succeeded",
    });
    const stalled = installation.condition("Stalled");
    expect(stalled?.reason).toBe("RolloutRolledBack");
    expect(stalled?.message).toContain("autoScalingGroups.web");
    expect(stalled?.message).not.toContain("autoScalingGroups.api");
    expect(installation.condition("Healthy")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });
});

describe("a group that another one is to take the place of", () => {
  it("at a checkpoint of its rollout goes once its successor serves, with what was to be rolled out", async () => {
    const installation = await atCheckpoint();
    installation.post(slow.withImage(GOOD).withGroup("web", { name: "successor" }).spec());
    await installation.clock.advance(4 * HOUR);
    const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
    expect(AutoScalingGroups).toMatchObject([
      { AutoScalingGroupName: "successor", LaunchTemplate: { Version: "2" } },
    ]);
    const versions = AutoScalingGroups[0].Instances.map(
      (instance: { LaunchTemplate: { Version: string } }) => instance.LaunchTemplate.Version,
    );
    expect(versions).toEqual(["2", "2"]);
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });
});
