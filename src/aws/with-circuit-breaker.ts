import { BrokenCircuitError, CircuitState } from "cockatiel";
import { CloudError, STOPPED } from "../model/errors.ts";
import type { Cloud, OperationName } from "../ports.ts";
import { type ApiHealth, isOutage } from "./api-health.ts";

/**
 * Stops asking an API that has failed many times in a row (`transient`, `unauthorized`): calls are answered at once
 * with `CircuitOpen`, `transient`. After a while one call is let through; its outcome decides. A throttled call
 * neither opens the circuit nor keeps it closed; any other no of AWS's proves the API alive.
 */
export function withCircuitBreaker(cloud: Cloud, healthOf: (operation: OperationName) => ApiHealth): Cloud {
  return {
    async call(operation, input, options) {
      const { circuit } = healthOf(operation);
      // While one call tries, the library would make the others wait for it.
      if (circuit.state === CircuitState.HalfOpen) throw circuitOpen(operation);
      try {
        const outcome = await circuit.execute(async () => {
          try {
            return { output: await cloud.call(operation, input, options) };
          } catch (error) {
            if (provesAlive(error)) return { error };
            throw error;
          }
        });
        if ("error" in outcome) throw outcome.error;
        return outcome.output;
      } catch (error) {
        throw error instanceof BrokenCircuitError ? circuitOpen(operation) : error;
      }
    },
  };
}

function provesAlive(error: unknown): error is CloudError {
  return (
    error instanceof CloudError &&
    !isOutage(error) &&
    error.category !== "throttled" &&
    error.code !== "AbortError" &&
    error.code !== STOPPED
  );
}

function circuitOpen(operation: OperationName): CloudError {
  const message = "the API failed many times in a row and is given a rest";
  return new CloudError({ operation, code: "CircuitOpen", category: "transient", message });
}
