import type { Clock } from "../ports.ts";
import {
  type BucketSize,
  fullBucket,
  hasToken,
  msUntilTokens,
  recovered,
  refilled,
  slowed,
  type TokenBucket,
  withoutToken,
  withTokenBack,
} from "./token-bucket.ts";

/** Why a call did not get its token. */
export type Refusal = "full" | "tooLong" | "aborted";
type Answer = "granted" | Refusal;

interface Waiter {
  readonly settle: (answer: Answer) => void;
}

/** One token bucket and the calls that wait for it, first come, first served. */
export class BucketQueue {
  readonly #clock: Clock;
  readonly #maxWaiting: number;
  readonly #waiting: Waiter[] = [];
  #bucket: TokenBucket;
  #cancelTimer: (() => void) | undefined;

  constructor(size: BucketSize, clock: Clock, maxWaiting: number) {
    this.#clock = clock;
    this.#maxWaiting = maxWaiting;
    this.#bucket = fullBucket(size, clock.nowMs());
  }

  /**
   * Waits for a token. Refused at once when that would take longer than `maxWaitMs`, or too many wait already;
   * refused later when the bucket was slowed meanwhile, or `signal` aborts.
   * @param maxWaitMs may be infinite
   */
  acquire(maxWaitMs: number, signal?: AbortSignal): Promise<Answer> {
    this.#refill();
    if (signal?.aborted) return Promise.resolve("aborted");
    if (this.#waiting.length === 0 && hasToken(this.#bucket)) {
      this.#bucket = withoutToken(this.#bucket);
      return Promise.resolve("granted");
    }
    if (this.#waiting.length >= this.#maxWaiting) return Promise.resolve("full");
    if (msUntilTokens(this.#bucket, this.#waiting.length + 1) > maxWaitMs) return Promise.resolve("tooLong");
    return this.#enqueue(maxWaitMs, signal);
  }

  giveBack(): void {
    this.#refill();
    this.#bucket = withTokenBack(this.#bucket);
    this.#grant();
  }

  slow(): void {
    this.#refill();
    this.#bucket = slowed(this.#bucket);
    this.#grant();
  }

  recover(): void {
    this.#refill();
    this.#bucket = recovered(this.#bucket);
    this.#grant();
  }

  #refill(): void {
    this.#bucket = refilled(this.#bucket, this.#clock.nowMs());
  }

  #enqueue(maxWaitMs: number, signal: AbortSignal | undefined): Promise<Answer> {
    return new Promise((resolve) => {
      const leave = (answer: Answer) => {
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        waiter.settle(answer);
      };
      const onAbort = () => leave("aborted");
      const onDeadline = () => {
        // The last token that counts may be due at this very moment, behind this timer.
        this.#refill();
        this.#grant();
        leave("tooLong");
      };
      const cancelDeadline = Number.isFinite(maxWaitMs)
        ? this.#clock.schedule(maxWaitMs, onDeadline)
        : () => {};
      const waiter: Waiter = {
        settle: (answer) => {
          cancelDeadline();
          signal?.removeEventListener("abort", onAbort);
          resolve(answer);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiter);
      this.#grant();
    });
  }

  /** Serves those who can be served, and comes back when the next one can be. */
  #grant(): void {
    while (this.#waiting.length > 0 && hasToken(this.#bucket)) {
      this.#bucket = withoutToken(this.#bucket);
      this.#waiting.shift()?.settle("granted");
    }
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#waiting.length === 0) return;
    this.#cancelTimer = this.#clock.schedule(msUntilTokens(this.#bucket, 1), () => {
      this.#refill();
      this.#grant();
    });
  }
}
