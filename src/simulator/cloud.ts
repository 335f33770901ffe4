/** The Cloud port over the simulated account, without any wire between. */
import { CloudError, categoryOf } from "../model/errors.ts";
import type { CallOptions, Cloud, Input, OperationName, Output } from "../ports.ts";
import { AwsError } from "./account/aws-error.ts";
import { uuidFrom } from "./account/ids.ts";
import type { Account } from "./account.ts";
import { AnswerDamaged, AnswerLost } from "./faults/interceptors.ts";
import type { ServiceName } from "./services.ts";
import { WIRE_SERVICES } from "./wire/schemas.ts";

/** Outputs and errors are those of the adapter over the SDK: one contract, test/contract/cloud-adapters.test.ts. */
export function simulatedCloud(account: Account): Cloud {
  return {
    call: async <O extends OperationName>(
      operation: O,
      input: Input<O>,
      { signal }: CallOptions = {},
    ): Promise<Output<O>> => {
      const [service, name] = operation.split(":") as [ServiceName, string];
      const requestId = uuidFrom(account.context);
      const context = {
        accessKeyId: "AKIASIMULATED",
        userAgent: "holdfast",
        requestId,
        ...(signal && { signal }),
      };
      let output: object;
      try {
        output = await account.call(service, name, input, context);
      } catch (error) {
        const isEmpty = error instanceof AnswerDamaged && error.body === "empty";
        if (!isEmpty) throw cloudError(operation, error, requestId, signal);
        output = {};
      }
      assertComplete(operation, output, requestId);
      return { ...output, $metadata: { httpStatusCode: 200, requestId, attempts: 1 } } as Output<O>;
    },
  };
}

/** Where AWS's schema begins with another member than the one that every answer has, or where none is waited for. */
const PROMISED: Readonly<Partial<Record<OperationName, string | undefined>>> = {
  "cloudwatch:DescribeAlarms": "MetricAlarms",
  "autoscaling:CancelInstanceRefresh": undefined,
  "autoscaling:DescribeWarmPool": "Instances",
  "sqs:ReceiveMessage": undefined,
  "sqs:DeleteMessageBatch": undefined,
  "sts:GetCallerIdentity": "Account",
};

/** As the adapter over the SDK does. @throws CloudError `malformed` for an answer without what it consists of */
function assertComplete(operation: OperationName, output: object, requestId: string): void {
  const member = Object.hasOwn(PROMISED, operation) ? PROMISED[operation] : leadingMember(operation);
  if (member === undefined || (output as Record<string, unknown>)[member] !== undefined) return;
  throw new CloudError({
    operation,
    code: "MalformedResponse",
    category: "malformed",
    message: `the answer lacks ${member}`,
    requestId,
  });
}

/** Operation → what its answers consist of. There are as many as the port has. */
const LEADING = new Map<OperationName, string | undefined>();

function leadingMember(operation: OperationName): string | undefined {
  if (!LEADING.has(operation)) LEADING.set(operation, leadingMemberOf(operation));
  return LEADING.get(operation);
}

function leadingMemberOf(operation: OperationName): string | undefined {
  const [service, name] = operation.split(":");
  const output = WIRE_SERVICES.find((one) => one.name === service)?.operations.get(name ?? "")?.output;
  if (output === undefined || output.isUnitSchema()) return undefined;
  return [...output.structIterator()].map(([member]) => member).find((member) => member !== "NextToken");
}

function cloudError(
  operation: OperationName,
  error: unknown,
  requestId: string,
  signal?: AbortSignal,
): unknown {
  if (error instanceof AwsError) return refusal(operation, error, requestId);
  if (error instanceof AnswerLost) {
    const message = "socket hang up";
    return new CloudError({ operation, code: "ECONNRESET", category: "transient", message, cause: error });
  }
  if (error instanceof AnswerDamaged) return malformed(operation, error, requestId);
  const message = error instanceof Error ? error.message : String(error);
  if (signal?.aborted) return new CloudError({ operation, code: "AbortError", message, cause: error });
  return error;
}

/** Of a code that says nothing, the HTTP status says more. */
function refusal(operation: OperationName, error: AwsError, requestId: string): CloudError {
  const { code, message, status = 400 } = error;
  const usual = categoryOf(operation, code, message);
  const byStatus = status >= 500 ? "transient" : status === 429 ? "throttled" : usual;
  const category = usual === "invalid" ? byStatus : usual;
  return new CloudError({ operation, code, message, category, requestId, cause: error });
}

function malformed(operation: OperationName, error: AnswerDamaged, requestId: string): CloudError {
  return new CloudError({
    operation,
    code: "MalformedResponse",
    category: "malformed",
    message: error.message,
    // A page of somebody else's does not carry AWS's id.
    requestId: error.body === "garbage" ? undefined : requestId,
    cause: error,
  });
}
