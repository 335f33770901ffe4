/** Simple and predictive policies, metric maths and metrics of high resolution. */
import { bounds, formless, long, many, type Row, row, times } from "./row.ts";

const ASG = "autoScalingGroups.web";
const POLICY = `${ASG}.scalingPolicies.p`;
const SIMPLE = `${POLICY}.simpleScaling`;
const PREDICTIVE = `${POLICY}.predictiveScaling`;
const SPECIFICATION = `${PREDICTIVE}.metricSpecifications[0]`;
const CUSTOM = `${POLICY}.targetTracking.customizedMetric`;
const MOST = 2_147_483_647;

const ONE_MORE = { adjustmentType: "ChangeInCapacity", scalingAdjustment: 1 };

const simpleRow = (field: string, refusal: string, bad: object, good: object): Row =>
  row(`${SIMPLE}.${field}`, refusal, { ...ONE_MORE, ...bad }, { ...ONE_MORE, ...good }, { set: SIMPLE });

const SIMPLE_ROWS: readonly Row[] = [
  row(
    POLICY,
    "autoscaling/tracking-of-others",
    {
      simpleScaling: ONE_MORE,
      targetTracking: { predefinedMetricType: "ASGAverageNetworkIn", targetValue: 50 },
    },
    { simpleScaling: ONE_MORE },
    { isFormless: true },
  ),
  row(`${POLICY}.estimatedInstanceWarmup`, "autoscaling/warmup-of-simple", 60, undefined, {
    beside: { [POLICY]: { simpleScaling: ONE_MORE } },
  }),
  simpleRow("adjustmentType", "autoscaling/adjustment-type", { adjustmentType: "Change" }, {}),
  simpleRow(
    "scalingAdjustment",
    "autoscaling/adjustment-exact-negative",
    { adjustmentType: "ExactCapacity", scalingAdjustment: -1 },
    { adjustmentType: "ExactCapacity", scalingAdjustment: 0 },
  ),
  simpleRow(
    "minAdjustmentMagnitude",
    "autoscaling/adjustment-magnitude",
    { minAdjustmentMagnitude: 2 },
    { adjustmentType: "PercentChangeInCapacity", minAdjustmentMagnitude: 2 },
  ),
  ...bounds(`${SIMPLE}.cooldown`, "autoscaling/policy-cooldown-negative", 0, MOST, {
    beside: { [SIMPLE]: ONE_MORE },
  }),
];

const METRIC = { namespace: "App", metricName: "queue" };
const M1 = { id: "m1", metricStat: { metric: METRIC, stat: "Average" }, returnData: false };
const SUM = { id: "e1", expression: "m1 / 2" };

const tracked = (customizedMetric: object) => ({ targetTracking: { targetValue: 1, customizedMetric } });
const single = (more: object) => tracked({ ...METRIC, statistic: "Average", ...more });
const maths = (...metrics: object[]) => tracked({ metrics });

const customRow = (at: string, refusal: Row["refusal"], bad: object, good: object): Row =>
  row(`${CUSTOM}${at}`, refusal, bad, good, { set: POLICY });
const stat = (more: object) => ({ ...M1, metricStat: { ...M1.metricStat, ...more }, returnData: true });
const metric = (more: object) => stat({ metric: { ...METRIC, ...more } });

