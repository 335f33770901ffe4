import { addressFrom, childNameOf, referenceIn } from "../../../model/address.ts";
import { targetGroupsOf } from "../action/schema.ts";
import { nameRule } from "../names/rule.ts";
import type { ReferenceSpec } from "../reference.ts";
import { siblingExists } from "../reference-rules.ts";
import { AUTO_SCALING_API, AUTO_SCALING_GUIDE, memberOf, type SpecRule } from "../spec-rule.ts";
import type { WebServiceSpec } from "../web-service.ts";
import type { ScalingPolicySpec } from "./schema.ts";

type TargetTrackingSpec = NonNullable<ScalingPolicySpec["targetTracking"]>;
interface InGroup {
  readonly autoScalingGroup: { readonly targetGroups?: string[] };
}
type StepScalingSpec = NonNullable<ScalingPolicySpec["stepScaling"]>;
type SimpleScalingSpec = NonNullable<ScalingPolicySpec["simpleScaling"]>;

const PUT = `${AUTO_SCALING_API}/API_PutScalingPolicy.html` as const;
const STEPS = `${AUTO_SCALING_GUIDE}/as-scaling-simple-step.html` as const;
const METRIC = `${AUTO_SCALING_API}/API_PredefinedMetricSpecification.html` as const;

const FORMS = ["targetTracking", "stepScaling", "simpleScaling", "predictiveScaling"] as const;

function formsOf(policy: ScalingPolicySpec): string[] {
  return FORMS.filter((form) => policy[form] !== undefined);
}

export const scalingPolicyRules: readonly SpecRule<ScalingPolicySpec>[] = [
  nameRule({
    must: "have no control characters but tabs and ends of lines",
    isAllowed: (name) => /^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\r\n\t]+$/u.test(name),
    source: PUT,
  }),
  {
    at: "",
    must: "be exactly one of `targetTracking`, `stepScaling`, `simpleScaling` and `predictiveScaling`",
    when: (policy) => formsOf(policy).length !== 1,
    says: (policy) =>
      `must be exactly one of ${FORMS.join(", ")}; was ${formsOf(policy).join(" and ") || "none"}`,
    source: PUT,
  },
  {
    at: "estimatedInstanceWarmup",
    must: "be given with `targetTracking` or `stepScaling` only",
    when: ({ estimatedInstanceWarmup: warmup, simpleScaling, predictiveScaling }) =>
      warmup !== undefined && (simpleScaling !== undefined || predictiveScaling !== undefined),
    says: "goes with targetTracking and stepScaling only; a simple policy has a cooldown",
    source: PUT,
  },
];

export const targetTrackingRules: readonly SpecRule<TargetTrackingSpec, InGroup>[] = [
  {
    at: "",
    must: "have exactly one of `predefinedMetricType` and `customizedMetric`",
    when: ({ predefinedMetricType: predefined, customizedMetric: customized }) =>
      (predefined === undefined) === (customized === undefined),
    says: "takes exactly one of predefinedMetricType and customizedMetric",
    source: `${AUTO_SCALING_API}/API_TargetTrackingConfiguration.html`,
  },
  {
    at: "resourceLabel",
    must: "be given with `predefinedMetricType` ALBRequestCountPerTarget",
    when: (tracking) => countsRequests(tracking) && tracking.resourceLabel === undefined,
    says: "is required with ALBRequestCountPerTarget: { ref: targetGroups.<name> }",
    reason: "FieldValueRequired",
    source: PUT,
  },
  {
    at: "resourceLabel",
    must: "be given with `predefinedMetricType` ALBRequestCountPerTarget only",
    when: (tracking) => !countsRequests(tracking) && tracking.resourceLabel !== undefined,
    says: "goes with ALBRequestCountPerTarget only",
    source: METRIC,
  },
];

export const resourceLabelRules: readonly SpecRule<ReferenceSpec, InGroup>[] = [
  siblingExists(namesTargetGroup),
  {
    at: "ref",
    must: "name a target group that the group fills and a listener forwards to",
    each: ({ ref }, { spec, autoScalingGroup: { targetGroups = [] } }) => {
      const name = childNameOf(addressFrom(ref));
      if (!namesTargetGroup(ref) || memberOf(spec.targetGroups, name) === undefined) return [];
      if (!targetGroups.includes(name)) return [`names ${name}, which is not among the group's targetGroups`];
      return forwardedTo(spec).includes(name) ? [] : [`names ${name}, which no listener forwards to`];
    },
    source: METRIC,
  },
  {
    at: "ref",
    must: "name a target group",
    when: ({ ref }) => !namesTargetGroup(ref),
    says: ({ ref }) => `must name a target group; was ${ref}`,
    source: METRIC,
  },
];

