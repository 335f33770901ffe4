import { URGENCIES, type Urgency } from "../model/fleet/urgency.ts";
import { RecentCalls } from "./recent-calls.ts";
import { type BucketSize, TokenBucket } from "./token-bucket.ts";

/** Left to others in what all actions of the account share, and in what others have been seen to use: one part in so many. */
const RESERVE = 4;
/** Of the refill: what goes to whoever is not urgent and has waited for long, whatever the urgent ones take. */
const GUARANTEED = 0.1;
/** Whose turn it is calls within this. */
const PROMISE_MS = 10_000;
const ROUNDING = 1e-9;

export interface BudgetedSize extends BucketSize {
  readonly name: string;
  /** Whether every action of the API takes of it, whoever calls. */
  readonly isAccounts: boolean;
}

/** One of AWS's buckets, and who may take how much of it. */
export class BudgetedBucket {
  readonly size: BudgetedSize;
  readonly tokens: TokenBucket;
  readonly recent = new RecentCalls();
  readonly waiting: Record<Urgency, number> = {
    person: 0,
    verification: 0,
    suspicion: 0,
    unhealthy: 0,
    routine: 0,
  };
  readonly #share: number;
  readonly #allowance: { readonly capacity: number; readonly refillPerSecond: number; level: number };
  /** Calls whose turn it is and that have not come yet: until when each is waited for. */
  #promised: number[] = [];
  #guaranteed = 1;
  #atMs: number;

  /** @param share of its refill and its burst: the most that routine takes */
  constructor(size: BudgetedSize, share: number, nowMs: number) {
    this.size = size;
    this.tokens = new TokenBucket(size, nowMs);
    this.#share = share;
    const capacity = Math.max(1, size.capacity * share);
    this.#allowance = { capacity, refillPerSecond: size.refillPerSecond * share, level: capacity };
    this.#atMs = nowMs;
  }

  get share(): number {
    return this.#share;
  }

  refill(nowMs: number): void {
    const seconds = Math.max(0, nowMs - this.#atMs) / 1000;
    this.#atMs = nowMs;
    this.tokens.refill(nowMs);
    const allowance = this.#allowance;
    allowance.level = Math.min(allowance.capacity, allowance.level + seconds * allowance.refillPerSecond);
    this.#guaranteed = Math.min(1, this.#guaranteed + seconds * this.#guaranteedPerSecond());
  }

  /** @param isOverdue it has waited for long, and is served of what is guaranteed to it */
  serves(urgency: Urgency, isOverdue: boolean): boolean {
    if (urgency === "routine" && this.#allowance.level < 1 - ROUNDING) return false;
    if (isOverdue && this.#guaranteed < 1 - ROUNDING) return false;
    return this.tokens.holds(this.#needed(urgency, isOverdue));
  }

  /** How long until it serves one such call, with nobody else taking any. */
  msUntilServed(urgency: Urgency, isOverdue: boolean): number {
    const { level, refillPerSecond } = this.#allowance;
    return Math.max(
      this.tokens.msUntil(this.#needed(urgency, isOverdue)),
      urgency === "routine" ? msUntilOne(level, refillPerSecond) : 0,
      isOverdue ? msUntilOne(this.#guaranteed, this.#guaranteedPerSecond()) : 0,
    );
  }

  /** How long until it has served that many calls that are not routine, one after the other. */
  msUntilCount(count: number): number {
    return this.tokens.msUntil(this.#reserve() + count);
  }

  take(urgency: Urgency, isOverdue: boolean): void {
    this.tokens.take();
    if (urgency === "routine") this.#allowance.level -= 1;
    if (isOverdue) this.#guaranteed -= 1;
    this.recent.count(this.#atMs, urgency === "routine");
  }

  /** Calls of this urgency and of what is more urgent that wait. */
  waitingBefore(urgency: Urgency): number {
    let count = 0;
    for (const one of URGENCIES) {
      count += this.waiting[one];
      if (one === urgency) break;
    }
    return count;
  }

  /** Calls whose turn it is come soon, or not at all. */
  promise(count: number): void {
    for (let one = 0; one < count; one += 1) this.#promised.push(this.#atMs + PROMISE_MS);
  }

  /** One of them has come. */
  keepPromise(): void {
    this.#promised.shift();
  }

  /** How many are still to come. */
  promised(): number {
    // Nothing is promised for longer: what seems to be was promised before the clock went back.
    this.#promised = this.#promised.filter(
      (untilMs) => untilMs > this.#atMs && untilMs <= this.#atMs + PROMISE_MS,
    );
    return this.#promised.length;
  }

  #needed(urgency: Urgency, isOverdue: boolean): number {
    const reserve = this.#reserve();
    if (urgency !== "routine" || isOverdue) return 1 + reserve;
    return 1 + Math.max(reserve, this.#leaves(this.size.capacity * (1 - this.#share)));
  }

  #reserve(): number {
    const { capacity, isAccounts } = this.size;
    const isShared = isAccounts || this.tokens.throttledSinceMs !== undefined;
    return isShared ? this.#leaves(capacity / RESERVE) : 0;
  }

  /** Never so much that nothing could be taken. */
  #leaves(tokens: number): number {
    return Math.max(0, Math.min(this.size.capacity - 1, tokens));
  }

  #guaranteedPerSecond(): number {
    return this.tokens.refillPerSecond * GUARANTEED;
  }
}

function msUntilOne(level: number, perSecond: number): number {
  return level >= 1 - ROUNDING ? 0 : Math.ceil(((1 - level) / perSecond) * 1000);
}
