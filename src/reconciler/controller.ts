/** The loop: take a key, run a pass, ask for the next one. Knows nothing of what a pass does. */

import { conditionOf } from "../model/conditions.ts";
import { rankOf, URGENCIES, type Urgency } from "../model/fleet/urgency.ts";
import { LIMITS } from "../model/limits.ts";
import { keyOfText, type ObjectKey, textOfKey } from "../model/object.ts";
import type { ServiceSummary } from "../model/status-page.ts";
import { WorkQueue } from "./core/work-queue.ts";
import type { Probe } from "./kinds/kind.ts";
import { URGENCY_OF_MAKING } from "./pacing/turns.ts";
import type { PassDependencies, PassResult } from "./pass.ts";
import { reconcile } from "./reconcile.ts";
import { type PassOutcome, requeueOf, type Streak, streakAfter } from "./requeue.ts";

/** Passes by how they ended, since the start. */
export type PassCounts = Record<PassOutcome | "gone", number>;

/** The probes of one pass, one after the other, until one says that the next pass is worth its reads, or that begins. */
interface Watch {
  /** Not the question that is with AWS at the moment. */
  cancel: () => void;
}

/** A pass that is taking place. */
interface Running {
  readonly rank: number;
  /** Whoever is in more of a hurry does not wait for what routine still reads. */
  readonly overtaken: AbortController;
}

/** What people have changed, and whether it is so by now. */
const OF_PEOPLE = rankOf("verification");
const OF_CHANGES = rankOf("person");
const KEPT_FOR_CHANGES = 2;
const MOST_PASSES = LIMITS.concurrentPasses + LIMITS.passesForPeople;
const ROUTINE = rankOf("routine");
/** Passes that nothing makes wait come so far apart, all services together: there is more to do than to run them. */
const PASS_EVERY_MS = 20;
/** Those of services that have failed come so far apart: while AWS cannot be read at all, they all fail, again and again. */
const RETRY_EVERY_MS = 40;
/** A question of a probe may be answered with what somebody else was told so long ago. */
const PROBE_AGE_MS = 5_000;

export class Controller {
  readonly #deps: PassDependencies;
  readonly #queue = new WorkQueue(LIMITS.queueKeys);
  /** When somebody last asked for a pass that has not begun. */
  readonly #requestedAtMs = new Map<string, number>();
  readonly #streaks = new Map<string, Streak>();
  /** Services whose last pass failed. */
  #failing = 0;
  readonly #watches = new Map<string, Watch>();
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Running>();
  readonly #ending = new Set<Promise<void>>();
  readonly counts: PassCounts = { gone: 0, converged: 0, progressing: 0, failed: 0, stalled: 0, crashed: 0 };
  #cancelWake: (() => void) | undefined;
  #cancelTurn: (() => void) | undefined;

  constructor(deps: PassDependencies) {
    this.#deps = deps;
  }

  /** Queues every stored object. Whoever changes one asks for it with {@link request}. */
  start(): void {
    // What was not as it should be goes before what was.
    this.#addAll((one) => (isReady(one) ? "routine" : "suspicion"));
  }

  /** Asks for a pass over every stored object, as what concerns them all has changed. */
  requestAll(): void {
    this.#addAll(() => "suspicion");
  }

