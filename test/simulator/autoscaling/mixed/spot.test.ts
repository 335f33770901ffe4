import type * as asg from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import type { Lab } from "../../support.ts";
import { activities, ask, group, groupLab, HOUR, instances, MINUTE } from "../support.ts";
import { mixedLab, policyOf } from "./support.ts";

const ALL_SPOT = { OnDemandPercentageAboveBaseCapacity: 0 };

interface Seen {
  readonly InstanceId: string;
  readonly State: { Name: string };
  readonly InstanceLifecycle?: string;
  readonly SpotInstanceRequestId?: string;
  readonly StateReason?: { Code: string; Message: string };
}

async function seen(lab: Lab, id: string): Promise<Seen | undefined> {
  const { Reservations } = await lab.call<{ Reservations: { Instances: Seen[] }[] }>(
    "ec2:DescribeInstances",
    {
      InstanceIds: [id],
    },
  );
  return Reservations[0]?.Instances[0];
}

const idsOf = async (lab: Lab): Promise<string[]> => (await instances(lab)).map((one) => one.InstanceId!);

async function lifecycles(lab: Lab): Promise<Record<string, string>> {
  return Object.fromEntries((await instances(lab)).map((one) => [one.InstanceId, one.LifecycleState]));
}

/** How many activities of the group tell this as their cause. */
async function told(lab: Lab, words: string): Promise<number> {
  return (await activities(lab)).filter((one) => one.Cause?.includes(words)).length;
}

describe("a Spot Instance", () => {
  it("is shown as one by EC2, whether a policy or the template asked for it", async () => {
    const lab = await mixedLab(policyOf(["m5.large"], ALL_SPOT), { MinSize: 1 });
    const [id = ""] = await idsOf(lab);
    expect(await seen(lab, id)).toMatchObject({
      InstanceLifecycle: "spot",
      SpotInstanceRequestId: expect.stringMatching(/^sir-[0-9a-f]{8}$/),
    });
    const { Instances } = await lab.call<{ Instances: Seen[] }>("ec2:RunInstances", {
      ImageId: "ami-12345678",
      InstanceType: "t3.micro",
      InstanceMarketOptions: { MarketType: "spot" },
      MinCount: 1,
      MaxCount: 1,
    });
    expect(Instances[0]?.InstanceLifecycle).toBe("spot");
  });

  it("is taken back two minutes after the notice, with EC2's reason, and replaced when it is found gone", async () => {
    const lab = await mixedLab(policyOf(["m5.large"], ALL_SPOT), { MinSize: 2 });
    const [id = ""] = await idsOf(lab);
    lab.account.control.interrupt(id, 0);
    await lab.clock.advance(119_000);
    expect((await seen(lab, id))?.State.Name).toBe("running");
    expect(await idsOf(lab)).toHaveLength(2);
    await lab.clock.advance(2_000);
    expect(await seen(lab, id)).toMatchObject({
      State: { Name: "shutting-down" },
      StateReason: {
        Code: "Server.SpotInstanceTermination",
        Message: "Server.SpotInstanceTermination: Spot instance termination",
      },
    });
    await lab.clock.advance(5 * MINUTE);
    expect(await told(lab, "EC2 health check indicating it has been terminated or stopped")).toBe(1);
    expect((await instances(lab)).filter((one) => one.LifecycleState === "InService")).toHaveLength(2);
    expect(await idsOf(lab)).not.toContain(id);
  });

  it("stops where its launch asked for that", async () => {
    const lab = await groupLab();
    const { Instances } = await lab.call<{ Instances: Seen[] }>("ec2:RunInstances", {
      ImageId: "ami-12345678",
      InstanceType: "t3.micro",
      InstanceMarketOptions: {
        MarketType: "spot",
        SpotOptions: { SpotInstanceType: "persistent", InstanceInterruptionBehavior: "stop" },
      },
      MinCount: 1,
      MaxCount: 1,
    });
    const id = Instances[0]?.InstanceId ?? "";
    await lab.clock.advance(5 * MINUTE);
    lab.account.control.interrupt(id, 0);
    await lab.clock.advance(5 * MINUTE);
    expect(await seen(lab, id)).toMatchObject({
      State: { Name: "stopped" },
      StateReason: { Code: "Server.SpotInstanceShutdown" },
    });
  });

  it("is the only one that can be interrupted", async () => {
    const lab = await groupLab();
    const [id = ""] = await idsOf(lab);
    expect(() => lab.account.control.interrupt(id, 0)).toThrow("is no running Spot Instance");
  });
});

