import type { Urgency } from "../model/fleet/urgency.ts";
import { LIMITS } from "../model/limits.ts";
import type { BucketUse } from "../model/status-page.ts";
import { iso } from "../model/time.ts";
import { type Clock, isRead, type OperationName } from "../ports.ts";
import { bucketsOf } from "./buckets-of.ts";
import { BudgetedBucket, type BudgetedSize } from "./budgeted-bucket.ts";
import { CallQueue, type Lane, type Refusal } from "./call-queue.ts";

export interface AccountBudgetOptions {
  readonly clock: Clock;
  /** Calls per second of Auto Scaling; AWS does not document its bucket. */
  readonly autoScalingRate?: number;
  /** The most of each bucket that routine takes: `--api-share`. */
  readonly apiShare?: number;
}

const DEFAULT_SHARE = 0.5;

/** Where a call of an operation waits, and with whom. */
interface Place {
  readonly queue: CallQueue;
  readonly lane: Lane;
}

/** What AWS allows one account in one Region, and who takes how much of it. */
export class AccountBudget {
  readonly clock: Clock;
  readonly #options: AccountBudgetOptions;
  readonly #buckets = new Map<string, BudgetedBucket>();
  readonly #queues = new Map<string, CallQueue>();
  readonly #places = new Map<string, Place>();

  constructor(options: AccountBudgetOptions) {
    this.clock = options.clock;
    this.#options = options;
  }

  /** Waits until AWS takes a call of the operation. */
  acquire(
    operation: OperationName,
    urgency: Urgency,
    signal: AbortSignal | undefined,
  ): Promise<"granted" | Refusal> {
    const { queue, lane } = this.#placeOf(operation);
    if (!isRead(operation)) for (const bucket of lane.buckets) bucket.keepPromise();
    return queue.acquire(lane, urgency, signal);
  }

  /** The buckets of an operation as they stand now: its own first, the account's last. */
  bucketsOf(operation: OperationName): readonly BudgetedBucket[] {
    const { queue, lane } = this.#placeOf(operation);
    queue.refill();
    return lane.buckets;
  }

  /**
   * AWS throttled a call: all its buckets are left in peace for a while, and of one of them it is believed that others have
   * emptied it.
   */
  throttled(operation: OperationName): void {
    const { queue } = this.#placeOf(operation);
    const buckets = this.bucketsOf(operation);
    const isNew = buckets.map(({ tokens }) => tokens.pause()).includes(true);
    const blamed = blamedAmong(buckets);
    for (const bucket of buckets) if (bucket !== blamed || !isNew) bucket.tokens.giveBack();
    if (isNew) blamed?.tokens.emptied();
    queue.serve();
  }

  /** Every bucket that was used since the start. */
  use(region: string): BucketUse[] {
    const nowMs = this.clock.nowMs();
    return [...this.#buckets.values()].map((bucket) => {
      bucket.refill(nowMs);
      const { size, tokens, share, waiting } = bucket;
      const calls = bucket.recent.rates(nowMs);
      const sinceMs = tokens.throttledSinceMs;
      return {
        ...{ region, bucket: size.name, burst: size.capacity, refillPerSecond: size.refillPerSecond },
        refillInForcePerSecond: tokens.refillPerSecond,
        apiShare: share,
        callsPerSecond: calls.inAll,
        routineCallsPerSecond: calls.routine,
        waiting: { ...waiting },
        ...(sinceMs === undefined ? {} : { throttledSince: iso(sinceMs) }),
      };
    });
  }

  /** Operations that share their account's bucket wait in one queue, whatever other buckets they have. */
  #placeOf(operation: OperationName): Place {
    const own = this.#places.get(operation);
    if (own !== undefined) return own;
    const place = this.#placeAmong(bucketsOf(operation, this.#options.autoScalingRate));
    this.#places.set(operation, place);
    return place;
  }

  #placeAmong(buckets: readonly BudgetedSize[]): Place {
    const names = buckets.map(({ name }) => name);
    const key = names.join(" ");
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const account = names.at(-1) ?? key;
    const queue = this.#queues.get(account) ?? new CallQueue(this.clock, LIMITS.callsWaitingPerBucket);
    this.#queues.set(account, queue);
    const lane = queue.addLane(buckets.map((bucket) => this.#bucket(bucket)));
    const place = { queue, lane };
    this.#places.set(key, place);
    return place;
  }

  #bucket(size: BudgetedSize): BudgetedBucket {
    const known = this.#buckets.get(size.name);
    if (known !== undefined) return known;
    const { apiShare = DEFAULT_SHARE } = this.#options;
    const made = new BudgetedBucket(size, apiShare, this.clock.nowMs());
    this.#buckets.set(size.name, made);
    return made;
  }
}

/** Others are the likeliest to use what all actions take of; but not if we think it half full and another one emptier. */
function blamedAmong(buckets: readonly BudgetedBucket[]): BudgetedBucket | undefined {
  const fullness = ({ size, tokens }: BudgetedBucket) => tokens.tokens / size.capacity;
  const accounts = buckets.find(({ size }) => size.isAccounts);
  if (accounts !== undefined && fullness(accounts) < 0.5) return accounts;
  const [first] = buckets.toSorted((one, other) => fullness(one) - fullness(other));
  return first;
}
