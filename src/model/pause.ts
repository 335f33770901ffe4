import type { KindName } from "./kind-name.ts";

/** A pause for all services: everything is looked at, and nothing in AWS is written. It lasts until a person lifts it. */
export interface PauseForAll {
  /** Whose token it was; absent where no token is demanded. */
  readonly actor?: string;
  readonly reason?: string;
  /** ISO 8601 UTC. */
  readonly since: string;
}

/** Who has paused everything, since when and why: the same words wherever it is told. */
export function pauseText({ actor, reason, since }: PauseForAll): string {
  const by = actor === undefined ? "" : ` by ${actor}`;
  const why = reason === undefined ? "" : `: ${reason.replace(/[.\s]+$/, "")}`;
  return `Everything is paused${by} since ${since.slice(0, 19)}Z${why}`;
}

/** A kind of resource of which nothing more is deleted, by corrections and edits, until a person lifts that. */
export interface Freeze {
  kind: KindName;
  /** ISO 8601 UTC. */
  since: string;
  /** How much had been deleted of how much that was owned. */
  deleted: number;
  owned: number;
}

/** Where it is lifted. */
export const FREEZES_PATH = "/apis/holdfast.dev/v1/freezes";

/** What is frozen since when and why: the same words wherever it is told. */
export function freezeText({ kind, since, deleted, owned }: Freeze): string {
  return `Deletions of the kind ${kind} are frozen since ${since.slice(0, 19)}Z: ${deleted} of ${owned} had been deleted within an hour`;
}