const TRACKING_ROWS: readonly Row[] = [
  formless(
    customRow(".period", "autoscaling/customized-period", single({ period: 20 }), single({ period: 10 })),
  ),
  formless(customRow(".statistic", "autoscaling/customized-metric", tracked(METRIC), single({}))),
  formless(
    customRow(".metrics", "autoscaling/customized-twofold", single({ metrics: [stat({})] }), maths(stat({}))),
  ),
  customRow(".metrics", "autoscaling/query-id-twice", maths(M1, { ...SUM, id: "m1" }), maths(M1, SUM)),
  customRow(
    ".metrics",
    "autoscaling/query-return-data",
    maths(M1, { ...SUM, returnData: false }),
    maths(M1, SUM),
  ),
  customRow(
    ".metrics",
    "autoscaling/query-expression",
    maths(M1, { ...SUM, expression: "SUM([m1, m2])" }),
    maths(M1, { ...SUM, expression: "IF(m1 > 1e3, 1, SEARCH('{app} n=\"m2\"', 'Sum', 60))" }),
  ),
  customRow(
    ".metrics",
    "autoscaling/query-count",
    maths(...times(10, (index) => ({ ...M1, id: `m${index}` })), SUM),
    maths(...times(9, (index) => ({ ...M1, id: `m${index}` })), SUM),
  ),
  customRow(".metrics[0].id", "autoscaling/query-id", maths({ ...stat({}), id: "M1" }), maths(stat({}))),
  customRow(
    ".metrics[0].id",
    "autoscaling/query-id",
    maths({ ...stat({}), id: long(65) }),
    maths({ ...stat({}), id: long(64) }),
  ),
  customRow(
    ".metrics[0]",
    "autoscaling/query-one-of",
    maths({ ...stat({}), expression: "1" }),
    maths(stat({})),
  ),
  customRow(
    ".metrics[1].expression",
    "autoscaling/query-expression-length",
    maths(M1, { ...SUM, expression: `m1${" ".repeat(2_046)}` }),
    maths(M1, { ...SUM, expression: `m1${" ".repeat(2_045)}` }),
  ),
  customRow(
    ".metrics[1].label",
    "autoscaling/query-label-length",
    maths(M1, { ...SUM, label: long(2_048) }),
    maths(M1, { ...SUM, label: long(2_047) }),
  ),
  customRow(
    ".metrics[0].period",
    "autoscaling/query-period",
    maths({ ...stat({}), period: 20 }),
    maths(stat({})),
  ),
  customRow(
    ".metrics[0].metricStat.period",
    "autoscaling/query-period",
    maths(stat({ period: 300 })),
    maths(stat({ period: 30 })),
  ),
  customRow(
    ".metrics[0].metricStat.stat",
    "autoscaling/query-stat",
    maths(stat({ stat: "Mean" })),
    maths(stat({ stat: "p99" })),
  ),
  customRow(
    ".metrics[0].metricStat.stat",
    "autoscaling/query-stat",
    maths(stat({ stat: long(101) })),
    maths(stat({ stat: "IQM" })),
  ),
  customRow(
    ".metrics[0].metricStat.unit",
    "autoscaling/query-unit",
    maths(stat({ unit: "Requests" })),
    maths(stat({ unit: "Count" })),
  ),
  customRow(
    ".metrics[0].metricStat.metric.dimensions",
    "autoscaling/query-dimensions",
    maths(metric({ dimensions: many(31, "1") })),
    maths(metric({ dimensions: many(30, "1") })),
  ),
  customRow(
    ".metrics[0].metricStat.metric.dimensions.a.ref",
    "ours",
    maths(metric({ dimensions: { a: { ref: "autoScalingGroups.none" } } })),
    maths(metric({ dimensions: { a: { ref: "autoScalingGroups.web" } } })),
  ),
];

const PAIR = { targetValue: 40, predefinedMetricPair: { predefinedMetricType: "ASGCPUUtilization" } };
const LABEL = { resourceLabel: { ref: "targetGroups.web" } };
const RAISING = { maxCapacityBreachBehavior: "IncreaseMaxCapacity" };

const predictive = (more: object, ...metricSpecifications: object[]) => ({
  metricSpecifications: metricSpecifications.length === 0 ? [PAIR] : metricSpecifications,
  ...more,
});
const predictiveRow = (field: string, refusal: Row["refusal"], bad: object, good: object): Row =>
  row(`${PREDICTIVE}.${field}`, refusal, predictive(bad), predictive(good), { set: PREDICTIVE });
