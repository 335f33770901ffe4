/** When an alarm goes off. Pure: data points in, state and reason out. */
import type * as cw from "@aws-sdk/client-cloudwatch";

export type AlarmStateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** One period of the evaluation range; without a value, nothing was reported. */
export interface Point {
  readonly atMs: number;
  readonly value: number | undefined;
}

/** CloudWatch looks at a few periods more than it must fill. cloudwatch/evaluation-range */
export const EXTRA_PERIODS = 2;

export type Rule = Pick<
  cw.PutMetricAlarmInput,
  "EvaluationPeriods" | "DatapointsToAlarm" | "Threshold" | "ComparisonOperator" | "TreatMissingData"
>;

/**
 * The state that the points ask for, or nothing when the present one is to stay.
 * cloudwatch/m-of-n, cloudwatch/missing-data
 *
 * @param points oldest first, `EvaluationPeriods + EXTRA_PERIODS` of them
 */
export function decide(rule: Rule, points: readonly Point[]): AlarmStateValue | undefined {
  const periods = rule.EvaluationPeriods ?? 1;
  const needed = rule.DatapointsToAlarm ?? periods;
  const real = points
    .map((point, index) => ({ value: point.value, age: points.length - index }))
    .filter((point) => point.value !== undefined)
    .slice(-periods);
  const breaching = real.filter((point) => breaches(rule, point.value!)).length;
  if (breaching >= needed) return "ALARM";
  if (real.length >= periods) return "OK";
  switch (rule.TreatMissingData ?? "missing") {
    case "breaching":
      return breaching + periods - real.length >= needed ? "ALARM" : "OK";
    case "notBreaching":
      return "OK";
    case "ignore":
      return breaching < real.length ? "OK" : undefined;
    default: {
      if (breaching < real.length) return "OK";
      // All that is known breaches: it counts once it has lasted long enough. cloudwatch/premature-alarm
      const oldest = real[0]?.age ?? 0;
      return oldest >= needed ? "ALARM" : "INSUFFICIENT_DATA";
    }
  }
}

function breaches(rule: Rule, value: number): boolean {
  const threshold = rule.Threshold ?? 0;
  switch (rule.ComparisonOperator) {
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
    default:
      return value > threshold;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

/** Why, in the words that CloudWatch uses for people. */
export function reasonOf(rule: Rule, state: AlarmStateValue, points: readonly Point[]): string {
  const periods = rule.EvaluationPeriods ?? 1;
  const needed = rule.DatapointsToAlarm ?? periods;
  const recent = points.filter((point) => point.value !== undefined).slice(-periods);
  if (state === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${periods - recent.length} ${plural(periods - recent.length)} unknown.`;
  }
  const breaching = recent.filter((point) => breaches(rule, point.value!));
  const compared = `${WORDS[rule.ComparisonOperator ?? ""]} the threshold (${number(rule.Threshold ?? 0)})`;
  if (recent.length === 0) {
    const treated = rule.TreatMissingData === "breaching" ? "Breaching" : "NonBreaching";
    return `Threshold Crossed: no datapoints were received for ${periods} ${periods === 1 ? "period" : "periods"} and ${periods} missing ${periods === 1 ? "datapoint was" : "datapoints were"} treated as [${treated}].`;
  }
  if (state === "ALARM") {
    const outOf = `${breaching.length} out of the last ${periods} datapoints ${list(breaching)}`;
    return `Threshold Crossed: ${outOf} ${breaching.length === 1 ? "was" : "were"} ${compared} (minimum ${needed} ${needed === 1 ? "datapoint" : "datapoints"} for OK -> ALARM transition).`;
  }
  const within = recent.filter((point) => !breaches(rule, point.value!));
  const enough = periods - needed + 1;
  return `Threshold Crossed: ${within.length} out of the last ${periods} datapoints ${list(within)} ${within.length === 1 ? "was" : "were"} not ${compared} (minimum ${enough} ${enough === 1 ? "datapoint" : "datapoints"} for ALARM -> OK transition).`;
}

function plural(count: number): string {
  return count === 1 ? "datapoint was" : "datapoints were";
}

function list(points: readonly Point[]): string {
  return `[${points
    .toReversed()
    .map((point) => `${number(point.value ?? 0)} (${when(point.atMs)})`)
    .join(", ")}]`;
}

function number(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `31/12/26 23:59:00` */
function when(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}

/** The same for programs. */
export function reasonData(input: cw.PutMetricAlarmInput, points: readonly Point[], nowMs: number): string {
  const recent = points.filter((point) => point.value !== undefined).slice(-(input.EvaluationPeriods ?? 1));
  const first = recent[0];
  return JSON.stringify({
    version: "1.0",
    queryDate: new Date(nowMs).toISOString(),
    ...(first !== undefined && { startDate: new Date(first.atMs).toISOString() }),
    statistic: input.Statistic ?? input.ExtendedStatistic,
    period: input.Period,
    recentDatapoints: recent.map((point) => point.value),
    threshold: input.Threshold,
  });
}
