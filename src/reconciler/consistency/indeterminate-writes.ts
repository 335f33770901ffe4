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
  readonly outcome: "pending" | "succeeded" | "failed";
  readonly errorCode?: string;
}

/** Addresses of which a call was sent after their record was written, and its effect is not known. */
export function indeterminateWritesIn(
  calls: readonly SentCall[],
  applied: ReadonlyMap<Address, AppliedRecord>,
): ReadonlySet<Address> {
  const addresses = calls.filter(isIndeterminate).flatMap(({ affected, time }) =>
    affected.filter((address) => {
      const record = applied.get(address);
      return record !== undefined && Date.parse(time) >= record.writtenAtMs;
    }),
  );
  return new Set(addresses);
}

function isIndeterminate({ operation, outcome, errorCode = "" }: SentCall): boolean {
  if (outcome === "pending") return true;
  if (outcome !== "failed") return false;
  return errorCode === "MalformedAnswer" || categoryOf(operation, errorCode, "") === "transient";
}
