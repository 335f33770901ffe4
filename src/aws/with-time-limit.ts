import { CloudError } from "../model/errors.ts";
import type { Clock, Cloud, OperationName } from "../ports.ts";

/**
 * Ends every call after its time: `TimeoutError`, `transient`, because a write may have been done. Does not wait
 * for the call to agree that it is over. A caller's abort ends it in the same way, as `AbortError`.
 */
export function withTimeLimit(
  cloud: Cloud,
  clock: Clock,
  limitMsOf: (operation: OperationName) => number,
): Cloud {
  return {
    call(operation, input, options = {}) {
      const { signal } = options;
      const limitMs = limitMsOf(operation);
      const controller = new AbortController();
      return new Promise((resolve, reject) => {
        const stop = (code: string, message: string) => {
          reject(new CloudError({ operation, code, message, category: "transient" }));
          controller.abort();
        };
        const onAbort = () => stop("AbortError", "the call was given up");
        if (signal?.aborted) return onAbort();
        const cancel = clock.schedule(limitMs, () => {
          stop("TimeoutError", `no answer within ${limitMs / 1000} s`);
        });
        signal?.addEventListener("abort", onAbort, { once: true });
        cloud
          .call(operation, input, { ...options, signal: controller.signal })
          .then(resolve, reject)
          .finally(() => {
            cancel();
            signal?.removeEventListener("abort", onAbort);
          });
      });
    },
  };
}
