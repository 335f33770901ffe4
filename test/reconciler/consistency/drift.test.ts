import { describe, expect, it } from "vitest";
import { CONFIRMATION_MS, driftIn, OWN_WRITE_SETTLES_MS } from "../../../src/reconciler/consistency/drift.ts";
import type { Comparison } from "../../../src/reconciler/core/plan.ts";
import { desired, observed } from "../core/fixtures.ts";

const NOW = 1_000_000;

const comparison = (wanted: number, live: number | undefined): Comparison => {
  const fields = { x: wanted };
  return {
    desired: desired("a", { fields }),
    observed: live === undefined ? undefined : observed("a", { fields: { x: live } }),
    fields,
    differences:
      live === undefined || live === wanted ? [] : [{ field: "x", desired: wanted, observed: live }],
    waitsFor: [],
  };
};

const record = (x: number, more: object = {}) =>
  new Map([["a", { name: "name-of-a", fields: { x }, writtenAtMs: 0, ...more }]]);

describe("a difference", () => {
  it("from what was last applied is drift, and is believed when a second look shows it", () => {
    const first = driftIn([comparison(1, 2)], record(1), NOW);
    expect(first.findings).toMatchObject([
      { field: "x", desired: 1, before: 1, after: 2, isConfirmed: false },
    ]);
    expect(first.withheld.get("a")).toEqual(new Set(["x"]));
    const seen = { suspectedAtMs: { x: NOW - CONFIRMATION_MS } };
    const second = driftIn([comparison(1, 2)], record(1, seen), NOW);
    expect(second.findings).toMatchObject([{ isConfirmed: true, firstSeenMs: NOW - CONFIRMATION_MS }]);
    expect(second.withheld.size).toBe(0);
  });

  it("from a spec that has moved is no drift, and is acted on at once", () => {
    expect(driftIn([comparison(3, 1)], record(1), NOW)).toEqual({ findings: [], withheld: new Map() });
  });

  it("of a field of which nobody knows what was applied is no drift, also when the spec wants it to go", () => {
    const { desired: wanted, observed: live, waitsFor } = comparison(1, 1);
    const differences = [{ field: "tags.old", desired: null, observed: "here" }];
    const leftOver = { desired: wanted, observed: live, fields: { x: 1 }, differences, waitsFor };
    const unknown = record(1, { fields: { x: 1, "tags.old": null } });
    expect(driftIn([leftOver], unknown, NOW)).toEqual({ findings: [], withheld: new Map() });
  });

  it("of a resource that was never applied is no drift", () => {
    expect(driftIn([comparison(1, undefined)], new Map(), NOW).findings).toEqual([]);
    const other = new Map([["a", { name: "another name", fields: { x: 1 }, writtenAtMs: 0 }]]);
    expect(driftIn([comparison(1, undefined)], other, NOW).findings).toEqual([]);
  });

  it("soon after our own write is an old answer: withheld, and not even suspected", () => {
    const fresh = record(1, { writtenAtMs: NOW - OWN_WRITE_SETTLES_MS + 1 });
    const { findings, withheld } = driftIn([comparison(1, 2)], fresh, NOW);
    expect([findings, withheld.get("a")]).toEqual([[], new Set(["x"])]);
    const settled = record(1, { writtenAtMs: NOW - OWN_WRITE_SETTLES_MS });
    expect(driftIn([comparison(1, 2)], settled, NOW).findings).toHaveLength(1);
  });

  it("is not hidden for ever by a clock that has jumped back", () => {
    const future = record(1, { suspectedAtMs: { x: NOW + 5_000 } });
    expect(driftIn([comparison(1, 2)], future, NOW).findings).toMatchObject([{ firstSeenMs: NOW }]);
  });

  it("that is the whole resource names the whole resource", () => {
    const { findings, withheld } = driftIn([comparison(1, undefined)], record(1), NOW);
    expect(findings).toMatchObject([{ field: "", desired: { x: 1 }, before: { x: 1 }, after: null }]);
    expect(withheld.get("a")).toEqual(new Set([""]));
  });
});
