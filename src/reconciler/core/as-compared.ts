/**
 * What the spec asks for, beside what it found. Members that it cannot hold and that were there when a resource was first
 * seen are wanted as they were, so that no call of ours loses them and only a later change of them is drift. And what is
 * not ours is not compared by our tags. Pure.
 */
import type { Address } from "../../model/address.ts";
import type { MadeResource } from "../../ports.ts";
import { withoutOwnTags } from "./belonging/adoption.ts";
import type { Mandate } from "./belonging/mandate.ts";
import type { Matching } from "./current-and-surplus.ts";
import { foreignAmong } from "./foreign-fields.ts";
import type { KindNamed } from "./kind-rules.ts";
import type { DesiredResource, Fields, ObservedResource } from "./resource.ts";
import { withoutTags } from "./tags.ts";

interface ComparedInput {
  readonly kindNamed: KindNamed;
  readonly mandate?: Mandate;
  readonly made: readonly MadeResource[];
  readonly applied: ReadonlyMap<Address, Fields>;
}

export function asCompared(
  input: ComparedInput,
  { current }: Matching,
  desired: readonly DesiredResource[],
): readonly DesiredResource[] {
  return desired.map((resource) => {
    const there = current.get(resource.address);
    const own = ownFields(input, resource.fields, there);
    const kind = input.kindNamed(resource.kind);
    const inherited = kind.isWhole ? inheritedBy(input, resource, there) : {};
    const members = kind.fieldsOfMembers?.(inherited) ?? inherited;
    if (own === resource.fields && Object.keys(members).length === 0) return resource;
    return { ...resource, fields: { ...members, ...own } };
  });
}

/** What was applied, in the same terms. */
export function recordsAsCompared(input: ComparedInput, { current }: Matching): ReadonlyMap<Address, Fields> {
  return new Map(
    [...input.applied].map(([address, fields]) => [address, ownFields(input, fields, current.get(address))]),
  );
}

/** Of what is borrowed the tags are whoever's it is. */
function ownFields(input: ComparedInput, fields: Fields, there: ObservedResource | undefined): Fields {
  if (there?.isBorrowed === true) return withoutTags(fields);
  return isOurs(input, there) ? fields : withoutOwnTags(fields);
}

/** What is missing will be made, and then it is ours. */
function isOurs({ mandate }: ComparedInput, there: ObservedResource | undefined): boolean {
  if (there === undefined) return true;
  return mandate !== "observe" && mandate !== "release" && there.isToBeAdopted !== true;
}

/** Of what is missing or was made anew, what its predecessor had. */
function inheritedBy(
  { mandate, made }: ComparedInput,
  { address, kind, name, isPinned }: DesiredResource,
  there: ObservedResource | undefined,
): Fields {
  if (there?.isBorrowed === true) return foreignAmong(there.fields);
  // What is adopted is adopted as it is.
  if (there?.isToBeAdopted === true && mandate === "adopt") return foreignAmong(there.fields);
  const ofKind = made.filter((one) => one.kind === kind);
  // What was made in this very pass has no row among these yet.
  const row =
    ofKind.find(({ id }) => id === there?.id) ??
    ofKind.find((one) => one.address === address && one.name === name);
  // Without its row, which went with the database, what has a name of others' may have been taken over as it is.
  const isTakenOver = there?.isToBeAdopted === true || isPinned === true;
  if (row === undefined && there !== undefined && isTakenOver) return foreignAmong(there.fields);
  return row?.inherited?.members ?? {};
}
