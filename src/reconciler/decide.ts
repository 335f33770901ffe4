/**
 * Deciding, and nothing else: from what is wanted, what is there and what was last applied to what can be done now. Pure.
 * A decision is made anew after every round of answers, so that it never holds what it cannot know yet.
 */
import { type Address, addressFrom } from "../model/address.ts";
import type { Rollout } from "../model/ledger/rollout.ts";
import type { MadeResource } from "../ports.ts";
import type { IsAsked } from "./consistency/drift.ts";
import type { ListLack } from "./consistency/stale-lists.ts";
import type { Action, Obstacle, Plan, Wait } from "./core/actions.ts";
import { asCompared, recordsAsCompared } from "./core/as-compared.ts";
import { adoptionOf, afterAdoption, releasesOf } from "./core/belonging/adoption.ts";
import { isStill, type Mandate } from "./core/belonging/mandate.ts";
import { falseClaims, falseClaimText } from "./core/belonging/ownership.ts";
import { type Comparison, compare } from "./core/compare.ts";
import {
  type Approval,
  approvalInRound,
  heldForApproval,
  holdsForApproval,
  isHeldForApproval,
} from "./core/consent/approval.ts";
import { type Destruction, destructionsIn } from "./core/consent/destructive.ts";
import { type Matching, matched } from "./core/current-and-surplus.ts";
import { type Hold, holdsFrom } from "./core/holds.ts";
import { type KindNamed, movesTraffic } from "./core/kind-rules.ts";
import { type LeftInput, type LeftToOthers, leftToOthers } from "./core/left-to-others.ts";
import { withRoom } from "./core/making-room.ts";
import { isComplete, isUnread, type Observation } from "./core/observation.ts";
import { callsOn, isSilenced, planOf } from "./core/plan.ts";
import { keepingOf, type Predecessor, predecessorsIn } from "./core/predecessors.ts";
import { heldByQuotas } from "./core/quota-obstacles.ts";
import { ASSUMED_QUOTAS, type Quotas } from "./core/quotas.ts";
import { removalsOf } from "./core/removal.ts";
import { withRenames } from "./core/renames.ts";
import type { DesiredResource, Fields, ObservedResource } from "./core/resource.ts";
import { type FleetHandover, reasonsOfHandover } from "./cutover/fleet-handover.ts";
import { targetsSentTo } from "./cutover/forward-weights.ts";
import { type HeldRequests, waitForTargets } from "./cutover/held-requests.ts";
import { type CutoverPhases, desiredDuringCutover, withoutCutover } from "./cutover/interim.ts";
import { keptUp } from "./cutover/keeping.ts";
import { withoutRejected } from "./cutover/rejected-templates.ts";
import { ruleOrderOf } from "./cutover/rule-priorities.ts";
import { type Replacement, replacementsOf } from "./cutover/target-group-readiness.ts";
import { followsTraffic } from "./cutover/traffic-followers.ts";
import { withPins } from "./cutover/version-pins.ts";
import { activeRefresh } from "./guards/active-refresh.ts";
import { type CallsFor, type Guard, heldByGuards } from "./guards/guard.ts";
import { unseenIn, unseenPredecessors } from "./guards/unseen-predecessors.ts";

