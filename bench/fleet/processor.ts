/** How much processor time something takes, and whose it is: the daemon's, or the simulated account's. */
import { type Profiler, Session } from "node:inspector/promises";
import { type ProcessorShares, processorShares } from "./arithmetic.ts";

export interface ProcessorTime {
  /** Processor seconds of this process, all threads, for each second of virtual time. */
  readonly perVirtualSecond: number;
  readonly shares: ProcessorShares;
}

const SAMPLE_MICROSECONDS = 1_000;

export async function ownProcessorTime(run: () => Promise<void>, virtualMs: number): Promise<ProcessorTime> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_MICROSECONDS });
  await session.post("Profiler.start");
  const begin = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(begin);
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  return { perVirtualSecond: (user + system) / 1_000 / virtualMs, shares: sharesOf(profile) };
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ProcessorShares {
  return processorShares(nodes, samples, timeDeltas);
}
