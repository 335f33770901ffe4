/** What is wanted beside what is there: by kind and physical name, among what carries our tag. */
import type { Address } from "../../model/address.ts";
import type { DesiredResource, ObservedResource } from "./resource.ts";

export interface Matching {
  /** Address → the resource that is wanted there. */
  readonly current: ReadonlyMap<Address, ObservedResource>;
  /** Ours, and not wanted (any more). */
  readonly surplus: readonly ObservedResource[];
  /** Address → somebody else's resource that holds the name which is wanted there. */
  readonly nameConflicts: ReadonlyMap<Address, ObservedResource>;
}

/**
 * A resource that must be replaced is simply unmatched on both sides: its successor has another name.
 * Of two with one name, the one with the lower id stays and the other is surplus.
 */
export function matched(
  desired: readonly DesiredResource[],
  observed: readonly ObservedResource[],
): Matching {
  const wanted = new Map(desired.map((resource) => [`${resource.kind} ${resource.name}`, resource.address]));
  const current = new Map<Address, ObservedResource>();
  const nameConflicts = new Map<Address, ObservedResource>();
  const surplus: ObservedResource[] = [];
  for (const resource of [...observed].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const address = wanted.get(`${resource.kind} ${resource.name}`);
    if (!resource.owned) {
      if (address !== undefined) nameConflicts.set(address, resource);
    } else if (address !== undefined && !current.has(address)) {
      current.set(address, resource);
    } else if (resource.isToBeAdopted !== true) {
      surplus.push(resource);
    }
  }
  return { current, surplus, nameConflicts };
}
