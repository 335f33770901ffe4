import type * as asg from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import type { Lab } from "../../support.ts";
import { ask, group, groupLab, HOUR, instances, MINUTE } from "../support.ts";
import { mixedLab, OWN, policyOf } from "./support.ts";

const IMAGES = ["ami-12345678", "ami-87654321"];
const update = (lab: Lab, MixedInstancesPolicy: asg.MixedInstancesPolicy): Promise<object> =>
  ask(lab, "UpdateAutoScalingGroup", { MixedInstancesPolicy });
const policy = async (lab: Lab): Promise<asg.MixedInstancesPolicy | undefined> =>
  (await group(lab)).MixedInstancesPolicy;

async function refreshed(
  lab: Lab,
  input: Partial<asg.StartInstanceRefreshType>,
  waitMs = HOUR,
): Promise<asg.InstanceRefresh> {
  await ask(lab, "StartInstanceRefresh", {
    ...input,
    Preferences: { InstanceWarmup: 0, MinHealthyPercentage: 0, ...input.Preferences },
  });
  await lab.clock.advance(waitMs);
  const answer = await ask<asg.DescribeInstanceRefreshesAnswer>(lab, "DescribeInstanceRefreshes");
  return answer.InstanceRefreshes![0]!;
}

describe("a mixed instances policy", () => {
  it("is shown with AWS's defaults in place of the launch template", async () => {
    const lab = await mixedLab(policyOf(["t3.medium", "t3.large"]));
    const shown = await group(lab);
    expect(shown.LaunchTemplate).toBeUndefined();
    expect(shown.MixedInstancesPolicy).toMatchObject({
      LaunchTemplate: {
        LaunchTemplateSpecification: { ...OWN, LaunchTemplateId: expect.stringMatching(/^lt-/) },
        Overrides: [{ InstanceType: "t3.medium" }, { InstanceType: "t3.large" }],
      },
      InstancesDistribution: {
        OnDemandAllocationStrategy: "prioritized",
        OnDemandBaseCapacity: 0,
        OnDemandPercentageAboveBaseCapacity: 100,
        SpotAllocationStrategy: "lowest-price",
        SpotInstancePools: 2,
      },
    });
  });

  it("has other defaults for types chosen by what they have, and no pools with other strategies", async () => {
    const requirements = { VCpuCount: { Min: 2 }, MemoryMiB: { Min: 4_096 } };
    const lab = await mixedLab(
      policyOf([{ InstanceRequirements: requirements }], { SpotAllocationStrategy: "capacity-optimized" }),
      { DesiredCapacityType: "vcpu" },
    );
    const shown = await group(lab);
    expect(shown.DesiredCapacityType).toBe("vcpu");
    expect(shown.MixedInstancesPolicy?.LaunchTemplate?.Overrides).toMatchObject([
      { InstanceRequirements: requirements },
    ]);
    expect(shown.MixedInstancesPolicy?.InstancesDistribution).toEqual({
      OnDemandAllocationStrategy: "lowest-price",
      OnDemandBaseCapacity: 0,
      OnDemandPercentageAboveBaseCapacity: 100,
      SpotAllocationStrategy: "capacity-optimized",
    });
  });

  it("is changed by what an update names, and keeps the rest", async () => {
    const lab = await mixedLab(policyOf(["t3.medium"], { OnDemandBaseCapacity: 1, SpotMaxPrice: "0.05" }));
    await update(lab, { LaunchTemplate: { Overrides: [{ InstanceType: "t3.large" }] } });
    await update(lab, {
      InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 50, SpotMaxPrice: "" },
    });
    expect(await policy(lab)).toMatchObject({
      LaunchTemplate: { LaunchTemplateSpecification: OWN, Overrides: [{ InstanceType: "t3.large" }] },
      InstancesDistribution: { OnDemandBaseCapacity: 1, OnDemandPercentageAboveBaseCapacity: 50 },
    });
    expect((await policy(lab))?.InstancesDistribution?.SpotMaxPrice).toBeUndefined();
    await update(lab, { InstancesDistribution: { SpotAllocationStrategy: "price-capacity-optimized" } });
    expect((await policy(lab))?.InstancesDistribution?.SpotInstancePools).toBeUndefined();
  });

  it("takes the place of a launch template, and a launch template its place", async () => {
    const lab = await groupLab();
    await update(lab, policyOf(["t3.large"]));
    expect((await group(lab)).LaunchTemplate).toBeUndefined();
    await ask(lab, "UpdateAutoScalingGroup", { LaunchTemplate: OWN });
    expect(await group(lab)).toMatchObject({ LaunchTemplate: OWN });
    expect(await policy(lab)).toBeUndefined();
  });

  it("has templates that a launch would take with each of its types", async () => {
    const lab = await groupLab();
    const wrong = policyOf(["t3.medium", "t4g.medium"]);
    await expect(update(lab, wrong)).rejects.toThrow("You must use a valid fully-formed launch template");
  });
});

describe("a refresh with a mixed instances policy", () => {
  it("gives the group the policy at its end, with defaults for what the policy leaves out", async () => {
    const lab = await mixedLab(policyOf(["t3.medium"], { OnDemandBaseCapacity: 2 }));
    const desired = { MixedInstancesPolicy: policyOf(["t3.large"]) };
    const refresh = await refreshed(lab, { DesiredConfiguration: desired });
    expect(refresh).toMatchObject({ Status: "Successful", DesiredConfiguration: desired });
    expect((await instances(lab)).map((one) => one.InstanceType)).toEqual(["t3.large", "t3.large"]);
    expect(await policy(lab)).toMatchObject({
      LaunchTemplate: { Overrides: [{ InstanceType: "t3.large" }] },
      InstancesDistribution: { OnDemandBaseCapacity: 0 },
    });
  });

  it("skips what has the version and a type of the desired configuration", async () => {
    const lab = await mixedLab(policyOf(["t3.medium"]), {}, IMAGES);
    const before = await instances(lab);
    const skipping = { Preferences: { SkipMatching: true } };
    await refreshed(lab, {
      DesiredConfiguration: { MixedInstancesPolicy: policyOf(["t3.large", "t3.medium"]) },
      ...skipping,
    });
    expect(await instances(lab)).toEqual(before);
    await refreshed(lab, {
      DesiredConfiguration: { MixedInstancesPolicy: policyOf(["t3.large"]) },
      ...skipping,
    });
    expect((await instances(lab)).map((one) => one.InstanceType)).toEqual(["t3.large", "t3.large"]);
  });

  it("is rolled back to the policy that ran", async () => {
    const lab = await mixedLab(policyOf(["t3.medium"]), { MinSize: 4 });
    await ask(lab, "StartInstanceRefresh", {
      DesiredConfiguration: { MixedInstancesPolicy: policyOf(["t3.large"]) },
      Preferences: { InstanceWarmup: 60, MinHealthyPercentage: 50 },
    });
    await lab.clock.advance(2 * MINUTE);
    expect((await instances(lab)).map((one) => one.InstanceType)).toContain("t3.large");
    await ask(lab, "RollbackInstanceRefresh");
    await lab.clock.advance(HOUR);
    expect(new Set((await instances(lab)).map((one) => one.InstanceType))).toEqual(new Set(["t3.medium"]));
    expect((await policy(lab))?.LaunchTemplate?.Overrides).toMatchObject([{ InstanceType: "t3.medium" }]);
  });
});
