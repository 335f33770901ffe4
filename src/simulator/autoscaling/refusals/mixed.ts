/** What Auto Scaling refuses of mixed instances policies, of a group's own and of those that a refresh brings. */
import type {
  CreateAutoScalingGroupType,
  InstancesDistribution,
  LaunchTemplateOverrides,
  LaunchTemplateSpecification,
  MixedInstancesPolicy,
  StartInstanceRefreshType,
  UpdateAutoScalingGroupType,
} from "@aws-sdk/client-auto-scaling";
import type { Requirements } from "../../account/instance-requirements.ts";
import {
  constraint,
  firstOf,
  hasTwice,
  isNoneOf,
  isOutside,
  type RefusalRule,
  refusals,
} from "../../account/refusals.ts";
import { excludingMembers, missingMinimum, wrongValue } from "../../account/requirement-faults.ts";
import type { MixedPolicy } from "../launch-source.ts";
import type { State } from "../state.ts";

const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";
const GROUPS = ["CreateAutoScalingGroup", "UpdateAutoScalingGroup"];
const ALL = [...GROUPS, "StartInstanceRefresh"];
const MOST_TYPES = 40;
const MOST_REQUIREMENTS = 4;
const MOST_TEMPLATES = 20;
const ON_DEMAND = ["lowest-price", "prioritized"];
const SPOT = [
  "lowest-price",
  "capacity-optimized",
  "capacity-optimized-prioritized",
  "price-capacity-optimized",
];

type GroupInput = CreateAutoScalingGroupType | UpdateAutoScalingGroupType;
type Input = GroupInput | StartInstanceRefreshType;
type Said = string | boolean | undefined;

function policyIn(input: Input): MixedInstancesPolicy | undefined {
  const { DesiredConfiguration, MixedInstancesPolicy } = input as StartInstanceRefreshType & GroupInput;
  return DesiredConfiguration?.MixedInstancesPolicy ?? MixedInstancesPolicy;
}

/** What an update leaves as it is; a refresh leaves nothing. autoscaling/mixed-update, autoscaling/refresh-mixed */
function keptBy(input: Input, state: State): MixedPolicy | undefined {
  const isRefresh = "DesiredConfiguration" in input;
  return isRefresh ? undefined : state.groups.get(input.AutoScalingGroupName ?? "")?.mixed;
}

function ofPolicy(said: (policy: MixedInstancesPolicy, kept: MixedPolicy | undefined) => Said) {
  return (input: Input, state: State): Said => {
    const policy = policyIn(input);
    return policy !== undefined && said(policy, keptBy(input, state));
  };
}

function ofEachOverride(said: (override: LaunchTemplateOverrides) => Said) {
  return ofPolicy(({ LaunchTemplate }) => firstOf(LaunchTemplate?.Overrides, said));
}

function ofDistribution(said: (distribution: InstancesDistribution) => Said) {
  return ofPolicy(
    ({ InstancesDistribution: distribution }) => distribution !== undefined && said(distribution),
  );
}

/** Whether the policy, as it is afterwards, chooses types by what they have. */
function isByAttributes({ LaunchTemplate }: MixedInstancesPolicy, kept: MixedPolicy | undefined): boolean {
  const given = LaunchTemplate?.Overrides;
  if (given === undefined) return kept?.overrides.some((one) => one.requirements !== undefined) ?? false;
  return given.some((one) => one.InstanceRequirements !== undefined);
}

function isNamedTwice(template: LaunchTemplateSpecification | undefined): boolean {
  if (template === undefined) return false;
  return ((template.LaunchTemplateId ?? "") !== "") === ((template.LaunchTemplateName ?? "") !== "");
}

const requirementsOf = (override: LaunchTemplateOverrides) =>
  override.InstanceRequirements as Requirements | undefined;

