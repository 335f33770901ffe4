import type * as asg from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import type { Lab } from "../../support.ts";
import { activities, ask, group, groupLab, HOUR, instances, MINUTE, zones } from "../support.ts";
import { mixedLab, OWN, policyOf } from "./support.ts";

type Seen = { InstanceId: string; InstanceType: string; InstanceLifecycle?: string };

/** Instances in service with the words of EC2: `m5.large`, `m5.large spot`. */
async function kinds(lab: Lab): Promise<string[]> {
  const own = (await instances(lab)).filter((one) => one.LifecycleState === "InService");
  const { Reservations } = await lab.call<{ Reservations: { Instances: Seen[] }[] }>(
    "ec2:DescribeInstances",
    {
      InstanceIds: own.map((one) => one.InstanceId),
    },
  );
  return Reservations.flatMap((one) => one.Instances)
    .map((one) => [one.InstanceType, one.InstanceLifecycle].filter(Boolean).join(" "))
    .sort();
}

async function count(lab: Lab): Promise<{ onDemand: number; spot: number }> {
  const all = await kinds(lab);
  const spot = all.filter((one) => one.endsWith(" spot")).length;
  return { onDemand: all.length - spot, spot };
}

const sizes = (lab: Lab, DesiredCapacity: number): Promise<object> =>
  ask(lab, "UpdateAutoScalingGroup", { DesiredCapacity, MaxSize: 100 });

describe("a group with a mixed instances policy", () => {
  it.each([
    [10, 50, { 10: [10, 0], 20: [15, 5], 40: [25, 15] }],
    [0, 0, { 10: [0, 10], 20: [0, 20] }],
    [0, 60, { 10: [6, 4], 30: [18, 12] }],
    [12, 0, { 10: [10, 0], 20: [12, 8], 30: [12, 18] }],
    [0, 25, { 3: [1, 2], 5: [2, 3] }],
  ])(
    "has a base of %i and %i %% On-Demand above it, as the guide's table has it",
    async (base, share, table) => {
      const lab = await mixedLab(
        policyOf(["m5.large"], {
          OnDemandBaseCapacity: base,
          OnDemandPercentageAboveBaseCapacity: share,
          SpotAllocationStrategy: "capacity-optimized",
        }),
        { MinSize: 0, MaxSize: 100 },
      );
      const capacities = Object.entries(table).map(([size, numbers]) => [Number(size), numbers] as const);
      // Out, and in again the same way.
      for (const [size, [onDemand, spot]] of [...capacities, ...capacities.toReversed()]) {
        await sizes(lab, size);
        await lab.clock.advance(10 * MINUTE);
        expect({ size, ...(await count(lab)) }).toEqual({ size, onDemand, spot });
      }
    },
  );

  it("launches On-Demand in the order of the list, and the next type where the first has no room", async () => {
    const lab = await mixedLab(policyOf(["m7i.large", "m5.large"]));
    expect(await kinds(lab)).toEqual(["m7i.large", "m7i.large"]);
    lab.account.control.exhaust({ market: "on-demand", instanceType: "m7i.large", zone: undefined }, true);
    await sizes(lab, 3);
    await lab.clock.advance(5 * MINUTE);
    expect(await kinds(lab)).toEqual(["m5.large", "m7i.large", "m7i.large"]);
    expect((await activities(lab)).every((one) => one.StatusCode === "Successful")).toBe(true);
  });

  it("launches the cheapest On-Demand where that is asked for", async () => {
    const lab = await mixedLab(
      policyOf(["m7i.large", "m5.large", "c5.large"], { OnDemandAllocationStrategy: "lowest-price" }),
    );
    expect(new Set(await kinds(lab))).toEqual(new Set(["c5.large"]));
  });

  it("spreads Spot across the number of cheapest pools in each zone", async () => {
    const lab = await mixedLab(
      policyOf(["m7i.large", "m5.large", "c5.large"], {
        OnDemandPercentageAboveBaseCapacity: 0,
        SpotInstancePools: 2,
      }),
      { MinSize: 6 },
    );
    const own = await kinds(lab);
    expect(own.filter((one) => one === "c5.large spot")).toHaveLength(3);
    expect(own.filter((one) => one === "m5.large spot")).toHaveLength(3);
    expect(await zones(lab)).toEqual(["a", "a", "b", "b", "c", "c"]);
  });

  it("uses the template of an override for its type, and the template's own type without overrides", async () => {
    const lab = await groupLab();
    await lab.call("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: "arm",
      LaunchTemplateData: { ImageId: "ami-0a1202306010000a2" },
    });
    await ask(lab, "UpdateAutoScalingGroup", {
      MixedInstancesPolicy: policyOf([
        {
          InstanceType: "t4g.medium",
          LaunchTemplateSpecification: { LaunchTemplateName: "arm", Version: "1" },
        },
        "t3.medium",
      ]),
      MinSize: 3,
    });
    await lab.clock.advance(5 * MINUTE);
    const arm = (await instances(lab)).find((one) => one.InstanceType === "t4g.medium");
    expect(arm?.LaunchTemplate).toMatchObject({ LaunchTemplateName: "arm", Version: "1" });
    await ask(lab, "UpdateAutoScalingGroup", {
      MixedInstancesPolicy: { LaunchTemplate: { Overrides: [] } },
      MinSize: 4,
    });
    await lab.clock.advance(5 * MINUTE);
    expect((await kinds(lab)).filter((one) => one === "t3.medium")).toHaveLength(3);
  });

  it("exchanges instances one by one when their purchase options change, launching first", async () => {
    const lab = await groupLab({ MinSize: 4, MaxSize: 4 });
    await ask(lab, "UpdateAutoScalingGroup", {
      MixedInstancesPolicy: policyOf(["t3.medium"], { OnDemandPercentageAboveBaseCapacity: 50 }),
    });
    let least = 4;
    for (let step = 0; step < 360; step += 1) {
      await lab.clock.advance(5_000);
      const own = await instances(lab);
      least = Math.min(least, own.filter((one) => one.LifecycleState === "InService").length);
    }
    expect(least).toBe(4);
    expect(await count(lab)).toEqual({ onDemand: 2, spot: 2 });
  });

  it("refuses a template that asks for Spot itself", async () => {
    const lab = await groupLab();
    await lab.call("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: "spot",
      LaunchTemplateData: { ImageId: "ami-12345678", InstanceMarketOptions: { MarketType: "spot" } },
    });
    const wrong = { LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateName: "spot" } } };
    await expect(ask(lab, "UpdateAutoScalingGroup", { MixedInstancesPolicy: wrong })).rejects.toThrow(
      "Incompatible launch template: You cannot use a launch template that is set to request Spot Instances",
    );
  });
});

