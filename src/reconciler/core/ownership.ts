/**
 * What is ours. A tag can be put on anything, by anybody: it is needed, and not enough. Ours is what carries our owner tag in
 * this very read and, beside that, is known to us (a row says that we made it or took it over, by its exact id) or has a
 * name that we would have given it, so that nothing is lost with the database. Everything else that carries the tag is
 * somebody else's: told, and never changed, emptied or deleted.
 */
import type { MadeResource } from "../../ports.ts";
import type { Observation } from "./observation.ts";
import type { DesiredResource, ObservedResource } from "./resource.ts";

export interface OwnershipInput {
  readonly observation: Observation;
  readonly desired: readonly Pick<DesiredResource, "kind" | "name">[];
  readonly made: readonly Pick<MadeResource, "kind" | "id">[];
}

/** The observation, with what is ours told from what only says so. */
export function withOwnership({ observation, desired, made }: OwnershipInput): Observation {
  const known = new Set(made.map(({ kind, id }) => `${kind} ${id}`));
  const wanted = new Set(desired.map(nameIn));
  const byId = new Map(observation.resources.map((resource) => [resource.id, resource]));
  const isKnown = ({ kind, id }: ObservedResource) => known.has(`${kind} ${id}`);
  const takenNames = new Set(
    observation.resources.filter((item) => item.claim !== undefined && isKnown(item)).map(nameIn),
  );
  const isOurs = (resource: ObservedResource): boolean => {
    const { claim, parent } = resource;
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
    "Take the tags holdfast.dev/owner and holdfast.dev/resource off it; to hand it over, pin its name in the spec (`name`)."
  );
}

function nameIn({ kind, name }: Pick<DesiredResource, "kind" | "name">): string {
  return `${kind} ${name}`;
}
