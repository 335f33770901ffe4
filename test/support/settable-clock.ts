import type { Clock } from "../../src/ports.ts";

/** A machine's clock that somebody sets: what was scheduled comes when it is due all the same. */
export class SettableClock implements Clock {
  readonly #of: Clock;
  #offMs = 0;

  constructor(of: Clock) {
    this.#of = of;
  }

  nowMs(): number {
    return this.#of.nowMs() + this.#offMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    return this.#of.schedule(delayMs, run);
  }

  set(byMs: number): void {
    this.#offMs += byMs;
  }
}
