import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { Presence } from "./presence.ts";

/** Runs apart, on a connection of its own that only reads. */
const LOOK = `
const { parentPort, workerData: { library, file } } = require("node:worker_threads");
const Database = require(library);
const database = new Database(file, { readonly: true, timeout: 5000 });
try {
  parentPort.postMessage(String(database.pragma("quick_check(1)", { simple: true })));
} catch (error) {
  parentPort.postMessage(error.code === "SQLITE_CORRUPT" ? error.message : "ok");
} finally {
  database.close();
}`;

interface Wholeness {
  /** What is wrong with the file, once that is found. */
  readonly fault: Presence;
  end(): void;
}

/** Reads the whole of a large file while the daemon serves already; a page that is torn is in the way of every write. */
export function wholenessOf(file: string): Wholeness {
  let fault: string | undefined;
  const library = createRequire(import.meta.url).resolve("better-sqlite3");
  const worker = new Worker(LOOK, { eval: true, workerData: { library, file } });
  worker.unref();
  worker.once("message", (verdict: string) => {
    if (verdict !== "ok") fault = `${corruptText(verdict)}: restore a copy, or move it away to begin anew`;
  });
  // Whether it is whole stays unknown, as it is between two starts.
  worker.once("error", () => undefined);
  return { fault: () => fault, end: () => void worker.terminate() };
}

/** @param verdict SQLite's, which may have several lines */
export function corruptText(verdict: unknown): string {
  return `the file is corrupt (${String(verdict).replaceAll(/\s+/g, " ")})`;
}