const specifiedRow = (field: string, refusal: Row["refusal"], bad: object, good: object): Row =>
  row(
    `${SPECIFICATION}${field}`,
    refusal,
    predictive({}, { targetValue: 40, ...bad }),
    predictive({}, { targetValue: 40, ...good }),
    { set: PREDICTIVE },
  );

const LOAD = { predefinedLoadMetric: { predefinedMetricType: "ASGTotalCPUUtilization" } };
const SCALING = { predefinedScalingMetric: { predefinedMetricType: "ASGAverageCPUUtilization" } };
const queried = (...metricDataQueries: object[]) => ({ metricDataQueries });
const OWN_LOAD = { customizedLoadMetric: queried(stat({})) };

/** Of each of the three predefined metrics: a type that is not there, requests without a label, and a label without requests. */
const PREDEFINED_ROWS: readonly Row[] = (
  [
    ["predefinedMetricPair", "ALBRequestCount", {}],
    ["predefinedScalingMetric", "ALBRequestCountPerTarget", LOAD],
    ["predefinedLoadMetric", "ALBTargetGroupRequestCount", SCALING],
  ] as const
).flatMap(([name, requests, beside]): Row[] => {
  const types = { predefinedMetricPair: "ASGNetworkIn", predefinedScalingMetric: "ASGAverageNetworkIn" };
  const network = name === "predefinedLoadMetric" ? "ASGTotalNetworkIn" : types[name];
  const is = (predefinedMetricType: string, more: object = {}) => ({
    ...beside,
    [name]: { predefinedMetricType, ...more },
  });
  return [
    specifiedRow(
      `.${name}.predefinedMetricType`,
      "autoscaling/predictive-predefined",
      is("CPU"),
      is(network),
    ),
    specifiedRow(
      `.${name}.resourceLabel`,
      "autoscaling/predictive-label-missing",
      is(requests),
      is(requests, LABEL),
    ),
    specifiedRow(
      `.${name}.resourceLabel`,
      "autoscaling/predictive-label-of-others",
      is(network, LABEL),
      is(network),
    ),
    specifiedRow(
      `.${name}.resourceLabel.ref`,
      "ours",
      is(requests, { resourceLabel: { ref: "targetGroups.none" } }),
      is(requests, LABEL),
    ),
  ];
});

const loadRow = (at: string, refusal: string, bad: object[], good: object[]): Row =>
  specifiedRow(
    `.customizedLoadMetric.metricDataQueries${at}`,
    refusal,
    { ...SCALING, customizedLoadMetric: queried(...bad) },
    { ...SCALING, customizedLoadMetric: queried(...good) },
  );

