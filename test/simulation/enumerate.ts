/**
 * Not by chance but one by one: for every scenario each call and each commit of its fault-free run is attacked,
 * in a run of its own (Sieve, OSDI 2022: crash, staleness and blindness at every point, not at random ones).
 */
import { READ_FAULTS, WRITE_FAULTS } from "./call-faults.ts";
import { runHistory, type Verdict } from "./run-history.ts";
import type { Scenario } from "./scenarios.ts";
import type { Step } from "./steps.ts";

const SEED = 1;
/** A read is attacked at the first time that it is asked in each state of the account, in so many ways. */
const WAYS_PER_READ = 2;
/** Commits of one state of the account that are attacked, from the first. */
const COMMITS_PER_STATE = 4;
const SILENCE_MS = 1_800_000;

export interface Plan {
  readonly scenario: Scenario;
  readonly attack: Step;
}

export interface Reference {
  readonly verdict: Verdict;
  readonly plans: readonly Plan[];
}

interface Heard {
  readonly operation: string;
  readonly state: number;
}

/** The fault-free run of a scenario, and every plan that follows from it. @param everyWay all faults at all reads */
export async function plansOf(scenario: Scenario, everyWay = false): Promise<Reference> {
  const calls: Heard[] = [];
  const commits: Heard[] = [];
  let start = { calls: 0, commits: 0 };
  const verdict = await runHistory(
    { seed: SEED, steps: scenario.steps },
    {
      silenceMs: SILENCE_MS,
      heard: (operation, state) => calls.push({ operation, state }),
      committed: (state) => commits.push({ operation: "commit", state }),
      reached: (index) => {
        if (index === scenario.from) start = { calls: calls.length, commits: commits.length };
      },
    },
  );
  const attacks = [...callAttacks(calls, start.calls, everyWay), ...commitAttacks(commits, start.commits)];
  return { verdict, plans: attacks.map((attack) => ({ scenario, attack })) };
}

function* callAttacks(calls: readonly Heard[], from: number, everyWay: boolean): Generator<Step> {
  const seen = new Set<string>();
  let turn = 0;
  for (let call = from; call < calls.length; call += 1) {
    const { operation, state } = calls[call] as Heard;
    const isRead = /:(Describe|List|Get)/.test(operation);
    if (!isRead) {
      yield { do: "crash", point: "beforeSend", call, downSeconds: 3 };
      yield { do: "crash", point: "afterEffect", call, downSeconds: 3 };
      for (const fault of WRITE_FAULTS) yield { do: "fault", fault, call };
      continue;
    }
    const question = `${operation} ${state}`;
    if (seen.has(question)) continue;
    seen.add(question);
    const ways: Step[] = [
      ...READ_FAULTS.map((fault): Step => ({ do: "fault", fault, call })),
      { do: "crash", point: "beforeSend", call, downSeconds: 3 },
    ];
    for (let way = 0; way < (everyWay ? ways.length : WAYS_PER_READ); way += 1) {
      yield ways[turn % ways.length] as Step;
      turn += 1;
    }
  }
}

function* commitAttacks(commits: readonly Heard[], from: number): Generator<Step> {
  const seen = new Map<number, number>();
  for (let commit = from; commit < commits.length; commit += 1) {
    const { state } = commits[commit] as Heard;
    const count = seen.get(state) ?? 0;
    seen.set(state, count + 1);
    if (count >= COMMITS_PER_STATE) continue;
    yield { do: "crash", point: "beforeCommit", commit, downSeconds: 3 };
    yield { do: "crash", point: "afterCommit", commit, downSeconds: 3 };
  }
}

/** Runs one plan; what it objects to beyond a history's own: more changes than the fault-free run and one for each fault. */
export async function runPlan({ scenario, attack }: Plan, reference: Verdict): Promise<Verdict> {
  const verdict = await runHistory(
    { seed: SEED, steps: [attack, ...scenario.steps] },
    { silenceMs: SILENCE_MS },
  );
  const allowed = reference.effects + verdict.hits + (scenario.leeway ?? 0);
  if (verdict.effects <= allowed) return verdict;
  const more = [...verdict.effectsByOperation]
    .filter(([operation, count]) => count > (reference.effectsByOperation.get(operation) ?? 0))
    .map(
      ([operation, count]) =>
        `${operation} ${count}×, not ${reference.effectsByOperation.get(operation) ?? 0}×`,
    );
  const text = `${verdict.effects} changes, where ${reference.effects} and ${verdict.hits} for the faults are enough: ${more.join(", ")}`;
  return { ...verdict, objections: [...verdict.objections, text] };
}
