/** Whether what a page shows is still worth believing: old data is a state of its own, whatever it says. */
import type { PageContext } from "../model/status-page.ts";
import { ageOf, durationOf } from "./words.ts";

interface Times {
  /** End of the last pass that read everything it needed. */
  observedAt?: string | undefined;
  /** When the next pass is due at the latest. */
  nextPassAt?: string | undefined;
}

/** Reads may be late by one. */
const RESYNCS = 2;

/** Why it is stale, as a sentence; `undefined` while it is not, and before anything was read. */
export function stalenessOf(
  { observedAt, nextPassAt }: Times,
  { now, resyncSeconds }: Pick<PageContext, "now" | "resyncSeconds">,
): string | undefined {
  if (observedAt === undefined) return undefined;
  const secondsSince = (iso: string) => (Date.parse(now) - Date.parse(iso)) / 1_000;
  if (nextPassAt !== undefined && secondsSince(nextPassAt) > resyncSeconds)
    return `The queue is behind: a pass was due ${ageOf(nextPassAt, now)}, and AWS was last read ${ageOf(observedAt, now)}.`;
  if (secondsSince(observedAt) > RESYNCS * resyncSeconds)
    return `All of AWS was last read ${ageOf(observedAt, now)}, and is to be read every ${durationOf(resyncSeconds)}.`;
  return undefined;
}
