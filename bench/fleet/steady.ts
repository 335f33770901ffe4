/** What a fleet that stands costs its account, how old what is known of it is, and how soon it answers. */
import { type Freshness, READ_CLASSES, type ReadClass } from "../../src/model/fleet/freshness.ts";
import { type ObjectKey, textOfKey } from "../../src/model/object.ts";
import type { Rng } from "../../src/ports.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { example } from "../../test/support/example.ts";
import type { Installation } from "../../test/support/installation.ts";
import { percentile } from "./arithmetic.ts";
import { arnOf, type Meddling, meddlingWith } from "./meddling.ts";
import { ownProcessorTime, type ProcessorTime } from "./processor.ts";
import { Fleet, isTrue } from "./world.ts";

const ELB_PER_SECOND = 10;
/** Of each: edits by a person, and calls that a person makes beside the daemon; at moments spread over so much time. */
const SAMPLES = 9;
const SPREAD_MS = 300_000;
const WINDOW_LEAST_MS = 600_000;
/** Longer than the longest promise, so that what is promised comes round at least once. */
const ROUNDS = 1.1;
const AGAIN_MS = 1_000;
const OTHERS_MS = 300_000;
const OTHERS_EVERY_MS = 1000 / 3;
/** Of a first look at everything, or of an answer, before it is called missing; for each service, and at the least. */
const PATIENCE_MS = { perService: 4_000, least: 1_800_000 };
/** As much of the window is profiled. */
const PROFILED_MS = 300_000;

/** What a fleet has to do with events of AWS's, where it has; `undefined`: it polls. */
export interface EventsSetting {
  readonly delayMs: number;
  /** Connects the account's events to the daemon. */
  connect(fleet: Fleet): Promise<void>;
}

export interface Steady {
  readonly services: number;
  /** How late AWS's events are; absent where there are none. */
  readonly eventsAfterSeconds?: number;
  readonly elbShare: number;
  /** Seconds, 95th percentile over services and time; and what the daemon promises of the service that it promises least. */
  readonly ages: Readonly<Record<ReadClass, { readonly seconds: number; readonly promisedSeconds?: number }>>;
  readonly person: { readonly firstCallSeconds: number[]; readonly inSyncSeconds: number[] };
  readonly drift: { readonly seconds: number[]; readonly left: readonly string[] };
  readonly others: { readonly calls: number; readonly throttled: number };
  readonly ours: { readonly calls: number; readonly throttled: number };
  readonly refused: ReadonlyMap<string, number>;
  /** Calls until everything was read once: after a restart, and as a matter of routine; with the seconds that it took. */
  readonly rounds: Readonly<
    Record<"restart" | "routine", { readonly calls: number; readonly seconds: number }>
  >;
  readonly processor: ProcessorTime;
  readonly windowSeconds: number;
}

export async function measureSteady(services: number, events?: EventsSetting): Promise<Steady> {
  const fleet = await Fleet.standing(services);
  await events?.connect(fleet);
  fleet.limitRates();
  const restart = await restartRound(fleet);
  if (events !== undefined)
    await fleet.until(() => fleet.isFlowing("us-east-1"), 2 * events.delayMs + FLOWING_MS);
  const warmUpMs = longestPromiseMs(fleet) * ROUNDS - restart.seconds * 1000;
  await fleet.pass(Math.max(STEADY_AFTER_MS, warmUpMs));
  const quiet = await quietWindow(fleet, Math.max(restart.seconds * 1000, longestPromiseMs(fleet)) * ROUNDS);
  const answers = await answersOf(fleet);
  const others = await besideOthers(fleet);
  const { ours, refused } = fleet;
  await fleet.installation.waiting(fleet.installation.controller.stop());
  return {
    services,
    ...(events !== undefined && { eventsAfterSeconds: events.delayMs / 1000 }),
    ...quiet,
    ...answers,
    others,
    ours: { calls: ours.all, throttled: ours.throttled },
    refused,
    rounds: { restart, routine: quiet.routine },
  };
}

