/**
 * A group that takes over from another. Groups have the name of their key in the spec, so that one under another key is a
 * new group, and the old one is surplus; what they have in common is the target groups that they fill. The new one
 * begins with as many instances as the old one has now, and the old one keeps its own until as many of the new one's are
 * healthy in the same target groups, or in those that take over from them.
 *
 * A group that fills none is taken over from by the one of its own key, if that has another name: there counts how many
 * instances are in service.
 *
 * `web` has 6 instances and is called `app` from now on. `app` is made with 6; when 6 of them are healthy, `web` is
 * emptied. A group that stood beside `web` all the time takes nothing over: it has its own work.
 */
import type { Address } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import { instancesFor, unitsOf } from "../core/fleet/units.ts";
import type { HoldReason } from "../core/holds.ts";
import { addressesIn } from "../core/references.ts";
import type { DesiredResource, Fleet, ObservedResource } from "../core/resource.ts";
import { requestedBy } from "./forward-weights.ts";
import type { CutoverState, Replacement } from "./target-group-readiness.ts";

/** What a surplus group still waits for in one of the target groups that it fills. */
export interface FleetHandover {
  readonly from: ObservedResource;
  /** The new groups; none where requests are still to be moved away, to whomever. */
  readonly to: readonly Address[];
  /** The target group in which the new ones are to be healthy; undefined while AWS has yet to make it. */
  readonly targetGroup: ObservedResource | undefined;
  readonly healthy: number;
  readonly needed: number;
}

export interface HandoverState extends CutoverState {
  readonly surplus: readonly ObservedResource[];
  /** Rows of what is known to be ours by its id. */
  readonly made: readonly {
    readonly kind: KindName;
    readonly id: string;
    readonly takesOver: readonly string[];
  }[];
}

/** A place where old and new groups do the same work. */
interface Post {
  /** None where they fill none, and one has the other's key. */
  readonly targetGroup: ObservedResource | undefined;
  readonly successors: readonly Address[];
  readonly leaving: readonly ObservedResource[];
  readonly coming: readonly DesiredResource[];
}

/** Every surplus group that is not to go yet, target group by target group. */
export function handoversOf(state: HandoverState): FleetHandover[] {
  return [...postsOf(state).flatMap((post) => handoversAt(state, post)), ...stillServing(state)];
}

function handoversAt(
  state: HandoverState,
  { targetGroup, successors, leaving, coming }: Post,
): FleetHandover[] {
  const inPlace = successors.flatMap((address) => state.current.get(address) ?? []);
  const before = targetGroup === undefined ? inServiceOf(leaving) : healthyOf(leaving, [targetGroup]);
  const newcomers = coming.map(({ address }) => state.current.get(address));
  const toCome = sum(newcomers.map((group) => toComeIn(group?.fleet) ?? Math.max(1, before)));
  const isUsed = [targetGroup, ...inPlace].some((one) => one !== undefined && getsRequests(state, one));
  const isFilled = leaving.some(({ fleet }) => (fleet?.instances.length ?? 0) > 0);
  // That none of the old ones is healthy is the word of a single read: one that serves is worth the wait.
  const needed = Math.min(Math.max(before, isUsed && isFilled ? 1 : 0), toCome);
  const there = newcomers.flatMap((group) => group ?? []);
  const healthy = targetGroup === undefined ? inServiceOf(there) : healthyOf(there, inPlace);
  if (healthy >= needed) return [];
  const to = coming.map(({ address }) => address);
  return leaving.map((from) => ({ from, to, targetGroup: inPlace[0], healthy, needed }));
}

/** The instances that a group will have; `undefined` as long as it has too few to tell what its units come to. */
function toComeIn(fleet: Fleet | undefined): number | undefined {
  if (fleet === undefined) return undefined;
  const units = unitsOf(fleet, fleet.instances);
  const isFull = units !== undefined && units >= fleet.desiredCapacity;
  return fleet.isWeighted === true && !isFull ? undefined : instancesFor(fleet.desiredCapacity, fleet);
}

/** What is given up and still gets requests keeps its instances until they are moved, whoever gets them. */
function stillServing(state: HandoverState): FleetHandover[] {
  const { surplus } = state;
  const used = surplus.filter((one) => one.targetSet !== undefined && getsRequests(state, one));
  return surplus
    .filter(({ fleet }) => fleet !== undefined)
    .flatMap((from) =>
      used
        .filter(({ id }) => from.refersTo.includes(id))
        .map((targetGroup) => ({ from, to: [], targetGroup, healthy: 0, needed: 0 })),
    );
}

