/**
 * One pass: observe → diff → plan → apply → record. It starts from the key and reads everything else; the middle
 * three are pure (`core/`), the ends are calls.
 */
import { LIMITS } from "../model/limits.ts";
import type { ObjectKey, WebService } from "../model/object.ts";
import type { PlanView } from "../model/status.ts";
import type { Store } from "../ports.ts";
import { type Applied, applyRound, folded } from "./apply.ts";
import { conclude } from "./conclude.ts";
import { type Correction, contestedIn } from "./consistency/field-conflicts.ts";
import { doubtsIn } from "./consistency/stale-lists.ts";
import { type DriftReport, driftIn } from "./consistency/drift.ts";
import { ownerOf } from "./core/names.ts";
import { type Comparison, decide, type PlanInput } from "./core/plan.ts";
import type { DesiredResource, Fields } from "./core/resource.ts";
import { planViewOf } from "./core/conditions.ts";
import { unansweredIn } from "./consistency/indeterminate-writes.ts";
import type { Tier } from "./kinds/kind.ts";
import { KINDS, kindNamed } from "./kinds/registry.ts";
import type { WebServiceSpec } from "./kinds/web-service.ts";
import { observe } from "./observe.ts";
import { type Acted, isPaused, type Pass, type PassDependencies, type PassResult } from "./pass.ts";
import { failuresIn, logRound, recordDone, recordDrift } from "./applied-record.ts";

/** A pass sends no more; those before it were looked at by the pass after them. */
const CALLS_LOOKED_AT = 100;

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
  const lacking = (pass.planInput.doubts ?? []).map(
    ({ key, kind, name }) => [key, `the ${kind} list lacks ${name}; a second read decides`] as const,
  );
  const rows = [...unread, ...lacking].map(([key, why]) => ({
    key,
    reason: "Unknown",
    message: `Cannot say: ${why}.`,
  }));
  return planViewOf({ actions: decision.actions, obstacles: [...decision.obstacles, ...rows] });
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
  const isUnprotected = spec.loadBalancer.attributes?.["deletion_protection.enabled"] === false;
  const planInput = {
    kindNamed,
    desired,
    observation,
    applied,
    failed: new Set<string>(),
    goal,
    isUnprotected,
  };
  const compared = decide({ ...planInput, withheld: new Map() });
  const calls = deps.store.calls({ service: key, limit: CALLS_LOOKED_AT });
  const unanswered = unansweredIn(calls, rows);
  const drift = driftIn(compared.comparisons, rows, nowMs(), unanswered);
  const contests = contestedIn(drift.findings, correctionsOf(deps.store, key, drift), nowMs());
  const doubts = doubtsIn(desired, observation, rows, drift, nowMs());
  const withheld = new Map(drift.withheld);
  for (const { finding } of contests)
    withheld.set(finding.key, new Set([...(withheld.get(finding.key) ?? []), finding.field]));
  return {
    object,
    tier,
    desired,
    observation,
    planInput: {
      ...planInput,
      doubts: doubts.filter(({ isOver }) => !isOver),
      contested: contests.map(({ obstacle }) => obstacle),
    },
    compared,
    drift: { ...drift, withheld },
    doubts,
    unanswered,
    isSettling: drift.withheld.size > 0 || doubts.some(({ isOver }) => !isOver),
  };
}

/** What was put right lately, where something has moved again. */
function correctionsOf(
  store: Store,
  { namespace, name }: ObjectKey,
  { findings }: DriftReport,
): Correction[] {
  if (findings.length === 0) return [];
  return store
    .driftEvents({ namespace, service: name, state: "Corrected", limit: LIMITS.listPage })
    .items.map((event) => ({
      resource: event.resource,
      field: event.field,
      closedAtMs: Date.parse(event.closedTime ?? event.lastSeenTime),
    }));
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

/** Plans and applies, level by level: each round knows what AWS answered in the one before. */
async function act(deps: PassDependencies, pass: Pass, signal: AbortSignal): Promise<Acted> {
  const { object, planInput, drift } = pass;
  recordDrift(deps, pass);
  let observation = pass.observation;
  const failed = new Set<string>();
  const done: Applied[] = [];
  const suspected = new Set(drift.findings.flatMap(({ key, isConfirmed }) => (isConfirmed ? [] : [key])));
  const decideNow = () => decide({ ...planInput, observation, failed, suspected, withheld: drift.withheld });
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
        isCurrent: () => isCurrent(deps.store, object),
        isHalted: () => signal.aborted || isPausedBy(deps.store, object),
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

/** Whether somebody has paused the service since the pass began. */
function isPausedBy(store: Store, { metadata: { namespace, name } }: WebService): boolean {
  const now = store.get({ namespace, name });
  return now !== undefined && isPaused(now);
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