/** Until the daemon has seen that events come. */
const FLOWING_MS = 1_800_000;
/** After the first round, before routine is called routine. */
const STEADY_AFTER_MS = 120_000;

async function restartRound(fleet: Fleet) {
  await fleet.installation.restart();
  return round(fleet);
}

/** From now until everything of every service was asked for once more. */
async function round(fleet: Fleet): Promise<{ calls: number; seconds: number }> {
  const beginMs = fleet.installation.clock.nowMs();
  const before = fleet.ours.all;
  await fleet.until(() => fleet.ages.isReadSince(beginMs), patienceMs(fleet));
  return { calls: fleet.ours.all - before, seconds: fleet.secondsSince(beginMs) };
}

function patienceMs({ keys }: Fleet): number {
  return Math.max(PATIENCE_MS.least, PATIENCE_MS.perService * keys.length);
}

async function quietWindow(fleet: Fleet, lengthMs: number) {
  const windowMs = Math.max(WINDOW_LEAST_MS, lengthMs);
  const { clock } = fleet.installation;
  const beginMs = clock.nowMs();
  const before = { elb: fleet.ours.elb, all: fleet.ours.all };
  const seen: Record<ReadClass, number[]> = { health: [], structure: [], attributes: [] };
  let routine: { calls: number; seconds: number } | undefined;
  const look = () => {
    for (const one of READ_CLASSES)
      for (const age of fleet.ages.agesOf(one, clock.nowMs())) seen[one].push(age);
    if (routine === undefined && fleet.ages.isReadSince(beginMs))
      routine = { calls: fleet.ours.all - before.all, seconds: fleet.secondsSince(beginMs) };
  };
  const profiledMs = Math.min(PROFILED_MS, windowMs);
  const processor = await ownProcessorTime(() => fleet.pass(profiledMs, look), profiledMs);
  await fleet.pass(windowMs - profiledMs, look);
  const elbShare = ((fleet.ours.elb - before.elb) * 1000) / windowMs / ELB_PER_SECOND;
  const ages = Object.fromEntries(
    READ_CLASSES.map((one) => [
      one,
      { seconds: percentile(seen[one], 0.95) / 1000, ...promised(fleet, one) },
    ]),
  ) as Steady["ages"];
  return {
    elbShare,
    ages,
    processor,
    windowSeconds: windowMs / 1000,
    routine: routine ?? { calls: Number.NaN, seconds: Number.NaN },
  };
}

/** Until the installation has it, nothing is promised. */
type Promising = Installation & { freshnessOf?(key: ObjectKey): Freshness | undefined };

function promised(fleet: Fleet, readClass: ReadClass): { promisedSeconds?: number } {
  const installation: Promising = fleet.installation;
  const all = fleet.keys.flatMap((key) => installation.freshnessOf?.(key)?.[readClass].promisedSeconds ?? []);
  return all.length === 0 ? {} : { promisedSeconds: all.reduce((a, b) => Math.max(a, b)) };
}

function longestPromiseMs(fleet: Fleet): number {
  return Math.max(...READ_CLASSES.map((one) => promised(fleet, one).promisedSeconds ?? 0)) * 1000;
}

/** Edits and meddling, each with a service of its own, at random moments. */
async function answersOf(fleet: Fleet) {
  const rng = seededRng(fleet.keys.length);
  const keys = shuffled(fleet.keys, rng);
  const edits = keys.slice(0, SAMPLES).map((key) => edit(fleet, key, rng.next() * SPREAD_MS));
  const meddlings = keys
    .slice(SAMPLES, 2 * SAMPLES)
    .map((key, turn) => meddle(fleet, key, turn, rng.next() * SPREAD_MS));
  fleet.onCall = (call) => {
    if (call.mutating) for (const one of edits) one.called(JSON.stringify(call.input));
  };
  fleet.onChange = (call) => {
    for (const one of meddlings) one.changed(JSON.stringify(call.input));
  };
  const unsubscribe = fleet.onService((object) => {
    if (isTrue(object, "Synced")) for (const one of edits) one.synced(textOfKey(object.metadata));
  });
  await fleet.pass(SPREAD_MS);
  await fleet.until(() => [...edits, ...meddlings].every((one) => one.isOver()), patienceMs(fleet));
  unsubscribe();
  fleet.onCall = () => {};
  fleet.onChange = () => {};
  return {
    person: {
      firstCallSeconds: edits.map((one) => one.firstCallSeconds()),
      inSyncSeconds: edits.map((one) => one.inSyncSeconds()),
    },
    drift: {
      seconds: meddlings.map((one) => one.seconds()),
      left: meddlings.filter((one) => !one.isOver()).map((one) => one.what()),
    },
  };
}

