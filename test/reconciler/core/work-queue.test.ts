import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs, STALLED_BACKOFF, TRANSIENT_BACKOFF } from "../../../src/reconciler/core/backoff.ts";
import { WorkQueue } from "../../../src/reconciler/core/work-queue.ts";

describe("the work queue", () => {
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
    expect(queue.dueMsOf("a")).toBe(20);
    expect(queue.take(20)).toBe("a");
    queue.add("a", 30, 0);
    expect(queue.take(99)).toBeUndefined();
    queue.done("a");
    expect(queue.take(30)).toBe("a");
  });

  it("forgets a key that is removed", () => {
    const queue = new WorkQueue(10);
    queue.add("a", 0, 0);
    queue.remove("a");
    expect([queue.take(10), queue.nextDueMs(), queue.waiting]).toEqual([undefined, undefined, 0]);
  });
});

describe("backoff", () => {
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
