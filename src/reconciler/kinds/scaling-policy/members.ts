import {
  elsewhere,
  held,
  heldWithDefault,
  type MemberTable,
  notSupported,
  records,
} from "../coverage/member-table.ts";

const TRACKING = "TargetTrackingConfiguration";
const CUSTOM = `${TRACKING}.CustomizedMetricSpecification`;
const PREDICTIVE = "PredictiveScalingConfiguration";
const SPECIFICATIONS = `${PREDICTIVE}.MetricSpecifications[]`;
const DIMENSIONS = ["Dimensions[].Name", "Dimensions[].Value"];
const QUERY = [
  ...["Id", "Expression", "Label", "ReturnData", "MetricStat.Stat", "MetricStat.Unit"],
  ...["Namespace", "MetricName", ...DIMENSIONS].map((name) => `MetricStat.Metric.${name}`),
];

const below = (path: string, names: readonly string[]): string[] => names.map((name) => `${path}.${name}`);

const FORECAST_METRICS = [
  ...["MetricPair", "ScalingMetric", "LoadMetric"].flatMap((name) =>
    below(`${SPECIFICATIONS}.Predefined${name}Specification`, ["PredefinedMetricType", "ResourceLabel"]),
  ),
  ...["ScalingMetric", "LoadMetric", "CapacityMetric"].flatMap((name) =>
    below(`${SPECIFICATIONS}.Customized${name}Specification.MetricDataQueries[]`, QUERY),
  ),
];

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ScalingPolicy.html */
export const scalingPolicyMembers: MemberTable = {
  answers: [
    {
      operation: "autoscaling:DescribePolicies",
      at: "ScalingPolicies",
      rules: {
        ...held("enabled", "Enabled"),
        ...held("estimatedInstanceWarmup", "EstimatedInstanceWarmup"),
        ...held("adjustmentType", "AdjustmentType"),
        ...held("metricAggregationType", "MetricAggregationType"),
        ...held("minAdjustmentMagnitude", "MinAdjustmentMagnitude"),
        ...held(
          "stepAdjustments",
          "StepAdjustments[].ScalingAdjustment",
          "StepAdjustments[].MetricIntervalLowerBound",
          "StepAdjustments[].MetricIntervalUpperBound",
        ),
        ...held("targetValue", `${TRACKING}.TargetValue`),
        ...held("disableScaleIn", `${TRACKING}.DisableScaleIn`),
        ...held(
          "metric",
          `${TRACKING}.PredefinedMetricSpecification.PredefinedMetricType`,
          `${TRACKING}.PredefinedMetricSpecification.ResourceLabel`,
          ...below(CUSTOM, ["MetricName", "Namespace", ...DIMENSIONS, "Statistic", "Unit", "Period"]),
          ...below(`${CUSTOM}.Metrics[]`, [...QUERY, "Period", "MetricStat.Period"]),
        ),
        ...records("PolicyName", "PolicyARN"),
        ...elsewhere("it sits on it", "AutoScalingGroupName"),
        ...elsewhere("the fields say which type it is", "PolicyType"),
        ...elsewhere(
          "alarms name the policy that they set off; those of target tracking are AWS's own",
          "Alarms",
        ),
        ...held("scalingAdjustment", "ScalingAdjustment"),
        ...held("cooldown", "Cooldown"),
        ...heldWithDefault("mode", `${PREDICTIVE}.Mode`, "ForecastOnly"),
        ...heldWithDefault("schedulingBufferTime", `${PREDICTIVE}.SchedulingBufferTime`, 300),
        ...heldWithDefault(
          "maxCapacityBreachBehavior",
          `${PREDICTIVE}.MaxCapacityBreachBehavior`,
          "HonorMaxCapacity",
        ),
        ...held("maxCapacityBuffer", `${PREDICTIVE}.MaxCapacityBuffer`),
        ...held("metricSpecifications", `${SPECIFICATIONS}.TargetValue`, ...FORECAST_METRICS),
        ...notSupported(
          { MinAdjustmentStep: undefined },
          "AWS keeps it for old clients: minAdjustmentMagnitude has taken its place",
        ),
      },
    },
  ],
  inputs: [{ operation: "autoscaling:PutScalingPolicy", rules: {} }],
};