export const stepScalingRules: readonly SpecRule<StepScalingSpec>[] = [
  {
    at: "stepAdjustments",
    must: "have a bound each",
    when: ({ stepAdjustments }) =>
      rangesOf(stepAdjustments).some(
        ({ lower, upper }) => !Number.isFinite(lower) && !Number.isFinite(upper),
      ),
    says: "need metricIntervalLowerBound or metricIntervalUpperBound each",
    source: STEPS,
  },
  {
    at: "stepAdjustments",
    must: "have `metricIntervalLowerBound` below `metricIntervalUpperBound`",
    each: ({ stepAdjustments }) =>
      rangesOf(stepAdjustments)
        .filter(({ lower, upper }) => lower >= upper)
        .map(({ lower, upper }) => `hold a range from ${lower} to ${upper}, which is empty`),
    source: STEPS,
  },
  {
    at: "stepAdjustments",
    must: "not overlap",
    each: ({ stepAdjustments }) =>
      neighboursIn(stepAdjustments)
        .filter(({ end, start }) => start < end)
        .map(({ end, start }) => `overlap between ${start} and ${end}`),
    source: STEPS,
  },
  {
    at: "stepAdjustments",
    must: "follow each other without gaps",
    each: ({ stepAdjustments }) =>
      neighboursIn(stepAdjustments)
        .filter(({ end, start }) => start > end)
        .map(({ end, start }) => `leave a gap between ${end} and ${start}`),
    source: STEPS,
  },
  {
    at: "stepAdjustments",
    must: "be open below where they go below the threshold",
    each: ({ stepAdjustments }) => {
      const lowest = Math.min(...rangesOf(stepAdjustments).map(({ lower }) => lower));
      return Number.isFinite(lowest) && lowest < 0
        ? [`end at ${lowest}; leave out metricIntervalLowerBound of the lowest step`]
        : [];
    },
    source: STEPS,
  },
  {
    at: "stepAdjustments",
    must: "be open above where they go above the threshold",
    each: ({ stepAdjustments }) => {
      const highest = Math.max(...rangesOf(stepAdjustments).map(({ upper }) => upper));
      return Number.isFinite(highest) && highest > 0
        ? [`end at ${highest}; leave out metricIntervalUpperBound of the highest step`]
        : [];
    },
    source: STEPS,
  },
  {
    at: "stepAdjustments",
    must: "not be negative with `adjustmentType` ExactCapacity",
    when: ({ adjustmentType, stepAdjustments }) =>
      adjustmentType === "ExactCapacity" && stepAdjustments.some((step) => step.scalingAdjustment < 0),
    says: "must not be negative with ExactCapacity: a group has no fewer than 0 instances",
    source: PUT,
  },
  {
    at: "minAdjustmentMagnitude",
    must: "be given with `adjustmentType` PercentChangeInCapacity only",
    when: ({ minAdjustmentMagnitude, adjustmentType }) =>
      minAdjustmentMagnitude !== undefined && adjustmentType !== "PercentChangeInCapacity",
    says: "goes with adjustmentType PercentChangeInCapacity only",
    source: PUT,
  },
];

export const simpleScalingRules: readonly SpecRule<SimpleScalingSpec>[] = [
  {
    at: "scalingAdjustment",
    must: "not be negative with `adjustmentType` ExactCapacity",
    when: ({ adjustmentType, scalingAdjustment }) =>
      adjustmentType === "ExactCapacity" && scalingAdjustment < 0,
    says: "must not be negative with ExactCapacity: a group has no fewer than 0 instances",
    source: PUT,
  },
  {
    at: "minAdjustmentMagnitude",
    must: "be given with `adjustmentType` PercentChangeInCapacity only",
    when: ({ minAdjustmentMagnitude, adjustmentType }) =>
      minAdjustmentMagnitude !== undefined && adjustmentType !== "PercentChangeInCapacity",
    says: "goes with adjustmentType PercentChangeInCapacity only",
    source: PUT,
  },
];

/** Every target group that gets requests. */
function forwardedTo({ loadBalancer }: WebServiceSpec): string[] {
  return loadBalancer.listeners.flatMap(({ defaultAction, rules = [] }) =>
    [defaultAction, ...rules.map(({ action }) => action)].flatMap(targetGroupsOf),
  );
}

function countsRequests({ predefinedMetricType }: TargetTrackingSpec): boolean {
  return predefinedMetricType === "ALBRequestCountPerTarget";
}

function namesTargetGroup(ref: string): boolean {
  return referenceIn(ref)?.to === "targetGroup";
}

interface Range {
  readonly lower: number;
  readonly upper: number;
}

/** From the lowest; a bound that is not given is infinite. */
function rangesOf(steps: StepScalingSpec["stepAdjustments"]): Range[] {
  return steps
    .map(({ metricIntervalLowerBound: lower, metricIntervalUpperBound: upper }) => ({
      lower: lower ?? Number.NEGATIVE_INFINITY,
      upper: upper ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => a.lower - b.lower || a.upper - b.upper);
}

/** Where a step ends, and where the next one starts. */
function neighboursIn(steps: StepScalingSpec["stepAdjustments"]): { end: number; start: number }[] {
  const ranges = rangesOf(steps);
  return ranges.slice(1).map(({ lower: start }, index) => ({ end: ranges[index]!.upper, start }));
}
