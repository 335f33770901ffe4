/** Bringing the instances of a group to another version: once, and only where nobody is disturbed who must not be. */
import { describe, expect, it } from "vitest";
import type { Interceptor } from "../../src/simulator/faults/interceptors.ts";
import type { Installation } from "../support/installation.ts";
import { converged, type Draft, driftEvents, nameOf, somebody, specWith } from "./world.ts";

const image = (imageId: string, refresh: object = {}) =>
  specWith(({ autoScalingGroups: { web } }: Draft) => {
    web.launchTemplate.imageId = imageId;
    web.instanceRefresh = { ...(web.instanceRefresh as object | undefined), ...refresh };
  });
const SECOND = "ami-87654321";

const started = (installation: Installation) =>
  installation.mutations().filter((one) => one === "autoscaling:StartInstanceRefresh").length;

async function refreshesOf(installation: Installation) {
  const { InstanceRefreshes } = await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
    AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
  });
  return InstanceRefreshes.map(({ Status }) => Status);
}

describe("an instance refresh that ends between the read of the group and the read of its refreshes", () => {
  it("is not started a second time", async () => {
    let isUnderWay = false;
    const interceptor: Interceptor = {
      // The answer shows the group as it was when it was asked for, and the refreshes are asked for when it has come.
      after({ operation, input }) {
        isUnderWay ||= operation === "StartInstanceRefresh";
        if (!isUnderWay || operation !== "DescribeAutoScalingGroups" || !("Filters" in input))
          return undefined;
        isUnderWay = false;
        return { kind: "slow", ms: 1_200_000 };
      },
    };
    const installation = await converged(undefined, { interceptor });
    installation.post(image(SECOND));
    await installation.untilReady();
    expect(started(installation)).toBe(1);
    expect(await refreshesOf(installation)).toEqual(["Successful"]);
    expect(driftEvents(installation)).toEqual([]);
  });
});

const groupName = (installation: Installation) => nameOf(installation, "autoScalingGroups.web");

async function instancesOf(installation: Installation) {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups[0].Instances;
}

const versionsOf = async (installation: Installation) =>
  (await instancesOf(installation)).map(({ LaunchTemplate }) => LaunchTemplate.Version).sort();

async function protect(installation: Installation, isProtected = true): Promise<string> {
  const [{ InstanceId = "" } = {}] = await instancesOf(installation);
  await somebody(installation, "autoscaling:SetInstanceProtection", {
    AutoScalingGroupName: groupName(installation),
    InstanceIds: [InstanceId],
    ProtectedFromScaleIn: isProtected,
  });
  return InstanceId;
}

async function onStandby(installation: Installation): Promise<string> {
  const [{ InstanceId = "" } = {}] = await instancesOf(installation);
  await somebody(installation, "autoscaling:EnterStandby", {
    AutoScalingGroupName: groupName(installation),
    InstanceIds: [InstanceId],
    ShouldDecrementDesiredCapacity: false,
  });
  await installation.clock.advance(120_000);
  return InstanceId;
}

const stalled = (installation: Installation) => installation.condition("Stalled");
const untilStalled = (installation: Installation) =>
  installation.until(() => stalled(installation)?.status === "True", 4 * 3_600_000);

