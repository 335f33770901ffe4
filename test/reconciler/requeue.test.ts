import { describe, expect, it } from "vitest";
import { CONFIRMATION_MS } from "../../src/reconciler/consistency/drift.ts";
import {
  type PassEnd,
  type PassOutcome,
  type Requeue,
  type RequeueInput,
  requeueOf,
  type Streak,
  streakAfter,
} from "../../src/reconciler/requeue.ts";

const RESYNC_MS = 60_000;

const QUIET: PassEnd = {
  isEmptied: false,
  isDeleting: false,
  isUnknown: false,
  hasFailed: false,
  isStalled: false,
  hasActed: false,
  isSlow: false,
  isSettling: false,
  dueMs: [],
  hasPlans: false,
};

function requeue(
  end: Partial<PassEnd> | "crashed",
  {
    streak,
    leastRetryMs = 0,
    random = 0.5,
    resyncMs = RESYNC_MS,
    routineMs = resyncMs,
  }: Partial<Omit<RequeueInput, "end">> = {},
): Requeue {
  return requeueOf({
    end: end === "crashed" ? end : { ...QUIET, ...end },
    streak,
    leastRetryMs,
    random,
    resyncMs,
    routineMs,
  });
}

describe("the next pass is due", () => {
  /** After how many milliseconds the pass that follows comes, with a jitter of one half. */
  it.each<[Requeue["why"], Partial<PassEnd> | "crashed", Requeue["outcome"], number]>([
    ["the pass crashed", "crashed", "crashed", 550],
    [
      "a second look confirms that nothing is left",
      { isEmptied: true, isDeleting: true, hasFailed: true, isUnknown: true },
      "progressing",
      5_000,
    ],
    [
      "AWS refused a call that may succeed later",
      { hasFailed: true, isUnknown: true, hasActed: true, isSettling: true },
      "failed",
      550,
    ],
    [
      "not everything could be read",
      { isUnknown: true, hasActed: true, isSettling: true, isStalled: true, isDeleting: true },
      "failed",
      550,
    ],
    [
      "a read verifies what was written",
      { hasActed: true, hasFailed: true, isStalled: true, isSettling: true, isDeleting: true },
      "progressing",
      2_000,
    ],
    ["a read verifies what was written", { hasActed: true, isSlow: true }, "progressing", RESYNC_MS],
    [
      "a second look confirms what differs",
      { isSettling: true, hasFailed: true, isStalled: true, isDeleting: true, hasPlans: true },
      "progressing",
      5_000,
    ],
    [
      "only a person can help",
      { isStalled: true, hasFailed: true, isDeleting: true, hasPlans: true },
      "stalled",
      33_000,
    ],
    ["AWS is removing resources", { isDeleting: true, hasPlans: true }, "progressing", 10_000],
    ["the resync", { hasPlans: true, isSlow: true }, "progressing", 60_000],
    ["the resync", {}, "converged", 60_000],
  ])("because %s: %o", (why, end, outcome, afterMs) => {
    expect(requeue(end)).toMatchObject({ why, outcome, afterMs });
  });

  it.each<[Requeue["urgency"], Partial<PassEnd> | "crashed"]>([
    ["verification", { isEmptied: true }],
    ["verification", { hasActed: true }],
    ["verification", { isDeleting: true }],
    ["suspicion", { isSettling: true }],
    ["suspicion", { isUnknown: true }],
    ["suspicion", { hasFailed: true }],
    ["suspicion", { dueMs: [5_000] }],
    ["suspicion", { opensInMs: 5_000, hasPlans: true }],
    ["routine", { isStalled: true }],
    ["routine", {}],
    ["routine", "crashed"],
  ])("as %s after %o", (urgency, end) => {
    expect(requeue(end).urgency).toBe(urgency);
  });

  it("when routine is due, however much later than wished that is", () => {
    expect(requeue({}, { routineMs: 600_000 }).afterMs).toBe(600_000);
    expect(requeue({ isStalled: true }, { routineMs: 600_000 }).afterMs).toBe(33_000);
    expect(requeue({ hasActed: true, isSlow: true }, { routineMs: 600_000 }).afterMs).toBe(RESYNC_MS);
  });

  it("later and later while passes fail, and never later than a limit", () => {
    for (const end of ["crashed", { hasFailed: true }, { isUnknown: true }] as const) {
      const after = [0, 1, 2, 5, 6, 50].map(
        (passes) => requeue(end, { streak: { of: "failed", passes } }).afterMs,
      );
      expect(after).toEqual([550, 1_100, 2_200, 17_600, 33_000, 33_000]);
    }
    const stalled = (passes: number) =>
      requeue({ isStalled: true }, { streak: { of: "stalled", passes }, resyncMs: 900_000 }).afterMs;
    expect([0, 1, 2, 3, 50].map(stalled)).toEqual([33_000, 66_000, 132_000, 165_000, 165_000]);
  });

  it("as soon as ever after the first failure, however long the service has waited for a person before it", () => {
    const streak = { of: "stalled", passes: 50 } as const;
    for (const end of ["crashed", { hasFailed: true }, { isUnknown: true }] as const)
      expect(requeue(end, { streak }).afterMs).toBe(550);
    const failed = { of: "failed", passes: 50 } as const;
    expect(requeue({ isStalled: true }, { streak: failed, resyncMs: 900_000 }).afterMs).toBe(33_000);
  });

  it("counts the passes in a row that end in one trouble, and forgets them when it is over", () => {
    const after = (...outcomes: PassOutcome[]) =>
      outcomes.reduce(streakAfter, undefined as Streak | undefined);
    expect(after("failed", "crashed", "failed")).toEqual({ of: "failed", passes: 3 });
    expect(after("stalled", "stalled", "failed")).toEqual({ of: "failed", passes: 1 });
    expect(after("failed", "failed", "stalled")).toEqual({ of: "stalled", passes: 1 });
    expect([after("stalled", "progressing"), after("failed", "converged")]).toEqual([undefined, undefined]);
  });

  it("no later than the resync for what somebody else brings about", () => {
    for (const end of [{ isStalled: true }, { isDeleting: true }])
      expect(requeue(end, { resyncMs: 7_000 }).afterMs).toBe(7_000);
  });

  it("when a window opens for which something waits, and never later than the resync", () => {
    const opens = (end: Partial<PassEnd>) => requeue({ hasPlans: true, ...end });
    expect(opens({ opensInMs: 10_000 })).toMatchObject({
      ...{ why: "a window opens", outcome: "progressing", afterMs: 10_000 },
    });
    expect(opens({ opensInMs: 900_000 })).toMatchObject({ why: "the resync", afterMs: 60_000 });
    expect(opens({ opensInMs: 10_000, isStalled: true }).afterMs).toBe(10_000);
    expect(opens({ opensInMs: 10_000, hasActed: true, isSlow: true }).afterMs).toBe(10_000);
    expect(opens({ opensInMs: 10_000, hasActed: true }).afterMs).toBe(2_000);
  });

  it("when the turn of what waits for one comes, and never later than it would be otherwise", () => {
    const waits = (end: Partial<PassEnd>) => requeue({ hasPlans: true, ...end });
    expect(waits({ turnInMs: 10_000 })).toMatchObject({
      ...{ why: "its turn comes", outcome: "progressing", afterMs: 10_000 },
    });
    expect(waits({ turnInMs: 900_000 })).toMatchObject({ why: "the resync", afterMs: 60_000 });
    expect(waits({ turnInMs: 10_000, opensInMs: 5_000 })).toMatchObject({ why: "a window opens" });
    expect(waits({ turnInMs: 10_000, isStalled: true }).afterMs).toBe(10_000);
    expect(waits({ turnInMs: 10_000, hasActed: true, isSlow: true }).afterMs).toBe(10_000);
    // One pass verifies and goes on, where that is soon enough for both.
    expect(waits({ turnInMs: 10_000, hasActed: true }).afterMs).toBe(10_000);
    expect(waits({ turnInMs: 100_000, hasActed: true }).afterMs).toBe(2_000);
  });

  it("after the time that a second look needs to confirm anything", () => {
    expect(requeue({ isSettling: true }).afterMs).toBeGreaterThan(CONFIRMATION_MS);
    expect(requeue({ isEmptied: true }).afterMs).toBeGreaterThan(CONFIRMATION_MS);
  });
});
