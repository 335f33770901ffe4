/** One thread of the pool. A planted bug is loaded before anything of the product is. */
import { parentPort, workerData } from "node:worker_threads";
import { plantBug } from "./zoo/plant.ts";

const { bug } = workerData as { bug?: string };
if (bug !== undefined) await plantBug(bug);
const { doJob } = await import("./do-job.ts");

const port = parentPort;
port?.on("message", async (job) => port.postMessage(await doJob(job)));
