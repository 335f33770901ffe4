/** CloudWatch's names of statistics: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */

const NUMBER = String.raw`\d+(?:\.\d{1,10})?`;
/** `p99.9`, `tm90`. */
const SHORT = new RegExp(`^(?:p|tm|wm|tc|ts)(${NUMBER})$`);
/** `TM(10%:90%)`, `PR(:300)`: a bound may be left out. */
const RANGED = new RegExp(`^(TM|WM|TC|TS|PR)\\((-?${NUMBER}%?)?:(-?${NUMBER}%?)?\\)$`);

/** What alarms take as bounds in percent: docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const PERCENT = { least: 10, most: 90 };

/** Whether an alarm can have this extended statistic. */
export function isExtendedStatistic(name: string): boolean {
  if (name === "IQM") return true;
  const [, percent] = SHORT.exec(name) ?? [];
  if (percent !== undefined) return Number(percent) <= 100 && (name.startsWith("p") || Number(percent) > 0);
  const [, measure, from, to] = RANGED.exec(name) ?? [];
  const given = [from, to].filter((bound) => bound !== undefined);
  if (measure === undefined || given.length === 0) return false;
  const inPercent = given.every((bound) => bound.endsWith("%"));
  if (!inPercent && given.some((bound) => bound.endsWith("%"))) return false;
  const bounds = given.map((bound) => Number.parseFloat(bound));
  const isOrdered = bounds.length < 2 || bounds[0]! < bounds[1]!;
  if (!inPercent) return isOrdered;
  const isInRange = bounds.every((bound) => bound >= PERCENT.least && bound <= PERCENT.most);
  return measure !== "PR" && bounds.length === 2 && isOrdered && isInRange;
}