export interface DecisionInput {
  readonly kindNamed: KindNamed;
  /** What the pass may write: see mandate.ts. Without, everything. */
  readonly mandate?: Mandate;
  /** Managers of others that manage nothing of the service any more, as a person has said. */
  readonly formerManagers?: ReadonlySet<string>;
  readonly desired: readonly DesiredResource[];
  readonly observation: Observation;
  /** Address → fields last applied. */
  readonly applied: ReadonlyMap<Address, Fields>;
  /** What is known to be ours by its id. */
  readonly made: readonly MadeResource[];
  /** What must not be acted on yet: what a read has not confirmed, what was tried in this pass, what others write. */
  readonly holds: readonly Hold[];
  /** Something of ours that a list lacks. */
  readonly listLacks: readonly ListLack[];
  /** What somebody else writes as well, and what AWS takes and does not make: field-conflicts.ts, ineffective-writes.ts. */
  readonly conflicts?: readonly Obstacle[];
  /** `Delete` and `Retain` when the service itself is to go. */
  readonly goal: "Converge" | "Delete" | "Retain";
  /** How many of something AWS allows; without, its defaults. */
  readonly quotas?: Quotas;
  /** Address → AWS's error code: what it has refused to make in the round before, for want of room. */
  readonly refused?: ReadonlyMap<Address, string>;
  /** What needs a person's consent, and whether it has it. */
  readonly approval?: Approval;
  /** What became of rollouts, as the read shows it; absent: there were none. */
  readonly rollouts?: readonly Rollout[];
  /** What keeps actions from being done now; absent: nothing. */
  readonly guards?: readonly Guard[];
  /** Whoever deletes the service has asked for force. */
  readonly isForced?: boolean;
  /** What the spec leaves to others; absent: nothing. */
  readonly drift?: Pick<LeftInput, "rules" | "records" | "isUnseen"> & { readonly isAsked?: IsAsked };
  /** Whether the spec says that deletion protection of it is off. */
  readonly isUnlocked?: (resource: ObservedResource) => boolean;
}

/** What was decided, and all that it rests on. */
export interface Decision extends Plan {
  readonly matching: Matching;
  readonly comparisons: readonly Comparison[];
  /** What is to be replaced and still stands: see predecessors.ts. */
  readonly predecessors: readonly Predecessor[];
  /** Wanted, but its kind or the resource itself could not be read: nothing is said about it. */
  readonly unread: readonly DesiredResource[];
  readonly replacements: readonly Replacement[];
  /** Listeners and rules whose requests wait for a target group to have enough healthy targets. */
  readonly heldRequests: readonly HeldRequests[];
  /** Groups that are not to go before others have taken over. */
  readonly handovers: readonly FleetHandover[];
  readonly phases: CutoverPhases;
  /** What of it waits for a person, as it stands in this round. */
  readonly approval?: Approval;
}

/** What is wanted beside what is there; what AWS knows no names of also under its former one. */
export function matchingOf(
  desired: readonly DesiredResource[],
  observation: Observation,
  kindNamed: KindNamed,
  made: readonly MadeResource[],
): Matching {
  return withRenames(matched(desired, observation.resources), desired, kindNamed, made);
}

export function decide(input: DecisionInput): Decision {
  const decision = input.approval === undefined ? decisionOf(input) : withApproval(input, input.approval);
  const { matching } = decision;
  const placed =
    input.goal === "Converge"
      ? heldByQuotas(decision, { ...input, matching, quotas: input.quotas ?? ASSUMED_QUOTAS })
      : decision;
  const guards = [
    activeRefresh(input.kindNamed, input.observation.resources, placed.actions),
    ...(input.guards ?? []),
  ];
  return { ...decision, ...heldByGuards(placed, guards, callsAmong(decision, input.kindNamed)) };
}

/**
 * What was decided when nothing was held back, as it is where nothing is and no person is asked. Deciding again would come
 * to the same, at the same price.
 */
export function decideUnhindered(decided: Decision, input: DecisionInput): Decision {
  const { approval: asked } = input;
  if (asked === undefined) return decided;
  const destructions = asked.question.asksOfDestruction === true ? destructionsOf(input, decided, asked) : [];
  const approval = approvalInRound(asked, { actions: decided.actions, destructions });
  return approval.pending === undefined ? { ...decided, approval } : decide(input);
}

/** Whether nothing holds back what is decided, but for guards: they are asked of actions alone. */
export function isUnhindered(input: DecisionInput): boolean {
  const { holds, listLacks, conflicts = [], observation } = input;
  return isComplete(observation) && holds.length + listLacks.length + conflicts.length === 0;
}

/** The calls for a part of a change that was compared; none of what was not. */
function callsAmong(decision: Decision, kindNamed: KindNamed): CallsFor {
  const compared = comparedIn(decision);
  return ({ address, kind }, differences) => {
    const comparison = compared.get(address);
    const observed = comparison?.observed;
    if (comparison === undefined || observed === undefined) return [];
    return callsOn(kindNamed(kind), comparison, observed, differences);
  };
}

