import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { ResolvedLookup } from "../../src/model/lookups.ts";
import { created, folder, KEY, opened, SPEC } from "./support.ts";

function lookup(value: string, resolvedAt = "2026-01-01T00:00:00.000Z"): ResolvedLookup {
  return { path: "spec.vpcId", kind: "vpc", asked: { name: "main" }, within: "us-east-1", value, resolvedAt };
}

describe("store: what the lookups of a revision stand for", () => {
  it("stays with its revision, and a spec without one has none", () => {
    const { store } = opened();
    created(store);
    expect(store.lookups(KEY)).toEqual([]);
    store.update(KEY, { spec: { ...SPEC, vpcId: { name: "main" } }, lookups: [lookup("vpc-1")] });
    const third = store.update(KEY, {
      spec: { ...SPEC, vpcId: { name: "main" } },
      lookups: [lookup("vpc-2")],
    });
    expect(third.metadata.generation).toBe(3);
    expect([1, 2, 3].map((generation) => store.lookups(KEY, generation))).toEqual([
      [],
      [lookup("vpc-1")],
      [lookup("vpc-2")],
    ]);
    expect(store.lookups(KEY)).toEqual([lookup("vpc-2")]);
  });

  it("is no new revision when it is the same as before, and has the new time", () => {
    const { store } = opened();
    store.create({ metadata: KEY, spec: SPEC, lookups: [lookup("vpc-1")] });
    const later = lookup("vpc-1", "2026-01-02T00:00:00.000Z");
    const again = store.update(KEY, { spec: SPEC, lookups: [later] });
    expect([again.metadata.generation, again.metadata.resourceVersion]).toEqual([1, "1"]);
    expect(store.lookups(KEY)).toEqual([later]);
  });

  it("stays when an update says nothing of it", () => {
    const { store } = opened();
    store.create({ metadata: KEY, spec: SPEC, lookups: [lookup("vpc-1")] });
    store.update(KEY, { spec: SPEC, annotations: { a: "b" } });
    expect(store.lookups(KEY)).toEqual([lookup("vpc-1")]);
  });

  it("stands in the file beside who made the revision and why", () => {
    const path = join(folder(), "holdfast.db");
    const { store } = opened(path);
    store.create({ metadata: KEY, spec: SPEC, lookups: [lookup("vpc-1")] });
    store.update(KEY, { spec: SPEC, lookups: [lookup("vpc-2")], actor: "holdfast", cause: "newer" });
    const file = new Database(path, { readonly: true });
    const rows = file
      .prepare("SELECT generation, actor, cause, lookups FROM revisions ORDER BY generation")
      .all();
    file.close();
    expect(rows).toEqual([
      { generation: 1, actor: null, cause: null, lookups: JSON.stringify([lookup("vpc-1")]) },
      { generation: 2, actor: "holdfast", cause: "newer", lookups: JSON.stringify([lookup("vpc-2")]) },
    ]);
  });
});
