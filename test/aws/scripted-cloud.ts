import { CloudError, type CloudErrorCategory } from "../../src/model/errors.ts";
import type { CallOptions, Cloud, OperationName } from "../../src/ports.ts";

/** A cloud whose calls all do the same; it remembers what it was asked, and the signals that came with it. */
export class ScriptedCloud implements Cloud {
  readonly asked: { operation: OperationName; atMs: number; signal: AbortSignal | undefined }[] = [];
  readonly #nowMs: () => number;
  outcome: (operation: OperationName) => Promise<unknown>;

  constructor(nowMs: () => number = () => 0) {
    this.#nowMs = nowMs;
    this.outcome = async () => ({ $metadata: { requestId: "request-1" } });
  }

  call(operation: OperationName, _input: unknown, { signal }: CallOptions = {}): Promise<never> {
    this.asked.push({ operation, atMs: this.#nowMs(), signal });
    return this.outcome(operation) as Promise<never>;
  }
}

/** Makes every call fail with an error of the category, whatever its code. */
export function failing(
  category: CloudErrorCategory,
  code = "Code",
): (operation: OperationName) => Promise<never> {
  return (operation) => Promise.reject(new CloudError({ operation, code, category, message: "no" }));
}

/** The error that a call ends in. */
export async function errorOf(call: Promise<unknown>): Promise<CloudError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CloudError) return error;
  throw new Error("the call did not end in a CloudError", { cause: error });
}
