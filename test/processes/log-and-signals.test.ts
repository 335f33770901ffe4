/** What happens around a daemon does not end it: a log that nobody reads, a hangup, a database that goes away. */
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { DaemonProcess } from "../support/daemon-process.ts";
import { exampleManifest } from "../support/example-manifest.ts";
import { waitUntil } from "../support/wait-until.ts";

const START_LIMIT_MS = 60_000;

let folder: string;
let database: string;
let daemon: DaemonProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-around-"));
  database = join(folder, "holdfast.db");
  daemon = await DaemonProcess.start([
    "--database",
    database,
    "--simulator-listen",
    "127.0.0.1:0",
    "--simulator-speed",
    "60",
    "--log-level",
    "debug",
  ]);
}, START_LIMIT_MS);
afterEach(async () => {
  await daemon.stop("SIGKILL");
  rmSync(folder, { recursive: true });
});

const linesLost = async () => {
  const text = await (await fetch(`${daemon.url}/metrics`)).text();
  return Number(/^holdfast_log_lines_lost_total (\d+)$/m.exec(text)?.[1]);
};
const readiness = async () => {
  const answer = await fetch(`${daemon.url}/readyz`);
  return { status: answer.status, text: await answer.text() };
};

describe("a daemon", { timeout: 2 * START_LIMIT_MS }, () => {
  it("whose log nobody reads any more goes on, counts the lines, and stops in order", async () => {
    daemon.closeLog();
    await new ApiClient(daemon.url).post(exampleManifest());
    await waitUntil(async () => (await linesLost()) > 10 || undefined, 30_000);
    expect((await readiness()).status).toBe(200);
    expect(await daemon.stop("SIGTERM")).toBe(0);
    expect(daemon.stderr).toBe("");
  });

  it("survives a hangup, and stops in order afterwards", async () => {
    daemon.signal("SIGHUP");
    await new ApiClient(daemon.url).post(exampleManifest());
    expect((await readiness()).status).toBe(200);
    expect(await daemon.stop("SIGTERM")).toBe(0);
  });

  it("whose database goes away is not ready, keeps nothing, and is ready again when it is back", async () => {
    renameSync(database, `${database}.away`);
    const { status, text } = await readiness();
    expect([status, text]).toEqual([503, expect.stringContaining("deleted, moved or replaced")]);
    const refused = await fetch(`${daemon.url}/specs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(exampleManifest()),
    });
    expect(refused.status).toBe(503);
    renameSync(`${database}.away`, database);
    expect((await readiness()).status).toBe(200);
    await new ApiClient(daemon.url).post(exampleManifest());
  });

  it("whose database another program holds answers at once, and refuses what it cannot keep", async () => {
    const other = new Database(database);
    other.exec("BEGIN IMMEDIATE");
    const startMs = performance.now();
    const send = () =>
      fetch(`${daemon.url}/specs`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(exampleManifest()),
      });
    const codes = (await Promise.all(Array.from({ length: 20 }, send))).map((answer) => answer.status);
    expect(new Set(codes)).toEqual(new Set([503]));
    expect((await fetch(`${daemon.url}/livez`)).status).toBe(200);
    // Before, each of them stopped everything for five seconds.
    expect(performance.now() - startMs).toBeLessThan(20_000);
    expect((await readiness()).status).toBe(503);
    other.exec("ROLLBACK");
    other.close();
    expect((await readiness()).status).toBe(200);
    expect((await send()).status).toBe(201);
  });
});
