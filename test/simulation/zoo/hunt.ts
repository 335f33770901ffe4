/** The hunt for a planted bug: first where it was last found, then the plain scenarios, the seeds, and the plans. */
import { type Job, type JobResult, runJobs } from "../pool.ts";
import { SCENARIOS } from "../scenarios.ts";
import { planJobs, seedJobs } from "../shares.ts";
import { ZOO } from "./bugs.ts";
import { FOUND_BY } from "./score.ts";

const SEEDS = 1_000;
const SHARES = 60;

/** Where a bug shows: a job that fails with it and passes without it. */
export function huntingGround(name: string): Job | undefined {
  return FOUND_BY[name];
}

/** Whether one job finds the bug. */
export async function isFoundBy(name: string, job: Job): Promise<boolean> {
  return (await runJobs([job], { bug: name })).failures.length > 0;
}

/** Every bug, or those named; says where each is found. @returns whether all were */
export async function huntAll(names: readonly string[], say: (text: string) => void): Promise<boolean> {
  const wanted = ZOO.filter((bug) => names.length === 0 || names.includes(bug.name));
  let found = 0;
  for (const bug of wanted) {
    const place = await placeOf(bug.name);
    if (place !== undefined) found += 1;
    say(`${place === undefined ? "MISSED" : "found "} ${bug.name} (${bug.class}) ${JSON.stringify(place)}`);
  }
  say(`${found} of ${wanted.length} planted bugs found`);
  return found === wanted.length;
}

async function placeOf(name: string): Promise<Job | undefined> {
  const known = huntingGround(name);
  if (known !== undefined && (await isFoundBy(name, known))) return known;
  const plain = SCENARIOS.map(
    (_, scenario): Job => ({
      kind: "plans",
      scenario,
      part: 0,
      parts: Number.MAX_SAFE_INTEGER,
    }),
  );
  return (
    (await firstThatFails(name, plain)) ??
    (await firstThatFails(name, seedJobs(0, SEEDS, 5))) ??
    firstThatFails(name, planJobs({ share: 7, shares: SHARES }))
  );
}

/** Plants the bug, and runs jobs until one fails. */
async function firstThatFails(name: string, jobs: readonly Job[]): Promise<Job | undefined> {
  let place: Job | undefined;
  const heard = (result: JobResult): boolean => {
    if (result.failures.length > 0) place ??= result.job;
    return result.failures.length === 0;
  };
  await runJobs(jobs, { bug: name, heard });
  return place;
}
