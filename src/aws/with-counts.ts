import { CloudError } from "../model/errors.ts";
import type { Cloud, OperationName } from "../ports.ts";
import type { ApiHealth } from "./api-health.ts";

/** Counts what is sent, and how it went. */
export function withCounts(cloud: Cloud, healthOf: (operation: OperationName) => ApiHealth): Cloud {
  return {
    async call(operation, input, options) {
      try {
        const output = await cloud.call(operation, input, options);
        healthOf(operation).count(undefined);
        return output;
      } catch (error) {
        if (error instanceof CloudError) healthOf(operation).count(error);
        throw error;
      }
    },
  };
}
