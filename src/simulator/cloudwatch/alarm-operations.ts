/** The operations on alarms and their tags. */
import type * as cw from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../account/aws-error.ts";
import { pageOf } from "../account/paging.ts";
import { enumeration } from "../account/refusals.ts";
import { refuseUnmodelled } from "./alarm-input.ts";
import { type Alarm, type AlarmStore, allActions } from "./alarms.ts";
import { badCombination, badValue, missing } from "./errors.ts";
import { keyOf, parseMetric } from "./metric-store.ts";

const MOST_NAMES = 100;
const MOST_TAGS = 50;
const STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"];

export function alarmOperations(store: AlarmStore) {
  return { ...configurationOperations(store), ...readOperations(store), ...tagOperations(store) };
}

function configurationOperations(store: AlarmStore) {
  return {
    PutMetricAlarm(input: cw.PutMetricAlarmInput): object {
      refuseUnmodelled(input);
      store.put(input);
      return {};
    },
    /** Unknown names do not keep the known ones. cloudwatch/delete-known */
    DeleteAlarms(input: cw.DeleteAlarmsInput): object {
      for (const alarm of named(store, input.AlarmNames)) store.remove(alarm);
      return {};
    },
    EnableAlarmActions(input: cw.EnableAlarmActionsInput): object {
      for (const alarm of named(store, input.AlarmNames)) alarm.actionsEnabled = true;
      return {};
    },
    DisableAlarmActions(input: cw.DisableAlarmActionsInput): object {
      for (const alarm of named(store, input.AlarmNames)) alarm.actionsEnabled = false;
      return {};
    },
    /** Until the next evaluation. cloudwatch/set-state-is-temporary */
    SetAlarmState(input: cw.SetAlarmStateInput): object {
      if (!input.AlarmName) throw missing("AlarmName");
      if (input.StateReason === undefined) throw missing("StateReason");
      if (input.StateValue === undefined) throw missing("StateValue");
      if (!STATES.includes(input.StateValue)) {
        throw new AwsError("ValidationError", enumeration("stateValue", input.StateValue, STATES));
      }
      if (input.StateReasonData !== undefined && !isJson(input.StateReasonData)) {
        throw new AwsError("InvalidFormat", "StateReasonData is not valid JSON.");
      }
      const alarm = store.find(input.AlarmName);
      if (alarm === undefined)
        throw new AwsError("ResourceNotFound", `The alarm ${input.AlarmName} does not exist.`);
      store.setState(alarm, input.StateValue, input.StateReason, input.StateReasonData);
      return {};
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws AwsError for too many names */
function named(store: AlarmStore, names: string[] | undefined): Alarm[] {
  if (names === undefined) throw missing("AlarmNames");
  checkNames(names);
  return [...new Set(names)].map((name) => store.find(name)).filter((alarm) => alarm !== undefined);
}

function checkNames(names: readonly string[]): void {
  if (names.length > MOST_NAMES) {
    throw new AwsError("ValidationError", `AlarmNames must have at most ${MOST_NAMES} members.`);
  }
}

function pageSize(asked: number | undefined, usual: number): number {
  if (asked === undefined) return usual;
  if (asked < 1 || asked > 100) {
    throw new AwsError("ValidationError", `MaxRecords must be between 1 and 100, and is ${asked}.`);
  }
  return asked;
}

function readOperations(store: AlarmStore) {
  return {
    DescribeAlarms(input: cw.DescribeAlarmsInput): cw.DescribeAlarmsOutput {
      checkNames(input.AlarmNames ?? []);
      if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined) {
        throw badCombination("AlarmNames and AlarmNamePrefix cannot be used together.");
      }
      if (input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined) {
        throw badValue("The simulated account does not model composite alarms.");
      }
      const types = input.AlarmTypes ?? ["MetricAlarm"];
      const page = pageOf(
        types.includes("MetricAlarm") ? store.all().filter((alarm) => isWanted(alarm, input)) : [],
        (alarm) => alarm.name,
        { token: input.NextToken, size: pageSize(input.MaxRecords, 50) },
        "InvalidNextToken",
      );
      return { MetricAlarms: page.items.map(shown), CompositeAlarms: [], NextToken: page.next };
    },
    DescribeAlarmsForMetric(input: cw.DescribeAlarmsForMetricInput): cw.DescribeAlarmsForMetricOutput {
      const key = keyOf(parseMetric(input));
      const alarms = store.all().filter(({ input: own }) => {
        if (keyOf(parseMetric(own)) !== key) return false;
        const { Statistic, ExtendedStatistic, Period, Unit } = input;
        return (
          (Statistic === undefined || own.Statistic === Statistic) &&
          (ExtendedStatistic === undefined || own.ExtendedStatistic === ExtendedStatistic) &&
          (Period === undefined || own.Period === Period) &&
          (Unit === undefined || own.Unit === Unit)
        );
      });
      return { MetricAlarms: alarms.map(shown) };
    },
    DescribeAlarmHistory(input: cw.DescribeAlarmHistoryInput): cw.DescribeAlarmHistoryOutput {
      const { AlarmName, HistoryItemType, StartDate, EndDate } = input;
      const items = store
        .history()
        .map((item, index) => ({ item, index }))
        .filter(
          ({ item }) =>
            (AlarmName === undefined || item.AlarmName === AlarmName) &&
            (HistoryItemType === undefined || item.HistoryItemType === HistoryItemType) &&
            (StartDate === undefined || item.Timestamp! >= StartDate) &&
            (EndDate === undefined || item.Timestamp! <= EndDate),
        );
      const page = pageOf(
        input.ScanBy === "TimestampAscending" ? items : items.toReversed(),
        ({ item, index }) => `${item.Timestamp?.getTime()}/${index}`,
        { token: input.NextToken, size: pageSize(input.MaxRecords, 100) },
        "InvalidNextToken",
      );
      return { AlarmHistoryItems: page.items.map(({ item }) => item), NextToken: page.next };
    },
  };
}

function isWanted(alarm: Alarm, input: cw.DescribeAlarmsInput): boolean {
  const { AlarmNames: names, AlarmNamePrefix: prefix, ActionPrefix: action, StateValue: state } = input;
  if (names !== undefined && names.length > 0 && !names.includes(alarm.name)) return false;
  if (prefix !== undefined && !alarm.name.startsWith(prefix)) return false;
  if (action !== undefined && !allActions(alarm).some((arn) => arn.startsWith(action))) return false;
  return state === undefined || alarm.state === state;
}

function shown(alarm: Alarm): cw.MetricAlarm {
  const { Tags: _tags, ...configuration } = alarm.input;
  return {
    ...configuration,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAtMs),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.input.OKActions ?? [],
    AlarmActions: alarm.input.AlarmActions ?? [],
    InsufficientDataActions: alarm.input.InsufficientDataActions ?? [],
    Dimensions: alarm.input.Dimensions ?? [],
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateReasonData: alarm.reasonData,
    StateUpdatedTimestamp: new Date(alarm.stateAtMs),
    StateTransitionedTimestamp: new Date(alarm.stateAtMs),
  };
}

function tagOperations(store: AlarmStore) {
  return {
    TagResource(input: cw.TagResourceInput): object {
      const alarm = alarmByArn(store, input.ResourceARN);
      const tags = input.Tags ?? [];
      const keys = new Set([...alarm.tags.keys(), ...tags.map((tag) => tag.Key ?? "")]);
      if (keys.size > MOST_TAGS) throw badValue(`A resource has at most ${MOST_TAGS} tags.`);
      for (const { Key, Value } of tags) alarm.tags.set(Key ?? "", Value ?? "");
      return {};
    },
    UntagResource(input: cw.UntagResourceInput): object {
      const alarm = alarmByArn(store, input.ResourceARN);
      for (const key of input.TagKeys ?? []) alarm.tags.delete(key);
      return {};
    },
    ListTagsForResource(input: cw.ListTagsForResourceInput): cw.ListTagsForResourceOutput {
      const alarm = alarmByArn(store, input.ResourceARN);
      return { Tags: [...alarm.tags].map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

function alarmByArn(store: AlarmStore, arn: string | undefined): Alarm {
  if (!arn) throw missing("ResourceARN");
  const alarm = store.byArn(arn);
  if (alarm === undefined)
    throw new AwsError("ResourceNotFoundException", `The resource ${arn} does not exist.`, 404);
  return alarm;
}
