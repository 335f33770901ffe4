/** Whether AWS's events reach the daemon: what the pages, JSON and metrics tell of it. Times are ISO 8601 UTC. */
export interface EventFlow {
  /** Of the queue; of other Regions nothing is said. */
  readonly region: string;
  /** Name of the queue. */
  readonly queue: string;
  /**
   * `flowing`: what the daemon itself has lately written came back. `silent`: it has not, or not yet.
   */
  readonly state: "flowing" | "silent";
  readonly since: string;
  /** When an event last came. */
  readonly lastEventAt?: string;
  /** How long after a call its record comes, as the last of the daemon's own show. */
  readonly usualDelaySeconds?: number;
  /** Messages since the daemon started, by what became of them. */
  readonly messages: Readonly<Record<MessageOutcome, number>>;
  /** Why the queue cannot be read. */
  readonly fault?: string;
}

/**
 * `matched`: it named something of a service. `unmatched`: of nothing of ours. `own`: a call of the daemon's. `repeated`: it
 * had come before. `ignored`: another account or Region, a call that failed or only read, or nothing that can be understood.
 */
export const MESSAGE_OUTCOMES = ["matched", "unmatched", "own", "repeated", "ignored"] as const;
export type MessageOutcome = (typeof MESSAGE_OUTCOMES)[number];
