import { CloudError, STOPPED } from "../model/errors.ts";
import { type Cloud, isRead, type OperationName } from "../ports.ts";

/** To listen is no write: what happens during a pause is to be seen, too. */
const TAKES_EVENTS: readonly OperationName[] = ["sqs:ReceiveMessage", "sqs:DeleteMessageBatch"];

/**
 * Lets no write begin while everything is paused, or what it is for. It stands behind whatever makes a call wait, so that
 * one which was decided before the pause, and has waited in line since, is not sent after it.
 */
export function withPause(cloud: Cloud, isPaused: () => boolean): Cloud {
  return {
    async call(operation, input, options) {
      if (!isRead(operation) && !TAKES_EVENTS.includes(operation)) {
        if (isPaused()) throw stopped(operation, "everything is paused");
        if (options?.isHalted?.() === true) throw stopped(operation, "the service is paused");
      }
      return cloud.call(operation, input, options);
    },
  };
}

function stopped(operation: OperationName, why: string): CloudError {
  const message = `${why}, so the call was not sent`;
  return new CloudError({ operation, code: STOPPED, category: "wait", message });
}
