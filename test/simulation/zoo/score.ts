/** Where each planted bug shows. The product without it passes all of these; losing a bug is a loss of the harness. */
import type { Job } from "../pool.ts";
import { SCENARIOS } from "../scenarios.ts";

/** The scenario as it is, and under the first of its attacks. */
function plain(name: string): Job {
  return attacked(name, 0, 1_000);
}

function attacked(name: string, part: number, parts: number): Job {
  const scenario = SCENARIOS.findIndex((candidate) => candidate.name === name);
  return { kind: "plans", scenario, part, parts };
}

export const FOUND_BY: Readonly<Record<string, Job>> = {
  "a failed list is an empty one": plain("the database is lost"),
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
  "drift stays open for ever": plain("somebody moves a rule"),
  "every pass is an event": plain("create"),
  "the scheduler is overruled": plain("create"),
  "tags of others are tidied away": plain("a neighbour's tag"),
  "an orphan rule keeps its priority": plain("edit: rule replaced at its priority"),
  "the template changes without a refresh": plain("edit: image"),
  "a stopped refresh is a finished one": plain("a rollout taken back"),
  "the user data stands in the status": plain("pause"),
  "orphans do not count": plain("edit: target group port"),
  "the finalizer goes while AWS still holds something": plain("delete"),
  "a released resource is released again": plain("delete and retain"),
  "paused, and writes all the same": plain("pause"),
  "another Region": plain("create"),
  "an alarm is made without its owner": plain("create"),
  "an attribute is never taken back": plain("edit: attribute no longer declared"),
};

/** Planted, and not found yet where it was looked for: each is a hole in the harness until it moves up. */
export const NOT_FOUND_YET: readonly string[] = [
  "only the first page is read",
  "an answer without a list is an empty list",
  "a write is visible at once",
  "suspicion does not hold back",
  "rules are moved one at a time",
  "the version is made again and again",
  "nothing read is all in sync",
  "in sync before it is verified",
  "the finalizer goes although nothing could be read",
  "a write is repeated without a look",
];
