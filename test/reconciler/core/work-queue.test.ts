import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs, STALLED_BACKOFF, TRANSIENT_BACKOFF } from "../../../src/reconciler/core/backoff.ts";
import { WorkQueue } from "../../../src/reconciler/core/work-queue.ts";

describe("the work queue", () => {
  it("hands out what is urgent enough, and keeps the rest, when it is asked for no less", () => {
    const queue = new WorkQueue(4);
    queue.add("routine", 0, 4);
    queue.add("person", 0, 0);
    expect(queue.take(0, 1)).toBe("person");
    expect(queue.take(0, 1)).toBeUndefined();
    expect(queue.take(0)).toBe("routine");
  });

  it("never hands a key out twice at once, never loses one, and never holds more than its limit", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("add" as const), key: fc.nat(5), due: fc.nat(20), priority: fc.nat(1) }),
      fc.record({ do: fc.constant("take" as const), now: fc.nat(20) }),
      fc.record({ do: fc.constant("done" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new WorkQueue(4);
        const active: string[] = [];
        const asked = new Set<string>();
        for (const one of steps) {
          if (one.do === "add" && queue.add(String(one.key), one.due, one.priority))
            asked.add(String(one.key));
          if (one.do === "take") {
            const key = queue.take(one.now);
            if (key !== undefined) {
              expect(active).not.toContain(key);
              expect(asked.delete(key)).toBe(true);
              active.push(key);
            }
          }
          if (one.do === "done") {
            const key = active.shift();
            if (key !== undefined) queue.done(key);
          }
          expect(queue.active).toBe(active.length);
          expect(queue.waiting).toBeLessThanOrEqual(4);
        }
        for (const key of active.splice(0)) queue.done(key);
        const rest = new Set<string>();
        for (let key = queue.take(20); key !== undefined; key = queue.take(20)) rest.add(key);
        expect(rest).toEqual(asked);
      }),
      { numRuns: 500 },
    );
  });

  it("hands out what a person waits for first, and nothing before its time", () => {
    const queue = new WorkQueue(10);
    queue.add("routine", 0, 1);
    queue.add("changed", 5, 0);
    queue.add("later", 100, 0);
    expect([queue.take(10), queue.take(10), queue.take(10)]).toEqual(["changed", "routine", undefined]);
    expect(queue.nextDueMs()).toBe(100);
    expect([queue.dueCount(10), queue.dueCount(100)]).toEqual([0, 1]);
  });

  it("remembers the earliest time that anybody asked for, also while the key is being worked on", () => {
    const queue = new WorkQueue(10);
    queue.add("a", 50, 1);
    queue.add("a", 20, 1);
    expect(queue.nextDueMs()).toBe(20);
    expect(queue.take(20)).toBe("a");
    queue.add("a", 30, 0);
    expect(queue.take(99)).toBeUndefined();
    queue.done("a");
    expect(queue.take(30)).toBe("a");
  });

  it("of those that are as urgent hands out the one that is due first, whichever was asked for first", () => {
    for (const order of [
      ["first", "second"],
      ["second", "first"],
    ]) {
      const queue = new WorkQueue(10);
      for (const key of order) queue.add(key, key === "first" ? 1 : 2, 1);
      expect([queue.take(9), queue.take(9)]).toEqual(["first", "second"]);
    }
  });

  it("of two alike hands out the one that was asked for first", () => {
    const queue = new WorkQueue(10);
    for (const key of ["b", "a"]) queue.add(key, 1, 1);
    expect([queue.take(1), queue.take(1)]).toEqual(["b", "a"]);
  });

  it("keeps the earlier time and the more urgent priority, whichever was asked for last", () => {
    const queue = new WorkQueue(10);
    queue.add("a", 20, 0);
    queue.add("a", 50, 1);
    queue.add("other", 1, 1);
    expect(queue.take(19)).toBe("other");
    expect([queue.take(19), queue.take(20)]).toEqual([undefined, "a"]);
  });

  it("hands out what is due to the millisecond, and counts it as due", () => {
    const queue = new WorkQueue(10);
    queue.add("a", 5, 0);
    expect([queue.dueCount(4), queue.take(4)]).toEqual([0, undefined]);
    expect([queue.dueCount(5), queue.take(5)]).toEqual([1, "a"]);
    expect([queue.dueCount(5), queue.waiting, queue.active]).toEqual([0, 0, 1]);
  });

  it("takes no more keys than it may hold, those asked for again among them; one that it has, always", () => {
    const queue = new WorkQueue(2);
    expect([queue.add("a", 0, 0), queue.take(0)]).toEqual([true, "a"]);
    expect([queue.add("a", 9, 0), queue.add("b", 0, 0), queue.add("c", 0, 0)]).toEqual([true, true, false]);
    expect([queue.add("a", 8, 0), queue.add("b", 0, 0)]).toEqual([true, true]);
    queue.done("a");
    expect(queue.waiting).toBe(2);
    expect(queue.take(0)).toBe("b");
    expect(queue.nextDueMs()).toBe(8);
    // It was asked for again once, and is not a third time.
    expect(queue.take(8)).toBe("a");
    queue.done("a");
    expect(queue.nextDueMs()).toBeUndefined();
  });

  it("says when the next of several is due", () => {
    const queue = new WorkQueue(10);
    for (const [key, due] of [
      ["a", 7],
      ["b", 3],
      ["c", 5],
    ] as const)
      queue.add(key, due, 0);
    expect(queue.nextDueMs()).toBe(3);
  });

  it("what was asked for again while it was worked on is as urgent as that, and forgotten when it goes", () => {
    const queue = new WorkQueue(10);
    queue.add("a", 0, 1);
    queue.take(0);
    queue.add("a", 1, 0);
    queue.add("b", 0, 1);
    queue.done("a");
    expect(queue.take(1)).toBe("a");
    queue.add("a", 1, 0);
    queue.remove("a");
    queue.done("a");
    expect([queue.take(1), queue.take(1), queue.active]).toEqual(["b", undefined, 1]);
  });

  it("hands out as one that looks at every key each time would", () => {
    const step = fc.record({
      do: fc.constantFrom("add", "add", "take", "done", "remove"),
      key: fc.nat(7).map(String),
      at: fc.nat(12),
      priority: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const [queue, plain] = [new WorkQueue(6), new PlainQueue(6)];
        for (const { do: what, key, at, priority } of steps) {
          const done = (of: WorkQueue | PlainQueue) => {
            switch (what) {
              case "add":
                return of.add(key, at, priority);
              case "take":
                return of.take(at);
              case "done":
                return of.done(key);
              default:
                return of.remove(key);
            }
          };
          expect(done(queue)).toBe(done(plain));
          expect([queue.nextDueMs(), queue.dueCount(at), queue.waiting]).toEqual([
            plain.nextDueMs(),
            plain.dueCount(at),
            plain.waiting,
          ]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("holds no more than a few places for each key, however often its time is moved", () => {
    const queue = new WorkQueue(20_000);
    for (let key = 0; key < 10_000; key += 1) queue.add(String(key), 1_000_000, 1);
    for (let time = 1_000_000; time > 950_000; time -= 1) queue.add(String(time % 10_000), time, 1);
    expect(queue.waiting).toBe(10_000);
    expect(queue.places).toBeLessThanOrEqual(2 * 10_000 + 65);
  });

  it("forgets a key that is removed", () => {
    const queue = new WorkQueue(10);
    queue.add("a", 0, 0);
    queue.remove("a");
    expect([queue.take(10), queue.nextDueMs(), queue.waiting]).toEqual([undefined, undefined, 0]);
  });
});

/** The same contract, plainly: looks at every key each time. */
class PlainQueue {
  readonly #limit: number;
  #waiting: { key: string; dueMs: number; priority: number }[] = [];
  #again: { key: string; dueMs: number; priority: number }[] = [];
  readonly #active = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(key: string, dueMs: number, priority: number): boolean {
    const entries = this.#active.has(key) ? this.#again : this.#waiting;
    const entry = entries.find((each) => each.key === key);
    if (entry !== undefined) {
      entry.dueMs = Math.min(entry.dueMs, dueMs);
      entry.priority = Math.min(entry.priority, priority);
      return true;
    }
    if (this.#waiting.length + this.#again.length >= this.#limit) return false;
    entries.push({ key, dueMs, priority });
    return true;
  }

  take(nowMs: number): string | undefined {
    const due = this.#waiting.filter(({ dueMs }) => dueMs <= nowMs);
    const [best] = due.sort((a, b) => a.priority - b.priority || a.dueMs - b.dueMs);
    if (best === undefined) return undefined;
    this.#waiting = this.#waiting.filter((each) => each !== best);
    this.#active.add(best.key);
    return best.key;
  }

  done(key: string): void {
    this.#active.delete(key);
    const entry = this.#again.find((each) => each.key === key);
    this.#again = this.#again.filter((each) => each !== entry);
    if (entry !== undefined) this.add(key, entry.dueMs, entry.priority);
  }

  remove(key: string): void {
    this.#waiting = this.#waiting.filter((each) => each.key !== key);
    this.#again = this.#again.filter((each) => each.key !== key);
  }

  nextDueMs(): number | undefined {
    return this.#waiting.map(({ dueMs }) => dueMs).sort((a, b) => a - b)[0];
  }

  dueCount(nowMs: number): number {
    return this.#waiting.filter(({ dueMs }) => dueMs <= nowMs).length;
  }

  get waiting(): number {
    return this.#waiting.length;
  }
}

describe("backoff", () => {
  it.each([
    [
      "what passes by itself",
      TRANSIENT_BACKOFF,
      [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000],
    ],
    ["what a person has to change", STALLED_BACKOFF, [60_000, 120_000, 240_000, 300_000, 300_000]],
  ])("of %s doubles with every failure in a row, up to its cap", (_, range, ceilings) => {
    const after = (random: number) => ceilings.map((_ceiling, index) => backoffMs(range, index + 1, random));
    expect(after(1)).toEqual(ceilings);
    expect(after(0)).toEqual(ceilings.map((ceiling) => ceiling / 10));
    expect(after(0.5)).toEqual(ceilings.map((ceiling) => ceiling * 0.55));
    expect(backoffMs(range, 100_000, 1)).toBe(range.capMs);
  });

  it("stays between a tenth of the ceiling and the ceiling, which doubles up to the cap", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(TRANSIENT_BACKOFF, STALLED_BACKOFF),
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (range, failures, random) => {
          const ceiling = Math.min(range.capMs, range.baseMs * 2 ** Math.min(failures - 1, 20));
          const ms = backoffMs(range, failures, random);
          expect(ms).toBeGreaterThanOrEqual(Math.floor(ceiling / 10));
          expect(ms).toBeLessThanOrEqual(ceiling);
        },
      ),
    );
  });
});
