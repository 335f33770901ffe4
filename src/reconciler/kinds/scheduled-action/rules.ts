import { isTimeZone } from "../../core/windows/cron.ts";
import { lastTimeOf } from "../auto-scaling-group/recurrence.ts";
import { nameRule } from "../names/rule.ts";
import { AUTO_SCALING_API, AUTO_SCALING_GUIDE, HOLDFAST, type SpecRule } from "../spec-rule.ts";
import { moment, UTC } from "./due.ts";
import type { ScheduledActionSpec } from "./schema.ts";

const PUT = `${AUTO_SCALING_API}/API_PutScheduledUpdateGroupAction.html` as const;
const SCHEDULED = `${AUTO_SCALING_GUIDE}/ec2-auto-scaling-scheduled-scaling.html` as const;

/** Judged from a fixed moment, so that a spec that is good today is good tomorrow. */
const SAMPLE_MS = Date.UTC(2026, 0, 1);

const isMoment = (time: string): boolean => {
  const ms = Date.parse(time);
  return !Number.isNaN(ms) && moment(ms) === time;
};

const momentRule = (at: "startTime" | "endTime"): SpecRule<ScheduledActionSpec> => ({
  at,
  must: "be a time that there is",
  when: ({ [at]: time }) => time !== undefined && !isMoment(time),
  source: PUT,
});

const isGiven = (value: unknown): boolean => value !== undefined;

export const scheduledActionRules: readonly SpecRule<ScheduledActionSpec>[] = [
  nameRule({
    must: "have no control characters but tabs and ends of lines",
    isAllowed: (name) => /^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\r\n\t]+$/u.test(name),
    source: PUT,
  }),
  {
    at: "",
    must: "have `recurrence` or `startTime`",
    when: ({ recurrence, startTime }) => recurrence === undefined && startTime === undefined,
    says: "needs recurrence, or startTime where it is due once",
    reason: "FieldValueRequired",
    source: SCHEDULED,
  },
  {
    at: "",
    must: "have one of `minSize`, `maxSize` and `desiredCapacity`",
    when: ({ minSize, maxSize, desiredCapacity }) => ![minSize, maxSize, desiredCapacity].some(isGiven),
    says: "needs one of minSize, maxSize and desiredCapacity",
    reason: "FieldValueRequired",
    source: PUT,
  },
  {
    at: "recurrence",
    must: "be cron's: minute, hour, day of the month, month, day of the week, on a day that there is",
    when: ({ recurrence }) =>
      isGiven(recurrence) && lastTimeOf(recurrence ?? "", UTC, SAMPLE_MS) === undefined,
    source: PUT,
  },
  {
    at: "timeZone",
    must: "be a name of IANA's",
    when: ({ timeZone }) => timeZone !== undefined && !isTimeZone(timeZone),
    source: PUT,
  },
  {
    at: "timeZone",
    must: "be given with `recurrence` only",
    when: ({ timeZone, recurrence }) => isGiven(timeZone) && !isGiven(recurrence),
    says: "goes with recurrence only: startTime and endTime are UTC",
    source: HOLDFAST,
  },
  momentRule("startTime"),
  momentRule("endTime"),
  {
    at: "endTime",
    must: "be after `startTime`",
    when: ({ startTime, endTime }) =>
      startTime !== undefined && endTime !== undefined && Date.parse(endTime) <= Date.parse(startTime),
    says: ({ startTime, endTime }) => `must be after startTime (${startTime}); was ${endTime}`,
    source: PUT,
  },
  {
    at: "minSize",
    must: "not be above `maxSize`",
    when: ({ minSize, maxSize }) => minSize !== undefined && maxSize !== undefined && minSize > maxSize,
    says: ({ minSize, maxSize }) => `must not be above maxSize (${maxSize}); was ${minSize}`,
    source: PUT,
  },
  {
    at: "desiredCapacity",
    must: "be from `minSize` to `maxSize`",
    when: ({ desiredCapacity: wanted, minSize = 0, maxSize = Number.POSITIVE_INFINITY }) =>
      wanted !== undefined && minSize <= maxSize && (wanted < minSize || wanted > maxSize),
    says: ({ desiredCapacity, minSize = "none", maxSize = "none" }) =>
      `must be from minSize (${minSize}) to maxSize (${maxSize}); was ${desiredCapacity}`,
    source: PUT,
  },
];

/** Of a group's actions together. */
export const scheduleRules: readonly SpecRule<Readonly<Record<string, ScheduledActionSpec>>>[] = [
  {
    at: "",
    must: "have no two that are due at the same times",
    each: (actions) => {
      const first = new Map<string, string>();
      return Object.entries(actions).flatMap(([name, { recurrence, timeZone = UTC, startTime, endTime }]) => {
        const times = JSON.stringify([
          recurrence ?? null,
          recurrence && timeZone,
          startTime,
          recurrence && endTime,
        ]);
        const before = first.get(times);
        if (before === undefined) first.set(times, name);
        return before === undefined
          ? []
          : [`${before} and ${name} are due at the same times; AWS takes one scheduled action for a time`];
      });
    },
    reason: "FieldValueDuplicate",
    source: SCHEDULED,
  },
];
