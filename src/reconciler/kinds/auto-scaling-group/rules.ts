import { nameRule } from "../names/rule.ts";
import type { ScalingPolicySpec } from "../scaling-policy/schema.ts";
import {
  AUTO_SCALING_API,
  AUTO_SCALING_GUIDE,
  HOLDFAST,
  memberOf,
  missing,
  type SpecRule,
} from "../spec-rule.ts";
import { groupTagRules, TAGS_PER_RESOURCE, tagCount } from "../tag-rules.ts";
import { capacityRules } from "./capacity/rules.ts";
import { mixedGroupRules } from "./mixed/rules.ts";
import { refreshRules } from "./refresh-rules.ts";
import { type AutoScalingGroupSpec, TERMINATION_FUNCTION, TERMINATION_POLICIES } from "./schema.ts";

const CREATE = `${AUTO_SCALING_API}/API_CreateAutoScalingGroup.html` as const;
const TERMINATION = `${AUTO_SCALING_GUIDE}/ec2-auto-scaling-termination-policies.html` as const;

const isFunction = (policy: string): boolean => TERMINATION_FUNCTION.test(policy);

const terminationRules: readonly SpecRule<AutoScalingGroupSpec>[] = [
  {
    at: "terminationPolicies",
    must: "be AWS's own, or the ARN of a Lambda function",
    each: ({ terminationPolicies }) =>
      terminationPolicies
        .filter((policy) => !TERMINATION_POLICIES.includes(policy) && !isFunction(policy))
        .map(
          (policy) => `takes ${TERMINATION_POLICIES.join(", ")}, or a Lambda function's ARN; was ${policy}`,
        ),
    reason: "FieldValueNotSupported",
    source: CREATE,
  },
  {
    at: "terminationPolicies",
    must: "have `Default` last",
    when: ({ terminationPolicies: all }) => all.slice(0, -1).includes("Default"),
    says: "must have Default last: what comes after it would never be asked",
    source: TERMINATION,
  },
  {
    at: "terminationPolicies",
    must: "have a function first",
    when: ({ terminationPolicies: [, ...rest] }) => rest.some(isFunction),
    says: "must have a function first, and at most one",
    source: `${AUTO_SCALING_GUIDE}/lambda-custom-termination-policy.html`,
  },
];

const settingRules: readonly SpecRule<AutoScalingGroupSpec>[] = [
  {
    at: "instanceMaintenancePolicy.maxHealthyPercentage",
    must: "not be more than 100 above `minHealthyPercentage`",
    when: ({ instanceMaintenancePolicy: policy }) =>
      // One below 0 is told for itself.
      policy !== undefined && policy.maxHealthyPercentage - Math.max(0, policy.minHealthyPercentage) > 100,
    says: ({ instanceMaintenancePolicy: policy }) =>
      `must not be more than 100 above minHealthyPercentage (${policy?.minHealthyPercentage}); was ${policy?.maxHealthyPercentage}`,
    source: `${AUTO_SCALING_API}/API_InstanceMaintenancePolicy.html`,
  },
  {
    at: "availabilityZoneImpairmentPolicy.impairedZoneHealthCheckBehavior",
    must: "be given where `zonalShiftEnabled` is true",
    when: ({ availabilityZoneImpairmentPolicy: policy }) =>
      policy?.zonalShiftEnabled === true && policy.impairedZoneHealthCheckBehavior === undefined,
    says: "is required with zonalShiftEnabled",
    reason: "FieldValueRequired",
    source:
      "docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-autoscaling-autoscalinggroup-availabilityzoneimpairmentpolicy.html",
  },
];

export const autoScalingGroupRules: readonly SpecRule<AutoScalingGroupSpec>[] = [
  nameRule({
    must: "have ASCII letters, digits and punctuation only, and neither a colon nor a space",
    isAllowed: (name) => /^[\x21-\x39\x3b-\x7e]+$/.test(name),
    source: CREATE,
  }),
  ...capacityRules,
  {
    at: "targetGroups",
    must: "name target groups of this spec",
    each: ({ targetGroups = [] }, { spec }) =>
      targetGroups
        .filter((name) => memberOf(spec.targetGroups, name) === undefined)
        .map((name) => missing("target group", name, spec.targetGroups)),
    reason: "FieldValueNotFound",
    source: HOLDFAST,
  },
  ...terminationRules,
  {
    at: "tags",
    must: `be at most ${TAGS_PER_RESOURCE} together with \`spec.tags\` and Holdfast's own two`,
    when: ({ tags }, { spec }) => tags !== undefined && tagCount(spec.tags, tags) > TAGS_PER_RESOURCE,
    says: ({ tags }, { spec }) =>
      `would be ${tagCount(spec.tags, tags)} with spec.tags and Holdfast's own two; AWS takes ${TAGS_PER_RESOURCE}`,
    source: `${AUTO_SCALING_GUIDE}/ec2-auto-scaling-tagging.html`,
  },
  ...groupTagRules,
  ...settingRules,
  ...refreshRules,
  ...mixedGroupRules,
  {
    at: "scalingPolicies",
    must: "have at most one target tracking policy for a metric",
    each: ({ scalingPolicies = {} }) => rivals(Object.entries(scalingPolicies)),
    reason: "FieldValueDuplicate",
    source: `${AUTO_SCALING_GUIDE}/as-scaling-target-tracking.html`,
  },
];

/** Policies that follow what another one before them follows. */
function rivals(policies: readonly [name: string, policy: ScalingPolicySpec][]): string[] {
  const first = new Map<string, string>();
  return policies.flatMap(([name, { targetTracking }]) => {
    if (targetTracking === undefined) return [];
    const metric = JSON.stringify(metricOf(targetTracking));
    const before = first.get(metric);
    if (before === undefined) first.set(metric, name);
    return before === undefined
      ? []
      : [`${before} and ${name} follow the same metric; AWS takes one target tracking policy for it`];
  });
}

function metricOf({ predefinedMetricType, resourceLabel, customizedMetric: custom }: Tracking): unknown {
  if (custom === undefined) return [predefinedMetricType, resourceLabel?.ref];
  const { namespace, metricName, statistic, unit, dimensions = {} } = custom;
  return [namespace, metricName, statistic, unit, Object.entries(dimensions).sort()];
}

type Tracking = NonNullable<ScalingPolicySpec["targetTracking"]>;
