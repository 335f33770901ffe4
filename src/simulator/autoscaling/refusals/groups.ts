/** What Auto Scaling refuses of groups. */
import type {
  CreateAutoScalingGroupType,
  CreateOrUpdateTagsType,
  UpdateAutoScalingGroupType,
} from "@aws-sdk/client-auto-scaling";
import {
  constraint,
  firstOf,
  hasTwice,
  isNoneOf,
  isOutside,
  lengthOf,
  type RefusalRule,
  refusals,
} from "../../account/refusals.ts";
import { TERMINATION_POLICIES } from "../group-input.ts";
import { QUOTAS, type State } from "../state.ts";

const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";

type Create = CreateAutoScalingGroupType;
type Both = Omit<Partial<Create>, "LaunchConfigurationName"> & UpdateAutoScalingGroupType;

const BOTH = ["CreateAutoScalingGroup", "UpdateAutoScalingGroup"];
const MOST_SECONDS = 2_147_483_647;
const FUNCTION = /^arn:[^:]+:lambda:[^:]+:\d{12}:function:.+/;

const NAME_RULES = refusals<Create, State>(
  {
    prefix: "autoscaling",
    operations: ["CreateAutoScalingGroup"],
    code: "ValidationError",
    page: `${API}/API_CreateAutoScalingGroup.html`,
  },
  [
    [
      "group-name-length",
      "The name of a group has 1 to 255 characters.",
      ({ AutoScalingGroupName: name = "" }) =>
        (name === "" || name.length > 255) &&
        constraint("autoScalingGroupName", name, "Member must have length between 1 and 255"),
    ],
    [
      "group-name-characters",
      "The name of a group has printable ASCII characters only, and neither a space nor a colon.",
      ({ AutoScalingGroupName: name = "" }) =>
        !/^[\x21-\x39\x3b-\x7e]*$/.test(name) &&
        `AutoScalingGroup name ${name} is not valid: it can contain any ASCII character 33 to 126, and no colon`,
    ],
    [
      "min-size-missing",
      "A group has a minimum size.",
      ({ MinSize }) => MinSize === undefined && constraint("minSize", null, "Member must not be null"),
    ],
    [
      "max-size-missing",
      "A group has a maximum size.",
      ({ MaxSize }) => MaxSize === undefined && constraint("maxSize", null, "Member must not be null"),
    ],
    [
      "launch-source-missing",
      "A group has a launch template, a launch configuration, an instance or a mixed instances policy.",
      (input) =>
        [
          input.LaunchTemplate,
          input.LaunchConfigurationName,
          input.InstanceId,
          input.MixedInstancesPolicy,
        ].every((one) => one === undefined) &&
        "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.",
    ],
    [
      "place-missing",
      "A group has subnets or Availability Zones.",
      ({ VPCZoneIdentifier: subnets = "", AvailabilityZones = [], AvailabilityZoneIds = [] }) =>
        subnets.trim() === "" &&
        AvailabilityZones.length + AvailabilityZoneIds.length === 0 &&
        "At least one Availability Zone or VPC Subnet is required.",
    ],
    [
      "traffic-source-type",
      "The type of a traffic source is elb, elbv2 or vpc-lattice.",
      ({ TrafficSources }) =>
        firstOf(
          TrafficSources,
          ({ Type: type }) =>
            isNoneOf(type, ["elb", "elbv2", "vpc-lattice"]) && `Invalid traffic source type: ${type}`,
        ),
    ],
  ],
);

