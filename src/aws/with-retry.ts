import pRetry from "p-retry";
import { CloudError } from "../model/errors.ts";
import { type Clock, type Cloud, elapsed, isRead, type Rng } from "../ports.ts";

const RETRIES = 2;
/** Upper bounds of the first pause; the second is twice as long. */
const PAUSE_MS = { throttled: 1_000, transient: 200 } as const;

/**
 * Tries a read again, twice and soon: a lost packet need not cost a whole pass. Never a write: whether it was done
 * has to be read first. What lasts longer is left to the work queue.
 */
export function withRetry(cloud: Cloud, clock: Clock, rng: Rng): Cloud {
  return {
    call(operation, input, options) {
      if (!isRead(operation)) return cloud.call(operation, input, options);
      return pRetry(() => cloud.call(operation, input, options), {
        retries: RETRIES,
        // p-retry would wait in real time; the pause is made below, on the daemon's clock.
        minTimeout: 0,
        maxTimeout: 0,
        shouldRetry: async ({ error, attemptNumber }) => {
          const boundMs = pauseBoundMs(error);
          if (boundMs === undefined) return false;
          await elapsed(clock, rng.next() * boundMs * attemptNumber, options?.signal);
          return options?.signal?.aborted !== true;
        },
      });
    },
  };
}

/** `undefined`: trying again would not help, or was ruled out on purpose. */
function pauseBoundMs(error: Error): number | undefined {
  if (!(error instanceof CloudError) || error.code === "CircuitOpen" || error.code === "RateLimited")
    return undefined;
  if (error.category !== "throttled" && error.category !== "transient") return undefined;
  return PAUSE_MS[error.category];
}
