/** What a thread does with a job. */
import { plansOf, runPlan } from "./enumerate.ts";
import { historyOf } from "./generate.ts";
import type { Failure, Job, JobResult } from "./pool.ts";
import { runHistory } from "./run-history.ts";
import { SCENARIOS } from "./scenarios.ts";

const references = new Map<number, ReturnType<typeof plansOf>>();

export async function doJob(job: Job): Promise<JobResult> {
  return job.kind === "seeds" ? runSeeds(job) : runPlans(job);
}

async function runSeeds(job: Extract<Job, { kind: "seeds" }>): Promise<JobResult> {
  const { from, to } = job;
  const failures: Failure[] = [];
  let virtualMs = 0;
  for (let seed = from; seed < to; seed += 1) {
    const verdict = await runHistory(historyOf(seed));
    virtualMs += verdict.virtualMs;
    if (verdict.objections.length > 0)
      failures.push({ command: `npm run simulate -- --seed ${seed}`, objections: verdict.objections });
  }
  return { job, runs: to - from, virtualMs, failures };
}

/** Every `parts`-th plan of a scenario, from the `part`-th. The first part answers for the fault-free run too. */
async function runPlans(job: Extract<Job, { kind: "plans" }>): Promise<JobResult> {
  const { scenario: index, part, parts } = job;
  const scenario = SCENARIOS[index];
  if (scenario === undefined) throw new RangeError(`there is no scenario ${index}`);
  const known = references.get(index) ?? plansOf(scenario);
  references.set(index, known);
  const reference = await known;
  const { verdict: calm, plans } = reference;
  const command = (number: number) =>
    `npm run simulate -- --scenario ${JSON.stringify(scenario.name)} --plan ${number}`;
  const failures: Failure[] = [];
  if (part === 0 && calm.objections.length > 0)
    failures.push({ command: command(-1), objections: calm.objections });
  if (part === 0 && calm.effects > (scenario.most ?? Number.POSITIVE_INFINITY))
    failures.push({
      command: command(-1),
      objections: [`${calm.effects} changes, not ${scenario.most}`],
    });
  let runs = 0;
  let virtualMs = 0;
  for (const [number, plan] of plans.entries()) {
    if (number % parts !== part) continue;
    const verdict = await runPlan(plan, reference);
    runs += 1;
    virtualMs += verdict.virtualMs;
    if (verdict.objections.length > 0)
      failures.push({
        command: `${command(number)}  # ${JSON.stringify(plan.attack)}`,
        objections: verdict.objections,
      });
  }
  return { job, runs, virtualMs, failures };
}