const SIZE_RULES = refusals<Both, State>(
  {
    prefix: "autoscaling",
    operations: BOTH,
    code: "ValidationError",
    page: `${API}/API_UpdateAutoScalingGroup.html`,
  },
  [
    [
      "size-numbers",
      "Minimum, maximum and desired sizes are whole numbers from 0.",
      (input) =>
        firstOf(
          ["MinSize", "MaxSize", "DesiredCapacity"] as const,
          (member) =>
            isOutside(input[member], 0, MOST_SECONDS) &&
            constraint(
              member[0]?.toLowerCase() + member.slice(1),
              input[member],
              "Member must have value greater than or equal to 0",
            ),
        ),
    ],
    [
      "min-above-max",
      "The minimum size is not above the maximum.",
      ({ AutoScalingGroupName: name = "", MinSize, MaxSize }, state) => {
        const group = state.groups.get(name);
        const [min, max] = [
          MinSize ?? group?.minSize ?? 0,
          MaxSize ?? group?.maxSize ?? Number.POSITIVE_INFINITY,
        ];
        return min > max && `Min bound, ${min}, must be less than or equal to max bound, ${max}`;
      },
    ],
    [
      "desired-outside",
      "The desired capacity is between the minimum and the maximum size.",
      ({ AutoScalingGroupName: name = "", MinSize, MaxSize, DesiredCapacity: desired }, state) => {
        const group = state.groups.get(name);
        const [min, max] = [
          MinSize ?? group?.minSize ?? 0,
          MaxSize ?? group?.maxSize ?? Number.POSITIVE_INFINITY,
        ];
        return (
          desired !== undefined &&
          (desired < min || desired > max) &&
          `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`
        );
      },
    ],
  ],
);

