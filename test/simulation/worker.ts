/** One thread of the pool. A planted bug is loaded before anything of the product is. */
import { enableCompileCache, flushCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { plantBug } from "./zoo/plant.ts";

// To strip and compile everything takes a thread longer than most planted bugs take to show.
enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/compiled", import.meta.url)));
const { bug } = workerData as { bug?: string };
if (bug !== undefined) await plantBug(bug);
const { doJob } = await import("./do-job.ts");

const port = parentPort;
port?.on("message", async (job) => {
  const result = await doJob(job);
  // Now, when what a job needs is compiled: a thread that is terminated leaves nothing for the next one.
  flushCompileCache();
  port.postMessage(result);
});
