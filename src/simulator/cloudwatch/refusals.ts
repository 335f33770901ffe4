/** What CloudWatch refuses of metric alarms and their tags. */
import type { Dimension, PutMetricAlarmInput, TagResourceInput } from "@aws-sdk/client-cloudwatch";
import { UNITS } from "../../model/metric-units.ts";
import {
  constraint,
  enumeration,
  firstOf,
  hasTwice,
  isNoneOf,
  isOutside,
  lengthOf,
  type RefusalRule,
  refusals,
  TAG_LENGTH_ROWS,
} from "../account/refusals.ts";
import { isStatistic, PLAIN_STATISTICS, percentBounds } from "./statistics.ts";

const API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference";

type Put = PutMetricAlarmInput;

const OPERATORS = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
];
const BAND_OPERATORS = [
  "LessThanLowerOrGreaterThanUpperThreshold",
  "LessThanLowerThreshold",
  "GreaterThanUpperThreshold",
];
const ACTIONS = ["OKActions", "AlarmActions", "InsufficientDataActions"] as const;

const PUT = { prefix: "cloudwatch", operations: ["PutMetricAlarm"], code: "ValidationError" };

const SHAPE_RULES = refusals<Put>({ ...PUT, page: `${API}/API_PutMetricAlarm.html` }, [
  [
    "alarm-name-missing",
    "An alarm has a name.",
    ({ AlarmName: name = "" }) => name === "" && "The parameter AlarmName is required.",
    "MissingParameter",
  ],
  [
    "alarm-name-length",
    "The name of an alarm has at most 255 characters.",
    ({ AlarmName: name }) =>
      lengthOf(name) > 255 &&
      constraint("alarmName", name, "Member must have length less than or equal to 255"),
  ],
  [
    "alarm-name-characters",
    "The name of an alarm has no control characters.",
    ({ AlarmName: name = "" }) =>
      /\p{Cc}/u.test(name) && "AlarmName must not contain ASCII control characters.",
  ],
  [
    "alarm-description-length",
    "The description of an alarm has at most 1024 characters.",
    ({ AlarmDescription: text }) => lengthOf(text) > 1_024,
  ],
  [
    "metric-missing",
    "An alarm watches a metric, or an expression.",
    ({ MetricName = "", Metrics, EvaluationCriteria }) =>
      MetricName === "" &&
      Metrics === undefined &&
      EvaluationCriteria === undefined &&
      "The parameter MetricName is required.",
    "MissingParameter",
  ],
  [
    "metric-twofold",
    "An alarm watches either a metric or an expression.",
    ({ Metrics, MetricName, Namespace, Dimensions, Period, Unit, Statistic, ExtendedStatistic }) =>
      Metrics !== undefined &&
      [MetricName, Namespace, Dimensions, Period, Unit, Statistic, ExtendedStatistic].some(
        (one) => one !== undefined,
      ) &&
      "Metrics list cannot be specified together with MetricName, Namespace, Dimensions, Period, Unit, Statistic or ExtendedStatistic",
  ],
  [
    "namespace-missing",
    "The metric of an alarm has a namespace.",
    ({ MetricName = "", Namespace = "" }) =>
      MetricName !== "" && Namespace === "" && "The parameter Namespace is required.",
    "MissingParameter",
  ],
  [
    "metric-name-length",
    "The name of a metric has at most 255 characters.",
    ({ MetricName: name }) => lengthOf(name) > 255,
  ],
  [
    "namespace-length",
    "A namespace has at most 255 characters.",
    ({ Namespace: namespace }) => lengthOf(namespace) > 255,
  ],
  [
    "namespace-colon",
    "A namespace does not begin with a colon.",
    ({ Namespace: namespace = "" }) =>
      namespace.startsWith(":") &&
      constraint("namespace", namespace, "Member must satisfy regular expression pattern: [^:].*"),
  ],
  [
    "statistic-missing",
    "An alarm has a statistic.",
    ({ MetricName = "", Statistic, ExtendedStatistic }) =>
      MetricName !== "" &&
      Statistic === undefined &&
      ExtendedStatistic === undefined &&
      "The parameter Statistic or ExtendedStatistic is required.",
    "MissingParameter",
  ],
  [
    "statistic-twofold",
    "An alarm has either a statistic or an extended one.",
    ({ Statistic, ExtendedStatistic }) =>
      Statistic !== undefined &&
      ExtendedStatistic !== undefined &&
      "Only one of Statistic and ExtendedStatistic may be specified.",
    "InvalidParameterCombination",
  ],
  [
    "statistic",
    "A statistic is one of the reference's.",
    ({ Statistic: statistic }) =>
      isNoneOf(statistic, PLAIN_STATISTICS) && enumeration("statistic", statistic, PLAIN_STATISTICS),
  ],
  [
    "extended-statistic",
    "An extended statistic is one that CloudWatch defines; percentages of two bounds are 10 to 90.",
    ({ ExtendedStatistic: statistic }) =>
      statistic !== undefined &&
      (!isStatistic(statistic) ||
        PLAIN_STATISTICS.includes(statistic) ||
        percentBounds(statistic).some((bound) => bound < 10 || bound > 90)) &&
      `The value ${statistic} for parameter ExtendedStatistic is not supported.`,
    "InvalidParameterValue",
  ],
  [
    "unit",
    "A unit is one of CloudWatch's.",
    ({ Unit: unit }) => isNoneOf(unit, UNITS) && enumeration("unit", unit, UNITS),
  ],
  [
    "threshold-missing",
    "An alarm on a metric has a threshold.",
    ({ Threshold, ThresholdMetricId }) =>
      Threshold === undefined && ThresholdMetricId === undefined && "The parameter Threshold is required.",
    "MissingParameter",
  ],
  [
    "threshold",
    "A threshold is a finite number.",
    ({ Threshold: threshold }) => threshold !== undefined && !Number.isFinite(threshold),
    "InvalidParameterValue",
  ],
  [
    "operator-missing",
    "An alarm has a comparison.",
    ({ ComparisonOperator: operator }) =>
      operator === undefined && "The parameter ComparisonOperator is required.",
    "MissingParameter",
  ],
  [
    "operator",
    "A comparison is one of the reference's.",
    ({ ComparisonOperator: operator }) =>
      isNoneOf(operator, [...OPERATORS, ...BAND_OPERATORS]) &&
      enumeration("comparisonOperator", operator, [...OPERATORS, ...BAND_OPERATORS]),
  ],
  [
    "operator-of-bands",
    "Comparisons with a band are for alarms on anomaly detection.",
    ({ ComparisonOperator: operator = "", ThresholdMetricId }) =>
      BAND_OPERATORS.includes(operator) &&
      ThresholdMetricId === undefined &&
      `ComparisonOperator ${operator} requires ThresholdMetricId.`,
  ],
  [
    "missing-data",
    "Missing data is breaching, notBreaching, ignore or missing.",
    ({ TreatMissingData: treatment }) =>
      isNoneOf(treatment, ["breaching", "notBreaching", "ignore", "missing"]) &&
      `Option ${treatment} is not supported for treat-missing-data parameter. Supported options are [breaching, notBreaching, ignore, missing].`,
  ],
  [
    "low-samples",
    "Few samples of a percentile are evaluated or ignored.",
    ({ EvaluateLowSampleCountPercentile: choice }) =>
      isNoneOf(choice, ["evaluate", "ignore"]) &&
      `Option ${choice} is not supported for evaluate-low-sample-count-percentile parameter. Supported options are [evaluate, ignore].`,
  ],
]);

