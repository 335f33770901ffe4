/** Rules of metrics and of queries over them, for target tracking and for forecasts alike. */
import { isExtendedStatistic } from "../alarm/statistic.ts";
import { shown } from "../shown.ts";
import { AUTO_SCALING_API, AUTO_SCALING_GUIDE, duplicates, type SpecRule } from "../spec-rule.ts";
import type { QuerySpec } from "./metric-schema.ts";
import type { ScalingPolicySpec } from "./schema.ts";

type CustomizedMetricSpec = NonNullable<NonNullable<ScalingPolicySpec["targetTracking"]>["customizedMetric"]>;

const CUSTOMIZED = `${AUTO_SCALING_API}/API_CustomizedMetricSpecification.html` as const;
const QUERY = `${AUTO_SCALING_API}/API_MetricDataQuery.html` as const;
const STATISTICS = ["Average", "Minimum", "Maximum", "SampleCount", "Sum"];
const OF_ONE = ["namespace", "metricName", "statistic"] as const;
const BESIDE_ONE = [...OF_ONE, "dimensions", "unit", "period"] as const;

export const customizedMetricRules: readonly SpecRule<CustomizedMetricSpec>[] = [
  {
    at: "",
    must: "have `namespace`, `metricName` and `statistic`, unless `metrics` is given",
    each: (metric) =>
      metric.metrics === undefined
        ? OF_ONE.filter((name) => metric[name] === undefined).map((at) => ({
            at,
            says: "is required unless metrics is given",
          }))
        : [],
    reason: "FieldValueRequired",
    source: CUSTOMIZED,
  },
  {
    at: "metrics",
    must: "not be given beside a single metric",
    each: (metric) => {
      const beside = BESIDE_ONE.filter((name) => metric[name] !== undefined);
      return metric.metrics === undefined || beside.length === 0
        ? []
        : [`names metrics of its own: take out ${beside.join(", ")}`];
    },
    source: CUSTOMIZED,
  },
];

export const queryListRules: readonly SpecRule<readonly QuerySpec[]>[] = [
  {
    at: "",
    must: "hold each `id` once",
    each: (queries) => duplicates(queries.map(({ id }) => id)).map((id) => `hold the id ${id} twice`),
    reason: "FieldValueDuplicate",
    source: QUERY,
  },
  {
    at: "",
    must: "have `returnData` true of exactly one",
    when: (queries) => queries.filter(({ returnData }) => returnData).length !== 1,
    says: (queries) =>
      `need returnData true of exactly one, the last expression, and false of the others; was true of ${
        queries.filter(({ returnData }) => returnData).length
      }`,
    source: QUERY,
  },
  {
    at: "",
    must: "have expressions that speak of their own ids only",
    each: (queries) =>
      queries.flatMap(({ id, expression = "" }) =>
        namesIn(expression)
          .filter((name) => !queries.some((other) => other.id === name))
          .map((name) => `have an expression ${id} that speaks of ${name}, which is none of them`),
      ),
    source: `${AUTO_SCALING_GUIDE}/predictive-scaling-customized-metric-specification.html`,
  },
];

export const queryRules: readonly SpecRule<QuerySpec>[] = [
  {
    at: "",
    must: "have exactly one of `expression` and `metricStat`",
    when: ({ expression, metricStat }) => (expression === undefined) === (metricStat === undefined),
    says: "takes exactly one of expression and metricStat",
    source: QUERY,
  },
  {
    at: "metricStat.stat",
    must: "be a statistic of CloudWatch's",
    when: ({ metricStat }) =>
      metricStat !== undefined &&
      !STATISTICS.includes(metricStat.stat) &&
      !isExtendedStatistic(metricStat.stat),
    says: ({ metricStat }) =>
      `takes ${STATISTICS.join(", ")}, p99, tm90, TM(10%:90%) and the like; was ${shown(metricStat?.stat)}`,
    source: `${AUTO_SCALING_API}/API_MetricStat.html`,
  },
];

/** What an expression takes from other queries: ids begin with a small letter, functions and keywords are in capitals. */
function namesIn(expression: string): string[] {
  const plain = expression.replaceAll(/"[^"]*"|'[^']*'/g, "");
  return [...new Set(plain.match(/(?<![\w.])[a-z]\w*/g) ?? [])];
}
