/**
 * One pass: observe → diff → plan → apply → record. It starts from the key and reads everything else; the middle
 * three are pure (`decide.ts` and what it calls), the ends are calls.
 */

import type { Address } from "../model/address.ts";
import { lookupRowsOf } from "../model/lookups.ts";
import {
  ANNOTATION_ROLLOUT_REQUESTED_AT,
  isForced,
  isOnlyObserved,
  type ObjectKey,
  textOfKey,
  type WebService,
} from "../model/object.ts";
import type { AppliedResource, Look, LookDemand, MadeResource } from "../ports.ts";
import { checkAccount, rememberAccount, unseen, wrongAccount } from "./account-binding.ts";
import { rememberRead } from "./applied-record.ts";
import { applyPlan } from "./apply-plan.ts";
import { consentOf, rememberApproval } from "./consent.ts";
import { askedCorrections } from "./consistency/asked-corrections.ts";
import { correctionRequestedIn } from "./consistency/correction-request.ts";
import { driftIn, isSettling, putsBack } from "./consistency/drift.ts";
import { foreignIn } from "./consistency/epochs.ts";
import { fieldConflictsIn } from "./consistency/field-conflicts.ts";
import { indeterminateWritesIn } from "./consistency/indeterminate-writes.ts";
import { ineffectiveWritesIn } from "./consistency/ineffective-writes.ts";
import { isOwnRefresh, rolloutsAfter } from "./consistency/rollouts.ts";
import { listLacksIn } from "./consistency/stale-lists.ts";
import { atTime } from "./consistency/time-bound.ts";
import { isUnseen } from "./consistency/unseen-writes.ts";
import { isAdoptionLeft } from "./core/belonging/adoption.ts";
import { ANNOTATION_NO_LONGER_MANAGED_BY, formerManagersIn } from "./core/belonging/managed-elsewhere.ts";
import { isOurs, mandateOf } from "./core/belonging/mandate.ts";
import { withOwnership } from "./core/belonging/ownership.ts";
import { holdsFrom } from "./core/holds.ts";
import { withPredecessors } from "./core/predecessors.ts";
import { comparedIn, type DecisionInput, decide, matchingOf } from "./decide.ts";
import { closeSettled, pastOf, recordFindings } from "./drift-ledger.ts";
import { epochIn, rememberEpochs } from "./epochs/judged.ts";
import { isToBeLeft, leave } from "./finalize.ts";
import { isUnlockedIn } from "./kinds/deletion-locks.ts";
import { KINDS, kindNamed } from "./kinds/registry.ts";
import { driftRulesOf } from "./kinds/web-service.ts";
import { lookAgain } from "./look-again.ts";
import { isAsBefore } from "./looks/as-before.ts";
import { askedAnew, demandOf, type Occasion, regionOf } from "./looks/occasion.ts";
import { rememberSeen } from "./made-record.ts";
import { appliedFieldsOf, movedRecords, withMoved } from "./moved-records.ts";
import { readingOnly } from "./narrow-clouds.ts";
import { type ObserveInput, observe } from "./observe.ts";
import { makesMore, mayBeFull, quotasIn } from "./observe-quotas.ts";
import { journalOf } from "./outcomes.ts";
import type { Pass, PassDependencies, PassResult, Revision } from "./pass.ts";
import { report } from "./report.ts";
import type { Trouble } from "./requeue.ts";
import { rememberRollouts } from "./rollouts/record.ts";
import { editedWith, meaningOf } from "./service-context.ts";

/**
 * Runs one pass for a key.
 * @param occasion why, and how fresh what it reads has to be
 * @param trouble what is known of earlier ones that have failed
 */
