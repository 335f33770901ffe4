/**
 * One pass: observe → diff → plan → apply → record. It starts from the key and reads everything else; the middle
 * three are pure (`core/`), the ends are calls.
 */
import { healthOf } from "../health/healthy.ts";
import { instanceRowsOf } from "../health/instances.ts";
import { scorecardOf } from "../health/scorecard.ts";
import type { CloudError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { ANNOTATION_PAUSED, type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import type { PlanView, WebServiceStatus } from "../model/status.ts";
import { valuesEqual } from "../model/value.ts";
import type { Clock, CloudForRegion, Log, Rng, Store } from "../ports.ts";
import { type Applied, applyRound, folded } from "./apply.ts";
import { backoffMs, STALLED_BACKOFF, TRANSIENT_BACKOFF } from "./core/backoff.ts";
import { CONFIRMATION_MS, type DriftReport, driftIn, OWN_WRITE_SETTLES_MS } from "./core/drift.ts";
import { ownerOf } from "./core/names.ts";
import { type Comparison, type Decision, decide, type PlanInput } from "./core/plan.ts";
import type { DesiredResource, Fields, Observation } from "./core/resource.ts";
import {
  conditionsAfter,
  type Outcome,
  planViewOf,
  resourceRowsOf,
  turningPoints,
  unownedIn,
} from "./core/status.ts";
import { factsOf } from "./facts.ts";
import type { AlarmDetail } from "./kinds/alarm.ts";
import type { Probe, Tier } from "./kinds/kind.ts";
import { KINDS, kindNamed } from "./kinds/registry.ts";
import type { WebServiceSpec } from "./kinds/web-service.ts";
import { closeSettled, recordCorrections, recordFindings, supersedeAll } from "./ledger.ts";
import { observe } from "./observe.ts";
import { observeInstances } from "./observe-instances.ts";

export interface PassDependencies {
  readonly store: Store;
  readonly cloudFor: CloudForRegion;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  /** Tells two installations in one account apart. */
  readonly installation: string;
  readonly resyncMs: number;
}

/** After writes, a read that verifies them. */
const VERIFY_MS = 2_000;
const SLOW_MS = 60_000;

export type PassResult =
  | { readonly outcome: "gone" }
  | {
      readonly outcome: "converged" | "progressing" | "failed" | "stalled";
      /** When the next pass is due at the latest. */
      readonly requeueAfterMs: number;
      /** What can be asked cheaply meanwhile; when all are settled, a pass is worth its reads. */
      readonly probes: readonly Probe[];
      readonly region: string;
    };

/** Runs one pass for a key. @param failures how many passes of it in a row have failed before this one */
export async function reconcile(
  deps: PassDependencies,
  key: ObjectKey,
  failures: number,
  signal: AbortSignal,
): Promise<PassResult> {
  const object = deps.store.get(key);
  if (object === undefined) return { outcome: "gone" };
  const pass = await look(deps, object, signal);
  const outcome = await act(deps, pass, signal);
  return conclude(deps, pass, outcome, failures, signal);
}

/** What a pass would do for this object, without doing it. */
export async function preview(
  deps: PassDependencies,
  object: WebService,
  signal: AbortSignal,
): Promise<PlanView> {
  const pass = await look(deps, object, signal);
  const decision = decide({ ...pass.planInput, withheld: new Map() });
  const { unknownKinds, unreadable } = pass.observation;
  const unread = [...unknownKinds, ...[...unreadable].map(([id, { reason }]) => [id, reason] as const)];
  const rows = unread.map(([key, why]) => ({ key, reason: "Unknown", message: `Cannot say: ${why}.` }));
  return planViewOf({ actions: decision.actions, obstacles: [...decision.obstacles, ...rows] });
}

/** What a pass knows before it does anything. */
interface Pass {
  readonly object: WebService;
  readonly tier: Tier;
  readonly desired: readonly DesiredResource[];
  readonly observation: Observation;
  readonly planInput: Omit<PlanInput, "withheld">;
  /** Decided without holding anything back: the plain comparison. */
  readonly compared: Decision;
  readonly drift: DriftReport;
}

async function look(deps: PassDependencies, object: WebService, signal: AbortSignal): Promise<Pass> {
  const spec = object.spec as WebServiceSpec;
  const key: ObjectKey = { namespace: object.metadata.namespace, name: object.metadata.name };
  const tier: Tier = { key, owner: ownerOf(deps.installation, key), spec };
  const goal: PlanInput["goal"] =
    object.metadata.deletionTimestamp === undefined ? "Converge" : spec.deletionPolicy;
  const desired = goal === "Converge" ? desiredOf(tier) : [];
  const nowMs = () => deps.clock.nowMs();
  const cloud = deps.cloudFor(spec.region);
  const observation = await observe({ cloud, kinds: KINDS, tier, desired, nowMs, signal });
  const rows = new Map(deps.store.applied(key).map((row) => [row.resource, row]));
  const applied = new Map<string, Fields>();
  for (const resource of desired) {
    const row = rows.get(resource.key);
    if (row?.name === resource.name) applied.set(resource.key, row.fields);
  }
  const planInput = { kindNamed, desired, observation, applied, failed: new Set<string>(), goal };
  const compared = decide({ ...planInput, withheld: new Map() });
  return {
    object,
    tier,
    desired,
    observation,
    planInput,
    compared,
    drift: driftIn(compared.comparisons, rows, nowMs()),
  };
}

/** Everything that the spec asks for, in the order of the kinds. */
export function desiredOf(tier: Tier): DesiredResource[] {
  const byKind = new Map<string, readonly DesiredResource[]>();
  for (const kind of KINDS)
    byKind.set(
      kind.name,
      kind.desired(tier, (name) => byKind.get(name) ?? []),
    );
  return [...byKind.values()].flat();
}

type Acted = Pick<Outcome, "first" | "last" | "hasActed" | "failures" | "observation"> & {
  readonly applied: readonly Applied[];
};

/** Plans and applies, level by level: each round knows what AWS answered in the one before. */
async function act(deps: PassDependencies, pass: Pass, signal: AbortSignal): Promise<Acted> {
  const { object, planInput, drift } = pass;
  recordDrift(deps, pass);
  let observation = pass.observation;
  const failed = new Set<string>();
  const done: Applied[] = [];
  const decideNow = () => decide({ ...planInput, observation, failed, withheld: drift.withheld });
  const first = decideNow();
  let last = first;
  for (let round = 0; round < LIMITS.roundsPerPass && !isPaused(object); round += 1) {
    const doable = last.actions.filter((action) => action.calls.length > 0);
    if (doable.length === 0 || signal.aborted || !isCurrent(deps.store, object)) break;
    const comparisons = new Map<string, Comparison>(last.comparisons.map((item) => [item.desired.key, item]));
    const answers = await applyRound(
      {
        cloud: deps.cloudFor(pass.tier.spec.region),
        store: deps.store,
        kindNamed,
        service: pass.tier.key,
        generation: object.metadata.generation,
        planDigest: planViewOf(first).digest,
        nowMs: () => deps.clock.nowMs(),
        signal,
      },
      doable,
      comparisons,
      observation,
    );
    done.push(...answers);
    logRound(deps.log, pass.tier.key, answers);
    for (const { action, error, resource } of answers) {
      // What is not known must not be acted on again before it has been read.
      if (error !== undefined || (resource === undefined && action.verb !== "arrange"))
        failed.add(action.key);
    }
    observation = folded(observation, answers);
    last = decideNow();
  }
  recordDone(deps, object, done);
  return {
    first,
    last,
    observation,
    applied: done,
    hasActed: done.some((item) => item.error === undefined),
    failures: failuresIn(done),
  };
}

/** Another write of the user overtakes this pass: what is left of its plan may no longer be wanted. */
function isCurrent(store: Store, object: WebService): boolean {
  const { namespace, name, generation, uid, deletionTimestamp } = object.metadata;
  const now = store.get({ namespace, name });
  return (
    now?.metadata.uid === uid &&
    now.metadata.generation === generation &&
    now.metadata.deletionTimestamp === deletionTimestamp &&
    isPaused(now) === isPaused(object)
  );
}

function isPaused(object: WebService): boolean {
  return object.metadata.annotations?.[ANNOTATION_PAUSED] === "true";
}

function failuresIn(done: readonly Applied[]): Outcome["failures"] {
  return done.flatMap(({ action, error }) => (error === undefined ? [] : [failureOf(action.key, error)]));
}

const TERMINAL: readonly string[] = ["invalid", "quota", "conflict", "unauthorized", "unsupported"];

function failureOf(key: string, error: CloudError): Outcome["failures"][number] {
  const isTerminal = TERMINAL.includes(error.category);
  const detail = isTerminal ? `${error.code}: ${error.message}` : `${error.code} (${error.category})`;
  return { key, message: `${key}: ${error.operation} was refused with ${detail}`, isTerminal };
}

/** Suspicions, confirmed drift and what is right again, in one commit. */
function recordDrift(deps: PassDependencies, { object, tier, desired, compared, drift }: Pass): void {
  const { store } = deps;
  const nowMs = deps.clock.nowMs();
  store.transaction(() => {
    rememberWhatIsRight(store, tier.key, compared, drift, object.metadata.generation);
    const ledger = { store, object, nowMs };
    for (const event of recordFindings(ledger, drift.findings)) {
      const { resource, field, desired: wanted, before, after } = event;
      deps.log.warn(
        { service: textOfKey(tier.key), resource, field, desired: wanted, before, after },
        "drift detected",
      );
    }
    closeSettled(ledger, compared.comparisons, new Set(desired.map((resource) => resource.key)));
  });
}

/**
 * What a read shows to equal the spec counts as applied, whoever did it; fields that still differ keep their
 * record, because it tells drift from rollout. Suspicions stand in the same rows.
 */
function rememberWhatIsRight(
  store: Store,
  service: ObjectKey,
  compared: Decision,
  drift: DriftReport,
  generation: number,
): void {
  const rows = new Map(store.applied(service).map((row) => [row.resource, row]));
  const wanted = new Set(compared.comparisons.map(({ desired }) => desired.key));
  for (const { desired, observed, fields, differences } of compared.comparisons) {
    const row = rows.get(desired.key);
    const same = row?.name === desired.name ? row : undefined;
    if (observed === undefined && same === undefined) continue;
    const differing = new Set(differences.map(({ field }) => field));
    if (observed?.lifecycle === "provisioning")
      for (const field of kindNamed(desired.kind).gradualFields ?? []) differing.add(field);
    const right = Object.entries(fields).filter(([field]) => observed !== undefined && !differing.has(field));
    const kept = Object.entries(same?.fields ?? {}).filter(
      ([field]) => observed === undefined || differing.has(field) || desired.fields[field] !== undefined,
    );
    const suspects = drift.findings.filter((finding) => finding.key === desired.key);
    const next = {
      resource: desired.key,
      kind: desired.kind,
      name: desired.name,
      ...(observed === undefined ? (same?.id === undefined ? {} : { id: same.id }) : { id: observed.id }),
      fields: { ...Object.fromEntries(kept), ...Object.fromEntries(right) },
      generation: same?.generation ?? generation,
      writtenAtMs: same?.writtenAtMs ?? 0,
      ...(suspects.length === 0
        ? {}
        : {
            suspectedAtMs: Object.fromEntries(
              suspects.map((finding) => [finding.field, finding.firstSeenMs]),
            ),
          }),
    };
    if (same === undefined || !valuesEqual(rowValue(next), rowValue(same))) store.putApplied(service, next);
  }
  const unread = compared.comparisons.length === 0;
  for (const resource of rows.keys())
    if (!unread && !wanted.has(resource) && !isUnread(compared, resource))
      store.removeApplied(service, resource);
}

/** A wanted resource of a kind that could not be read is not among the comparisons, and its record stays. */
function isUnread(compared: Decision, resource: string): boolean {
  return compared.unread.some((desired) => desired.key === resource);
}

function rowValue(row: object) {
  return JSON.parse(JSON.stringify(row));
}

function recordDone(deps: PassDependencies, object: WebService, done: readonly Applied[]): void {
  if (done.length === 0) return;
  const { store, clock } = deps;
  store.transaction(() => {
    recordCorrections({ store, object, nowMs: clock.nowMs() }, done);
    for (const { action, error } of done) {
      const what = `${kindNamed(action.kind).title} ${action.name}`;
      if (error !== undefined) {
        store.record(object, {
          type: "Warning",
          reason: "CallFailed",
          message: failureOf(action.key, error).message,
        });
      } else {
        store.record(object, {
          type: "Normal",
          reason: PAST[action.verb],
          message: `${PAST[action.verb]} ${what}: ${action.reason}.`,
        });
      }
    }
  });
}

const PAST = {
  create: "Created",
  update: "Updated",
  arrange: "Rearranged",
  delete: "Deleted",
  release: "Released",
} as const;

function logRound(log: Log, key: ObjectKey, answers: readonly Applied[]): void {
  for (const { action, error, requestId } of answers) {
    const fields = {
      service: textOfKey(key),
      verb: action.verb,
      resource: action.key,
      name: action.name,
      operations: action.calls.map((call) => call.operation),
      fields: action.differences.map((difference) => difference.field),
      requestId,
    };
    if (error === undefined) log.info(fields, "action applied");
    else
      log.warn(
        { ...fields, code: error.code, category: error.category, error: error.message },
        "action failed",
      );
  }
}

/** The end of a pass: health, status and the time of the next one. */
async function conclude(
  deps: PassDependencies,
  pass: Pass,
  acted: Acted,
  failures: number,
  signal: AbortSignal,
): Promise<PassResult> {
  const { object, tier, observation } = pass;
  const { store, clock } = deps;
  const isDeleting = object.metadata.deletionTimestamp !== undefined;
  if (isDeleting && isEmptied(deps, pass, acted)) {
    store.transaction(() => {
      supersedeAll({ store, object, nowMs: clock.nowMs() });
      store.record(object, {
        type: "Normal",
        reason: "Deleted",
        message: "AWS holds nothing of this service any more.",
      });
      store.release(tier.key, object.metadata.uid);
    });
    deps.log.info({ service: textOfKey(tier.key) }, "service released");
    return { outcome: "gone" };
  }
  const machines = await observeInstances(deps.cloudFor(tier.spec.region), acted.observation, signal);
  const facts = factsOf({
    observation: acted.observation,
    current: acted.last.matching.current,
    machines,
    spec: tier.spec,
    nowMs: clock.nowMs(),
  });
  const outcome: Outcome = {
    ...acted,
    observation,
    isSettling: pass.drift.withheld.size > 0,
    openDrift: store.openDrift(tier.key).length,
    isPaused: isPaused(object),
    isDeleting,
    health: healthOf(facts),
  };
  const next = nextPass(deps, outcome, acted, failures);
  writeStatus(deps, pass, outcome, facts, next.requeueAfterMs);
  return { ...next, probes: probesOf(acted.last, clock.nowMs()), region: tier.spec.region };
}

/**
 * Positive evidence only: everything was read, nothing of ours was there, and the last call of ours is so long ago
 * that a list which lags behind cannot hide what it made.
 */
function isEmptied(deps: PassDependencies, { observation, tier }: Pass, { first, hasActed }: Acted): boolean {
  const isKnown = observation.unknownKinds.size + observation.unreadable.size === 0;
  if (!isKnown || hasActed || first.matching.orphans.length > 0) return false;
  const [last] = deps.store.calls({ service: tier.key, limit: 1 });
  const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : deps.clock.nowMs() - Date.parse(last.time);
  return sinceMs < 0 || sinceMs >= OWN_WRITE_SETTLES_MS;
}

function nextPass(
  deps: PassDependencies,
  outcome: Outcome,
  { last, failures: refused }: Acted,
  failures: number,
): { outcome: "converged" | "progressing" | "failed" | "stalled"; requeueAfterMs: number } {
  const random = deps.rng.next();
  const isStalled = last.obstacles.length > 0 || refused.some((failure) => failure.isTerminal);
  const isUnknown = outcome.observation.unknownKinds.size + outcome.observation.unreadable.size > 0;
  const within = (ms: number) => Math.min(ms, deps.resyncMs);
  if (refused.length > 0 && !isStalled)
    return { outcome: "failed", requeueAfterMs: backoffMs(TRANSIENT_BACKOFF, failures + 1, random) };
  if (isUnknown)
    return { outcome: "failed", requeueAfterMs: backoffMs(TRANSIENT_BACKOFF, failures + 1, random) };
  if (outcome.hasActed) return { outcome: "progressing", requeueAfterMs: verifyAfterMs(deps, outcome) };
  if (outcome.isSettling) return { outcome: "progressing", requeueAfterMs: CONFIRMATION_MS + 1_000 };
  if (isStalled)
    return { outcome: "stalled", requeueAfterMs: within(backoffMs(STALLED_BACKOFF, failures + 1, random)) };
  if (outcome.isDeleting) return { outcome: "progressing", requeueAfterMs: within(10_000) };
  // A tenth of jitter keeps many services from asking AWS in step.
  const requeueAfterMs = Math.round(deps.resyncMs * (0.9 + 0.1 * random));
  return { outcome: last.actions.length > 0 ? "progressing" : "converged", requeueAfterMs };
}

/** What AWS needs minutes for is not worth reading after seconds: the probes, or the resync, verify it. */
function verifyAfterMs({ clock, resyncMs }: PassDependencies, { last }: Outcome): number {
  const isSlow = probesOf(last, clock.nowMs()).some((probe) => probe.firstAfterMs >= SLOW_MS);
  return isSlow ? resyncMs : VERIFY_MS;
}

/** Those that imply others come first. */
function probesOf({ matching }: Decision, nowMs: number): Probe[] {
  const resources = [...matching.current.values(), ...matching.orphans];
  const probes = resources.flatMap((resource) => kindNamed(resource.kind).probe?.(resource, nowMs) ?? []);
  return [...probes.filter((probe) => !probe.isImpliedByOthers), ...probes.filter((probe) => probe.isImpliedByOthers)];
}

function writeStatus(
  deps: PassDependencies,
  pass: Pass,
  outcome: Outcome,
  facts: ReturnType<typeof factsOf>,
  requeueAfterMs: number,
): void {
  const { object, tier, observation } = pass;
  const { store, clock } = deps;
  const nowMs = clock.nowMs();
  const nowIso = new Date(nowMs).toISOString();
  const { generation } = object.metadata;
  const previous = store.get(tier.key)?.status;
  const conditions = conditionsAfter(previous?.conditions ?? [], outcome, generation, nowIso);
  const applied = new Map(store.applied(tier.key).map((row) => [row.resource, row.fields]));
  const unowned = unownedIn(outcome.first, observation, applied);
  const { current } = outcome.last.matching;
  const dnsName = current.get("loadBalancer")?.attributes.dnsName ?? previous?.dnsName;
  const status: WebServiceStatus = {
    observedGeneration: generation,
    conditions,
    ...(dnsName === undefined ? {} : { dnsName }),
    resources: resourceRowsOf(outcome),
    instances: instanceRowsOf(facts),
    alarms: alarmRowsOf(outcome.last),
    unowned,
    activities: (facts.groups ?? []).flatMap((group) =>
      group.activities.map(({ timeMs, status: state, description, cause }) => ({
        time: new Date(timeMs).toISOString(),
        autoScalingGroup: group.key,
        status: state,
        description,
        cause,
      })),
    ),
    scorecard: scorecardOf(facts),
    ...observedAtOf(observation, previous, nowIso),
    nextPassAt: new Date(nowMs + requeueAfterMs).toISOString(),
    waitingFor: outcome.last.actions.flatMap((action) =>
      action.blockedBy.map((blocker) => `${action.verb} ${action.key}: ${blocker}`),
    ),
    ...(outcome.isPaused && outcome.last.actions.length > 0 ? { plan: planViewOf(outcome.last) } : {}),
  };
  store.transaction(() => {
    store.updateStatus(tier.key, object.metadata.uid, status);
    for (const occurrence of turningPoints(previous?.conditions, conditions))
      store.record(object, occurrence);
    const known = new Set(previous?.unowned.map((row) => row.id));
    for (const row of unowned.filter((candidate) => !known.has(candidate.id))) {
      store.record(object, {
        type: "Warning",
        reason: "UnownedResource",
        message: `${row.on} carries ${row.description} (${row.id}). It is left alone.`,
      });
    }
  });
}

function observedAtOf(
  observation: Observation,
  previous: WebServiceStatus | undefined,
  nowIso: string,
): { observedAt?: string } {
  if (observation.unknownKinds.size + observation.unreadable.size === 0) return { observedAt: nowIso };
  return previous?.observedAt === undefined ? {} : { observedAt: previous.observedAt };
}

function alarmRowsOf({ matching }: Decision): WebServiceStatus["alarms"] {
  return [...matching.current]
    .filter(([, resource]) => resource.kind === "alarm")
    .map(([key, resource]) => {
      const { state, reason, sinceMs } = resource.detail as AlarmDetail;
      return {
        key,
        name: resource.name,
        state,
        ...(reason === undefined ? {} : { reason }),
        ...(sinceMs === undefined ? {} : { since: new Date(sinceMs).toISOString() }),
      };
    });
}
