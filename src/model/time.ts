export const DAY_MS = 86_400_000;

/** A moment, in milliseconds since 1970 UTC, as texts and API objects show it: ISO 8601 with milliseconds, UTC. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Its time of day alone, to the second: `14:05:09Z`. */
export function timeOfDay(ms: number): string {
  return `${iso(ms).slice(11, 19)}Z`;
}

/** Whether it was less than so long ago. What was at a time that is yet to come was before the clock went back: nobody knows when. */
export function isRecent(atMs: number, withinMs: number, nowMs: number): boolean {
  return atMs <= nowMs && nowMs - atMs < withinMs;
}
