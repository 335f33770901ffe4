import { CloudError, STOPPED } from "../model/errors.ts";
import { type Cloud, isRead } from "../ports.ts";

/**
 * Lets no write begin while everything is paused. It stands behind whatever makes a call wait, so that one which was
 * decided before the pause, and has waited in line since, is not sent after it.
 */
export function withPause(cloud: Cloud, isPaused: () => boolean): Cloud {
  return {
    async call(operation, input, signal) {
      if (!isRead(operation) && isPaused()) {
        const message = "everything is paused, so the call was not sent";
        throw new CloudError({ operation, code: STOPPED, category: "wait", message });
      }
      return cloud.call(operation, input, signal);
    },
  };
}
