/**
 * Not by chance but one by one: for every scenario each call and each commit of its fault-free run is attacked,
 * in a run of its own (Sieve, OSDI 2022: crash, staleness and blindness at every point, not at random ones).
 */
import { isRead, READ_FAULTS, UNTRUE, WRITE_FAULTS } from "./call-faults.ts";
import { runHistory, type Verdict } from "./run-history.ts";
import type { Scenario } from "./scenarios.ts";
import type { History, Step } from "./steps.ts";

const SEED = 1;
/** Three resyncs. */
const SILENCE_MS = 960_000;
const DOWN_SECONDS = 3;
/** AWS's answers lag for at most so long. */
const LAG_SECONDS = 20;
/** What comes not only once, and how often then: one bad answer may be absorbed by a second look. */
const BESIEGING = ["empty", "failed before"] as const;
const SIEGE = 6;
const DISK_FULL_SECONDS = 20;

export interface Plan {
  readonly scenario: Scenario;
  readonly attack: Step;
}

export interface Reference {
  readonly verdict: Verdict;
  /** Changes that are enough, however the timing of the user and of the daemon's work may fall. */
  readonly enough: number;
  readonly plans: readonly Plan[];
}

interface Heard {
  readonly operation: string;
  readonly state: number;
}

/** What becomes of a scenario with these steps. */
export function historyOf({ isWhole = false }: Scenario, steps: readonly Step[]): History {
  return { seed: SEED, steps, isWhole };
}

/** The fault-free run of a scenario, and every plan that follows from it. */
export async function plansOf(scenario: Scenario): Promise<Reference> {
  const calls: Heard[] = [];
  let commits = 0;
  let start = { calls: 0, commits: 0 };
  const verdict = await runHistory(historyOf(scenario, scenario.steps), {
    silenceMs: SILENCE_MS,
    heard: (operation, state) => calls.push({ operation, state }),
    committed: () => {
      commits += 1;
    },
    reached: (index) => {
      if (index === scenario.from) start = { calls: calls.length, commits };
    },
  });
  const attacks = [...callAttacks(calls, start.calls), ...commitAttacks(start.commits, commits)];
  return {
    verdict,
    enough: await enoughFor(scenario, verdict),
    plans: attacks
      .filter((_, index) => index % (scenario.oneIn ?? 1) === 0)
      .map((attack) => ({ scenario, attack })),
  };
}

/**
 * Where the user does not wait for the daemon, a delay decides how far it has come before the next wish: then it may
 * need as many changes as if the user had waited each time, and never more.
 */
async function enoughFor(scenario: Scenario, { effects }: Verdict): Promise<number> {
  const { unhurried } = scenario;
  if (unhurried === undefined) return effects;
  const patient = await runHistory(historyOf(scenario, unhurried), { silenceMs: SILENCE_MS });
  return Math.max(effects, patient.effects);
}

/**
 * Every call in every way. A question that is asked again while nothing has changed is the same point: it is attacked
 * where it is first asked.
 */
function* callAttacks(calls: readonly Heard[], from: number): Generator<Step> {
  const seen = new Set<string>();
  const isNew = (question: string) => !seen.has(question) && seen.add(question) !== undefined;
  for (let call = from; call < calls.length; call += 1) {
    const { operation, state } = calls[call] as Heard;
    const isAsking = isRead(operation);
    if (isAsking && !isNew(`${operation} ${state}`)) continue;
    yield { do: "crash", point: "beforeSend", call, downSeconds: DOWN_SECONDS };
    if (!isAsking) yield { do: "crash", point: "afterEffect", call, downSeconds: DOWN_SECONDS };
    for (const fault of isAsking ? READ_FAULTS : WRITE_FAULTS) yield { do: "fault", fault, call };
    if (!isAsking) continue;
    for (const fault of BESIEGING) yield { do: "fault", fault, from: call, only: operation, times: SIEGE };
    const [service = ""] = operation.split(":");
    if (isNew(`lag of ${service} ${state}`)) yield { do: "lag", call, seconds: LAG_SECONDS };
  }
}

function* commitAttacks(from: number, to: number): Generator<Step> {
  for (let commit = from; commit < to; commit += 1) {
    yield { do: "crash", point: "beforeCommit", commit, downSeconds: DOWN_SECONDS };
    yield { do: "crash", point: "afterCommit", commit, downSeconds: DOWN_SECONDS };
    yield { do: "disk full", commit, seconds: DISK_FULL_SECONDS };
  }
}

/** Changes that an attack may cost: what is untrue may be acted on, in a few places, and taken back. */
function costOf(attack: Step): number {
  const isUntrue = attack.do === "lag" || (attack.do === "fault" && UNTRUE.includes(attack.fault));
  return isUntrue ? 4 : 1;
}

/** Runs one plan. What it objects to beyond a history's own: more changes than are enough, and what the attack may cost. */
export async function runPlan(
  { scenario, attack }: Plan,
  { verdict: calm, enough }: Reference,
): Promise<Verdict> {
  const verdict = await runHistory(historyOf(scenario, [attack, ...scenario.steps]), {
    silenceMs: SILENCE_MS,
  });
  const allowed = enough + costOf(attack);
  if (verdict.effects <= allowed) return verdict;
  const more = [...verdict.effectsByOperation]
    .filter(([operation, count]) => count > (calm.effectsByOperation.get(operation) ?? 0))
    .map(
      ([operation, count]) => `${operation} ${count}×, not ${calm.effectsByOperation.get(operation) ?? 0}×`,
    );
  const text = `${verdict.effects} changes, where ${allowed} are enough: ${more.join(", ")}`;
  return { ...verdict, objections: [...verdict.objections, text] };
}