/** A person changes a health check. */
function edit(fleet: Fleet, key: ObjectKey, afterMs: number) {
  const { installation } = fleet;
  const { clock } = installation;
  const names = [arnOf(installation.get(key), "targetGroup"), arnOf(installation.get(key), "loadBalancer")];
  let begunMs = Number.NaN;
  let calledMs = Number.NaN;
  let syncedMs = Number.NaN;
  clock.schedule(afterMs, () => {
    begunMs = clock.nowMs();
    const spec = example()
      .withTargetGroup("web", { healthCheck: { unhealthyThresholdCount: 4 } })
      .spec();
    installation.post(spec, key.name);
  });
  return {
    called: (input: string) => {
      const isFirst = !Number.isNaN(begunMs) && Number.isNaN(calledMs);
      if (isFirst && names.some((name) => input.includes(name))) calledMs = clock.nowMs();
    },
    synced: (text: string) => {
      if (text === textOfKey(key) && !Number.isNaN(begunMs) && Number.isNaN(syncedMs))
        syncedMs = clock.nowMs();
    },
    isOver: () => !Number.isNaN(syncedMs),
    firstCallSeconds: () => (calledMs - begunMs) / 1000,
    inSyncSeconds: () => (syncedMs - begunMs) / 1000,
  };
}

/** A person changes something in AWS's console. */
function meddle(fleet: Fleet, key: ObjectKey, turn: number, afterMs: number) {
  const { installation } = fleet;
  const { clock, account } = installation;
  let done: Meddling | undefined;
  let begunMs = Number.NaN;
  let rightMs = Number.NaN;
  // Whoever is throttled tries again: it begins with the call that AWS has let through.
  const attempt = (meddling: Meddling) => {
    begunMs = clock.nowMs();
    const again = () => void clock.schedule(AGAIN_MS, () => attempt(meddling));
    fleet.asSomebodyElse("elasticloadbalancing", meddling.operation, meddling.input, again);
  };
  clock.schedule(afterMs, () => {
    done = meddlingWith(installation.get(key), account, turn);
    attempt(done);
  });
  return {
    changed: (input: string) => {
      if (done === undefined || !Number.isNaN(rightMs) || !input.includes(done.arn)) return;
      if (done.isRight()) rightMs = clock.nowMs();
    },
    isOver: () => !Number.isNaN(rightMs),
    what: () => done?.what ?? "nothing",
    seconds: () => (rightMs - begunMs) / 1000,
  };
}

/** Somebody else reads of Elastic Load Balancing, three times a second, without ever trying again. */
async function besideOthers(fleet: Fleet) {
  const before = { ...fleet.others };
  const { clock } = fleet.installation;
  const untilMs = clock.nowMs() + OTHERS_MS;
  const read = () => {
    fleet.asSomebodyElse("elasticloadbalancing", "DescribeTargetGroups", { PageSize: 1 });
    if (clock.nowMs() + OTHERS_EVERY_MS < untilMs) clock.schedule(OTHERS_EVERY_MS, read);
  };
  read();
  await fleet.pass(OTHERS_MS);
  return {
    calls: fleet.others.all - before.all,
    throttled: fleet.others.throttled - before.throttled,
  };
}

function shuffled<T>(list: readonly T[], rng: Rng): T[] {
  const drawn = list.map((item) => ({ item, at: rng.next() }));
  return drawn.sort((a, b) => a.at - b.at).map(({ item }) => item);
}
