/**
 * CloudWatch of the simulated account: metrics read out of the account's state, and alarms that evaluate and act.
 * What it promises to do as AWS does stands in `behaviours.ts`.
 */
import type { AccountContext } from "../account/context.ts";
import { refusing } from "../account/refusals.ts";
import type { CloudWatchPart, Parts, Service } from "../services.ts";
import { alarmOperations } from "./alarm-operations.ts";
import { type AlarmStore, allActions, buildAlarmStore, dropAction } from "./alarms.ts";
import { dataOperations } from "./metric-operations.ts";
import { buildMetricStore, type MetricStore, MINUTE_MS, minuteOf } from "./metric-store.ts";
import { CLOUDWATCH_REFUSALS } from "./refusals.ts";
import { statisticOf } from "./statistics.ts";

export function buildCloudWatch(context: AccountContext, parts: Parts) {
  const metrics = buildMetricStore(parts, () => context.clock.nowMs());
  const alarms = buildAlarmStore(context, parts, metrics);
  everyMinute(context, () => {
    metrics.recordMinute();
    alarms.evaluateAll();
  });
  const handlers = { ...alarmOperations(alarms), ...dataOperations(context, metrics) };
  const operations = refusing(handlers, CLOUDWATCH_REFUSALS, undefined);
  return { operations, part: partOf(context, alarms, metrics) } satisfies Service<CloudWatchPart>;
}

/** On the boundaries of minutes, as CloudWatch's periods are. */
function everyMinute(context: AccountContext, run: () => void): void {
  const nowMs = context.clock.nowMs();
  // A timer that came a little early must not run a second time for the same boundary.
  context.clock.schedule(minuteOf(nowMs) + MINUTE_MS - nowMs, () => {
    run();
    everyMinute(context, run);
  });
}

function partOf(context: AccountContext, alarms: AlarmStore, metrics: MetricStore): CloudWatchPart {
  return {
    putServiceAlarm(alarm) {
      const put = alarms.put({
        AlarmName: alarm.name,
        AlarmDescription: alarm.description,
        ...(alarm.queries === undefined
          ? {
              Namespace: alarm.namespace,
              MetricName: alarm.metricName,
              Dimensions: alarm.dimensions,
              Statistic: alarm.statistic as "Average",
              Period: alarm.period,
            }
          : { Metrics: alarm.queries }),
        EvaluationPeriods: alarm.evaluationPeriods,
        Threshold: alarm.threshold,
        ComparisonOperator: alarm.comparisonOperator as "GreaterThanThreshold",
        AlarmActions: alarm.alarmActions,
      });
      return { arn: put.arn };
    },
    deleteServiceAlarm(name) {
      const alarm = alarms.find(name);
      if (alarm !== undefined) alarms.remove(alarm);
    },
    values(metric, seconds) {
      const endMs = minuteOf(context.clock.nowMs());
      const statistic = /Count(PerTarget)?$/.test(metric.metricName) ? "Sum" : "Average";
      const minutes = Math.ceil(seconds / 60);
      return Array.from({ length: minutes }, (_, index) => {
        const atMs = endMs - (minutes - index) * MINUTE_MS;
        const sample = metrics.read(metric, atMs, atMs + MINUTE_MS);
        return sample === undefined ? undefined : statisticOf(sample, statistic);
      }).filter((value) => value !== undefined);
    },
    hourly(metric, statistic, hourMs) {
      const sample = metrics.readHour(metric, hourMs);
      return sample === undefined ? undefined : statisticOf(sample, statistic);
    },
    removeAction(actionArn, names) {
      for (const alarm of alarms.all()) {
        if (!allActions(alarm).includes(actionArn)) continue;
        dropAction(alarm, actionArn);
        if (names.includes(alarm.name) && allActions(alarm).length === 0) alarms.remove(alarm);
      }
    },
    alarmsWithAction: (actionArn) =>
      alarms
        .all()
        .filter((alarm) => allActions(alarm).includes(actionArn))
        .map(({ name, arn }) => ({ name, arn })),
    alarmState: (name) => alarms.find(name)?.state,
  };
}
