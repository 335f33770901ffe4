/** What the services have published to topics, with bounded memory: what subscribers would have been sent. */
import { LIMITS } from "../../model/limits.ts";

export interface Publication {
  readonly topicArn: string;
  readonly atMs: number;
  readonly subject: string;
  /** JSON. */
  readonly message: string;
}

export function buildPublications() {
  const kept: Publication[] = [];
  return {
    add: (publication: Publication): void => {
      kept.push(publication);
      // In halves, so that dropping the oldest does not move the whole list at every message.
      if (kept.length >= 2 * LIMITS.simulatorCalls) kept.splice(0, LIMITS.simulatorCalls);
    },
    /** The latest, oldest first. */
    list: (): readonly Publication[] => kept.slice(-LIMITS.simulatorCalls),
  };
}
