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
