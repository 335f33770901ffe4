import type { ReferenceSpec } from "../reference.ts";
import { siblingExists } from "../reference-rules.ts";
import { AUTO_SCALING_API, AUTO_SCALING_GUIDE, type SpecRule } from "../spec-rule.ts";
import type { ScalingPolicySpec } from "./schema.ts";

type TargetTrackingSpec = NonNullable<ScalingPolicySpec["targetTracking"]>;
type StepScalingSpec = NonNullable<ScalingPolicySpec["stepScaling"]>;

const PUT = `${AUTO_SCALING_API}/API_PutScalingPolicy.html` as const;
const METRIC = `${AUTO_SCALING_API}/API_PredefinedMetricSpecification.html` as const;

export const scalingPolicyRules: readonly SpecRule<ScalingPolicySpec>[] = [
  {
    at: "",
    must: "be exactly one of `targetTracking` and `stepScaling`",
    when: ({ targetTracking, stepScaling }) => (targetTracking === undefined) === (stepScaling === undefined),
    says: ({ targetTracking }) =>
      `must be exactly one of targetTracking and stepScaling; was ${targetTracking === undefined ? "none" : "both"}`,
    source: PUT,
  },
];

export const targetTrackingRules: readonly SpecRule<TargetTrackingSpec>[] = [
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

export const resourceLabelRules: readonly SpecRule<ReferenceSpec>[] = [
  siblingExists(namesTargetGroup),
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
    must: "follow each other without gaps or overlaps, none of them empty",
    each: faultsOfSteps,
    source: `${AUTO_SCALING_GUIDE}/as-scaling-simple-step.html`,
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

function countsRequests({ predefinedMetricType }: TargetTrackingSpec): boolean {
  return predefinedMetricType === "ALBRequestCountPerTarget";
}

function namesTargetGroup(ref: string): boolean {
  return ref.startsWith("targetGroups.");
}

function faultsOfSteps({ stepAdjustments }: StepScalingSpec): string[] {
  const ranges = stepAdjustments
    .map(({ metricIntervalLowerBound: lower, metricIntervalUpperBound: upper }) => ({
      lower: lower ?? Number.NEGATIVE_INFINITY,
      upper: upper ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => a.lower - b.lower);
  return ranges.flatMap(({ lower, upper }, index) => {
    const next = ranges[index + 1]?.lower ?? upper;
    return [
      ...(lower >= upper ? [`hold a range from ${lower} to ${upper}, which is empty`] : []),
      ...(next === upper ? [] : [`leave a gap or overlap between ${upper} and ${next}`]),
    ];
  });
}