describe("Capacity Rebalancing", () => {
  const rebalanced = (more: Partial<asg.CreateAutoScalingGroupType> = {}): Promise<Lab> =>
    mixedLab(policyOf(["m5.large", "m6i.large"], ALL_SPOT), {
      MinSize: 2,
      MaxSize: 2,
      CapacityRebalance: true,
      ...more,
    });

  it("launches the successor first, above the maximum, and terminates what is at risk when it serves", async () => {
    const lab = await rebalanced();
    const [id = "", other = ""] = await idsOf(lab);
    lab.account.control.interrupt(id, undefined);
    let least = 2;
    let most = 0;
    for (let step = 0; step < 60; step += 1) {
      await lab.clock.advance(5_000);
      const states = Object.values(await lifecycles(lab));
      least = Math.min(least, states.filter((one) => one === "InService").length);
      most = Math.max(most, states.filter((one) => one !== "Terminating").length);
    }
    expect({ least, most }).toEqual({ least: 2, most: 3 });
    expect(await idsOf(lab)).toHaveLength(2);
    expect(await idsOf(lab)).toContain(other);
    expect(await idsOf(lab)).not.toContain(id);
    expect(await told(lab, "in response to an EC2 instance rebalance recommendation")).toBe(2);
    const types = (await instances(lab)).map((one) => one.InstanceId);
    for (const one of types) expect((await seen(lab, one!))?.InstanceLifecycle).toBe("spot");
  });

  it("lets an instance go at its notice, and launches at once", async () => {
    const lab = await rebalanced();
    const [id = ""] = await idsOf(lab);
    lab.account.control.interrupt(id, 0);
    await lab.clock.advance(5_000);
    expect((await lifecycles(lab))[id]).toBe("Terminating");
    expect(await idsOf(lab)).toHaveLength(3);
    await lab.clock.advance(5 * MINUTE);
    expect(await idsOf(lab)).toHaveLength(2);
    expect(await told(lab, "Spot Instance interruption notice")).toBe(1);
  });

  it("is not for a group that has not asked for it", async () => {
    const lab = await rebalanced({ CapacityRebalance: false });
    const [id = ""] = await idsOf(lab);
    lab.account.control.interrupt(id, undefined);
    await lab.clock.advance(HOUR);
    expect(await idsOf(lab)).toContain(id);
    expect(await idsOf(lab)).toHaveLength(2);
  });

  it("keeps what is at risk while nothing else can be had", async () => {
    const lab = await rebalanced();
    const [id = ""] = await idsOf(lab);
    lab.account.control.exhaust({ market: "spot", instanceType: undefined, zone: undefined }, true);
    lab.account.control.interrupt(id, undefined);
    await lab.clock.advance(10 * MINUTE);
    expect((await lifecycles(lab))[id]).toBe("InService");
    lab.account.control.exhaust({ market: "spot", instanceType: undefined, zone: undefined }, false);
    await lab.clock.advance(30 * MINUTE);
    expect(await idsOf(lab)).not.toContain(id);
  });
});