function withApproval(input: DecisionInput, asked: Approval): Decision {
  const { kindNamed, observation, listLacks } = input;
  const decision = decisionOf(input);
  const { actions } = decision;
  const asksOfDestruction = asked.question.asksOfDestruction === true;
  const destructions = asksOfDestruction ? destructionsOf(input, decision, asked) : [];
  const approval = approvalInRound(asked, { actions, destructions });
  const unseen = unseenIn(observation, listLacks, input.made, input.desired);
  const guard = unseenPredecessors(kindNamed, unseen, decision.matching, input.desired);
  const whole = approval.pending === undefined ? decision : withoutHeld(input, decision, approval);
  const seen = asksOfDestruction ? heldByGuards(whole, [guard]) : whole;
  return { ...whole, ...heldForApproval(seen, approval), approval };
}

/** What is not held goes on as if nobody had asked for the rest; and the rest as it is planned. */
function withoutHeld(input: DecisionInput, planned: Decision, approval: Approval): Decision {
  const isHeld = (action: Action) => isHeldForApproval(action, approval);
  const standIns = approval.destructions.flatMap((one) => one.standIns);
  const holds = [...input.holds, ...holdsForApproval(approval)];
  const free = decisionOf({ ...input, holds }, { isHeld, standIns });
  const isTold = new Set(free.actions.filter(isHeld).map(({ address }) => address));
  const rest = planned.actions.filter((action) => isHeld(action) && !isTold.has(action.address));
  return { ...free, actions: [...free.actions, ...fieldWaits(input.kindNamed, approval, free), ...rest] };
}

/** What this plan destroys. */
export function destructionsOf(
  { kindNamed, desired, observation, applied, holds }: DecisionInput,
  { matching, comparisons, predecessors, replacements }: Decision,
  { question }: Pick<Approval, "question">,
): Destruction[] {
  const successors = new Set(replacements.flatMap(({ predecessors }) => predecessors.map(({ id }) => id)));
  return destructionsIn({
    ...{ kindNamed, desired, matching, applied },
    comparisons: [...comparisons, ...predecessors],
    resources: observation.resources,
    holds: holdsFrom(holds),
    isSettled: question.isSettled === true,
    sendsTo: (resource) => targetsSentTo(kindNamed, resource),
    isTakenOver: (id) => successors.has(id),
  });
}

/** The fields of what stays that are not written before a person has agreed, as rows of the plan. */
function fieldWaits(
  kindNamed: KindNamed,
  { pending, destructions }: Approval,
  { comparisons, predecessors }: Decision,
): Wait[] {
  if (pending === undefined) return [];
  const fields = destructions.flatMap((one) => one.fields);
  return [...comparisons, ...predecessors].flatMap((comparison): Wait[] => {
    const { desired, observed } = comparison;
    const { address, kind, name } = desired;
    const names = new Set(fields.filter((one) => one.address === address).map(({ field }) => field));
    const differences = comparison.differences.filter(({ field }) => names.has(field));
    if (observed === undefined || differences.length === 0) return [];
    const subject = { address, kind, name, id: observed.id, reason: "differs from the spec", differences };
    const calls = callsOn(kindNamed(kind), comparison, observed, differences);
    const until = [{ because: "approval", digest: pending.digest } as const];
    return [{ verb: "wait", to: "update", ...subject, until, held: { verb: "update", ...subject, calls } }];
  });
}

/** What is not begun: nothing waits for it, nothing makes room for it, and meanwhile others stand in for it. */
interface HeldBack {
  readonly isHeld: (action: Action) => boolean;
  readonly standIns: readonly ObservedResource[];
}

const NOTHING_HELD: HeldBack = { isHeld: () => false, standIns: [] };

