/** The alarms of the account: kept, evaluated each minute, acting when their state changes. */
import type * as cw from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import type { Parts } from "../services.ts";
import { tellAlarmConfiguration, tellAlarmState } from "./alarm-events.ts";
import { type AlarmStateValue, decide, EXTRA_PERIODS, type Point, reasonData, reasonOf } from "./evaluate.ts";
import { type MetricStore, MINUTE_MS, minuteOf, parseMetric } from "./metric-store.ts";
import { statisticOf } from "./statistics.ts";

const HISTORY_MS = 14 * 86_400_000;
const MOST_HISTORY = 2_000;
const MOST_ALARMS = 5_000;
/** High-resolution alarms are evaluated each 10 seconds. cloudwatch/evaluated-each-minute */
const HIGH_RESOLUTION_MS = 10_000;
const ACTION_LISTS = ["OKActions", "AlarmActions", "InsufficientDataActions"] as const;

export interface Alarm {
  readonly name: string;
  readonly arn: string;
  input: cw.PutMetricAlarmInput;
  actionsEnabled: boolean;
  readonly tags: Map<string, string>;
  state: AlarmStateValue;
  reason: string;
  reasonData: string | undefined;
  configuredAtMs: number;
  stateAtMs: number;
  actedAtMs: number;
  /** The points of the last evaluation: what AWS's own services have reported does not change any more. */
  points: readonly Point[];
}

export interface AlarmStore {
  all(): readonly Alarm[];
  find(name: string): Alarm | undefined;
  byArn(arn: string | undefined): Alarm | undefined;
  /** Creates it, or replaces all of its configuration and keeps its state. cloudwatch/put-keeps-state */
  put(input: cw.PutMetricAlarmInput): Alarm;
  remove(alarm: Alarm): void;
  setState(alarm: Alarm, state: AlarmStateValue, reason: string, data: string | undefined): void;
  /** Oldest first. */
  history(): readonly cw.AlarmHistoryItem[];
  /** Evaluates the alarms of whole minutes. */
  evaluateAll(): void;
}

export function buildAlarmStore(context: AccountContext, parts: Parts, metrics: MetricStore): AlarmStore {
  const alarms = new Map<string, Alarm>();
  let history: cw.AlarmHistoryItem[] = [];
  let isTicking = false;

  const record = (alarm: Alarm, type: cw.HistoryItemType, summary: string, data: object): void => {
    const nowMs = context.clock.nowMs();
    history.push({
      AlarmName: alarm.name,
      AlarmType: "MetricAlarm",
      Timestamp: new Date(nowMs),
      HistoryItemType: type,
      HistorySummary: summary,
      HistoryData: JSON.stringify(data),
    });
    const isFull = history.length > MOST_HISTORY;
    const isOld = (history[0]?.Timestamp?.getTime() ?? nowMs) < nowMs - HISTORY_MS;
    if (isFull || isOld) {
      history = history
        .slice(-MOST_HISTORY)
        .filter((item) => item.Timestamp!.getTime() >= nowMs - HISTORY_MS);
    }
  };

  const act = (alarm: Alarm, metricValue: number | undefined, isChange: boolean): void => {
    if (!alarm.actionsEnabled) return;
    for (const arn of actionsOf(alarm)) {
      const isScaling = isScalingPolicy(arn);
      if (!isChange && !isScaling) continue;
      const isKnown = !isScaling || parts.autoScaling.policyExists(arn);
      if (isChange) {
        const outcome = isKnown ? "Successfully executed" : "Failed to execute";
        record(alarm, "Action", `${outcome} action ${arn}`, {
          actionState: isKnown ? "Succeeded" : "Failed",
          arn,
        });
      }
      if (!isScaling || !isKnown || alarm.state !== "ALARM") continue;
      const threshold = alarm.input.Threshold ?? 0;
      parts.autoScaling.executePolicy(arn, {
        name: alarm.name,
        metricValue: metricValue ?? threshold,
        threshold,
      });
    }
    alarm.actedAtMs = context.clock.nowMs();
  };

  const change = (
    alarm: Alarm,
    state: AlarmStateValue,
    reason: string,
    data: string | undefined,
    metricValue: number | undefined,
  ): void => {
    const before = { ...alarm };
    alarm.state = state;
    alarm.reason = reason;
    alarm.reasonData = data;
    alarm.stateAtMs = context.clock.nowMs();
    if (before.state === state) return;
    record(alarm, "StateUpdate", `Alarm updated from ${before.state} to ${state}`, {
      version: "1.0",
      oldState: { stateValue: before.state },
      newState: { stateValue: state, stateReason: reason },
    });
    tellAlarmState(parts, alarm, before);
    act(alarm, metricValue, true);
  };

  const evaluate = (alarm: Alarm, endMs: number): void => {
    const nowMs = context.clock.nowMs();
    const points = pointsOf(metrics, alarm, endMs);
    alarm.points = points;
    const latest = points.findLast((point) => point.value !== undefined)?.value;
    const state = decide(alarm.input, points);
    if (state !== undefined && state !== alarm.state) {
      const reason = reasonOf(alarm.input, state, points);
      change(alarm, state, reason, reasonData(alarm.input, points, nowMs), latest);
    } else if (alarm.state === "ALARM" && nowMs - alarm.actedAtMs >= MINUTE_MS) {
      // A scaling action goes on for as long as the alarm does. cloudwatch/scaling-repeats
      act(alarm, latest, false);
    }
  };

  const evaluateHighResolution = (): void => {
    const fast = [...alarms.values()].filter((alarm) => isFast(alarm.input));
    isTicking = false;
    const endMs = Math.round(context.clock.nowMs() / HIGH_RESOLUTION_MS) * HIGH_RESOLUTION_MS;
    for (const alarm of fast) evaluate(alarm, endMs);
    if (fast.length > 0) waitForTenSeconds();
  };

  const waitForTenSeconds = (): void => {
    if (isTicking) return;
    isTicking = true;
    const delayMs = HIGH_RESOLUTION_MS - (context.clock.nowMs() % HIGH_RESOLUTION_MS);
    context.clock.schedule(delayMs, evaluateHighResolution);
  };

  /** By name, until one comes or goes. */
  let sorted: readonly Alarm[] | undefined;
  const all = (): readonly Alarm[] => {
    sorted ??= [...alarms.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return sorted;
  };

  return {
    all,
    find: (name) => alarms.get(name),
    byArn: (arn) => [...alarms.values()].find((alarm) => alarm.arn === arn),
    put(input) {
      const present = alarms.get(input.AlarmName ?? "");
      if (present === undefined && alarms.size >= MOST_ALARMS) {
        throw new AwsError("LimitExceeded", "The maximum number of alarms has been reached.");
      }
      const alarm = present ?? newAlarm(context, input);
      const before = present?.input;
      alarm.input = input;
      alarm.points = [];
      alarm.actionsEnabled = input.ActionsEnabled ?? true;
      alarm.configuredAtMs = context.clock.nowMs();
      alarms.set(alarm.name, alarm);
      if (present === undefined) sorted = undefined;
      metrics.retain((input.Period ?? 60) * ((input.EvaluationPeriods ?? 1) + EXTRA_PERIODS) * 1_000);
      const verb = present === undefined ? "created" : "updated";
      record(alarm, "ConfigurationUpdate", `Alarm "${alarm.name}" ${verb}`, { version: "1.0", type: verb });
      tellAlarmConfiguration(parts, alarm, before === undefined ? "create" : "update", before);
      if (isFast(input)) waitForTenSeconds();
      return alarm;
    },
    remove(alarm) {
      alarms.delete(alarm.name);
      sorted = undefined;
      record(alarm, "ConfigurationUpdate", `Alarm "${alarm.name}" deleted`, {
        version: "1.0",
        type: "deleted",
      });
      tellAlarmConfiguration(parts, alarm, "delete");
    },
    setState: (alarm, state, reason, data) => change(alarm, state, reason, data, undefined),
    history: () => history,
    evaluateAll() {
      const endMs = minuteOf(context.clock.nowMs());
      for (const alarm of [...alarms.values()]) if (!isFast(alarm.input)) evaluate(alarm, endMs);
    },
  };
}

function newAlarm(context: AccountContext, input: cw.PutMetricAlarmInput): Alarm {
  const nowMs = context.clock.nowMs();
  const name = input.AlarmName ?? "";
  return {
    name,
    arn: `arn:aws:cloudwatch:${context.region}:${context.accountId}:alarm:${name}`,
    input,
    actionsEnabled: true,
    tags: new Map((input.Tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""])),
    state: "INSUFFICIENT_DATA",
    reason: "Unchecked: Initial alarm creation",
    reasonData: undefined,
    configuredAtMs: nowMs,
    stateAtMs: nowMs,
    actedAtMs: 0,
    points: [],
  };
}

