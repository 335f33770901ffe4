/** What CloudWatch tells EventBridge of its alarms. events/of-alarms */
import type * as cw from "@aws-sdk/client-cloudwatch";
import { derivedUuid } from "../account/ids.ts";
import type { Parts } from "../services.ts";

/** What of an alarm's state is told. */
interface ToldState {
  readonly state: string;
  readonly reason: string;
  readonly reasonData: string | undefined;
  readonly stateAtMs: number;
}

/** What of an alarm is told. */
interface ToldAlarm extends ToldState {
  readonly name: string;
  readonly arn: string;
  readonly input: cw.PutMetricAlarmInput;
  readonly configuredAtMs: number;
}

export function tellAlarmState(parts: Parts, alarm: ToldAlarm, before: ToldState): void {
  tell(parts, alarm, "CloudWatch Alarm State Change", () => ({
    alarmName: alarm.name,
    state: stateOf(alarm),
    previousState: stateOf(before),
    configuration: {
      ...(alarm.input.AlarmDescription !== undefined && { description: alarm.input.AlarmDescription }),
      metrics: metricsOf(alarm.input),
    },
  }));
}

/** @param before what was configured, where it was updated */
export function tellAlarmConfiguration(
  parts: Parts,
  alarm: ToldAlarm,
  operation: "create" | "update" | "delete",
  before?: cw.PutMetricAlarmInput,
): void {
  const { input, configuredAtMs } = alarm;
  tell(parts, alarm, "CloudWatch Alarm Configuration Change", () => ({
    alarmName: alarm.name,
    operation,
    state: stateOf(alarm),
    configuration: configurationOf(input, configuredAtMs),
    ...(before !== undefined && { previousConfiguration: configurationOf(before, configuredAtMs) }),
  }));
}

function tell(parts: Parts, alarm: ToldAlarm, detailType: string, detail: () => object): void {
  const resources = [alarm.arn];
  parts.events.emit({ kind: "service", source: "aws.cloudwatch", detailType, resources, detail });
}

function stateOf({ state, reason, reasonData, stateAtMs }: ToldState): object {
  const timestamp = new Date(stateAtMs).toISOString().replace("Z", "+0000");
  return { value: state, reason, ...(reasonData !== undefined && { reasonData }), timestamp };
}

function configurationOf(input: cw.PutMetricAlarmInput, configuredAtMs: number): object {
  return {
    alarmName: input.AlarmName,
    ...(input.AlarmDescription !== undefined && { description: input.AlarmDescription }),
    actionsEnabled: input.ActionsEnabled ?? true,
    alarmActions: input.AlarmActions ?? [],
    okActions: input.OKActions ?? [],
    insufficientDataActions: input.InsufficientDataActions ?? [],
    comparisonOperator: input.ComparisonOperator,
    evaluationPeriods: input.EvaluationPeriods,
    ...(input.DatapointsToAlarm !== undefined && { datapointsToAlarm: input.DatapointsToAlarm }),
    threshold: input.Threshold,
    treatMissingData: input.TreatMissingData ?? "missing",
    metrics: metricsOf(input),
    timestamp: new Date(configuredAtMs).toISOString().replace("Z", "+0000"),
  };
}

function metricsOf(input: cw.PutMetricAlarmInput): object[] {
  if (input.Metrics !== undefined) {
    return input.Metrics.map(({ Id, Expression, Label, ReturnData = true }) => ({
      id: Id,
      ...(Expression !== undefined && { expression: Expression }),
      ...(Label !== undefined && { label: Label }),
      returnData: ReturnData,
    }));
  }
  const dimensions = Object.fromEntries((input.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
  return [
    {
      id: derivedUuid(`metric of ${input.AlarmName}`),
      metricStat: {
        metric: { dimensions, name: input.MetricName, namespace: input.Namespace },
        period: input.Period,
        stat: input.Statistic ?? input.ExtendedStatistic,
      },
      returnData: true,
    },
  ];
}