function decisionOf(given: DecisionInput, { isHeld, standIns }: HeldBack = NOTHING_HELD): Decision {
  const { observation, kindNamed, mandate = "manage" } = given;
  const found = matchingOf(given.desired, observation, kindNamed, given.made);
  const matching = standingIn(found, standIns);
  const { current, surplus } = matching;
  const applied = recordsAsCompared(given, matching);
  const asked = { ...given, desired: asCompared(given, matching, given.desired), applied };
  const { desired: whole, left } = leftIn(asked, matching);
  const rollouts = isStill(mandate) ? [] : (given.rollouts ?? []);
  const { desired, obstacles: rejections } = withoutRejected({
    kindNamed,
    observation,
    desired: whole,
    current,
    rollouts,
  });
  const input: DecisionInput = { ...given, desired };
  const replacements = isStill(mandate)
    ? []
    : replacementsOf({ kindNamed, desired, current, observation, surplus });
  const interim = isStill(mandate)
    ? withoutCutover(desired)
    : desiredDuringCutover({ ...input, current, surplus, replacements });
  const wanted = interim.desired;
  const comparisons = compare({ kindNamed, desired, wanted, observation, matching, applied, left });
  const tried = input.holds.filter(({ reason }) => reason.because === "tried");
  const holds = holdsFrom([...tried, ...holdsOfListLacks(input), ...input.holds]);
  const predecessors = predecessorsIn(given, found);
  const read = new Set(comparisons.map((comparison) => comparison.desired.address));
  const order = ruleOrderOf({
    kindNamed,
    desired: wanted,
    current,
    observed: observation.resources,
    isHeld: (address, orderField) =>
      !read.has(address) || isSilenced(holds, address) || holds.on(address, orderField) !== undefined,
  });
  const plan =
    input.goal === "Converge"
      ? planOf({ kindNamed, comparisons, matching, applied, holds, order })
      : { actions: [], obstacles: [] };
  if (isStill(mandate)) {
    return {
      // Our tags are among what the spec asks for, and not among what is compared of what is not ours yet.
      ...stillPlan(
        given,
        mandate,
        matching,
        [...order.actions, ...plan.actions],
        [...order.obstacles, ...plan.obstacles],
      ),
      ...{ matching, comparisons, predecessors, replacements },
      ...{ heldRequests: [], handovers: [], phases: interim.phases },
      unread: wanted.filter(({ address }) => !read.has(address)),
    };
  }
  const room = withRoom(
    {
      kindNamed,
      matching,
      observation,
      comparisons,
      holds,
      quotas: input.quotas ?? ASSUMED_QUOTAS,
      refused: input.refused ?? new Map(),
      isListShort: input.listLacks.length > 0,
      handover: (id) => reasonsOfHandover(interim.handovers, id),
    },
    plan.actions.filter((action) => !isHeld(action)),
  );
  const registrations = interim.registrations.filter(({ address }) => !isSilenced(holds, address));
  const pinned = withPins([...room.actions, ...plan.actions.filter(isHeld)], {
    ...{ kindNamed, matching },
    isTried: (address) => tried.some((hold) => hold.address === address),
    isUnread: (address) => desired.some((one) => one.address === address && isUnread(observation, one)),
  });
  const actions = [...order.actions, ...pinned, ...(input.goal === "Converge" ? registrations : [])];
  const stands = new Set(predecessors.map(({ desired: { address } }) => address));
  const obstacles = [
    ...(input.conflicts ?? []).filter(({ address }) => !stands.has(address)),
    ...rejections,
    ...order.obstacles,
    ...plan.obstacles,
  ];
  const unready = new Set(interim.unready.map(({ address }) => address));
  const removals = removalsOf({
    ...input,
    matching,
    unreadyReplacements: replacements.filter((one) => isAwaited(one, unready)).map(({ address }) => address),
    handover: (id) => reasonsOfHandover(interim.handovers, id),
    pending: actions.filter((action) => !isHeld(action)),
    obstacles,
    holds,
    hasFailures: tried.length > 0,
  });
  const claims = input.goal === "Converge" ? obstaclesOfFalseClaims(input) : [];
  const keeping = keepingOf(
    keptUp(input, predecessors, found, holds),
    removals.actions.filter((action) => !isHeld(action)),
    predecessors,
  );
  const contested = (input.conflicts ?? []).filter(({ address }) => stands.has(address));
  const heldRequests = interim.held.filter(({ resource }) => read.has(resource.address));
  const busy = new Set(actions.map(({ address }) => address));
  const waits = heldRequests
    .filter(({ resource }) => !busy.has(resource.address))
    .map((held) => waitForTargets(held, matching));
  return {
    // What waits for its targets is nothing to be done, so that what is not wanted need not wait for it.
    actions: [
      ...actions,
      ...keeping,
      ...waits,
      ...removals.actions.filter((action) => action.verb === "create" || !room.given.has(action.id ?? "")),
    ],
    // They are in nobody's way: told after all that is, and nothing waits for them.
    obstacles: [...obstacles, ...removals.obstacles, ...claims, ...contested],
    matching,
    comparisons,
    predecessors,
    unread: wanted.filter(({ address }) => !read.has(address)),
    replacements,
    heldRequests,
    handovers: interim.handovers,
    phases: interim.phases,
  };
}

