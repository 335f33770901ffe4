import { copyFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { StoreError } from "../../src/model/errors.ts";
import { created, folder, KEY, opened } from "./support.ts";

/** What a write was refused with. */
function refusalOf(write: () => unknown): StoreError {
  try {
    write();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error("it was acknowledged");
}

describe("store: a database that takes nothing", () => {
  it.each<[string, (path: string) => void]>([
    ["deleted", (path) => rmSync(path)],
    ["moved away", (path) => renameSync(path, `${path}.old`)],
    [
      "replaced by a copy",
      (path) => {
        copyFileSync(path, `${path}.new`);
        renameSync(`${path}.new`, path);
      },
    ],
  ])("because its file was %s acknowledges nothing, and says so", (_how, take) => {
    const path = join(folder(), "holdfast.db");
    const { store } = opened(path);
    const object = created(store);
    expect(store.fault()).toBeUndefined();
    take(path);
    expect(store.fault()?.message).toMatch(/deleted, moved or replaced/);
    const refusal = refusalOf(() => created(store, "b"));
    expect(refusal.message).toContain(path);
    expect(refusal.fault).toBe(store.fault()?.message);
    expect(refusal.fault).not.toContain(path);
    // What was read before can be read.
    expect(store.get(KEY)).toEqual(object);
  });

  it("takes it again when the file is put back, and keeps the time since when it did not", async () => {
    const path = join(folder(), "holdfast.db");
    const { store, clock } = opened(path);
    renameSync(path, `${path}.old`);
    const since = store.fault()?.since;
    await clock.advance(60_000);
    expect(store.check()?.since).toBe(since);
    renameSync(`${path}.old`, path);
    expect(store.check()).toBeUndefined();
    created(store);
    expect(store.fault()).toBeUndefined();
  });

  it("because another program holds it does not make everything wait, time after time", () => {
    const path = join(folder(), "holdfast.db");
    const { store } = opened(path);
    created(store);
    const other = new Database(path);
    other.exec("BEGIN IMMEDIATE");
    const refusedMs = (name: string): number => {
      const startMs = performance.now();
      expect(refusalOf(() => created(store, name)).fault).toMatch(/another program .*SQLITE_BUSY/);
      return performance.now() - startMs;
    };
    const firstMs = refusedMs("first");
    const restMs = Array.from({ length: 199 }, (_, count) => refusedMs(`n${count}`));
    // The first has a patience of 0.2 s, for all of them; with one each the rest would take 199 times as long.
    expect(restMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(50 * firstMs);
    expect(store.get(KEY)).toBeDefined();
    expect(store.check()?.message).toContain("another program");
    other.exec("COMMIT");
    other.close();
    expect(store.check()).toBeUndefined();
    expect(created(store, "b").metadata.name).toBe("b");
  });

  it("is found out by a check even when nobody writes", () => {
    const path = join(folder(), "holdfast.db");
    const { store } = opened(path);
    const before = store.resourceVersion();
    const other = new Database(path);
    other.exec("BEGIN IMMEDIATE");
    expect(store.fault()).toBeUndefined();
    expect(store.check()?.message).toContain("another program");
    other.close();
    expect(store.check()).toBeUndefined();
    expect(store.resourceVersion()).toBe(before);
  });

  it("is no matter of a stale write, or of a bug within a transaction", () => {
    const { store } = opened();
    created(store);
    expect(() => created(store)).toThrow(/exists already/);
    expect(() =>
      store.transaction(() => {
        throw new Error("a bug");
      }),
    ).toThrow("a bug");
    expect(store.fault()).toBeUndefined();
  });
});
