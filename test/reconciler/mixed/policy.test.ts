/** A group with several instance types: how its policy is made, changed, put right, rolled out and brought back. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import { Installation } from "../../support/installation.ts";
import { typesOf, withMixed } from "../../support/mixed-specs.ts";
import { converged, driftEvents, loudOfBugs, nameOf } from "../world.ts";

const HOUR = 3_600_000;
/** Its application answers no health check. */
const BAD = "ami-0bad0bad";
const GOOD = "ami-87654321";
const UPDATE = "autoscaling:UpdateAutoScalingGroup";
const REFRESH = "autoscaling:StartInstanceRefresh";

const SHARES = {
  onDemandBaseCapacity: 1,
  onDemandPercentageAboveBaseCapacity: 100,
  spotAllocationStrategy: "price-capacity-optimized",
};
const TYPES = typesOf("t3.medium", "t3.large");
const mixed = (overrides = TYPES, distribution: object = SHARES) =>
  example().withGroup("web", { mixedInstancesPolicy: withMixed(overrides, distribution) });
const requirements = { vCpuCount: { min: 2 }, memoryMiB: { min: 2048 }, burstablePerformance: "included" };
const byAttributes = () =>
  example().withGroup("web", {
    mixedInstancesPolicy: withMixed([{ instanceRequirements: requirements } as never], SHARES),
  });

