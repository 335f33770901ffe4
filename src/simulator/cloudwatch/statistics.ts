/**
 * Statistics: what CloudWatch calls them, and their values. Pure.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
import type { Sample } from "./samples.ts";

export const PLAIN_STATISTICS: readonly string[] = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

const NUMBER = "\\d+(?:\\.\\d{1,10})?";
/** `p99.9`, `tm90`, `wm98`, `tc90`, `ts90` */
const SHORT = new RegExp(`^(p|tm|wm|tc|ts)(${NUMBER})$`);
/** `TM(10%:90%)`, `TC(:0.005)`, `PR(100:2000)`; a bound may be left out, and both are of one kind. */
const RANGED = new RegExp(`^(TM|WM|TC|TS|PR)\\((-?${NUMBER}%?)?:(-?${NUMBER}%?)?\\)$`);

type Measure = "TM" | "WM" | "TC" | "TS" | "PR";

/** Between which bounds something is measured: shares of the data points, or values. */
interface Trim {
  readonly measure: Measure;
  readonly inPercent: boolean;
  readonly lower: number;
  readonly upper: number;
}

/** Whether CloudWatch has a statistic of this name. cloudwatch/statistics */
export function isStatistic(name: string): boolean {
  return PLAIN_STATISTICS.includes(name) || percentOf(name) !== undefined || trimOf(name) !== undefined;
}

/** The bounds in percent of a statistic that is trimmed at both ends: alarms take 10 to 90 only. */
export function percentBounds(name: string): readonly number[] {
  const trim = RANGED.test(name) ? trimOf(name) : undefined;
  return trim?.inPercent === true ? [trim.lower, trim.upper] : [];
}

/** The value of a statistic (`Sum`, `p99`, `TM(10%:90%)`, …), or nothing when the sample does not hold it. */
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
      return extendedOf(sample, statistic);
  }
}

function extendedOf(sample: Sample, statistic: string): number | undefined {
  const sorted = [...sample.values].sort((a, b) => a[0] - b[0]);
  if (sorted.length === 0) return undefined;
  const percent = percentOf(statistic);
  if (percent !== undefined) return percentile(sorted, percent);
  const trim = trimOf(statistic);
  return trim === undefined ? undefined : measured(sorted, trim);
}

function percentOf(name: string): number | undefined {
  const [, kind, number] = SHORT.exec(name) ?? [];
  return kind === "p" && Number(number) <= 100 ? Number(number) : undefined;
}

function trimOf(name: string): Trim | undefined {
  if (name === "IQM") return { measure: "TM", inPercent: true, lower: 25, upper: 75 };
  const [, kind, number] = SHORT.exec(name) ?? [];
  if (kind !== undefined && kind !== "p") {
    const measure = kind.toUpperCase() as Measure;
    return checked({ measure, inPercent: true, lower: 0, upper: Number(number) });
  }
  const [, measure, from, to] = RANGED.exec(name) ?? [];
  if (measure === undefined || (from === undefined && to === undefined)) return undefined;
  const inPercent = (from ?? to ?? "").endsWith("%");
  if (from !== undefined && to !== undefined && to.endsWith("%") !== inPercent) return undefined;
  return checked({
    measure: measure as Measure,
    inPercent,
    lower: from === undefined ? (inPercent ? 0 : Number.NEGATIVE_INFINITY) : Number.parseFloat(from),
    upper: to === undefined ? (inPercent ? 100 : Number.POSITIVE_INFINITY) : Number.parseFloat(to),
  });
}

function checked(trim: Trim): Trim | undefined {
  const { measure, inPercent, lower, upper } = trim;
  const isOut = inPercent && (lower < 0 || upper > 100 || measure === "PR");
  return isOut || lower >= upper ? undefined : trim;
}

type Sorted = readonly (readonly [value: number, count: number])[];

function percentile(sorted: Sorted, percent: number): number | undefined {
  const rank = (percent / 100) * countOf(sorted);
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (seen >= rank) return value;
  }
  return sorted.at(-1)?.[0];
}

/** Lower bounds are exclusive, and upper ones inclusive. */
function measured(sorted: Sorted, trim: Trim): number | undefined {
  const kept = trim.inPercent ? betweenShares(sorted, trim) : betweenValues(sorted, trim);
  switch (trim.measure) {
    case "TC":
      return countOf(kept);
    case "TS":
      return sumOf(kept);
    case "TM":
      return countOf(kept) === 0 ? undefined : sumOf(kept) / countOf(kept);
    case "PR":
      return (countOf(kept) / countOf(sorted)) * 100;
    case "WM":
      return winsorized(sorted, trim);
  }
}

function betweenValues(sorted: Sorted, { lower, upper }: Trim): Sorted {
  return sorted.filter(([value]) => value > lower && value <= upper);
}

/** What stands at the border of a share counts in part. */
function betweenShares(sorted: Sorted, { lower, upper }: Trim): Sorted {
  const total = countOf(sorted);
  const [from, to] = [(lower / 100) * total, (upper / 100) * total];
  let seen = 0;
  return sorted.flatMap(([value, count]) => {
    const kept = Math.min(to, seen + count) - Math.max(from, seen);
    seen += count;
    return kept > 0 ? [[value, kept] as const] : [];
  });
}

/** What is outside counts as if it stood at the border. */
function winsorized(sorted: Sorted, { inPercent, lower, upper }: Trim): number {
  const low = inPercent ? percentile(sorted, lower)! : lower;
  const high = inPercent ? percentile(sorted, upper)! : upper;
  const moved = sorted.map(([value, count]) => [Math.min(high, Math.max(low, value)), count] as const);
  return sumOf(moved) / countOf(moved);
}

function countOf(values: Sorted): number {
  return values.reduce((sum, [, count]) => sum + count, 0);
}

function sumOf(values: Sorted): number {
  return values.reduce((sum, [value, count]) => sum + value * count, 0);
}
