import type { WebServiceStatus } from "../model/status.ts";

const OBSERVATION_TIMES = new Set(["observedAt", "nextPassAt"]);

/** What moved between two statuses: nothing, only the times of observation, or what they say. */
export function statusChange(
  before: WebServiceStatus,
  after: WebServiceStatus,
): "none" | "times" | "content" {
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
    if (ignoreTimes && OBSERVATION_TIMES.has(name)) continue;
    if (!isSame(left[name], right[name], ignoreTimes)) return false;
  }
  return true;
}