async function groupOf(installation: Installation) {
  const { AutoScalingGroups } = await installation.aws("autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups![0]!;
}

/** The version that the group names, in either way. */
async function namedIn(installation: Installation): Promise<string | undefined> {
  const { LaunchTemplate, MixedInstancesPolicy: policy } = await groupOf(installation);
  return (LaunchTemplate ?? policy?.LaunchTemplate?.LaunchTemplateSpecification)?.Version;
}

async function policyIn(installation: Installation) {
  const { MixedInstancesPolicy } = await groupOf(installation);
  return MixedInstancesPolicy!;
}

async function typesIn(installation: Installation) {
  const { LaunchTemplate } = await policyIn(installation);
  return LaunchTemplate!.Overrides!.map(({ InstanceType }) => InstanceType);
}

async function idsIn(installation: Installation): Promise<string[]> {
  const { Instances } = await groupOf(installation);
  return Instances!.map(({ InstanceId }) => InstanceId!).sort();
}

/** What was written from a moment on, without what describes. */
function since(installation: Installation, before: number): string[] {
  return installation.mutations().slice(before);
}

describe("a mixed instances policy", () => {
  it("is made with the group, in place of the template alone, and left alone afterwards", async () => {
    const installation = await converged(mixed().spec());
    const { LaunchTemplate, MixedInstancesPolicy: policy } = await groupOf(installation);
    expect(LaunchTemplate).toBeUndefined();
    expect(policy?.LaunchTemplate?.LaunchTemplateSpecification?.Version).toBe("1");
    expect(await typesIn(installation)).toEqual(["t3.medium", "t3.large"]);
    expect(policy?.InstancesDistribution).toMatchObject({
      OnDemandBaseCapacity: 1,
      SpotAllocationStrategy: "price-capacity-optimized",
    });
    const before = installation.mutations().length;
    await installation.clock.advance(2 * HOUR);
    expect(since(installation, before)).toEqual([]);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("is given to a group that stands, and taken away again, with one update each; instances stay", async () => {
    const installation = await converged();
    const ids = await idsIn(installation);
    let before = installation.mutations().length;
    installation.post(mixed().spec());
    await installation.untilReady();
    expect(since(installation, before)).toEqual([UPDATE]);
    expect(await typesIn(installation)).toEqual(["t3.medium", "t3.large"]);
    before = installation.mutations().length;
    installation.post(example().spec());
    await installation.untilReady();
    expect(since(installation, before)).toEqual([UPDATE]);
    const { LaunchTemplate, MixedInstancesPolicy } = await groupOf(installation);
    expect([LaunchTemplate?.Version, MixedInstancesPolicy]).toEqual(["1", undefined]);
    expect(await idsIn(installation)).toEqual(ids);
    await installation.clock.advance(HOUR);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("has other overrides for new instances alone: one update, no refresh, and the plan says so", async () => {
    const installation = await converged(mixed().spec());
    const ids = await idsIn(installation);
    const before = installation.mutations().length;
    const other = mixed(typesOf("t3.large", "m5.large")).spec();
    const plan = JSON.stringify(await installation.plan(other));
    expect(plan).toContain(
      "stay as they are: other overrides are for instances that are launched from now on",
    );
    installation.post(other);
    await installation.untilReady();
    expect(since(installation, before)).toEqual([UPDATE]);
    expect(await typesIn(installation)).toEqual(["t3.large", "m5.large"]);
    expect(await idsIn(installation)).toEqual(ids);
  });

  it("that somebody takes away comes back, as drift", async () => {
    const installation = await converged(mixed().spec());
    const name = nameOf(installation, "autoScalingGroups.web");
    const policy = await policyIn(installation);
    await installation.aws(UPDATE, {
      AutoScalingGroupName: name,
      LaunchTemplate: {
        LaunchTemplateId: policy.LaunchTemplate!.LaunchTemplateSpecification!.LaunchTemplateId!,
        Version: "1",
      },
    });
    await installation.clock.advance(180_000);
    expect(await typesIn(installation)).toEqual(["t3.medium", "t3.large"]);
    const fields = driftEvents(installation).map(({ field }) => field);
    expect(fields).toContain("mixedInstancesPolicy.launchTemplate.overrides");
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it("that nobody has declared is left alone, and goes along with a rollout", async () => {
    const installation = await converged();
    const { LaunchTemplate: own } = await groupOf(installation);
    await installation.aws(UPDATE, {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateId: own!.LaunchTemplateId!, Version: "1" },
          Overrides: [{ InstanceType: "t3.large" }],
        },
      },
    });
    await installation.clock.advance(HOUR);
    expect(driftEvents(installation)).toEqual([]);
    installation.post(example().withImage(GOOD).spec());
    await installation.untilReady();
    expect(await namedIn(installation)).toBe("2");
    expect(await typesIn(installation)).toEqual(["t3.large"]);
  });

  it("may launch another template in an override: what runs that is of the group, and behind nothing", async () => {
    const others = (version: string) =>
      mixed([
        {
          instanceType: "t3.large",
          launchTemplateSpecification: { launchTemplateName: "others", version },
        } as never,
      ]);
    const installation = new Installation({ log: loudOfBugs });
    const LaunchTemplateData = { ImageId: "ami-12345678", InstanceType: "t3.medium" } as const;
    await installation.aws("ec2:CreateLaunchTemplate", { LaunchTemplateName: "others", LaunchTemplateData });
    await installation.aws("ec2:CreateLaunchTemplateVersion", {
      LaunchTemplateName: "others",
      LaunchTemplateData: { ...LaunchTemplateData, EbsOptimized: true },
    });
    installation.post(others("1").spec());
    await installation.untilReady();
    const { Instances = [] } = await groupOf(installation);
    expect(Instances.map(({ LaunchTemplate }) => LaunchTemplate?.LaunchTemplateName)).toEqual([
      "others",
      "others",
    ]);
    expect(installation.get().status?.behind).toBeUndefined();
    const before = installation.mutations().length;
    await installation.clock.advance(HOUR);
    installation.post(others("2").spec());
    await installation.untilReady();
    expect(since(installation, before)).toEqual([UPDATE]);
    expect(
      (await groupOf(installation)).Instances?.map(({ LaunchTemplate }) => LaunchTemplate?.Version),
    ).toEqual(["1", "1"]);
    expect(driftEvents(installation)).toEqual([]);
  });
});

describe("a rollout of a group with a mixed instances policy", () => {
  it("brings the template with the policy, its other overrides among it, in one refresh", async () => {
    const installation = await converged(mixed().spec());
    const before = installation.mutations().length;
    installation.post(mixed(typesOf("m5.large")).withImage(GOOD).spec());
    await installation.untilReady();
    expect(since(installation, before)).toEqual([
      "ec2:CreateLaunchTemplateVersion",
      "ec2:ModifyLaunchTemplate",
      REFRESH,
    ]);
    expect([await namedIn(installation), await typesIn(installation)]).toEqual(["2", ["m5.large"]]);
    await installation.clock.advance(HOUR);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("that fails brings back the template and the policy that ran, and neither is tried again", async () => {
    const installation = await converged(mixed().spec());
    installation.post(mixed(typesOf("m5.large")).withImage(BAD).spec());
    await installation.until(
      () => installation.condition("Stalled")?.reason === "RolloutRolledBack",
      6 * HOUR,
    );
    await installation.clock.advance(120_000);
    expect([await namedIn(installation), await typesIn(installation)]).toEqual([
      "1",
      ["t3.medium", "t3.large"],
    ]);
    expect(driftEvents(installation)).toEqual([]);
    const before = installation.mutations().length;
    await installation.clock.advance(2 * HOUR);
    expect(since(installation, before)).toEqual([]);
    // What has not failed is written.
    installation.post(
      mixed(typesOf("m5.large"), { ...SHARES, onDemandBaseCapacity: 2 })
        .withImage(BAD)
        .spec(),
    );
    await installation.clock.advance(10 * 60_000);
    const policy = await policyIn(installation);
    expect(policy.InstancesDistribution?.OnDemandBaseCapacity).toBe(2);
    expect(await typesIn(installation)).toEqual(["t3.medium", "t3.large"]);
    expect(since(installation, before)).toEqual([UPDATE]);
  });

  it("takes a policy away before the refresh, for AWS takes no template alone of a group that has one", async () => {
    const installation = await converged(mixed().spec());
    installation.post(example().withImage(GOOD).spec());
    await installation.untilReady();
    const { LaunchTemplate, MixedInstancesPolicy } = await groupOf(installation);
    expect([LaunchTemplate?.Version, MixedInstancesPolicy]).toEqual(["2", undefined]);
  });

  it("of types by their attributes sets the group first, and names nothing in the refresh", async () => {
    const installation = await converged(byAttributes().spec());
    const before = installation.mutations().length;
    installation.post(byAttributes().withImage(GOOD).spec());
    await installation.untilReady();
    expect(since(installation, before)).toEqual([
      "ec2:CreateLaunchTemplateVersion",
      "ec2:ModifyLaunchTemplate",
      UPDATE,
      REFRESH,
    ]);
    const { InstanceRefreshes: [refresh] = [] } = await installation.aws(
      "autoscaling:DescribeInstanceRefreshes",
      { AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web") },
    );
    expect(refresh?.DesiredConfiguration).toBeUndefined();
    expect(refresh?.Preferences).toMatchObject({ SkipMatching: false, AutoRollback: false });
    expect(await namedIn(installation)).toBe("2");
    await installation.clock.advance(HOUR);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("of types by their attributes that fails is brought back by Holdfast, once", async () => {
    const installation = await converged(byAttributes().spec());
    installation.post(byAttributes().withImage(BAD).spec());
    await installation.until(
      () => installation.condition("Stalled")?.reason === "RolloutRolledBack",
      12 * HOUR,
    );
    expect(await namedIn(installation)).toBe("1");
    const before = installation.mutations().length;
    await installation.clock.advance(2 * HOUR);
    expect(since(installation, before)).toEqual([]);
  });
});