/** cloudwatch/alarm-periods */
const PERIOD_RULES = refusals<Put>({ ...PUT, page: `${API}/API_PutMetricAlarm.html` }, [
  [
    "period-missing",
    "An alarm on a metric has a period.",
    ({ MetricName = "", Period }) =>
      MetricName !== "" && Period === undefined && "The parameter Period is required.",
    "MissingParameter",
  ],
  [
    "evaluation-periods-missing",
    "An alarm has evaluation periods.",
    ({ EvaluationPeriods }) =>
      EvaluationPeriods === undefined && "The parameter EvaluationPeriods is required.",
    "MissingParameter",
  ],
  [
    "period",
    "A period is 10, 20, 30 or a multiple of 60 seconds.",
    ({ Period: period }) =>
      period !== undefined &&
      ![10, 20, 30].includes(period) &&
      !(period > 0 && period % 60 === 0) &&
      "Period must be 10, 20, 30 or a multiple of 60",
  ],
  [
    "period-of-aws",
    "A period of less than 60 seconds is for metrics of high resolution, which AWS's own are not.",
    ({ Period: period = 60, Namespace: namespace = "" }) =>
      period < 60 &&
      namespace.startsWith("AWS/") &&
      "Metrics with Namespace starting with AWS/ must have a Period of at least 60 seconds",
  ],
  [
    "evaluation-periods",
    "There is at least one evaluation period.",
    ({ EvaluationPeriods: periods }) => isOutside(periods, 1, Number.MAX_SAFE_INTEGER),
  ],
  [
    "datapoints",
    "At least one data point raises an alarm.",
    ({ DatapointsToAlarm: points }) => isOutside(points, 1, Number.MAX_SAFE_INTEGER),
  ],
  [
    "datapoints-above-periods",
    "The data points that raise an alarm are not more than the evaluation periods.",
    ({ DatapointsToAlarm: points, EvaluationPeriods: periods = 0 }) =>
      points !== undefined &&
      points > periods &&
      "DatapointsToAlarm must be less than or equal to EvaluationPeriods.",
  ],
  [
    "evaluation-range",
    "Evaluation goes back at most a day, or seven days with periods of an hour and more.",
    ({ Period: period = 0, EvaluationPeriods: periods = 0 }) => {
      const most = period < 3_600 ? 86_400 : 604_800;
      return (
        period * periods > most &&
        `Metrics cannot be checked across more than ${period < 3_600 ? "a day" : "7 days"} (EvaluationPeriods * Period must be <= ${most}).`
      );
    },
  ],
]);

