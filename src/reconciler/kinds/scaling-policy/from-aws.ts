/** A scaling policy as AWS describes it, as its part of a spec. */
import { held, inOrderOf, notHeld, type Part, type Places, stated, type Written } from "../from-aws.ts";
import type { Item } from "../kind.ts";
import { scalingPolicySchema, targetTrackingSchema } from "./schema.ts";

export type ScalingPolicy = Item<"autoscaling:DescribePolicies", "ScalingPolicies">;
type Tracking = NonNullable<ScalingPolicy["TargetTrackingConfiguration"]>;
type Custom = NonNullable<Tracking["CustomizedMetricSpecification"]>;

const { predefinedMetricType: PREDEFINED } = targetTrackingSchema.properties;
/** AWS's default (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html, PolicyType). */
const SIMPLE = "SimpleScaling";

export function policyFromAws(policy: ScalingPolicy, places: Places): Written {
  const { PolicyType: type = SIMPLE, TargetTrackingConfiguration: tracking } = policy;
  const body =
    tracking !== undefined
      ? trackingOf(tracking, places)
      : type === "StepScaling"
        ? stepsOf(policy)
        : notHeld(`it is a policy of the type ${type}, which the spec cannot hold yet`);
  if (body.is === "not held") return body;
  const part = stated({
    name: policy.PolicyName,
    ...body.part,
    estimatedInstanceWarmup: policy.EstimatedInstanceWarmup,
    enabled: policy.Enabled ?? true,
  });
  return held(inOrderOf(scalingPolicySchema, part), body.lost);
}

function stepsOf(policy: ScalingPolicy): Written {
  const steps = (policy.StepAdjustments ?? []).map((step) =>
    stated({
      metricIntervalLowerBound: step.MetricIntervalLowerBound,
      metricIntervalUpperBound: step.MetricIntervalUpperBound,
      scalingAdjustment: step.ScalingAdjustment,
    }),
  );
  if (steps.length === 0) return notHeld("it has no steps");
  const stepScaling = stated({
    adjustmentType: policy.AdjustmentType,
    metricAggregationType: policy.MetricAggregationType ?? "Average",
    minAdjustmentMagnitude: policy.MinAdjustmentMagnitude,
    stepAdjustments: steps,
  });
  return held({ stepScaling });
}

function trackingOf(tracking: Tracking, places: Places): Written {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: custom } = tracking;
  const rest = { targetValue: tracking.TargetValue, disableScaleIn: tracking.DisableScaleIn ?? false };
  if (custom !== undefined) {
    const metric = metricOf(custom);
    return metric === undefined
      ? notHeld("it follows an expression over several metrics, which the spec cannot hold yet")
      : held({ targetTracking: { customizedMetric: metric, ...rest } });
  }
  const { PredefinedMetricType: type, ResourceLabel: label } = predefined ?? {};
  if (!PREDEFINED.enum.some((known) => known === type))
    return notHeld(`it follows ${type ?? "no metric"}, which the spec cannot hold yet`);
  if (label === undefined) return held({ targetTracking: { predefinedMetricType: type, ...rest } });
  const ref = places.resourceLabel(label);
  return ref === undefined
    ? notHeld(`it follows the requests of ${label}, which is not in the manifest`)
    : held({ targetTracking: { predefinedMetricType: type, resourceLabel: { ref }, ...rest } });
}

function metricOf({ Metrics = [], Period, ...custom }: Custom): Part | undefined {
  if (Metrics.length > 0 || custom.MetricName === undefined || Period !== undefined) return undefined;
  const dimensions = (custom.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value] as const);
  return stated({
    namespace: custom.Namespace,
    metricName: custom.MetricName,
    dimensions: dimensions.length === 0 ? undefined : Object.fromEntries([...dimensions].sort()),
    statistic: custom.Statistic,
    unit: custom.Unit,
  });
}
