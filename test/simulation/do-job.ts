/** What a thread does with a job. */
import { plansOf, type Reference, runPlan } from "./enumerate.ts";
import { historyOf } from "./generate.ts";
import type { Failure, Job, JobResult, Place } from "./pool.ts";
import { runHistory, type Verdict } from "./run-history.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import type { Step } from "./steps.ts";

const references = new Map<string, Promise<Reference>>();

function referenceOf(scenario: Scenario): Promise<Reference> {
  const known = references.get(scenario.name) ?? plansOf(scenario);
  references.set(scenario.name, known);
  return known;
}

export async function doJob(job: Job): Promise<JobResult> {
  switch (job.kind) {
    case "seeds":
      return runSeeds(job);
    case "plans":
      return runPlans(job);
    case "place":
      return runPlace(job);
  }
}

class Tally {
  readonly failures: Failure[] = [];
  runs = 0;
  virtualMs = 0;

  add(command: string, place: Place, verdict: { virtualMs: number; objections: readonly string[] }): void {
    this.runs += 1;
    this.virtualMs += verdict.virtualMs;
    if (verdict.objections.length > 0) this.failures.push({ command, place, objections: verdict.objections });
  }

  of(job: Job): JobResult {
    const { runs, virtualMs, failures } = this;
    return { job, runs, virtualMs, failures };
  }
}

const scenarioCommand = (name: string, number: number) =>
  `npm run simulate -- --scenario ${JSON.stringify(name)} --plan=${number}`;

async function runSeeds(job: Extract<Job, { kind: "seeds" }>): Promise<JobResult> {
  const tally = new Tally();
  for (let seed = job.from; seed < job.to; seed += 1)
    tally.add(`npm run simulate -- --seed ${seed}`, { seed }, await runHistory(historyOf(seed)));
  return tally.of(job);
}

/** Every `parts`-th plan of a scenario, from the `part`-th, and the fault-free run where this job answers for it. */
async function runPlans(job: Extract<Job, { kind: "plans" }>): Promise<JobResult> {
  const scenario = SCENARIOS[job.scenario];
  if (scenario === undefined) throw new RangeError(`there is no scenario ${job.scenario}`);
  const tally = new Tally();
  const { name } = scenario;
  const reference = await referenceOf(scenario);
  if (job.hasPlain) tally.add(scenarioCommand(name, -1), { scenario: name }, judged(scenario, reference));
  for (const [number, plan] of reference.plans.entries()) {
    if (number % job.parts !== job.part) continue;
    const { attack } = plan;
    const command = `${scenarioCommand(name, number)}  # ${JSON.stringify(attack)}`;
    tally.add(command, { scenario: name, attack }, await runPlan(plan, reference));
  }
  return tally.of(job);
}

async function runPlace(job: Extract<Job, { kind: "place" }>): Promise<JobResult> {
  const { place } = job;
  const tally = new Tally();
  if ("seed" in place) return runSeeds({ kind: "seeds", from: place.seed, to: place.seed + 1 });
  const scenario = SCENARIOS.find(({ name }) => name === place.scenario);
  if (scenario === undefined) throw new RangeError(`there is no scenario ${place.scenario}`);
  const reference = await referenceOf(scenario);
  const { attack } = place;
  const verdict =
    attack === undefined ? judged(scenario, reference) : await runPlan({ scenario, attack }, reference);
  tally.add(scenarioCommand(place.scenario, -1), place, verdict);
  return tally.of(job);
}

const TROUBLE: readonly Step["do"][] = [
  "fault",
  "outage",
  "credentials",
  "zone outage",
  "lag",
  "older database",
  // That it is lower than usual, AWS tells by a refusal.
  "quota",
];

/** The fault-free run: no more changes than it may make, and, where nothing is in the way, none that AWS refuses. */
function judged({ steps, most = Number.POSITIVE_INFINITY }: Scenario, { verdict }: Reference): Verdict {
  const isPlain = !steps.some((step) => TROUBLE.includes(step.do));
  const more = [
    ...(verdict.effects > most ? [`${verdict.effects} changes, not ${most}`] : []),
    ...(isPlain ? verdict.refused.map((operation) => `AWS refuses ${operation}`) : []),
  ];
  return { ...verdict, objections: [...verdict.objections, ...more] };
}