  #addAll(urgencyOf: (service: ServiceSummary) => Urgency): void {
    const { store, clock, rng } = this.#deps;
    const all = store.summaries();
    // Spread, so that a restart with many services neither empties AWS's buckets at once nor keeps everybody else waiting.
    const spreadMs = all.length * PASS_EVERY_MS;
    for (const service of all)
      this.#add(textOfKey(service), clock.nowMs() + rng.next() * spreadMs, urgencyOf(service));
    this.#wake();
  }

  /** Asks for a pass now; what a person has changed of what is there goes before everything else. */
  request(key: ObjectKey, asked: Urgency = "person"): void {
    const name = textOfKey(key);
    const isNew = asked === "person" && this.#deps.store.get(key)?.status === undefined;
    const urgency = isNew ? URGENCY_OF_MAKING : asked;
    const nowMs = this.#deps.clock.nowMs();
    this.#add(name, nowMs, urgency);
    this.#requestedAtMs.set(name, nowMs);
    const running = this.#running.get(name);
    if (running?.rank === ROUTINE && rankOf(urgency) < ROUTINE) running.overtaken.abort();
    this.#wake();
  }

  /** Begins nothing new, and waits for the AWS calls in hand to be answered and recorded. */
  async stop(): Promise<void> {
    this.#cancelWake?.();
    this.#cancelTurn?.();
    for (const watch of this.#watches.values()) watch.cancel();
    this.#stopping.abort();
    await Promise.all(this.#ending);
  }

  get queue(): { waiting: number; running: number; scheduled: number } {
    const nextDueMs = this.#queue.nextDueMs();
    const isDue = nextDueMs !== undefined && nextDueMs <= this.#deps.clock.nowMs();
    const waiting = isDue ? this.#queue.dueCount(this.#deps.clock.nowMs()) : 0;
    return { waiting, running: this.#queue.active, scheduled: this.#queue.waiting - waiting };
  }

  #add(key: string, dueMs: number, urgency: Urgency): void {
    if (!this.#queue.add(key, dueMs, rankOf(urgency)))
      this.#deps.log.error({ service: key }, "work queue is full");
  }

  /** Starts what is due, up to the bound, and sets the alarm for what comes next. */
  #wake(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    if (this.#stopping.signal.aborted) return;
    const { clock } = this.#deps;
    while (this.#queue.active < MOST_PASSES) {
      // Whoever has changed something does not wait for passes that wait for AWS.
      const key = this.#queue.take(clock.nowMs(), this.#leastNow());
      if (key === undefined) break;
      const pass = this.#pass(key).finally(() => {
        this.#ending.delete(pass);
        this.#wakeInTurn();
      });
      this.#ending.add(pass);
    }
    const next = this.#queue.nextDueMs(this.#leastNow());
    if (next === undefined || this.#queue.active >= MOST_PASSES) return;
    this.#cancelWake = clock.schedule(Math.max(0, next - clock.nowMs()), () => this.#wake());
  }

  /** How urgent a pass has to be to begin now: the last places are kept for people, and of those the very last for their changes. */
  #leastNow(): number | undefined {
    const { active } = this.#queue;
    if (active < LIMITS.concurrentPasses) return undefined;
    return active < MOST_PASSES - KEPT_FOR_CHANGES ? OF_PEOPLE : OF_CHANGES;
  }

  /**
   * Passes whose calls are refused at once never wait for anything: while one of them followed the other at once, nobody
   * else would have a turn of the event loop.
   */
  #wakeInTurn(): void {
    this.#cancelTurn ??= this.#deps.clock.schedule(0, () => {
      this.#cancelTurn = undefined;
      this.#wake();
    });
  }

  /** The one place where what a pass throws is caught: a bug of ours stops the object, not the process. */
  async #pass(key: string): Promise<void> {
    const { log, clock, rng } = this.#deps;
    const { dueMs = clock.nowMs(), priority = ROUTINE } = this.#queue.askedOf(key) ?? {};
    const streak = this.#streaks.get(key);
    this.#endWatch(key);
    const overtaken = new AbortController();
    this.#running.set(key, { rank: priority, overtaken });
    const occasion = {
      urgency: URGENCIES[priority] ?? "routine",
      askedAtMs: Math.max(dueMs, this.#requestedAtMs.get(key) ?? dueMs),
      overtaken: overtaken.signal,
    };
    const trouble = { streak, leastRetryMs: this.#failing * RETRY_EVERY_MS };
    this.#requestedAtMs.delete(key);
    try {
      const result = await reconcile(this.#deps, keyOfText(key), occasion, trouble, this.#stopping.signal);
      this.counts[result.outcome] += 1;
      this.#done(key);
      this.#schedule(key, result);
    } catch (error) {
      this.counts.crashed += 1;
      this.#keepStreak(key, "crashed");
      log.error(
        { service: key, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
        "pass crashed",
      );
      this.#done(key);
      const { resyncMs } = this.#deps;
      const random = rng.next();
      const { afterMs, urgency } = requeueOf({
        end: "crashed",
        ...trouble,
        random,
        resyncMs,
        routineMs: resyncMs,
      });
      this.#add(key, clock.nowMs() + afterMs, urgency);
    }
  }

  #done(key: string): void {
    this.#running.delete(key);
    this.#queue.done(key);
  }

  /** Asks for the next pass, when requeue.ts says that it is due. */
  #schedule(key: string, result: PassResult): void {
    const nowMs = this.#deps.clock.nowMs();
    if (result.outcome === "gone") {
      this.#putStreak(key, undefined);
      this.#requestedAtMs.delete(key);
      this.#queue.remove(key);
      this.#deps.observatory.forget(keyOfText(key));
      return;
    }
    this.#keepStreak(key, result.outcome);
    this.#add(key, nowMs + result.requeueAfterMs, result.urgency);
    if (!this.#stopping.signal.aborted) this.#watchProbes(key, result.probes, result.region);
  }

  #keepStreak(key: string, outcome: PassOutcome): void {
    this.#putStreak(key, streakAfter(this.#streaks.get(key), outcome));
  }

  #putStreak(key: string, streak: Streak | undefined): void {
    if (this.#streaks.get(key)?.of === "failed") this.#failing -= 1;
    if (streak?.of === "failed") this.#failing += 1;
    if (streak === undefined) this.#streaks.delete(key);
    else this.#streaks.set(key, streak);
  }

  /**
   * While AWS is at work, one cheap read at a time decides when a whole pass is worth its reads. The slowest of
   * them says when the first look is worth its call; the first that is not settled is asked again.
   */
  #watchProbes(key: string, probes: readonly Probe[], region: string): void {
    if (probes.length === 0) return;
    let waiting = probes;
    const watch: Watch = { cancel: () => {} };
    this.#watches.set(key, watch);
    const ask = async () => {
      const [probe, ...rest] = waiting;
      if (probe === undefined) return;
      const isSettled = await this.#ask(keyOfText(key), probe, region);
      // A pass has begun meanwhile: it looks for itself, and watches what it has seen.
      if (this.#stopping.signal.aborted || this.#watches.get(key) !== watch) return;
      if (isSettled) waiting = rest;
      const [next] = waiting;
      if (next === undefined || next.isImpliedByOthers) this.request(keyOfText(key), "verification");
      else later(isSettled ? 0 : next.everyMs);
    };
    const later = (delayMs: number) => {
      watch.cancel = this.#deps.clock.schedule(delayMs, () => void ask());
    };
    later(Math.max(...probes.map((probe) => probe.firstAfterMs)));
  }

  /** A question that fails is asked again later; the resync comes anyway. */
  async #ask(key: ObjectKey, probe: Probe, region: string): Promise<boolean> {
    const { operation, input } = probe.call;
    const notBeforeMs = this.#deps.clock.nowMs() - PROBE_AGE_MS;
    const demand = { key, region, urgency: "verification", notBeforeMs, isProbe: true } as const;
    try {
      const look = this.#deps.observatory.look(demand);
      return probe.isSettled(await look.call(operation, input, { signal: this.#stopping.signal }));
    } catch {
      return false;
    }
  }

  #endWatch(key: string): void {
    this.#watches.get(key)?.cancel();
    this.#watches.delete(key);
  }
}

function isReady({ conditions, generation, observedGeneration }: ServiceSummary): boolean {
  return observedGeneration === generation && conditionOf(conditions, "Ready")?.status === "True";
}
