import { long, many, type Row, row, times } from "./row.ts";

const ALARM = "alarms.high-5xx";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:ops";
const APP = { [`${ALARM}.namespace`]: "App" };
const topics = (count: number) => times(count, (index) => `${TOPIC}${index}`);
const actionLists = ["alarmActions", "okActions", "insufficientDataActions"];
const POLICY = {
  "autoScalingGroups.web.scalingPolicies.step": {
    stepScaling: {
      adjustmentType: "ChangeInCapacity",
      stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
    },
  },
};
const REF = { ref: "autoScalingGroups.web.scalingPolicies.step" };

/** Of one of the two statistics; the other is taken away. */
const extended = (bad: string, good: string): Row =>
  row(`${ALARM}.extendedStatistic`, "cloudwatch/extended-statistic", bad, good, {
    beside: { [`${ALARM}.statistic`]: undefined },
  });

export const ALARM_ROWS: readonly Row[] = [
  row(`${ALARM}.name`, "cloudwatch/alarm-name-length", long(256), long(255)),
  row(`${ALARM}.name`, "cloudwatch/alarm-name-characters", "a\tb", "Prod: too many 5xx (ü)"),
  row(`${ALARM}.alarmDescription`, "cloudwatch/alarm-description-length", long(1_025), long(1_024)),
  row(`${ALARM}.namespace`, "cloudwatch/namespace-length", long(256), long(255)),
  row(`${ALARM}.namespace`, "cloudwatch/namespace-colon", ":App", "App:"),
  row(`${ALARM}.namespace`, "cloudwatch/namespace-missing", "", "A"),
  row(`${ALARM}.metricName`, "cloudwatch/metric-name-length", long(256), long(255)),
  row(`${ALARM}.metricName`, "cloudwatch/metric-missing", "", "m"),
  row(`${ALARM}.statistic`, "cloudwatch/statistic", "Mean", "Average"),
  row(`${ALARM}.statistic`, "cloudwatch/statistic-missing", undefined, "Sum"),
  row(`${ALARM}.statistic`, "cloudwatch/statistic-twofold", "p99", undefined, {
    set: `${ALARM}.extendedStatistic`,
  }),
  extended("p101", "p100"),
  extended("q99", "p99.9"),
  extended("TM(9%:90%)", "TM(10%:90%)"),
  extended("TM(10%:91%)", "IQM"),
  extended("PR(10%:90%)", "PR(10:90)"),
  extended("WM(90%:10%)", "WM(:90)"),
  extended("TC(10%:90)", "TC(10:90)"),
  extended("TS(:)", "ts90"),
  row(`${ALARM}.period`, "cloudwatch/period", 45, 30, { beside: APP }),
  row(`${ALARM}.period`, "cloudwatch/period", 90, 120),
  row(`${ALARM}.period`, "cloudwatch/period", 9, 10, { beside: APP }),
  row(`${ALARM}.period`, "cloudwatch/period-of-aws", 10, 60),
  row(`${ALARM}.evaluationPeriods`, "cloudwatch/evaluation-periods", 0, 1),
  row(`${ALARM}.evaluationPeriods`, "cloudwatch/evaluation-range", 1_441, 1_440),
  row(`${ALARM}.evaluationPeriods`, "cloudwatch/evaluation-range", 169, 168, {
    beside: { [`${ALARM}.period`]: 3_600 },
  }),
  row(`${ALARM}.datapointsToAlarm`, "cloudwatch/datapoints", 0, 1),
  row(`${ALARM}.datapointsToAlarm`, "cloudwatch/datapoints-above-periods", 3, 2),
  row(`${ALARM}.comparisonOperator`, "cloudwatch/operator", "Above", "LessThanThreshold", {
    isFormless: true,
  }),
  row(`${ALARM}.treatMissingData`, "cloudwatch/missing-data", "ok", "ignore"),
  row(`${ALARM}.unit`, "cloudwatch/unit", "Requests", "Count/Second"),
  row(`${ALARM}.dimensions`, "cloudwatch/dimension-count", many(31, "1"), many(30, "1")),
  row(`${ALARM}.dimensions.:a`, "cloudwatch/dimension-name", "1", undefined),
  row(`${ALARM}.dimensions.ä`, "cloudwatch/dimension-name", "1", undefined),
  row(`${ALARM}.dimensions.a`, "cloudwatch/dimension-value", " ", "a b"),
  row(`${ALARM}.dimensions.a`, "cloudwatch/dimension-value", "ä", "a"),
  row(`${ALARM}.dimensions.a`, "cloudwatch/dimension-value", long(1_025), long(1_024)),
  row(
    `${ALARM}.dimensions.a.ref`,
    "ours",
    REF,
    { ref: "loadBalancer" },
    { set: `${ALARM}.dimensions.a`, beside: POLICY },
  ),
  row(
    `${ALARM}.dimensions.a.ref`,
    "ours",
    { ref: "targetGroups.constructor" },
    { ref: "targetGroups.web" },
    {
      set: `${ALARM}.dimensions.a`,
    },
  ),
  row(
    `${ALARM}.dimensions.a.ref`,
    "ours",
    { ref: "autoScalingGroups.constructor" },
    { ref: "autoScalingGroups.web" },
    {
      set: `${ALARM}.dimensions.a`,
    },
  ),
  ...actionLists.flatMap((list) => [
    row(`${ALARM}.${list}`, "cloudwatch/action-count", topics(6), topics(5)),
    row(`${ALARM}.${list}[0]`, "cloudwatch/action-arn", ["topic"], [TOPIC], { set: `${ALARM}.${list}` }),
    row(`${ALARM}.${list}`, "cloudwatch/action-twice", [TOPIC, TOPIC], topics(2), { isFormless: true }),
    row(`${ALARM}.${list}[0].ref`, "ours", [{ ref: "loadBalancer" }], [REF], {
      set: `${ALARM}.${list}`,
      beside: POLICY,
    }),
    row(
      `${ALARM}.${list}[0].ref`,
      "ours",
      [{ ref: "autoScalingGroups.web.scalingPolicies.constructor" }],
      [REF],
      {
        set: `${ALARM}.${list}`,
        beside: POLICY,
      },
    ),
    row(`${ALARM}.${list}[0].ref`, "ours", [{ ref: "autoScalingGroups.web.scalingPolicies.cpu" }], [REF], {
      set: `${ALARM}.${list}`,
      beside: POLICY,
    }),
  ]),
];

export const SERVICE_ROWS: readonly Row[] = [
  row("region", "ours", "Mars", "us-east-1"),
  row("region", "ours", "us-east", "us-east-1"),
];