export async function reconcile(
  deps: PassDependencies,
  key: ObjectKey,
  occasion: Occasion,
  trouble: Trouble,
  signal: AbortSignal,
): Promise<PassResult> {
  const looked = deps.store.lookups(key).length === 0 ? [] : await lookAgain(deps, key, signal);
  const object = deps.store.get(key);
  if (object === undefined) {
    deps.epochsRead.delete(textOfKey(key));
    return { outcome: "gone" };
  }
  if (isToBeLeft(deps.store, object)) {
    leave(deps, object);
    return { outcome: "gone" };
  }
  const revision = { object, resolved: deps.store.lookups(key), looked };
  const reading = occasion.overtaken === undefined ? signal : AbortSignal.any([signal, occasion.overtaken]);
  const nowMs = () => deps.clock.nowMs();
  const region = regionOf(object);
  let demand = demandOf(object, region, occasion, nowMs());
  let look = deps.observatory.look(demand);
  let pass = await readAndCompare(deps, revision, demand, look, reading);
  if (!look.isFresh() && !isAsBefore(deps.store, pass, nowMs())) {
    demand = askedAnew(demand, nowMs());
    look = deps.observatory.look(demand);
    pass = await readAndCompare(deps, revision, demand, look, reading);
  }
  // Reads were cut short: what they did not say must not be told as if AWS could not be read.
  if (reading.aborted)
    return { outcome: "progressing", urgency: "routine", requeueAfterMs: 0, probes: [], region };
  if (look.isFresh()) recordDrift(deps, pass);
  const acted = await applyPlan(deps, pass, signal);
  const ending = acted.hasActed ? signal : reading;
  return report(deps, { pass, demand, look }, acted, trouble, ending);
}

/** Among so many of its last calls a refusal for want of room makes a pass ask AWS anew how much there is. */
const RECENT_CALLS = 20;

/** As {@link readAndCompare}, with what AWS answers now, for somebody who waits for it. */
export function readNow(
  deps: PassDependencies,
  revision: Revision,
  signal: AbortSignal,
  isPreview = false,
): Promise<Pass> {
  const key = revision.object.metadata;
  const region = regionOf(revision.object);
  const demand: LookDemand = { key, region, urgency: "person", notBeforeMs: deps.clock.nowMs() };
  return readAndCompare(deps, revision, demand, deps.observatory.look(demand), signal, isPreview);
}

/**
 * Reads AWS, and says what it comes to: what is wanted, what is there, what moved, and what is not to be believed yet.
 * @param isPreview somebody asks what would be done, so that it is worth asking AWS how much it allows
 */
