/**
 * What is ours. A tag can be put on anything, by anybody: it is needed, and not enough. Ours is what carries our owner tag in
 * this very read and, beside that, is known to us (a row says that we made it or took it over, by its exact id) or has a
 * name that we would have given it, so that nothing is lost with the database. Everything else that carries the tag is
 * somebody else's: told, and never changed, emptied or deleted.
 *
 * What a service only looks at needs no tag: its names say what is meant (meaning.ts). Such a thing is compared like ours;
 * all that its row permits is to adopt it.
 */
import type { MadeResource } from "../../../ports.ts";
import type { KindNamed } from "../kind-rules.ts";
import { asMeant, meantIn } from "../meaning.ts";
import type { Observation } from "../observation.ts";
import type { DesiredResource, ObservedResource } from "../resource.ts";
import { isOurs as isOursByRow } from "./mandate.ts";

export interface OwnershipInput {
  readonly kindNamed: KindNamed;
  readonly observation: Observation;
  readonly desired: readonly DesiredResource[];
  readonly made: readonly Pick<MadeResource, "kind" | "id" | "address" | "origin">[];
  /** The service is only observed. */
  readonly isObserved: boolean;
}

/** The observation, with what is ours, or meant, told from what only says so. */
export function withOwnership(input: OwnershipInput): Observation {
  const { observation, made, isObserved } = input;
  const ours = isObserved ? observation : owned(input);
  const seen = new Set(made.filter((row) => !isOursByRow(row)).map(keyOf));
  if (!isObserved && seen.size === 0) return ours;
  const known = new Set(made.filter(isOursByRow).map(keyOf));
  const meant = [...meantIn({ ...input, observation: ours })].map(
    ([address, { id }]) => [id, address] as const,
  );
  const addresses = new Map(meant);
  const wanted = new Map(input.desired.map((resource) => [resource.address, resource]));
  return {
    ...ours,
    resources: ours.resources.map((resource): ObservedResource => {
      const isKnown = known.has(keyOf(resource));
      const address = addresses.get(resource.id);
      const place = address === undefined ? undefined : wanted.get(address);
      // What was ours and is not meant any more is still ours to be released.
      if (place === undefined)
        return isObserved && isKnown ? { ...resource, owned: resource.claim !== undefined } : resource;
      const isTaken = isKnown || resource.isBorrowed === true;
      if (isObserved)
        return { ...asMeant(resource, place), owned: true, ...(isTaken ? {} : { isToBeAdopted: true }) };
      if (resource.owned || !seen.has(keyOf(resource))) return resource;
      return { ...asMeant(resource, place), owned: true, isToBeAdopted: true };
    }),
  };
}

function keyOf({ kind, id }: Pick<ObservedResource, "kind" | "id">): string {
  return `${kind} ${id}`;
}

/** What is ours by its tag and, beside that, by a row or a name. */
function owned({ observation, desired, made }: OwnershipInput): Observation {
  const known = new Set(made.filter(isOursByRow).map(keyOf));
  const wanted = new Set(desired.map(nameIn));
  const byId = new Map(observation.resources.map((resource) => [resource.id, resource]));
  const isKnown = (resource: ObservedResource) => known.has(keyOf(resource));
  const takenNames = new Set(
    observation.resources.filter((item) => item.claim !== undefined && isKnown(item)).map(nameIn),
  );
  const isOurs = (resource: ObservedResource): boolean => {
    const { claim, parent } = resource;
    // As long as it is wanted, and no longer: with the service it goes back to whom it belongs.
    if (resource.isBorrowed === true) return wanted.has(nameIn(resource));
    if (claim === undefined) return false;
    if (isKnown(resource)) return true;
    // A name that we have computed from the spec is one that we would have given, whatever has become of the tags.
    if (!claim.isNamedByUs && !wanted.has(nameIn(resource))) return false;
    if (parent === undefined) return true;
    // Where AWS knows no names two can look the same: the one that is known to us is it.
    if (takenNames.has(nameIn(resource))) return false;
    const below = byId.get(parent);
    // What could not be read is not somebody else's.
    return below === undefined || isOurs(below);
  };
  return {
    ...observation,
    resources: observation.resources.map((resource) => ({ ...resource, owned: isOurs(resource) })),
  };
}

/** What carries our tag and is not ours; what sits on such a resource goes without saying. */
export function falseClaims({ resources }: Observation): ObservedResource[] {
  const claims = resources.filter(({ owned, claim }) => !owned && claim !== undefined);
  const ids = new Set(claims.map(({ id }) => id));
  return claims.filter(({ parent }) => parent === undefined || !ids.has(parent));
}

/** For people: why it is left alone, and what to do. */
export function falseClaimText({ id, parent, name, address }: ObservedResource, title: string): string {
  const what = name === id ? `${title} ${name}` : `${title} ${name} (${id})`;
  const place = address === undefined ? "" : ` and says that it is ${address}`;
  return (
    `${what} carries our owner tag${place}, but we have not made it, and its ${parent === undefined ? "name" : "place"} ` +
    "is not one that we would have given it. It is left alone: not changed, not emptied, not deleted. " +
    "Take the tags holdfast.dev/owner and holdfast.dev/resource off it; to take it over, pin its name in the spec (`name`) " +
    "and set `management: Observe`, then `Manage`."
  );
}

function nameIn({ kind, name }: Pick<DesiredResource, "kind" | "name">): string {
  return `${kind} ${name}`;
}
