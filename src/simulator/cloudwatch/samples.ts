/** Data points, and merging them over a period. Pure. */

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
