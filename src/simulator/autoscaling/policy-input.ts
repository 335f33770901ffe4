/** Reading PutScalingPolicy, and refusing what AWS refuses. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { type Group, invalid, type Policy, required, type State } from "./state.ts";

const ADJUSTMENT_TYPES = ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"];
const AGGREGATIONS = ["Minimum", "Maximum", "Average"];
const STATISTICS = ["Average", "Minimum", "Maximum", "SampleCount", "Sum"];
/** Step adjustments of one policy. */
const MOST_STEPS = 20;

/** The metric that a target tracking policy follows, as its alarms watch it. */
export interface TrackedMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { Name: string; Value: string }[];
  readonly statistic: string;
  readonly period: number;
}

/** @throws AwsError for everything that the API reference of PutScalingPolicy rules out */
export function parsePolicyType(state: State, group: Group, input: asg.PutScalingPolicyType): Policy["type"] {
  required(input.PolicyName, "policyName");
  const type = input.PolicyType ?? "SimpleScaling";
  switch (type) {
    case "TargetTrackingScaling":
      checkTargetTracking(state, group, input);
      return type;
    case "StepScaling":
      checkAdjustment(input);
      checkSteps(input);
      return type;
    case "SimpleScaling":
      checkAdjustment(input);
      required(input.ScalingAdjustment, "scalingAdjustment");
      if (input.StepAdjustments !== undefined && input.StepAdjustments.length > 0) {
        throw invalid("StepAdjustments are not supported for policy type SimpleScaling.");
      }
      return type;
    case "PredictiveScaling":
      throw invalid("The simulated account does not model predictive scaling.");
    default:
      throw invalid(`Invalid policy type: ${type}.`);
  }
}

function checkTargetTracking(state: State, group: Group, input: asg.PutScalingPolicyType): void {
  const configuration = input.TargetTrackingConfiguration;
  required(configuration, "targetTrackingConfiguration");
  required(configuration.TargetValue, "targetTrackingConfiguration.targetValue");
  if (input.AdjustmentType !== undefined || input.ScalingAdjustment !== undefined) {
    throw invalid(
      "AdjustmentType and ScalingAdjustment are not supported for policy type TargetTrackingScaling.",
    );
  }
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } =
    configuration;
  if ((predefined === undefined) === (customized === undefined)) {
    throw invalid(
      "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification is required.",
    );
  }
  if (predefined !== undefined) checkResourceLabel(state, group, predefined);
  const metric = JSON.stringify(trackedMetric(group.name, configuration));
  const twin = [...group.policies.values()].find(
    (policy) =>
      policy.name !== input.PolicyName &&
      policy.input.TargetTrackingConfiguration !== undefined &&
      JSON.stringify(trackedMetric(group.name, policy.input.TargetTrackingConfiguration)) === metric,
  );
  // autoscaling/one-policy-per-metric
  if (twin !== undefined) {
    throw invalid("Only one TargetTrackingScaling policy for a given metric specification is allowed.");
  }
}

/** autoscaling/resource-label */
function checkResourceLabel(state: State, group: Group, predefined: asg.PredefinedMetricSpecification): void {
  const label = predefined.ResourceLabel;
  if (predefined.PredefinedMetricType !== "ALBRequestCountPerTarget") {
    if (label === undefined) return;
    throw invalid("ResourceLabel is only supported for metric type ALBRequestCountPerTarget.");
  }
  required(label, "targetTrackingConfiguration.predefinedMetricSpecification.resourceLabel");
  const targetGroup = dimensionsOfLabel(label).targetGroup;
  const isAttached = [...group.attachments.keys()].some((arn) => arn.endsWith(`:${targetGroup}`));
  if (!state.parts.elb.resourceLabelIsValid(label) || !isAttached) {
    throw invalid(
      `Invalid resource label ${label}: the load balancer does not route traffic to the target group, or the target group is not attached to the Auto Scaling group.`,
    );
  }
}

function dimensionsOfLabel(label: string): { loadBalancer: string; targetGroup: string } {
  const at = label.indexOf("/targetgroup/");
  return at < 0
    ? { loadBalancer: label, targetGroup: "" }
    : { loadBalancer: label.slice(0, at), targetGroup: label.slice(at + 1) };
}

