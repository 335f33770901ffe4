import { describe, expect, it } from "vitest";
import { type Address, addressFrom } from "../../../src/model/address.ts";
import { OWN_WRITE_SETTLES_MS } from "../../../src/model/ledger/drift.ts";
import { type AppliedRecord, CONFIRMATION_MS, driftIn } from "../../../src/reconciler/consistency/drift.ts";
import type { Comparison } from "../../../src/reconciler/core/compare.ts";
import { desired, hold, kindNamed, observed } from "../core/fixtures.ts";

const NOW = 1_000_000;
const A = addressFrom("a");

const comparison = (wanted: number, live: number | undefined): Comparison => {
  const fields = { x: wanted };
  return {
    desired: desired("a", { fields }),
    observed: live === undefined ? undefined : observed("a", { fields: { x: live } }),
    fields,
    differences:
      live === undefined || live === wanted ? [] : [{ field: "x", desired: wanted, observed: live }],
    immutable: [],
    waitsFor: [],
  };
};

type Records = ReadonlyMap<Address, AppliedRecord>;

const record = (x: number, more: Partial<AppliedRecord> = {}): Records =>
  new Map([[A, { name: "name-of-a", fields: { x }, generation: 1, writtenAtMs: 0, ...more }]]);

const driftOf = (one: Comparison, applied: Records) =>
  driftIn({ kindNamed, comparisons: [one], applied, nowMs: NOW });

describe("a difference", () => {
  it("from what was last applied is drift, and is believed when a second look shows it", () => {
    const first = driftOf(comparison(1, 2), record(1));
    expect(first.findings).toMatchObject([
      { change: "Modified", field: "x", desired: 1, before: 1, after: 2, isConfirmed: false },
    ]);
    expect(first.holds).toEqual([hold("a", "unconfirmed", "x")]);
    const seen = { suspectedAtMs: { x: NOW - CONFIRMATION_MS } };
    const second = driftOf(comparison(1, 2), record(1, seen));
    expect(second.findings).toMatchObject([{ isConfirmed: true, firstSeenMs: NOW - CONFIRMATION_MS }]);
    expect(second.holds).toEqual([]);
  });

  it("that what has gone from AWS has left behind is held until a second look, and is nobody's move", () => {
    const lending: typeof kindNamed = (kind) => ({ ...kindNamed(kind), lentFields: ["x"] });
    const givenBack = (live: number, left: number) =>
      driftIn({
        kindNamed: lending,
        comparisons: [comparison(1, live)],
        applied: record(1, { left: { x: left } }),
        nowMs: NOW,
      });
    expect(givenBack(3, 3).findings).toMatchObject([{ field: "x", isGivenBack: true, isConfirmed: false }]);
    expect(givenBack(3, 3).holds).toEqual([hold("a", "unconfirmed", "x")]);
    // Somebody has moved it since.
    expect(givenBack(4, 3).findings[0]).not.toHaveProperty("isGivenBack");
    // No other field is lent.
    expect(driftOf(comparison(1, 3), record(1, { left: { x: 3 } })).findings[0]).not.toHaveProperty(
      "isGivenBack",
    );
  });

  it("from a spec that has moved is no drift, and is acted on at once", () => {
    expect(driftOf(comparison(3, 1), record(1))).toEqual({ findings: [], holds: [] });
  });

  it("of a field of which nobody knows what was applied is no drift, also when the spec wants it to go", () => {
    const { desired: wanted, observed: live, immutable, waitsFor } = comparison(1, 1);
    const differences = [{ field: "tags.old", desired: null, observed: "here" }];
    const leftOver = { desired: wanted, observed: live, fields: { x: 1 }, differences, immutable, waitsFor };
    const unknown = record(1, { fields: { x: 1, "tags.old": null } });
    expect(driftOf(leftOver, unknown)).toEqual({ findings: [], holds: [] });
  });

  it("of a resource that was never applied is no drift", () => {
    expect(driftOf(comparison(1, undefined), new Map()).findings).toEqual([]);
    const other = record(1, { name: "another name" });
    expect(driftOf(comparison(1, undefined), other).findings).toEqual([]);
  });

  it("of what an edit made us remove, and another one asks for again, is no drift: it is made anew when it has gone", () => {
    const removed = { fields: {}, writtenAtMs: NOW - OWN_WRITE_SETTLES_MS };
    expect(driftOf(comparison(1, undefined), record(1, removed))).toEqual({ findings: [], holds: [] });
    const justNow = record(1, { fields: {}, writtenAtMs: NOW });
    expect(driftOf(comparison(1, undefined), justNow).holds).toEqual([hold("a", "own write")]);
  });

  it("soon after our own write is an old answer: held, and not even suspected", () => {
    const fresh = record(1, { writtenAtMs: NOW - OWN_WRITE_SETTLES_MS + 1 });
    expect(driftOf(comparison(1, 2), fresh)).toEqual({ findings: [], holds: [hold("a", "own write", "x")] });
    const settled = record(1, { writtenAtMs: NOW - OWN_WRITE_SETTLES_MS });
    expect(driftOf(comparison(1, 2), settled).findings).toHaveLength(1);
  });

  it("is not hidden for ever by a clock that has jumped back", () => {
    const future = record(1, { suspectedAtMs: { x: NOW + 5_000 } });
    expect(driftOf(comparison(1, 2), future).findings).toMatchObject([{ firstSeenMs: NOW }]);
  });

  it("that is the whole resource names the whole resource", () => {
    const { findings, holds } = driftOf(comparison(1, undefined), record(1));
    expect(findings).toMatchObject([{ change: "Missing", desired: { x: 1 }, before: { x: 1 }, after: null }]);
    expect(findings[0]).not.toHaveProperty("field");
    expect(holds).toEqual([hold("a", "unconfirmed")]);
  });
});
