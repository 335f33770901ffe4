import { CloudError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { type Clock, type Cloud, isRead, type OperationName } from "../ports.ts";
import { BucketQueue, type Refusal } from "./bucket-queue.ts";
import { type Bucket, sizeOf } from "./buckets.ts";
import { OPERATIONS, timeLimitMsOf } from "./operations.ts";

export interface RateLimitOptions {
  readonly clock: Clock;
  /** Calls per second of Auto Scaling; AWS does not document its bucket. */
  readonly autoScalingRate?: number;
}

const REFUSALS: Record<Refusal, string> = {
  full: "too many calls wait for the same rate limit",
  tooLong: "the rate limit would hold it back for longer than it may take",
  aborted: "the call was given up while it waited for its rate limit",
};

/**
 * Sends no faster than AWS allows the account in this Region, and slower after AWS throttled all the same (others
 * use the account too): half as fast at each sign, then a little faster with each call that is let through.
 * A read waits for its turn, however long that takes. A write waits as long as it may take, because what it is for may
 * not be wanted any more after that; what would wait longer is refused at once, as `throttled`.
 */
export function withRateLimit(cloud: Cloud, settings: RateLimitOptions): Cloud {
  const queueOf = bucketQueues(settings);
  return {
    async call(operation, input, options) {
      const queues = OPERATIONS[operation].buckets.map((bucket) => queueOf(operation, bucket));
      await takeTokens(operation, queues, settings.clock, options?.signal);
      try {
        const output = await cloud.call(operation, input, options);
        for (const queue of queues) queue.recover();
        return output;
      } catch (error) {
        if (error instanceof CloudError) learn(queues, error);
        throw error;
      }
    },
  };
}

/** The queues of one account and Region, made when first needed; as many as the table of operations has buckets. */
function bucketQueues(options: RateLimitOptions): (operation: OperationName, bucket: Bucket) => BucketQueue {
  const queues = new Map<string, BucketQueue>();
  return (operation, bucket) => {
    const name = bucket.name ?? operation;
    const known = queues.get(name);
    if (known !== undefined) return known;
    const size = sizeOf(bucket, options.autoScalingRate);
    const queue = new BucketQueue(size, options.clock, LIMITS.callsWaitingPerBucket);
    queues.set(name, queue);
    return queue;
  };
}

async function takeTokens(
  operation: OperationName,
  queues: readonly BucketQueue[],
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<void> {
  const untilMs = isRead(operation) ? Number.POSITIVE_INFINITY : clock.nowMs() + timeLimitMsOf(operation);
  const taken: BucketQueue[] = [];
  for (const queue of queues) {
    const answer = await queue.acquire(untilMs - clock.nowMs(), signal);
    if (answer === "granted") {
      taken.push(queue);
      continue;
    }
    for (const earlier of taken) earlier.giveBack();
    throw new CloudError({
      operation,
      code: answer === "aborted" ? "AbortError" : "RateLimited",
      category: answer === "aborted" ? "transient" : "throttled",
      message: REFUSALS[answer],
    });
  }
}

/** An answer that is no failure of AWS shows as well as a success does that the call was let through. */
function learn(queues: readonly BucketQueue[], error: CloudError): void {
  if (error.category === "throttled") for (const queue of queues) queue.slow();
  else if (error.category !== "transient") for (const queue of queues) queue.recover();
}