const SETTING_RULES = refusals<Both, State>(
  {
    prefix: "autoscaling",
    operations: BOTH,
    code: "ValidationError",
    page: `${API}/API_UpdateAutoScalingGroup.html`,
  },
  [
    [
      "template-twofold",
      "A launch template is given by id or by name.",
      ({ LaunchTemplate: template }) =>
        template !== undefined &&
        ((template.LaunchTemplateId ?? "") !== "") === ((template.LaunchTemplateName ?? "") !== "") &&
        "Valid requests must contain either launchTemplateId or LaunchTemplateName",
    ],
    [
      "launch-source-twofold",
      "A group has one of launch template, launch configuration and mixed instances policy.",
      ({ LaunchTemplate, MixedInstancesPolicy, ...rest }) =>
        [LaunchTemplate, MixedInstancesPolicy, (rest as Create).LaunchConfigurationName].filter(
          (one) => one !== undefined,
        ).length > 1 &&
        "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.",
    ],
    [
      "zones-twofold",
      "Availability Zones are given by name or by id.",
      ({ AvailabilityZones = [], AvailabilityZoneIds = [] }) =>
        AvailabilityZones.length > 0 &&
        AvailabilityZoneIds.length > 0 &&
        "You cannot specify both AvailabilityZones and AvailabilityZoneIds in the same request",
    ],
    [
      "health-check-type",
      "Health check types are EC2, EBS, ELB and VPC_LATTICE.",
      ({ HealthCheckType: types }) =>
        types?.split(",").some((type) => !["EC2", "EBS", "ELB", "VPC_LATTICE"].includes(type.trim())) &&
        `Invalid HealthCheckType ${types}: the valid values are EC2, EBS, ELB, and VPC_LATTICE.`,
    ],
    [
      "grace-period",
      "The grace period of health checks is not negative.",
      ({ HealthCheckGracePeriod: seconds }) =>
        isOutside(seconds, 0, MOST_SECONDS) &&
        constraint("healthCheckGracePeriod", seconds, "Member must have value greater than or equal to 0"),
    ],
    [
      "cooldown",
      "The cooldown is not negative.",
      ({ DefaultCooldown: seconds }) =>
        isOutside(seconds, 0, MOST_SECONDS) &&
        constraint("defaultCooldown", seconds, "Member must have value greater than or equal to 0"),
    ],
    [
      "instance-lifetime",
      "The maximum lifetime of an instance is 0, or 86400 to 31536000 seconds.",
      ({ MaxInstanceLifetime: seconds }) =>
        seconds !== 0 &&
        isOutside(seconds, 86_400, 31_536_000) &&
        "Value of MaxInstanceLifetime must be 0, or between 86400 and 31536000 seconds.",
    ],
    [
      "instance-warmup",
      "The default warm-up of instances is -1, or not negative.",
      ({ DefaultInstanceWarmup: seconds }) =>
        isOutside(seconds, -1, MOST_SECONDS) &&
        constraint("defaultInstanceWarmup", seconds, "Member must have value greater than or equal to -1"),
    ],
    [
      "termination-policy",
      "A termination policy is one of the reference's, or the ARN of a Lambda function.",
      ({ TerminationPolicies }) =>
        firstOf(
          TerminationPolicies,
          (policy) =>
            !TERMINATION_POLICIES.includes(policy) &&
            !FUNCTION.test(policy) &&
            `Termination policy ${policy} is not valid.`,
        ),
    ],
    [
      "termination-default-last",
      "The termination policy Default comes last.",
      ({ TerminationPolicies: policies = [] }) =>
        policies.includes("Default") &&
        policies.indexOf("Default") < policies.length - 1 &&
        "The Default termination policy must be the last of the list of termination policies.",
    ],
    [
      "termination-function-first",
      "A function that chooses what to terminate comes first.",
      ({ TerminationPolicies: policies = [] }) =>
        policies.slice(1).some((policy) => FUNCTION.test(policy)) &&
        "A custom termination policy must be the first of the list of termination policies.",
    ],
    [
      "maintenance-both",
      "A maintenance policy has both percentages.",
      ({ InstanceMaintenancePolicy: policy }) =>
        policy !== undefined &&
        (policy.MinHealthyPercentage === undefined || policy.MaxHealthyPercentage === undefined) &&
        "Both MinHealthyPercentage and MaxHealthyPercentage must be specified.",
    ],
    [
      "maintenance-percentages",
      "The percentages of a maintenance policy are 0 to 100 and 100 to 200, at most 100 apart, or both -1.",
      ({ InstanceMaintenancePolicy: policy }) => {
        const { MinHealthyPercentage: min, MaxHealthyPercentage: max } = policy ?? {};
        if (min === undefined || max === undefined || (min === -1 && max === -1)) return false;
        return (
          (isOutside(min, 0, 100) || isOutside(max, 100, 200) || max - min > 100) &&
          "MinHealthyPercentage must be between 0 and 100, MaxHealthyPercentage between 100 and 200, and the difference at most 100."
        );
      },
    ],
    [
      "deletion-protection",
      "Deletion protection is none, prevent-force-deletion or prevent-all-deletion.",
      ({ DeletionProtection: level }) =>
        isNoneOf(level, ["none", "prevent-force-deletion", "prevent-all-deletion"]) &&
        constraint(
          "deletionProtection",
          level,
          "Member must satisfy enum value set: [none, prevent-force-deletion, prevent-all-deletion]",
        ),
    ],
    [
      "zone-distribution",
      "Capacity is distributed balanced-only, balanced-best-effort or reservations-then-balanced.",
      ({ AvailabilityZoneDistribution: distribution }) =>
        isNoneOf(distribution?.CapacityDistributionStrategy, [
          "balanced-only",
          "balanced-best-effort",
          "reservations-then-balanced",
        ]) &&
        constraint(
          "availabilityZoneDistribution.capacityDistributionStrategy",
          distribution?.CapacityDistributionStrategy,
          "Member must satisfy enum value set: [balanced-only, balanced-best-effort, reservations-then-balanced]",
        ),
    ],
    [
      "zone-impairment",
      "In an impaired zone, unhealthy instances are replaced or ignored.",
      ({ AvailabilityZoneImpairmentPolicy: policy }) =>
        isNoneOf(policy?.ImpairedZoneHealthCheckBehavior, ["ReplaceUnhealthy", "IgnoreUnhealthy"]) &&
        constraint(
          "availabilityZoneImpairmentPolicy.impairedZoneHealthCheckBehavior",
          policy?.ImpairedZoneHealthCheckBehavior,
          "Member must satisfy enum value set: [ReplaceUnhealthy, IgnoreUnhealthy]",
        ),
    ],
    [
      "capacity-preference",
      "The preference for reserved capacity is one of the reference's.",
      ({ CapacityReservationSpecification: { CapacityReservationPreference: preference } = {} }) =>
        isNoneOf(preference, [
          "capacity-reservations-only",
          "capacity-reservations-first",
          "none",
          "default",
        ]) &&
        constraint(
          "capacityReservationSpecification.capacityReservationPreference",
          preference,
          "Member must satisfy enum value set: [capacity-reservations-only, capacity-reservations-first, none, default]",
        ),
    ],
    [
      "capacity-type",
      "Capacity is counted in units, vcpu or memory-mib.",
      ({ DesiredCapacityType: type }) =>
        isNoneOf(type, ["", "units", "vcpu", "memory-mib"]) && `Invalid DesiredCapacityType ${type}`,
    ],
    [
      "capacity-type-attributes",
      "Capacity is counted in vcpu or memory-mib with attribute-based instance types only.",
      (
        { AutoScalingGroupName: name = "", DesiredCapacityType: type = "", MixedInstancesPolicy: mixed },
        state,
      ) => {
        const given = mixed?.LaunchTemplate?.Overrides?.map((one) => one.InstanceRequirements);
        const kept = state.groups.get(name)?.mixed?.overrides.map((one) => one.requirements);
        return (
          ["vcpu", "memory-mib"].includes(type) &&
          !(given ?? kept ?? []).some((one) => one !== undefined) &&
          "The DesiredCapacityType field is only allowed in mixed instances groups containing InstanceRequirements overrides. Please include a MixedInstancesPolicy with InstanceRequirements for your group and try again."
        );
      },
    ],
  ],
);

