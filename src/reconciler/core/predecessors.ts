/**
 * What is to be replaced and still stands, because its successor waits for a person or a window, or is not ready. Nothing of
 * the spec is wanted of it any more but what was applied to it and is asked for as before: of that it is compared and put
 * right, as if nobody had edited anything. What the edit itself changes is for the successor alone. Pure.
 */
import { type Address, surplusAddress } from "../../model/address.ts";
import { canonicalJson, type Value, valuesEqual } from "../../model/value.ts";
import type { AppliedResource, MadeResource } from "../../ports.ts";
import type { Action, Reorder } from "./actions.ts";
import { asCompared } from "./as-compared.ts";
import type { Mandate } from "./belonging/mandate.ts";
import { type Comparison, isTrafficUnknown } from "./compare.ts";
import type { Matching } from "./current-and-surplus.ts";
import { differencesOf } from "./diff.ts";
import { type KindNamed, movesTraffic } from "./kind-rules.ts";
import { type LeftInput, leftToOthers } from "./left-to-others.ts";
import type { Observation } from "./observation.ts";
import { type Lookup, resolved } from "./references.ts";
import type { DesiredResource, Fields, ObservedResource } from "./resource.ts";

export interface PredecessorsInput {
  readonly kindNamed: KindNamed;
  readonly mandate?: Mandate;
  readonly goal: "Converge" | "Delete" | "Retain";
  /** What the spec asks for in the end. */
  readonly desired: readonly DesiredResource[];
  readonly observation: Observation;
  readonly made: readonly MadeResource[];
  /** Address → fields last applied; what is to be replaced has the address of its id: see {@link withPredecessors}. */
  readonly applied: ReadonlyMap<Address, Fields>;
  readonly drift?: Pick<LeftInput, "rules" | "isUnseen"> & {
    readonly isAsked?: (address: Address, place: { change: "Modified"; field: string }) => boolean;
  };
}

/** What is to be replaced and still stands, beside what is kept of it. */
export interface Predecessor extends Comparison {
  readonly observed: ObservedResource;
  readonly standsAt: Address;
}

/** The records, with those of what is to be replaced at the addresses of their ids: its successor's takes the other place. */
export function withPredecessors(
  rows: ReadonlyMap<Address, AppliedResource>,
  desired: readonly Pick<DesiredResource, "address" | "kind" | "name">[],
  resources: readonly ObservedResource[],
): ReadonlyMap<Address, AppliedResource> {
  const wanted = placesIn(desired);
  const found = resources.flatMap(({ kind, id, name, address: at, owned }) => {
    const place = wanted.get(at);
    const address = surplusAddress(id);
    if (!owned || place === undefined || place.kind !== kind || place.name === name || rows.has(address))
      return [];
    const row = rows.get(place.address);
    return row !== undefined && row.kind === kind && row.id === id && row.name === name
      ? [[address, { ...row, address }] as const]
      : [];
  });
  return new Map([...rows, ...found]);
}

/** What is wanted, by where it stands; nothing stands where there is no address. */
function placesIn<T extends Pick<DesiredResource, "address">>(
  desired: readonly T[],
): ReadonlyMap<Address | undefined, T> {
  return new Map(desired.map((one) => [one.address, one]));
}

/** What is to be replaced beside what was last applied to it, where the spec asks for that as before. */
export function predecessorsIn(input: PredecessorsInput, matching: Matching): Predecessor[] {
  const { kindNamed, mandate = "manage", goal, desired } = input;
  if (mandate !== "manage" || goal !== "Converge") return [];
  const wanted = placesIn(desired);
  const isBlind = isTrafficUnknown(input);
  // A group that goes takes away by itself what sits on it: its warm pool is emptied before it is.
  const isGoing = (id: string | undefined) => {
    const record = id === undefined ? undefined : input.applied.get(surplusAddress(id));
    return record !== undefined && isGivenUp(record);
  };
  return matching.surplus.flatMap((there): Predecessor[] => {
    const place = wanted.get(there.address);
    if (place === undefined || place.kind !== there.kind || place.name === there.name) return [];
    if (there.lifecycle === "deleting" || (isBlind && movesTraffic(kindNamed(there.kind)))) return [];
    return isGoing(there.id) || isGoing(there.parent) ? [] : [comparisonOf(input, matching, place, there)];
  });
}

/** What is being removed is not kept as it was. It has a record without fields, so that none is made anew. */
export function isGivenUp(record: Fields): boolean {
  return Object.keys(record).length === 0;
}

