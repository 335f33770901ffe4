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

export const autoScalingGroupRules: readonly SpecRule<AutoScalingGroupSpec>[] = [
  nameRule({
    must: "have ASCII letters, digits and punctuation only, and neither a colon nor a space",
    isAllowed: (name) => /^[\x21-\x39\x3b-\x7e]+$/.test(name),
    source: CREATE,
  }),
  {
    at: "minSize",
    must: "not be above `maxSize`",
    when: ({ minSize, maxSize }) => minSize > maxSize,
    says: ({ minSize, maxSize }) => `must not be above maxSize (${maxSize}); was ${minSize}`,
    source: CREATE,
  },
  {
    at: "desiredCapacity",
    must: "be from `minSize` to `maxSize`",
    when: ({ desiredCapacity: wanted, minSize, maxSize }) =>
      wanted !== undefined && (wanted < minSize || wanted > maxSize),
    says: ({ desiredCapacity, minSize, maxSize }) =>
      `must be from minSize (${minSize}) to maxSize (${maxSize}); was ${desiredCapacity}`,
    source: CREATE,
  },
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
  ...refreshRules,
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
