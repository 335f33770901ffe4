import { long, type Row, row } from "./row.ts";

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
