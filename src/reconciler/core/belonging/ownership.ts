/**
 * What is ours. A tag can be put on anything, by anybody: it is needed, and not enough. Ours is what carries our owner tag in
 * this very read and, beside that, is known to us (a row says that we made it or took it over, by its exact id) or has a
 * name that we would have given it, so that nothing is lost with the database. Everything else that carries the tag is
 * somebody else's: told, and never changed, emptied or deleted.
 *
 * What a service only looks at needs no tag: its names say what is meant (meaning.ts). Such a thing is compared like ours;
 * all that its row permits is to adopt it.
 *
 * Our tags are a write like any other, and a read may be older than it. What we took over a moment ago is ours without them;
 * what we released a moment ago is not ours again because a read still shows them. A later read is waited for.
 */
import type { MadeResource } from "../../../ports.ts";
import type { KindNamed } from "../kind-rules.ts";
import { asMeant, meantIn } from "../meaning.ts";
import type { Observation } from "../observation.ts";
import type { DesiredResource, ObservedResource } from "../resource.ts";
import { withoutOwnTags } from "./adoption.ts";
import { isOurs as isOursByRow } from "./mandate.ts";

export interface OwnershipInput {
  readonly kindNamed: KindNamed;
  readonly observation: Observation;
  readonly desired: readonly DesiredResource[];
  readonly made: readonly Pick<MadeResource, "kind" | "id" | "address" | "origin" | "sinceMs">[];
  /** The service is only observed. */
  readonly isObserved: boolean;
  /** Whether reads may still be older than a write of then. */
  readonly isSettling: (writtenAtMs: number) => boolean;
}

/** The observation, with what is ours, or meant, told from what only says so. */
export function withOwnership(given: OwnershipInput): Observation {
  const { made, isObserved } = given;
  const fresh = made.filter(({ sinceMs }) => given.isSettling(sinceMs));
  const released = new Set(fresh.filter((row) => !isOursByRow(row)).map(keyOf));
  const former = new Set(
    given.observation.resources
      .filter((resource) => resource.claim !== undefined && released.has(keyOf(resource)))
      .map(keyOf),
  );
  // A service that is only observed has nothing to wait for.
  const observation = isObserved ? given.observation : withoutFormerTags(given.observation, former);
  const input = { ...given, observation };
  const ours = isObserved ? observation : owned(input);
  const seen = new Set(made.filter((row) => !isOursByRow(row)).map(keyOf));
  const tagged = new Set(fresh.filter(({ origin }) => origin === "adopted").map(keyOf));
  if (!isObserved && seen.size === 0 && tagged.size === 0) return ours;
  const known = new Set(made.filter(isOursByRow).map(keyOf));
  const wanted = new Map(input.desired.map((resource) => [resource.address, resource]));
  const meant = [...meantIn({ ...input, observation: ours })];
  const places = new Map(meant.map(([address, { id }]) => [id, wanted.get(address)]));
  return {
    ...ours,
    resources: ours.resources.map((resource): ObservedResource => {
      const isKnown = known.has(keyOf(resource));
      const place = places.get(resource.id);
      if (resource.claim === undefined && tagged.has(keyOf(resource)))
        return {
          ...(place === undefined ? resource : asMeant(resource, place)),
          ...{ owned: true, isToBeAdopted: true, isTagAwaited: true },
        };
      // What was ours and is not meant any more is still ours to be released.
      if (place === undefined)
        return isObserved && isKnown ? { ...resource, owned: resource.claim !== undefined } : resource;
      const isTaken = isKnown || resource.isBorrowed === true;
      if (isObserved)
        return { ...asMeant(resource, place), owned: true, ...(isTaken ? {} : { isToBeAdopted: true }) };
      if (resource.owned || !seen.has(keyOf(resource))) return resource;
      const awaited = former.has(keyOf(resource)) ? ({ isTagAwaited: true } as const) : {};
      return { ...asMeant(resource, place), owned: true, isToBeAdopted: true, ...awaited };
    }),
  };
}

/** What was released, or first seen, a moment ago: tags of ours on it may be those of before. */
function withoutFormerTags(observation: Observation, former: ReadonlySet<string>): Observation {
  const asReleased = ({ claim: _former, ...resource }: ObservedResource): ObservedResource => ({
    ...resource,
    fields: withoutOwnTags(resource.fields),
  });
  return {
    ...observation,
    resources: observation.resources.map((resource) =>
      former.has(keyOf(resource)) ? asReleased(resource) : resource,
    ),
  };
}

/** What a row and a resource have in common when they are the same. */
export function keyOf({ kind, id }: Pick<ObservedResource, "kind" | "id">): string {
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
  return claims.filter(({ parent }) => !claims.some(({ id }) => id === parent));
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
