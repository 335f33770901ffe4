/** From comparisons to actions: what is to be made or changed, by which calls, and what has to wait for what. */
import type { Address } from "../../model/address.ts";
import type { Value } from "../../model/value.ts";
import {
  blockersOf,
  type Call,
  type Create,
  callsOf,
  differencesIn,
  type Obstacle,
  type Plan,
  type Update,
  verbOf,
  type Wait,
} from "./actions.ts";
import type { Comparison } from "./compare.ts";
import type { Matching } from "./current-and-surplus.ts";
import type { HoldReason, Holds } from "./holds.ts";
import { immutableDiffers } from "./immutable-fields.ts";
import type { Change, KindNamed, KindObstacle, KindRules } from "./kind-rules.ts";
import type { DesiredResource, Difference, Fields, ObservedResource } from "./resource.ts";
import { isTag, tagChanges } from "./tags.ts";

export interface PlanInput {
  readonly kindNamed: KindNamed;
  readonly comparisons: readonly Comparison[];
  readonly matching: Matching;
  readonly applied: ReadonlyMap<Address, Fields>;
  readonly holds: Holds;
  readonly order: SiblingOrder;
}

/** What the order of siblings means for those that are still to be made. */
export interface SiblingOrder {
  /** Their place is held by one that stays. */
  readonly blocked: ReadonlySet<Address>;
  /** Their siblings are being moved: they come after that. */
  readonly behindMoves: ReadonlySet<Address>;
}

/** What makes and changes the wanted resources. */
export function planOf(input: PlanInput): Plan {
  const settled = input.comparisons.map((comparison) => settle(input, comparison));
  return {
    actions: settled.flatMap((item) => item.actions),
    obstacles: settled.flatMap((item) => item.obstacles),
  };
}

/** Nothing at all is said of it in this round: it was tried a moment ago, or the view of it is not whole. */
export function isSilenced(holds: Holds, address: Address): boolean {
  const because = holds.on(address)?.because;
  return because === "tried" || because === "stale list";
}

const NOTHING: Plan = { actions: [], obstacles: [] };

function settle(input: PlanInput, comparison: Comparison): Plan {
  const { matching, holds, order } = input;
  const { desired, observed } = comparison;
  const { address } = desired;
  if (isSilenced(holds, address)) return NOTHING;
  const other = matching.nameConflicts.get(address);
  if (other !== undefined && observed === undefined)
    return { actions: [], obstacles: [notOurs(desired, other)] };
  if (observed !== undefined && comparison.immutable.length > 0)
    return { actions: [], obstacles: [immutableDiffers(desired, observed, comparison.immutable)] };
  if (holds.on(address) !== undefined) return NOTHING;
  if (observed !== undefined) return correction(input, comparison, observed);
  if (order.blocked.has(address)) return NOTHING;
  const waitsFor: readonly HoldReason[] = [
    ...comparison.waitsFor,
    ...(order.behindMoves.has(address) ? [{ because: "rule order" } as const] : []),
    ...(input.applied.has(address) ? [] : contestedNames(input)),
  ];
  return { actions: [creation(input, { ...comparison, waitsFor })], obstacles: [] };
}

/**
 * A name that the spec pins says that the tier is there. While what has it is not what is meant, nothing is made that
 * has not been there before: it would be a second tier beside the first.
 */
function contestedNames({ kindNamed, comparisons, matching }: PlanInput): HoldReason[] {
  return comparisons
    .filter(({ desired: { isPinned, kind } }) => isPinned === true && kindNamed(kind).family !== "alarms")
    .filter(
      ({ desired: { address }, observed, immutable }) =>
        immutable.length > 0 || (observed === undefined && matching.nameConflicts.has(address)),
    )
    .map(({ desired: { address, name } }) => ({ because: "contested name", address, name }));
}

function notOurs(desired: DesiredResource, other: ObservedResource): Obstacle {
  return {
    address: desired.address,
    reason: "NotOurs",
    message:
      `${other.id} has the name that ${desired.address} needs (${desired.name}) but ` +
      (other.claim === undefined
        ? "does not carry our owner tag, so it is left alone. Remove it; or take it over: set `management: Observe` in " +
          "the spec, look at what differs, and set `management: Manage`."
        : "sits on what is not ours, so it is left alone. Remove it."),
  };
}

