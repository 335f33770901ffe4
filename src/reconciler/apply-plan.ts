/** The one part of a pass that writes: round by round, with a cloud that can do what the pass may do, and no more. */
import type { Address } from "../model/address.ts";
import { LIMITS } from "../model/limits.ts";
import { ANNOTATION_APPROVED_PLAN, isAskedAsBefore, isPaused, type WebService } from "../model/object.ts";
import type { Cloud, Store } from "../ports.ts";
import { applyRound } from "./apply.ts";
import { isForeign } from "./consistency/epochs.ts";
import { isDoable } from "./core/actions.ts";
import { isOurs, isStill, type Mandate } from "./core/belonging/mandate.ts";
import type { Hold, HoldReason } from "./core/holds.ts";
import { planViewOf } from "./core/plan-view.ts";
import type { Refresh } from "./core/resource.ts";
import { comparedIn, type DecisionInput, decide, decideUnhindered, isUnhindered } from "./decide.ts";
import { rememberCarried, writtenAhead } from "./epochs/write-ahead.ts";
import { groupToLookAt } from "./guards/active-refresh.ts";
import { isOfFreshLook, refusalOf, refusedByFreshLooks } from "./guards/fresh-ownership.ts";
import { refreshUnderWay, withRefreshes } from "./kinds/auto-scaling-group/instance-refresh.ts";
import { freshLook } from "./kinds/fresh-look.ts";
import { kindNamed } from "./kinds/registry.ts";
import { haltable, noting, taggingOnly, untaggingOnly } from "./narrow-clouds.ts";
import { failuresIn, logRound, recordDone } from "./outcomes.ts";
import { causeIn, rememberFreezes, stoppedBy } from "./pacing/budgets.ts";
import { standingGuards } from "./pacing/standing-guards.ts";
import { turnsIn, urgencyFor } from "./pacing/turns.ts";
import type { Acted, Pass, PassDependencies } from "./pass.ts";
import { rememberBegun } from "./rollouts/record.ts";
import { type Applied, folded } from "./rounds/answers.ts";

/** Plans and applies, level by level: each round knows what AWS answered in the one before. */
export async function applyPlan(deps: PassDependencies, pass: Pass, signal: AbortSignal): Promise<Acted> {
  const { object, service, decisionInput } = pass;
  let observation = pass.observation;
  const tried: Hold[] = [];
  const refusals = new Map<string, HoldReason>();
  const refreshes = new Map<string, Refresh>();
  let refused: ReadonlyMap<Address, string> = new Map();
  const done: Applied[] = [];
  const guards = standingGuards(deps, pass);
  const turns = turnsIn(deps, pass);
  const input = (): DecisionInput => ({
    ...decisionInput,
    observation,
    refused,
    holds: [...tried, ...decisionInput.holds],
    guards: [
      ...guards(observation),
      refusedByFreshLooks(refusals),
      ...(turns.held.length === 0 ? [] : [turns.guard(() => last)]),
    ],
  });
  // Guards and holds are asked of actions alone.
  const isQuiet = pass.compared.actions.length === 0 && isUnhindered(decisionInput);
  const first = isQuiet ? decideUnhindered(pass.compared, input()) : decide(input());
  let last = first;
  const { mandate = "manage" } = decisionInput;
  const cloud = writingCloudOf(deps, pass, mandate);
  // Before anything follows upon our tags, a fresh read shows them.
  const rounds =
    cloud === undefined || isPausedBy(deps.store, object) ? 0 : isStill(mandate) ? 1 : LIMITS.roundsPerPass;
  for (let round = 0; round < rounds && cloud !== undefined; round += 1) {
    const doable = last.actions.filter(isDoable);
    if (doable.length === 0 || signal.aborted || !isCurrent(deps.store, object)) break;
    const comparisons = comparedIn(last);
    // A tier that is being made waits behind what people change of those that serve, and so does what is put right.
    const isChange = doable.some((action) => causeIn(pass)(action) !== "correction");
    const urgency = urgencyFor(pass, isChange ? "person" : "verification");
    const writing = noting(
      haltable(cloud, () => isPausedBy(deps.store, object), urgency),
      () => deps.observatory.wrote(service.key, service.spec.region),
    );
    const plan = planViewOf(first).digest;
    const ahead = await writtenAhead(deps, pass, { cloud: writing, matching: last.matching, doable, plan });
    if (ahead.failure !== undefined) done.push(ahead.failure);
    if (ahead.doable === undefined) break;
    const answers = await applyRound(
      {
        cloud: writing,
        store: deps.store,
        kindNamed,
        service: service.key,
        object,
        generation: object.metadata.generation,
        planDigest: plan,
        nowMs: () => deps.clock.nowMs(),
        isCurrent: () => isCurrent(deps.store, object),
        isHalted: () => signal.aborted || isPausedBy(deps.store, object),
        stopped: (action) => stoppedBy(guards(observation), action) ?? turns.ask(action),
        causeOf: causeIn(pass),
        begins: (action, call) => rememberBegun(deps, pass, last.matching.current, action, call),
        guarded: async (action, call, observed) => {
          const fresh =
            action.verb === "delete" && observed !== undefined
              ? refusalOf(observed, service.owner, await freshLook(cloud, kindNamed(action.kind), observed))
              : undefined;
          if (fresh !== undefined) return fresh;
          const group = groupToLookAt(observation.resources, call);
          const refresh = group && (await refreshUnderWay(cloud, group.id));
          if (group === undefined || refresh === undefined) return undefined;
          refreshes.set(group.id, refresh);
          return { because: "refresh active", group: group.id };
        },
      },
      ahead.doable,
      comparisons,
      observation,
    );
    rememberCarried(deps, pass, answers);
    done.push(...answers);
    logRound(deps.log, service.key, answers);
    for (const { action, heldBy } of answers)
      if (isOfFreshLook(heldBy) && action.verb === "delete") refusals.set(action.id, heldBy);
    tried.push(...answers.filter(isNotKnown).map(({ action: { address } }) => holdOn(address)));
    refused = new Map(
      answers.flatMap(({ action, error }) =>
        action.verb === "create" && error?.category === "quota" ? [[action.address, error.code]] : [],
      ),
    );
    const known = folded(observation, answers);
    observation = { ...known, resources: withRefreshes(known.resources, refreshes) };
    refreshes.clear();
    last = decide(input());
  }
  recordDone(deps.store, object, done);
  rememberFreezes(deps, pass, last);
  return {
    first,
    last,
    observation,
    hasActed: done.some((item) => item.error === undefined && item.stoppedAfter !== 0),
    failures: failuresIn(done),
    doubts: [...refusals.values()],
    blockers: done.flatMap(({ heldBy }) => (heldBy !== undefined && isBlocker(heldBy) ? [heldBy] : [])),
  };
}

