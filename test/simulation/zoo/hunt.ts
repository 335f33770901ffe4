/** The hunt for a planted bug: first where it was last found, then the plain scenarios, the seeds, and the plans. */
import { type Failure, type Job, type JobResult, type Place, runJobs } from "../pool.ts";
import { SCENARIOS } from "../scenarios.ts";
import { planJobs, seedJobs } from "../shares.ts";
import { ZOO } from "./bugs.ts";
import { FOUND_AT } from "./score.ts";

const SEEDS = 1_000;
/** Of the plans, one in so many is tried before all others. */
const SHARES = 60;

/** Where a bug shows; `undefined` when nothing that the harness does finds it. */
export async function placeOf(name: string): Promise<Place | undefined> {
  const known = FOUND_AT[name];
  const hunts: readonly (readonly Job[])[] = [
    known === undefined ? [] : [{ kind: "place", place: known }],
    SCENARIOS.map(({ name: scenario }): Job => ({ kind: "place", place: { scenario } })),
    seedJobs(0, SEEDS, 5),
    planJobs({ share: 7, shares: SHARES }),
    planJobs({ share: 0, shares: 1 }),
  ];
  for (const jobs of hunts) {
    const place = await firstThatFails(name, jobs);
    // What fails without the bug, too, has not found it.
    if (place !== undefined && (await failuresWithoutBug([place])).length === 0) return place;
  }
  return undefined;
}

/** Place, as text → what fails there without any bug. A start of the product costs more than most places. */
const WITHOUT_BUG = new Map<string, readonly Failure[]>();

/** What fails at these places without any bug; each is tried once, and those that are new together. */
export async function failuresWithoutBug(places: readonly Place[]): Promise<readonly Failure[]> {
  const asked = new Map(places.map((place) => [JSON.stringify(place), place]));
  const jobs = [...asked]
    .filter(([text]) => !WITHOUT_BUG.has(text))
    .map(([, place]): Job => ({ kind: "place", place }));
  const heard = ({ job, failures }: JobResult): undefined => {
    if (job.kind === "place") WITHOUT_BUG.set(JSON.stringify(job.place), failures);
  };
  await runJobs(jobs, { heard });
  return [...asked.keys()].flatMap((text) => WITHOUT_BUG.get(text) ?? []);
}

/** Plants the bug, and runs jobs until one fails. */
async function firstThatFails(name: string, jobs: readonly Job[]): Promise<Place | undefined> {
  let place: Place | undefined;
  const heard = ({ failures }: JobResult): boolean => {
    place ??= failures[0]?.place;
    return place === undefined;
  };
  await runJobs(jobs, { bug: name, heard });
  return place;
}

/** Every bug, or those named; says where each is found, as a row of the score. @returns whether all were */
export async function huntAll(names: readonly string[], say: (text: string) => void): Promise<boolean> {
  const wanted = ZOO.filter((bug) => names.length === 0 || names.includes(bug.name));
  let found = 0;
  for (const { name, class: kind } of wanted) {
    const place = await placeOf(name);
    if (place !== undefined) found += 1;
    say(
      place === undefined
        ? `MISSED ${name} (${kind})`
        : `  ${JSON.stringify(name)}: ${JSON.stringify(place)},`,
    );
  }
  say(`${found} of ${wanted.length} planted bugs found`);
  return found === wanted.length;
}