describe("scale-in of a mixed instances policy", () => {
  it("takes first what fits the order of priority worst", async () => {
    const lab = await mixedLab(policyOf(["m5.large", "m6i.large"]), { MinSize: 0, DesiredCapacity: 3 });
    lab.account.control.exhaust({ market: "on-demand", instanceType: "m5.large", zone: undefined }, true);
    await sizes(lab, 6);
    await lab.clock.advance(5 * MINUTE);
    expect(await kinds(lab)).toEqual([...Array(3).fill("m5.large"), ...Array(3).fill("m6i.large")]);
    await sizes(lab, 3);
    await lab.clock.advance(5 * MINUTE);
    expect(await kinds(lab)).toEqual(Array(3).fill("m5.large"));
  });
});

describe("weights", () => {
  const WEIGHTED = [
    { InstanceType: "m5.xlarge", WeightedCapacity: "4" },
    { InstanceType: "m5.large", WeightedCapacity: "2" },
  ];
  const weights = async (lab: Lab): Promise<(string | undefined)[]> =>
    (await instances(lab)).map((one) => one.WeightedCapacity);

  it("count towards the desired capacity, which is reached or exceeded", async () => {
    const lab = await mixedLab(policyOf(WEIGHTED), { MinSize: 6, MaxSize: 20 });
    expect(await weights(lab)).toEqual(["4", "4"]);
    await sizes(lab, 9);
    await lab.clock.advance(5 * MINUTE);
    expect(await weights(lab)).toEqual(["4", "4", "4"]);
    await lab.clock.advance(HOUR);
    expect(await weights(lab)).toEqual(["4", "4", "4"]);
    const { AutoScalingInstances } = await lab.call<asg.AutoScalingInstancesType>(
      "autoscaling:DescribeAutoScalingInstances",
    );
    expect(AutoScalingInstances?.[0]?.WeightedCapacity).toBe("4");
  });

  it("leave an overage of Spot alone, which is no reason to take from the On-Demand base", async () => {
    const lab = await mixedLab(
      policyOf([WEIGHTED[1]!, WEIGHTED[0]!], {
        OnDemandBaseCapacity: 2,
        OnDemandPercentageAboveBaseCapacity: 0,
        SpotAllocationStrategy: "capacity-optimized-prioritized",
      }),
      { MinSize: 0, DesiredCapacity: 3, MaxSize: 20 },
    );
    lab.account.control.exhaust({ market: "spot", instanceType: "m5.large", zone: undefined }, true);
    await sizes(lab, 4);
    await lab.clock.advance(10 * MINUTE);
    await sizes(lab, 6);
    await lab.clock.advance(HOUR);
    expect(await kinds(lab)).toEqual(["m5.large", "m5.xlarge spot"]);
    await sizes(lab, 4);
    await lab.clock.advance(HOUR);
    expect(await kinds(lab)).toEqual(["m5.large", "m5.xlarge spot"]);
  });

  it("keep scale-in from going below what is wanted", async () => {
    const lab = await mixedLab(policyOf(WEIGHTED), { MinSize: 0, DesiredCapacity: 12, MaxSize: 20 });
    await sizes(lab, 9);
    await lab.clock.advance(5 * MINUTE);
    expect(await weights(lab)).toEqual(["4", "4", "4"]);
    await sizes(lab, 8);
    await lab.clock.advance(5 * MINUTE);
    expect(await weights(lab)).toEqual(["4", "4"]);
  });

  it("are changed with the policy, and the size with them; a type without one keeps its last", async () => {
    const lab = await mixedLab(policyOf(WEIGHTED), { MinSize: 0, DesiredCapacity: 8, MaxSize: 20 });
    await ask(lab, "UpdateAutoScalingGroup", {
      MixedInstancesPolicy: {
        LaunchTemplate: { Overrides: [{ InstanceType: "m5.xlarge", WeightedCapacity: "2" }] },
      },
    });
    await lab.clock.advance(5 * MINUTE);
    expect(await weights(lab)).toEqual(["2", "2", "2", "2"]);
    await ask(lab, "UpdateAutoScalingGroup", {
      MixedInstancesPolicy: {
        LaunchTemplate: { Overrides: [{ InstanceType: "m5.large", WeightedCapacity: "1" }] },
      },
    });
    await lab.clock.advance(5 * MINUTE);
    expect(await weights(lab)).toEqual(["2", "2", "2", "2"]);
  });

  it("are what a refresh, a user's termination and a purchase option count in", async () => {
    const lab = await mixedLab(policyOf(WEIGHTED), { MinSize: 0, DesiredCapacity: 12, MaxSize: 20 }, [
      "ami-12345678",
      "ami-87654321",
    ]);
    const [first] = await instances(lab);
    await lab.call("autoscaling:TerminateInstanceInAutoScalingGroup", {
      InstanceId: first?.InstanceId,
      ShouldDecrementDesiredCapacity: true,
    });
    await lab.clock.advance(10 * MINUTE);
    expect((await group(lab)).DesiredCapacity).toBe(8);
    expect(await weights(lab)).toEqual(["4", "4"]);
    const next = policyOf([{ InstanceType: "m5.large", WeightedCapacity: "2" }], {
      OnDemandPercentageAboveBaseCapacity: 50,
    });
    next.LaunchTemplate!.LaunchTemplateSpecification = { ...OWN, Version: "2" };
    await ask(lab, "StartInstanceRefresh", {
      DesiredConfiguration: { MixedInstancesPolicy: next },
      Preferences: { InstanceWarmup: 0, MinHealthyPercentage: 50 },
    });
    await lab.clock.advance(HOUR);
    expect(await weights(lab)).toEqual(["2", "2", "2", "2"]);
    expect(await count(lab)).toEqual({ onDemand: 2, spot: 2 });
  });
});

