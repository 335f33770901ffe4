/** What is known to be ours, in no list, and not gone by our own hand: it may be there still. */
import { type Address, surplusAddress } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import { isListed, type Observation } from "../core/observation.ts";
import { mayHaveBeenDone, type SentCall } from "./indeterminate-writes.ts";

/** A row of what is known to be ours by its id: see `MadeResource` in ports.ts. */
export interface MadeRow {
  readonly kind: KindName;
  readonly id: string;
  readonly name: string;
  readonly address: Address;
  readonly missingSinceMs?: number;
}

/** A row of the journal, as far as it matters here. */
export type JournalRow = Pick<SentCall, "operation" | "outcome" | "errorCode"> & {
  readonly address: Address;
};

/** @param calls the journal as far as it is near: asked only where something is missing */
export function unexplainedAbsences(
  made: readonly MadeRow[],
  observation: Observation,
  calls: () => readonly JournalRow[],
): readonly MadeRow[] {
  const seen = new Set(
    [...observation.resources, ...observation.unreadable].map(({ kind, id }) => `${kind} ${id}`),
  );
  const missing = made.filter(({ kind, id }) => isListed(observation, kind) && !seen.has(`${kind} ${id}`));
  if (missing.length === 0) return missing;
  const removals = new Set(
    calls()
      .filter(isRemoval)
      .map(({ address }) => address),
  );
  const removed = made.filter(({ id }) => removals.has(surplusAddress(id)));
  return missing.filter((row) => !removed.some((one) => isSameOrBelow(row, one)));
}

function isRemoval({ operation, outcome, errorCode = "" }: JournalRow): boolean {
  return operation.includes(":Delete") && (outcome !== "failed" || mayHaveBeenDone(operation, errorCode));
}

/** What sits on another resource has a name that begins with the name of that, and goes with it. */
function isSameOrBelow(row: MadeRow, removed: MadeRow): boolean {
  return row.id === removed.id || row.name.startsWith(`${removed.name}:`);
}
