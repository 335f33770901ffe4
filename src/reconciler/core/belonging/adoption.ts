/**
 * Taking over what runs. Our tags come first, one resource at a time, and nothing else is begun before a fresh read has
 * shown them all: whatever stops it half-way leaves AWS's settings as they were, and a plan that says what is left. Pure.
 */
import { type Address, surplusAddress } from "../../../model/address.ts";
import { valuesEqual } from "../../../model/value.ts";
import type { MadeResource } from "../../../ports.ts";
import {
  type Action,
  type Adopt,
  blockersOf,
  differencesIn,
  type Plan,
  type Release,
  verbOf,
  type Wait,
} from "../actions.ts";
import type { Matching } from "../current-and-surplus.ts";
import type { HoldReason } from "../holds.ts";
import type { KindNamed } from "../kind-rules.ts";
import { OWN_TAGS, withEpochTag } from "../names.ts";
import { isUnread, type Observation } from "../observation.ts";
import type { DesiredResource, Fields, ObservedResource } from "../resource.ts";
import { isTag, tagField, tagName } from "../tags.ts";
import { managedElsewhere } from "./managed-elsewhere.ts";
import { isOurs } from "./mandate.ts";

const OWN_TAG_FIELDS: readonly string[] = OWN_TAGS.map(tagField);

/** What is not ours is not compared by our tags. */
export function withoutOwnTags(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !OWN_TAG_FIELDS.includes(field)));
}

/** Whether something that was seen where it is wanted is still not known to be ours. */
export function isAdoptionLeft(
  observation: Observation,
  desired: readonly DesiredResource[],
  made: readonly Pick<MadeResource, "kind" | "id" | "address" | "origin">[],
): boolean {
  if (observation.resources.some(({ isToBeAdopted }) => isToBeAdopted === true)) return true;
  // What could not be read may still be without our tags.
  return made.some((row) => {
    const wanted = desired.find(({ address }) => address === row.address);
    return !isOurs(row) && wanted !== undefined && isUnread(observation, wanted);
  });
}

export interface AdoptionInput {
  readonly kindNamed: KindNamed;
  readonly desired: readonly DesiredResource[];
  readonly matching: Matching;
  /** Managers that a person has said to manage nothing of the service any more. */
  readonly formerManagers: ReadonlySet<string>;
}

/** The tags that make what runs ours; none of them while something of it is somebody else's. */
export function adoptionOf({ kindNamed, desired, matching, formerManagers }: AdoptionInput): Plan {
  const left = desired.flatMap((wanted) => {
    const there = matching.current.get(wanted.address);
    return there?.isToBeAdopted === true ? [{ wanted, there }] : [];
  });
  const obstacles = left.flatMap(
    ({ wanted, there }) => managedElsewhere(wanted.address, there, formerManagers) ?? [],
  );
  const [first] = obstacles;
  const adopted = ({ wanted, there }: (typeof left)[number]): Action => {
    const action = adoption(kindNamed, wanted, there);
    if (there.isTagAwaited === true) return waiting(action, OWN_WRITE);
    return first === undefined
      ? action
      : waiting(action, { because: "managed elsewhere", address: first.address });
  };
  return {
    actions: left.map(adopted),
    obstacles,
  };
}

function adoption(kindNamed: KindNamed, wanted: DesiredResource, there: ObservedResource): Adopt {
  const { tag } = kindNamed(wanted.kind);
  const missing = Object.entries(wanted.fields).filter(
    ([field, value]) => OWN_TAG_FIELDS.includes(field) && !valuesEqual(there.fields[field], value),
  );
  const write = Object.fromEntries(missing.map(([field, value]) => [tagName(field), value]));
  return {
    verb: "adopt",
    address: wanted.address,
    kind: wanted.kind,
    name: wanted.name,
    id: there.id,
    reason: "it runs where the spec wants it",
    differences: missing.map(([field, value]) => ({
      field,
      desired: value,
      observed: there.fields[field] ?? null,
    })),
    calls: missing.length === 0 ? [] : (tag?.(there, write, []) ?? []),
  };
}

/** Our tags were written or taken off a moment ago, and the read is older. */
const OWN_WRITE = { because: "own write" } as const;

function waiting(
  { verb, address, kind, name, id, reason, ...action }: Adopt | Release,
  until: HoldReason,
): Wait {
  const differences = "differences" in action ? action.differences : [];
  return { verb: "wait", to: verb, address, kind, name, id, reason, differences, until: [until] };
}

/** What is done once everything is adopted, and not before. */
export function afterAdoption(action: Action): Wait {
  const { address, kind, name, reason } = action;
  const id = action.verb === "create" ? undefined : action.id;
  return {
    verb: "wait",
    to: verbOf(action),
    address,
    kind,
    name,
    ...(id === undefined ? {} : { id }),
    reason,
    differences: differencesIn(action),
    until: [{ because: "adoption" }, ...blockersOf(action)],
  };
}

export interface ReleaseInput {
  readonly kindNamed: KindNamed;
  readonly desired: readonly DesiredResource[];
  readonly observation: Observation;
  readonly matching: Matching;
  readonly made: readonly MadeResource[];
}

/** Everything that a row says is ours loses our tags, once a read shows them, and is only looked at from then on. */
export function releasesOf({ kindNamed, observation, matching, made }: ReleaseInput): (Release | Wait)[] {
  const placed = new Map<string, Address>([...matching.current].map(([address, { id }]) => [id, address]));
  return made.filter(isOurs).flatMap(({ kind, id }): (Release | Wait)[] => {
    const there = observation.resources.find((one) => one.kind === kind && one.id === id);
    if (there === undefined) return [];
    const address = placed.get(id);
    // Where the owner tag is not ours any more, neither is what stands beside it.
    const carried =
      there.claim === undefined
        ? []
        : Object.keys(there.fields).filter((field) => isTag(field) && OWN_TAG_FIELDS.includes(field));
    const rules = kindNamed(kind);
    const tags = withEpochTag(rules, carried.map(tagName));
    const calls = carried.length === 0 ? [] : (rules.tag?.(there, {}, tags) ?? []);
    const release: Release = {
      verb: "release",
      address: address ?? surplusAddress(id),
      kind,
      name: there.name,
      id,
      reason: "the service is only observed from now on",
      calls,
      ...(address === undefined ? {} : { isObserved: true }),
    };
    return [there.isTagAwaited === true ? waiting(release, OWN_WRITE) : release];
  });
}
