/** Putting metric data and getting it back. */
import type * as cw from "@aws-sdk/client-cloudwatch";
import type { AccountContext } from "../account/context.ts";
import { pageOf } from "../account/paging.ts";
import { badCombination, badValue, missing } from "./errors.ts";
import { keyOf, type MetricStore, MINUTE_MS, parseMetric } from "./metric-store.ts";
import type { Sample } from "./samples.ts";
import { type MetricName, unitOf } from "./service-metrics.ts";
import { isStatistic, PLAIN_STATISTICS, statisticOf } from "./statistics.ts";

const MOST_DATAPOINTS = 1_440;
const MOST_DATA = 100_800;
const LIST_PAGE = 500;
const PAST_MS = 14 * 86_400_000;
const FUTURE_MS = 2 * 3_600_000;

export function dataOperations(context: AccountContext, store: MetricStore) {
  return {
    PutMetricData(input: cw.PutMetricDataInput): object {
      const nowMs = context.clock.nowMs();
      if (input.Namespace?.startsWith("AWS/")) {
        throw badValue("The value AWS/ for parameter Namespace is invalid.");
      }
      if (input.EntityMetricData !== undefined) {
        throw badValue("The simulated account does not model EntityMetricData.");
      }
      const data = (input.MetricData ?? []).map((datum) => parseDatum(input.Namespace, datum, nowMs));
      for (const { metric, atMs, sample, unit } of data) store.put(metric, atMs, sample, unit);
      return {};
    },
    ListMetrics(input: cw.ListMetricsInput): cw.ListMetricsOutput {
      const metrics = store.list().filter((metric) => isListed(metric, input));
      const page = pageOf(
        metrics,
        keyOf,
        { token: input.NextToken, size: LIST_PAGE },
        "InvalidParameterValue",
      );
      return {
        Metrics: page.items.map((metric) => ({
          Namespace: metric.namespace,
          MetricName: metric.metricName,
          Dimensions: [...metric.dimensions],
        })),
        NextToken: page.next,
      };
    },
    GetMetricStatistics(input: cw.GetMetricStatisticsInput): cw.GetMetricStatisticsOutput {
      return { Label: input.MetricName, Datapoints: statistics(store, input) };
    },
    GetMetricData(input: cw.GetMetricDataInput): cw.GetMetricDataOutput {
      if (input.NextToken !== undefined) throw badValue("The value of NextToken is invalid.");
      const range = rangeOf(input.StartTime, input.EndTime);
      const newestFirst = input.ScanBy !== "TimestampAscending";
      return {
        MetricDataResults: (input.MetricDataQueries ?? [])
          .map((query) => queryResult(store, query, range, newestFirst, input.MaxDatapoints ?? MOST_DATA))
          .filter((result) => result !== undefined),
        Messages: [],
      };
    },
  };
}

function parseDatum(
  namespace: string | undefined,
  datum: cw.MetricDatum,
  nowMs: number,
): { metric: MetricName; atMs: number; sample: Sample; unit: string } {
  const metric = parseMetric({ ...datum, Namespace: namespace });
  const givenMs = datum.Timestamp?.getTime() ?? nowMs;
  if (givenMs < nowMs - PAST_MS || givenMs > nowMs + FUTURE_MS) {
    throw badValue("The timestamp must be at most two weeks in the past and two hours in the future.");
  }
  const resolutionMs = datum.StorageResolution === 1 ? 1_000 : MINUTE_MS;
  return {
    metric,
    atMs: Math.floor(givenMs / resolutionMs) * resolutionMs,
    sample: parseSample(datum),
    unit: datum.Unit ?? "None",
  };
}

function parseSample(datum: cw.MetricDatum): Sample {
  const { StatisticValues: set, Values: values } = datum;
  const given = [datum.Value, set, values].filter((one) => one !== undefined).length;
  if (given !== 1) throw badCombination("Exactly one of Value, Values and StatisticValues must be given.");
  if (set !== undefined) {
    const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = set;
    const isOneValue = Minimum === Maximum;
    return {
      count: SampleCount,
      sum: Sum,
      min: Minimum,
      max: Maximum,
      values: isOneValue ? [[Minimum, SampleCount]] : [],
    };
  }
  const pairs = (values ?? [datum.Value!]).map(
    (value, index) => [value, datum.Counts?.[index] ?? 1] as const,
  );
  if (pairs.length === 0 || pairs.some(([value]) => !Number.isFinite(value))) {
    throw badValue("The values of a metric must be finite numbers.");
  }
  return {
    count: pairs.reduce((sum, [, count]) => sum + count, 0),
    sum: pairs.reduce((sum, [value, count]) => sum + value * count, 0),
    min: Math.min(...pairs.map(([value]) => value)),
    max: Math.max(...pairs.map(([value]) => value)),
    values: pairs,
  };
}

