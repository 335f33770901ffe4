/** When scheduled actions are due: what AWS does with their times, and what it shows of them. Pure. */
import { iso } from "../../../model/time.ts";
import { lastTimeOf } from "../auto-scaling-group/recurrence.ts";

/** What AWS takes a recurrence without a time zone for (API_PutScheduledUpdateGroupAction.html). */
export const UTC = "Etc/UTC";

/** The times of a scheduled action, as a spec has them. */
export interface Times {
  readonly recurrence?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly startTime?: string | undefined;
  readonly endTime?: string | undefined;
}

/** As a spec writes it: to the second. */
export function moment(ms: number): string {
  return `${iso(ms).slice(0, 19)}Z`;
}

/** Whether it was due for the last time, so that AWS drops it. */
export function isOver({ recurrence, timeZone = UTC, startTime, endTime }: Times, nowMs: number): boolean {
  if (recurrence === undefined) return hasPassed(startTime, nowMs);
  if (endTime === undefined) return false;
  const lastMs = lastTimeOf(recurrence, timeZone, Date.parse(endTime));
  return lastMs !== undefined && lastMs <= nowMs;
}

/** AWS takes no start that has passed; what recurs goes on without one. */
export function hasPassed(time: string | undefined, nowMs: number): boolean {
  return time !== undefined && Date.parse(time) <= nowMs;
}

/**
 * Whether what AWS shows as the start of an action that recurs is but its next time. A start that somebody has put off is
 * beyond it.
 */
export function isNextTime(
  startMs: number,
  { recurrence, timeZone = UTC }: { readonly recurrence: string; readonly timeZone?: string | undefined },
  fromMs: number,
): boolean {
  const before = lastTimeOf(recurrence, timeZone, startMs - 1);
  // What nobody here understands is AWS's to know.
  return before === undefined || before <= fromMs;
}
