/** A refresh that somebody else has begun: AWS refuses the same as during one of ours, and what becomes of it is theirs. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { converged, driftEvents, nameOf, somebody } from "../world.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const PUT = "autoscaling:PutWarmPool";
const GOOD = "ami-87654321";

const since = (installation: Installation, calls: number) => installation.mutations().slice(calls);
const statuses = async (installation: Installation) =>
  (
    await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
    })
  ).InstanceRefreshes.map(({ Status }) => Status);

/** To the version that runs: nothing of the group differs, so that a pass does not ask for refreshes. */
function refresh(installation: Installation, more = {}) {
  return somebody(installation, "autoscaling:StartInstanceRefresh", {
    AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
    Preferences: { CheckpointPercentages: [50, 100], CheckpointDelay: 36_000 },
    ...more,
  });
}

const ofGroup = (installation: Installation) => ({
  AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
});
const withPool = (minSize: number) => example().withGroup("web", { warmPool: { minSize } });

async function refreshed(): Promise<Installation> {
  const installation = await converged(withPool(1).spec());
  await installation.clock.advance(10 * MINUTE);
  await refresh(installation);
  await installation.clock.advance(10 * MINUTE);
  return installation;
}

describe("a refresh that somebody else has begun to the version that runs", () => {
  it("is seen before what AWS would refuse: that waits, and AWS is never asked in vain", async () => {
    const installation = await refreshed();
    const calls = installation.mutations().length;
    installation.post(withPool(2).spec());
    await installation.clock.advance(30 * MINUTE);
    expect(since(installation, calls)).toEqual([]);
    expect(installation.condition("Synced")).toMatchObject({ status: "False", reason: "RefreshActive" });
    await somebody(installation, "autoscaling:CancelInstanceRefresh", ofGroup(installation));
    await installation.clock.advance(30 * MINUTE);
    expect(since(installation, calls)).toEqual([PUT]);
    expect(installation.condition("Synced")?.status).toBe("True");
  });

  it("may be cancelled by them: there is nothing to begin anew, to reject or to call drift", async () => {
    const installation = await refreshed();
    const calls = installation.mutations().length;
    await somebody(installation, "autoscaling:CancelInstanceRefresh", ofGroup(installation));
    await installation.clock.advance(HOUR);
    expect(since(installation, calls)).toEqual([]);
    expect(installation.get().status?.rollouts).toBeUndefined();
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });

  it("may be rolled back by them: what runs is not rejected", async () => {
    const installation = await converged();
    installation.post(example().withImage(GOOD).spec());
    await installation.untilReady();
    await installation.clock.advance(10 * MINUTE);
    const { LaunchTemplates } = await somebody(installation, "ec2:DescribeLaunchTemplates", {});
    const LaunchTemplate = { LaunchTemplateId: LaunchTemplates[0]?.LaunchTemplateId, Version: "2" };
    await refresh(installation, { DesiredConfiguration: { LaunchTemplate } });
    await installation.clock.advance(10 * MINUTE);
    const calls = installation.mutations().length;
    await somebody(installation, "autoscaling:RollbackInstanceRefresh", ofGroup(installation));
    await installation.clock.advance(2 * HOUR);
    expect(await statuses(installation)).toEqual(["RollbackSuccessful", "Successful"]);
    expect(since(installation, calls)).toEqual([]);
    expect(installation.get().status?.rollouts).toMatchObject([{ state: "Succeeded", to: { version: "2" } }]);
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });

  it("is stopped for a rollout of ours, whose first call is not made in vain either", async () => {
    const installation = await refreshed();
    const calls = installation.mutations().length;
    installation.post(withPool(1).withImage(GOOD).spec());
    await installation.untilReady();
    const done = since(installation, calls).filter((one) => one.startsWith("autoscaling:"));
    expect(done).toEqual(["autoscaling:CancelInstanceRefresh", "autoscaling:StartInstanceRefresh"]);
    expect(driftEvents(installation)).toEqual([]);
  });
});
