/** Calls that Auto Scaling refuses of mixed instances policies. */
import { type Case, type Cases, times } from "./ground.ts";

interface Policy {
  readonly template?: object | undefined;
  readonly overrides?: readonly object[];
  readonly distribution?: object;
}

const OWN = { LaunchTemplateName: "web", Version: "1" };
const TYPES = [{ InstanceType: "t3.micro" }, { InstanceType: "t3.small" }];
const LEAST = { VCpuCount: { Min: 0 }, MemoryMiB: { Min: 0 } };

const policyOf = ({ template = OWN, overrides = TYPES, distribution }: Policy): object => ({
  LaunchTemplate: { LaunchTemplateSpecification: template, Overrides: overrides },
  InstancesDistribution: distribution,
});
const making = (policy: Policy, more: object = {}): Case => [
  "autoscaling:CreateAutoScalingGroup",
  () => ({
    AutoScalingGroupName: "new",
    MinSize: 0,
    MaxSize: 2,
    VPCZoneIdentifier: "subnet-1a",
    MixedInstancesPolicy: policyOf(policy),
    ...more,
  }),
];
const updating = (MixedInstancesPolicy: object, AutoScalingGroupName = "mixed"): Case => [
  "autoscaling:UpdateAutoScalingGroup",
  () => ({ AutoScalingGroupName, MixedInstancesPolicy }),
];
const refreshing = (DesiredConfiguration: object, AutoScalingGroupName = "mixed"): Case => [
  "autoscaling:StartInstanceRefresh",
  () => ({ AutoScalingGroupName, DesiredConfiguration }),
];
const distributing = (distribution: object): Case => making({ distribution });
const requiring = (more: object): Case =>
  making({ overrides: [{ InstanceRequirements: { ...LEAST, ...more } }] });

export const MIXED_INSTANCES_CASES: Cases = {
  "autoscaling/mixed-template-missing": updating({ LaunchTemplate: { Overrides: TYPES } }, "web"),
  "autoscaling/mixed-template-twofold": making({
    overrides: [{ InstanceType: "t3.micro", LaunchTemplateSpecification: { Version: "1" } }],
  }),
  "autoscaling/override-type-and-requirements": making({
    overrides: [{ InstanceType: "t3.micro", InstanceRequirements: LEAST }],
  }),
  "autoscaling/override-types-count": making({
    overrides: times(41, (index) => ({ InstanceType: `t${index}.micro` })),
  }),
  "autoscaling/override-requirements-count": making({
    overrides: times(5, () => ({ InstanceRequirements: LEAST })),
  }),
  "autoscaling/override-templates-count": making({
    overrides: times(20, (index) => ({
      InstanceType: `t${index}.micro`,
      LaunchTemplateSpecification: { LaunchTemplateName: `own-${index}` },
    })),
  }),
  "autoscaling/override-type-twice": making({ overrides: [...TYPES, { InstanceType: "t3.micro" }] }),
  "autoscaling/override-weight": making({
    overrides: [{ InstanceType: "t3.micro", WeightedCapacity: "1000" }],
  }),
  "autoscaling/override-weights-all": making({
    overrides: [{ InstanceType: "t3.micro", WeightedCapacity: "1" }, { InstanceType: "t3.small" }],
  }),
  "autoscaling/weights-of-running": updating({
    LaunchTemplate: { Overrides: [{ InstanceType: "t3.large", WeightedCapacity: "2" }] },
  }),
  "autoscaling/requirements-minimum": requiring({ MemoryMiB: { Max: 4_096 } }),
  "autoscaling/requirements-exclusive": requiring({
    AllowedInstanceTypes: ["m5.*"],
    ExcludedInstanceTypes: ["t3.*"],
  }),
  "autoscaling/requirements-values": requiring({ VCpuCount: { Min: 4, Max: 2 } }),
  "autoscaling/on-demand-strategy": distributing({ OnDemandAllocationStrategy: "cheapest" }),
  "autoscaling/spot-strategy": distributing({ SpotAllocationStrategy: "diversified" }),
  "autoscaling/on-demand-strategy-attributes": updating({
    LaunchTemplate: { Overrides: [{ InstanceRequirements: LEAST }] },
  }),
  "autoscaling/spot-strategy-attributes": making({
    overrides: [{ InstanceRequirements: LEAST }],
    distribution: { SpotAllocationStrategy: "capacity-optimized-prioritized" },
  }),
  "autoscaling/on-demand-base": distributing({ OnDemandBaseCapacity: -1 }),
  "autoscaling/on-demand-percentage": distributing({ OnDemandPercentageAboveBaseCapacity: 101 }),
  "autoscaling/spot-pools": distributing({ SpotInstancePools: 21 }),
  "autoscaling/spot-pools-lowest-price": distributing({
    SpotInstancePools: 2,
    SpotAllocationStrategy: "price-capacity-optimized",
  }),
  "autoscaling/spot-max-price": distributing({ SpotMaxPrice: "0.0001" }),
  "autoscaling/refresh-configuration": refreshing({}),
  "autoscaling/refresh-mixed-group": refreshing({ LaunchTemplate: OWN }),
  "autoscaling/refresh-attributes-configuration": refreshing({
    MixedInstancesPolicy: policyOf({ overrides: [{ InstanceRequirements: LEAST }] }),
  }),
  "autoscaling/refresh-attributes-skip": [
    "autoscaling:StartInstanceRefresh",
    () => ({
      AutoScalingGroupName: "mixed",
      DesiredConfiguration: {
        MixedInstancesPolicy: policyOf({ overrides: [{ InstanceRequirements: LEAST }] }),
      },
      Preferences: { SkipMatching: true },
    }),
  ],
};

/** Calls that AWS takes: what the cases change. */
export const MIXED_INSTANCES_TAKEN: readonly Case[] = [
  making({
    overrides: [
      { InstanceType: "t3.micro", WeightedCapacity: "1" },
      { InstanceType: "t3.small", WeightedCapacity: "999", LaunchTemplateSpecification: OWN },
    ],
    distribution: { OnDemandBaseCapacity: 1, SpotInstancePools: 20, SpotMaxPrice: "0.001" },
  }),
  making({ overrides: [] }),
  making({ distribution: { SpotMaxPrice: "", SpotAllocationStrategy: "capacity-optimized-prioritized" } }),
  making(
    {
      overrides: [
        {
          InstanceRequirements: {
            ...LEAST,
            AllowedInstanceTypes: ["t3.*"],
            BurstablePerformance: "included",
          },
        },
      ],
    },
    { DesiredCapacityType: "vcpu" },
  ),
  updating({ LaunchTemplate: { Overrides: [{ InstanceType: "t3.large" }] } }),
  updating({ InstancesDistribution: { SpotInstancePools: 3 } }),
  refreshing({ MixedInstancesPolicy: policyOf({}) }),
  refreshing({ MixedInstancesPolicy: policyOf({}) }, "web"),
];