const ACTION_RULES = refusals<Put>({ ...PUT, page: `${API}/API_PutMetricAlarm.html` }, [
  [
    "action-count",
    "A state has at most 5 actions.",
    (input) =>
      firstOf(
        ACTIONS,
        (list) =>
          (input[list] ?? []).length > 5 &&
          `1 validation error detected: Value at '${list[0]?.toLowerCase()}${list.slice(1)}' failed to satisfy constraint: Member must have length less than or equal to 5`,
      ),
  ],
  [
    "action-arn",
    "An action is an ARN.",
    (input) =>
      firstOf(ACTIONS, (list) =>
        firstOf(
          input[list],
          (arn) =>
            (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/.test(arn) || arn.length > 1_024) &&
            `Invalid arn syntax: ${arn}`,
        ),
      ),
  ],
  [
    "action-twice",
    "A state has an action once.",
    (input) => firstOf(ACTIONS, (list) => hasTwice(input[list] ?? [])),
  ],
]);

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text) && text.trim() !== "";

function ofDimensions(
  said: (dimension: Dimension) => string | boolean | undefined,
): (input: Put) => string | boolean | undefined {
  return ({ Dimensions }) => firstOf(Dimensions, said);
}

const DIMENSION_RULES = refusals<Put>({ ...PUT, page: `${API}/API_Dimension.html` }, [
  ["dimension-count", "A metric has at most 30 dimensions.", ({ Dimensions = [] }) => Dimensions.length > 30],
  [
    "dimension-name",
    "The name of a dimension has 1 to 255 printable ASCII characters, and does not begin with a colon.",
    ofDimensions(({ Name: name = "" }) => !isAscii(name) || name.length > 255 || name.startsWith(":")),
    "InvalidParameterValue",
  ],
  [
    "dimension-value",
    "The value of a dimension has 1 to 1024 printable ASCII characters.",
    ofDimensions(({ Value: value = "" }) => !isAscii(value) || value.length > 1_024),
    "InvalidParameterValue",
  ],
  [
    "dimension-twice",
    "The name of a dimension is given once.",
    ({ Dimensions = [] }) => hasTwice(Dimensions.map(({ Name }) => Name)),
    "InvalidParameterValue",
  ],
]);

const TAG_RULES = refusals<Pick<Put & TagResourceInput, "Tags">>(
  {
    prefix: "cloudwatch",
    operations: ["PutMetricAlarm", "TagResource"],
    code: "ValidationError",
    page: `${API}/API_Tag.html`,
  },
  [
    ["tag-count", "A resource has at most 50 tags.", ({ Tags = [] }) => Tags.length > 50],
    ...TAG_LENGTH_ROWS,
    [
      "tag-reserved",
      "Tag keys that begin with aws:, in any case, are AWS's own.",
      ({ Tags }) => firstOf(Tags, ({ Key = "" }) => /^aws:/i.test(Key)),
      "InvalidParameterValue",
    ],
    [
      "tag-twice",
      "A tag key is given once.",
      ({ Tags = [] }) => hasTwice(Tags.map(({ Key }) => Key)),
      "InvalidParameterValue",
    ],
  ],
);

export const CLOUDWATCH_REFUSALS: readonly RefusalRule<unknown>[] = [
  ...SHAPE_RULES,
  ...PERIOD_RULES,
  ...ACTION_RULES,
  ...DIMENSION_RULES,
  ...TAG_RULES,
];
