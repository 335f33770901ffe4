/** Runs a history to its end, lets the dust settle, asks the oracle, and then listens to the silence. */
import { LOAD_BALANCER } from "./actors/earlier-team.ts";
import { readAccount } from "./judges/account-view.ts";
import { disagreements } from "./judges/oracle.ts";
import { lossIn } from "./judges/oracle-values.ts";
import { outputsOf } from "./judges/outputs.ts";
import { duplicates, remnants } from "./judges/remains.ts";
import type { History } from "./steps.ts";
import { World } from "./world.ts";

const CONVERGENCE_MS = 4 * 3_600_000;
const SILENCE_MS = 1_200_000;
/** After an outage AWS itself goes on moving instances for a while. */
const DUST_MS = 1_200_000;
/** No history is of so much. */
const MOST_DRIFT = 1_000;

export interface Verdict {
  readonly objections: readonly string[];
  readonly trace: readonly string[];
  /** Calls of the daemon that changed something, by operation. */
  readonly effects: number;
  readonly effectsByOperation: ReadonlyMap<string, number>;
  /** Those that were answered with an error. */
  readonly refused: readonly string[];
  readonly calls: number;
  readonly commits: number;
  readonly hits: number;
  readonly virtualMs: number;
}

export interface RunOptions {
  /** Called with each operation that the daemon sends, in order. */
  readonly heard?: (operation: string, effectsSoFar: number) => void;
  /** Called before each commit of the daemon. */
  readonly committed?: (effectsSoFar: number) => void;
  /** Called before each step. */
  readonly reached?: (index: number) => void;
  readonly silenceMs?: number;
}

export async function runHistory(history: History, options: RunOptions = {}): Promise<Verdict> {
  const world = new World(history);
  const startMs = world.clock.nowMs();
  world.trouble.listener = {
    heard: (operation) => options.heard?.(operation, world.watch.effects),
    committed: () => options.committed?.(world.watch.effects),
  };
  try {
    for (const [index, step] of history.steps.entries()) {
      options.reached?.(index);
      await world.take(step);
    }
    await world.heal();
    const isSettled = await world.settle(CONVERGENCE_MS);
    if (!isSettled)
      world.object(`not converged after ${CONVERGENCE_MS / 3_600_000} h: ${world.conditions()}`);
    // What has already gone wrong is enough: the rest would only be its consequences.
    if (world.objections.length === 0) await judge(world, options.silenceMs ?? SILENCE_MS);
  } catch (error) {
    world.object(`the history broke: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const { watch, trouble, objections, trace, hits } = world;
  const verdict: Verdict = {
    objections,
    trace,
    effects: watch.effects,
    effectsByOperation: watch.effectsByOperation,
    refused: watch.refused,
    calls: trouble.calls,
    commits: trouble.commits,
    hits,
    virtualMs: world.clock.nowMs() - startMs,
  };
  world.end();
  return verdict;
}

async function judge(world: World, silenceMs: number): Promise<void> {
  const { clock, watch } = world;
  look(world);
  const effects = watch.effects;
  if (!world.isCalm) await clock.advance(DUST_MS);
  const before = { looks: watch.looks, events: world.events, tries: watch.tries };
  await clock.advance(silenceMs);
  world.say("silence is over");
  if (watch.effects > effects || watch.tries > before.tries)
    world.object("something was changed although nothing had to be");
  if (world.events > before.events) world.object("events were written although nothing happened");
  // Where events come, routine is rare: how rare, freshness.ts holds against what is promised.
  const isToLook = world.wanted().length > 0 && world.bus.delivery === undefined;
  if (isToLook && watch.looks - before.looks < silenceMs / 600_000 - 1)
    world.object("the daemon no longer looks");
  look(world);
  for (const text of world.outsiders.unrecorded()) world.object(text);
  // Whoever meets trouble may miss an event.
  const drift = world.hits === 0 ? world.disk.store.driftEvents({ limit: MOST_DRIFT }).items : [];
  for (const text of world.attributions.nameless(drift)) world.object(text);
  const services = [...world.users.desks.keys()].map((name) => ({ namespace: "default", name }));
  for (const [where, text] of outputsOf(world.disk.store, clock, services)) watch.hear(where, text);
}

/** The oracle's word, and what must still be there of others. */
function look(world: World): void {
  const view = readAccount(world.account);
  // What is only observed is as others have it; what is managed is as the spec says.
  const managed = world.wanted().filter(({ name }) => !world.takeover.isObserved(name));
  for (const text of disagreements(view, managed)) world.object(text);
  world.takeover.check(view);
  // The oracle goes by what is stored, and that by what the user wrote.
  for (const [name, desk] of world.users.desks) {
    const loss = desk.want === "service" ? lossIn(desk.spec, world.users.stored(name)?.spec) : undefined;
    if (loss !== undefined) world.object(`${name}: what is stored at ${loss} is not what the user wrote`);
  }
  // Without its database the daemon cannot know what was declared once.
  const remaining = world.users.hasLostObjects ? [] : remnants(view, managed);
  if (world.isCalm) for (const text of [...remaining, ...duplicates(view)]) world.object(text);
  const text = JSON.stringify(view);
  for (const [id, what] of world.watch.foreign) {
    const isRule = id.includes(":listener-rule/");
    const listener = id.replace(":listener-rule/", ":listener/").split("/").slice(0, -1).join("/");
    const isWithoutHome = isRule && !text.includes(`"ListenerArn":"${listener}"`);
    if (!text.includes(`"${id}"`) && !isWithoutHome) world.object(`${what} is gone`);
  }
  const all = [
    ...view.loadBalancers.map((item) => [item.it.LoadBalancerArn, item.tags] as const),
    ...view.targetGroups.map((item) => [item.it.TargetGroupArn, item.tags] as const),
    ...view.groups.map((item) => [item.it.AutoScalingGroupName, item.tags] as const),
  ];
  for (const { id, key } of world.watch.foreignTags) {
    const tags = all.find(([found]) => found === id)?.[1];
    if (tags !== undefined && tags[key] === undefined)
      world.object(`the tag ${key} of somebody else's is gone from ${id}`);
  }
  for (const service of world.retained())
    if (
      !view.loadBalancers.some(({ it: { LoadBalancerName: name } }) =>
        world.takeover.isTaken(service) ? name === LOAD_BALANCER : name?.startsWith(service),
      )
    )
      world.object(`${service} should have been retained`);
}
