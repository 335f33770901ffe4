import { type Case, type Cases, long, times } from "./ground.ts";

const ALARM = {
  AlarmName: "new",
  Namespace: "App",
  MetricName: "m",
  Statistic: "Average",
  Period: 60,
  EvaluationPeriods: 3,
  Threshold: 1,
  ComparisonOperator: "GreaterThanThreshold",
};
const put = (more: object): Case => ["cloudwatch:PutMetricAlarm", () => ({ ...ALARM, ...more })];
const extended = (ExtendedStatistic: string): Case => put({ Statistic: undefined, ExtendedStatistic });
const dimensions = (...Dimensions: object[]): Case => put({ Dimensions });
const tags = (...Tags: object[]): Case => put({ Tags });
const TOPIC = "arn:aws:sns:us-east-1:123456789012:t";

export const CLOUDWATCH_CASES: Cases = {
  "cloudwatch/alarm-name-missing": put({ AlarmName: undefined }),
  "cloudwatch/alarm-name-length": put({ AlarmName: long(256) }),
  "cloudwatch/alarm-name-characters": put({ AlarmName: "a\u0007" }),
  "cloudwatch/alarm-description-length": put({ AlarmDescription: long(1_025) }),
  "cloudwatch/metric-missing": put({ MetricName: undefined }),
  "cloudwatch/metric-twofold": put({ Metrics: [] }),
  "cloudwatch/namespace-missing": put({ Namespace: undefined }),
  "cloudwatch/metric-name-length": put({ MetricName: long(256) }),
  "cloudwatch/namespace-length": put({ Namespace: long(256) }),
  "cloudwatch/namespace-colon": put({ Namespace: ":App" }),
  "cloudwatch/statistic-missing": put({ Statistic: undefined }),
  "cloudwatch/statistic-twofold": put({ ExtendedStatistic: "p99" }),
  "cloudwatch/statistic": put({ Statistic: "Mean" }),
  "cloudwatch/extended-statistic": extended("TM(5%:95%)"),
  "cloudwatch/unit": put({ Unit: "Requests" }),
  "cloudwatch/threshold-missing": put({ Threshold: undefined }),
  "cloudwatch/threshold": put({ Threshold: Number.POSITIVE_INFINITY }),
  "cloudwatch/operator-missing": put({ ComparisonOperator: undefined }),
  "cloudwatch/operator": put({ ComparisonOperator: "Above" }),
  "cloudwatch/operator-of-bands": put({ ComparisonOperator: "GreaterThanUpperThreshold" }),
  "cloudwatch/missing-data": put({ TreatMissingData: "ok" }),
  "cloudwatch/low-samples": put({ EvaluateLowSampleCountPercentile: "skip" }),
  "cloudwatch/period-missing": put({ Period: undefined }),
  "cloudwatch/evaluation-periods-missing": put({ EvaluationPeriods: undefined }),
  "cloudwatch/period": put({ Period: 45 }),
  "cloudwatch/period-of-aws": put({ Namespace: "AWS/EC2", Period: 10 }),
  "cloudwatch/evaluation-periods": put({ EvaluationPeriods: 0 }),
  "cloudwatch/datapoints": put({ DatapointsToAlarm: 0 }),
  "cloudwatch/datapoints-above-periods": put({ DatapointsToAlarm: 4 }),
  "cloudwatch/evaluation-range": put({ Period: 300, EvaluationPeriods: 289 }),
  "cloudwatch/action-count": put({ AlarmActions: times(6, (index) => `${TOPIC}${index}`) }),
  "cloudwatch/action-arn": put({ OKActions: ["topic"] }),
  "cloudwatch/action-twice": put({ InsufficientDataActions: [TOPIC, TOPIC] }),
  "cloudwatch/dimension-count": dimensions(...times(31, (index) => ({ Name: `d${index}`, Value: "1" }))),
  "cloudwatch/dimension-name": dimensions({ Name: ":a", Value: "1" }),
  "cloudwatch/dimension-value": dimensions({ Name: "a", Value: " " }),
  "cloudwatch/dimension-twice": dimensions({ Name: "a", Value: "1" }, { Name: "a", Value: "2" }),
  "cloudwatch/tag-count": tags(...times(51, (index) => ({ Key: `k${index}`, Value: "1" }))),
  "cloudwatch/tag-key-length": tags({ Key: long(129), Value: "1" }),
  "cloudwatch/tag-value-length": tags({ Key: "a", Value: long(257) }),
  "cloudwatch/tag-reserved": tags({ Key: "AWS:a", Value: "1" }),
  "cloudwatch/tag-twice": tags({ Key: "a", Value: "1" }, { Key: "a", Value: "2" }),
};

/** Calls that AWS takes: what the cases change. */
export const CLOUDWATCH_TAKEN: readonly Case[] = [
  put({ Unit: "Count/Second", AlarmActions: [TOPIC], Dimensions: [{ Name: "a", Value: "1" }] }),
  put({ Namespace: "App", Period: 10 }),
  ...["p99.9", "tm90", "wm98", "tc90", "ts90", "IQM", "TM(10%:90%)", "PR(:300)", "PR(100:2000)"].map(
    extended,
  ),
];
