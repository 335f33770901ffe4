import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { summaryOf } from "../../src/model/fleet/summary-of.ts";
import type { Store } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { created, folder, KEY, newUids, opened, SPEC, statusOf } from "./support.ts";

const fromObjects = (store: Store) => store.list({}).items.map(summaryOf);

describe("what the status of the fleet says of each object", () => {
  it("follows whatever changes the object, and goes with it", () => {
    const { store } = opened();
    const { metadata } = created(store);
    created(store, "other");
    for (const change of [
      () => store.updateStatus(KEY, metadata.uid, statusOf("2026-01-01T00:00:00.000Z")),
      () => store.update(KEY, { spec: { ...SPEC, region: "eu-west-1" }, labels: { team: "shop" } }),
      () => store.markDeleted(KEY),
    ]) {
      change();
      expect(store.summaries()).toEqual(fromObjects(store));
    }
    expect(store.summaries().find(({ name }) => name === KEY.name)).toMatchObject({
      ...{ region: "eu-west-1", labels: { team: "shop" }, deleting: true, resources: { InSync: 1 } },
    });
    store.release(KEY, metadata.uid);
    expect(store.summaries().map(({ name }) => name)).toEqual(["other"]);
  });

  it("is nothing of a change that is rolled back", () => {
    const { store } = opened();
    const { metadata } = created(store);
    const before = store.summaries();
    expect(() =>
      store.transaction(() => {
        store.updateStatus(KEY, metadata.uid, statusOf("2026-01-01T00:00:00.000Z"));
        expect(store.summaries()).not.toEqual(before);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(store.summaries()).toEqual(before);
  });

  it.each([
    ["is missing", "DELETE FROM summaries"],
    ["is of another version of the object", "UPDATE summaries SET resource_version = 0, summary = '{}'"],
    [
      "was made by a Holdfast that says it in another form",
      "UPDATE summaries SET format = 0, summary = '{}'",
    ],
  ])("is made anew where it %s, and kept", (_, sql) => {
    const path = join(folder(), "holdfast.db");
    const reopened = () => openStore({ path, clock: new VirtualClock(), newUid: newUids() });
    const store = reopened();
    const { metadata } = created(store);
    store.updateStatus(KEY, metadata.uid, statusOf("2026-01-01T00:00:00.000Z"));
    const told = store.summaries();
    store.close();
    const database = new Database(path);
    database.exec(sql);
    const again = reopened();
    expect(again.summaries()).toEqual(told);
    again.close();
    expect(JSON.parse(database.prepare("SELECT summary FROM summaries").pluck().get() as string)).toEqual(
      told[0],
    );
    database.close();
  });

  it("is told as it stands, whoever has changed it since it was last told", () => {
    const path = join(folder(), "holdfast.db");
    const store = openStore({ path, clock: new VirtualClock(), newUid: newUids() });
    created(store);
    expect(store.summaries()).toMatchObject([{ failedChecks: 0 }]);
    const database = new Database(path);
    database.exec("UPDATE summaries SET summary = json_set(summary, '$.failedChecks', 3)");
    database.close();
    expect(store.summaries()).toMatchObject([{ failedChecks: 3 }]);
    store.close();
  });

  it("is read with nothing else of an object: neither its spec nor its status", () => {
    const path = join(folder(), "holdfast.db");
    const store = openStore({ path, clock: new VirtualClock(), newUid: newUids() });
    created(store);
    const told = store.summaries();
    const database = new Database(path);
    database.exec("UPDATE objects SET spec = 'no JSON', status = 'none either'");
    database.close();
    expect(store.summaries()).toEqual(told);
    expect(told.map(({ name }) => name)).toEqual([KEY.name]);
    store.close();
  });
});
