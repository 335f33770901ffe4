import type { Draft } from "../../reconciler/world.ts";
import { formless, long, many, type Row, row, times } from "./row.ts";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:ops";
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
const extended = (at: string, bad: string, good: string): Row =>
  row(`${at}.extendedStatistic`, "cloudwatch/extended-statistic", bad, good, {
    beside: { [`${at}.statistic`]: undefined },
  });

/** @param most how many topics an alarm there can tell when it rings */
function rowsAt(at: string, most: number): Row[] {
  const app = { [`${at}.namespace`]: "App" };
  return [
    row(`${at}.name`, "cloudwatch/alarm-name-length", long(256), long(255)),
    row(`${at}.name`, "cloudwatch/alarm-name-characters", "a\tb", "Prod: too many 5xx (ü)"),
    row(`${at}.alarmDescription`, "cloudwatch/alarm-description-length", long(1_025), long(1_024)),
    row(`${at}.namespace`, "cloudwatch/namespace-length", long(256), long(255)),
    row(`${at}.namespace`, "cloudwatch/namespace-colon", ":App", "App:"),
    row(`${at}.namespace`, "cloudwatch/namespace-missing", "", "A"),
    row(`${at}.metricName`, "cloudwatch/metric-name-length", long(256), long(255)),
    row(`${at}.metricName`, "cloudwatch/metric-missing", "", "m"),
    row(`${at}.statistic`, "cloudwatch/statistic", "Mean", "Average"),
    row(`${at}.statistic`, "cloudwatch/statistic-missing", undefined, "Sum"),
    row(`${at}.statistic`, "cloudwatch/statistic-twofold", "p99", undefined, {
      set: `${at}.extendedStatistic`,
    }),
    extended(at, "p101", "p100"),
    extended(at, "q99", "p99.9"),
    extended(at, "TM(9%:90%)", "TM(10%:90%)"),
    extended(at, "TM(10%:91%)", "IQM"),
    extended(at, "PR(10%:90%)", "PR(10:90)"),
    extended(at, "WM(90%:10%)", "WM(:90)"),
    extended(at, "TC(10%:90)", "TC(10:90)"),
    extended(at, "TS(:)", "ts90"),
    row(`${at}.period`, "cloudwatch/period", 45, 30, { beside: app }),
    row(`${at}.period`, "cloudwatch/period", 90, 120),
    row(`${at}.period`, "cloudwatch/period", 9, 10, { beside: app }),
    row(`${at}.period`, "cloudwatch/period-of-aws", 10, 60),
    row(`${at}.evaluationPeriods`, "cloudwatch/evaluation-periods", 0, 1),
    row(`${at}.evaluationPeriods`, "cloudwatch/evaluation-range", 1_441, 1_440),
    row(`${at}.evaluationPeriods`, "cloudwatch/evaluation-range", 169, 168, {
      beside: { [`${at}.period`]: 3_600 },
    }),
    row(`${at}.datapointsToAlarm`, "cloudwatch/datapoints", 0, 1),
    row(`${at}.datapointsToAlarm`, "cloudwatch/datapoints-above-periods", 3, 2),
    row(`${at}.comparisonOperator`, "cloudwatch/operator", "Above", "LessThanThreshold", {
      isFormless: true,
    }),
    row(`${at}.treatMissingData`, "cloudwatch/missing-data", "ok", "ignore"),
    row(`${at}.unit`, "cloudwatch/unit", "Requests", "Count/Second"),
    row(`${at}.dimensions`, "cloudwatch/dimension-count", many(31, "1"), many(30, "1")),
    row(`${at}.dimensions.:a`, "cloudwatch/dimension-name", "1", undefined),
    row(`${at}.dimensions.ä`, "cloudwatch/dimension-name", "1", undefined),
    row(`${at}.dimensions.a`, "cloudwatch/dimension-value", " ", "a b"),
    row(`${at}.dimensions.a`, "cloudwatch/dimension-value", "ä", "a"),
    row(`${at}.dimensions.a`, "cloudwatch/dimension-value", long(1_025), long(1_024)),
    row(
      `${at}.dimensions.a.ref`,
      "ours",
      REF,
      { ref: "loadBalancer" },
      { set: `${at}.dimensions.a`, beside: POLICY },
    ),
    row(
      `${at}.dimensions.a.ref`,
      "ours",
      { ref: "targetGroups.constructor" },
      { ref: "targetGroups.web" },
      {
        set: `${at}.dimensions.a`,
      },
    ),
    row(
      `${at}.dimensions.a.ref`,
      "ours",
      { ref: "autoScalingGroups.constructor" },
      { ref: "autoScalingGroups.web" },
      {
        set: `${at}.dimensions.a`,
      },
    ),
    ...actionLists.flatMap((list) => [
      row(`${at}.${list}`, "cloudwatch/action-count", topics(6), topics(list === "alarmActions" ? most : 5)),
      row(`${at}.${list}[0]`, "cloudwatch/action-arn", ["topic"], [TOPIC], { set: `${at}.${list}` }),
      row(`${at}.${list}`, "cloudwatch/action-twice", [TOPIC, TOPIC], topics(2), { isFormless: true }),
      row(`${at}.${list}[0].ref`, "ours", [{ ref: "loadBalancer" }], [REF], {
        set: `${at}.${list}`,
        beside: POLICY,
      }),
      row(
        `${at}.${list}[0].ref`,
        "ours",
        [{ ref: "autoScalingGroups.web.scalingPolicies.constructor" }],
        [REF],
        {
          set: `${at}.${list}`,
          beside: POLICY,
        },
      ),
      row(`${at}.${list}[0].ref`, "ours", [{ ref: "autoScalingGroups.web.scalingPolicies.cpu" }], [REF], {
        set: `${at}.${list}`,
        beside: POLICY,
      }),
    ]),
  ];
}

export const ALARM_ROWS: readonly Row[] = rowsAt("alarms.high-5xx", 5);

const PLAIN = {
  stepScaling: POLICY["autoScalingGroups.web.scalingPolicies.step"].stepScaling,
  simpleScaling: { adjustmentType: "ChangeInCapacity", scalingAdjustment: 1 },
};
const BUSY = {
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  dimensions: {},
  statistic: "Average",
  threshold: 80,
  comparisonOperator: "GreaterThanThreshold",
};

/** The same of the alarm that a policy is declared with: its call is that of any other alarm, and is shown by those. */
export const POLICY_ALARM_ROWS: readonly Row[] = (["stepScaling", "simpleScaling"] as const).flatMap(
  (form) => {
    const before = (spec: Draft) =>
      Object.assign(spec.autoScalingGroups.web.scalingPolicies, {
        surge: structuredClone({ [form]: { ...PLAIN[form], alarm: BUSY } }),
      });
    return rowsAt(`autoScalingGroups.web.scalingPolicies.surge.${form}.alarm`, 4).map((one) =>
      formless({
        ...one,
        broken: (spec) => one.broken(before(spec) && spec),
        inside: (spec) => one.inside(before(spec) && spec),
      }),
    );
  },
);

export const SERVICE_ROWS: readonly Row[] = [
  row("region", "ours", "Mars", "us-east-1"),
  row("region", "ours", "us-east", "us-east-1"),
];
