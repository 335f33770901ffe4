import { rankOf, URGENCIES, type Urgency } from "../model/fleet/urgency.ts";
import type { Clock } from "../ports.ts";
import type { BudgetedBucket } from "./budgeted-bucket.ts";
import { Line } from "./line.ts";

/** Why a call did not get its tokens. */
export type Refusal = "full" | "aborted";
type Answer = "granted" | Refusal;

/** Who has waited for so long is served of what is guaranteed, however urgent others are. */
const OVERDUE_MS = 2_000;

interface Waiter {
  readonly lane: Lane;
  readonly urgency: Urgency;
  readonly sinceMs: number;
  /** In the order of coming, over all lanes. */
  readonly place: number;
  readonly settle: (answer: Answer) => void;
  hasLeft: boolean;
}

/** Calls that take of the same buckets, all of them at once. */
export class Lane {
  readonly buckets: readonly BudgetedBucket[];
  readonly lines: Readonly<Record<Urgency, Line<Waiter>>> = {
    person: new Line(),
    verification: new Line(),
    suspicion: new Line(),
    unhealthy: new Line(),
    routine: new Line(),
  };

  constructor(buckets: readonly BudgetedBucket[]) {
    this.buckets = buckets;
  }
}

/**
 * The calls that wait for lanes which have a bucket in common. Served is the most urgent call that all buckets of its lane
 * can serve, within one urgency the one that came first; nobody holds one token while waiting for another. A call that has
 * waited for long goes before more urgent ones as often as its buckets guarantee. Costs no more with many waiting.
 */
export class CallQueue {
  readonly #clock: Clock;
  readonly #maxWaiting: number;
  readonly #lanes: Lane[] = [];
  #waiting = 0;
  #places = 0;
  #alarm: { readonly atMs: number; readonly cancel: () => void } | undefined;

  constructor(clock: Clock, maxWaiting: number) {
    this.#clock = clock;
    this.#maxWaiting = maxWaiting;
  }

  addLane(buckets: readonly BudgetedBucket[]): Lane {
    const lane = new Lane(buckets);
    this.#lanes.push(lane);
    return lane;
  }

  /** Waits for a token of each bucket of the lane, however long that takes, unless `signal` aborts. */
  acquire(lane: Lane, urgency: Urgency, signal?: AbortSignal): Promise<Answer> {
    if (signal?.aborted) return Promise.resolve("aborted");
    this.refill();
    if (this.#waiting === 0 && canServe(lane, urgency, false)) {
      for (const bucket of lane.buckets) bucket.take(urgency, false);
      return Promise.resolve("granted");
    }
    if (this.#waiting >= this.#maxWaiting) return Promise.resolve("full");
    return new Promise((resolve) => this.#join(lane, urgency, signal, resolve));
  }

  /** To be called when a bucket has more, or less, than it seemed to have. */
  serve(): void {
    this.refill();
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const { waiter, isOverdue } = next;
      for (const bucket of waiter.lane.buckets) bucket.take(waiter.urgency, isOverdue);
      this.#leave(waiter, "granted");
    }
    this.#setAlarm();
  }

  refill(): void {
    const nowMs = this.#clock.nowMs();
    for (const lane of this.#lanes) for (const bucket of lane.buckets) bucket.refill(nowMs);
  }

  #join(
    lane: Lane,
    urgency: Urgency,
    signal: AbortSignal | undefined,
    resolve: (answer: Answer) => void,
  ): void {
    const onAbort = () => {
      this.#leave(waiter, "aborted");
      this.serve();
    };
    this.#places += 1;
    const waiter: Waiter = {
      ...{ lane, urgency, sinceMs: this.#clock.nowMs(), place: this.#places, hasLeft: false },
      settle: (answer) => {
        signal?.removeEventListener("abort", onAbort);
        resolve(answer);
      },
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#waiting += 1;
    lane.lines[urgency].join(waiter);
    for (const bucket of lane.buckets) bucket.waiting[urgency] += 1;
    this.serve();
  }

  #leave(waiter: Waiter, answer: Answer): void {
    if (waiter.hasLeft) return;
    const { lane, urgency } = waiter;
    lane.lines[urgency].leave(waiter);
    for (const bucket of lane.buckets) bucket.waiting[urgency] -= 1;
    this.#waiting -= 1;
    waiter.settle(answer);
  }

  #next(): { readonly waiter: Waiter; readonly isOverdue: boolean } | undefined {
    if (this.#waiting === 0) return undefined;
    const urgent = this.#mostUrgent();
    const overdue = this.#longestWaiting(urgent);
    if (overdue !== undefined) return { waiter: overdue, isOverdue: true };
    return urgent && { waiter: urgent, isOverdue: false };
  }

  #mostUrgent(): Waiter | undefined {
    for (const urgency of URGENCIES) {
      let first: Waiter | undefined;
      for (const lane of this.#lanes) {
        const head = lane.lines[urgency].head();
        if (head !== undefined && isBefore(head, first) && canServe(lane, urgency, false)) first = head;
      }
      if (first !== undefined) return first;
    }
    return undefined;
  }

  /** Of those who are less urgent than `urgent`, and have waited for long. */
  #longestWaiting(urgent: Waiter | undefined): Waiter | undefined {
    const overdueMs = this.#clock.nowMs() - OVERDUE_MS;
    let first: Waiter | undefined;
    for (const lane of this.#lanes) {
      for (const urgency of URGENCIES) {
        const head = lane.lines[urgency].head();
        if (head === undefined || head.sinceMs > overdueMs || !isBefore(head, first)) continue;
        if (urgent !== undefined && !isMoreUrgent(urgent.urgency, urgency)) continue;
        if (canServe(lane, urgency, true)) first = head;
      }
    }
    return first;
  }

  /** Comes back when the next one can be served. */
  #setAlarm(): void {
    const nowMs = this.#clock.nowMs();
    const atMs = nowMs + this.#msUntilNext();
    if (this.#alarm !== undefined && this.#alarm.atMs > nowMs && this.#alarm.atMs <= atMs) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (!Number.isFinite(atMs)) return;
    const cancel = this.#clock.schedule(atMs - nowMs, () => {
      this.#alarm = undefined;
      this.serve();
    });
    this.#alarm = { atMs, cancel };
  }

  #msUntilNext(): number {
    let next = Number.POSITIVE_INFINITY;
    if (this.#waiting === 0) return next;
    const nowMs = this.#clock.nowMs();
    for (const lane of this.#lanes) {
      for (const urgency of URGENCIES) {
        const head = lane.lines[urgency].head();
        if (head === undefined) continue;
        const overdueInMs = Math.max(0, head.sinceMs + OVERDUE_MS - nowMs);
        next = Math.min(
          next,
          msUntilServed(lane, urgency, false),
          Math.max(overdueInMs, msUntilServed(lane, urgency, true)),
        );
      }
    }
    // What can be served by now would have been, but for a rounding of the last digit.
    return Math.max(1, next);
  }
}

function canServe(lane: Lane, urgency: Urgency, isOverdue: boolean): boolean {
  return lane.buckets.every((bucket) => bucket.serves(urgency, isOverdue));
}

function msUntilServed(lane: Lane, urgency: Urgency, isOverdue: boolean): number {
  return Math.max(...lane.buckets.map((bucket) => bucket.msUntilServed(urgency, isOverdue)));
}

function isBefore(one: Waiter, other: Waiter | undefined): boolean {
  return other === undefined || one.place < other.place;
}

function isMoreUrgent(one: Urgency, other: Urgency): boolean {
  return rankOf(one) < rankOf(other);
}
