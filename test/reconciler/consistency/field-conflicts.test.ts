import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Finding } from "../../../src/reconciler/consistency/drift.ts";
import {
  type ConflictInput,
  type Correction,
  contestSentence,
  fieldConflictsIn,
} from "../../../src/reconciler/consistency/field-conflicts.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 100 * HOUR;
const address = addressFrom("alarms.a");
const of = { change: "Modified", field: "threshold" } as const;

function finding(change: Partial<Finding> = {}): Finding {
  return {
    ...{ address, kind: "alarm", name: "a", id: undefined, ...of },
    ...{ desired: 5, before: 5, after: 9, firstSeenMs: NOW, isConfirmed: true },
    ...change,
  } as Finding;
}

/** Corrections, each of which came back `everyMs` after it was made; the last was made so long before `untilMs`. */
function corrections(count: number, everyMs = MINUTE, untilMs = NOW): Correction[] {
  return Array.from({ length: count }, (_, index) => {
    const closedMs = untilMs - everyMs * (index + 1) - 10_000 * index;
    return { address, of, after: 9, firstSeenMs: closedMs - 10_000, closedMs };
  });
}

function conflicts(change: Partial<ConflictInput>) {
  const input = { findings: [finding()], corrections: [], open: [], requestedMs: undefined, nowMs: NOW };
  return fieldConflictsIn({ ...input, ...change });
}

const waitAfter = (count: number) => conflicts({ corrections: corrections(count) }).contested[0]?.waitMs ?? 0;

describe("what comes back each time that it is put right", () => {
  it("is put right after longer and longer waits", () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 20].map(waitAfter);
    expect(waits.map((ms) => ms / 1_000)).toEqual([0, 0, 30, 60, 120, 600, 1_200, 2_400, 4_800, 21_600]);
  });

  it("is held for as long, and no longer", () => {
    const heldAt = (ms: number) => conflicts({ corrections: corrections(3), nowMs: NOW + ms }).holds.length;
    expect([0, 59_999, 60_000].map(heldAt)).toEqual([1, 1, 0]);
  });

  it("is told to a person from the fifth time on, once it is left alone", () => {
    const told = [2, 4, 5, 9].map((count) => conflicts({ corrections: corrections(count) }).obstacles.length);
    expect(told).toEqual([0, 0, 1, 1]);
  });

  it("is nobody's business while one read alone has shown it", () => {
    const unconfirmed = { findings: [finding({ isConfirmed: false } as never)], corrections: corrections(5) };
    expect(conflicts(unconfirmed).obstacles).toEqual([]);
    expect(conflicts(unconfirmed).holds).toHaveLength(1);
  });

  it("is another field's business only there", () => {
    const others = [
      ...corrections(9).map((one) => ({ ...one, of: { change: "Modified", field: "period" } as const })),
      ...corrections(9).map((one) => ({ ...one, address: addressFrom("alarms.b") })),
    ];
    expect(conflicts({ corrections: others }).holds).toEqual([]);
  });

  it("may be a whole resource that somebody removes", () => {
    const gone = corrections(5).map((one) => ({ ...one, of: { change: "Missing" } as const }));
    const [obstacle] = conflicts({
      findings: [finding({ change: "Missing" } as never)],
      corrections: gone,
    }).obstacles;
    expect(obstacle).toMatchObject({ reason: "Contested" });
    expect(obstacle?.message).toContain("alarms.a was put right 5 times");
    expect(obstacle?.message).toContain("went again each time");
  });
});

describe("what has been left alone is put right again", () => {
  const left = corrections(5);
  const openSince = (afterSinceMs: number, after = 9) => ({
    findings: [finding({ firstSeenMs: NOW })],
    corrections: left,
    open: [{ address, of, after, firstSeenMs: NOW, afterSinceMs }],
  });
  const isLeft = (change: Partial<ConflictInput>) => conflicts(change).obstacles.length === 1;

  it("once AWS's value has stood still for ten minutes", () => {
    const at = (nowMs: number) => isLeft({ ...openSince(NOW + MINUTE), nowMs });
    expect([NOW + 10 * MINUTE, NOW + 11 * MINUTE].map(at)).toEqual([true, false]);
  });

  it("and not while it moves", () => {
    const isMoving = { ...openSince(NOW, 8), nowMs: NOW + HOUR };
    expect(isLeft(isMoving)).toBe(true);
  });

  it("and begins at once again where it held the desired value for an hour", () => {
    expect(isLeft({ corrections: corrections(9, MINUTE, NOW - HOUR + MINUTE + 1) })).toBe(true);
    expect(conflicts({ corrections: corrections(9, MINUTE, NOW - HOUR + MINUTE) }).holds).toEqual([]);
  });

  it("at once when a person asks for it, and what was before that is forgotten", () => {
    expect(conflicts({ corrections: left, requestedMs: NOW }).holds).toEqual([]);
    const since = left[1]!.closedMs;
    expect(conflicts({ corrections: left, requestedMs: since }).contested).toEqual([]);
    expect(isLeft({ corrections: left, requestedMs: since - 10 * HOUR })).toBe(true);
  });

  it("although a write of ours to something else of it has hidden it for a while", () => {
    const again = { ...openSince(NOW - 20 * MINUTE), findings: [finding({ firstSeenMs: NOW + HOUR })] };
    const [contested] = conflicts({ ...again, corrections: corrections(6), nowMs: NOW + HOUR }).contested;
    expect(contested).toMatchObject({ corrections: 6, waitMs: 20 * MINUTE, dueMs: NOW });
  });

  it("also when the clock has gone back meanwhile", () => {
    const ahead = { ...openSince(NOW + 5 * HOUR), nowMs: NOW };
    expect(conflicts(ahead).contested[0]?.dueMs).toBe(NOW + 10 * MINUTE);
  });
});

describe("the sentence of what is contested", () => {
  it("has the pattern: how often, since when, which values, and when it goes on", () => {
    const [contested] = conflicts({ corrections: corrections(5) }).contested;
    const sentence = contestSentence(contested!);
    expect(sentence).toContain("threshold of alarms.a was put right 5 times since 1970-01-05T03:54:10.000Z");
    expect(sentence).toContain("came back each time, as 9 instead of 5");
    expect(sentence).toContain("for 10 minutes");
    expect(sentence).toContain("holdfast.dev/correction-requested-at");
  });

  it("is the same as long as nothing has moved", () => {
    const at = (nowMs: number) => conflicts({ corrections: corrections(5), nowMs }).obstacles[0]?.message;
    expect(at(NOW + 9 * MINUTE)).toBe(at(NOW));
  });
});
