import type * as asg from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import type { Lab } from "../support.ts";
import { ask, group, groupLab, HOUR, inService, instances, MINUTE, type WebLab, webLab } from "./support.ts";

const TO_VERSION_2 = { LaunchTemplate: { LaunchTemplateName: "web", Version: "2" } };
const IMAGES = ["ami-12345678", "ami-87654321"];

async function start(lab: Lab, input: Partial<asg.StartInstanceRefreshType> = {}): Promise<string> {
  const answer = await ask<asg.StartInstanceRefreshAnswer>(lab, "StartInstanceRefresh", {
    DesiredConfiguration: TO_VERSION_2,
    ...input,
    Preferences: { InstanceWarmup: 30, ...input.Preferences },
  });
  return answer.InstanceRefreshId!;
}

async function refresh(lab: Lab): Promise<asg.InstanceRefresh> {
  const answer = await ask<asg.DescribeInstanceRefreshesAnswer>(lab, "DescribeInstanceRefreshes");
  return answer.InstanceRefreshes![0]!;
}

async function versions(lab: Lab): Promise<string[]> {
  return (await instances(lab))
    .filter((one) => one.LifecycleState === "InService")
    .map((one) => one.LaunchTemplate?.Version ?? "");
}

/** Steps of ten seconds until the refresh is over; the least and most that were in service, and all there were. */
async function watch(lab: Lab, limitMs: number): Promise<{ least: number; most: number; status: string }> {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let passedMs = 0; passedMs < limitMs; passedMs += 10_000) {
    await lab.clock.advance(10_000);
    const all = await instances(lab);
    least = Math.min(least, all.filter((one) => one.LifecycleState === "InService").length);
    most = Math.max(most, all.filter((one) => one.LifecycleState !== "Terminating").length);
    const { EndTime, Status } = await refresh(lab);
    if (EndTime !== undefined) return { least, most, status: Status! };
  }
  return { least, most, status: (await refresh(lab)).Status! };
}

describe("an instance refresh", () => {
  it("replaces all instances, and the group takes the template over only at the end", async () => {
    const lab = await groupLab({ MinSize: 4 }, IMAGES);
    const before = await inService(lab);
    await start(lab, { Preferences: { MinHealthyPercentage: 50 } });
    expect((await refresh(lab)).Status).toBe("Pending");
    await lab.clock.advance(MINUTE);
    expect(await refresh(lab)).toMatchObject({ Status: "InProgress" });
    expect((await group(lab)).LaunchTemplate?.Version).toBe("1");
    const { least, most, status } = await watch(lab, HOUR);
    expect({ status, least, most }).toEqual({ status: "Successful", least: 2, most: 4 });
    expect(await refresh(lab)).toMatchObject({ PercentageComplete: 100, InstancesToUpdate: 0 });
    expect((await group(lab)).LaunchTemplate?.Version).toBe("2");
    expect(await versions(lab)).toEqual(["2", "2", "2", "2"]);
    expect((await inService(lab)).some((id) => before.includes(id))).toBe(false);
  });

  it("replaces one at a time when the minimum leaves no room", async () => {
    const lab = await groupLab({}, IMAGES);
    await start(lab, { Preferences: { MinHealthyPercentage: 90 } });
    expect(await watch(lab, HOUR)).toEqual({ least: 1, most: 2, status: "Successful" });
  });

  it("launches first, and never falls below the minimum, when a maximum is set", async () => {
    const lab = await webLab({ MinSize: 4 }, IMAGES);
    await start(lab, { Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 } });
    expect(await watch(lab, 2 * HOUR)).toEqual({ least: 4, most: 6, status: "Successful" });
    await lab.clock.advance(10 * MINUTE);
    expect(await versions(lab)).toEqual(["2", "2", "2", "2"]);
  });

  it("goes one over the desired capacity when the bounds leave no other way", async () => {
    const lab = await groupLab({}, IMAGES);
    await start(lab, { Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 100 } });
    expect(await watch(lab, HOUR)).toEqual({ least: 2, most: 3, status: "Successful" });
  });

  it("is over at once when all instances match and matching ones are skipped", async () => {
    const lab = await groupLab({}, IMAGES);
    const before = await inService(lab);
    await start(lab, {
      DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: "web", Version: "1" } },
      Preferences: { SkipMatching: true },
    });
    await lab.clock.advance(10_000);
    expect(await refresh(lab)).toMatchObject({ Status: "Successful", PercentageComplete: 100 });
    expect(await inService(lab)).toEqual(before);
  });

  it("launches what a scale-out adds from the desired configuration", async () => {
    const lab = await groupLab({ MinSize: 2 }, IMAGES);
    await start(lab, { Preferences: { InstanceWarmup: 1_200 } });
    await lab.clock.advance(10_000);
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 4 });
    await lab.clock.advance(3 * MINUTE);
    expect((await versions(lab)).filter((version) => version === "2")).toHaveLength(3);
  });

  it("is the only one, and keeps target groups from being attached", async () => {
    const lab = await webLab({ TargetGroupARNs: [] }, IMAGES);
    await start(lab);
    const web = { AutoScalingGroupName: "web" };
    expect(await lab.refusal("autoscaling:StartInstanceRefresh", web)).toBe("InstanceRefreshInProgress");
    expect(
      await lab.refusal("autoscaling:AttachLoadBalancerTargetGroups", {
        ...web,
        TargetGroupARNs: [lab.targetGroup],
      }),
    ).toBe("InstanceRefreshInProgress");
    expect(
      await lab.refusal("autoscaling:UpdateAutoScalingGroup", {
        ...web,
        LaunchTemplate: { LaunchTemplateName: "web", Version: "1" },
      }),
    ).toBe("ValidationError");
  });

  it("pauses while suspended and at checkpoints", async () => {
    const lab = await groupLab({ MinSize: 4 }, IMAGES);
    await start(lab, {
      Preferences: { MinHealthyPercentage: 50, CheckpointPercentages: [50, 100], CheckpointDelay: 1_800 },
    });
    await lab.clock.advance(15 * MINUTE);
    expect(await refresh(lab)).toMatchObject({ Status: "InProgress", PercentageComplete: 50 });
    expect((await versions(lab)).sort()).toEqual(["1", "1", "2", "2"]);
    await ask(lab, "SuspendProcesses", { ScalingProcesses: ["InstanceRefresh"] });
    await lab.clock.advance(30 * MINUTE);
    expect((await versions(lab)).sort()).toEqual(["1", "1", "2", "2"]);
    await ask(lab, "ResumeProcesses");
    expect((await watch(lab, HOUR)).status).toBe("Successful");
  });

  it("waits for protected instances unless told to replace them", async () => {
    const lab = await groupLab({ NewInstancesProtectedFromScaleIn: true }, IMAGES);
    await start(lab);
    await lab.clock.advance(30 * MINUTE);
    expect(await versions(lab)).toEqual(["1", "1"]);
    await lab.clock.advance(HOUR);
    expect((await refresh(lab)).Status).toBe("Failed");
    await start(lab, { Preferences: { ScaleInProtectedInstances: "Refresh" } });
    expect((await watch(lab, HOUR)).status).toBe("Successful");
  });
});

