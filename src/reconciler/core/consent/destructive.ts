/**
 * What of a plan destroys: what cannot be had back, or is gone for whoever uses it. Judged by what is there and what is
 * wanted, and not by the steps that lead from one to the other, so that it is the same in every round until it is done:
 * a load balancer that is replaced is destroyed from the moment in which another one is wanted. Pure.
 */
import type { Address } from "../../../model/address.ts";
import type { KindName } from "../../../model/kind-name.ts";
import { valuesEqual } from "../../../model/value.ts";
import { type Action, verbOf } from "../actions.ts";
import type { Comparison } from "../compare.ts";
import type { Matching } from "../current-and-surplus.ts";
import type { Holds } from "../holds.ts";
import type { KindNamed } from "../kind-rules.ts";
import { addressesIn } from "../references.ts";
import type { DesiredResource, Difference, Fields, ObservedResource } from "../resource.ts";

type DestructiveEffect =
  | "loadBalancerReplaced"
  | "loadBalancerRemoved"
  | "groupRemoved"
  | "groupEmptied"
  | "servingRemoved"
  | "instancesTerminated";

/** One resource that would be destroyed, and all that belongs to that. */
export interface Destruction {
  readonly effect: DestructiveEffect;
  /** Where it stands, or stood. */
  readonly address: Address;
  readonly id: string;
  /** For people. */
  readonly verb: "replace" | "delete" | "empty" | "correct";
  /** Ids of what goes: it, and what goes with it. */
  readonly goes: ReadonlySet<string>;
  /** What is made in its place stands here, or below. */
  readonly places: readonly Place[];
  /** What stays in its place meanwhile, so that nothing else prepares for what is to come. */
  readonly standIns: readonly ObservedResource[];
  /** Of what stays, what is not written before. */
  readonly fields: readonly { readonly address: Address; readonly field: string }[];
}

interface Place {
  readonly kind: KindName;
  readonly address: Address;
}

export interface DestructionInput {
  readonly kindNamed: KindNamed;
  /** What the spec asks for in the end. */
  readonly desired: readonly DesiredResource[];
  readonly matching: Matching;
  readonly comparisons: readonly Comparison[];
  /** Everything that was read. */
  readonly resources: readonly ObservedResource[];
  /** Address → fields last applied. */
  readonly applied: ReadonlyMap<Address, Fields>;
  /** What differs and is not believed, or not to be written, is not done. */
  readonly holds: Holds;
  /** AWS was once as this generation of the spec asks for: what is done since then corrects. */
  readonly isSettled: boolean;
  /** Ids of the target groups that something sends requests to. */
  readonly sendsTo: (resource: ObservedResource) => readonly string[];
  /** Another one takes over its requests without a gap. */
  readonly isTakenOver: (id: string) => boolean;
}

export function destructionsIn(input: DestructionInput): Destruction[] {
  return [
    ...input.matching.surplus.flatMap((resource) => removalOf(input, resource) ?? []),
    ...input.comparisons.flatMap((comparison) => terminationsOf(input, comparison)),
    ...[...input.matching.current].flatMap(([address, one]) => abandonmentOf(input, address, one) ?? []),
  ];
}

/** Whether it is done to what goes, or makes what comes in its place. */
export function isPartOf(action: Action, { goes, places }: Destruction): boolean {
  // What puts it right while it stands destroys nothing.
  if (isKeeping(action)) return false;
  if (action.verb !== "create" && action.id !== undefined && goes.has(action.id)) return true;
  return verbOf(action) === "create" && isAt(places, action);
}

function isKeeping(action: Action): boolean {
  const doable = action.verb === "wait" ? action.held : action;
  return (doable?.verb === "update" || doable?.verb === "reorder") && doable.keeps === true;
}

/** A child of what is made in its place is of a kind of its own: a group's launch template comes before the group. */
function isAt(places: readonly Place[], { address, kind }: Place): boolean {
  return places.some(
    (place) => (place.address === address && place.kind === kind) || address.startsWith(`${place.address}.`),
  );
}

