import { CloudError } from "../model/errors.ts";
import type { Cloud, OperationName, Output } from "../ports.ts";
import type { SdkClient } from "./clients.ts";
import { type ApiName, apiOf, commandOf, OPERATIONS } from "./operations.ts";
import { toCloudError } from "./to-cloud-error.ts";

/** One Region through the SDK, bare: one attempt, no waiting, every failure a `CloudError`. */
export function sdkCloud(clients: Record<ApiName, SdkClient>): Cloud {
  return {
    async call(operation, input, { signal } = {}) {
      const client = clients[apiOf(operation)];
      const options = signal === undefined ? {} : { abortSignal: signal };
      let output: unknown;
      try {
        const Command = await commandOf(operation);
        output = await client.send(new Command(input), options);
      } catch (error) {
        throw toCloudError(operation, error);
      }
      assertComplete(operation, output);
      return output;
    },
  };
}

/**
 * The SDK reads an empty body, and even a page of HTML, as an answer without members. From such an answer nothing
 * may be concluded: neither that a list is empty nor that a write was done. AWS gives every answer an id.
 * @throws CloudError `malformed`
 */
function assertComplete<O extends OperationName>(operation: O, output: unknown): asserts output is Output<O> {
  const answer = output as Record<string, unknown> & { $metadata?: { requestId?: string } };
  const requestId = answer.$metadata?.requestId;
  const member: string | undefined = OPERATIONS[operation].answers;
  const missing = member !== undefined && answer[member] === undefined ? member : undefined;
  if (missing === undefined && requestId !== undefined) return;
  throw new CloudError({
    operation,
    code: "MalformedResponse",
    category: "malformed",
    message: `the answer lacks ${missing ?? "a request id"}`,
    requestId,
  });
}
