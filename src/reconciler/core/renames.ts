/**
 * What AWS knows no names of, under a new one: the name is our tag, so that the resource stays and only its tag is
 * corrected. A rule that goes and one that comes in its place are one rule that changes: nothing is without it meanwhile.
 */
import { parentOf } from "../../model/address.ts";
import { valuesEqual } from "../../model/value.ts";
import type { KindNamed } from "./kind-rules.ts";
import type { Matching } from "./match.ts";
import { resolved } from "./references.ts";
import type { DesiredResource, ObservedResource } from "./resource.ts";

/** Each wanted resource that has none gets a surplus one of the same parent: by the first of its fields that are the same. */
export function withRenames(
  matching: Matching,
  desired: readonly DesiredResource[],
  kindNamed: KindNamed,
): Matching {
  const current = new Map(matching.current);
  const surplus = [...matching.surplus];
  const rounds = Math.max(0, ...desired.map((wanted) => fieldsOf(wanted, kindNamed).length));
  for (let round = 0; round < rounds; round += 1) {
    for (const wanted of desired) {
      const field = fieldsOf(wanted, kindNamed)[round];
      const parent = current.get(parentOf(wanted.address))?.id;
      if (field === undefined || parent === undefined || current.has(wanted.address)) continue;
      const index = surplus.findIndex((other) => other.parent === parent && isSame(wanted, other, field));
      const [found] = index < 0 ? [] : surplus.splice(index, 1);
      if (found !== undefined) current.set(wanted.address, { ...found, ...placeOf(wanted) });
    }
  }
  return { ...matching, current, surplus };
}

function fieldsOf({ kind }: DesiredResource, kindNamed: KindNamed): readonly string[] {
  return kindNamed(kind).traits.recognisedBy ?? [];
}

function isSame(wanted: DesiredResource, other: ObservedResource, field: string): boolean {
  const value = wanted.fields[field];
  if (other.kind !== wanted.kind || value === undefined) return false;
  return valuesEqual(
    resolved(value, () => undefined),
    other.fields[field],
  );
}

function placeOf({ address, name }: DesiredResource): Pick<ObservedResource, "address" | "name"> {
  return { address, name };
}
