/** A scaling policy as AWS describes it, as its part of a spec. */
import { held, inOrderOf, notHeld, type Part, type Places, stated, type Written } from "../from-aws.ts";
import type { QueryInAws } from "./metrics.ts";
import { FORECAST_METRICS } from "./predictive-schema.ts";
import { scalingPolicySchema, targetTrackingSchema } from "./schema.ts";
import { isOfType, type ScalingPolicy, typeOf } from "./type.ts";

type Tracking = NonNullable<ScalingPolicy["TargetTrackingConfiguration"]>;
type Custom = NonNullable<Tracking["CustomizedMetricSpecification"]>;
type Predictive = NonNullable<ScalingPolicy["PredictiveScalingConfiguration"]>;
type Specification = NonNullable<Predictive["MetricSpecifications"]>[number];

const { predefinedMetricType: PREDEFINED } = targetTrackingSchema.properties;

export function policyFromAws(policy: ScalingPolicy, places: Places): Written {
  const body = bodyOf(policy, places);
  if (body.is === "not held") return body;
  const part = stated({
    name: policy.PolicyName,
    ...body.part,
    estimatedInstanceWarmup: policy.EstimatedInstanceWarmup,
    enabled: policy.Enabled ?? true,
  });
  return held(inOrderOf(scalingPolicySchema, part), body.lost);
}

function bodyOf(policy: ScalingPolicy, places: Places): Written {
  const { TargetTrackingConfiguration: tracking, PredictiveScalingConfiguration: predictive } = policy;
  if (tracking !== undefined) return trackingOf(tracking, places);
  if (predictive !== undefined) return predictiveOf(predictive, places);
  if (isOfType(policy, "step")) return stepsOf(policy);
  return isOfType(policy, "simple")
    ? simpleOf(policy)
    : notHeld(`it is a policy of the type ${typeOf(policy)}, which the spec cannot hold yet`);
}

function simpleOf(policy: ScalingPolicy): Written {
  if (policy.ScalingAdjustment === undefined) return notHeld("it has no adjustment");
  return held({
    simpleScaling: stated({
      adjustmentType: policy.AdjustmentType,
      scalingAdjustment: policy.ScalingAdjustment,
      cooldown: policy.Cooldown,
      minAdjustmentMagnitude: policy.MinAdjustmentMagnitude,
    }),
  });
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
  if (custom !== undefined)
    return held({ targetTracking: { customizedMetric: metricOf(custom, places), ...rest } });
  const { PredefinedMetricType: type, ResourceLabel: label } = predefined ?? {};
  if (!PREDEFINED.enum.some((known) => known === type))
    return notHeld(`it follows ${type ?? "no metric"}, which the spec cannot hold yet`);
  if (label === undefined) return held({ targetTracking: { predefinedMetricType: type, ...rest } });
  const ref = places.resourceLabel(label);
  return ref === undefined
    ? notHeld(`it follows the requests of ${label}, which is not in the manifest`)
    : held({ targetTracking: { predefinedMetricType: type, resourceLabel: { ref }, ...rest } });
}

function metricOf({ Metrics = [], ...custom }: Custom, places: Places): Part {
  if (Metrics.length > 0) return { metrics: queriesOf(Metrics, places) };
  return stated({
    namespace: custom.Namespace,
    metricName: custom.MetricName,
    dimensions: dimensionsOf(custom.Dimensions, places),
    statistic: custom.Statistic,
    unit: custom.Unit,
    period: custom.Period,
  });
}

function queriesOf(queries: readonly QueryInAws[], places: Places): Part[] {
  return queries.map((query) =>
    stated({
      id: query.Id,
      expression: query.Expression,
      label: query.Label,
      returnData: query.ReturnData ?? true,
      metricStat: query.MetricStat === undefined ? undefined : statOf(query.MetricStat, places),
      period: query.Period,
    }),
  );
}

