/**
 * Where each planted bug shows: the history of a seed, or a scenario with one attack or none. Without the bug each of them
 * passes. `npm run simulate -- --zoo` hunts for all of them and writes these rows.
 */
import type { Place } from "../pool.ts";

export const FOUND_AT: Readonly<Record<string, Place>> = {
  "a failed list is an empty one": { scenario: "the database is lost" },
  "the tags of others are not looked at": { scenario: "a neighbour's rule" },
  "everything on a listener of ours is ours": { scenario: "a neighbour's rule" },
  "a successor is proven when it exists": { scenario: "edit: target group port" },
  "the traffic moves at once": { scenario: "edit: target group port" },
  "names are drawn by chance": { scenario: "create" },
  "a name does not say what cannot be changed": { scenario: "edit: target group port" },
  "a call is written down after its answer": { scenario: "create" },
  "a converged service is never looked at again": { scenario: "create" },
  "failures are repeated at once": { scenario: "an outage" },
  "drift stays open for ever": { scenario: "somebody moves a rule" },
  "every pass is an event": { scenario: "create" },
  "the scheduler is overruled": { scenario: "create" },
  "tags of others are tidied away": { scenario: "a neighbour's tag" },
  "an orphan rule keeps its priority": { scenario: "edit: rule replaced at its priority" },
  "the template changes without a refresh": { scenario: "edit: image" },
  "a stopped refresh is a finished one": { scenario: "a rollout taken back" },
  "the user data stands in the status": { scenario: "pause" },
  "orphans do not count": { scenario: "edit: target group port" },
  "the finalizer goes while AWS still holds something": { scenario: "delete" },
  "a released resource is released again": { scenario: "delete and retain" },
  "paused, and writes all the same": { scenario: "pause" },
  "another Region": { scenario: "create" },
  "an alarm is made without its owner": { scenario: "create" },
  "an attribute is never taken back": { scenario: "edit: attribute no longer declared" },
};
