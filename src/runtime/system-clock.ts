import type { Clock } from "../ports.ts";

/** The longest delay that `setTimeout` takes; it fires a longer one at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
/** While time is moved by hand, an hour passes in a second. */
const FAST_SPEED = 3_600;

export interface SystemClockOptions {
  /** Simulated seconds for each real second. */
  readonly speed: number;
  /** What it shows at first, in milliseconds since 1970 UTC; left out, the time of day. */
  readonly startMs?: number;
}

export interface SystemClock extends Clock {
  /**
   * Lets `ms` pass fast, and resolves when they have. Nothing is skipped: whatever is due on the way runs, in order.
   * Only for a clock whose world is simulated.
   */
  advance(ms: number): Promise<void>;
}

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
  handle: NodeJS.Timeout | undefined;
}

/**
 * A clock that runs `speed` times as fast as real time and never goes back, whatever happens to the time of day.
 * Its timers do not keep the process alive: what serves does.
 */
export function systemClock(options: SystemClockOptions): SystemClock {
  const { startMs = Date.now() } = options;
  const timers = new Set<Timer>();
  let pace = { speed: options.speed, fromMs: startMs, fromRealMs: performance.now() };
  const nowMs = () => pace.fromMs + (performance.now() - pace.fromRealMs) * pace.speed;

  const arm = (timer: Timer) => {
    const realMs = Math.min(LONGEST_TIMEOUT_MS, Math.max(0, (timer.dueMs - nowMs()) / pace.speed));
    timer.handle = setTimeout(() => {
      // Node cuts fractions of a millisecond off, so a timer may be early.
      if (nowMs() < timer.dueMs) return arm(timer);
      timers.delete(timer);
      timer.run();
    }, realMs);
    timer.handle.unref();
  };

  const setSpeed = (speed: number) => {
    pace = { speed, fromMs: nowMs(), fromRealMs: performance.now() };
    for (const timer of [...timers].sort((a, b) => a.dueMs - b.dueMs)) {
      clearTimeout(timer.handle);
      arm(timer);
    }
  };

  const schedule = (delayMs: number, run: () => void) => {
    const timer: Timer = { dueMs: nowMs() + Math.max(0, delayMs), run, handle: undefined };
    timers.add(timer);
    arm(timer);
    return () => {
      timers.delete(timer);
      clearTimeout(timer.handle);
    };
  };

  return {
    nowMs: () => Math.floor(nowMs()),
    schedule,
    advance: (ms) =>
      new Promise((resolve) => {
        setSpeed(Math.max(options.speed, FAST_SPEED));
        schedule(ms, () => {
          setSpeed(options.speed);
          resolve();
        });
      }),
  };
}
