import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { addressFrom } from "../../src/model/address.ts";
import { created, folder, KEY, opened } from "./support.ts";

const ADDRESS = addressFrom("targetGroups.web");
const APPLIED = {
  address: ADDRESS,
  kind: "targetGroup",
  name: "web",
  fields: { port: 80 },
  generation: 1,
  writtenAtMs: 0,
} as const;

it("store: what was read is read again when anybody has changed it, and when a change was taken back", () => {
  const path = join(folder(), "holdfast.db");
  const { store } = opened(path);
  const uid = created(store).metadata.uid;
  const port = () => store.applied(KEY).get(ADDRESS)?.fields.port;
  store.putApplied(KEY, APPLIED);
  expect([port(), store.applied(KEY)]).toEqual([80, store.applied(KEY)]);
  expect(() =>
    store.transaction(() => {
      store.putApplied(KEY, { ...APPLIED, fields: { port: 81 } });
      expect(port()).toBe(81);
      throw new Error("taken back");
    }),
  ).toThrow("taken back");
  expect(port()).toBe(80);
  const other = new Database(path);
  other.exec(`UPDATE applied SET fields = '{"port":82}'`);
  other.close();
  expect(port()).toBe(82);
  store.release(KEY, uid);
  expect(store.applied(KEY).size).toBe(0);
});