const PREDICTIVE_ROWS: readonly Row[] = [
  row(`${POLICY}.estimatedInstanceWarmup`, "autoscaling/warmup-of-predictive", 60, undefined, {
    beside: { [POLICY]: { predictiveScaling: predictive({}) } },
  }),
  predictiveRow("mode", "autoscaling/predictive-mode", { mode: "Forecast" }, { mode: "ForecastAndScale" }),
  predictiveRow(
    "schedulingBufferTime",
    "autoscaling/predictive-buffer-time",
    { schedulingBufferTime: 3_600 },
    { schedulingBufferTime: 3_599 },
  ),
  predictiveRow(
    "schedulingBufferTime",
    "autoscaling/predictive-buffer-time",
    { schedulingBufferTime: -1 },
    { schedulingBufferTime: 0 },
  ),
  predictiveRow(
    "maxCapacityBreachBehavior",
    "autoscaling/predictive-breach-behavior",
    { maxCapacityBreachBehavior: "Raise" },
    { maxCapacityBreachBehavior: "HonorMaxCapacity" },
  ),
  predictiveRow(
    "maxCapacityBuffer",
    "autoscaling/predictive-buffer",
    { ...RAISING, maxCapacityBuffer: 101 },
    { ...RAISING, maxCapacityBuffer: 100 },
  ),
  predictiveRow(
    "maxCapacityBuffer",
    "autoscaling/predictive-buffer",
    { ...RAISING, maxCapacityBuffer: -1 },
    { ...RAISING, maxCapacityBuffer: 0 },
  ),
  predictiveRow("maxCapacityBuffer", "autoscaling/predictive-buffer-behavior", RAISING, {
    ...RAISING,
    maxCapacityBuffer: 10,
  }),
  predictiveRow("maxCapacityBuffer", "autoscaling/predictive-buffer-behavior", { maxCapacityBuffer: 10 }, {}),
  row(
    `${PREDICTIVE}.metricSpecifications`,
    "autoscaling/predictive-one-specification",
    predictive({}, PAIR, PAIR),
    predictive({}),
    { set: PREDICTIVE },
  ),
  specifiedRow(".targetValue", "ours", { ...PAIR, targetValue: 0 }, { ...PAIR, targetValue: 0.1 }),
  specifiedRow("", "autoscaling/predictive-metrics", {}, PAIR),
  specifiedRow("", "autoscaling/predictive-metrics", LOAD, { ...LOAD, ...SCALING }),
  specifiedRow("", "autoscaling/predictive-metrics", { ...PAIR, ...LOAD }, PAIR),
  specifiedRow(
    "",
    "autoscaling/predictive-metrics",
    { ...LOAD, ...OWN_LOAD, ...SCALING },
    { ...OWN_LOAD, ...SCALING },
  ),
  specifiedRow(
    ".customizedCapacityMetric",
    "autoscaling/predictive-capacity-metric",
    { ...LOAD, ...SCALING, customizedCapacityMetric: queried(stat({})) },
    { ...OWN_LOAD, ...SCALING, customizedCapacityMetric: queried(stat({})) },
  ),
  ...PREDEFINED_ROWS,
  loadRow(
    "",
    "autoscaling/query-count",
    [...times(10, (index) => ({ ...M1, id: `m${index}` })), SUM],
    [...times(9, (index) => ({ ...M1, id: `m${index}` })), SUM],
  ),
  loadRow("[0].id", "autoscaling/query-id", [{ ...stat({}), id: "1m" }], [stat({})]),
  loadRow(
    "[0].id",
    "autoscaling/query-id",
    [{ ...stat({}), id: long(256) }],
    [{ ...stat({}), id: long(255) }],
  ),
  loadRow(
    "[1].expression",
    "autoscaling/query-expression-length",
    [M1, { ...SUM, expression: `m1${" ".repeat(1_022)}` }],
    [M1, { ...SUM, expression: `m1${" ".repeat(1_021)}` }],
  ),
  loadRow(
    "[1].label",
    "autoscaling/query-label-length",
    [M1, { ...SUM, label: long(2_048) }],
    [M1, { ...SUM, label: long(2_047) }],
  ),
  loadRow(
    "[0].metricStat.stat",
    "autoscaling/query-stat",
    [stat({ stat: long(101) })],
    [stat({ stat: "Sum" })],
  ),
  loadRow(
    "[0].metricStat.unit",
    "autoscaling/query-unit",
    [stat({ unit: "Requests" })],
    [stat({ unit: "Count" })],
  ),
  loadRow(
    "[0].metricStat.metric.dimensions",
    "autoscaling/query-dimensions",
    [metric({ dimensions: many(31, "1") })],
    [metric({ dimensions: many(30, "1") })],
  ),
  row(
    "alarms.high-5xx.alarmActions[0].ref",
    "ours",
    [{ ref: "autoScalingGroups.web.scalingPolicies.p" }],
    undefined,
    { set: "alarms.high-5xx.alarmActions", beside: { [POLICY]: { predictiveScaling: predictive({}) } } },
  ),
];

export const SCALING_POLICY_ROWS: readonly Row[] = [...SIMPLE_ROWS, ...TRACKING_ROWS, ...PREDICTIVE_ROWS];