/** What a pass may write with, and nothing where it may not write. */
function writingCloudOf(
  { cloudFor }: PassDependencies,
  { service, observation, decisionInput, epoch }: Pass,
  mandate: Mandate,
): Cloud | undefined {
  const cloud = cloudFor(service.spec.region);
  if (isForeign(epoch)) return undefined;
  switch (mandate) {
    case "manage":
      return cloud;
    case "adopt": {
      const left = observation.resources.filter(({ isToBeAdopted }) => isToBeAdopted === true);
      return taggingOnly(cloud, new Set(left.map(({ id }) => id)));
    }
    case "release":
      return untaggingOnly(cloud, new Set(decisionInput.made.filter(isOurs).map(({ id }) => id)));
    case "observe":
      return undefined;
  }
}

/** What is not known must not be acted on again before it has been read. */
function isNotKnown({ action, error, resource, heldBy }: Applied): boolean {
  if (heldBy !== undefined) return false;
  return error !== undefined || (resource === undefined && action.verb !== "reorder");
}

function isBlocker({ because }: HoldReason): boolean {
  return because === "refresh active" || because === "turn";
}

function holdOn(address: Address): Hold {
  return { address, reason: { because: "tried" } };
}

/** Whether somebody has paused the service, or everything, before the pass began or since. */
function isPausedBy(store: Store, object: WebService): boolean {
  if (store.pause() !== undefined || isPaused(object)) return true;
  const now = store.get(object.metadata);
  return now !== undefined && isPaused(now);
}

function approvalIn({ metadata: { annotations } }: WebService): string | undefined {
  return annotations?.[ANNOTATION_APPROVED_PLAN];
}

/** Another write of the user, or what was agreed to and is not any more, overtakes this pass: what is left of its plan may no longer be wanted. */
function isCurrent(store: Store, object: WebService): boolean {
  const now = store.get(object.metadata);
  return (
    now !== undefined &&
    isAskedAsBefore(now, object) &&
    isPaused(now) === isPaused(object) &&
    approvalIn(now) === approvalIn(object)
  );
}
