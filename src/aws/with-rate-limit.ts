import { CloudError } from "../model/errors.ts";
import type { Cloud } from "../ports.ts";
import type { AccountBudget } from "./account-budget.ts";
import type { Refusal } from "./call-queue.ts";

const REFUSALS: Record<Refusal, string> = {
  full: "too many calls wait for the same rate limit",
  aborted: "the call was given up while it waited for its rate limit",
};

/**
 * Sends no faster than AWS allows the account in this Region, the most urgent first, and leaves to others what they are seen
 * to use. A call waits for its tokens however long that takes; whether it is worth waiting is for others to ask before
 * (see `Turns`), and whether it is still wanted, after.
 */
export function withRateLimit(cloud: Cloud, budget: AccountBudget): Cloud {
  return {
    async call(operation, input, options) {
      const answer = await budget.acquire(operation, options?.urgency ?? "person", options?.signal);
      if (answer !== "granted")
        throw new CloudError({
          operation,
          code: answer === "aborted" ? "AbortError" : "RateLimited",
          category: answer === "aborted" ? "transient" : "throttled",
          message: REFUSALS[answer],
        });
      try {
        return await cloud.call(operation, input, options);
      } catch (error) {
        if (error instanceof CloudError && error.category === "throttled") budget.throttled(operation);
        throw error;
      }
    },
  };
}