describe("a rollout over instances that AWS does not replace of its own accord", () => {
  it("is not begun while one is protected from scale-in, and asks what is to become of it", async () => {
    const installation = await converged();
    const id = await protect(installation);
    installation.post(image(SECOND));
    await untilStalled(installation);
    expect(stalled(installation)).toMatchObject({
      reason: "ProtectedInstances",
      message:
        "The rollout of the launch template is not begun, because AWS would wait an hour for what is protected from " +
        `scale-in (${id}) and then give it up. Say what is to become of it in ` +
        "spec.autoScalingGroups.web.instanceRefresh.scaleInProtectedInstances: Refresh replaces them, Ignore leaves " +
        "them at their version, Wait lets AWS wait for an hour and then give up. Or take their protection away.",
    });
    await installation.clock.advance(3 * 3_600_000);
    expect(started(installation)).toBe(0);
    expect(await versionsOf(installation)).toEqual(["1", "1"]);
    expect(installation.condition("Ready")).toMatchObject({ status: "False", reason: "ProtectedInstances" });
  });

  it("is not begun when the spec itself protects new instances", async () => {
    const protecting = specWith((spec) => {
      spec.autoScalingGroups.web.newInstancesProtectedFromScaleIn = true;
    });
    const installation = await converged(protecting);
    const next = structuredClone(protecting);
    next.autoScalingGroups.web.launchTemplate.imageId = SECOND;
    installation.post(next);
    await untilStalled(installation);
    for (const { InstanceId } of await instancesOf(installation))
      expect(stalled(installation)?.message).toContain(InstanceId);
    next.autoScalingGroups.web.instanceRefresh = { scaleInProtectedInstances: "Refresh" };
    installation.post(next);
    await installation.untilReady();
    expect(await versionsOf(installation)).toEqual(["2", "2"]);
  });

  it("keeps nothing else of the group back", async () => {
    const installation = await converged();
    await protect(installation);
    const spec = image(SECOND);
    spec.autoScalingGroups.web.maxSize = 7;
    installation.post(spec);
    await untilStalled(installation);
    const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
    expect(AutoScalingGroups[0].MaxSize).toBe(7);
  });

  it("shows in a dry run, before anything is stored", async () => {
    const installation = await converged();
    const id = await protect(installation);
    const plan = await installation.plan(image(SECOND));
    const stop = plan.rows.find(({ verb }) => verb === "stop");
    expect([stop?.key, stop?.blockedBy]).toEqual(["autoScalingGroups.web", ["ProtectedInstances"]]);
    expect(stop?.reason).toContain(id);
    expect((await installation.plan(image(SECOND, { scaleInProtectedInstances: "Refresh" }))).rows).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ verb: "stop" })]),
    );
  });

  it("goes on when the protection is taken away", async () => {
    const installation = await converged();
    await protect(installation);
    installation.post(image(SECOND));
    await untilStalled(installation);
    await protect(installation, false);
    await installation.untilReady();
    expect(await versionsOf(installation)).toEqual(["2", "2"]);
  });

  it("replaces them when the spec says Refresh, and leaves them for good when it says Ignore", async () => {
    for (const [choice, versions] of [
      ["Refresh", ["2", "2"]],
      ["Ignore", ["1", "2"]],
    ] as const) {
      const installation = await converged();
      await protect(installation);
      installation.post(image(SECOND, { scaleInProtectedInstances: choice }));
      await installation.untilReady();
      expect([choice, await versionsOf(installation)]).toEqual([choice, versions]);
      await installation.clock.advance(2 * 3_600_000);
      expect([choice, started(installation), driftEvents(installation)]).toEqual([choice, 1, []]);
      expect(installation.condition("Ready")?.status).toBe("True");
    }
  });

  it("is passed on when the spec says Wait: AWS waits, the status says for whom, and AWS gives up", async () => {
    const installation = await converged();
    const id = await protect(installation);
    installation.post(image(SECOND, { scaleInProtectedInstances: "Wait" }));
    await installation.until(() => installation.condition("Synced")?.reason === "Provisioning");
    await installation.clock.advance(300_000);
    expect(installation.condition("Synced")?.message).toContain(
      `AWS waits up to an hour for ${id}, protected from scale-in`,
    );
    await untilStalled(installation);
    expect(stalled(installation)?.reason).toBe("RollingBack");
    // The same is not tried again; told otherwise, it is.
    installation.post(image(SECOND, { scaleInProtectedInstances: "Refresh" }));
    await installation.untilReady();
    expect(await versionsOf(installation)).toEqual(["2", "2"]);
  });

  it("asks in the same way for instances on standby", async () => {
    const installation = await converged();
    const id = await onStandby(installation);
    installation.post(image(SECOND));
    await untilStalled(installation);
    expect(stalled(installation)).toMatchObject({ reason: "StandbyInstances" });
    expect(stalled(installation)?.message).toContain(`on standby (${id})`);
    expect(stalled(installation)?.message).toContain("instanceRefresh.standbyInstances: Terminate");
    installation.post(image(SECOND, { standbyInstances: "Terminate" }));
    await installation.until(() => stalled(installation)?.status === "False");
    await installation.until(() => installation.condition("Synced")?.status === "True", 2 * 3_600_000);
    expect(new Set(await versionsOf(installation))).toEqual(new Set(["2"]));
  });
});

describe("the end of a rollout", () => {
  it("is told within seconds, also while old instances are on their way out", async () => {
    const newFirst = { minHealthyPercentage: 100, maxHealthyPercentage: 200, instanceWarmup: 0 };
    const slowly = (imageId: string) => {
      const spec = image(imageId, newFirst);
      spec.targetGroups.web.attributes = { "deregistration_delay.timeout_seconds": 300 };
      return spec;
    };
    const installation = await converged(slowly("ami-12345678"), { resyncMs: 600_000 });
    installation.post(slowly(SECOND));
    await installation.until(() => installation.get().status?.rollouts?.[0]?.state === "Succeeded");
    const { InstanceRefreshes = [] } = await installation.aws("autoscaling:DescribeInstanceRefreshes", {
      AutoScalingGroupName: groupName(installation),
    });
    const states = (await instancesOf(installation)).map(({ LifecycleState }) => LifecycleState);
    expect(states).toContain("Terminating");
    expect(installation.clock.nowMs() - InstanceRefreshes[0]!.EndTime!.getTime()).toBeLessThan(15_000);
  });
});
