/** What Auto Scaling refuses of scaling policies. */
import type { PutScalingPolicyType, StepAdjustment } from "@aws-sdk/client-auto-scaling";
import { UNITS } from "../../../model/metric-units.ts";
import { isNoneOf, isOutside, type RefusalRule, refusals } from "../../account/refusals.ts";
import type { State } from "../state.ts";
import { METRIC_QUERY_RULES } from "./metric-queries.ts";
import { POLICY_GROUP_RULES } from "./policy-groups.ts";
import { POLICY_NAME_RULES } from "./policy-names.ts";
import { PREDICTIVE_RULES } from "./predictive.ts";

const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";

type Put = PutScalingPolicyType;

const TYPES = ["TargetTrackingScaling", "StepScaling", "SimpleScaling", "PredictiveScaling"];
const ADJUSTMENTS = ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"];
const STATISTICS = ["Average", "Minimum", "Maximum", "SampleCount", "Sum"];
const PREDEFINED = [
  "ASGAverageCPUUtilization",
  "ASGAverageCPUUtilizationHighResolution",
  "ASGAverageNetworkIn",
  "ASGAverageNetworkOut",
  "ALBRequestCountPerTarget",
];
const LARGEST = 2_147_483_647;

const typeOf = (input: Put): string => input.PolicyType || "SimpleScaling";
const isStep = (input: Put): boolean => typeOf(input) === "StepScaling";
const isSimple = (input: Put): boolean => typeOf(input) === "SimpleScaling";
const isTracking = (input: Put): boolean => typeOf(input) === "TargetTrackingScaling";

const PUT = { prefix: "autoscaling", operations: ["PutScalingPolicy"], code: "ValidationError" };