const LIST_RULES = refusals<Input, State>(
  {
    prefix: "autoscaling",
    operations: ALL,
    code: "ValidationError",
    page: `${API}/API_LaunchTemplateOverrides.html`,
  },
  [
    [
      "mixed-template-missing",
      "A mixed instances policy that there was not before has a launch template.",
      (input, state) => {
        const policy = policyIn(input);
        if (policy === undefined || keptBy(input, state) !== undefined) return false;
        return policy.LaunchTemplate?.LaunchTemplateSpecification === undefined;
      },
    ],
    [
      "mixed-template-twofold",
      "A launch template of a mixed instances policy is given by id or by name.",
      ofPolicy(
        ({ LaunchTemplate: { LaunchTemplateSpecification, Overrides = [] } = {} }) =>
          [LaunchTemplateSpecification, ...Overrides.map((one) => one.LaunchTemplateSpecification)].some(
            isNamedTwice,
          ) && "Valid requests must contain either launchTemplateId or LaunchTemplateName",
      ),
    ],
    [
      "override-type-and-requirements",
      "An override has an instance type or what a type must have, not both.",
      ofEachOverride((one) => one.InstanceType !== undefined && one.InstanceRequirements !== undefined),
    ],
    [
      "override-types-count",
      `A group has at most ${MOST_TYPES} instance types.`,
      ofPolicy(
        ({ LaunchTemplate }) =>
          (LaunchTemplate?.Overrides ?? []).filter((one) => one.InstanceType !== undefined).length >
          MOST_TYPES,
      ),
    ],
    [
      "override-requirements-count",
      `A group has at most ${MOST_REQUIREMENTS} sets of instance requirements.`,
      ofPolicy(
        ({ LaunchTemplate }) =>
          (LaunchTemplate?.Overrides ?? []).filter(requirementsOf).length > MOST_REQUIREMENTS,
      ),
    ],
    [
      "override-templates-count",
      `A group has at most ${MOST_TEMPLATES} launch templates, those of the overrides included.`,
      ofPolicy(({ LaunchTemplate }) => {
        const own = (LaunchTemplate?.Overrides ?? []).map((one) => one.LaunchTemplateSpecification);
        const named = [LaunchTemplate?.LaunchTemplateSpecification, ...own].filter(
          (one) => one !== undefined,
        );
        return new Set(named.map((one) => JSON.stringify(one))).size > MOST_TEMPLATES;
      }),
    ],
    [
      "override-type-twice",
      "An instance type is among the overrides once.",
      ofPolicy(({ LaunchTemplate }) =>
        hasTwice((LaunchTemplate?.Overrides ?? []).flatMap((one) => one.InstanceType ?? [])),
      ),
    ],
    [
      "override-weight",
      "The weight of an instance type is a whole number from 1 to 999.",
      ofEachOverride(
        ({ WeightedCapacity: weight }) =>
          weight !== undefined &&
          (!/^\d+$/.test(weight) || isOutside(Number(weight), 1, 999)) &&
          constraint(
            "mixedInstancesPolicy.launchTemplate.overrides.weightedCapacity",
            weight,
            "Member must be a whole number between 1 and 999",
          ),
      ),
    ],
    [
      "override-weights-all",
      "All instance types have a weight, or none has.",
      ofPolicy(({ LaunchTemplate: { Overrides = [] } = {} }) => {
        const weighted = Overrides.filter((one) => one.WeightedCapacity !== undefined).length;
        return weighted > 0 && weighted < Overrides.length;
      }),
    ],
  ],
);

const WEIGHT_RULES = refusals<GroupInput, State>(
  {
    prefix: "autoscaling",
    operations: ["UpdateAutoScalingGroup"],
    code: "ValidationError",
    page: `${GUIDE}/ec2-auto-scaling-mixed-instances-groups-instance-weighting.html`,
  },
  [
    [
      "weights-of-running",
      "Weights are added to a group with a weight for each instance type that runs in it.",
      ({ AutoScalingGroupName: name = "", MixedInstancesPolicy: policy }, state) => {
        const group = state.groups.get(name);
        const given = policy?.LaunchTemplate?.Overrides ?? [];
        const isNew = group?.mixed?.overrides.every((one) => one.weight === undefined) ?? true;
        if (group === undefined || !isNew || given[0]?.WeightedCapacity === undefined) return false;
        const types = new Set(given.map((one) => one.InstanceType));
        const running = [...group.members.values()].find((member) => !types.has(member.instanceType));
        const type = running?.instanceType;
        return (
          type !== undefined &&
          `Cannot configure weights because instance type [${type}] is not in the overrides but is currently running in the group. Add [${type}] to the overrides, specify a weight, and try again.`
        );
      },
    ],
  ],
);

const REQUIREMENT_RULES = refusals<Input, State>(
  {
    prefix: "autoscaling",
    operations: ALL,
    code: "ValidationError",
    page: `${API}/API_InstanceRequirements.html`,
  },
  [
    [
      "requirements-minimum",
      "Instance requirements have the least numbers of vCPUs and of MiB of memory.",
      ofEachOverride((one) => {
        const member = missingMinimum(requirementsOf(one));
        return (
          member !== undefined &&
          constraint(
            `mixedInstancesPolicy.launchTemplate.overrides.instanceRequirements.${member}.min`,
            null,
            "Member must not be null",
          )
        );
      }),
    ],
    [
      "requirements-exclusive",
      "Instance requirements have allowed types or excluded ones, and one threshold of Spot prices.",
      ofEachOverride((one) => {
        const pair = excludingMembers(requirementsOf(one));
        return pair !== undefined && `You can't specify both ${pair[0]} and ${pair[1]}.`;
      }),
    ],
    [
      "requirements-values",
      "The members of instance requirements have the values and ranges of the reference.",
      ofEachOverride((one) => wrongValue(requirementsOf(one))),
    ],
  ],
);