async function readAndCompare(
  deps: PassDependencies,
  { object, resolved, looked, asked }: Revision,
  demand: LookDemand,
  look: Look,
  signal: AbortSignal,
  isPreview = false,
): Promise<Pass> {
  const { service: meant, desired: specified } = meaningOf(deps.installation, object, resolved);
  const { spec, key } = meant;
  const service = editedWith(meant, object, deps.store.revisions(meant.key));
  const isDeleting = object.metadata.deletionTimestamp !== undefined;
  const isObserved = isOnlyObserved(object);
  const deletion = isObserved ? "Retain" : spec.deletionPolicy;
  const goal: DecisionInput["goal"] = isDeleting ? deletion : "Converge";
  const lasting = isDeleting ? [] : specified;
  const nowMs = () => deps.clock.nowMs();
  const cloud = readingOnly(deps.cloudFor(spec.region));
  const startMs = nowMs();
  const made = deps.store.made(key);
  const account = await checkAccount(deps, key, spec.region, signal);
  const seen =
    account.is === "right"
      ? await observe({
          ...observing(deps, object, made, nowMs()),
          cloud: look,
          kinds: KINDS,
          service,
          desired: lasting,
          made,
          nowMs,
          signal,
        })
      : unseen(KINDS, account.is === "unknown" ? account.reason : account.message);
  const { desired, over } = atTime(kindNamed, lasting, seen, nowMs());
  const observation = withOwnership({
    ...{ kindNamed, observation: seen, desired, made, isObserved },
    isSettling: (writtenAtMs) => isSettling(writtenAtMs, nowMs()),
  });
  const isAdopting = isAdoptionLeft(observation, desired, made);
  const stored = deps.store.applied(key);
  const { current } = matchingOf(desired, observation, kindNamed, made);
  const unanswered = indeterminateWritesIn(deps.store.unsettledCalls(key), stored);
  const moved = movedRecords(stored, desired, current, unanswered);
  const rows = withPredecessors(withMoved(stored, moved), desired, observation.resources);
  const calls = deps.store.calls({ service: key, limit: RECENT_CALLS });
  const isMade = !isObserved && makesMore(kindNamed, observation, desired);
  const isUrgent = isPreview || mayBeFull(kindNamed, observation, desired, calls);
  const need = isUrgent ? "now" : isMade ? "within the hour" : "as known";
  const quotas = await quotasIn(deps, { account, cloud, region: spec.region, need }, signal);
  const decisionInput: DecisionInput = {
    kindNamed,
    mandate: mandateOf({ isObserved, isDeleting, made, isAdopting }),
    formerManagers: formerManagersIn(object.metadata.annotations?.[ANNOTATION_NO_LONGER_MANAGED_BY]),
    desired,
    observation,
    applied: appliedFieldsOf(desired, rows, observation),
    made,
    listLacks: [],
    holds: [],
    goal,
    quotas,
    isForced: isForced(object),
    rollouts: rolloutsAfter({
      ...{ kindNamed, desired, current, rows: deps.store.rollouts(key), nowMs: nowMs() },
      requested: object.metadata.annotations?.[ANNOTATION_ROLLOUT_REQUESTED_AT],
    }),
    drift: {
      rules: driftRulesOf(spec),
      records: rows,
      isUnseen: (address, field, wanted) => isUnseen(rows.get(address)?.unseen ?? {}, field, wanted),
      isAsked: askedCorrections(asked ?? deps.store.openDrift(key)),
    },
    isUnlocked: (resource) => isUnlockedIn(spec, resource),
  };
  const lookups = lookupRowsOf(resolved, looked);
  return judged(deps, {
    object,
    service,
    lookups,
    account,
    specified,
    desired,
    over,
    observation,
    ...readAt(demand, look, startMs),
    decisionInput,
    moved,
    rows,
  });
}

/** What was asked for since it began is of now. */
function readAt(
  { isUnwell = false }: LookDemand,
  look: Look,
  startMs: number,
): Pick<Pass, "readAtMs" | "isOfUnwell"> {
  const { health = startMs, structure = startMs } = look.oldestMs();
  return {
    readAtMs: look.isFresh() ? Number.POSITIVE_INFINITY : Math.min(health, structure),
    isOfUnwell: isUnwell,
  };
}

