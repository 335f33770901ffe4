/** What tests send with `PutMetricAlarm`. */
import type { MetricAlarm, PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";

/** An alarm of whoever wants one: it watches nothing of ours. */
export function plainAlarm(AlarmName: string) {
  return {
    AlarmName,
    Namespace: "AWS/ApplicationELB",
    MetricName: "RequestCount",
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanThreshold",
  } satisfies PutMetricAlarmInput;
}

const WATCHES = [
  "AlarmName",
  "Namespace",
  "MetricName",
  "Dimensions",
  "Statistic",
  "ExtendedStatistic",
  "Period",
  "EvaluationPeriods",
  "Threshold",
  "ComparisonOperator",
] as const satisfies readonly (keyof MetricAlarm & keyof PutMetricAlarmInput)[];

/**
 * An alarm's name and what it watches, to be put again with a change: the call overwrites the whole alarm, so that what
 * is not sent (its actions, say) is lost.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function watchesOf(alarm: MetricAlarm): Pick<MetricAlarm, (typeof WATCHES)[number]> {
  return Object.fromEntries(WATCHES.map((name) => [name, alarm[name]]));
}
