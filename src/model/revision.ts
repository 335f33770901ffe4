/** What a service was to be at a generation: see the table `revisions`. */
import type { ResolvedLookup } from "./lookups.ts";
import type { Value } from "./value.ts";

export interface RevisionHead {
  readonly generation: number;
  /** ISO 8601 UTC. */
  readonly time: string;
  /** Who made it, where tokens are demanded. */
  readonly actor?: string;
  /** Why, in the words of whoever made it. */
  readonly cause?: string;
}

export interface Revision extends RevisionHead {
  /** As it was written, defaults filled in. */
  readonly spec: Record<string, unknown>;
  /** What its lookups stood for. */
  readonly lookups: readonly ResolvedLookup[];
}

/** One field in which two revisions differ; secrets by their digests. */
export interface RevisionDifference {
  /** `spec.loadBalancer.listeners[port=443].sslPolicy`. */
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  readonly before?: Value;
  readonly after?: Value;
  /** The spec looks the same up there, and it stood for something else. */
  readonly isLookup?: true;
}
