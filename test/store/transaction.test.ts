import { describe, expect, it } from "vitest";
import { LOAD_BALANCER } from "../../src/model/address.ts";
import { ConflictError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Change } from "../../src/ports.ts";
import { created, driftOf, KEY, opened, SPEC, statusOf } from "./support.ts";

describe("store: transactions", () => {
  it("keeps nothing of a transaction that throws, its version included", () => {
    const { store } = opened();
    const heard: Change[] = [];
    store.subscribe((changes) => heard.push(...changes));
    expect(() =>
      store.transaction(() => {
        created(store, "a");
        created(store, "b");
        throw new Error("enough");
      }),
    ).toThrow("enough");
    expect(store.list({}).items).toEqual([]);
    expect(store.resourceVersion()).toBe("0");
    expect(heard).toEqual([]);
    expect(created(store).metadata.resourceVersion).toBe("1");
  });

  it("joins a nested transaction to the outer one", () => {
    const { store } = opened();
    expect(() =>
      store.transaction(() => {
        store.transaction(() => created(store, "a"));
        throw new Error("enough");
      }),
    ).toThrow("enough");
    expect(store.list({}).items).toEqual([]);
  });

  it("commits nothing when a failure inside was swallowed, and goes on after a conflict", () => {
    const { store } = opened();
    expect(() =>
      store.transaction(() => {
        created(store, "a");
        try {
          store.transaction(() => {
            throw new Error("inner");
          });
        } catch {
          // swallowed on purpose
        }
      }),
    ).toThrow("inner");
    expect(store.list({}).items).toEqual([]);
    store.transaction(() => {
      created(store, "a");
      expect(() => created(store, "a")).toThrow(ConflictError);
    });
    expect(store.list({}).items).toHaveLength(1);
  });

  it("tells nobody afterwards what only a transaction that was rolled back has seen", () => {
    const { store } = opened();
    const { uid } = created(store).metadata;
    const lb = {
      address: LOAD_BALANCER,
      kind: "loadBalancer" as const,
      name: "n",
      generation: 1,
      writtenAtMs: 0,
    };
    store.putApplied(KEY, { ...lb, fields: { size: 1 } });
    store.updateStatus(KEY, uid, statusOf("2026-01-01T00:00:00.000Z", "Waiting"));
    const seen = () => [
      [...store.applied(KEY).values()].map(({ fields }) => fields.size),
      store.get(KEY)?.status?.conditions[0]?.reason,
    ];
    expect(seen()).toEqual([[1], "Waiting"]);
    expect(() =>
      store.transaction(() => {
        store.putApplied(KEY, { ...lb, fields: { size: 2 } });
        store.updateStatus(KEY, uid, statusOf("2026-01-01T00:00:00.000Z", "Applying"));
        expect(seen()).toEqual([[2], "Applying"]);
        throw new Error("enough");
      }),
    ).toThrow("enough");
    expect(seen()).toEqual([[1], "Waiting"]);
    store.updateStatus(KEY, uid, statusOf("2026-01-01T00:00:00.000Z", "OutOfSync"));
    expect(seen()).toEqual([[1], "OutOfSync"]);
  });

  it("refuses a function that answers with a promise, and keeps nothing of it", () => {
    const { store } = opened();
    expect(() =>
      store.transaction(async () => {
        created(store);
      }),
    ).toThrow(TypeError);
    expect(store.get(KEY)).toBeUndefined();
    expect(() => store.transaction(() => store.transaction(() => Promise.resolve()))).toThrow(TypeError);
  });
});

describe("store: the feed of changes", () => {
  it("tells subscribers after the commit, in the order of the writes, until they leave", () => {
    const { store } = opened();
    const heard: string[][] = [];
    const leave = store.subscribe((changes) => {
      expect(store.resourceVersion()).toBe(String(changes.at(-1)?.resourceVersion));
      heard.push(changes.map((change) => `${change.type} ${change.kind} ${change.resourceVersion}`));
    });
    store.transaction(() => {
      const object = created(store);
      store.record(object, { type: "Normal", reason: "Created", message: "made" });
      store.putDrift(driftOf("d1"));
      expect(heard).toEqual([]);
    });
    store.markDeleted(KEY);
    leave();
    store.release(KEY, "00000000-0000-4000-8000-000000000001");
    expect(heard).toEqual([
      ["ADDED WebService 1", "ADDED Event 2", "ADDED DriftEvent 3"],
      ["MODIFIED WebService 4"],
    ]);
  });

  it("lets a subscriber write: everyone hears the first change before the second", () => {
    const { store } = opened();
    const heard: string[] = [];
    store.subscribe((changes) => {
      if (changes[0]?.resourceVersion === 1) created(store, "b");
    });
    store.subscribe((changes) => heard.push(...changes.map((change) => change.object.metadata.name)));
    created(store, "a");
    expect(heard).toEqual(["a", "b"]);
  });

  it("answers the changes after a version, and nothing when it no longer has them all or never had", () => {
    const { store } = opened();
    created(store, "a");
    created(store, "b");
    expect(store.changesSince("1")?.map((change) => change.object.metadata.name)).toEqual(["b"]);
    expect(store.changesSince("2")).toEqual([]);
    expect(store.changesSince("3")).toBeUndefined();
    expect(store.changesSince("x")).toBeUndefined();
  });

  it("forgets the oldest changes beyond its window", () => {
    const { store } = opened();
    created(store);
    store.transaction(() => {
      for (let n = 0; n < LIMITS.watchWindow; n += 1)
        store.update(KEY, { spec: SPEC, labels: { n: String(n) } });
    });
    expect(store.changesSince("0")).toBeUndefined();
    expect(store.changesSince("1")).toHaveLength(LIMITS.watchWindow);
  });

  it("forgets by size as well", () => {
    const { store } = opened();
    const bulk = "x".repeat(4_000_000);
    store.create({ metadata: KEY, spec: { bulk } });
    for (let n = 0; n < 10; n += 1) store.update(KEY, { spec: { bulk, n } });
    expect(store.changesSince("0")).toBeUndefined();
    expect(store.changesSince("10")).toHaveLength(1);
  });

  it("gives the object before only where a selector may have let go of it", () => {
    const { store } = opened();
    created(store);
    store.update(KEY, { spec: { ...SPEC, more: 1 } });
    store.update(KEY, { spec: { ...SPEC, more: 1 }, labels: { a: "b" } });
    store.putDrift(driftOf("d1"));
    store.putDrift(driftOf("d1", { after: "/other" }));
    store.putDrift(driftOf("d1", { after: "/other", state: "Corrected" }));
    const previous = store.changesSince("0")?.map((change) => change.previous?.kind);
    expect(previous).toEqual([undefined, undefined, "WebService", undefined, undefined, "DriftEvent"]);
  });
});
