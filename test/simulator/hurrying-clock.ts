import type { Clock } from "../../src/ports.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** Virtual time for tests over real sockets: what is due within two seconds happens at once, the rest when told. */
export class HurryingClock implements Clock {
  readonly virtual = new VirtualClock();

  nowMs(): number {
    return this.virtual.nowMs();
  }

  schedule(delayMs: number, run: () => void): () => void {
    if (delayMs > 2_000) return this.virtual.schedule(delayMs, run);
    const timer = setImmediate(run);
    return () => clearImmediate(timer);
  }
}
