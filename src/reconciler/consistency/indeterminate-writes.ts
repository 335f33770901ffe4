/**
 * Calls of ours whose effect nobody knows: sent, and not answered, or not in words that say whether it was done. What
 * AWS holds afterwards may be their doing, and is no drift.
 */
import { categoryOf } from "../../model/errors.ts";
import type { AppliedRecord } from "./drift.ts";

/** A row of the journal, as far as it matters here. */
export interface SentCall {
  readonly resource: string;
  readonly operation: string;
  readonly time: string;
  readonly outcome: "pending" | "succeeded" | "failed";
  readonly errorCode?: string;
}

/** Addresses of which a call was sent after their record was written, and its effect is not known. */
export function unansweredIn(
  calls: readonly SentCall[],
  applied: ReadonlyMap<string, AppliedRecord>,
): ReadonlySet<string> {
  const keys = calls
    .filter((call) => isUnknown(call))
    .filter(({ resource, time }) => {
      const record = applied.get(resource);
      return record !== undefined && Date.parse(time) >= record.writtenAtMs;
    })
    .map(({ resource }) => resource);
  return new Set(keys);
}

function isUnknown({ operation, outcome, errorCode = "" }: SentCall): boolean {
  if (outcome === "pending") return true;
  if (outcome !== "failed") return false;
  return errorCode === "MalformedAnswer" || categoryOf(operation, errorCode, "") === "transient";
}
