/**
 * When a window begins: the five fields of cron in a time zone of IANA's. The library knows both, and when clocks are put
 * forward or back: a fixed time that there is not begins at the end of the gap, one that there is twice begins once; what
 * repeats within the hour leaves the gap out, and begins in both (github.com/Hexagon/croner, "DST handling"). It is only
 * asked, from a given moment, and never runs anything. Pure.
 */
import { Cron } from "croner";

export interface Schedule {
  readonly cron: string;
  readonly timeZone: string;
}

/** Starts of one window, in milliseconds since 1970 UTC. */
export interface Starts {
  /** The last one at or before the moment. */
  lastAt(ms: number): number | undefined;
  /** The first one after the moment. */
  nextAfter(ms: number): number | undefined;
}

const SECOND_MS = 1_000;

/** @throws when nobody understands it; `faultOf` says so beforehand */
export function startsOf({ cron, timeZone }: Schedule): Starts {
  const schedule = new Cron(cron, { timezone: timeZone, mode: "5-part" });
  return {
    lastAt: (ms) => {
      // The library means before, by whole seconds.
      const second = Math.floor(ms / SECOND_MS) * SECOND_MS;
      return schedule.previousRuns(1, new Date(second + SECOND_MS))[0]?.getTime();
    },
    nextAfter: (ms) => schedule.nextRun(new Date(ms))?.getTime(),
  };
}

/** What is wrong with a text that is to be cron's; `undefined`: nothing. */
export function faultOfCron(cron: string): string | undefined {
  if (cron.trim().split(/\s+/).length !== 5)
    return "must have five fields: minute, hour, day of the month, month, day of the week";
  try {
    const { nextAfter } = startsOf({ cron, timeZone: "UTC" });
    return nextAfter(SAMPLE_FROM_MS) === undefined ? "never comes: there is no such day" : undefined;
  } catch (error) {
    const why = (error as Error).message.replace("CronPattern: ", "");
    return `is not cron's: ${why.replace(/\.$/, "")}`;
  }
}

/** Whether it is a name of IANA's; an offset is none, because it knows no summer. */
export function isTimeZone(timeZone: string): boolean {
  if (!/[A-Za-z]/.test(timeZone)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** Judged from a fixed moment, so that a spec that is good today is good tomorrow. */
const SAMPLE_FROM_MS = Date.UTC(2024, 0, 1);
/** So many starts: a year of Mondays, and a quarter of every day. */
const SAMPLES = 100;

/** The shortest time between two starts, in minutes, by clocks that are never put forward or back; infinite without any. */
export function shortestGapMinutes(cron: string): number {
  const { nextAfter } = startsOf({ cron, timeZone: "UTC" });
  const starts: number[] = [];
  for (
    let next = nextAfter(SAMPLE_FROM_MS);
    next !== undefined && starts.length < SAMPLES;
    next = nextAfter(next)
  )
    starts.push(next);
  return Math.min(...starts.slice(1).map((start, index) => (start - starts[index]!) / 60_000));
}