function comparisonOf(
  input: PredecessorsInput,
  matching: Matching,
  successor: DesiredResource,
  there: ObservedResource,
): Predecessor {
  const { address: standsAt } = successor;
  const address = surplusAddress(there.id);
  const known = input.applied.get(address);
  const record = known ?? {};
  const kind = input.kindNamed(there.kind);
  const itself = new Map([[standsAt, there]]);
  const [asked = successor] = asCompared(input, { ...matching, current: itself }, [successor]);
  const kept = Object.fromEntries(
    Object.entries(asked.fields).flatMap(([field, value]) => {
      const last = record[field] ?? there.fields[field];
      const now = resolved(value, lookupBy(input, matching, last));
      return now !== undefined && valuesEqual(now, last) ? [[field, now]] : [];
    }),
  );
  const { desired, left } = keptIn(input, { ...asked, name: there.name, fields: kept }, there, record);
  // What is not kept of these is edited, and for the successor alone. Without a record that may be any of them.
  const spoken = [...Object.keys(asked.fields), ...Object.keys(known ?? there.fields)];
  const { after: _after, initial: _initial, takesOver: _takesOver, isPinned: _isPinned, ...rest } = desired;
  return {
    desired: {
      ...rest,
      address,
      fields: { ...there.fields, ...asked.fields, ...desired.fields },
      secrets: { ...there.secrets, ...desired.secrets },
    },
    observed: there,
    standsAt,
    fields: desired.fields,
    ...(left === undefined ? {} : { left }),
    differences: differencesOf(
      kind,
      desired.fields,
      there.fields,
      record,
      new Map(spoken.map((field) => [field, undefined])),
    ),
    immutable: [],
    waitsFor: [],
  };
}

/** What is kept, with what the spec leaves to others as it is. */
function keptIn(
  { kindNamed, drift }: PredecessorsInput,
  kept: DesiredResource,
  there: ObservedResource,
  record: Fields,
): { desired: DesiredResource; left?: Comparison["left"] } {
  if (drift === undefined) return { desired: kept };
  const { address } = kept;
  const own = surplusAddress(there.id);
  const { desired, left } = leftToOthers({
    kindNamed,
    desired: [kept],
    current: new Map([[address, there]]),
    applied: new Map([[address, record]]),
    records: new Map(),
    rules: drift.rules,
    isUnseen: (_, field, wanted) => drift.isUnseen(own, field, wanted),
    isToBeCorrected: (_, field) => drift.isAsked?.(address, { change: "Modified", field }) === true,
  });
  return { desired: desired[0] ?? kept, left: left.get(address) };
}

/** What it was told to refer to stands at the same address as what refers in its place: the one that it names is meant. */
function lookupBy(
  { made }: PredecessorsInput,
  { current, surplus }: Matching,
  last: Value | undefined,
): Lookup {
  const told = canonicalJson(last);
  return (address, attribute) => {
    const there = [...surplus.filter((one) => one.address === address), current.get(address)];
    const rows = made.filter((one) => one.address === address && attribute === "arn");
    const names = [...there.map((one) => one?.attributes[attribute]), ...rows.map(({ id }) => id)];
    return names.find((name) => name !== undefined && told.includes(name));
  };
}

/** What puts it right, without what is done to what is being removed. */
export function keepingOf(
  corrections: readonly Action[],
  removals: readonly Action[],
  predecessors: readonly Predecessor[],
): Action[] {
  const going = new Set(removals.filter((one) => one.verb === "delete").map(({ id }) => id));
  const parents = new Map(predecessors.map(({ observed: { id, parent } }) => [id, parent]));
  const isGoing = (id: string | undefined): boolean =>
    id !== undefined && (going.has(id) || isGoing(parents.get(id)));
  return corrections.flatMap((action): Action[] => {
    if (action.verb === "create" || isGoing(action.id)) return [];
    const reason = "differs from what was applied to it, and stands until it is replaced";
    if (action.verb === "update") return [{ ...action, reason, keeps: true }];
    return [action.verb === "reorder" ? { ...action, keeps: true } : { ...action, reason }];
  });
}

/** Moves that were worked out by the places in the spec, of what stands there. */
export function movesAmong(predecessors: readonly Predecessor[], moves: readonly Reorder[]): Reorder[] {
  const byId = new Map(predecessors.map(({ desired, observed }) => [observed.id, desired]));
  return moves.flatMap((action): Reorder[] => {
    const listener = byId.get(action.id);
    if (listener === undefined) return [];
    const { address, name } = listener;
    const own = action.moves.map((move) => ({ ...move, rule: byId.get(move.arn)?.address ?? move.rule }));
    return [{ ...action, address, name, moves: own }];
  });
}
