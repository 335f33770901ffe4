import { bounds, long, type Row, row } from "./row.ts";

const ASG = "autoScalingGroups.web";

const ACTIONS = `${ASG}.scheduledActions`;
const ACTION = `${ACTIONS}.morning`;
const MORNING = { recurrence: "0 8 * * *", minSize: 2 };
const onAction = { beside: { [ACTION]: MORNING } };
/** A list of Mondays as the days of the week, so long altogether. */
const mondays = (length: number): string => `0 8 * * ${"1,".repeat((length - 9) / 2)}1`;

export const SCHEDULED_ACTION_ROWS: readonly Row[] = [
  row(`${ACTION}.name`, "autoscaling/scheduled-name", long(256), long(255), onAction),
  row(`${ACTION}.name`, "autoscaling/scheduled-name-characters", "a\u0001", "at 8: up\t", onAction),
  row(ACTION, "autoscaling/scheduled-time-missing", { minSize: 2 }, MORNING),
  row(ACTION, "autoscaling/scheduled-sizes-missing", { recurrence: "0 8 * * *" }, MORNING),
  row(`${ACTION}.recurrence`, "autoscaling/scheduled-recurrence", "0 25 * * *", "0 23 * * MON-fri", onAction),
  row(`${ACTION}.recurrence`, "autoscaling/scheduled-recurrence", "0 0 31 2 *", "0 0 29 2 *", onAction),
  row(
    `${ACTION}.recurrence`,
    "autoscaling/scheduled-recurrence-length",
    mondays(257),
    mondays(255),
    onAction,
  ),
  row(`${ACTION}.timeZone`, "autoscaling/scheduled-time-zone", "Nowhere/Land", "Europe/Berlin", onAction),
  row(`${ACTION}.timeZone`, "autoscaling/scheduled-time-zone", long(256), "Pacific/Tahiti", onAction),
  row(`${ACTION}.timeZone`, "ours", "Europe/Berlin", undefined, {
    beside: { [ACTION]: { startTime: "2099-01-01T00:00:00Z", minSize: 2 } },
  }),
  row(`${ACTION}.startTime`, "ours", "tomorrow", "2099-01-01T08:00:00Z", onAction),
  row(`${ACTION}.startTime`, "ours", "2099-02-30T08:00:00Z", "2099-02-28T08:00:00Z", onAction),
  row(`${ACTION}.endTime`, "ours", "2099-01-01", "2099-01-01T08:00:00Z", onAction),
  row(`${ACTION}.endTime`, "ours", "2099-02-30T08:00:00Z", "2099-02-28T08:00:00Z", onAction),
  row(
    `${ACTION}.endTime`,
    "autoscaling/scheduled-end-order",
    "2099-01-01T08:00:00Z",
    "2099-01-02T08:00:00Z",
    {
      beside: { [ACTION]: { ...MORNING, startTime: "2099-01-01T08:00:00Z" } },
    },
  ),
  row(`${ACTION}.minSize`, "autoscaling/scheduled-min-above-max", 4, 3, {
    beside: { [ACTION]: { ...MORNING, maxSize: 3 } },
  }),
  row(`${ACTION}.desiredCapacity`, "autoscaling/scheduled-desired-outside", 4, 3, {
    beside: { [ACTION]: { ...MORNING, maxSize: 3 } },
  }),
  row(
    ACTIONS,
    "autoscaling/scheduled-unique-time",
    { morning: MORNING, day: { recurrence: "0 8 * * *", maxSize: 12 } },
    { morning: MORNING, day: { recurrence: "0 9 * * *", maxSize: 12 } },
  ),
];

const HOOK = `${ASG}.lifecycleHooks.boot`;
const BOOT = { lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING" };
const ROLE = "arn:aws:iam::123456789012:role/hooks";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";
const onHook = { beside: { [HOOK]: BOOT } };
const told = { beside: { [HOOK]: { ...BOOT, notificationTargetArn: TOPIC, roleArn: ROLE } } };

export const HOOK_ROWS: readonly Row[] = [
  row(`${HOOK}.name`, "autoscaling/hook-name", long(256), long(255), onHook),
  row(`${HOOK}.name`, "autoscaling/hook-name", "a b", "a/b_c-1", onHook),
  row(
    `${HOOK}.lifecycleTransition`,
    "autoscaling/hook-transition",
    "autoscaling:EC2_INSTANCE_REBOOTING",
    "autoscaling:EC2_INSTANCE_TERMINATING",
  ),
  ...bounds(`${HOOK}.heartbeatTimeout`, "autoscaling/hook-heartbeat", 30, 7_200, onHook),
  row(`${HOOK}.defaultResult`, "autoscaling/hook-default-result", "RETRY", "CONTINUE", onHook),
  row(`${HOOK}.notificationTargetArn`, "autoscaling/hook-target", "alerts", undefined, onHook),
  row(`${HOOK}.roleArn`, "autoscaling/hook-role-missing", undefined, ROLE, {
    beside: { [HOOK]: { ...BOOT, notificationTargetArn: TOPIC } },
  }),
  row(`${HOOK}.roleArn`, "autoscaling/hook-role-without-target", ROLE, undefined, onHook),
  row(`${HOOK}.roleArn`, "ours", "hooks", ROLE, told),
  row(`${HOOK}.notificationMetadata`, "autoscaling/hook-metadata", long(4_001), long(4_000), told),
  row(`${HOOK}.notificationMetadata`, "autoscaling/hook-metadata", "caf\u00e9", "a\tb", told),
];

const NOTIFICATIONS = `${ASG}.notifications`;
const NOTIFICATION = `${NOTIFICATIONS}.alerts`;
const LAUNCH = ["autoscaling:EC2_INSTANCE_LAUNCH"];
const ALERTS = { topicArn: TOPIC, notificationTypes: LAUNCH };
const onTopic = { beside: { [NOTIFICATION]: ALERTS } };

export const NOTIFICATION_ROWS: readonly Row[] = [
  row(`${NOTIFICATION}.topicArn`, "autoscaling/notification-topic", "alerts", TOPIC, onTopic),
  row(
    `${NOTIFICATION}.topicArn`,
    "autoscaling/notification-topic",
    `arn:aws:sns:us-east-1:123456789012:${long(256)}`,
    TOPIC,
    onTopic,
  ),
  row(`${NOTIFICATION}.notificationTypes`, "autoscaling/notification-types-missing", [], LAUNCH, onTopic),
  row(
    `${NOTIFICATION}.notificationTypes[0]`,
    "autoscaling/notification-type",
    "autoscaling:EC2_INSTANCE_REBOOT",
    LAUNCH[0],
    onTopic,
  ),
  row(NOTIFICATIONS, "ours", { alerts: ALERTS, again: ALERTS }, { alerts: ALERTS }),
];

const POOL = `${ASG}.warmPool`;
const onPool = { beside: { [POOL]: {} } };
const MOST = 10_000;

export const WARM_POOL_ROWS: readonly Row[] = [
  row(`${POOL}.poolState`, "autoscaling/pool-state", "Asleep", "Running", onPool),
  row(`${POOL}.minSize`, "autoscaling/pool-min-size", -1, 0, onPool),
  row(`${POOL}.maxGroupPreparedCapacity`, "autoscaling/pool-prepared-capacity", -2, -1, onPool),
  row(`${POOL}.maxGroupPreparedCapacity`, "ours", MOST + 1, 4, onPool),
  row(`${POOL}.minSize`, "ours", MOST + 1, 1, onPool),
];