/** Which of the differences are drift, and which must not be acted on yet. */
function judged(
  deps: PassDependencies,
  read: Pick<
    Pass,
    | "object"
    | "service"
    | "lookups"
    | "account"
    | "specified"
    | "desired"
    | "over"
    | "observation"
    | "readAtMs"
    | "isOfUnwell"
    | "decisionInput"
    | "moved"
  > & {
    readonly rows: ReadonlyMap<Address, AppliedResource>;
  },
): Pass {
  const { service, account, desired, observation, decisionInput, rows: applied } = read;
  const { store, clock } = deps;
  const { made } = decisionInput;
  const compared = decide(decisionInput);
  const calls = journalOf(store, service.key);
  const epoch = epochIn(deps, read.object, decisionInput, compared, calls);
  const nowMs = clock.nowMs();
  const indeterminate = indeterminateWritesIn(store.unsettledCalls(service.key), applied);
  const isAsked = decisionInput.drift?.isAsked;
  const comparisons = [...comparedIn(compared).values()];
  const { rollouts: rolling = [] } = decisionInput;
  const { current } = compared.matching;
  const isOwnDoing = (address: Address, field: string) =>
    isOwnRefresh({ kindNamed, current, rows: rolling }, address, field);
  const drift = driftIn({ kindNamed, comparisons, applied, nowMs, indeterminate, isAsked, isOwnDoing });
  const correctionRequested = correctionRequestedIn(read.object, nowMs);
  const conflicts = fieldConflictsIn({
    findings: drift.findings.filter(
      (finding) =>
        finding.isLeft !== true &&
        finding.isGivenBack !== true &&
        putsBack(finding) &&
        isAsked?.(finding.standsAt ?? finding.address, finding) !== true,
    ),
    ...pastOf(store, service.key, drift.findings),
    requestedMs: correctionRequested && Date.parse(correctionRequested.time),
    nowMs,
  });
  const listLacks = listLacksIn({ kindNamed, desired, observation, applied, drift, made, calls, nowMs });
  const unconfirmed = listLacks.filter(({ isConfirmed }) => !isConfirmed);
  const ineffective = ineffectiveWritesIn({
    comparisons,
    applied,
    generation: read.object.metadata.generation,
    nowMs,
  });
  const holds = [...drift.holds, ...conflicts.holds, ...ineffective.holds];
  return {
    ...read,
    decisionInput: {
      ...decisionInput,
      approval: consentOf(read.object, { ...decisionInput, holds, listLacks: unconfirmed }, compared),
      holds,
      listLacks: unconfirmed,
      conflicts:
        account.is === "wrong"
          ? [wrongAccount(account.message)]
          : isOnlyObserved(read.object)
            ? []
            : [...foreignIn(epoch), ...conflicts.obstacles, ...ineffective.obstacles],
    },
    compared,
    epoch,
    drift,
    contested: conflicts.contested,
    correctionRequested,
    holds: holdsFrom(holds),
    listLacks,
    indeterminate,
    isSettling:
      drift.holds.length + unconfirmed.length > 0 ||
      (epoch.is === "unread" && epoch.isLacking) ||
      observation.resources.some(({ isTagAwaited }) => isTagAwaited === true),
  };
}

/** What is read beside what is ours: where its tags say nothing, the names in the spec say what is meant. */
function observing(
  { managerTags = [] }: PassDependencies,
  object: WebService,
  made: readonly MadeResource[],
  nowMs: number,
): Pick<ObserveInput, "readsMeant" | "managerTags"> {
  // Of what was taken over a moment ago a read may not show our tags yet.
  const isByName = (row: MadeResource) =>
    !isOurs(row) || (row.origin === "adopted" && isSettling(row.sinceMs, nowMs));
  return { readsMeant: isOnlyObserved(object) || made.some(isByName), managerTags };
}

/** Ids of what is still there, or may be: nothing is said of it while it is not compared. */
function standingIn({ observation, decisionInput }: Pass): (kind: string, id: string) => boolean {
  const { mandate = "manage" } = decisionInput;
  const seen = new Set([...observation.resources, ...observation.unreadable].map(({ id }) => id));
  const unknown: ReadonlySet<string> = new Set(observation.unknownKinds.keys());
  return (kind, id) => mandate === "manage" && (seen.has(id) || unknown.has(kind));
}

/** Suspicions, confirmed drift and what is right again, in one commit, before anything is done about them. */
function recordDrift(deps: PassDependencies, pass: Pass): void {
  const { store, clock, log } = deps;
  const { object, service, account, desired, compared, drift } = pass;
  if (account.is !== "right") return;
  const nowMs = clock.nowMs();
  store.transaction(() => {
    rememberAccount(store, object, account);
    rememberEpochs(deps, pass);
    // To a database that may not know what was last applied nothing has moved, and nothing is as it was.
    if (pass.epoch.is !== "own") return;
    rememberApproval({ store, log }, object, pass.decisionInput.approval);
    rememberRead(store, pass, nowMs);
    rememberSeen(store, pass, nowMs);
    rememberRollouts(store, pass);
    const ledger = { store, object, nowMs };
    for (const event of recordFindings(ledger, drift.findings, pass.contested)) {
      const { resource, field, desired: wanted, before, after } = event;
      log.warn(
        { service: textOfKey(service.key), resource, field, desired: wanted, before, after },
        "drift detected",
      );
    }
    closeSettled(ledger, [...comparedIn(compared).values()], {
      wanted: new Set(desired.map(({ address }) => address)),
      stands: standingIn(pass),
    });
  });
}
