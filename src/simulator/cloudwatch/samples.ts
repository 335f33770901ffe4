/** Data points: merging them over a period, and taking a statistic. Pure. */

/** What is known of a metric over some time. */
export interface Sample {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Single values with their counts, as far as they are known: percentiles need them. */
  readonly values: readonly (readonly [value: number, count: number])[];
}

/** Single values kept of one period. */
const MOST_VALUES = 500;

export function sampleOf(...values: number[]): Sample | undefined {
  if (values.length === 0) return undefined;
  return {
    count: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    min: Math.min(...values),
    max: Math.max(...values),
    values: values.map((value) => [value, 1] as const),
  };
}

/** So many requests, as AWS counts them: Sum is the number, and each of the others is 1. */
export function countSample(count: number): Sample {
  return { count, sum: count, min: 1, max: 1, values: [[1, count]] };
}

export function merge(samples: readonly Sample[]): Sample | undefined {
  const [first, ...rest] = samples;
  if (first === undefined || rest.length === 0) return first;
  return {
    count: samples.reduce((sum, sample) => sum + sample.count, 0),
    sum: samples.reduce((sum, sample) => sum + sample.sum, 0),
    min: Math.min(...samples.map((sample) => sample.min)),
    max: Math.max(...samples.map((sample) => sample.max)),
    values: samples.flatMap((sample) => sample.values).slice(0, MOST_VALUES),
  };
}

/** `p99`, `p99.9`: AWS's percentiles. */
export const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** The value of a statistic (`Sum`, `p99`, …), or nothing when the sample does not hold it. */
export function statisticOf(sample: Sample, statistic: string): number | undefined {
  switch (statistic) {
    case "SampleCount":
      return sample.count;
    case "Sum":
      return sample.sum;
    case "Average":
      return sample.count === 0 ? undefined : sample.sum / sample.count;
    case "Minimum":
      return sample.min;
    case "Maximum":
      return sample.max;
    default:
      return percentileOf(sample, statistic);
  }
}

function percentileOf(sample: Sample, statistic: string): number | undefined {
  const found = PERCENTILE.exec(statistic);
  if (found === null || sample.values.length === 0) return undefined;
  const sorted = [...sample.values].sort((a, b) => a[0] - b[0]);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const rank = (Number(found[1]) / 100) * total;
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (seen >= rank) return value;
  }
  return sorted.at(-1)?.[0];
}
