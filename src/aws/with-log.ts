import { CloudError } from "../model/errors.ts";
import type { Clock, Cloud, Log } from "../ports.ts";

/** One debug line for each call, with what it cost and how it ended; never what was sent or answered. */
export function withLog(cloud: Cloud, region: string, clock: Clock, log: Log): Cloud {
  return {
    async call(operation, input, options) {
      const startMs = clock.nowMs();
      const line = (fields: Record<string, unknown>) =>
        log.debug({ operation, region, durationMs: clock.nowMs() - startMs, ...fields }, "AWS call");
      try {
        const output = await cloud.call(operation, input, options);
        line({ outcome: "succeeded", requestId: output.$metadata.requestId });
        return output;
      } catch (error) {
        if (error instanceof CloudError) {
          line({ outcome: error.category, errorCode: error.code, requestId: error.requestId });
        }
        throw error;
      }
    },
  };
}
