/** The end of a pass: what only health needs is read, the status is written, and the next pass is given its time. */
import { healthOf } from "../health/tier.ts";
import { isPaused, textOfKey } from "../model/object.ts";
import { iso } from "../model/time.ts";
import type { Look, LookDemand } from "../ports.ts";
import type { Outcome } from "./conditions.ts";
import { isForeign } from "./consistency/epochs.ts";
import { unconfirmedAbsencesIn } from "./consistency/unconfirmed-absences.ts";
import { isUnread } from "./core/holds.ts";
import { isComplete } from "./core/observation.ts";
import { matchingOf } from "./decide.ts";
import { isBeingClosed, openDriftIn } from "./drift-ledger.ts";
import { isConfirmedEmpty, isEmptied, letGo } from "./finalize.ts";
import { untilTurn } from "./guards/turn.ts";
import { untilOpening } from "./guards/windows.ts";
import { factsOf } from "./health-facts.ts";
import { kindNamed } from "./kinds/registry.ts";
import { isSlow, probesOf } from "./looks/probes.ts";
import { observeInstances } from "./observe-instances.ts";
import { journalOf } from "./outcomes.ts";
import { urgencyFor } from "./pacing/turns.ts";
import type { Acted, Pass, PassDependencies, PassResult } from "./pass.ts";
import { requeueOf, type Trouble } from "./requeue.ts";
import { rememberEvidence, rememberedOf } from "./rollouts/record.ts";
import { writeStatus } from "./status.ts";

/** Reads what only health needs, writes the status, and says when the next pass is due. */
export async function report(
  deps: PassDependencies,
  { pass, demand, look }: { readonly pass: Pass; readonly demand: LookDemand; readonly look: Look },
  acted: Acted,
  trouble: Trouble,
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
  const instances = await observeInstances(look, acted.observation, signal);
  // Reads were cut short: what they did not say must not be told as if AWS could not be read.
  if (signal.aborted)
    return { outcome: "progressing", urgency: "routine", requeueAfterMs: 0, probes: [], region };
  const nowMs = clock.nowMs();
  const { mandate = "manage" } = pass.decisionInput;
  const { deletionTimestamp } = object.metadata;
  const isDeleting = deletionTimestamp !== undefined;
  // What is being deleted serves until it is gone: it is found at the addresses that the spec gives it.
  const desired = pass.specified;
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
    isRetained: pass.decisionInput.goal === "Retain",
    desired,
    current: matchingOf(desired, acted.observation, kindNamed, made).current,
    comparisons: acted.last.comparisons,
    handovers: acted.last.handovers,
    madeIds: new Set(made.map(({ id }) => id)),
    instances,
    spec: service.spec,
    rollouts: rememberedOf(store.rollouts(service.key)),
    nowMs,
  });
  rememberEvidence(store, service.key, facts);
  const pause = store.pause();
  const openDrift = store.openDrift(service.key);
  const outcome: Outcome = {
    ...acted,
    observation,
    over: pass.over,
    isSettling: pass.isSettling,
    unconfirmed,
    ...openDriftIn(openDrift),
    isPaused: isPaused(object) || pause !== undefined,
    isPausedItself: isPaused(object),
    ...(pause === undefined ? {} : { pause }),
    mandate,
    isDeleting,
    deletingForMs: isDeleting ? nowMs - Date.parse(deletionTimestamp) : 0,
    health: healthOf(facts),
  };
  const probes = probesOf(acted.last, nowMs);
  if (isComplete(observation)) deps.observatory.compared(demand, look, outcome.health.status !== "True");
  const requeue = requeueOf({
    end: {
      isEmptied: isEmpty,
      isDeleting,
      isUnknown: (!isComplete(observation) && pass.account.is !== "wrong") || isUnread(acted.doubts),
      hasFailed: acted.failures.length > 0,
      isStalled:
        (acted.last.obstacles.length > 0 && mandate !== "observe") ||
        acted.failures.some(({ isTerminal }) => isTerminal),
      hasActed: acted.hasActed,
      isSlow: isSlow(probes),
      // Where nothing is written down, a second read shows no more than the first.
      isSettling:
        !isForeign(pass.epoch) &&
        (pass.isSettling ||
          acted.doubts.length > 0 ||
          unconfirmed.length > 0 ||
          openDrift.some(isBeingClosed) ||
          pass.drift.findings.some(({ isConfirmed }) => !isConfirmed)),
      dueMs: pass.contested.map(({ dueMs }) => dueMs - nowMs).filter((ms) => ms > 0),
      hasPlans: acted.last.actions.length > 0 && mandate !== "observe",
      ...untilOpening(acted.last.actions, nowMs),
      ...untilTurn(acted.last.actions),
    },
    ...trouble,
    random: deps.rng.next(),
    resyncMs: deps.resyncMs,
    routineMs: isComplete(observation) ? deps.observatory.untilDueMs(service.key) : deps.resyncMs,
  });
  const emptySince = isEmpty ? (object.status?.emptySince ?? iso(nowMs)) : undefined;
  writeStatus(deps, pass, outcome, { facts, instances }, { requeueAfterMs: requeue.afterMs, emptySince });
  deps.log.debug(
    { service: textOfKey(service.key), outcome: requeue.outcome, afterMs: requeue.afterMs, why: requeue.why },
    "next pass",
  );
  return {
    outcome: requeue.outcome,
    urgency: urgencyFor(pass, requeue.urgency),
    requeueAfterMs: requeue.afterMs,
    probes: isEmpty ? [] : probes,
    region,
  };
}
