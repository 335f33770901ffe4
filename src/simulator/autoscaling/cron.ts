/** The five fields of a cron expression, in a time zone. Pure. */
import { invalid } from "./state.ts";

export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** When both days are restricted, either will do. */
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const DAY_MS = 86_400_000;
/** The 29th of February comes at least once in eight years. */
const MOST_DAYS = 8 * 366;

/** @throws AwsError unless it has five fields that make sense */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) throw invalid(`Given recurrence string: ${text} is invalid`);
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  try {
    return {
      minutes: valuesOf(minute, 0, 59, []),
      hours: valuesOf(hour, 0, 23, []),
      days: new Set(valuesOf(day, 1, 31, [])),
      months: new Set(valuesOf(month, 1, 12, MONTHS, 1)),
      weekdays: new Set(valuesOf(weekday, 0, 7, WEEKDAYS).map((value) => value % 7)),
      anyDay: day === "*",
      anyWeekday: weekday === "*",
    };
  } catch {
    throw invalid(`Given recurrence string: ${text} is invalid`);
  }
}

function valuesOf(field: string, least: number, most: number, names: readonly string[], first = 0): number[] {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step = "1", ...rest] = part.split("/");
    const every = Number(step);
    if (rest.length > 0 || !Number.isInteger(every) || every < 1) throw new RangeError(part);
    const [from, to] = boundsOf(range, least, most, names, first, part.includes("/"));
    for (let value = from; value <= to; value += every) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function boundsOf(
  range: string,
  least: number,
  most: number,
  names: readonly string[],
  first: number,
  isOpen: boolean,
): [number, number] {
  if (range === "*") return [least, most];
  const [a = "", b, ...rest] = range.split("-");
  const number = (word: string): number => {
    const named = names.indexOf(word.toUpperCase());
    const value = named >= 0 ? named + first : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (!(value >= least && value <= most)) throw new RangeError(word);
    return value;
  };
  const from = number(a);
  const to = b === undefined ? (isOpen ? most : from) : number(b);
  if (rest.length > 0 || from > to) throw new RangeError(range);
  return [from, to];
}

/** The first time after `afterMs`, or nothing when there is none within eight years. */
export function nextTime(cron: Cron, timeZone: string, afterMs: number): number | undefined {
  const local = new Date(afterMs + offsetMs(timeZone, afterMs));
  const firstDay = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
  for (let day = 0; day < MOST_DAYS; day += 1) {
    const dayMs = firstDay + day * DAY_MS;
    if (!isDay(cron, new Date(dayMs))) continue;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const atMs = toUtc(timeZone, dayMs + hour * 3_600_000 + minute * 60_000);
        if (atMs > afterMs) return atMs;
      }
    }
  }
  return undefined;
}

function isDay(cron: Cron, date: Date): boolean {
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const byDay = cron.days.has(date.getUTCDate());
  const byWeekday = cron.weekdays.has(date.getUTCDay());
  return cron.anyDay || cron.anyWeekday ? byDay && byWeekday : byDay || byWeekday;
}

function toUtc(timeZone: string, localMs: number): number {
  const guess = localMs - offsetMs(timeZone, localMs);
  return localMs - offsetMs(timeZone, guess);
}

/** Whether anybody knows the zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clocks are ahead of UTC. */
function offsetMs(timeZone: string, atMs: number): number {
  if (timeZone === "Etc/UTC" || timeZone === "UTC") return 0;
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(atMs).map((part) => [part.type, Number(part.value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1_000) * 1_000;
}
