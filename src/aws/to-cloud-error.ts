import { CloudError, type CloudErrorCategory, categoryOf } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { OperationName } from "../ports.ts";
import { AnswerTooLarge } from "./bounded-answer.ts";

/** What of an SDK error is used. Anything else of it (the raw answer above all) stays behind. */
interface SdkError {
  readonly name: string;
  readonly message: string;
  /** AWS's code on the wire; the name is sometimes another (`LoadBalancerNotFoundException`). */
  readonly Code?: unknown;
  /** Node's code of a socket or resolver error. */
  readonly code?: unknown;
  readonly RequestId?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** The longest codes of AWS have some fifty characters. */
const LONGEST_CODE = 100;
/** Names that the SDK gives to answers in which it found no code. */
const NAMELESS = new Set(["Unknown", "Error", "SyntaxError", "TypeError", "RangeError"]);
const CREDENTIALS = new Set(["CredentialsProviderError", "TokenProviderError", "ProviderError"]);

/** Whatever the SDK threw, as the one error that a `Cloud` throws. */
export function toCloudError(operation: OperationName, thrown: unknown): CloudError {
  if (thrown instanceof CloudError) return thrown;
  const error: SdkError = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code, category } = classify(operation, error);
  return new CloudError({
    operation,
    code: code.slice(0, LONGEST_CODE),
    category,
    message: firstLine(error.message),
    requestId: requestIdOf(error),
    cause: thrown,
  });
}

function classify(operation: OperationName, error: SdkError): { code: string; category: CloudErrorCategory } {
  if (error instanceof AnswerTooLarge) return { code: error.name, category: "malformed" };
  const status = error.$metadata?.httpStatusCode;
  const code = codeOf(error);
  if (code !== undefined) {
    const category = CREDENTIALS.has(code) ? "unauthorized" : categoryOf(operation, code, error.message);
    return { code, category: category === "invalid" ? categoryOfStatus(status, category) : category };
  }
  if (typeof error.code === "string") return { code: error.code, category: "transient" };
  if (status === undefined) return { code: "ClientError", category: "invalid" };
  if (status < 300) return { code: "MalformedResponse", category: "malformed" };
  return { code: String(status), category: categoryOfStatus(status, "malformed") };
}

/** What AWS, or the SDK in its own words, calls the error. */
function codeOf(error: SdkError): string | undefined {
  if (typeof error.Code === "string" && error.Code !== "") return error.Code;
  // The SDK calls every socket error a timeout.
  if (error.name === "TimeoutError" && typeof error.code === "string" && error.code !== "ETIMEDOUT") {
    return undefined;
  }
  return NAMELESS.has(error.name) ? undefined : error.name;
}

/** What an HTTP status says where the code says nothing that is known. */
function categoryOfStatus(status: number | undefined, otherwise: CloudErrorCategory): CloudErrorCategory {
  if (status === undefined) return otherwise;
  if (status >= 500) return "transient";
  if (status === 429) return "throttled";
  if (otherwise === "malformed" && (status === 401 || status === 403)) return "unauthorized";
  return otherwise;
}

function requestIdOf(error: SdkError): string | undefined {
  if (error.$metadata?.requestId !== undefined) return error.$metadata.requestId;
  return typeof error.RequestId === "string" ? error.RequestId : undefined;
}

/** The SDK adds lines of advice to its readers. */
function firstLine(text: string): string {
  return (text.split("\n", 1)[0] ?? "").slice(0, LIMITS.awsMessageCharacters);
}
