/** Work cut into jobs, and the share of it that one run of CI takes. */
import type { Job } from "./pool.ts";
import { SCENARIOS } from "./scenarios.ts";

const SEEDS_PER_JOB = 20;
/** A scenario's plans in so many jobs, so that both threads end at about the same time. */
const PARTS = 4;

export function seedJobs(from: number, to: number, perJob = SEEDS_PER_JOB): Job[] {
  const jobs: Job[] = [];
  for (let seed = from; seed < to; seed += perJob)
    jobs.push({ kind: "seeds", from: seed, to: Math.min(to, seed + perJob) });
  return jobs;
}

/**
 * Share `share` of `shares` of all plans: each scenario is in each share, and together the shares are everything. The
 * run without an attack is in every share: the plans follow from it.
 */
export function planJobs({ share, shares }: { share: number; shares: number }): Job[] {
  const parts = shares === 1 ? PARTS : shares;
  const wanted = shares === 1 ? Array.from({ length: PARTS }, (_, part) => part) : [share];
  return SCENARIOS.flatMap((_, scenario) =>
    wanted.map((part): Job => ({ kind: "plans", scenario, part, parts, hasPlain: part === wanted[0] })),
  );
}

/** Every `shares`-th of them, from the `share`-th. */
export function shareOf<T>(all: readonly T[], { share, shares }: { share: number; shares: number }): T[] {
  return all.filter((_, index) => index % shares === share);
}

/**
 * The share that the environment asks for: `HOLDFAST_SIMULATION_SHARE=3` is the fourth of `shares`, and a number beyond
 * the last begins again, so that whoever counts up goes through everything; `3/10` cuts the work in ten. Without it the
 * first.
 */
export function shareFrom(setting: string | undefined, shares: number): { share: number; shares: number } {
  if (setting === undefined) return { share: 0, shares };
  const [share = 0, of = shares] = setting.split("/").map(Number);
  if (!(Number.isInteger(share) && share >= 0 && Number.isInteger(of) && of > 0))
    throw new RangeError(`HOLDFAST_SIMULATION_SHARE: ${setting} is neither a number nor of the form 3/10`);
  return { share: share % of, shares: of };
}
