/** Predictive scaling: capacity ahead of a load that repeats. */
import type { Value } from "../../../model/value.ts";
import type { Fields } from "../../core/resource.ts";
import { number, optionalNumber, optionalText, record, records, text } from "../field-values.ts";
import { given } from "./adjustments.ts";
import { labelFields, observedQueries, queriesInput, queryFields } from "./metrics.ts";
import type { MetricSpecificationSpec, PredictiveScalingSpec } from "./predictive-schema.ts";
import type { ScalingPolicy } from "./type.ts";

type Predictive = NonNullable<ScalingPolicy["PredictiveScalingConfiguration"]>;
type SpecificationInAws = NonNullable<Predictive["MetricSpecifications"]>[number];

/** Of the spec → of AWS. */
const PREDEFINED = {
  predefinedMetricPair: "PredefinedMetricPairSpecification",
  predefinedScalingMetric: "PredefinedScalingMetricSpecification",
  predefinedLoadMetric: "PredefinedLoadMetricSpecification",
} as const;
const CUSTOMIZED = {
  customizedScalingMetric: "CustomizedScalingMetricSpecification",
  customizedLoadMetric: "CustomizedLoadMetricSpecification",
  customizedCapacityMetric: "CustomizedCapacityMetricSpecification",
} as const;

const PREDEFINED_METRICS = Object.keys(PREDEFINED) as (keyof typeof PREDEFINED)[];
const CUSTOMIZED_METRICS = Object.keys(CUSTOMIZED) as (keyof typeof CUSTOMIZED)[];

export function predictiveFields(predictive: PredictiveScalingSpec): Fields {
  return {
    mode: predictive.mode,
    schedulingBufferTime: predictive.schedulingBufferTime,
    maxCapacityBreachBehavior: predictive.maxCapacityBreachBehavior,
    ...given({ maxCapacityBuffer: predictive.maxCapacityBuffer }),
    metricSpecifications: predictive.metricSpecifications.map(specificationFields),
  };
}

/** Whether it counts the requests of a target group, which AWS knows only behind its load balancer. */
export function hasLabel({ metricSpecifications }: PredictiveScalingSpec): boolean {
  return metricSpecifications.some((one) =>
    PREDEFINED_METRICS.some((name) => one[name]?.resourceLabel !== undefined),
  );
}

function specificationFields(specification: MetricSpecificationSpec): Value {
  const fields: Record<string, Value> = { targetValue: specification.targetValue };
  for (const name of PREDEFINED_METRICS) {
    const metric = specification[name];
    if (metric === undefined) continue;
    fields[name] = {
      predefinedMetricType: metric.predefinedMetricType,
      ...labelFields(metric.resourceLabel),
    };
  }
  for (const name of CUSTOMIZED_METRICS) {
    const metric = specification[name];
    if (metric !== undefined) fields[name] = { metricDataQueries: queryFields(metric.metricDataQueries) };
  }
  return fields;
}

export function predictiveInput(fields: Fields) {
  const buffer = optionalNumber(fields, "maxCapacityBuffer");
  return {
    PolicyType: "PredictiveScaling",
    PredictiveScalingConfiguration: {
      MetricSpecifications: records(fields, "metricSpecifications").map(specificationInput),
      Mode: text(fields, "mode") as Predictive["Mode"],
      SchedulingBufferTime: number(fields, "schedulingBufferTime"),
      MaxCapacityBreachBehavior: text(
        fields,
        "maxCapacityBreachBehavior",
      ) as Predictive["MaxCapacityBreachBehavior"],
      ...(buffer === undefined ? {} : { MaxCapacityBuffer: buffer }),
    },
  };
}

function specificationInput(specification: Fields): SpecificationInAws {
  const metrics: Record<string, unknown> = {};
  for (const name of PREDEFINED_METRICS) {
    if (specification[name] === undefined) continue;
    const metric = record(specification, name);
    const label = optionalText(metric, "resourceLabel");
    metrics[PREDEFINED[name]] = {
      PredefinedMetricType: text(metric, "predefinedMetricType"),
      ...(label === undefined ? {} : { ResourceLabel: label }),
    };
  }
  for (const name of CUSTOMIZED_METRICS) {
    if (specification[name] === undefined) continue;
    const queries = queriesInput(record(specification, name), "metricDataQueries");
    metrics[CUSTOMIZED[name]] = { MetricDataQueries: queries };
  }
  return { TargetValue: number(specification, "targetValue"), ...metrics };
}

/** What AWS leaves out has its default (API_PredictiveScalingConfiguration.html). */
export function observedPredictive(predictive: Predictive): Fields {
  return {
    mode: predictive.Mode ?? "ForecastOnly",
    schedulingBufferTime: predictive.SchedulingBufferTime ?? 300,
    maxCapacityBreachBehavior: predictive.MaxCapacityBreachBehavior ?? "HonorMaxCapacity",
    ...given({ maxCapacityBuffer: predictive.MaxCapacityBuffer }),
    metricSpecifications: (predictive.MetricSpecifications ?? []).map(observedSpecification),
  };
}

function observedSpecification(specification: SpecificationInAws): Value {
  const fields: Record<string, Value> = given({ targetValue: specification.TargetValue });
  for (const name of PREDEFINED_METRICS) {
    const metric = specification[PREDEFINED[name]];
    if (metric === undefined) continue;
    fields[name] = given<string>({
      predefinedMetricType: metric.PredefinedMetricType,
      resourceLabel: metric.ResourceLabel,
    });
  }
  for (const name of CUSTOMIZED_METRICS) {
    const metric = specification[CUSTOMIZED[name]];
    if (metric !== undefined)
      fields[name] = { metricDataQueries: observedQueries(metric.MetricDataQueries ?? []) };
  }
  return fields;
}
