import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../src/runtime/system-clock.ts";

const START = Date.parse("2026-01-01T00:00:00.000Z");
const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the system clock", () => {
  it("shows the time of day, and runs as real time does", () => {
    const clock = systemClock({ speed: 1 });
    expect(clock.nowMs()).toBe(START);
    vi.advanceTimersByTime(1_500);
    expect(clock.nowMs()).toBe(START + 1_500);
  });

  it("at speed 60 shows a minute for each second, from any start", () => {
    const clock = systemClock({ speed: 60, startMs: 1_000 });
    vi.advanceTimersByTime(1_000);
    expect(clock.nowMs()).toBe(61_000);
  });

  it("does not go back when the time of day does", () => {
    const clock = systemClock({ speed: 1 });
    vi.advanceTimersByTime(1_000);
    vi.setSystemTime(START - DAY_MS);
    expect(clock.nowMs()).toBe(START + 1_000);
  });

  it("runs a timer when it is due on its own clock, and once", () => {
    const clock = systemClock({ speed: 60 });
    const runs: number[] = [];
    clock.schedule(60_000, () => runs.push(clock.nowMs()));
    vi.advanceTimersByTime(999);
    expect(runs).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(runs).toEqual([START + 60_000]);
    vi.advanceTimersByTime(10_000);
    expect(runs).toHaveLength(1);
  });

  it("never runs a timer early, whatever fraction of a millisecond it asks for", () => {
    const clock = systemClock({ speed: 0.3 });
    for (const delayMs of [0.1, 1, 1.7, 33.3, 100]) {
      const dueMs = clock.nowMs() + Math.floor(delayMs);
      clock.schedule(delayMs, () => expect(clock.nowMs()).toBeGreaterThanOrEqual(dueMs));
    }
    vi.advanceTimersByTime(1_000);
    expect.assertions(5);
  });

  it("never runs a timer before `schedule` has returned", () => {
    const clock = systemClock({ speed: 1 });
    let ran = false;
    clock.schedule(-5, () => {
      ran = true;
    });
    expect(ran).toBe(false);
    vi.advanceTimersByTime(0);
    expect(ran).toBe(true);
  });

  it("keeps a timer that is longer than Node's timers can be", () => {
    const clock = systemClock({ speed: 1 });
    let ran = false;
    clock.schedule(60 * DAY_MS, () => {
      ran = true;
    });
    vi.advanceTimersByTime(60 * DAY_MS - 1);
    expect(ran).toBe(false);
    vi.advanceTimersByTime(1);
    expect(ran).toBe(true);
  });

  it("forgets a timer that is cancelled, also after it was set anew", () => {
    const clock = systemClock({ speed: 1 });
    let ran = false;
    const cancel = clock.schedule(60 * DAY_MS, () => {
      ran = true;
    });
    vi.advanceTimersByTime(30 * DAY_MS);
    cancel();
    vi.advanceTimersByTime(60 * DAY_MS);
    expect(ran).toBe(false);
  });
});

describe("the system clock in real time", () => {
  beforeEach(() => {
    vi.useRealTimers();
  });

  it("is not early", async () => {
    const clock = systemClock({ speed: 1_000 });
    const start = clock.nowMs();
    await new Promise<void>((resolve) => clock.schedule(2_000, resolve));
    expect(clock.nowMs() - start).toBeGreaterThanOrEqual(1_999);
  });
});
