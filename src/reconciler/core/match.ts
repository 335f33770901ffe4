/** What is wanted beside what is there: by kind and physical name, among what carries our tag. */
import type { DesiredResource, ObservedResource } from "./resource.ts";

export interface Matching {
  /** Address → the resource that is wanted there. */
  readonly current: ReadonlyMap<string, ObservedResource>;
  /** Ours, and not wanted (any more). */
  readonly orphans: readonly ObservedResource[];
  /** Address → somebody else's resource that holds the name which is wanted there. */
  readonly squatters: ReadonlyMap<string, ObservedResource>;
}

/**
 * A resource that must be replaced is simply unmatched on both sides: its successor has another name.
 * Of two with one name, the one with the lower id stays and the other is an orphan.
 */
export function matched(
  desired: readonly DesiredResource[],
  observed: readonly ObservedResource[],
): Matching {
  const wanted = new Map(desired.map((resource) => [`${resource.kind} ${resource.name}`, resource.key]));
  const current = new Map<string, ObservedResource>();
  const squatters = new Map<string, ObservedResource>();
  const orphans: ObservedResource[] = [];
  for (const resource of [...observed].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const key = wanted.get(`${resource.kind} ${resource.name}`);
    if (!resource.owned) {
      if (key !== undefined) squatters.set(key, resource);
    } else if (key !== undefined && !current.has(key)) {
      current.set(key, resource);
    } else {
      orphans.push(resource);
    }
  }
  return { current, orphans, squatters };
}
