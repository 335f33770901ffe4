import { expect, it } from "vitest";
import { addressFrom } from "../../src/model/address.ts";
import type { FieldReport } from "../../src/model/ledger/verdicts.ts";
import { type CoverageRow, NO_STATUS } from "../../src/model/status.ts";
import { BASE, manifest, post, world } from "./support.ts";

const KEY = { namespace: "default", name: "a" };
const ROW: CoverageRow = {
  ...{ kind: "targetGroup", name: "tg", address: "targetGroups.web", compared: 5, equal: 4 },
  different: [
    {
      member: "healthCheck.path",
      desired: "/health",
      observed: "/other",
      verdict: "contested",
      why: "somebody else",
    },
  ],
  leftToOthers: [
    {
      ...{ member: "tags.team", reason: "left to others: spec.drift.rules[0]", verdict: "ignored" },
      ...{ value: "a", desired: "b" },
    },
  ],
  notCompared: [{ member: "TargetControlPort", reason: "the spec has no field for it yet", value: 3000 }],
};
const MISSING: CoverageRow = {
  ...{ kind: "alarm", name: "al", address: "alarms.x", compared: 0, equal: 0 },
  ...{ different: [], leftToOthers: [], notCompared: [], reason: "AWS does not have it", verdict: "drifted" },
};

async function fieldsOf(more: Partial<CoverageRow> = {}): Promise<FieldReport> {
  const w = world();
  const { metadata } = (await post(w, manifest("a"), BASE)).json();
  w.store.updateStatus(KEY, metadata.uid, {
    ...{ ...NO_STATUS, observedGeneration: 1, observedAt: "2026-01-01T00:00:00.000Z" },
    coverage: {
      ...{ complete: false, compared: 5, equal: 4, different: 1, leftToOthers: 1, notCompared: 1 },
      resources: [{ ...ROW, ...more }, MISSING],
    },
  });
  w.store.putApplied(KEY, {
    ...{
      address: addressFrom("targetGroups.web"),
      kind: "targetGroup",
      name: "tg",
      generation: 1,
      writtenAtMs: 0,
    },
    fields: { "healthCheck.path": "/health", port: 8080, protocol: "HTTP", "tags.team": "b", matcher: null },
  });
  return (await w.app.inject({ url: `${BASE}/a/fields` })).json();
}

it("of every field the report says what was last applied, is wanted and is there, and the verdict", async () => {
  const { items, atDefault, more, observedGeneration } = await fieldsOf();
  const of = { resource: "targetGroups.web", kind: "targetGroup" };
  expect(items).toEqual([
    {
      ...{ ...of, field: "healthCheck.path", verdict: "contested", why: "somebody else" },
      ...{ lastApplied: "/health", desired: "/health", observed: "/other" },
    },
    {
      ...{ ...of, field: "tags.team", verdict: "ignored", why: "left to others: spec.drift.rules[0]" },
      ...{ lastApplied: "b", desired: "b", observed: "a" },
    },
    {
      ...{ ...of, field: "TargetControlPort", verdict: "not compared", observed: 3000 },
      why: "the spec has no field for it yet",
    },
    { ...of, field: "port", verdict: "same", lastApplied: 8080, desired: 8080, observed: 8080 },
    { ...of, field: "protocol", verdict: "same", lastApplied: "HTTP", desired: "HTTP", observed: "HTTP" },
    // Nobody knows what was last applied of it, only that it is the same.
    { ...of, field: "matcher", verdict: "same" },
    { resource: "alarms.x", kind: "alarm", field: "", verdict: "drifted", why: "AWS does not have it" },
  ]);
  expect({ atDefault, more, observedGeneration }).toEqual({ atDefault: 1, more: 0, observedGeneration: 1 });
});

it("where not all that differs is named, no field is called the same", async () => {
  const { items, more } = await fieldsOf({ more: 7 });
  expect(items.filter(({ verdict }) => verdict === "same")).toEqual([]);
  expect(more).toBe(7);
});

it("of a service that is not there it is an error, and before the first pass it is empty", async () => {
  const w = world();
  expect((await w.app.inject({ url: `${BASE}/none/fields` })).statusCode).toBe(404);
  await post(w, manifest("a"), BASE);
  const report: FieldReport = (await w.app.inject({ url: `${BASE}/a/fields` })).json();
  expect(report).toMatchObject({ items: [], atDefault: 0, more: 0 });
  expect(report.observedGeneration).toBeUndefined();
});