const POLICY_RULES_OF_ALL = refusals<Put, State>({ ...PUT, page: `${API}/API_PutScalingPolicy.html` }, [
  [
    "policy-type",
    "The type of a policy is one of the reference's.",
    (input) => isNoneOf(typeOf(input), TYPES) && `Invalid policy type: ${typeOf(input)}.`,
  ],
  [
    "adjustment-type-missing",
    "A step or simple policy has an adjustment type.",
    (input) =>
      (isStep(input) || isSimple(input)) &&
      (input.AdjustmentType ?? "") === "" &&
      `AdjustmentType must be specified for policy type ${typeOf(input)}.`,
  ],
  [
    "adjustment-type",
    "The adjustment type is ChangeInCapacity, ExactCapacity or PercentChangeInCapacity.",
    ({ AdjustmentType: type }) =>
      isNoneOf(type, ["", ...ADJUSTMENTS]) &&
      `Invalid adjustment type ${type}: use ${ADJUSTMENTS.join(", ")}.`,
  ],
  [
    "adjustment-of-tracking",
    "A target tracking policy has no adjustment.",
    (input) =>
      isTracking(input) &&
      ((input.AdjustmentType ?? "") !== "" ||
        (input.ScalingAdjustment ?? 0) !== 0 ||
        (input.StepAdjustments ?? []).length > 0) &&
      "AdjustmentType, ScalingAdjustment and StepAdjustments are not supported for policy type TargetTrackingScaling.",
  ],
  [
    "adjustment-magnitude",
    "A minimum magnitude goes with PercentChangeInCapacity only.",
    ({ MinAdjustmentMagnitude: magnitude = 0, AdjustmentType: type }) =>
      magnitude !== 0 &&
      type !== "PercentChangeInCapacity" &&
      "MinAdjustmentMagnitude is only supported for adjustment type PercentChangeInCapacity.",
  ],
  [
    "simple-adjustment-missing",
    "A simple policy has a scaling adjustment.",
    (input) =>
      isSimple(input) &&
      input.ScalingAdjustment === undefined &&
      "ScalingAdjustment must be specified for policy type SimpleScaling.",
  ],
  [
    "adjustment-exact-negative",
    "An exact capacity is not negative.",
    ({ AdjustmentType: type, ScalingAdjustment: adjustment = 0, StepAdjustments = [] }) =>
      type === "ExactCapacity" &&
      [adjustment, ...StepAdjustments.map((step) => step.ScalingAdjustment ?? 0)].some((one) => one < 0) &&
      "ScalingAdjustment must not be negative for adjustment type ExactCapacity.",
  ],
  [
    "steps-of-simple",
    "A simple policy has no steps.",
    (input) =>
      isSimple(input) &&
      (input.StepAdjustments ?? []).length > 0 &&
      "StepAdjustments are not supported for policy type SimpleScaling.",
  ],
  [
    "adjustment-of-step",
    "A step policy has steps, and no scaling adjustment.",
    (input) =>
      isStep(input) &&
      (input.ScalingAdjustment ?? 0) !== 0 &&
      "ScalingAdjustment is not supported for policy type StepScaling.",
  ],
  [
    // Clients send 0 with each update of a step policy, and AWS takes it.
    "policy-cooldown",
    "Only a simple policy has a cooldown.",
    (input) =>
      !isSimple(input) &&
      (input.Cooldown ?? 0) !== 0 &&
      `Cooldown is not supported for policy type ${typeOf(input)}.`,
  ],
  [
    "policy-cooldown-negative",
    "A cooldown is not negative.",
    ({ Cooldown: seconds }) => isOutside(seconds, 0, LARGEST),
  ],
  [
    "aggregation-type",
    "The aggregation is Minimum, Maximum or Average.",
    ({ MetricAggregationType: type }) =>
      isNoneOf(type, ["", "Minimum", "Maximum", "Average"]) &&
      `Invalid metric aggregation type ${type}: use Minimum, Maximum, Average.`,
  ],
  [
    "aggregation-of-others",
    "Only a step policy has an aggregation.",
    (input) =>
      !isStep(input) &&
      (input.MetricAggregationType ?? "") !== "" &&
      `MetricAggregationType is not supported for policy type ${typeOf(input)}.`,
  ],
  [
    "warmup-of-simple",
    "A simple policy has no warm-up.",
    (input) =>
      isSimple(input) &&
      (input.EstimatedInstanceWarmup ?? 0) !== 0 &&
      "EstimatedInstanceWarmup is not supported for policy type SimpleScaling.",
  ],
  [
    "warmup-negative",
    "A warm-up is not negative.",
    ({ EstimatedInstanceWarmup: seconds }) => isOutside(seconds, 0, LARGEST),
  ],
]);

interface Range {
  readonly lower: number;
  readonly upper: number;
}

