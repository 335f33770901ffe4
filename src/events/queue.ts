import type {
  CallOptions,
  Cloud,
  Input,
  OperationName,
  Output,
  QueueCloud,
  QueueOperation,
} from "../ports.ts";

/** The queue that the events come to. */
export interface Queue {
  readonly url: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/** Nothing but this queue can be reached through it; a call of anything else is a bug of ours, and throws. */
export function queueOnly(cloud: Cloud, { url }: Queue): QueueCloud {
  return {
    call: async <O extends QueueOperation>(
      operation: O,
      input: Input<O>,
      options?: CallOptions,
    ): Promise<Output<O>> => {
      const { QueueUrl }: { readonly QueueUrl?: string | undefined } = input;
      if (!isAllowed(operation) || QueueUrl !== url)
        throw new Error(`${operation} must not be called: only the queue of events is meant`);
      return cloud.call(operation, input, options);
    },
  };
}

const ALLOWED: readonly OperationName[] = ["sqs:ReceiveMessage", "sqs:DeleteMessageBatch", "sqs:TagQueue"];

function isAllowed(operation: OperationName): boolean {
  return ALLOWED.includes(operation);
}