/** @throws AwsError for a type of metric that AWS does not have, or that is not modelled */
export function trackedMetric(
  groupName: string,
  configuration: asg.TargetTrackingConfiguration,
): TrackedMetric {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } =
    configuration;
  const ofGroup = [{ Name: "AutoScalingGroupName", Value: groupName }];
  const ec2 = { namespace: "AWS/EC2", dimensions: ofGroup, statistic: "Average", period: 60 };
  switch (predefined?.PredefinedMetricType) {
    case "ASGAverageCPUUtilization":
      return { ...ec2, metricName: "CPUUtilization" };
    case "ASGAverageNetworkIn":
      return { ...ec2, metricName: "NetworkIn" };
    case "ASGAverageNetworkOut":
      return { ...ec2, metricName: "NetworkOut" };
    case "ALBRequestCountPerTarget": {
      const { loadBalancer, targetGroup } = dimensionsOfLabel(predefined.ResourceLabel ?? "");
      return {
        namespace: "AWS/ApplicationELB",
        metricName: "RequestCountPerTarget",
        dimensions: [
          { Name: "LoadBalancer", Value: loadBalancer },
          { Name: "TargetGroup", Value: targetGroup },
        ],
        statistic: "Sum",
        period: 60,
      };
    }
    case undefined:
      return customMetric(customized ?? {});
    default:
      throw invalid(`Invalid metric type: ${String(predefined?.PredefinedMetricType)}.`);
  }
}

function customMetric(given: asg.CustomizedMetricSpecification): TrackedMetric {
  if (given.Metrics !== undefined) throw invalid("The simulated account does not model metric math.");
  required(given.MetricName, "customizedMetricSpecification.metricName");
  required(given.Namespace, "customizedMetricSpecification.namespace");
  required(given.Statistic, "customizedMetricSpecification.statistic");
  if (!STATISTICS.includes(given.Statistic)) throw invalid(`Invalid statistic: ${given.Statistic}.`);
  const dimensions = (given.Dimensions ?? []).map(({ Name, Value }) => ({
    Name: Name ?? "",
    Value: Value ?? "",
  }));
  return {
    namespace: given.Namespace,
    metricName: given.MetricName,
    dimensions,
    statistic: given.Statistic,
    period: given.Period ?? 60,
  };
}

function checkAdjustment(input: asg.PutScalingPolicyType): void {
  required(input.AdjustmentType, "adjustmentType");
  if (!ADJUSTMENT_TYPES.includes(input.AdjustmentType)) {
    throw invalid(`Invalid adjustment type ${input.AdjustmentType}: use ${ADJUSTMENT_TYPES.join(", ")}.`);
  }
  if (input.MinAdjustmentMagnitude !== undefined && input.AdjustmentType !== "PercentChangeInCapacity") {
    throw invalid("MinAdjustmentMagnitude is only supported for adjustment type PercentChangeInCapacity.");
  }
}

/** autoscaling/step-bounds */
function checkSteps(input: asg.PutScalingPolicyType): void {
  const steps = input.StepAdjustments ?? [];
  if (input.ScalingAdjustment !== undefined) {
    throw invalid("ScalingAdjustment is not supported for policy type StepScaling.");
  }
  if (input.Cooldown !== undefined) throw invalid("Cooldown is not supported for policy type StepScaling.");
  if (input.MetricAggregationType !== undefined && !AGGREGATIONS.includes(input.MetricAggregationType)) {
    throw invalid(
      `Invalid metric aggregation type ${input.MetricAggregationType}: use ${AGGREGATIONS.join(", ")}.`,
    );
  }
  if (steps.length === 0) throw invalid("At least one StepAdjustment must be specified.");
  if (steps.length > MOST_STEPS) throw invalid(`At most ${MOST_STEPS} StepAdjustments can be specified.`);
  const ranges = steps
    .map((step) => {
      const lower = step.MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
      const upper = step.MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY;
      if (lower === Number.NEGATIVE_INFINITY && upper === Number.POSITIVE_INFINITY) {
        throw invalid("The upper and lower bound cannot both be null in the same StepAdjustment.");
      }
      if (lower >= upper) throw invalid("The lower bound of a StepAdjustment must be below its upper bound.");
      required(step.ScalingAdjustment, "stepAdjustments.scalingAdjustment");
      return { lower, upper };
    })
    .sort((a, b) => a.lower - b.lower);
  const hasFault = ranges.some((range, index) => index > 0 && range.lower !== ranges[index - 1]?.upper);
  if (hasFault) throw invalid("StepAdjustment intervals must not overlap or have a gap between them.");
  const [first, last] = [ranges[0]!, ranges.at(-1)!];
  if (first.lower < 0 && first.lower !== Number.NEGATIVE_INFINITY) {
    throw invalid(
      "There must be a StepAdjustment with an unspecified lower bound when one StepAdjustment has a negative lower bound.",
    );
  }
  if (last.upper > 0 && last.upper !== Number.POSITIVE_INFINITY) {
    throw invalid(
      "There must be a StepAdjustment with an unspecified upper bound when one StepAdjustment has a positive upper bound.",
    );
  }
}
