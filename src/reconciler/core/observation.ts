/**
 * What one pass saw, and the first rule of the program: unknown is never empty. A kind whose list could not be read to
 * its end, and a resource that was found and could not be read whole, are named and not left out; whoever concludes
 * something from an absence asks here first.
 */
import type { KindName } from "../../model/kind-name.ts";
import type { ObservedResource, Seen } from "./resource.ts";

/** A resource that was found but could not be read whole: it is there, and that is all that is known. */
export interface Unreadable {
  readonly id: string;
  readonly kind: KindName;
  /** Undefined where the name stands in what could not be read. */
  readonly name: string | undefined;
  readonly reason: string;
  /** What the list alone says of it: enough for health, and nothing that a plan may rest on. */
  readonly glimpse?: Seen;
}

export interface Observation {
  readonly resources: readonly ObservedResource[];
  /** Kind → why its list could not be read to the end. */
  readonly unknownKinds: ReadonlyMap<KindName, string>;
  readonly unreadable: readonly Unreadable[];
}

/** Everything was read: what is not here is not in AWS. */
export function isComplete({ unknownKinds, unreadable }: Observation): boolean {
  return unknownKinds.size + unreadable.length === 0;
}

/** The kind's list was read to its end: a resource of it that is not in it is not in AWS. */
export function isListed({ unknownKinds }: Observation, kind: KindName): boolean {
  return !unknownKinds.has(kind);
}

/** The kind's list was read to its end, and each of its resources whole. */
export function knows(observation: Observation, kind: KindName): boolean {
  return isListed(observation, kind) && observation.unreadable.every((item) => item.kind !== kind);
}

/**
 * Whether nothing is known of a wanted resource: its list could not be read, or it itself, or something of its kind
 * whose name nobody knows.
 */
export function isUnread(
  { unknownKinds, unreadable }: Observation,
  { kind, name }: { readonly kind: KindName; readonly name: string },
): boolean {
  return (
    unknownKinds.has(kind) ||
    unreadable.some((item) => item.kind === kind && (item.name === undefined || item.name === name))
  );
}

/** Why not everything is known, in words that stay the same while the problem does. */
export function unreadReasons({ unknownKinds, unreadable }: Observation): string[] {
  return [...unknownKinds.values(), ...unreadable.map(({ reason }) => reason)].sort();
}

/** One very resource, read again by its exact id: see fresh-ownership.ts. */
export type FreshLook =
  | { readonly is: "there"; readonly id: string; readonly owner: string | undefined }
  /** AWS knows nothing of that id. A call by its name could meet what has the name now. */
  | { readonly is: "gone" }
  | { readonly is: "unread"; readonly what: string };
