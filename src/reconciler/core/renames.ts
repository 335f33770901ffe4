/**
 * What AWS knows no names of, under a new one: the name is our tag, so that the resource stays and only its tag is
 * corrected. A rule that goes and one that comes in its place are one rule that changes: nothing is without it meanwhile.
 */
import { type Address, parentOf } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import { valuesEqual } from "../../model/value.ts";
import type { Matching } from "./current-and-surplus.ts";
import type { KindNamed } from "./kind-rules.ts";
import { resolved } from "./references.ts";
import type { DesiredResource, ObservedResource } from "./resource.ts";

/** A row of what is known to be ours by its id. */
interface MadeRow {
  readonly kind: KindName;
  readonly id: string;
  readonly address: Address;
}

/**
 * Each wanted resource that has none gets a surplus one of the same parent: the one that it was taken for before, or else by
 * the first of its fields that are the same. It stays that one, whatever is wanted of it meanwhile.
 */
export function withRenames(
  matching: Matching,
  desired: readonly DesiredResource[],
  kindNamed: KindNamed,
  made: readonly MadeRow[],
): Matching {
  const current = new Map(matching.current);
  const surplus = [...matching.surplus];
  const nameless = desired.filter((wanted) => fieldsOf(wanted, kindNamed).length > 0);
  const match = (isIt: (wanted: DesiredResource, other: ObservedResource) => boolean) => {
    for (const wanted of nameless) {
      const parent = current.get(parentOf(wanted.address))?.id;
      if (parent === undefined || current.has(wanted.address)) continue;
      const index = surplus.findIndex(
        (other) => other.kind === wanted.kind && other.parent === parent && isIt(wanted, other),
      );
      const [found] = index < 0 ? [] : surplus.splice(index, 1);
      if (found !== undefined) current.set(wanted.address, { ...found, ...placeOf(wanted) });
    }
  };
  match((wanted, other) => {
    const ids = rowsAt(wanted, made).map(({ id }) => id);
    return ids.length > 0 && ids.every((id) => id === other.id);
  });
  const rounds = Math.max(0, ...nameless.map((wanted) => fieldsOf(wanted, kindNamed).length));
  for (let round = 0; round < rounds; round += 1)
    match((wanted, other) => {
      const field = fieldsOf(wanted, kindNamed)[round];
      // What has been made there and is in no list may be there all the same: then the wanted resource is that one.
      return field !== undefined && rowsAt(wanted, made).length === 0 && isSame(wanted, other, field);
    });
  return { ...matching, current, surplus };
}

function rowsAt({ kind, address }: DesiredResource, made: readonly MadeRow[]): readonly MadeRow[] {
  return made.filter((row) => row.kind === kind && row.address === address);
}

function fieldsOf({ kind }: DesiredResource, kindNamed: KindNamed): readonly string[] {
  return kindNamed(kind).traits.recognisedBy ?? [];
}

function isSame(wanted: DesiredResource, other: ObservedResource, field: string): boolean {
  const value = resolved(wanted.fields[field] ?? null, () => undefined);
  // What is still to come is nobody's yet, and not what another one lacks.
  return value !== undefined && valuesEqual(value, other.fields[field]);
}

function placeOf({ address, name }: DesiredResource): Pick<ObservedResource, "address" | "name"> {
  return { address, name };
}
