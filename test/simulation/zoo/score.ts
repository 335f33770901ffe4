/** Where each planted bug shows. The product without it passes all of these; losing a bug is a loss of the harness. */
import type { Job } from "../pool.ts";
import { SCENARIOS } from "../scenarios.ts";

/** The scenario as it is, and under the first of its attacks. */
function plain(name: string): Job {
  return attacked(name, 0, 1_000);
}

function attacked(name: string, part: number, parts: number): Job {
  const scenario = SCENARIOS.findIndex((candidate) => candidate.name === name);
  return { kind: "plans", scenario, part, parts, everyWay: false };
}

export const FOUND_BY: Readonly<Record<string, Job>> = {
  "a failed list is an empty one": plain("the database is lost"),
  "an answer without a list is an empty list": attacked("the database is lost", 0, 2),
  "only the first page is read": attacked("the database is lost", 1, 2),
  "the tags of others are not looked at": plain("a neighbour's rule"),
  "everything on a listener of ours is ours": plain("a neighbour's rule"),
  "a successor is proven when it exists": plain("edit: target group port"),
  "the traffic moves at once": plain("edit: target group port"),
  "names are drawn by chance": plain("create"),
  "a name does not say what cannot be changed": plain("edit: target group port"),
  "a call is written down after its answer": plain("create"),
  "a converged service is never looked at again": plain("create"),
  "a failed service is not tried again": attacked("create", 0, 30),
  "a new life waits to be asked": attacked("create", 0, 30),
  "failures are repeated at once": plain("an outage"),
  "drift counts at the first look": attacked("edit: rule added", 0, 2),
  "a write is visible at once": attacked("edit: rule added", 0, 2),
  "suspicion does not hold back": attacked("edit: rule added", 0, 2),
  "drift stays open for ever": plain("somebody moves a rule"),
  "every pass is an event": plain("create"),
  "the scheduler is overruled": plain("create"),
  "tags of others are tidied away": plain("a neighbour's tag"),
  "rules are moved one at a time": plain("edit: rules permuted"),
  "an orphan rule keeps its priority": plain("edit: rule replaced at its priority"),
  "the template changes without a refresh": plain("edit: image"),
  "a stopped refresh is a finished one": { kind: "seeds", from: 112, to: 113 },
  "the version is made again and again": plain("edit: image"),
  "the user data stands in the status": plain("pause"),
  "nothing read is all in sync": plain("create during an outage"),
  "in sync before it is verified": plain("create"),
  "orphans do not count": plain("edit: target group port"),
  "the finalizer goes while AWS still holds something": plain("delete"),
  "the finalizer goes although nothing could be read": attacked("delete", 0, 2),
  "a released resource is released again": plain("delete and retain"),
  "paused, and writes all the same": plain("pause"),
  "another Region": plain("create"),
  "an alarm is made without its owner": plain("create"),
  "an attribute is never taken back": plain("edit: attribute no longer declared"),
  "a write is repeated without a look": attacked("create", 0, 8),
};
