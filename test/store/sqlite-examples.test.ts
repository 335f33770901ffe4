import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { created, driftOf, folder, newUids, statusOf } from "./support.ts";

const OPERATIONS = readFileSync("docs/operations.md", "utf8");
const COMMANDS = [...OPERATIONS.matchAll(/^sqlite3 [^"\n]*"([^"]+)"$/gm)].map(([, sql = ""]) => sql.trim());
const QUERIES = COMMANDS.filter((sql) => sql.startsWith("SELECT"));

/** A file with a service that was not ready, and drift that was put right. */
function file(): string {
  const path = join(folder(), "holdfast.db");
  const clock = new VirtualClock(Date.now());
  const store = openStore({ path, clock, newUid: newUids() });
  const { uid } = created(store).metadata;
  const status = statusOf("2026-01-01T00:00:00.000Z");
  const conditions = status.conditions.map((one) => ({ ...one, status: "False" as const }));
  store.updateStatus({ namespace: "default", name: "web-api" }, uid, { ...status, conditions });
  const seen = new Date(clock.nowMs()).toISOString();
  store.putDrift(
    driftOf("d1", { firstSeenTime: seen, state: "Corrected", timeToRepairSeconds: 7, attempts: 2 }),
  );
  store.close();
  return path;
}

describe("a query of docs/operations.md", () => {
  it("is there for the ledger, the past, the calls and the conditions", () => {
    for (const table of ["drift", "status_history", "calls", "conditions"])
      expect(QUERIES.some((sql) => new RegExp(`FROM ${table}\\b`).test(sql))).toBe(true);
  });

  it.each(QUERIES)("runs: %s", (sql) => {
    const database = new Database(file(), { readonly: true });
    const rows = database.prepare(sql).all();
    database.close();
    // Nothing was called.
    expect(rows).toHaveLength(sql.includes("FROM calls") ? 0 : 1);
  });
});
