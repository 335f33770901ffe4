/**
 * Calls of ours whose effect nobody knows: sent, and not answered, or not in words that say whether it was done. What
 * AWS holds afterwards may be their doing, and is no drift.
 */
import type { Address } from "../../model/address.ts";
import { categoryOf } from "../../model/errors.ts";
import type { AppliedRecord } from "./drift.ts";

/** A row of the journal, as far as it matters here. */
export interface SentCall {
  /** What its action was for, and what else its effect shows in. */
  readonly affected: readonly Address[];
  readonly operation: string;
  readonly time: string;
  readonly endTime?: string;
  readonly outcome: "pending" | "succeeded" | "failed";
  readonly errorCode?: string;
}

/**
 * Addresses of which a call was sent after their record was written, or that have none yet, and its effect is not known →
 * until when it was under way.
 */
export function indeterminateWritesIn(
  calls: readonly SentCall[],
  applied: ReadonlyMap<Address, AppliedRecord>,
): ReadonlyMap<Address, number> {
  // They come newest first; of two on one address the newer counts.
  const sent = calls.filter(isIndeterminate).toReversed();
  const addresses = sent.flatMap(({ affected, time, endTime }) =>
    affected
      .filter((address) => {
        const record = applied.get(address);
        return record === undefined || Date.parse(time) >= record.writtenAtMs;
      })
      .map((address) => [address, Date.parse(endTime ?? time)] as const),
  );
  return new Map(addresses);
}

function isIndeterminate({ operation, outcome, errorCode = "" }: SentCall): boolean {
  if (outcome === "pending") return true;
  return outcome === "failed" && mayHaveBeenDone(operation, errorCode);
}

/** Whether a call that ended with this code may have been done all the same. */
export function mayHaveBeenDone(operation: string, errorCode: string): boolean {
  return MALFORMED.includes(errorCode) || categoryOf(operation, errorCode, "") === "transient";
}

/** An answer that is empty, cut off, or lacks what AWS promises does not say whether the call was done. */
const MALFORMED: readonly string[] = ["MalformedResponse", "MalformedAnswer"];