/** Of what the spec does not ask for any more, what served or had instances. */
function removalOf(input: DestructionInput, resource: ObservedResource): Destruction | undefined {
  const { kindNamed, desired, matching, resources } = input;
  const { kind, id, fleet, lifecycle } = resource;
  if (lifecycle === "deleting" || sitsOnSurplus(resource, matching)) return undefined;
  const address = resource.address ?? (id as Address);
  const { traits } = kindNamed(kind);
  const of = { address, id, fields: [], standIns: [] } as const;
  if (traits.isEntrance === true) {
    const isReplaced = desired.some((wanted) => wanted.address === address && wanted.kind === kind);
    const { family } = kindNamed(kind);
    const along = isReplaced ? replacedWith(input, resource) : [];
    return {
      ...of,
      ...(isReplaced
        ? ({ effect: "loadBalancerReplaced", verb: "replace" } as const)
        : ({ effect: "loadBalancerRemoved", verb: "delete" } as const)),
      goes: new Set([id, ...along.map((one) => one.id)]),
      // All that is to be made behind it has its name after it.
      places: isReplaced ? desired.filter((wanted) => kindNamed(wanted.kind).family === family) : [],
      standIns: along,
    };
  }
  if (fleet !== undefined) {
    if (fleet.instances.length === 0 && fleet.desiredCapacity === 0) return undefined;
    const heirs = input.comparisons.filter(
      ({ desired: { takesOver = [] }, observed }) => observed === undefined && takesOver.includes(id),
    );
    return {
      ...of,
      ...{ effect: "groupRemoved", verb: "delete" },
      goes: new Set([id]),
      places: [
        ...(resource.address === undefined ? [] : [{ kind, address: resource.address }]),
        ...heirs.map((heir) => heir.desired),
      ],
    };
  }
  const goes = new Set([id]);
  const serving = { ...of, effect: "servingRemoved", verb: "delete", goes, places: [] } as const;
  if (traits.receivesRequests === true) {
    const isRequested = resources.some((sender) => sender.owned && input.sendsTo(sender).includes(id));
    if (!isRequested || input.isTakenOver(id)) return undefined;
    return { ...serving, fields: fieldsThatName(input, id) };
  }
  const isDoor = resources.some(
    (above) => above.id === resource.parent && kindNamed(above.kind).traits.isEntrance === true,
  );
  return traits.forwardField !== undefined && (isDoor || input.sendsTo(resource).length > 0)
    ? serving
    : undefined;
}

/**
 * What is behind it has its name after it, so that it is replaced as well: nothing of that is begun alone. Of a replacement
 * that was begun, what has come already does not stand in for itself.
 */
function replacedWith(
  { kindNamed, desired, matching }: DestructionInput,
  entrance: ObservedResource,
): ObservedResource[] {
  const { family } = kindNamed(entrance.kind);
  return matching.surplus.filter(
    (one) =>
      one.id !== entrance.id &&
      kindNamed(one.kind).family === family &&
      desired.some(({ kind, address }) => kind === one.kind && address === one.address) &&
      (one.address === undefined || !matching.current.has(one.address)),
  );
}

function sitsOnSurplus({ parent }: ObservedResource, { surplus }: Matching): boolean {
  return surplus.some(({ id }) => id === parent);
}

/** The fields of what stays by which requests or instances come to a target group. */
function fieldsThatName({ kindNamed, matching }: DestructionInput, id: string): Destruction["fields"] {
  return [...matching.current].flatMap(([address, { kind, refersTo }]) => {
    const { forwardField, registersIn } = kindNamed(kind).traits;
    const field = forwardField ?? registersIn;
    return field !== undefined && refersTo.includes(id) ? [{ address, field }] : [];
  });
}

/** What is written to a group that stays, and takes instances from it. An edit may have fewer, but not none. */
function terminationsOf(
  { kindNamed, applied, holds, isSettled }: DestructionInput,
  { desired, observed, differences }: Comparison,
): Destruction[] {
  const { address, kind } = desired;
  const { terminated } = kindNamed(kind);
  if (observed === undefined || terminated === undefined || holds.on(address) !== undefined) return [];
  const believed = differences.filter(({ field }) => holds.on(address, field) === undefined);
  const isOfEdit = ({ field, desired: wanted }: Difference) =>
    !isSettled && !valuesEqual(applied.get(address)?.[field] ?? null, wanted);
  const found = terminated({ desired, observed, differences: believed });
  const ofEdits = found.filter(({ difference, isAll }) => isAll && isOfEdit(difference));
  const ofCorrections = found.filter(({ difference }) => !isOfEdit(difference));
  const about = (of: typeof found) => ({
    address,
    id: observed.id,
    goes: new Set<string>(),
    places: [],
    standIns: [],
    fields: of.map(({ difference: { field } }) => ({ address, field })),
  });
  return [
    ...(ofEdits.length === 0 ? [] : [{ effect: "groupEmptied", verb: "empty", ...about(ofEdits) } as const]),
    ...(ofCorrections.length === 0
      ? []
      : [{ effect: "instancesTerminated", verb: "correct", ...about(ofCorrections) } as const]),
  ];
}

/** A target group that stays, gets requests, and is filled by no group any more, because an edit says so. */
function abandonmentOf(
  { kindNamed, desired, matching, isSettled, resources, sendsTo }: DestructionInput,
  address: Address,
  { kind, id }: ObservedResource,
): Destruction | undefined {
  if (isSettled || kindNamed(kind).traits.receivesRequests !== true) return undefined;
  const isRequested = resources.some((sender) => sender.owned && sendsTo(sender).includes(id));
  const fills = (fields: Fields, by: KindName) => addressesIn(fields[kindNamed(by).traits.registersIn ?? ""]);
  const isFilled = desired.some((group) => fills(group.fields, group.kind).includes(address));
  if (!isRequested || isFilled) return undefined;
  const fields = [...matching.current].flatMap(([place, { kind: by, refersTo, fleet }]) => {
    const { registersIn } = kindNamed(by).traits;
    const isFiller = registersIn !== undefined && refersTo.includes(id) && (fleet?.instances.length ?? 0) > 0;
    return isFiller ? [{ address: place, field: registersIn }] : [];
  });
  if (fields.length === 0) return undefined;
  const nothing = { goes: new Set<string>(), places: [], standIns: [] };
  return { effect: "servingRemoved", verb: "empty", address, id, ...nothing, fields };
}