function creation(input: PlanInput, { desired, fields, waitsFor }: Comparison): Create | Wait {
  const { address, kind, name } = desired;
  const reason = input.applied.has(address) ? "AWS no longer has it" : "AWS does not have it";
  const subject = { address, kind, name, reason };
  if (waitsFor.length > 0)
    return { verb: "wait", to: "create", ...subject, differences: [], until: waitsFor };
  return { verb: "create", ...subject, calls: [input.kindNamed(kind).create(desired, fields)] };
}

function correction(input: PlanInput, comparison: Comparison, observed: ObservedResource): Plan {
  const { desired, waitsFor } = comparison;
  const { address, kind: kindName, name } = desired;
  const kind = input.kindNamed(kindName);
  const differing = comparison.differences.filter(
    // The order of siblings is set for all of them together: see rule-priorities.ts.
    ({ field }) => input.holds.on(address, field) === undefined && field !== kind.traits.orderField,
  );
  const found = obstaclesTo(kind, comparison, observed, differing);
  const obstacles = found.map(({ reason, message }) => ({ address, reason, message }));
  const differences = differing.filter(({ field }) => !found.some((obstacle) => obstacle.field === field));
  if (differences.length === 0 && waitsFor.length === 0) return { actions: [], obstacles };
  const change = changeOf(comparison, observed, differences);
  const calls = callsFor(kind, change);
  const reason = differences.length === 0 ? "waits for another resource" : "differs from the spec";
  const subject = { address, kind: kindName, name, id: observed.id, reason, differences };
  // No call brings about what differs: AWS is at that.
  const until: readonly HoldReason[] =
    waitsFor.length === 0 ? [{ because: "AWS at work", doing: observed.lifecycleReason ?? "AWS" }] : waitsFor;
  const action: Update | Wait =
    calls.length > 0
      ? { verb: "update", ...subject, calls }
      : { verb: "wait", to: "update", ...subject, until };
  return { actions: [action], obstacles };
}

function obstaclesTo(
  kind: KindRules,
  comparison: Comparison,
  observed: ObservedResource,
  differences: readonly Difference[],
): readonly KindObstacle[] {
  const { desired, fields } = comparison;
  const waiting = Object.keys(desired.fields).filter((field) => fields[field] === undefined);
  if (differences.length + waiting.length === 0) return [];
  return kind.obstacles?.(changeOf(comparison, observed, differences), waiting) ?? [];
}

function changeOf(
  comparison: Comparison,
  observed: ObservedResource,
  differences: readonly Difference[],
): Change {
  const { desired } = comparison;
  const waiting = Object.keys(desired.fields).filter((field) => comparison.fields[field] === undefined);
  const fields = goalOf(comparison, observed, differences);
  return { desired, fields, observed, differences, ...(waiting.length === 0 ? {} : { waiting }) };
}

/** What a call that replaces the whole resource writes: it keeps what AWS has in the declared fields that still wait. */
function goalOf(
  { desired, fields }: Comparison,
  observed: ObservedResource,
  differences: readonly Difference[],
): Fields {
  const kept = Object.entries(observed.fields).filter(([field]) => field in desired.fields);
  return { ...Object.fromEntries(kept), ...fields, ...wantedOf(differences) };
}

/** The wanted values of some differences; what is to go is not among them. */
export function wantedOf(differences: readonly Difference[]): Fields {
  return Object.fromEntries(
    differences.flatMap(({ field, desired }) => (desired === null ? [] : [[field, desired]])),
  );
}

/** The calls that would remove these differences, and no others. */
export function callsOn(
  kind: KindRules,
  comparison: Comparison,
  observed: ObservedResource,
  differences: readonly Difference[],
): Call[] {
  return callsFor(kind, changeOf(comparison, observed, differences));
}

function callsFor(kind: KindRules, change: Change): Call[] {
  const { differences, observed } = change;
  const rest = differences.filter(({ field }) => !isTag(field));
  const calls = rest.length === 0 ? [] : kind.update({ ...change, differences: rest });
  if (rest.length === differences.length) return calls;
  const { write, remove } = tagChanges(differences);
  return [...calls, ...(kind.tag?.(observed, write, remove) ?? [])];
}

/** A plan without its inputs, which may hold secrets, and without what changes while nothing is done: what is hashed. */
export function planValue(plan: Plan): Value {
  return plan.actions.map((action) => ({
    verb: verbOf(action),
    address: action.address,
    name: action.name,
    operations: callsOf(action).map((call) => call.operation),
    differences: differencesIn(action).map((difference) => ({ ...difference })),
    // Not in words: how many targets are healthy so far is no other plan.
    blockedBy: blockersOf(action).map(({ because }) => because),
  }));
}
