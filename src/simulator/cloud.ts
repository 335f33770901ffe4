/** The Cloud port over the simulated account, without any wire between. */
import { CloudError, categoryOf } from "../model/errors.ts";
import type { Cloud, Input, OperationName, Output } from "../ports.ts";
import { AwsError } from "./account/aws-error.ts";
import { uuidFrom } from "./account/ids.ts";
import type { Account } from "./account.ts";
import { AnswerDamaged, AnswerLost } from "./faults/interceptors.ts";
import type { ServiceName } from "./services.ts";

/** Outputs and errors are what the SDK would give: `$metadata` included, an empty answer as lists that are missing. */
export function simulatedCloud(account: Account): Cloud {
  return {
    call: async <O extends OperationName>(
      operation: O,
      input: Input<O>,
      signal?: AbortSignal,
    ): Promise<Output<O>> => {
      const [service, name] = operation.split(":") as [ServiceName, string];
      const requestId = uuidFrom(account.context);
      const context = {
        accessKeyId: "AKIASIMULATED",
        userAgent: "holdfast",
        requestId,
        ...(signal && { signal }),
      };
      try {
        return withMetadata<O>(await account.call(service, name, input, context), requestId);
      } catch (error) {
        // The SDK too takes an empty body for an answer.
        if (error instanceof AnswerDamaged && error.body === "empty") return withMetadata<O>({}, requestId);
        throw cloudError(operation, error, requestId, signal);
      }
    },
  };
}

function withMetadata<O extends OperationName>(output: object, requestId: string): Output<O> {
  return { ...output, $metadata: { httpStatusCode: 200, requestId, attempts: 1 } } as Output<O>;
}

function cloudError(
  operation: OperationName,
  error: unknown,
  requestId: string,
  signal?: AbortSignal,
): unknown {
  if (error instanceof AwsError) {
    const { code, message } = error;
    const usual = categoryOf(operation, code, message);
    const isServers = usual === "invalid" && (error.status ?? 400) >= 500;
    const category = isServers ? "transient" : usual;
    return new CloudError({ operation, code, message, category, requestId, cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AnswerLost)
    return new CloudError({ operation, code: "NetworkError", message, cause: error });
  if (error instanceof AnswerDamaged) {
    return new CloudError({
      operation,
      code: "MalformedAnswer",
      category: "malformed",
      message,
      requestId,
      cause: error,
    });
  }
  if (signal?.aborted) return new CloudError({ operation, code: "AbortError", message, cause: error });
  return error;
}