function isListed(metric: MetricName, input: cw.ListMetricsInput): boolean {
  if (input.Namespace !== undefined && metric.namespace !== input.Namespace) return false;
  if (input.MetricName !== undefined && metric.metricName !== input.MetricName) return false;
  return (input.Dimensions ?? []).every((filter) =>
    metric.dimensions.some(
      ({ Name, Value }) => Name === filter.Name && (filter.Value === undefined || Value === filter.Value),
    ),
  );
}

interface Range {
  readonly startMs: number;
  readonly endMs: number;
}

function rangeOf(start: Date | undefined, end: Date | undefined): Range {
  if (start === undefined) throw missing("StartTime");
  if (end === undefined) throw missing("EndTime");
  const range = { startMs: start.getTime(), endMs: end.getTime() };
  if (range.startMs >= range.endMs) {
    throw badValue("The parameter StartTime must be less than the parameter EndTime.");
  }
  return range;
}

/** The periods of a range, each with what was reported in it. @throws AwsError for a wrong period */
function periods(
  store: MetricStore,
  metric: MetricName,
  range: Range,
  period: number | undefined,
  unit: string | undefined,
): { atMs: number; sample: Sample }[] {
  if (period === undefined) throw missing("Period");
  if (!([1, 5, 10, 20, 30].includes(period) || (period > 0 && period % 60 === 0))) {
    throw badValue("The parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60.");
  }
  const periodMs = period * 1_000;
  const firstMs = Math.floor(range.startMs / periodMs) * periodMs;
  if ((range.endMs - firstMs) / periodMs > MOST_DATA) {
    throw badCombination(
      `You have requested more than ${MOST_DATA} datapoints. Reduce the time range or raise the period.`,
    );
  }
  const found: { atMs: number; sample: Sample }[] = [];
  for (let atMs = firstMs; atMs < range.endMs; atMs += periodMs) {
    const sample = store.read(metric, atMs, atMs + periodMs, unit);
    if (sample !== undefined) found.push({ atMs, sample });
  }
  return found;
}

function statistics(store: MetricStore, input: cw.GetMetricStatisticsInput): cw.Datapoint[] {
  const metric = parseMetric(input);
  const range = rangeOf(input.StartTime, input.EndTime);
  const plain = input.Statistics ?? [];
  const extended = input.ExtendedStatistics ?? [];
  if (plain.length + extended.length === 0) throw missing("Statistics or ExtendedStatistics");
  const unknown = plain.find((statistic) => !PLAIN_STATISTICS.includes(statistic));
  if (unknown !== undefined) throw badValue(`The statistic ${unknown} is invalid.`);
  const wrong = extended.find((statistic) => !isStatistic(statistic));
  if (wrong !== undefined)
    throw badValue(`The value ${wrong} for parameter ExtendedStatistics is not supported.`);
  const wanted = (range.endMs - range.startMs) / ((input.Period ?? 60) * 1_000);
  // cloudwatch/most-datapoints
  if (wanted > MOST_DATAPOINTS) {
    throw badCombination(
      `You have requested up to ${Math.ceil(wanted)} datapoints, which exceeds the limit of ${MOST_DATAPOINTS}.`,
    );
  }
  return periods(store, metric, range, input.Period, input.Unit).map(({ atMs, sample }) => ({
    Timestamp: new Date(atMs),
    Unit: metric.namespace.startsWith("AWS/") ? unitOf(metric.metricName) : (input.Unit ?? "None"),
    ...Object.fromEntries(plain.map((statistic) => [statistic, statisticOf(sample, statistic)])),
    ...(extended.length > 0 && {
      ExtendedStatistics: Object.fromEntries(
        extended.map((statistic) => [statistic, statisticOf(sample, statistic) ?? 0]),
      ),
    }),
  }));
}

function queryResult(
  store: MetricStore,
  query: cw.MetricDataQuery,
  range: Range,
  newestFirst: boolean,
  most: number,
): cw.MetricDataResult | undefined {
  if (!query.Id) throw missing("MetricDataQueries.member.Id");
  const stat = query.MetricStat;
  if (query.Expression !== undefined || stat === undefined) {
    throw badValue("The simulated account does not model metric math: use MetricStat.");
  }
  const metric = parseMetric(stat.Metric ?? {});
  const statistic = stat.Stat ?? "";
  if (!isStatistic(statistic)) {
    throw badValue(`The value '${statistic}' for parameter MetricStat.Stat is not supported.`);
  }
  if (query.ReturnData === false) return undefined;
  const points = periods(store, metric, range, stat.Period, stat.Unit)
    .map(({ atMs, sample }) => ({ at: new Date(atMs), value: statisticOf(sample, statistic) }))
    .filter((point) => point.value !== undefined);
  const ordered = (newestFirst ? points.toReversed() : points).slice(0, most);
  return {
    Id: query.Id,
    Label: query.Label ?? metric.metricName,
    Timestamps: ordered.map((point) => point.at),
    Values: ordered.map((point) => point.value ?? 0),
    StatusCode: "Complete",
  };
}
