/** Every wanted resource beside what is there, in the same terms. */
import type { Address } from "../../model/address.ts";
import type { Matching } from "./current-and-surplus.ts";
import { differencesOf } from "./diff.ts";
import type { HoldReason } from "./holds.ts";
import { immutableDifferencesOf } from "./immutable-fields.ts";
import { type KindNamed, movesTraffic } from "./kind-rules.ts";
import type { LeftField } from "./left-to-others.ts";
import { isUnread, type Observation } from "./observation.ts";
import { type Lookup, resolvedFields } from "./references.ts";
import type { DesiredResource, Difference, Fields, ObservedResource } from "./resource.ts";

export interface CompareInput {
  readonly kindNamed: KindNamed;
  /** What the spec asks for in the end. */
  readonly desired: readonly DesiredResource[];
  /** What is to be there now, on the way to it. */
  readonly wanted: readonly DesiredResource[];
  readonly observation: Observation;
  readonly matching: Matching;
  /** Address → fields last applied. */
  readonly applied: ReadonlyMap<Address, Fields>;
  /** What others have, and stands in `desired` as it is: see left-to-others.ts. */
  readonly left?: ReadonlyMap<Address, readonly LeftField[]>;
}

/** One wanted resource beside what is there. */
export interface Comparison {
  readonly desired: DesiredResource;
  readonly observed: ObservedResource | undefined;
  /** In AWS's terms; fields that wait for another resource are missing. */
  readonly fields: Fields;
  /** What the spec asks for in the end, where `fields` is a step on the way. */
  readonly goal?: Fields;
  readonly differences: readonly Difference[];
  /** Those that AWS cannot remove in place: whatever has the name is not what is wanted. */
  readonly immutable: readonly Difference[];
  readonly waitsFor: readonly HoldReason[];
  /** What is left to others: no difference, however it stands. */
  readonly left?: readonly LeftField[];
  /** Of what is to be replaced: where it stands in the spec. Its own address is that of its id: see predecessors.ts. */
  readonly standsAt?: Address;
}

/**
 * In the order of the kinds, so that what a resource refers to has been compared before it. What could not be read is
 * not among the answers.
 */
export function compare(input: CompareInput): Comparison[] {
  const { observation, kindNamed, matching, wanted } = input;
  const unsettled = new Set<Address>();
  const others = new Set(
    input.desired
      .filter((wish) => immutableDifferencesOf(wish, matching.current.get(wish.address)).length > 0)
      .map(({ address }) => address),
  );
  const lookup: Lookup = (address, attribute) => {
    const target = matching.current.get(address);
    // What is not what is wanted must not be built upon.
    if (others.has(address)) return undefined;
    if (target === undefined || target.lifecycle === "deleting") return undefined;
    const isVolatile = kindNamed(target.kind).volatileAttributes?.includes(attribute) === true;
    return isVolatile && unsettled.has(address) ? undefined : target.attributes[attribute];
  };
  const goals = new Map(input.desired.map((resource) => [resource.address, resource]));
  const isBlind = isTrafficUnknown(input);
  const comparisons: Comparison[] = [];
  for (const desired of wanted) {
    if (isUnread(observation, desired) || (isBlind && movesTraffic(kindNamed(desired.kind)))) continue;
    const comparison = comparisonOf(input, desired, goals.get(desired.address) ?? desired, lookup);
    if (comparison.differences.length > 0) unsettled.add(desired.address);
    comparisons.push(comparison);
  }
  return comparisons;
}

function comparisonOf(
  { kindNamed, applied, left, matching: { current } }: CompareInput,
  desired: DesiredResource,
  goal: DesiredResource,
  lookup: Lookup,
): Comparison {
  const there = current.get(desired.address);
  // What AWS is removing is as good as gone, but its name is not free yet.
  const isLeaving = there?.lifecycle === "deleting";
  const observed = isLeaving ? undefined : there;
  const asMade: Fields = observed === undefined ? { ...desired.fields, ...desired.initial } : desired.fields;
  const { fields, waiting } = resolvedFields(asMade, lookup);
  const earlier = (desired.after ?? []).filter((address) => !current.has(address));
  const siblings = new Set([...[...waiting.values()].flat(), ...(observed === undefined ? earlier : [])]);
  const differences =
    observed === undefined
      ? []
      : differencesOf(
          kindNamed(desired.kind),
          fields,
          observed.fields,
          applied.get(desired.address),
          waiting,
        );
  const others = left?.get(desired.address);
  return {
    desired,
    observed,
    fields,
    ...(others === undefined ? {} : { left: others }),
    ...(goal === desired ? {} : { goal: resolvedFields(goal.fields, lookup).fields }),
    differences,
    immutable: immutableDifferencesOf(desired, observed),
    waitsFor: [
      ...(isLeaving ? [{ because: "name taken", name: desired.name } as const] : []),
      ...[...siblings].map((address) => ({ because: "sibling", address }) as const),
    ],
  };
}

/** Then a predecessor may be there that was not seen: whatever moves traffic or instances away from it has to wait. */
export function isTrafficUnknown({
  observation,
  kindNamed,
}: Pick<CompareInput, "observation" | "kindNamed">): boolean {
  const { unknownKinds, unreadable } = observation;
  return [...unknownKinds.keys(), ...unreadable.map(({ kind }) => kind)].some(
    (kind) => kindNamed(kind).family === "traffic",
  );
}
