import type { Clock } from "../ports.ts";

/** The longest delay that `setTimeout` takes; it fires a longer one at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export interface SystemClockOptions {
  /** Simulated seconds for each real second. */
  readonly speed: number;
  /** What it shows at first, in milliseconds since 1970 UTC; left out, the time of day. */
  readonly startMs?: number;
}

/**
 * A clock that runs `speed` times as fast as real time and never goes back, whatever happens to the time of day.
 * Its timers do not keep the process alive: what serves does.
 */
export function systemClock(options: SystemClockOptions): Clock {
  const { speed, startMs = Date.now() } = options;
  const zeroMs = performance.now();
  const nowMs = () => startMs + (performance.now() - zeroMs) * speed;
  return {
    nowMs: () => Math.floor(nowMs()),
    schedule(delayMs, run) {
      const dueMs = nowMs() + Math.max(0, delayMs);
      let timer: NodeJS.Timeout;
      const wait = () => {
        const realMs = Math.min(LONGEST_TIMEOUT_MS, Math.max(0, (dueMs - nowMs()) / speed));
        // Node cuts fractions of a millisecond off, so a timer may be early.
        timer = setTimeout(() => (nowMs() >= dueMs ? run() : wait()), realMs);
        timer.unref();
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}
