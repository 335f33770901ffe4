import { CloudError } from "../model/errors.ts";
import type { CloudForRegion } from "../ports.ts";

export interface CallTally {
  readonly cloudFor: CloudForRegion;
  /** Calls so far, by IAM action and outcome: `succeeded` or the category of the error. */
  counts(): { operation: string; outcome: string; count: number }[];
}

/** Counts the calls of every Region, reads included. */
export function callTally(cloudFor: CloudForRegion): CallTally {
  const tally = new Map<string, { operation: string; outcome: string; count: number }>();
  const add = (operation: string, outcome: string) => {
    const key = `${operation} ${outcome}`;
    const row = tally.get(key) ?? { operation, outcome, count: 0 };
    row.count += 1;
    tally.set(key, row);
  };
  return {
    counts: () => [...tally.values()].map((row) => ({ ...row })),
    cloudFor(region) {
      const cloud = cloudFor(region);
      return {
        async call(operation, input, options) {
          try {
            const output = await cloud.call(operation, input, options);
            add(operation, "succeeded");
            return output;
          } catch (error) {
            add(operation, error instanceof CloudError ? error.category : "crashed");
            throw error;
          }
        },
      };
    },
  };
}
