/** What AWS demands of a mixed instances policy, beside the ranges of its members. */
import { AUTO_SCALING_API, AUTO_SCALING_GUIDE, type SpecRule } from "../../spec-rule.ts";
import type { AutoScalingGroupSpec } from "../schema.ts";
import type { MixedInstancesPolicySpec, OverrideSpec } from "./schema.ts";

const OVERRIDE = `${AUTO_SCALING_API}/API_LaunchTemplateOverrides.html` as const;
const DISTRIBUTION = `${AUTO_SCALING_API}/API_InstancesDistribution.html` as const;
const WARM_POOL = `${AUTO_SCALING_GUIDE}/ec2-auto-scaling-warm-pools.html` as const;
/** …/API_LaunchTemplateOverrides.html, LaunchTemplateSpecification and InstanceRequirements. */
const TEMPLATES_PER_GROUP = 20;
const REQUIREMENTS_PER_GROUP = 4;
const LOWEST_PRICE = "lowest-price";

const overridesOf = ({ launchTemplate: { overrides = [] } = {} }: MixedInstancesPolicySpec) => overrides;
const isByAttributes = (policy: MixedInstancesPolicySpec) =>
  overridesOf(policy).some(({ instanceRequirements }) => instanceRequirements !== undefined);
const isWeighted = (policy: MixedInstancesPolicySpec | undefined) =>
  policy !== undefined && overridesOf(policy).some(({ weightedCapacity }) => weightedCapacity !== undefined);
/** AWS's default is none. */
const buysSpot = ({
  instancesDistribution: { onDemandPercentageAboveBaseCapacity: share = 100 } = {},
}: MixedInstancesPolicySpec) => share < 100;

export const overrideRules: readonly SpecRule<OverrideSpec>[] = [
  {
    at: "instanceType",
    must: "not stand beside `instanceRequirements`",
    when: ({ instanceType, instanceRequirements }) =>
      instanceType !== undefined && instanceRequirements !== undefined,
    says: "cannot stand beside instanceRequirements: keep one of the two",
    source: OVERRIDE,
  },
  {
    at: "weightedCapacity",
    must: "not stand beside `instanceRequirements`",
    when: ({ weightedCapacity, instanceRequirements }) =>
      weightedCapacity !== undefined && instanceRequirements !== undefined,
    says: "is for a list of instance types; with instanceRequirements give desiredCapacityType instead",
    source: OVERRIDE,
  },
  {
    at: "launchTemplateSpecification",
    must: "name a template by exactly one of `launchTemplateId` and `launchTemplateName`",
    when: ({ launchTemplateSpecification: named }) =>
      named !== undefined &&
      (named.launchTemplateId === undefined) === (named.launchTemplateName === undefined),
    says: "takes exactly one of launchTemplateId and launchTemplateName",
    source: `${AUTO_SCALING_API}/API_LaunchTemplateSpecification.html`,
  },
];

export const mixedInstancesPolicyRules: readonly SpecRule<MixedInstancesPolicySpec>[] = [
  {
    at: "launchTemplate.overrides",
    must: "have `weightedCapacity` in all or in none",
    each: (policy) =>
      isWeighted(policy)
        ? overridesOf(policy).flatMap(({ weightedCapacity, instanceRequirements }, index) =>
            weightedCapacity !== undefined || instanceRequirements !== undefined
              ? []
              : [
                  {
                    at: `launchTemplate.overrides[${index}].weightedCapacity`,
                    says: "is required, since other overrides have one",
                  },
                ],
          )
        : [],
    reason: "FieldValueRequired",
    source: OVERRIDE,
  },
  {
    at: "launchTemplate.overrides",
    must: "name each instance type once",
    each: (policy) => {
      const seen = new Set<string>();
      return overridesOf(policy).flatMap(({ instanceType }, index) => {
        if (instanceType === undefined) return [];
        const isAgain = seen.has(instanceType);
        seen.add(instanceType);
        return isAgain
          ? [
              {
                at: `launchTemplate.overrides[${index}].instanceType`,
                says: `names ${instanceType} a second time`,
              },
            ]
          : [];
      });
    },
    reason: "FieldValueDuplicate",
    source: OVERRIDE,
  },
  {
    at: "launchTemplate.overrides",
    must: `have at most ${REQUIREMENTS_PER_GROUP} with \`instanceRequirements\``,
    when: (policy) =>
      overridesOf(policy).filter(({ instanceRequirements }) => instanceRequirements !== undefined).length >
      REQUIREMENTS_PER_GROUP,
    says: `may have ${REQUIREMENTS_PER_GROUP} sets of instanceRequirements at most`,
    source: OVERRIDE,
  },
  {
    at: "launchTemplate.overrides",
    must: `name at most ${TEMPLATES_PER_GROUP - 1} other launch templates`,
    when: (policy) =>
      new Set(
        overridesOf(policy).flatMap(({ launchTemplateSpecification: named }) =>
          named === undefined ? [] : [JSON.stringify([named.launchTemplateId, named.launchTemplateName])],
        ),
      ).size >= TEMPLATES_PER_GROUP,
    says: `may name ${TEMPLATES_PER_GROUP - 1} other launch templates at most: AWS takes ${TEMPLATES_PER_GROUP} with the group's own`,
    source: OVERRIDE,
  },
  {
    at: "instancesDistribution.onDemandAllocationStrategy",
    must: "be `lowest-price`, or not given, with `instanceRequirements`",
    when: (policy) =>
      isByAttributes(policy) && policy.instancesDistribution?.onDemandAllocationStrategy === "prioritized",
    source: DISTRIBUTION,
  },
  {
    at: "instancesDistribution.spotAllocationStrategy",
    must: "not be `capacity-optimized-prioritized` with `instanceRequirements`",
    when: (policy) =>
      isByAttributes(policy) &&
      policy.instancesDistribution?.spotAllocationStrategy === "capacity-optimized-prioritized",
    source: DISTRIBUTION,
  },
  {
    at: "instancesDistribution.spotInstancePools",
    must: "be given with `spotAllocationStrategy` `lowest-price` only",
    when: ({
      instancesDistribution: { spotInstancePools: pools, spotAllocationStrategy: by = LOWEST_PRICE } = {},
    }) => pools !== undefined && by !== LOWEST_PRICE,
    says: ({ instancesDistribution: { spotAllocationStrategy: by } = {} }) =>
      `is for spotAllocationStrategy ${LOWEST_PRICE}; it is ${by}`,
    source: DISTRIBUTION,
  },
  {
    at: "instancesDistribution.spotMaxPrice",
    must: "be 0.001 or more",
    when: ({ instancesDistribution: { spotMaxPrice: price = "" } = {} }) =>
      price !== "" && Number(price) < 0.001,
    source: DISTRIBUTION,
  },
  {
    at: "instancesDistribution.distributionSegments",
    must: "not stand beside `onDemandBaseCapacity` and `onDemandPercentageAboveBaseCapacity`",
    when: ({
      instancesDistribution: {
        distributionSegments: segments = [],
        onDemandBaseCapacity: base,
        onDemandPercentageAboveBaseCapacity: share,
      } = {},
    }) => segments.length > 0 && (base !== undefined || share !== undefined),
    says: "cannot stand beside onDemandBaseCapacity or onDemandPercentageAboveBaseCapacity, which take it away",
    source: `${AUTO_SCALING_API}/API_UpdateAutoScalingGroup.html`,
  },
];

