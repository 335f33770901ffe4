/**
 * npm run simulate -- --seed N              one history, told as a story
 * npm run simulate -- --seeds FROM..TO      many histories
 * npm run simulate -- --scenario NAME [--plan N]   one scenario without faults, or one of its plans
 * npm run simulate -- --all                   every plan of every scenario
 * npm run simulate -- --zoo [NAME]          every planted bug, or one
 * Exit code 1 when the oracle objects, or a bug is missed.
 */
import { parseArgs } from "node:util";
import { historyOf as historyWith, plansOf, runPlan } from "./enumerate.ts";
import { historyOf } from "./generate.ts";
import { type Job, type JobResult, runJobs } from "./pool.ts";
import { runHistory, type Verdict } from "./run-history.ts";
import { SCENARIOS } from "./scenarios.ts";
import { planJobs, seedJobs } from "./shares.ts";
import { commit, reportOf } from "./shrink.ts";
import type { History } from "./steps.ts";
import { storyOf, summaryOf } from "./story.ts";
import { huntAll } from "./zoo/hunt.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string" },
    seeds: { type: "string" },
    scenario: { type: "string" },
    plan: { type: "string" },
    all: { type: "boolean" },
    zoo: { type: "boolean" },
  },
});

process.exitCode = (await isAllWell()) ? 0 : 1;

async function isAllWell(): Promise<boolean> {
  if (values.seed !== undefined) return tellSeed(Number(values.seed));
  if (values.scenario !== undefined) return tellScenario(values.scenario, Number(values.plan ?? -1));
  if (values.seeds !== undefined) {
    const [from = 0, to = 0] = values.seeds.split("..").map(Number);
    return runMany(seedJobs(from, to));
  }
  if (values.zoo) return huntAll(positionals, say);
  if (values.all) return runMany(planJobs({ share: 0, shares: 1 }));
  say("one of --seed N, --seeds FROM..TO, --scenario NAME, --all, --zoo");
  return false;
}

async function tellSeed(seed: number): Promise<boolean> {
  const history = historyOf(seed);
  const startMs = performance.now();
  const verdict = await runHistory(history);
  tell(verdict, performance.now() - startMs);
  return isWell(`npm run simulate -- --seed ${seed}`, history, verdict);
}

async function isWell(command: string, history: History, { objections }: Verdict): Promise<boolean> {
  if (objections.length > 0) say(`\n${await reportOf(command, history, objections)}`);
  return objections.length === 0;
}

async function tellScenario(name: string, number: number): Promise<boolean> {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario === undefined) {
    say(
      `there is no such scenario; there are:\n  ${SCENARIOS.map((candidate) => candidate.name).join("\n  ")}`,
    );
    return false;
  }
  const reference = await plansOf(scenario);
  const plan = reference.plans[number];
  const startMs = performance.now();
  const plain = historyWith(scenario, scenario.steps);
  const verdict = plan === undefined ? await runHistory(plain) : await runPlan(plan, reference);
  tell(verdict, performance.now() - startMs);
  say(`${reference.plans.length} plans`);
  const steps = plan === undefined ? scenario.steps : [plan.attack, ...scenario.steps];
  const command = `npm run simulate -- --scenario ${JSON.stringify(name)} --plan=${number}`;
  return isWell(command, historyWith(scenario, steps), verdict);
}

async function runMany(jobs: readonly Job[]): Promise<boolean> {
  const startMs = performance.now();
  const heard = (result: JobResult): undefined => {
    for (const { command, objections } of result.failures)
      say(`FAILED ${command}\n  ${objections.join("\n  ")}`);
  };
  const { runs, virtualMs, failures } = await runJobs(jobs, { heard });
  const realMs = performance.now() - startMs;
  say(
    `${runs} histories, ${failures.length} failed, commit ${commit()}: ${Math.round(virtualMs / 3_600_000)} h of virtual time in ${Math.round(realMs / 1000)} s (${Math.round(virtualMs / realMs)}× real time)`,
  );
  return failures.length === 0;
}

function tell(verdict: Verdict, realMs: number): void {
  for (const line of storyOf(verdict)) say(line);
  say(summaryOf(verdict, realMs));
  for (const text of verdict.objections) say(`the oracle objects: ${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
