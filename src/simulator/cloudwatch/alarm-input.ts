/** What this account does not model of PutMetricAlarm. */
import type * as cw from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../account/aws-error.ts";

/** @throws AwsError: better refused than silently evaluated as something else */
export function refuseUnmodelled(input: cw.PutMetricAlarmInput): void {
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
    if (value === undefined) continue;
    throw new AwsError("ValidationError", `The simulated account does not model ${member} of an alarm.`);
  }
}
