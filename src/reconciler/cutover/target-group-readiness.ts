/**
 * Whether a target group may be sent requests. One that is to get them is tried first, the successor of one that AWS
 * cannot change in place and a new one alike: until it has enough healthy targets, whoever serves goes on serving.
 *
 * `web` has 2 healthy targets and gets another port. Its successor is made beside it, is named in the listener with
 * weight 0, so that the load balancer checks it, and is filled by the same group. It is ready with 2 healthy targets;
 * then the weights change places.
 */
import type { Address } from "../../model/address.ts";
import { instancesFor } from "../core/fleet/units.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import { knows, type Observation } from "../core/observation.ts";
import { addressesIn } from "../core/references.ts";
import type { DesiredResource, Fields, ObservedResource, Target } from "../core/resource.ts";
import { requestedBy, weightedTargetGroupsIn } from "./forward-weights.ts";

/** A target group that takes over from others. */
export interface Replacement {
  readonly address: Address;
  readonly predecessors: readonly ObservedResource[];
  /** Undefined until AWS has made it. */
  readonly successor: ObservedResource | undefined;
  /** So many healthy targets make the successor ready. */
  readonly needed: number;
  /** Whether the successor serves at least as well as the predecessors do. */
  readonly isReady: boolean;
}

type ReplacementInput = WithoutReplacements & { readonly surplus: readonly ObservedResource[] };

/**
 * The target groups that are being replaced: by one of the same address or, where that has another key in the spec, by the
 * one that takes its place in a listener or rule.
 */
export function replacementsOf(input: ReplacementInput): Replacement[] {
  const { kindNamed, desired, current, surplus } = input;
  const receives = ({ kind }: { kind: DesiredResource["kind"] }) =>
    kindNamed(kind).traits.receivesRequests === true;
  const places = placesOf(input);
  return desired.filter(receives).flatMap(({ address, kind }) => {
    const own = surplus.filter((other) => other.kind === kind && other.address === address);
    const placed = surplus.filter((other) => places.get(address)?.has(other.id) === true);
    const predecessors = own.length > 0 ? own : placed;
    if (predecessors.length === 0) return [];
    const successor = current.get(address);
    const before = neededAfter(input, address, predecessors);
    // What merely takes the place of another one need not have more than the groups that fill it are to bring.
    const needed = own.length > 0 ? before : Math.max(1, Math.min(before, capacityOf(input, address)));
    return [{ address, predecessors, successor, needed, isReady: isReady(successor, predecessors, needed) }];
  });
}

/**
 * As many as the predecessors have of those that are to come along: the instances of the spec's groups, where one fills
 * it. A target that somebody has registered by hand does not come along, and would be waited for for ever; where all are
 * of that kind, somebody has to register them again.
 */
function neededAfter(
  state: WithoutReplacements,
  address: Address,
  predecessors: readonly ObservedResource[],
): number {
  const isFilled = fillersOf(state, address).some((filler) => hasCapacity(state, filler));
  const byHand = new Set(registeredByHand(state, predecessors));
  const healthyBefore = predecessors.map(
    (predecessor) => [...healthyInstances(predecessor)].filter((id) => !(isFilled && byHand.has(id))).length,
  );
  return Math.max(1, ...healthyBefore);
}

function isReady(
  successor: ObservedResource | undefined,
  predecessors: readonly ObservedResource[],
  needed: number,
): boolean {
  if (successor === undefined) return false;
  if (predecessors.every((predecessor) => targetsOf(predecessor).length === 0)) return true;
  return healthyTargets(successor) >= needed;
}

/**
 * Address of a wanted target group → ids of the surplus ones whose requests it is to get: a listener or rule sends them
 * to one that is not wanted any more, and is to send them to one that gets none there yet. Of a listener whose load
 * balancer is replaced, the old one tells.
 */
function placesOf({ kindNamed, desired, current, surplus }: ReplacementInput): Map<Address, Set<string>> {
  const places = new Map<Address, Set<string>>();
  for (const wanted of desired) {
    const { forwardField } = kindNamed(wanted.kind).traits;
    const now = current.get(wanted.address) ?? surplus.find(({ address }) => address === wanted.address);
    if (forwardField === undefined || now === undefined) continue;
    const serving = weightedTargetGroupsIn(now.fields[forwardField])
      .filter(({ weight }) => weight > 0)
      .map(({ arn }) => arn);
    const leaving = surplus.filter(({ id }) => serving.includes(id));
    const coming = [...new Set(addressesIn(wanted.fields[forwardField]))].filter(
      (address) => !serving.includes(current.get(address)?.id ?? ""),
    );
    const [newcomer] = coming;
    const [leaver] = leaving;
    // Of several it cannot be said which takes the place of which.
    if (newcomer === undefined || leaver === undefined || coming.length + leaving.length > 2) continue;
    places.set(newcomer, new Set([...(places.get(newcomer) ?? []), leaver.id]));
  }
  return places;
}

