/** Target tracking: a metric that is held at a value. */
import type { Value } from "../../../model/value.ts";
import type { Fields } from "../../core/resource.ts";
import { flag, number, oneOf, optionalText, record, text } from "../field-values.ts";
import { given } from "./adjustments.ts";
import {
  dimensionFields,
  dimensionsInput,
  labelFields,
  observedDimensions,
  observedQueries,
  periodFields,
  periodInput,
  queriesInput,
  queryFields,
} from "./metrics.ts";
import { type ScalingPolicySpec, targetTrackingSchema } from "./schema.ts";
import type { ScalingPolicy } from "./type.ts";

type TrackingSpec = NonNullable<ScalingPolicySpec["targetTracking"]>;
type CustomSpec = NonNullable<TrackingSpec["customizedMetric"]>;
export type TargetTracking = NonNullable<ScalingPolicy["TargetTrackingConfiguration"]>;

const { predefinedMetricType: PREDEFINED, customizedMetric: CUSTOMIZED } = targetTrackingSchema.properties;
const { statistic: STATISTIC } = CUSTOMIZED.properties;

export function trackingFields(tracking: TrackingSpec): Fields {
  const { customizedMetric: custom } = tracking;
  return {
    targetValue: tracking.targetValue,
    disableScaleIn: tracking.disableScaleIn,
    metric:
      custom === undefined
        ? { predefined: tracking.predefinedMetricType ?? "", ...labelFields(tracking.resourceLabel) }
        : customFields(custom),
  };
}

function customFields({ metrics, dimensions, period, ...single }: CustomSpec): Value {
  if (metrics !== undefined) return { metrics: queryFields(metrics) };
  return { ...given(single), dimensions: dimensionFields(dimensions), ...periodFields(period) };
}

export function trackingInput(fields: Fields) {
  return {
    PolicyType: "TargetTrackingScaling",
    TargetTrackingConfiguration: {
      TargetValue: number(fields, "targetValue"),
      DisableScaleIn: flag(fields, "disableScaleIn"),
      ...metricInput(record(fields, "metric")),
    },
  };
}

/** The metric as AWS wants it. One that AWS has and our schema has not may still stand here: AWS judges it. */
function metricInput(metric: Fields): Omit<TargetTracking, "TargetValue"> {
  if (metric.predefined !== undefined) {
    const label = optionalText(metric, "resourceLabel");
    return {
      PredefinedMetricSpecification: {
        PredefinedMetricType: oneOf(metric, "predefined", PREDEFINED.enum),
        ...(label === undefined ? {} : { ResourceLabel: label }),
      },
    };
  }
  if (metric.metrics !== undefined)
    return { CustomizedMetricSpecification: { Metrics: queriesInput(metric, "metrics") } };
  const unit = optionalText(metric, "unit");
  return {
    CustomizedMetricSpecification: {
      Namespace: text(metric, "namespace"),
      MetricName: text(metric, "metricName"),
      Statistic: oneOf(metric, "statistic", STATISTIC.enum),
      ...(unit === undefined ? {} : { Unit: unit }),
      Dimensions: dimensionsInput(metric),
      ...periodInput(metric),
    },
  };
}

export function observedTracking(tracking: TargetTracking): Fields {
  return {
    targetValue: tracking.TargetValue ?? 0,
    disableScaleIn: tracking.DisableScaleIn ?? false,
    metric: observedMetric(tracking),
  };
}

function observedMetric(tracking: TargetTracking): Value {
  const { CustomizedMetricSpecification: custom, PredefinedMetricSpecification: predefined } = tracking;
  if (custom === undefined) {
    return {
      predefined: predefined?.PredefinedMetricType ?? "",
      ...given({ resourceLabel: predefined?.ResourceLabel }),
    };
  }
  const { Metrics: queries = [] } = custom;
  if (queries.length > 0) return { metrics: observedQueries(queries) };
  return {
    ...given<string>({
      namespace: custom.Namespace,
      metricName: custom.MetricName,
      statistic: custom.Statistic,
      unit: custom.Unit,
    }),
    dimensions: observedDimensions(custom),
    ...periodFields(custom.Period),
  };
}