/** The evaluation range: sliding windows that end now, oldest first. cloudwatch/evaluated-each-minute */
function pointsOf(metrics: MetricStore, alarm: Alarm, endMs: number): Point[] {
  const { input } = alarm;
  const periodMs = (input.Period ?? 60) * 1_000;
  const count = (input.EvaluationPeriods ?? 1) + EXTRA_PERIODS;
  // Metric maths is not evaluated: nothing is known of its result.
  if (input.Metrics !== undefined)
    return Array.from({ length: count }, (_, index) => ({
      atMs: endMs - (count - index) * periodMs,
      value: undefined,
    }));
  const metric = parseMetric(input);
  const statistic = input.Statistic ?? input.ExtendedStatistic ?? "Average";
  const pointAt = (atMs: number): Point => {
    const sample = metrics.read(metric, atMs, atMs + periodMs, input.Unit);
    return { atMs, value: sample === undefined ? undefined : statisticOf(sample, statistic) };
  };
  const isOwn = metric.namespace.startsWith("AWS/");
  if (isOwn && alarm.points.at(-1)?.atMs === endMs - 2 * periodMs) {
    return [...alarm.points.slice(1), pointAt(endMs - periodMs)];
  }
  return Array.from({ length: count }, (_, index) => pointAt(endMs - (count - index) * periodMs));
}

function isFast(input: cw.PutMetricAlarmInput): boolean {
  return (input.Period ?? 60) < 60;
}

function isScalingPolicy(arn: string): boolean {
  return /^arn:[^:]+:autoscaling:[^:]*:[^:]*:scalingPolicy:/.test(arn);
}

function actionsOf(alarm: Alarm): readonly string[] {
  switch (alarm.state) {
    case "OK":
      return alarm.input.OKActions ?? [];
    case "ALARM":
      return alarm.input.AlarmActions ?? [];
    case "INSUFFICIENT_DATA":
      return alarm.input.InsufficientDataActions ?? [];
  }
}

/** Every action of the alarm, whichever state calls it. */
export function allActions(alarm: Alarm): string[] {
  return ACTION_LISTS.flatMap((list) => alarm.input[list] ?? []);
}

/** Takes one action away, in every state. */
export function dropAction(alarm: Alarm, arn: string): void {
  const without = (actions: string[] | undefined): string[] =>
    (actions ?? []).filter((action) => action !== arn);
  alarm.input = {
    ...alarm.input,
    OKActions: without(alarm.input.OKActions),
    AlarmActions: without(alarm.input.AlarmActions),
    InsufficientDataActions: without(alarm.input.InsufficientDataActions),
  };
}