/** The instances that the groups are to keep that fill a target group; of one that is still to be made, nobody knows. */
function capacityOf(input: ReplacementInput, address: Address): number {
  return fillersOf(input, address).reduce((total, filler) => {
    const fleet = input.current.get(filler.address)?.fleet;
    return (
      total + (fleet === undefined ? Number.POSITIVE_INFINITY : instancesFor(fleet.desiredCapacity, fleet))
    );
  }, 0);
}

/** Healthy instances that are of no group of ours; none where a group is not there, or could not be read. */
function registeredByHand(
  { kindNamed, desired, current, observation }: WithoutReplacements,
  targetGroups: readonly ObservedResource[],
): string[] {
  const groups = desired.filter(({ kind }) => kindNamed(kind).traits.registersIn !== undefined);
  if (!groups.every(({ kind, address }) => knows(observation, kind) && current.has(address))) return [];
  const fleets = observation.resources.flatMap(({ owned, fleet }) => (owned ? (fleet ?? []) : []));
  const ours = new Set(fleets.flatMap(({ instances }) => instances.map(({ instanceId }) => instanceId)));
  const healthy = new Set(targetGroups.flatMap((targetGroup) => [...healthyInstances(targetGroup)]));
  return [...healthy].filter((id) => !ours.has(id));
}

/** The groups that are to fill it. */
function fillersOf(
  { kindNamed, desired }: Pick<CutoverState, "kindNamed" | "desired">,
  address: Address,
): DesiredResource[] {
  return desired.filter(({ kind, fields }) => {
    const { registersIn } = kindNamed(kind).traits;
    return registersIn !== undefined && addressesIn(fields[registersIn]).includes(address);
  });
}

function targetsOf({ targetSet }: ObservedResource): readonly Target[] {
  return targetSet?.targets ?? [];
}

/** An instance that is registered with two ports is one. */
export function healthyTargets(targetGroup: ObservedResource): number {
  return healthyInstances(targetGroup).size;
}

function healthyInstances(targetGroup: ObservedResource): ReadonlySet<string> {
  const healthy = targetsOf(targetGroup).filter(({ state }) => state === "healthy");
  return new Set(healthy.map(({ instanceId }) => instanceId));
}

/** Whether the load balancer has come to a first verdict on the targets. */
export function isChecked(targetGroup: ObservedResource): boolean {
  const states = targetsOf(targetGroup).map(({ state }) => state);
  return states.some((state) => ["healthy", "unhealthy"].includes(state)) && !states.includes("initial");
}

/** What is wanted, beside what is there and what was last applied. */
export interface CutoverState {
  readonly kindNamed: KindNamed;
  readonly desired: readonly DesiredResource[];
  readonly current: ReadonlyMap<Address, ObservedResource>;
  readonly observation: Observation;
  readonly replacements: readonly Replacement[];
  /** Address → fields last applied. */
  readonly applied: ReadonlyMap<Address, Fields>;
}

type WithoutReplacements = Omit<CutoverState, "replacements" | "applied">;

/** A wanted target group that has fewer healthy targets than it needs to be sent requests. */
export interface UnreadyTargetGroup {
  readonly address: Address;
  /** Its ARN. */
  readonly id: string;
  /** So many healthy targets make it ready. */
  readonly needed: number;
  readonly healthy: number;
  readonly predecessors: readonly ObservedResource[];
  /** Its targets that are not healthy. */
  readonly failing: readonly Target[];
  /** Healthy instances of the predecessors that are of no group of the spec. */
  readonly strangers: readonly string[];
}

/**
 * Where a target group stands on its way to its requests; one that is at its end has no phase.
 *
 * - `to be made`: AWS cannot change it in place, and its successor is still to come. What serves goes on.
 * - `warming up`: it is there, has weight 0 and is filled, so that it is checked. Left when enough targets are healthy.
 * - `taking over`: it has enough healthy targets; the weights change, and what it replaces goes when it is not used.
 */
