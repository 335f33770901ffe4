/**
 * Exponential backoff with full jitter: uniform between nothing and the ceiling
 * (aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter).
 */
export interface BackoffRange {
  readonly baseMs: number;
  readonly capMs: number;
}

/** What AWS or the network will get over by itself. */
export const TRANSIENT_BACKOFF: BackoffRange = { baseMs: 1_000, capMs: 60_000 };
/** What only a person can change: looked at again now and then, in case one has. */
export const STALLED_BACKOFF: BackoffRange = { baseMs: 60_000, capMs: 300_000 };

/**
 * @param failures how many passes in a row have failed, from 1
 * @param random uniform in [0, 1)
 */
export function backoffMs(range: BackoffRange, failures: number, random: number): number {
  const ceiling = Math.min(range.capMs, range.baseMs * 2 ** (failures - 1));
  // Never less than a tenth of it: a jitter of nothing would be no backoff.
  return Math.round(ceiling * (0.1 + 0.9 * random));
}
