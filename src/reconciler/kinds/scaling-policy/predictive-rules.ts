import { AUTO_SCALING_API, AUTO_SCALING_GUIDE, type SpecRule } from "../spec-rule.ts";
import type { MetricSpecificationSpec, PredictiveScalingSpec } from "./predictive-schema.ts";

type PredefinedSpec = NonNullable<
  MetricSpecificationSpec["predefinedMetricPair" | "predefinedScalingMetric" | "predefinedLoadMetric"]
>;

const CONFIGURATION = `${AUTO_SCALING_API}/API_PredictiveScalingConfiguration.html` as const;
const OF_REQUESTS = ["ALBRequestCount", "ALBRequestCountPerTarget", "ALBTargetGroupRequestCount"];

export const predictiveScalingRules: readonly SpecRule<PredictiveScalingSpec>[] = [
  {
    at: "maxCapacityBuffer",
    must: "be given with `maxCapacityBreachBehavior` IncreaseMaxCapacity",
    when: (policy) => mayRaise(policy) && policy.maxCapacityBuffer === undefined,
    says: "is required with IncreaseMaxCapacity; 0 is no buffer",
    reason: "FieldValueRequired",
    source: CONFIGURATION,
  },
  {
    at: "maxCapacityBuffer",
    must: "be given with `maxCapacityBreachBehavior` IncreaseMaxCapacity only",
    when: (policy) => !mayRaise(policy) && policy.maxCapacityBuffer !== undefined,
    says: "goes with maxCapacityBreachBehavior IncreaseMaxCapacity only",
    source: CONFIGURATION,
  },
];

export const metricSpecificationRules: readonly SpecRule<MetricSpecificationSpec>[] = [
  {
    at: "",
    must: "have either `predefinedMetricPair`, or one load metric and one scaling metric",
    when: (one) => {
      const loads = given(one.predefinedLoadMetric, one.customizedLoadMetric);
      const scalings = given(one.predefinedScalingMetric, one.customizedScalingMetric);
      return one.predefinedMetricPair === undefined ? loads !== 1 || scalings !== 1 : loads + scalings > 0;
    },
    says: "takes either predefinedMetricPair, or one load metric and one scaling metric, each predefined or customized",
    source: `${AUTO_SCALING_API}/API_PredictiveScalingMetricSpecification.html`,
  },
  {
    at: "customizedCapacityMetric",
    must: "be given with `customizedLoadMetric` only",
    when: ({ customizedCapacityMetric: capacity, customizedLoadMetric: load }) =>
      capacity !== undefined && load === undefined,
    says: "goes with customizedLoadMetric only",
    source: `${AUTO_SCALING_GUIDE}/predictive-scaling-customized-metric-specification.html`,
  },
];

export const predefinedMetricRules: readonly SpecRule<PredefinedSpec>[] = [
  {
    at: "resourceLabel",
    must: "be given with a metric of requests",
    when: (metric) => countsRequests(metric) && metric.resourceLabel === undefined,
    says: ({ predefinedMetricType }) =>
      `is required with ${predefinedMetricType}: { ref: targetGroups.<name> }`,
    reason: "FieldValueRequired",
    source: `${AUTO_SCALING_API}/API_PredictiveScalingPredefinedMetricPair.html`,
  },
  {
    at: "resourceLabel",
    must: "be given with a metric of requests only",
    when: (metric) => !countsRequests(metric) && metric.resourceLabel !== undefined,
    says: ({ predefinedMetricType }) =>
      `goes with metrics of requests only, not with ${predefinedMetricType}`,
    source: `${AUTO_SCALING_API}/API_PredictiveScalingPredefinedMetricPair.html`,
  },
];

function mayRaise({ maxCapacityBreachBehavior }: PredictiveScalingSpec): boolean {
  return maxCapacityBreachBehavior === "IncreaseMaxCapacity";
}

function countsRequests({ predefinedMetricType }: PredefinedSpec): boolean {
  return OF_REQUESTS.includes(predefinedMetricType);
}

function given(...metrics: readonly unknown[]): number {
  return metrics.filter((metric) => metric !== undefined).length;
}