/** Of the group, because of its policy. */
export const mixedGroupRules: readonly SpecRule<AutoScalingGroupSpec>[] = [
  {
    at: "desiredCapacityType",
    must: "be `units`, or not given, without `instanceRequirements` in the overrides of `mixedInstancesPolicy`",
    when: ({ desiredCapacityType: type = "units", mixedInstancesPolicy: policy }) =>
      type !== "units" && (policy === undefined || !isByAttributes(policy)),
    source: `${AUTO_SCALING_API}/API_CreateAutoScalingGroup.html`,
  },
  {
    at: "launchTemplate.instanceRequirements",
    must: "be given with `mixedInstancesPolicy` only",
    when: ({ launchTemplate: { instanceRequirements }, mixedInstancesPolicy }) =>
      instanceRequirements !== undefined && mixedInstancesPolicy === undefined,
    says: "needs mixedInstancesPolicy beside it: a group chooses types by attributes with one only",
    source: `${AUTO_SCALING_API}/API_InstanceRequirements.html`,
  },
  {
    at: "launchTemplate.instanceType",
    must: "be given, unless `instanceRequirements`, or each override of `mixedInstancesPolicy`, says what is launched",
    when: ({ launchTemplate: { instanceType, instanceRequirements }, mixedInstancesPolicy: policy }) => {
      const overrides = policy === undefined ? [] : overridesOf(policy);
      const areTold =
        overrides.length > 0 &&
        overrides.every((one) => one.instanceType !== undefined || one.instanceRequirements !== undefined);
      return instanceType === undefined && instanceRequirements === undefined && !areTold;
    },
    says: "is required",
    reason: "FieldValueRequired",
    source: `${AUTO_SCALING_GUIDE}/create-launch-template.html`,
  },
  {
    at: "launchTemplate.instanceMarketOptions",
    must: "not be given with `mixedInstancesPolicy`",
    when: ({ launchTemplate: { instanceMarketOptions: market }, mixedInstancesPolicy: policy }) =>
      market?.marketType === "spot" && policy !== undefined,
    says: "cannot ask for Spot Instances with mixedInstancesPolicy: its instancesDistribution says how much is Spot",
    source: `${AUTO_SCALING_GUIDE}/mixed-instances-groups-set-up-overview.html`,
  },
  {
    at: "mixedInstancesPolicy.instancesDistribution.onDemandBaseCapacity",
    must: "not be above `maxSize`",
    when: ({
      maxSize,
      mixedInstancesPolicy: { instancesDistribution: { onDemandBaseCapacity: base = 0 } = {} } = {},
    }) => base > maxSize,
    says: ({
      maxSize,
      mixedInstancesPolicy: { instancesDistribution: { onDemandBaseCapacity: base } = {} } = {},
    }) => `must not be above maxSize (${maxSize}), in the same units; was ${base}`,
    source: DISTRIBUTION,
  },
  {
    at: "warmPool",
    must: "not be given with weights in `mixedInstancesPolicy`",
    when: ({ warmPool, mixedInstancesPolicy: policy }) => warmPool !== undefined && isWeighted(policy),
    says: "cannot be had with weightedCapacity: AWS keeps no weighted instances warm",
    source: WARM_POOL,
  },
  {
    at: "warmPool",
    must: "not be given with Spot in `mixedInstancesPolicy`",
    when: ({ warmPool, mixedInstancesPolicy: policy }) =>
      warmPool !== undefined && policy !== undefined && buysSpot(policy),
    says: "cannot be had with an onDemandPercentageAboveBaseCapacity below 100: AWS keeps no Spot Instances warm",
    source: WARM_POOL,
  },
];
