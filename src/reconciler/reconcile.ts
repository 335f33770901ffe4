/**
 * One pass: observe → diff → plan → apply → record. It starts from the key and reads everything else; the middle
 * three are pure (`decide.ts` and what it calls), the ends are calls.
 */

import { healthOf } from "../health/tier.ts";
import { type Address, addressFrom } from "../model/address.ts";
import { isReportedOnly } from "../model/drift.ts";
import { LIMITS } from "../model/limits.ts";
import { isForced, isPaused, type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import type { PlanView } from "../model/status.ts";
import { iso } from "../model/time.ts";
import type { AppliedResource, CallRow, Store } from "../ports.ts";
import { checkAccount, rememberAccount, unseen, wrongAccount } from "./account-binding.ts";
import { rememberRead } from "./applied-record.ts";
import { type Applied, applyRound, folded } from "./apply.ts";
import type { Outcome } from "./conditions.ts";
import { type DriftReport, driftIn } from "./consistency/drift.ts";
import { type Correction, fieldConflictsIn } from "./consistency/field-conflicts.ts";
import { indeterminateWritesIn } from "./consistency/indeterminate-writes.ts";
import { ineffectiveWritesIn } from "./consistency/ineffective-writes.ts";
import { listLacksIn } from "./consistency/stale-lists.ts";
import { unconfirmedAbsencesIn } from "./consistency/unconfirmed-absences.ts";
import { isUnseen } from "./consistency/unseen-writes.ts";
import { isDoable, type Obstacle } from "./core/actions.ts";
import { type Hold, holdsFrom, sentenceOf } from "./core/holds.ts";
import { isComplete, type Observation } from "./core/observation.ts";
import { withOwnership } from "./core/ownership.ts";
import { planViewOf } from "./core/plan-view.ts";
import { ASSUMED_QUOTAS } from "./core/quotas.ts";
import type { DesiredResource, Fields } from "./core/resource.ts";
import { type Decision, type DecisionInput, decide, matchingOf } from "./decide.ts";
import { contextOf, desiredOf } from "./desired.ts";
import { closeSettled, placeOfEvent, recordFindings } from "./drift-ledger.ts";
import { isConfirmedEmpty, isEmptied, letGo } from "./finalize.ts";
import { factsOf } from "./health-facts.ts";
import { isActive } from "./kinds/auto-scaling-group/instance-refresh.ts";
import { KINDS, kindNamed } from "./kinds/registry.ts";
import { driftRulesOf } from "./kinds/web-service.ts";
import { rememberSeen } from "./made-record.ts";
import { movedRecords, withMoved } from "./moved-records.ts";
import { observe } from "./observe.ts";
import { observeInstances } from "./observe-instances.ts";
import { mayBeFull, readQuotas } from "./observe-quotas.ts";
import { failuresIn, logRound, recordDone } from "./outcomes.ts";
import type { Acted, Pass, PassDependencies, PassResult } from "./pass.ts";
import { isSlow, probesOf } from "./probes.ts";
import { requeueOf } from "./requeue.ts";
import { writeStatus } from "./status.ts";

/** Runs one pass for a key. @param failures how many passes of it in a row have failed before this one */
export async function reconcile(
  deps: PassDependencies,
  key: ObjectKey,
  failures: number,
  signal: AbortSignal,
): Promise<PassResult> {
  const object = deps.store.get(key);
  if (object === undefined) return { outcome: "gone" };
  const pass = await readAndCompare(deps, object, signal);
  recordDrift(deps, pass);
  const acted = await applyPlan(deps, pass, signal);
  return report(deps, pass, acted, failures, signal);
}

/** What a pass would do for this object, without doing it. */
export async function preview(
  deps: PassDependencies,
  object: WebService,
  signal: AbortSignal,
): Promise<PlanView> {
  const { decisionInput, observation, account } = await readAndCompare(deps, object, signal);
  const { actions, obstacles } = decide({ ...decisionInput, holds: [] });
  if (account.is === "wrong") return planViewOf({ actions, obstacles });
  const unread = [
    ...observation.unknownKinds,
    ...observation.unreadable.map(({ id, reason }) => [id, reason] as const),
  ];
  const lacking = decisionInput.listLacks.map(
    ({ address, kind, name }) => [address, sentenceOf({ because: "stale list", kind, name })] as const,
  );
  const unknown = [...unread, ...lacking].map(
    ([of, why]): Obstacle => ({
      address: addressFrom(of),
      reason: "Unknown",
      message: `Cannot say: ${why}.`,
    }),
  );
  return planViewOf({ actions, obstacles: [...obstacles, ...unknown] });
}

/** Among so many of its last calls a refusal for want of room makes a pass ask AWS how much there is. */
const RECENT_CALLS = 20;

/** Reads AWS, and says what it comes to: what is wanted, what is there, what moved, and what is not to be believed yet. */
async function readAndCompare(
  deps: PassDependencies,
  object: WebService,
  signal: AbortSignal,
): Promise<Pass> {
  const service = contextOf(deps.installation, object);
  const { spec, key } = service;
  const goal: DecisionInput["goal"] =
    object.metadata.deletionTimestamp === undefined ? "Converge" : spec.deletionPolicy;
  const desired = goal === "Converge" ? desiredOf(service) : [];
  const nowMs = () => deps.clock.nowMs();
  const cloud = deps.cloudFor(spec.region);
  const account = await checkAccount(deps, key, spec.region, signal);
  const made = deps.store.made(key);
  const seen =
    account.is === "right"
      ? await observe({ cloud, kinds: KINDS, service, desired, made, nowMs, signal })
      : unseen(KINDS, account.is === "unknown" ? account.reason : account.message);
  const observation = withOwnership({ observation: seen, desired, made });
  const stored = deps.store.applied(key);
  const { current } = matchingOf(desired, observation, kindNamed, made);
  const unanswered = indeterminateWritesIn(deps.store.unsettledCalls(key), stored);
  const moved = movedRecords(stored, desired, current, unanswered);
  const rows = withMoved(stored, moved);
  const calls = deps.store.calls({ service: key, limit: RECENT_CALLS });
  const isAsked = account.is === "right" && mayBeFull(kindNamed, observation, desired, calls);
  const quotas = isAsked ? await readQuotas(cloud, signal) : ASSUMED_QUOTAS;
  const decisionInput: DecisionInput = {
    kindNamed,
    desired,
    observation,
    applied: appliedFieldsOf(desired, rows),
    made,
    listLacks: [],
    holds: [],
    goal,
    quotas,
    isForced: isForced(object),
    drift: {
      rules: driftRulesOf(spec),
      records: rows,
      isUnseen: (address, field, wanted) => isUnseen(rows.get(address)?.unseen ?? {}, field, wanted),
    },
    isUnprotected: spec.loadBalancer.attributes?.["deletion_protection.enabled"] === false,
  };
  return judged(deps, { object, service, account, desired, observation, decisionInput, moved, rows });
}

/** Which of the differences are drift, and which must not be acted on yet. */
function judged(
  { store, clock }: PassDependencies,
  read: Pick<
    Pass,
    "object" | "service" | "account" | "desired" | "observation" | "decisionInput" | "moved"
  > & {
    readonly rows: ReadonlyMap<Address, AppliedResource>;
  },
): Pass {
  const { service, account, desired, observation, decisionInput, rows: applied } = read;
  const { made } = decisionInput;
  const compared = decide(decisionInput);
  const nowMs = clock.nowMs();
  const indeterminate = indeterminateWritesIn(store.unsettledCalls(service.key), applied);
  const drift = driftIn({ kindNamed, comparisons: compared.comparisons, applied, nowMs, indeterminate });
  const conflicts = fieldConflictsIn(
    drift.findings.filter(({ isLeft }) => isLeft !== true),
    correctionsOf(store, service.key, drift),
    nowMs,
  );
  const calls = journalOf(store, service.key);
  const listLacks = listLacksIn({ kindNamed, desired, observation, applied, drift, made, calls, nowMs });
  const unconfirmed = listLacks.filter(({ isConfirmed }) => !isConfirmed);
  const ineffective = ineffectiveWritesIn({
    comparisons: compared.comparisons,
    applied,
    generation: read.object.metadata.generation,
    nowMs,
  });
  const holds = [...drift.holds, ...conflicts.holds, ...ineffective.holds];
  return {
    ...read,
    decisionInput: {
      ...decisionInput,
      holds,
      listLacks: unconfirmed,
      conflicts:
        account.is === "wrong"
          ? [wrongAccount(account.message)]
          : [...conflicts.obstacles, ...ineffective.obstacles],
    },
    compared,
    drift,
    holds: holdsFrom(holds),
    listLacks,
    indeterminate,
    isSettling: drift.holds.length + unconfirmed.length > 0,
  };
}

/** The last calls, read only when they are asked for. */
function journalOf(store: Store, service: ObjectKey): () => readonly CallRow[] {
  return () => store.calls({ service, limit: LIMITS.listPage });
}

/** What was applied to a resource of another name says nothing of this one. */
function appliedFieldsOf(
  desired: readonly DesiredResource[],
  rows: ReadonlyMap<Address, AppliedResource>,
): ReadonlyMap<Address, Fields> {
  return new Map(
    desired.flatMap(({ address, name }) => {
      const row = rows.get(address);
      return row?.name === name ? [[address, row.fields] as const] : [];
    }),
  );
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
      address: addressFrom(event.resource),
      of: placeOfEvent(event),
      closedAtMs: Date.parse(event.closedTime ?? event.lastSeenTime),
    }));
}

