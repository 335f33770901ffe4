/**
 * What a spec means, whoever made it and whatever its tags say: by its name; what AWS knows no name of, by where it stands.
 * A service that is only observed goes by this alone, and adoption begins with it. Pure.
 */
import { type Address, parentOf } from "../../model/address.ts";
import { valuesEqual } from "../../model/value.ts";
import type { MadeResource } from "../../ports.ts";
import type { KindNamed } from "./kind-rules.ts";
import type { Observation } from "./observation.ts";
import { resolved } from "./references.ts";
import type { DesiredResource, ObservedResource } from "./resource.ts";

export interface MeaningInput {
  readonly kindNamed: KindNamed;
  readonly desired: readonly DesiredResource[];
  readonly observation: Observation;
  readonly made: readonly Pick<MadeResource, "kind" | "id" | "address">[];
}

/** Address → what is meant there. Of two with one name, the one with the lower id. */
export function meantIn(input: MeaningInput): ReadonlyMap<Address, ObservedResource> {
  const { kindNamed, desired, observation, made } = input;
  const resources = [...observation.resources].sort((a, b) => (a.id < b.id ? -1 : 1));
  const meant = new Map<Address, ObservedResource>();
  const taken = new Set<string>();
  const take = (address: Address, found: ObservedResource | undefined) => {
    if (found === undefined) return;
    meant.set(address, found);
    taken.add(found.id);
  };
  const isFree = ({ id }: ObservedResource) => !taken.has(id);
  // What sits on something that could not be read is there all the same.
  const unreadAt = (address: Address) =>
    observation.unreadable.find(({ kind, id }) =>
      made.some((row) => row.kind === kind && row.id === id && row.address === address),
    );
  for (const { address, kind, name } of desired) {
    if (kindNamed(kind).traits.recognisedBy !== undefined) continue;
    take(
      address,
      resources.find((one) => one.kind === kind && one.name === name && isFree(one)),
    );
  }
  // The surest first, for all of them, so that none takes what another one is known by.
  for (const isIt of [isKnownById(input), hasOurTag, isInItsPlace(input)]) {
    for (const wanted of desired) {
      const { address, kind } = wanted;
      if (kindNamed(kind).traits.recognisedBy === undefined || meant.has(address)) continue;
      const parent = meant.get(parentOf(address))?.id ?? unreadAt(parentOf(address))?.id;
      if (parent === undefined) continue;
      const siblings = resources.filter((one) => one.kind === kind && one.parent === parent && isFree(one));
      take(
        address,
        siblings.find((one) => isIt(wanted, one)),
      );
    }
  }
  return meant;
}

type Sign = (wanted: DesiredResource, there: ObservedResource) => boolean;

function isKnownById({ made }: MeaningInput): Sign {
  return ({ address }, { kind, id }) =>
    made.some((row) => row.kind === kind && row.id === id && row.address === address);
}

const hasOurTag: Sign = ({ name }, there) => there.claim !== undefined && there.name === name;

/** Its place among its siblings, and not what it does: that may differ, and is what is looked at. */
function isInItsPlace({ kindNamed }: MeaningInput): Sign {
  return ({ kind, fields }, there) => {
    const { orderField } = kindNamed(kind).traits;
    if (orderField === undefined) return false;
    const place = fields[orderField];
    return (
      place !== undefined &&
      valuesEqual(
        resolved(place, () => undefined),
        there.fields[orderField],
      )
    );
  };
}

/** Under the name and at the address that the spec gives it. */
export function asMeant(
  there: ObservedResource,
  { address, name }: Pick<DesiredResource, "address" | "name">,
): ObservedResource {
  return { ...there, address, name };
}
