/** The end of a pass: what it comes to, what the status says of it, and when the next one is due. */
import { healthOf } from "../health/healthy.ts";
import { instanceRowsOf } from "../health/instances.ts";
import { scorecardOf } from "../health/scorecard.ts";
import { textOfKey } from "../model/object.ts";
import type { WebServiceStatus } from "../model/status.ts";
import { backoffMs, STALLED_BACKOFF, TRANSIENT_BACKOFF } from "./core/backoff.ts";
import { CONFIRMATION_MS, OWN_WRITE_SETTLES_MS } from "./consistency/drift.ts";
import type { Decision } from "./core/plan.ts";
import type { Observation, ObservedResource } from "./core/resource.ts";
import {
  conditionsAfter,
  type Outcome,
  planViewOf,
  resourceRowsOf,
  turningPoints,
  unownedIn,
} from "./core/conditions.ts";
import { factsOf } from "./health-facts.ts";
import type { AlarmDetail } from "./kinds/alarm.ts";
import type { Probe } from "./kinds/kind.ts";
import { kindNamed } from "./kinds/registry.ts";
import type { TargetGroupDetail } from "./kinds/target-group.ts";
import { supersedeAll } from "./drift-ledger.ts";
import { observeInstances } from "./observe-instances.ts";
import { type Acted, isPaused, type Pass, type PassDependencies, type PassResult } from "./pass.ts";

/** After writes, a read that verifies them. */
const VERIFY_MS = 2_000;
const SLOW_MS = 60_000;

/** Reads what only health needs, writes the status and says when the next pass is due. */
export async function conclude(
  deps: PassDependencies,
  pass: Pass,
  acted: Acted,
  failures: number,
  signal: AbortSignal,
): Promise<PassResult> {
  const { object, tier, observation } = pass;
  const { store, clock } = deps;
  const isDeleting = object.metadata.deletionTimestamp !== undefined;
  const isEmpty = isDeleting && isEmptied(deps, pass, acted);
  if (isEmpty && isConfirmed(object.status?.emptySince, clock.nowMs())) {
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
  // Reads were cut short: what they did not say must not be told as if AWS could not be read.
  if (signal.aborted)
    return { outcome: "progressing", requeueAfterMs: 0, probes: [], region: tier.spec.region };
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
    isSettling: pass.isSettling,
    openDrift: store.openDrift(tier.key).length,
    isPaused: isPaused(object),
    isDeleting,
    health: healthOf(facts),
  };
  const next = nextPass(deps, outcome, acted, failures);
  const emptySince = isEmpty
    ? (object.status?.emptySince ?? new Date(clock.nowMs()).toISOString())
    : undefined;
  writeStatus(deps, pass, outcome, facts, { requeueAfterMs: next.requeueAfterMs, emptySince });
  if (isEmpty)
    return {
      outcome: "progressing",
      requeueAfterMs: CONFIRMATION_MS + 1_000,
      probes: [],
      region: tier.spec.region,
    };
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

/** One empty answer may be a lie, and after the release nobody would ever look again. */
function isConfirmed(emptySince: string | undefined, nowMs: number): boolean {
  return emptySince !== undefined && nowMs - Date.parse(emptySince) >= CONFIRMATION_MS;
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
function probesOf({ matching, holds }: Decision, nowMs: number): Probe[] {
  const resources = [...matching.current.values(), ...matching.orphans];
  const needed = new Map(holds.flatMap(({ trials }) => trials.map((trial) => [trial.id, trial.needed])));
  // While AWS refreshes a group's instances it takes no target group: the end of that is to be asked for first.
  const isRefreshing = resources.some(
    ({ kind, lifecycle }) => kind === "autoScalingGroup" && lifecycle === "provisioning",
  );
  const isEmpty = ({ detail }: ObservedResource) => (detail as TargetGroupDetail).targets.length === 0;
  const probes = resources
    .filter((resource) => !(isRefreshing && needed.has(resource.id) && isEmpty(resource)))
    .flatMap((resource) => kindNamed(resource.kind).probe?.(resource, nowMs, needed.get(resource.id)) ?? []);
  return [
    ...probes.filter((probe) => !probe.isImpliedByOthers),
    ...probes.filter((probe) => probe.isImpliedByOthers),
  ];
}

function writeStatus(
  deps: PassDependencies,
  pass: Pass,
  outcome: Outcome,
  facts: ReturnType<typeof factsOf>,
  { requeueAfterMs, emptySince }: { requeueAfterMs: number; emptySince: string | undefined },
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
    activities: activityRowsOf(facts, previous),
    scorecard: scorecardOf(facts),
    ...observedAtOf(observation, previous, nowIso),
    ...(emptySince === undefined ? {} : { emptySince }),
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

/** Activities are read only while something is going on; what they told stays, because AWS forgets it. */
function activityRowsOf(
  facts: ReturnType<typeof factsOf>,
  previous: WebServiceStatus | undefined,
): WebServiceStatus["activities"] {
  const earlier = previous?.activities ?? [];
  const rows = (facts.groups ?? []).flatMap((group) => {
    const read = group.activities.map(({ timeMs, status: state, description, cause }) => ({
      time: new Date(timeMs).toISOString(),
      autoScalingGroup: group.key,
      status: state,
      description,
      cause,
    }));
    return read.length > 0 ? read : earlier.filter((row) => row.autoScalingGroup === group.key);
  });
  return facts.groups === undefined ? earlier : rows;
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