/** Suspicions, confirmed drift and what is right again, in one commit, before anything is done about them. */
function recordDrift({ store, clock, log }: PassDependencies, pass: Pass): void {
  const { object, service, account, desired, compared, drift } = pass;
  if (account.is !== "right") return;
  const nowMs = clock.nowMs();
  store.transaction(() => {
    rememberAccount(store, object, account);
    rememberRead(store, pass, nowMs);
    rememberSeen(store, pass, nowMs);
    const ledger = { store, object, nowMs };
    for (const event of recordFindings(ledger, drift.findings)) {
      const { resource, field, desired: wanted, before, after } = event;
      log.warn(
        { service: textOfKey(service.key), resource, field, desired: wanted, before, after },
        "drift detected",
      );
    }
    closeSettled(ledger, compared.comparisons, new Set(desired.map(({ address }) => address)));
  });
}

/** Plans and applies, level by level: each round knows what AWS answered in the one before. */
async function applyPlan(deps: PassDependencies, pass: Pass, signal: AbortSignal): Promise<Acted> {
  const { object, service, decisionInput } = pass;
  let observation = pass.observation;
  const tried: Hold[] = [];
  let refused: ReadonlyMap<Address, string> = new Map();
  const done: Applied[] = [];
  const decideNow = (): Decision =>
    decide({ ...decisionInput, observation, refused, holds: [...tried, ...decisionInput.holds] });
  const first = decideNow();
  let last = first;
  for (let round = 0; round < LIMITS.roundsPerPass && !isPaused(object); round += 1) {
    const doable = last.actions.filter(isDoable);
    if (doable.length === 0 || signal.aborted || !isCurrent(deps.store, object)) break;
    const comparisons = new Map(last.comparisons.map((item) => [item.desired.address, item]));
    const answers = await applyRound(
      {
        cloud: deps.cloudFor(service.spec.region),
        store: deps.store,
        kindNamed,
        service: service.key,
        object,
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
    logRound(deps.log, service.key, answers);
    tried.push(...answers.filter(isNotKnown).map(({ action: { address } }) => holdOn(address)));
    refused = new Map(
      answers.flatMap(({ action, error }) =>
        action.verb === "create" && error?.category === "quota" ? [[action.address, error.code]] : [],
      ),
    );
    observation = folded(observation, answers);
    last = decideNow();
  }
  recordDone(deps.store, object, done);
  return {
    first,
    last,
    observation,
    hasActed: done.some((item) => item.error === undefined && item.stoppedAfter !== 0),
    failures: failuresIn(done),
  };
}

/** What is not known must not be acted on again before it has been read. */
function isNotKnown({ action, error, resource }: Applied): boolean {
  return error !== undefined || (resource === undefined && action.verb !== "reorder");
}

function holdOn(address: Address): Hold {
  return { address, reason: { because: "tried" } };
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

/**
 * Address of a group → generation whose instance refresh was begun last, of those that the journal still has near. It is
 * read only while there is one to tell of.
 */
function rolloutsOf(
  store: Store,
  service: ObjectKey,
  { resources }: Observation,
): ReadonlyMap<string, number> {
  const isUnderWay = resources.some(({ fleet }) => fleet?.refresh !== undefined && isActive(fleet.refresh));
  if (!isUnderWay) return new Map();
  const begun = store
    .calls({ service, limit: LIMITS.listPage })
    .filter(
      ({ operation, outcome }) => operation === "autoscaling:StartInstanceRefresh" && outcome !== "failed",
    );
  return new Map(begun.reverse().map(({ address, generation }) => [address, generation]));
}

/** How much has moved that is to be put right, and how much that is reported only. */
function openDriftIn(store: Store, service: ObjectKey): Pick<Outcome, "openDrift" | "reportedDrift"> {
  const open = store.openDrift(service);
  const reported = open.filter(isReportedOnly).length;
  return { openDrift: open.length - reported, reportedDrift: reported };
}

/** Reads what only health needs, writes the status, and says when the next pass is due. */
async function report(
  deps: PassDependencies,
  pass: Pass,
  acted: Acted,
  failures: number,
  signal: AbortSignal,
): Promise<PassResult> {
  const { object, service, observation } = pass;
  const { store, clock } = deps;
  const { region } = service.spec;
  const isEmpty = isEmptied(deps, pass, acted);
  if (isEmpty && isConfirmedEmpty(pass, clock.nowMs())) {
    letGo(deps, pass);
    return { outcome: "gone" };
  }
  const instances = await observeInstances(deps.cloudFor(region), acted.observation, signal);
  // Reads were cut short: what they did not say must not be told as if AWS could not be read.
  if (signal.aborted) return { outcome: "progressing", requeueAfterMs: 0, probes: [], region };
  const nowMs = clock.nowMs();
  const { deletionTimestamp } = object.metadata;
  const isDeleting = deletionTimestamp !== undefined;
  // What is being deleted serves until it is gone: it is found at the addresses that the spec gives it.
  const desired = isDeleting ? desiredOf(service) : pass.desired;
  const made = store.made(service.key);
  const unconfirmed = unconfirmedAbsencesIn({
    comparisons: pass.compared.comparisons,
    holds: pass.holds,
    listLacks: pass.listLacks,
    made,
    read: observation,
    known: acted.observation,
    calls: journalOf(store, service.key),
  });
  const facts = factsOf({
    observation: acted.observation,
    unconfirmed,
    desired,
    current: matchingOf(desired, acted.observation, kindNamed, made).current,
    comparisons: acted.last.comparisons,
    handovers: acted.last.handovers,
    madeIds: new Set(made.map(({ id }) => id)),
    instances,
    spec: service.spec,
    rollouts: rolloutsOf(store, service.key, acted.observation),
    nowMs,
  });
  const outcome: Outcome = {
    ...acted,
    observation,
    isSettling: pass.isSettling,
    unconfirmed,
    ...openDriftIn(store, service.key),
    isPaused: isPaused(object),
    isDeleting,
    deletingForMs: isDeleting ? nowMs - Date.parse(deletionTimestamp) : 0,
    health: healthOf(facts),
  };
  const probes = probesOf(acted.last, nowMs);
  const requeue = requeueOf({
    end: {
      isEmptied: isEmpty,
      isDeleting,
      isUnknown: !isComplete(observation) && pass.account.is !== "wrong",
      hasFailed: acted.failures.length > 0,
      isStalled: acted.last.obstacles.length > 0 || acted.failures.some(({ isTerminal }) => isTerminal),
      hasActed: acted.hasActed,
      isSlow: isSlow(probes),
      isSettling:
        pass.isSettling ||
        unconfirmed.length > 0 ||
        pass.drift.findings.some(({ isConfirmed }) => !isConfirmed),
      hasPlans: acted.last.actions.length > 0,
    },
    failures,
    random: deps.rng.next(),
    resyncMs: deps.resyncMs,
  });
  const emptySince = isEmpty ? (object.status?.emptySince ?? iso(nowMs)) : undefined;
  writeStatus(deps, pass, outcome, { facts, instances }, { requeueAfterMs: requeue.afterMs, emptySince });
  deps.log.debug(
    { service: textOfKey(service.key), outcome: requeue.outcome, afterMs: requeue.afterMs, why: requeue.why },
    "next pass",
  );
  return {
    outcome: requeue.outcome,
    requeueAfterMs: requeue.afterMs,
    probes: isEmpty ? [] : probes,
    region,
  };
}
