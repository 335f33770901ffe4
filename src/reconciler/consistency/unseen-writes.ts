/** Our last write of each field, until a read shows what became of it. */
import { type Value, valuesEqual } from "../../model/value.ts";
import type { ObservedResource } from "../core/resource.ts";

/** The last write of a field, as long as no read has shown its effect. */
export interface UnseenWrite {
  readonly operation: string;
  /** AWS's, where it answered that the write was done. */
  readonly requestId?: string;
  readonly wanted: Value;
  /** What AWS held when it was sent, or has held since. */
  readonly was: Value;
  /** How many writes of this value in a row AWS has answered. */
  readonly answered: number;
  readonly sentAtMs: number;
}

export type UnseenWrites = Readonly<Record<string, UnseenWrite>>;

/** A write is about to be sent. */
export function sent(
  earlier: UnseenWrite | undefined,
  write: Pick<UnseenWrite, "operation" | "wanted" | "was" | "sentAtMs">,
): UnseenWrite {
  if (earlier === undefined || !valuesEqual(earlier.wanted, write.wanted)) return { ...write, answered: 0 };
  return { ...earlier, ...write };
}

/** AWS has answered that it is done. */
export function answered(write: UnseenWrite, requestId: string | undefined): UnseenWrite {
  return {
    ...write,
    answered: write.answered + 1,
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** The writes that a read does not show either. */
export function stillUnseen(
  writes: UnseenWrites,
  observed: ObservedResource,
  differing: ReadonlySet<string>,
): UnseenWrites {
  const left = Object.entries(writes).flatMap(([field, write]) => {
    const live = observed.fields[field] ?? null;
    if (!differing.has(field) || valuesEqual(live, write.wanted)) return [];
    if (valuesEqual(live, write.was)) return [[field, write] as const];
    // AWS may have made something else of it. Where it moves on, somebody moves it.
    return write.answered > 1 ? [] : [[field, { ...write, was: live }] as const];
  });
  return Object.fromEntries(left);
}

/** Whether AWS holds at last what was wanted of it when a write was sent, and did not then. */
export function showsEffect(writes: UnseenWrites, observed: ObservedResource): boolean {
  return Object.entries(writes).some(
    ([field, { was, wanted }]) =>
      !valuesEqual(was, wanted) && valuesEqual(observed.fields[field] ?? null, wanted),
  );
}

/** Whether what differs there has been written and never seen: then nobody has moved it. */
export function isUnseen(writes: UnseenWrites, field: string, wanted: Value): boolean {
  const write = writes[field];
  return write !== undefined && write.answered > 0 && valuesEqual(write.wanted, wanted);
}
