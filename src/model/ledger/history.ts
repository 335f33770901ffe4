import type { Condition } from "../conditions.ts";
import type { AlarmRow } from "../status.ts";

/** A state that a service was in, from one moment to another: what its status said in short, and its generation. */
export interface StateOfThen {
  namespace: string;
  name: string;
  uid: string;
  creationTimestamp: string;
  /** Since when its deletion was under way. */
  deletionTimestamp?: string;
  since: string;
  /** When another state followed, or the service went. Absent: it is still in this one. */
  until?: string;
  generation: number;
  /** Absent before the first pass. */
  observedGeneration?: number;
  /** With the messages of `since`; empty before the first pass. */
  conditions: Condition[];
  /** As they were at `since`. */
  alarms: AlarmRow[];
}

/** What is recorded of a service around a moment. */
export interface StatesAround {
  /** The last one that had begun by then; it may have ended. */
  before?: StateOfThen;
  /** The first one that began later. */
  after?: StateOfThen;
}
