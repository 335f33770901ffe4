import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from "cockatiel";
import { CloudError } from "../model/errors.ts";
import type { CloudSummary } from "../model/status-page.ts";
import { iso } from "../model/time.ts";
import type { Clock } from "../ports.ts";

/** So many failures in a row, with no answer between them, and the circuit opens. */
export const FAILURES_TO_OPEN = 10;
/** Of the account's clock: how long an open circuit holds calls back before it lets one through to try. */
export const HALF_OPEN_AFTER_MS = 30_000;

const CIRCUIT_NAME: Record<CircuitState, CloudSummary["circuit"]> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Isolated]: "open",
};

/** What is known of one API in one Region: its circuit, and how its calls went since the daemon started. */
export class ApiHealth {
  readonly circuit: CircuitBreakerPolicy;
  readonly #region: string;
  readonly #api: string;
  readonly #counts = { calls: 0, throttledCalls: 0, failedCalls: 0 };
  #since: string | undefined;

  /** @param timeScale simulated seconds for each real second: the circuit breaker's library reads real time */
  constructor(region: string, api: string, clock: Clock, timeScale: number) {
    this.#region = region;
    this.#api = api;
    this.circuit = circuitBreaker(handleWhen(isOutage), {
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
      halfOpenAfter: HALF_OPEN_AFTER_MS / timeScale,
    });
    this.circuit.onStateChange(() => {
      this.#since = iso(clock.nowMs());
    });
  }

  /** Counts one call that was sent. */
  count(error: CloudError | undefined): void {
    this.#counts.calls += 1;
    if (error === undefined) return;
    if (error.category === "throttled") this.#counts.throttledCalls += 1;
    else if (isOutage(error) || error.category === "malformed") this.#counts.failedCalls += 1;
  }

  summary(): CloudSummary {
    return {
      region: this.#region,
      api: this.#api,
      circuit: CIRCUIT_NAME[this.circuit.state],
      ...(this.#since === undefined ? {} : { since: this.#since }),
      ...this.#counts,
    };
  }
}

/** The API cannot be used at all, whoever asks. An abort of ours says nothing about it. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof CloudError) || error.code === "AbortError") return false;
  return error.category === "transient" || error.category === "unauthorized";
}