const TAG_RULES = refusals<Pick<Create & CreateOrUpdateTagsType, "Tags">, State>(
  {
    prefix: "autoscaling",
    operations: ["CreateAutoScalingGroup", "CreateOrUpdateTags"],
    code: "ValidationError",
    page: `${GUIDE}/ec2-auto-scaling-tagging.html`,
  },
  [
    [
      "tag-key-length",
      "A tag key has 1 to 128 characters.",
      ({ Tags }) =>
        firstOf(
          Tags,
          ({ Key }) =>
            (lengthOf(Key) < 1 || lengthOf(Key) > 128) &&
            constraint("tags.1.member.key", Key ?? null, "Member must have length between 1 and 128"),
        ),
    ],
    [
      "tag-value-length",
      "A tag value has at most 256 characters.",
      ({ Tags }) =>
        firstOf(
          Tags,
          ({ Value }) =>
            lengthOf(Value) > 256 &&
            constraint("tags.1.member.value", Value, "Member must have length less than or equal to 256"),
        ),
    ],
    [
      "tag-characters",
      "Tags have no control characters but tabs and line ends.",
      ({ Tags }) =>
        firstOf(
          Tags,
          ({ Key = "", Value = "" }) =>
            /(?![\t\n\r])\p{Cc}/u.test(Key + Value) &&
            constraint(
              "tags",
              Key,
              "Member must satisfy regular expression pattern: [\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*",
            ),
        ),
    ],
    [
      "tag-reserved",
      "Tag keys that begin with aws:, in any case, are AWS's own.",
      ({ Tags }) =>
        firstOf(
          Tags,
          ({ Key = "" }) =>
            /^aws:/i.test(Key) && `Tag keys that begin with 'aws:' are reserved for AWS use: ${Key}`,
        ),
    ],
    [
      "tag-twice",
      "A tag key of a group is given once.",
      ({ Tags = [] }) =>
        hasTwice(Tags.map(({ ResourceId = "", Key }) => `${ResourceId} ${Key}`)) &&
        "Duplicate keys are not allowed when specifying tags",
    ],
    [
      "tag-resource-type",
      "Only groups are tagged.",
      ({ Tags }) =>
        firstOf(
          Tags,
          ({ ResourceType: type }) =>
            isNoneOf(type, ["", "auto-scaling-group"]) &&
            `The resource type ${type} is not supported: use auto-scaling-group.`,
        ),
    ],
    [
      "tag-count",
      "A group has at most 50 tags.",
      ({ Tags = [] }, state) =>
        firstOf([...new Set(Tags.map(({ ResourceId = "" }) => ResourceId))], (name) => {
          const present = [...(state.groups.get(name)?.tags.keys() ?? [])];
          const given = Tags.filter(({ ResourceId = "" }) => ResourceId === name).map(({ Key = "" }) => Key);
          return (
            new Set([...present, ...given]).size > QUOTAS.tags &&
            `An Auto Scaling group has at most ${QUOTAS.tags} tags.`
          );
        }),
      "LimitExceeded",
    ],
  ],
);

export const GROUP_RULES: readonly RefusalRule<State>[] = [
  ...NAME_RULES,
  ...SIZE_RULES,
  ...SETTING_RULES,
  ...TAG_RULES,
];
