import { elsewhere, held, type MemberTable, notSupported, records } from "../coverage/member-table.ts";

const SIMPLE = "the spec has no simple scaling yet";
const TRACKING = "TargetTrackingConfiguration";
const CUSTOM = `${TRACKING}.CustomizedMetricSpecification`;

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
          ...["MetricName", "Namespace", "Dimensions[].Name", "Dimensions[].Value", "Statistic", "Unit"].map(
            (name) => `${CUSTOM}.${name}`,
          ),
        ),
        ...records("PolicyName", "PolicyARN"),
        ...elsewhere("it sits on it", "AutoScalingGroupName"),
        ...elsewhere("the fields say which type it is", "PolicyType"),
        ...elsewhere(
          "alarms name the policy that they set off; those of target tracking are AWS's own",
          "Alarms",
        ),
        ...notSupported(
          { ScalingAdjustment: undefined, Cooldown: undefined, MinAdjustmentStep: undefined },
          SIMPLE,
        ),
        ...notSupported(
          { PredictiveScalingConfiguration: undefined },
          "the spec has no predictive scaling yet",
        ),
        ...notSupported({ [`${CUSTOM}.Metrics`]: undefined }, "the spec has no metric math in policies yet"),
        // docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CustomizedMetricSpecification.html
        ...notSupported({ [`${CUSTOM}.Period`]: 60 }),
      },
    },
  ],
  inputs: [{ operation: "autoscaling:PutScalingPolicy", rules: {} }],
  ownCalls: {
    simpleScaling: { what: "simple scaling", write: "autoscaling:PutScalingPolicy" },
    predictiveScaling: { what: "predictive scaling", write: "autoscaling:PutScalingPolicy" },
  },
};