const DISTRIBUTION_RULES = refusals<Input, State>(
  {
    prefix: "autoscaling",
    operations: ALL,
    code: "ValidationError",
    page: `${API}/API_InstancesDistribution.html`,
  },
  [
    [
      "on-demand-strategy",
      "On-Demand Instances are allocated lowest-price or prioritized.",
      ofDistribution(
        ({ OnDemandAllocationStrategy: strategy }) =>
          isNoneOf(strategy, ON_DEMAND) &&
          `The specified OnDemandAllocationStrategy is not valid. Valid options are [${ON_DEMAND.join(", ")}].`,
      ),
    ],
    [
      "spot-strategy",
      "Spot Instances are allocated by one of the four strategies of the reference.",
      ofDistribution(
        ({ SpotAllocationStrategy: strategy }) =>
          isNoneOf(strategy, SPOT) &&
          `The specified SpotAllocationStrategy is not valid. Valid options are [${SPOT.join(", ")}].`,
      ),
    ],
    [
      "on-demand-strategy-attributes",
      "Types chosen by what they have are not in an order of priority, On-Demand.",
      ofPolicy((policy, kept) => {
        const strategy =
          policy.InstancesDistribution?.OnDemandAllocationStrategy ?? kept?.distribution.onDemandStrategy;
        return (
          strategy === "prioritized" &&
          isByAttributes(policy, kept) &&
          "The specified OnDemandAllocationStrategy is not valid. The prioritized allocation strategy is not compatible with instance requirements. Valid options are [lowest-price]."
        );
      }),
    ],
    [
      "spot-strategy-attributes",
      "Types chosen by what they have are not in an order of priority, Spot.",
      ofPolicy((policy, kept) => {
        const strategy =
          policy.InstancesDistribution?.SpotAllocationStrategy ?? kept?.distribution.spotStrategy;
        return (
          strategy === "capacity-optimized-prioritized" &&
          isByAttributes(policy, kept) &&
          "The specified SpotAllocationStrategy is not valid. The capacity-optimized-prioritized allocation strategy is not compatible with instance requirements."
        );
      }),
    ],
    [
      "on-demand-base",
      "The On-Demand base capacity is a whole number from 0.",
      ofDistribution(({ OnDemandBaseCapacity: base }) => isOutside(base, 0, 2_147_483_647)),
    ],
    [
      "on-demand-percentage",
      "The On-Demand percentage above the base capacity is 0 to 100.",
      ofDistribution(({ OnDemandPercentageAboveBaseCapacity: percentage }) => isOutside(percentage, 0, 100)),
    ],
    [
      "spot-pools",
      "Spot Instances come from 1 to 20 pools.",
      ofDistribution(({ SpotInstancePools: pools }) => pools !== 0 && isOutside(pools, 1, 20)),
    ],
    [
      "spot-pools-lowest-price",
      "A number of Spot pools is given with the lowest-price strategy alone.",
      ofPolicy(({ InstancesDistribution: given }, kept) => {
        const strategy = given?.SpotAllocationStrategy ?? kept?.distribution.spotStrategy ?? "lowest-price";
        return (
          (given?.SpotInstancePools ?? 0) > 0 &&
          strategy !== "lowest-price" &&
          "SpotInstancePools option is only available with the lowest-price allocation strategy."
        );
      }),
    ],
    [
      "spot-max-price",
      "The maximum price of Spot Instances is a number from 0.001, or empty.",
      ofDistribution(
        ({ SpotMaxPrice: price = "" }) =>
          price !== "" && !(/^\d*\.?\d+$/.test(price) && Number(price) >= 0.001),
      ),
    ],
  ],
);

const REFRESH_RULES = refusals<StartInstanceRefreshType, State>(
  {
    prefix: "autoscaling",
    operations: ["StartInstanceRefresh"],
    code: "ValidationError",
    page: `${GUIDE}/asg-instance-refresh-skip-matching.html`,
  },
  [
    [
      "refresh-configuration",
      "A desired configuration has either a launch template or a mixed instances policy.",
      ({ DesiredConfiguration: desired }) =>
        desired !== undefined &&
        (desired.LaunchTemplate === undefined) === (desired.MixedInstancesPolicy === undefined),
    ],
    [
      "refresh-mixed-group",
      "The desired configuration of a group with a mixed instances policy has such a policy.",
      ({ AutoScalingGroupName: name = "", DesiredConfiguration: desired }, state) =>
        desired?.LaunchTemplate !== undefined && state.groups.get(name)?.mixed !== undefined,
    ],
  ],
);

export const MIXED_RULES: readonly RefusalRule<State>[] = [
  ...LIST_RULES,
  ...WEIGHT_RULES,
  ...REQUIREMENT_RULES,
  ...DISTRIBUTION_RULES,
  ...REFRESH_RULES,
];
