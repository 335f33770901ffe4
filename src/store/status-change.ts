import type { WebServiceStatus } from "../model/status.ts";

const OBSERVATION_TIMES = ["observedAt", "nextPassAt"] as const;
const IGNORED: ReadonlySet<string> = new Set(OBSERVATION_TIMES);

/** What a quiet service costs: a write every so often, however many passes look at it. */
const OBSERVED_LAG_AT_MOST_MS = 30_000;

/** How far each of the stored times may be from what the last pass would have written, in milliseconds. */
export type TimesLag = Readonly<Record<(typeof OBSERVATION_TIMES)[number], number>>;

/**
 * Whoever reads a status takes it for stale when its times are late by a resync: half of one leaves the other half to the
 * pass itself, and is more than the jitter of the next one.
 */
export function timesLagOf(resyncMs: number): TimesLag {
  return { observedAt: Math.min(OBSERVED_LAG_AT_MOST_MS, resyncMs / 2), nextPassAt: resyncMs / 2 };
}

/** Whether `next` says more than that AWS was looked at again a moment later than what is stored tells. */
export function isWorthWriting(
  stored: WebServiceStatus | undefined,
  next: WebServiceStatus,
  timesLag: TimesLag,
): boolean {
  if (stored === undefined) return true;
  switch (statusChange(stored, next)) {
    case "none":
      return false;
    case "content":
      return true;
    case "times":
      return OBSERVATION_TIMES.some((name) => {
        const lagMs = Date.parse(next[name] ?? "") - Date.parse(stored[name] ?? "");
        return !(Math.abs(lagMs) < timesLag[name]);
      });
  }
}

/** What moved between two statuses: nothing, only the times of observation, or what they say. */
function statusChange(before: WebServiceStatus, after: WebServiceStatus): "none" | "times" | "content" {
  if (isSame(before, after, false)) return "none";
  return isSame(before, after, true) ? "times" : "content";
}

/** Equality as JSON has it: an absent member and one that is `undefined` are the same. */
function isSame(a: unknown, b: unknown, ignoreTimes: boolean): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isSame(item, b[index], ignoreTimes));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (ignoreTimes && IGNORED.has(name)) continue;
    if (!isSame(left[name], right[name], ignoreTimes)) return false;
  }
  return true;
}