describe("attribute-based selection", () => {
  const asking = (more: object = {}): asg.LaunchTemplateOverrides => ({
    InstanceRequirements: { VCpuCount: { Min: 2, Max: 4 }, MemoryMiB: { Min: 8_192 }, ...more },
  });

  it("launches the cheapest type that has what is asked for", async () => {
    const lab = await mixedLab(policyOf([asking()]));
    expect(await kinds(lab)).toEqual(["m5.large", "m5.large"]);
  });

  it("heeds what is excluded, allowed, of which generation and whose processors", async () => {
    const lab = await mixedLab(policyOf([asking({ InstanceGenerations: ["current"] })]), { MinSize: 1 });
    expect(await kinds(lab)).toEqual(["m7i.large"]);
    await ask(lab, "UpdateAutoScalingGroup", {
      MixedInstancesPolicy: {
        LaunchTemplate: {
          Overrides: [asking({ AllowedInstanceTypes: ["t3.*"], BurstablePerformance: "required" })],
        },
      },
      MinSize: 2,
    });
    await lab.clock.advance(5 * MINUTE);
    expect(await kinds(lab)).toEqual(["m7i.large", "t3.large"]);
  });

  it("counts in vCPUs or in MiB where that is the type of capacity", async () => {
    const lab = await mixedLab(policyOf([asking()]), {
      DesiredCapacityType: "vcpu",
      MinSize: 6,
      MaxSize: 20,
    });
    // A vCPU is cheaper there than in the cheapest instance.
    expect(await kinds(lab)).toEqual(["c5.xlarge", "c5.xlarge"]);
    expect((await instances(lab)).map((one) => one.WeightedCapacity)).toEqual(["4", "4"]);
    const memory = await mixedLab(policyOf([asking()]), {
      DesiredCapacityType: "memory-mib",
      MinSize: 16_384,
      MaxSize: 65_536,
    });
    expect((await instances(memory)).map((one) => one.WeightedCapacity)).toEqual(["8192", "8192"]);
  });

  it("is by the requirements of the launch template where the policy has no overrides", async () => {
    const lab = await groupLab();
    await lab.call("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: "any",
      LaunchTemplateData: { ImageId: "ami-12345678", InstanceRequirements: asking().InstanceRequirements },
    });
    await ask(lab, "UpdateAutoScalingGroup", {
      MixedInstancesPolicy: {
        LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateName: "any" } },
      },
      MinSize: 3,
    });
    await lab.clock.advance(5 * MINUTE);
    expect(await kinds(lab)).toEqual(["m5.large", "t3.medium", "t3.medium"]);
  });
});