/** From the lowest; a bound that is not given is infinite. */
function rangesOf(steps: readonly StepAdjustment[]): readonly Range[] {
  return steps
    .map((step) => ({
      lower: step.MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY,
      upper: step.MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => a.lower - b.lower || a.upper - b.upper);
}

function ofSteps(
  said: (ranges: readonly Range[], steps: readonly StepAdjustment[]) => string | boolean | undefined,
): (input: Put) => string | boolean | undefined {
  return (input) => {
    const steps = input.StepAdjustments ?? [];
    return isStep(input) && steps.length > 0 && said(rangesOf(steps), steps);
  };
}

/** autoscaling/step-bounds */
const STEP_RULES = refusals<Put, State>({ ...PUT, page: `${GUIDE}/as-scaling-simple-step.html` }, [
  [
    "steps-missing",
    "A step policy has a step.",
    (input) =>
      isStep(input) &&
      (input.StepAdjustments ?? []).length === 0 &&
      "At least one StepAdjustment must be specified.",
  ],
  [
    "steps-count",
    "A step policy has at most 20 steps.",
    ofSteps((_, steps) => steps.length > 20 && "At most 20 StepAdjustments can be specified."),
  ],
  [
    "step-adjustment-missing",
    "A step has a scaling adjustment.",
    ofSteps((_, steps) => steps.some((step) => step.ScalingAdjustment === undefined)),
  ],
  [
    "step-unbounded-below-twice",
    "At most one step has no lower bound.",
    ofSteps(
      (ranges) =>
        ranges.filter(({ lower }) => lower === Number.NEGATIVE_INFINITY).length > 1 &&
        "At most one StepAdjustment may have an unspecified lower bound.",
    ),
  ],
  [
    "step-unbounded-above-twice",
    "At most one step has no upper bound.",
    ofSteps(
      (ranges) =>
        ranges.filter(({ upper }) => upper === Number.POSITIVE_INFINITY).length > 1 &&
        "At most one StepAdjustment may have an unspecified upper bound.",
    ),
  ],
  [
    "step-unbounded",
    "A step has a bound.",
    ofSteps(
      (ranges) =>
        ranges.some(({ lower, upper }) => !Number.isFinite(lower) && !Number.isFinite(upper)) &&
        "The upper and lower bound can't be null in the same step adjustment.",
    ),
  ],
  [
    "step-bounds-order",
    "The lower bound of a step is below its upper bound.",
    ofSteps(
      (ranges) =>
        ranges.some(({ lower, upper }) => lower >= upper) &&
        "The lower bound of a StepAdjustment must be less than its upper bound.",
    ),
  ],
  [
    "steps-overlap",
    "Steps do not overlap.",
    ofSteps(
      (ranges) =>
        ranges.some(({ lower }, index) => index > 0 && lower < ranges[index - 1]!.upper) &&
        "StepAdjustment intervals cannot overlap.",
    ),
  ],
  [
    "steps-gap",
    "There is no gap between steps.",
    ofSteps(
      (ranges) =>
        ranges.some(({ lower }, index) => index > 0 && lower > ranges[index - 1]!.upper) &&
        "StepAdjustment intervals cannot have gaps between them.",
    ),
  ],
  [
    "steps-open-below",
    "With a negative lower bound there is a step without one.",
    ofSteps(
      ([first]) =>
        first !== undefined &&
        first.lower < 0 &&
        Number.isFinite(first.lower) &&
        "There must be a StepAdjustment with an unspecified lower bound when one StepAdjustment has a negative lower bound.",
    ),
  ],
  [
    "steps-open-above",
    "With a positive upper bound there is a step without one.",
    ofSteps((ranges) => {
      const last = ranges.at(-1);
      return (
        last !== undefined &&
        last.upper > 0 &&
        Number.isFinite(last.upper) &&
        "There must be a StepAdjustment with an unspecified upper bound when one StepAdjustment has a positive upper bound."
      );
    }),
  ],
]);

const TRACKING_RULES = refusals<Put, State>({ ...PUT, page: `${API}/API_TargetTrackingConfiguration.html` }, [
  [
    "tracking-missing",
    "A target tracking policy has its configuration.",
    (input) =>
      isTracking(input) &&
      input.TargetTrackingConfiguration === undefined &&
      "TargetTrackingConfiguration must be specified for policy type TargetTrackingScaling.",
  ],
  [
    "tracking-of-others",
    "Only a target tracking policy has its configuration.",
    (input) =>
      !isTracking(input) &&
      input.TargetTrackingConfiguration !== undefined &&
      `TargetTrackingConfiguration is not supported for policy type ${typeOf(input)}.`,
  ],
  [
    "tracking-one-metric",
    "Either a predefined or a customized metric is followed.",
    ({ TargetTrackingConfiguration: tracking }) =>
      tracking !== undefined &&
      (tracking.PredefinedMetricSpecification === undefined) ===
        (tracking.CustomizedMetricSpecification === undefined) &&
      "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification is required.",
  ],
  [
    "target-value-missing",
    "A target tracking policy has a target.",
    ({ TargetTrackingConfiguration: tracking }) =>
      tracking !== undefined &&
      tracking.TargetValue === undefined &&
      "1 validation error detected: Value null at 'targetTrackingConfiguration.targetValue' failed to satisfy constraint: Member must not be null",
  ],
  [
    "target-value",
    "A target is a positive number.",
    ({ TargetTrackingConfiguration: tracking }) =>
      tracking?.TargetValue !== undefined &&
      !(tracking.TargetValue > 0 && Number.isFinite(tracking.TargetValue)) &&
      "TargetValue must be greater than 0.",
  ],
  [
    "predefined-metric",
    "A predefined metric is one of the reference's.",
    ({ TargetTrackingConfiguration: tracking }) =>
      isNoneOf(tracking?.PredefinedMetricSpecification?.PredefinedMetricType, PREDEFINED) &&
      `Invalid metric type: ${tracking?.PredefinedMetricSpecification?.PredefinedMetricType}.`,
  ],
  [
    "resource-label-missing",
    "ALBRequestCountPerTarget has a resource label.",
    ({ TargetTrackingConfiguration: tracking }) => {
      const predefined = tracking?.PredefinedMetricSpecification;
      return (
        predefined?.PredefinedMetricType === "ALBRequestCountPerTarget" &&
        (predefined.ResourceLabel ?? "") === "" &&
        "ResourceLabel must be specified for metric type ALBRequestCountPerTarget."
      );
    },
  ],
  [
    "resource-label-of-others",
    "Only ALBRequestCountPerTarget has a resource label.",
    ({ TargetTrackingConfiguration: tracking }) => {
      const predefined = tracking?.PredefinedMetricSpecification;
      return (
        predefined !== undefined &&
        predefined.PredefinedMetricType !== "ALBRequestCountPerTarget" &&
        (predefined.ResourceLabel ?? "") !== "" &&
        "ResourceLabel is only supported for metric type ALBRequestCountPerTarget."
      );
    },
  ],
  [
    "customized-metric",
    "A customized metric has a name, a namespace and a statistic, or is a list of queries.",
    ({ TargetTrackingConfiguration: tracking }) => {
      const metric = tracking?.CustomizedMetricSpecification;
      return (
        metric !== undefined &&
        metric.Metrics === undefined &&
        [metric.MetricName, metric.Namespace, metric.Statistic].some((one) => (one ?? "") === "") &&
        "MetricName, Namespace and Statistic must be specified for a customized metric."
      );
    },
  ],
  [
    "customized-twofold",
    "A customized metric is either one metric or a list of queries.",
    ({ TargetTrackingConfiguration: tracking }) => {
      const { Metrics, ...one } = tracking?.CustomizedMetricSpecification ?? {};
      return (
        Metrics !== undefined &&
        Object.values(one).some((member) => member !== undefined) &&
        "Metrics cannot be specified together with MetricName, Namespace, Dimensions, Statistic, Unit or Period."
      );
    },
  ],
  [
    "customized-statistic",
    "The statistic of a customized metric is one of the reference's.",
    ({ TargetTrackingConfiguration: tracking }) =>
      isNoneOf(tracking?.CustomizedMetricSpecification?.Statistic, STATISTICS) &&
      `Invalid statistic: ${tracking?.CustomizedMetricSpecification?.Statistic}.`,
  ],
  [
    "customized-period",
    "The period of a customized metric is 10, 30 or 60 seconds.",
    ({ TargetTrackingConfiguration: tracking }) => {
      const period = tracking?.CustomizedMetricSpecification?.Period;
      return period !== undefined && ![10, 30, 60].includes(period);
    },
  ],
  [
    "customized-unit",
    "The unit of a customized metric is one of CloudWatch's.",
    ({ TargetTrackingConfiguration: tracking }) =>
      isNoneOf(tracking?.CustomizedMetricSpecification?.Unit, UNITS) &&
      `Invalid unit: ${tracking?.CustomizedMetricSpecification?.Unit}.`,
  ],
  [
    "customized-dimensions",
    "A customized metric has at most 30 dimensions.",
    ({ TargetTrackingConfiguration: tracking }) =>
      (tracking?.CustomizedMetricSpecification?.Dimensions ?? []).length > 30,
  ],
]);

export const POLICY_RULES: readonly RefusalRule<State>[] = [
  ...POLICY_NAME_RULES,
  ...POLICY_RULES_OF_ALL,
  ...STEP_RULES,
  ...TRACKING_RULES,
  ...PREDICTIVE_RULES,
  ...METRIC_QUERY_RULES,
  ...POLICY_GROUP_RULES,
];
