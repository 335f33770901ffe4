import { held, heldByFields, type MemberTable, notSupported, records } from "../coverage/member-table.ts";
import { fieldsOf } from "../field.ts";
import { alarmSchema } from "./schema.ts";

const EXPRESSIONS = "the spec has no alarms on expressions or several metrics yet";

/** docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html */
export const alarmMembers: MemberTable = {
  answers: [
    {
      operation: "cloudwatch:DescribeAlarms",
      at: "MetricAlarms",
      rules: {
        ...heldByFields(fieldsOf(alarmSchema)),
        ...held("dimensions", "Dimensions[].Name", "Dimensions[].Value"),
        ...held("alarmActions", "AlarmActions"),
        ...held("okActions", "OKActions"),
        ...held("insufficientDataActions", "InsufficientDataActions"),
        ...records(
          "AlarmName",
          "AlarmArn",
          "AlarmConfigurationUpdatedTimestamp",
          "StateValue",
          "StateReason",
          "StateReasonData",
          "StateUpdatedTimestamp",
          "StateTransitionedTimestamp",
          "EvaluationState",
        ),
        ...notSupported({ Metrics: undefined, ThresholdMetricId: undefined }, EXPRESSIONS),
        ...notSupported(
          { EvaluationCriteria: undefined, EvaluationInterval: undefined },
          "the spec has no alarms on PromQL yet",
        ),
        // docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, EvaluateLowSampleCountPercentile
        ...notSupported({
          EvaluateLowSampleCountPercentile: "evaluate",
          EvaluationWindow: undefined,
          WarmUpConfiguration: undefined,
          ActionConfiguration: undefined,
        }),
      },
    },
  ],
  inputs: [{ operation: "cloudwatch:PutMetricAlarm", rules: held("tags", "Tags[].Key", "Tags[].Value") }],
};
