import type { Value } from "../value.ts";

/** A write of a field whose effect no read has shown yet: see `consistency/unseen-writes.ts`. */
export interface UnseenWrite {
  operation: string;
  /** AWS's, where it answered that the write was done. */
  requestId?: string;
  wanted: Value;
  /** What AWS held when it was sent, or has held since. */
  was: Value;
  /** How many writes of this value in a row AWS has answered. */
  answered: number;
  sentAtMs: number;
}
