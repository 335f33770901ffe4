import { describe, expect, it } from "vitest";
import { LOAD_BALANCER } from "../../src/model/address.ts";
import { ConflictError, InvalidSpecError, StoreError } from "../../src/model/errors.ts";
import { FINALIZER } from "../../src/model/object.ts";
import { created, KEY, opened, SPEC, statusOf } from "./support.ts";

describe("store: WebServices", () => {
  it("gives a new object its uid, generation, version, time and finalizer", () => {
    const { store } = opened();
    const object = store.create({ metadata: { ...KEY, labels: { team: "storefront" } }, spec: SPEC });
    expect(object).toEqual({
      apiVersion: "holdfast.dev/v1",
      kind: "WebService",
      metadata: {
        ...KEY,
        uid: "00000000-0000-4000-8000-000000000002",
        labels: { team: "storefront" },
        generation: 1,
        resourceVersion: "1",
        creationTimestamp: "2026-01-01T00:00:00.000Z",
        finalizers: [FINALIZER],
      },
      spec: SPEC,
    });
    expect(store.get(KEY)).toEqual(object);
    expect(() => created(store)).toThrow(ConflictError);
  });

  it("moves the generation only when the spec moves", () => {
    const { store } = opened();
    created(store);
    const labelled = store.update(KEY, { spec: { ...SPEC }, labels: { a: "b" } });
    expect([labelled.metadata.generation, labelled.metadata.resourceVersion]).toEqual([1, "2"]);
    const moved = store.update(KEY, { spec: { ...SPEC, region: "eu-west-1" }, labels: { a: "b" } });
    expect([moved.metadata.generation, moved.metadata.resourceVersion]).toEqual([2, "3"]);
  });

  it("writes nothing when an update changes nothing, whatever the order of its members", () => {
    const { store } = opened();
    created(store);
    store.update(KEY, { spec: { targetGroups: { web: { port: 8080 } }, region: "us-east-1" } });
    expect(store.resourceVersion()).toBe("1");
  });

  it("refuses a write that was decided on an older version", () => {
    const { store } = opened();
    created(store);
    store.update(KEY, { spec: SPEC, labels: { a: "b" } }, "1");
    expect(() => store.update(KEY, { spec: SPEC }, "1")).toThrow(/resourceVersion 2, not 1/);
    expect(() => store.markDeleted(KEY, "1")).toThrow(ConflictError);
    expect(() => store.update({ namespace: "default", name: "none" }, { spec: SPEC })).toThrow(ConflictError);
  });

  it("keeps an object that is to be deleted until it is released, and then everything of it is gone", () => {
    const { store } = opened();
    const { uid } = created(store).metadata;
    store.putApplied(KEY, {
      address: LOAD_BALANCER,
      kind: "loadBalancer",
      name: "hf",
      fields: {},
      generation: 1,
      writtenAtMs: 0,
    });
    const marked = store.markDeleted(KEY);
    expect(marked.metadata.deletionTimestamp).toBe("2026-01-01T00:00:00.000Z");
    expect(store.markDeleted(KEY).metadata.resourceVersion).toBe(marked.metadata.resourceVersion);
    store.release(KEY, "another uid");
    expect(store.get(KEY)).toBeDefined();
    store.release(KEY, uid);
    expect(store.get(KEY)).toBeUndefined();
    expect(store.applied(KEY).size).toBe(0);
  });

  it("ignores the status of an object that is gone or was made anew", () => {
    const { store } = opened();
    created(store);
    store.updateStatus(KEY, "another uid", statusOf("2026-01-01T00:00:00.000Z"));
    store.updateStatus({ namespace: "default", name: "none" }, "x", statusOf("2026-01-01T00:00:00.000Z"));
    expect(store.get(KEY)?.status).toBeUndefined();
    expect(store.resourceVersion()).toBe("1");
  });

  it("rewrites a status for its observation times alone no more often than every 30 s", async () => {
    const { store, clock } = opened();
    const { uid } = created(store).metadata;
    const nowIso = () => new Date(clock.nowMs()).toISOString();
    store.updateStatus(KEY, uid, statusOf(nowIso()));
    expect(store.resourceVersion()).toBe("2");
    store.updateStatus(KEY, uid, statusOf(nowIso()));
    await clock.advance(29_000);
    store.updateStatus(KEY, uid, statusOf(nowIso()));
    expect(store.resourceVersion()).toBe("2");
    store.updateStatus(KEY, uid, statusOf(nowIso(), "Ready"));
    expect(store.resourceVersion()).toBe("3");
    await clock.advance(30_000);
    store.updateStatus(KEY, uid, statusOf(nowIso(), "Ready"));
    expect(store.resourceVersion()).toBe("4");
    expect(store.get(KEY)?.metadata.generation).toBe(1);
  });

  it("refuses to store a status that is not of the model's shape", () => {
    const { store } = opened();
    const { uid } = created(store).metadata;
    const status = { ...statusOf("2026-01-01T00:00:00.000Z"), instances: [{ instanceId: 7 }] };
    expect(() => store.updateStatus(KEY, uid, status as never)).toThrow(
      /table objects, row default\/web-api: refused, status\.instances\[0\]\.instanceId is not a text/,
    );
    expect(store.get(KEY)?.status).toBeUndefined();
    expect(() => store.updateStatus(KEY, uid, undefined)).toThrow(StoreError);
  });

  it("lists by namespace and name, in pages that together hold each object once", () => {
    const { store } = opened();
    for (const name of ["c", "a", "b"]) created(store, name, "one");
    created(store, "a", "two");
    const names: string[] = [];
    let next: string | undefined;
    const remaining: (number | undefined)[] = [];
    do {
      const page = store.list({ limit: 1, ...(next === undefined ? {} : { continue: next }) });
      names.push(...page.items.map((item) => `${item.metadata.namespace}/${item.metadata.name}`));
      remaining.push(page.remaining);
      next = page.continue;
    } while (next !== undefined);
    expect(names).toEqual(["one/a", "one/b", "one/c", "two/a"]);
    expect(remaining).toEqual([3, 2, 1, undefined]);
    expect(store.list({ namespace: "one", limit: 2 }).remaining).toBe(1);
    expect(store.list({ namespace: "one" }).items).toHaveLength(3);
  });

  it("keeps the first page's version on every page, so that a watch from it misses nothing", () => {
    const { store } = opened();
    created(store, "a");
    created(store, "b");
    const first = store.list({ limit: 1 });
    created(store, "c");
    const second = store.list({ limit: 5, continue: first.continue ?? "" });
    expect([first.resourceVersion, second.resourceVersion]).toEqual(["2", "2"]);
    expect(second.items.map((item) => item.metadata.name)).toEqual(["b", "c"]);
  });

  it("answers only what matches, and still fills its pages", () => {
    const { store } = opened();
    for (const name of ["a", "b", "c", "d"]) created(store, name);
    const page = store.list({
      limit: 1,
      matches: ({ metadata }) => (metadata as { name: string }).name > "b",
    });
    expect(page.items.map((item) => item.metadata.name)).toEqual(["c"]);
    expect(page.continue).toBeDefined();
    expect(page.remaining).toBeUndefined();
  });

  it("names a continue token that is none of its own", () => {
    const { store } = opened();
    for (const token of ["nonsense", Buffer.from("[1]").toString("base64url"), "", "W10"]) {
      expect(() => store.list({ continue: token })).toThrow(InvalidSpecError);
      expect(() => store.driftEvents({ continue: token })).toThrow(InvalidSpecError);
      expect(() => store.events({ continue: token })).toThrow(InvalidSpecError);
    }
  });
});