function statOf(stat: NonNullable<QueryInAws["MetricStat"]>, places: Places): Part {
  return stated({
    metric: stated({
      namespace: stat.Metric?.Namespace,
      metricName: stat.Metric?.MetricName,
      dimensions: dimensionsOf(stat.Metric?.Dimensions, places),
    }),
    stat: stat.Stat,
    unit: stat.Unit,
    period: stat.Period,
  });
}

/** By name; what stands in the manifest itself as a reference. */
function dimensionsOf(
  dimensions: readonly { Name?: string | undefined; Value?: string | undefined }[] = [],
  places: Places,
): Part | undefined {
  if (dimensions.length === 0) return undefined;
  const named = dimensions.map(({ Name = "", Value = "" }) => {
    const ref = places.dimension(Name, Value);
    return [Name, ref === undefined ? Value : { ref }] as const;
  });
  return Object.fromEntries([...named].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function predictiveOf(predictive: Predictive, places: Places): Written {
  const { MetricSpecifications: specifications = [] } = predictive;
  if (specifications.length !== 1) return notHeld(`it has ${specifications.length} metric specifications`);
  const predefined = specifications.flatMap(predefinedIn);
  const unknown = predefined.find(({ PredefinedMetricType: type = "" }) => !FORECAST_METRICS.includes(type));
  if (unknown !== undefined)
    return notHeld(
      `it follows ${unknown.PredefinedMetricType ?? "no metric"}, which the spec cannot hold yet`,
    );
  const labels = predefined.flatMap(({ ResourceLabel: label }) => label ?? []);
  const outside = labels.find((label) => places.resourceLabel(label) === undefined);
  if (outside !== undefined)
    return notHeld(`it follows the requests of ${outside}, which is not in the manifest`);
  return held({
    predictiveScaling: stated({
      mode: predictive.Mode ?? "ForecastOnly",
      schedulingBufferTime: predictive.SchedulingBufferTime ?? 300,
      maxCapacityBreachBehavior: predictive.MaxCapacityBreachBehavior ?? "HonorMaxCapacity",
      maxCapacityBuffer: predictive.MaxCapacityBuffer,
      metricSpecifications: specifications.map((one) => specificationOf(one, places)),
    }),
  });
}

interface PredefinedInAws {
  readonly PredefinedMetricType?: string | undefined;
  readonly ResourceLabel?: string | undefined;
}

function predefinedIn(one: Specification): PredefinedInAws[] {
  const metrics: (PredefinedInAws | undefined)[] = [
    one.PredefinedMetricPairSpecification,
    one.PredefinedScalingMetricSpecification,
    one.PredefinedLoadMetricSpecification,
  ];
  return metrics.filter((metric) => metric !== undefined);
}

function specificationOf(one: Specification, places: Places): Part {
  const predefined = (metric: PredefinedInAws | undefined) => {
    if (metric === undefined) return undefined;
    const { PredefinedMetricType: type, ResourceLabel: label } = metric;
    return stated({
      predefinedMetricType: type,
      resourceLabel: label === undefined ? undefined : { ref: places.resourceLabel(label) },
    });
  };
  const customized = (metric: { MetricDataQueries?: readonly QueryInAws[] } | undefined) =>
    metric === undefined
      ? undefined
      : { metricDataQueries: queriesOf(metric.MetricDataQueries ?? [], places) };
  return stated({
    targetValue: one.TargetValue,
    predefinedMetricPair: predefined(one.PredefinedMetricPairSpecification),
    predefinedScalingMetric: predefined(one.PredefinedScalingMetricSpecification),
    predefinedLoadMetric: predefined(one.PredefinedLoadMetricSpecification),
    customizedScalingMetric: customized(one.CustomizedScalingMetricSpecification),
    customizedLoadMetric: customized(one.CustomizedLoadMetricSpecification),
    customizedCapacityMetric: customized(one.CustomizedCapacityMetricSpecification),
  });
}
