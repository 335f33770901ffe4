/**
 * When a recurrence was due last: the five fields of cron, in a time zone
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/scheduled-scaling-recurrence.html and
 * docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html). Pure.
 */

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A 29th of February comes at least once in eight years. */
const MOST_DAYS = 8 * 366;

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const WEEKDAYS = "sun mon tue wed thu fri sat".split(" ");

interface Recurrence {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** @param day midnight of it in UTC */
  readonly isOn: (day: Date) => boolean;
}

/** Milliseconds of the last time at or before `untilMs`; `undefined`: there is none, or nobody understands the text. */
export function lastTimeOf(text: string, timeZone: string, untilMs: number): number | undefined {
  const recurrence = recurrenceOf(text);
  const offsetAt = offsetsOf(timeZone);
  if (recurrence === undefined || offsetAt === undefined) return undefined;
  const local = untilMs + offsetAt(untilMs);
  const today = Math.floor(local / DAY_MS) * DAY_MS;
  // A clock that is put back shows an hour twice: what is later by the clock may be earlier.
  for (let day = today + DAY_MS; day >= today - MOST_DAYS * DAY_MS; day -= DAY_MS) {
    if (!recurrence.isOn(new Date(day))) continue;
    const times = recurrence.hours
      .flatMap((hour) => recurrence.minutes.map((minute) => day + (hour * 60 + minute) * MINUTE_MS))
      .map((wall) => instantOf(wall, offsetAt))
      .filter((ms) => ms <= untilMs);
    if (times.length > 0) return Math.max(...times);
  }
  return undefined;
}

/** The moment at which the clocks of the zone show it. */
function instantOf(wall: number, offsetAt: (ms: number) => number): number {
  const guess = wall - offsetAt(wall);
  return wall - offsetAt(guess);
}

/** How far the clocks of a zone are ahead; `undefined` for one that there is not. */
function offsetsOf(timeZone: string): ((ms: number) => number) | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
  } catch {
    return undefined;
  }
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
    return wall - Math.floor(ms / MINUTE_MS) * MINUTE_MS;
  };
}

function recurrenceOf(text: string): Recurrence | undefined {
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...rest] = text.trim().split(/\s+/);
  const minutes = numbersOf(minute, 0, 59);
  const hours = numbersOf(hour, 0, 23);
  const days = numbersOf(day, 1, 31);
  const months = numbersOf(month, 1, 12, MONTHS, 1);
  const weekdays = numbersOf(weekday, 0, 7, WEEKDAYS)?.map((number) => number % 7);
  if (rest.length > 0 || !minutes || !hours || !days || !months || !weekdays) return undefined;
  // Where both days are restricted, either will do.
  const isEither = !day.startsWith("*") && !weekday.startsWith("*");
  const isOn = (date: Date): boolean => {
    const isDay = days.includes(date.getUTCDate());
    const isWeekday = weekdays.includes(date.getUTCDay());
    return months.includes(date.getUTCMonth() + 1) && (isEither ? isDay || isWeekday : isDay && isWeekday);
  };
  return { minutes, hours, isOn };
}

/** A number, `1-5`, all of them, each with a step, or `mon,wed`; `undefined` where it is none of these. */
function numbersOf(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
  first = 0,
): number[] | undefined {
  const numberOf = (text: string): number => {
    const named = names.indexOf(text.toLowerCase());
    return named >= 0 ? named + first : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  };
  const lists = field.split(",").map((part): number[] => {
    const [range = "", step = "1"] = part.split("/");
    const [from = "", to = part.includes("/") ? String(most) : from] =
      range === "*" ? [String(least), String(most)] : range.split("-");
    const [low, high, every] = [numberOf(from), numberOf(to), Number(step)];
    if (!(low >= least && high <= most && low <= high && Number.isInteger(every) && every > 0)) return [];
    return Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, index) => low + index * every);
  });
  return lists.some((list) => list.length === 0) ? undefined : lists.flat();
}