/** The wanted groups that take over, with what they take over from and, of those to be made, with how many to begin. */
export function withHandovers(
  state: HandoverState,
  wanted: readonly DesiredResource[],
): readonly DesiredResource[] {
  const posts = postsOf(state);
  if (posts.length === 0) return wanted;
  return wanted.map((resource) => {
    const own = posts.filter(({ coming }) => coming.some(({ address }) => address === resource.address));
    if (own.length === 0) return resource;
    const takesOver = [...new Set(own.flatMap(({ leaving }) => leaving.map(({ id }) => id)))];
    // What is declared as fixed is not more for a while.
    if (resource.fields.desiredCapacity !== undefined) return { ...resource, takesOver };
    // What counts something else says nothing of how much this one needs.
    const shares = own.map(({ leaving, coming }) => {
      const alike = leaving.filter(({ fleet }) => fleet?.isWeighted === resource.isWeighted);
      return Math.ceil(sum(alike.map(({ fleet }) => fleet?.desiredCapacity ?? 0)) / coming.length);
    });
    const { minSize, maxSize } = resource.fields;
    const atLeast = Math.max(Number(minSize), Number(resource.initial?.desiredCapacity ?? 0), ...shares);
    const desiredCapacity = Math.min(Number(maxSize), atLeast);
    return { ...resource, takesOver, initial: { ...resource.initial, desiredCapacity } };
  });
}

/** Why a surplus group must not be emptied yet. */
export function reasonsOfHandover(handovers: readonly FleetHandover[], id: string): HoldReason[] {
  return handovers
    .filter(({ from }) => from.id === id)
    .map(({ to: [group], targetGroup, healthy, needed }) =>
      group === undefined
        ? { because: "requests not moved", from: targetGroup?.name ?? "" }
        : { because: "unready group", group, healthy, needed },
    );
}

function postsOf(state: HandoverState): Post[] {
  const { observation, surplus } = state;
  const groups = surplus.filter(({ fleet, lifecycle }) => fleet !== undefined && lifecycle !== "deleting");
  const targetGroups = observation.resources.filter(({ targetSet }) => targetSet !== undefined);
  const workers = groups.filter(({ refersTo }) => !targetGroups.some(({ id }) => refersTo.includes(id)));
  return [
    ...postsOfWorkers(state, workers),
    ...targetGroups.flatMap((targetGroup) => {
      const leavers = groups.filter(({ refersTo }) => refersTo.includes(targetGroup.id));
      if (leavers.length === 0) return [];
      const successors = successorsOf(state, targetGroup);
      const fillers = state.desired.filter((group) => fills(state, group, successors));
      const coming = fillers.filter((group) => leavers.some((leaver) => isTaker(state, group, leaver)));
      const leaving = leavers.filter((leaver) => coming.some((group) => isTaker(state, group, leaver)));
      return coming.length === 0 ? [] : [{ targetGroup, successors, leaving, coming }];
    }),
  ];
}

function postsOfWorkers(state: HandoverState, workers: readonly ObservedResource[]): Post[] {
  return workers.flatMap((leaver) => {
    const coming = state.desired.filter(
      (group) =>
        group.kind === leaver.kind && group.address === leaver.address && isTaker(state, group, leaver),
    );
    return coming.length === 0 ? [] : [{ targetGroup: undefined, successors: [], leaving: [leaver], coming }];
  });
}

/** Where the target group is wanted, or what takes over from it. */
function successorsOf({ current, replacements }: HandoverState, { id }: ObservedResource): Address[] {
  const own = [...current].filter(([, resource]) => resource.id === id).map(([address]) => address);
  const replacing = (replacement: Replacement) => replacement.predecessors.some((other) => other.id === id);
  return [...own, ...replacements.filter(replacing).map(({ address }) => address)];
}

function fills(
  { kindNamed }: HandoverState,
  group: DesiredResource,
  targetGroups: readonly Address[],
): boolean {
  const { registersIn } = kindNamed(group.kind).traits;
  if (registersIn === undefined) return false;
  return addressesIn(group.fields[registersIn]).some((address) => targetGroups.includes(address));
}

/** It came when the other one was not wanted any more: it is still to be made, nobody has seen it yet, or its row says so. */
function isTaker(
  { current, made }: HandoverState,
  { address }: DesiredResource,
  leaver: ObservedResource,
): boolean {
  const now = current.get(address);
  const row = made.find(({ kind, id }) => kind === now?.kind && id === now.id);
  return now === undefined || row === undefined || row.takesOver.includes(leaver.id);
}

/** Instances of these groups that are healthy in one of these target groups. */
function healthyOf(groups: readonly ObservedResource[], targetGroups: readonly ObservedResource[]): number {
  const own = new Set(
    groups.flatMap(({ fleet }) => fleet?.instances ?? []).map(({ instanceId }) => instanceId),
  );
  const healthy = targetGroups
    .flatMap(({ targetSet }) => targetSet?.targets ?? [])
    .filter(({ state, instanceId }) => state === "healthy" && own.has(instanceId));
  return new Set(healthy.map(({ instanceId }) => instanceId)).size;
}

function inServiceOf(groups: readonly ObservedResource[]): number {
  const instances = groups.flatMap(({ fleet }) => fleet?.instances ?? []);
  return instances.filter(({ lifecycleState }) => lifecycleState === "InService").length;
}

/** From a listener or rule of ours: what others send there is not ours to move. */
function getsRequests({ observation, kindNamed }: HandoverState, { id }: ObservedResource): boolean {
  const own = observation.resources.filter(({ owned }) => owned);
  return requestedBy(kindNamed, own).has(id);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
