/**
 * One of AWS's token buckets as it is believed to stand: a burst, a refill, and what others take of it. All that is known of
 * others is that AWS throttles a call of ours while we think that there are tokens left: then the bucket is empty, and what
 * we have not taken ourselves, others have. Times are milliseconds of one clock.
 */
import { isRecent } from "../model/time.ts";

export interface BucketSize {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** Calls reach AWS closer to each other than they were sent, by so much: what is refilled counts that much later. */
const JITTER_MS = 500;
/** However much others seem to take, one part in this many of the refill is ours. */
const SLOWEST = 8;
/** Others are believed to take this much more than they were seen to, so that the bucket does not run dry at once again. */
const MARGIN = 1.4;
/** After so long half of what others were believed to take is tried again. */
const HALF_LIFE_MS = 300_000;
/** One sign tells of others at least, and at most, a part in this many of the refill: it may have been a burst of theirs. */
const LEAST_BELIEF = 12;
const MOST_BELIEF = 3;
/** Others who are believed to take less than one part in this many of the refill are forgotten. */
const FORGOTTEN = 50;
/** What others took is reckoned over no less than this, because the level at which that time began is a guess. */
const LEAST_SPAN_MS = 5_000;
/** Calls that were sent together are throttled together: that is one sign, not many. */
const ONE_SIGN_MS = 1_000;
/** So long nothing is sent after a sign; twice as long after each one that follows within a minute. */
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 16_000;
const FOLLOWS_MS = 60_000;
/** Sums of fractions of a token fall short of a whole one by this much. */
const ROUNDING = 1e-9;

export class TokenBucket {
  readonly size: BucketSize;
  #tokens: number;
  #atMs: number;
  /** It is refilled from then on. */
  #fillsFromMs = Number.NEGATIVE_INFINITY;
  /** Calls per second. */
  #others = 0;
  /** When it was last known how much AWS has: it was full, or AWS said that it was empty. */
  #knownAtMs: number;
  #signedAtMs = Number.NEGATIVE_INFINITY;
  #pauseMs = 0;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #throttledSinceMs: number | undefined;

  constructor(size: BucketSize, nowMs: number) {
    this.size = size;
    this.#tokens = size.capacity;
    this.#atMs = nowMs;
    this.#knownAtMs = nowMs;
  }

  /** What it fills with for us: AWS's refill without what others are believed to take. */
  get refillPerSecond(): number {
    return this.size.refillPerSecond - this.#others;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** The first sign of others who are still believed to be there. */
  get throttledSinceMs(): number | undefined {
    return this.#throttledSinceMs;
  }

  /** Brings it to now. A clock that went back refills nothing, and counts from where it is. */
  refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    const fillingMs = Math.max(0, nowMs - Math.max(this.#atMs, this.#fillsFromMs));
    if (nowMs < this.#atMs) {
      this.#fillsFromMs = Math.min(this.#fillsFromMs, nowMs);
      this.#pausedUntilMs = Math.min(this.#pausedUntilMs, nowMs + this.#pauseMs);
      this.#knownAtMs = Math.min(this.#knownAtMs, nowMs);
    }
    this.#atMs = nowMs;
    this.#tokens += (fillingMs / 1000) * this.refillPerSecond;
    if (this.#tokens >= this.size.capacity) {
      this.#tokens = this.size.capacity;
      this.#knownAtMs = nowMs;
    }
    if (this.#others === 0) return;
    this.#others *= 2 ** (-elapsedMs / HALF_LIFE_MS);
    if (this.#others >= this.size.refillPerSecond / FORGOTTEN) return;
    this.#others = 0;
    this.#throttledSinceMs = undefined;
  }

  /** Whether that much stands in it. Nothing does during the pause after a sign. */
  holds(tokens: number): boolean {
    return this.#atMs >= this.#pausedUntilMs && this.#tokens >= tokens - ROUNDING;
  }

  take(): void {
    if (this.#tokens >= this.size.capacity) this.#fillsFromMs = this.#atMs + JITTER_MS;
    this.#tokens = Math.max(0, this.#tokens - 1);
  }

  /** A token of a call that AWS did not count. */
  giveBack(): void {
    this.#tokens = Math.min(this.size.capacity, this.#tokens + 1);
  }

  /** How long until it holds that much, with nobody of ours taking any. */
  msUntil(tokens: number): number {
    const missing = tokens - this.#tokens;
    const lateMs = Math.max(0, this.#fillsFromMs - this.#atMs);
    const filledMs = missing <= ROUNDING ? 0 : lateMs + Math.ceil((missing / this.refillPerSecond) * 1000);
    return Math.max(filledMs, this.#pausedUntilMs - this.#atMs, 0);
  }

  /** AWS throttled a call that takes of it: it is left in peace for a while. Answers whether this is a new sign. */
  pause(): boolean {
    if (isRecent(this.#signedAtMs, ONE_SIGN_MS, this.#atMs)) return false;
    const sinceMs = this.#atMs - this.#signedAtMs;
    this.#pauseMs = sinceMs < FOLLOWS_MS ? Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2) : PAUSE_MS;
    this.#signedAtMs = this.#atMs;
    this.#pausedUntilMs = this.#atMs + this.#pauseMs;
    return true;
  }

  /** It is empty, whatever we have thought: others have taken what we have not. */
  emptied(): void {
    const { capacity, refillPerSecond } = this.size;
    const spanMs = Math.max(LEAST_SPAN_MS, (capacity / refillPerSecond) * 1000, this.#atMs - this.#knownAtMs);
    const unseen = (this.#tokens / spanMs) * 1000;
    const told = Math.min(Math.max(unseen, refillPerSecond / LEAST_BELIEF), refillPerSecond / MOST_BELIEF);
    this.#others = Math.min(refillPerSecond * (1 - 1 / SLOWEST), this.#others + told * MARGIN);
    this.#tokens = 0;
    this.#knownAtMs = this.#atMs;
    this.#throttledSinceMs ??= this.#atMs;
  }
}