describe("a refresh that goes wrong", () => {
  const bad = (input: Partial<asg.CreateAutoScalingGroupType> = {}): Promise<WebLab> =>
    webLab({ MinSize: 3, HealthCheckGracePeriod: 60, ...input }, ["ami-12345678", "ami-0bad0bad"]);

  it("fails after an hour without progress, with the healthy instances kept", async () => {
    const lab = await bad();
    await start(lab, { Preferences: { MinHealthyPercentage: 66 } });
    const { status, least } = await watch(lab, 3 * HOUR);
    expect(status).toBe("Failed");
    expect(least).toBeGreaterThanOrEqual(1);
    expect(await refresh(lab)).toMatchObject({
      StatusReason: "Instance refresh made no progress for one hour.",
    });
    expect((await group(lab)).LaunchTemplate?.Version).toBe("1");
    expect((await versions(lab)).filter((version) => version === "1").length).toBeGreaterThanOrEqual(2);
  });

  it("rolls itself back when asked to", async () => {
    const lab = await bad();
    await start(lab, { Preferences: { AutoRollback: true } });
    const { status } = await watch(lab, 4 * HOUR);
    expect(status).toBe("RollbackSuccessful");
    expect((await refresh(lab)).RollbackDetails?.RollbackReason).toContain("no progress");
    expect(await versions(lab)).toEqual(["1", "1", "1"]);
    expect((await group(lab)).LaunchTemplate?.Version).toBe("1");
  });

  it("is rolled back by its user", async () => {
    const lab = await groupLab({ MinSize: 4 }, IMAGES);
    await start(lab, { Preferences: { MinHealthyPercentage: 50, InstanceWarmup: 300 } });
    await lab.clock.advance(4 * MINUTE);
    expect(await versions(lab)).toContain("2");
    await ask(lab, "RollbackInstanceRefresh");
    expect((await refresh(lab)).Status).toBe("RollbackInProgress");
    expect((await watch(lab, 2 * HOUR)).status).toBe("RollbackSuccessful");
    expect(await versions(lab)).toEqual(["1", "1", "1", "1"]);
  });

  it("is cancelled without undoing what it has done", async () => {
    const lab = await groupLab({ MinSize: 4 }, IMAGES);
    const id = await start(lab, { Preferences: { MinHealthyPercentage: 75, InstanceWarmup: 300 } });
    await lab.clock.advance(3 * MINUTE);
    expect(await ask(lab, "CancelInstanceRefresh")).toEqual({ InstanceRefreshId: id });
    expect((await watch(lab, HOUR)).status).toBe("Cancelled");
    expect((await versions(lab)).sort()).toEqual(["1", "1", "1", "2"]);
    const web = { AutoScalingGroupName: "web" };
    expect(await lab.refusal("autoscaling:CancelInstanceRefresh", web)).toBe("ActiveInstanceRefreshNotFound");
    expect(await lab.refusal("autoscaling:RollbackInstanceRefresh", web)).toBe(
      "ActiveInstanceRefreshNotFound",
    );
  });

  it("cannot be rolled back to or from a version that is not a number", async () => {
    const lab = await groupLab({ LaunchTemplate: { LaunchTemplateName: "web", Version: "$Latest" } }, IMAGES);
    const web = { AutoScalingGroupName: "web" };
    expect(
      await lab.refusal("autoscaling:StartInstanceRefresh", {
        ...web,
        DesiredConfiguration: TO_VERSION_2,
        Preferences: { AutoRollback: true },
      }),
    ).toBe("ValidationError");
    await start(lab);
    expect(await lab.refusal("autoscaling:RollbackInstanceRefresh", web)).toBe("IrreversibleInstanceRefresh");
  });

  it("cannot be rolled back to an image that each launch looks up", async () => {
    const lab = await groupLab({}, ["resolve:ssm:/golden/web", "ami-87654321"]);
    const refused = await lab.refusal("autoscaling:StartInstanceRefresh", {
      AutoScalingGroupName: "web",
      DesiredConfiguration: TO_VERSION_2,
      Preferences: { AutoRollback: true },
    });
    expect(refused).toBe("ValidationError");
    await start(lab);
    expect(await lab.refusal("autoscaling:RollbackInstanceRefresh", { AutoScalingGroupName: "web" })).toBe(
      "IrreversibleInstanceRefresh",
    );
  });

  it("tells of a rollback how much is left of it, and what it had not come to", async () => {
    const lab = await groupLab({ MinSize: 4 }, IMAGES);
    await start(lab, {
      Preferences: { MinHealthyPercentage: 50, CheckpointPercentages: [50, 100] },
    });
    await lab.clock.advance(15 * MINUTE);
    const before = await refresh(lab);
    expect(before.PercentageComplete).toBe(50);
    await ask(lab, "RollbackInstanceRefresh");
    expect(await refresh(lab)).toMatchObject({ InstancesToUpdate: before.InstancesToUpdate });
    const seen: number[] = [];
    for (let step = 0; step < 90; step += 1) {
      await lab.clock.advance(10_000);
      seen.push((await refresh(lab)).PercentageComplete!);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
    expect(await refresh(lab)).toMatchObject({ Status: "RollbackSuccessful", PercentageComplete: 0 });
  });

  it.each([
    { MinHealthyPercentage: 50, CheckpointPercentages: [50, 100] },
    { MinHealthyPercentage: 0, BakeTime: 7_200 },
  ])("fails when an alarm rings, also while it waits or bakes: %o", async (preferences) => {
    const lab = await groupLab({ MinSize: 2 }, IMAGES);
    await start(lab, { Preferences: { ...preferences, AlarmSpecification: { Alarms: ["errors"] } } });
    await lab.clock.advance(15 * MINUTE);
    expect(["InProgress", "Baking"]).toContain((await refresh(lab)).Status);
    await lab.call("cloudwatch:PutMetricAlarm", {
      AlarmName: "errors",
      Namespace: "Shop",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "breaching",
    });
    await lab.clock.advance(5 * MINUTE);
    expect(await refresh(lab)).toMatchObject({ Status: "Failed" });
    expect((await refresh(lab)).StatusReason).toContain("errors");
  });

  it.each([
    [{ MinHealthyPercentage: 101 }],
    [{ MaxHealthyPercentage: 150 }],
    [{ MinHealthyPercentage: 0, MaxHealthyPercentage: 150 }],
    [{ CheckpointPercentages: [50, 20] }],
    [{ CheckpointDelay: 10 }],
  ])("does not begin with %o", async (Preferences) => {
    const lab = await groupLab({ MinSize: 0 }, IMAGES);
    const refused = await lab.refusal("autoscaling:StartInstanceRefresh", {
      AutoScalingGroupName: "web",
      Preferences,
    });
    expect(refused).toBe("ValidationError");
  });
});