export type TargetGroupPhase =
  | { readonly phase: "to be made" }
  | { readonly phase: "warming up"; readonly healthy: number; readonly needed: number }
  | { readonly phase: "taking over" };

/** The phase of every target group that is on its way. One that is sent requests, and has lost targets, is not. */
export function targetGroupPhases(
  { kindNamed, observation, replacements }: CutoverState,
  unready: readonly UnreadyTargetGroup[],
): ReadonlyMap<Address, TargetGroupPhase> {
  const replaced = replacements.map(
    ({ address, successor }) =>
      [address, { phase: successor === undefined ? "to be made" : "taking over" }] as const,
  );
  const requested = requestedBy(kindNamed, observation.resources);
  const warming = unready
    .filter(({ id }) => !requested.has(id))
    .map(({ address, healthy, needed }) => [address, { phase: "warming up", healthy, needed }] as const);
  return new Map<Address, TargetGroupPhase>([...replaced, ...warming]);
}

/** The target groups that are there and must not be sent any requests that somebody else serves. */
export function unreadyTargetGroups(state: CutoverState): UnreadyTargetGroup[] {
  return state.desired.flatMap(({ address, kind }) => {
    const isTargetGroup = state.kindNamed(kind).traits.receivesRequests === true;
    const targetGroup = isTargetGroup ? state.current.get(address) : undefined;
    if (targetGroup === undefined) return [];
    const replacement = state.replacements.find((candidate) => candidate.address === address);
    const predecessors = replacement?.predecessors ?? [];
    const neededByFillers = neededByFleets(state, address, targetGroup);
    const needed = replacement?.needed ?? neededByFillers;
    const healthy = healthyTargets(targetGroup);
    const isOver = replacement?.isReady ?? healthy >= needed;
    const strangers = registeredByHand(state, predecessors);
    // What nobody brings about is not waited for; but what serves by hand is not left before somebody has moved it.
    if (isOver || (neededByFillers === 0 && strangers.length === 0)) return [];
    const failing = targetsOf(targetGroup).filter(({ state: health }) => health !== "healthy");
    return [
      {
        address,
        id: targetGroup.id,
        needed,
        healthy,
        predecessors,
        failing,
        strangers,
      },
    ];
  });
}

/**
 * As many healthy targets as the groups that fill it have at least, and one. None where no group is going to fill it:
 * nothing waits for what nobody brings about.
 */
function neededByFleets(state: CutoverState, address: Address, targetGroup: ObservedResource): number {
  const fillers = fillersOf(state, address).filter((fleet) => hasCapacity(state, fleet));
  if (fillers.length === 0) return 0;
  const least = fillers.map((filler) => {
    const now = state.current.get(filler.address);
    const { fleet = { instances: [], ...(filler.isWeighted ? { isWeighted: true } : {}) } } = now ?? {};
    return Math.min(instancesFor(minSizeOf(filler), fleet), healthyElsewhere(state, now, targetGroup));
  });
  return Math.max(
    1,
    least.reduce((total, one) => total + one, 0),
  );
}

function minSizeOf({ fields }: DesiredResource): number {
  return Number(fields.minSize ?? 0);
}

/** What could not be read is not empty. */
function hasCapacity({ current, observation }: WithoutReplacements, group: DesiredResource): boolean {
  if (minSizeOf(group) > 0) return true;
  const fleet = current.get(group.address)?.fleet;
  if (fleet !== undefined) return fleet.desiredCapacity > 0;
  return !knows(observation, group.kind) || Number(group.initial?.desiredCapacity ?? 0) > 0;
}

/**
 * The instances of a group that are healthy in another target group. One that is healthy nowhere is not the new target
 * group's fault, and while the group looks at EC2's checks only, nobody replaces it.
 */
function healthyElsewhere(
  { observation }: CutoverState,
  group: ObservedResource | undefined,
  targetGroup: ObservedResource,
): number {
  const others = observation.resources.filter(
    ({ targetSet, id }) =>
      targetSet !== undefined && id !== targetGroup.id && group?.refersTo.includes(id) === true,
  );
  if (group === undefined || others.length === 0) return Number.POSITIVE_INFINITY;
  const healthy = new Set(
    others
      .flatMap(targetsOf)
      .filter(({ state }) => state === "healthy")
      .map(({ instanceId }) => instanceId),
  );
  return (group.fleet?.instances ?? []).filter(({ instanceId }) => healthy.has(instanceId)).length;
}