/** All that was compared, by the address that its actions have. */
export function comparedIn({
  comparisons,
  predecessors,
}: Pick<Decision, "comparisons" | "predecessors">): Map<Address, Comparison> {
  return new Map([...comparisons, ...predecessors].map((one) => [one.desired.address, one]));
}

/** What goes stays where it is. */
function standingIn(matching: Matching, standIns: readonly ObservedResource[]): Matching {
  if (standIns.length === 0) return matching;
  const places = standIns.flatMap((one) => (one.address === undefined ? [] : [[one.address, one] as const]));
  return {
    ...matching,
    current: new Map([...places, ...matching.current]),
    surplus: matching.surplus.filter((one) => !standIns.some(({ id }) => id === one.id)),
  };
}

/**
 * What is decided where AWS's settings stay as they are. Of a service that is only observed it is what would be done if it
 * were managed, and nobody does it. Here an approval belongs: what waits for the adoption may need one.
 */
function stillPlan(
  input: DecisionInput,
  mandate: Exclude<Mandate, "manage">,
  matching: Matching,
  later: readonly Action[],
  obstacles: readonly Obstacle[],
): Plan {
  if (mandate === "release")
    return { actions: releasesOf({ ...input, matching }), obstacles: input.conflicts ?? [] };
  const adoption = adoptionOf({ formerManagers: new Set(), ...input, matching });
  return {
    actions: [
      ...adoption.actions,
      ...(mandate === "adopt" || adoption.actions.length > 0 ? later.map(afterAdoption) : later),
    ],
    obstacles: [...(input.conflicts ?? []), ...adoption.obstacles, ...obstacles],
  };
}

/** What is wanted, with what others have in it. */
function leftIn({ kindNamed, desired, applied, drift }: DecisionInput, { current }: Matching): LeftToOthers {
  if (drift === undefined) return { desired, left: new Map() };
  const { isAsked, ...rest } = drift;
  const isToBeCorrected = (address: Address, field: string) =>
    isAsked?.(address, { change: "Modified", field }) === true;
  return leftToOthers({ kindNamed, desired, current, applied, ...rest, isToBeCorrected });
}

/** What carries our tag and is not ours. Called by its id: it stands at no address of the spec. */
function obstaclesOfFalseClaims({ observation, kindNamed }: DecisionInput): Obstacle[] {
  return falseClaims(observation).map((resource) => ({
    address: addressFrom(resource.id),
    reason: "NotOurs",
    message: falseClaimText(resource, kindNamed(resource.kind).title),
  }));
}

/** A replacement that has yet to come, or to become healthy. */
function isAwaited({ address, successor, isReady }: Replacement, unready: ReadonlySet<Address>): boolean {
  return !isReady && (successor === undefined || unready.has(address));
}

/** What moves traffic or instances, and what follows them, waits for a second look at the list. */
function holdsOfListLacks({ desired, kindNamed, listLacks }: DecisionInput): Hold[] {
  const [lack] = listLacks;
  if (lack === undefined) return [];
  const reason = { because: "stale list", kind: lack.kind, name: lack.name } as const;
  return desired
    .filter(
      (resource) =>
        movesTraffic(kindNamed(resource.kind)) || followsTraffic({ kindNamed, desired }, resource),
    )
    .map(({ address }) => ({ address, reason }));
}