describe("a launch for which there is no capacity", () => {
  const SHORT = { market: "spot", instanceType: undefined, zone: undefined } as const;
  const failures = async (lab: Lab): Promise<(string | undefined)[]> => [
    ...new Set(
      (await activities(lab)).filter((one) => one.StatusCode === "Failed").map((one) => one.StatusMessage),
    ),
  ];
  const grown = async (lab: Lab): Promise<void> => {
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 4 });
    await lab.clock.advance(5 * MINUTE);
  };

  it("fails in AWS's words, of one pool and of several, and On-Demand does not stand in", async () => {
    const one = await mixedLab(policyOf(["m5.large"], ALL_SPOT));
    one.account.control.exhaust(SHORT, true);
    await grown(one);
    expect(await failures(one)).toEqual([
      "Could not launch Spot Instances. InsufficientInstanceCapacity - There is no Spot capacity available that matches your request. Launching EC2 instance failed.",
    ]);
    const several = await mixedLab(policyOf(["m5.large", "m6i.large"], ALL_SPOT));
    several.account.control.exhaust(SHORT, true);
    await grown(several);
    expect(await failures(several)).toEqual([
      "Could not launch Spot Instances. UnfulfillableCapacity - Unable to fulfill capacity due to your request configuration. Please adjust your request and try again. Launching EC2 instance failed.",
    ]);
    expect(await idsOf(several)).toHaveLength(2);
    expect((await group(several)).DesiredCapacity).toBe(4);
    several.account.control.exhaust(SHORT, false);
    await several.clock.advance(HOUR);
    expect(await idsOf(several)).toHaveLength(4);
  });

  it("does not keep the other kind waiting", async () => {
    const lab = await mixedLab(policyOf(["m5.large"], { OnDemandPercentageAboveBaseCapacity: 50 }));
    lab.account.control.exhaust({ ...SHORT, market: "on-demand" }, true);
    await ask(lab, "UpdateAutoScalingGroup", { DesiredCapacity: 6, MaxSize: 10 });
    await lab.clock.advance(5 * MINUTE);
    expect(await idsOf(lab)).toHaveLength(4);
    expect((await failures(lab))[0]).toMatch(
      /^Could not launch On-Demand Instances\. InsufficientInstanceCapacity - We currently do not have sufficient m5\.large capacity in the Availability Zone you requested \(us-east-1.\)\. Our system will be working on provisioning additional capacity\. Launching EC2 instance failed\.$/,
    );
  });

  it("is one whose price is too low, too", async () => {
    const lab = await mixedLab(policyOf(["m5.large"], { ...ALL_SPOT, SpotMaxPrice: "0.01" }), { MinSize: 1 });
    expect(await failures(lab)).toContain(
      "Could not launch Spot Instances. SpotMaxPriceTooLow - Your Spot request price of 0.01 is lower than the minimum required Spot request fulfillment price of 0.0346. Launching EC2 instance failed.",
    );
  });

  it("fails without the kind where the template asks for Spot itself", async () => {
    const lab = await groupLab();
    await lab.call("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: "spot",
      LaunchTemplateData: {
        ImageId: "ami-12345678",
        InstanceType: "m5.large",
        InstanceMarketOptions: { MarketType: "spot" },
      },
    });
    lab.account.control.exhaust({ market: "spot", instanceType: "m5.large", zone: "us-east-1a" }, true);
    await ask(lab, "UpdateAutoScalingGroup", {
      LaunchTemplate: { LaunchTemplateName: "spot" },
      VPCZoneIdentifier: "subnet-1a",
      MinSize: 3,
    });
    await lab.clock.advance(MINUTE);
    expect(await failures(lab)).toEqual([
      "There is no Spot capacity available that matches your request. Launching EC2 instance failed.",
    ]);
  });

  it("of On-Demand names the zones that have room", async () => {
    const lab = await groupLab({ VPCZoneIdentifier: "subnet-1a" });
    lab.account.control.exhaust({ market: "on-demand", instanceType: "t3.medium", zone: "us-east-1a" }, true);
    await grown(lab);
    expect(await failures(lab)).toEqual([
      "We currently do not have sufficient t3.medium capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity. You can currently get t3.medium capacity by not specifying an Availability Zone in your request or choosing us-east-1b, us-east-1c. Launching EC2 instance failed.",
    ]);
  });
});
