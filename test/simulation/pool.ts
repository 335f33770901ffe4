/** The work of many worlds on all cores: a queue of jobs, and a thread for each core. Worlds never share anything. */
import { Worker } from "node:worker_threads";
import type { Step } from "./steps.ts";

/** What a thread is asked for. Plans are found again by scenario and number, so that no plan has to travel. */
export type Job =
  | { kind: "seeds"; from: number; to: number }
  | { kind: "plans"; scenario: number; part: number; parts: number; hasPlain: boolean }
  | { kind: "place"; place: Place };

/** One history: that of a seed, or a scenario with one attack or none. */
export type Place = { seed: number } | { scenario: string; attack?: Step };

export interface Failure {
  /** How to see it again. */
  readonly command: string;
  readonly place: Place;
  readonly objections: readonly string[];
}

export interface JobResult {
  readonly job: Job;
  readonly runs: number;
  readonly virtualMs: number;
  readonly failures: readonly Failure[];
}

/** Two cores are what CI has. */
export const THREADS = 2;

/** All jobs, in any order; `heard` is told of each result as it comes. @param bug the planted bug to load, if any */
export async function runJobs(
  jobs: readonly Job[],
  options: { heard?: (result: JobResult) => boolean | undefined; bug?: string } = {},
): Promise<Omit<JobResult, "job">> {
  const waiting = [...jobs];
  const results: JobResult[] = [];
  const thread = async () => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: { bug: options.bug } });
    try {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        const result = await answerOf(worker, job);
        results.push(result);
        // Whoever has heard enough stops the rest.
        if (options.heard?.(result) === false) waiting.length = 0;
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(THREADS, jobs.length) }, thread));
  return {
    runs: results.reduce((sum, result) => sum + result.runs, 0),
    virtualMs: results.reduce((sum, result) => sum + result.virtualMs, 0),
    failures: results.flatMap((result) => result.failures),
  };
}

function answerOf(worker: Worker, job: Job): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => reject(error);
    worker.once("error", onError);
    worker.once("message", (result: JobResult) => {
      worker.off("error", onError);
      resolve(result);
    });
    worker.postMessage(job);
  });
}
