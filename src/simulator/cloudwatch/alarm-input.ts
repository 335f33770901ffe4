/** Reading PutMetricAlarm, and refusing what AWS refuses. */
import type * as cw from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../account/aws-error.ts";
import { badCombination, badValue, missing } from "./errors.ts";
import { PERCENTILE } from "./samples.ts";

const STATISTICS = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
const OPERATORS = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
];
const TREATMENTS = ["breaching", "notBreaching", "ignore", "missing"];
const ACTIONS_PER_STATE = 5;

function invalid(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

/** @throws AwsError for everything that the API reference of PutMetricAlarm rules out */
export function checkAlarm(input: cw.PutMetricAlarmInput): void {
  checkName(input.AlarmName);
  refuseUnmodelled(input);
  if (!input.MetricName) throw missing("MetricName");
  if (!input.Namespace) throw missing("Namespace");
  checkStatistic(input);
  checkPeriods(input);
  if (input.Threshold === undefined) throw missing("Threshold");
  if (!Number.isFinite(input.Threshold)) throw badValue("Threshold must be a finite number.");
  if (input.ComparisonOperator === undefined) throw missing("ComparisonOperator");
  oneOf("comparisonOperator", input.ComparisonOperator, OPERATORS);
  if (input.TreatMissingData !== undefined) oneOf("treatMissingData", input.TreatMissingData, TREATMENTS);
  if (input.EvaluateLowSampleCountPercentile !== undefined) {
    oneOf("evaluateLowSampleCountPercentile", input.EvaluateLowSampleCountPercentile, ["evaluate", "ignore"]);
  }
  for (const list of ["OKActions", "AlarmActions", "InsufficientDataActions"] as const) {
    checkActions(list, input[list] ?? []);
  }
  checkDimensions(input.Dimensions ?? []);
  checkTags(input.Tags ?? []);
}

function checkName(name: string | undefined): void {
  if (!name) throw missing("AlarmName");
  if (name.length > 255) throw invalid("AlarmName must have at most 255 characters.");
  if (/\p{Cc}/u.test(name)) throw invalid("AlarmName must not contain control characters.");
}

/** Better refused than silently evaluated as something else. */
function refuseUnmodelled(input: cw.PutMetricAlarmInput): void {
  const unmodelled = {
    Metrics: input.Metrics,
    ThresholdMetricId: input.ThresholdMetricId,
    EvaluationWindow: input.EvaluationWindow,
    WarmUpConfiguration: input.WarmUpConfiguration,
    EvaluationCriteria: input.EvaluationCriteria,
    EvaluationInterval: input.EvaluationInterval,
    ActionConfiguration: input.ActionConfiguration,
  };
  for (const [member, value] of Object.entries(unmodelled)) {
    if (value !== undefined) throw invalid(`The simulated account does not model ${member} of an alarm.`);
  }
}

function checkStatistic(input: cw.PutMetricAlarmInput): void {
  const { Statistic: plain, ExtendedStatistic: extended } = input;
  if (plain !== undefined && extended !== undefined) {
    throw badCombination("Only one of Statistic and ExtendedStatistic may be specified.");
  }
  if (plain !== undefined) oneOf("statistic", plain, STATISTICS);
  else if (extended === undefined) throw missing("Statistic or ExtendedStatistic");
  else if (!PERCENTILE.test(extended)) {
    throw badValue(`The value ${extended} for parameter ExtendedStatistic is not supported.`);
  }
}

/** cloudwatch/alarm-periods */
function checkPeriods(input: cw.PutMetricAlarmInput): void {
  const { Period: period, EvaluationPeriods: periods, DatapointsToAlarm: points } = input;
  if (period === undefined) throw missing("Period");
  if (periods === undefined) throw missing("EvaluationPeriods");
  if (!([10, 20, 30].includes(period) || (period > 0 && period % 60 === 0))) {
    throw invalid("Period must be 10, 20, 30, or a multiple of 60.");
  }
  if (period < 60 && input.Namespace?.startsWith("AWS/")) {
    throw invalid("Period must not be less than 60 seconds for metrics in the AWS namespace.");
  }
  if (!Number.isInteger(periods) || periods < 1) throw invalid("EvaluationPeriods must be at least 1.");
  if (points !== undefined && (!Number.isInteger(points) || points < 1)) {
    throw invalid("DatapointsToAlarm must be at least 1.");
  }
  if (points !== undefined && points > periods) {
    throw invalid("DatapointsToAlarm must not be greater than EvaluationPeriods.");
  }
  const most = period < 3_600 ? 86_400 : 604_800;
  if (period * periods > most) {
    throw invalid(
      `Metrics cannot be checked across more than ${most} seconds (EvaluationPeriods * Period must be <= ${most}).`,
    );
  }
}

function checkActions(list: string, actions: readonly string[]): void {
  if (actions.length > ACTIONS_PER_STATE) {
    throw invalid(`${list} must have at most ${ACTIONS_PER_STATE} members.`);
  }
  const wrong = actions.find((arn) => !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/.test(arn));
  if (wrong !== undefined) throw invalid(`Invalid arn syntax: ${wrong}`);
  if (new Set(actions).size !== actions.length) throw invalid(`${list} must not name an action twice.`);
}

function checkDimensions(dimensions: readonly cw.Dimension[]): void {
  if (dimensions.length > 30) throw invalid("A metric has at most 30 dimensions.");
  if (dimensions.some(({ Name, Value }) => !Name || !Value))
    throw missing("Dimensions.member.Name and Value");
  if (new Set(dimensions.map(({ Name }) => Name)).size !== dimensions.length) {
    throw badValue("A dimension name must not be used twice.");
  }
}

/** @throws AwsError for a tag that AWS does not take */
export function checkTags(tags: readonly cw.Tag[]): void {
  if (tags.length > 50) throw invalid("A resource has at most 50 tags.");
  for (const { Key, Value } of tags) {
    if (!Key || Key.length > 128) throw invalid("A tag key has 1 to 128 characters.");
    if ((Value ?? "").length > 256) throw invalid("A tag value has at most 256 characters.");
    if (/^aws:/i.test(Key)) throw badValue("Tag keys that begin with aws: are reserved for AWS.");
  }
}

export function oneOf(member: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(", ")}]`,
  );
}
