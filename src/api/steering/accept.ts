/** What AWS holds becomes what is wanted. */
import { InvalidSpecError } from "../../model/errors.ts";
import { textOfKey } from "../../model/object.ts";
import { invalidError } from "../error.ts";
import type { DecisionAsked } from "./by.ts";
import {
  type DriftDecided,
  decidedOf,
  placesOf,
  refusedError,
  revise,
  type SteeringDependencies,
  unreadError,
} from "./decision.ts";
import { type DriftTarget, nothingOpen, targetedBy } from "./drift-target.ts";

/**
 * All of it or nothing. Nothing in AWS is written by it, neither now nor by the passes that follow.
 * @throws ApiError 404; 409 where nothing is open, or where AWS, the event or the spec has moved on; 422 where no spec can say it; 503
 */
export async function accept(
  deps: SteeringDependencies,
  target: DriftTarget,
  by: DecisionAsked,
): Promise<DriftDecided> {
  const { object, open: events, decided } = targetedBy(deps.store, target, "accept");
  if (events.length === 0) {
    if (decided.length === 0) throw nothingOpen(deps.store, object, target, "accept");
    return decidedOf("accept", object, decided, { isDecidedBefore: true });
  }
  const lookups = deps.store.lookups(object.metadata);
  const answer = await deps.acceptedSpec({ object, lookups, events }).catch((error) => {
    if (!(error instanceof InvalidSpecError)) return unreadError(error);
    const { metadata } = object;
    const what = `WebService ${textOfKey(metadata)}, with what AWS has,`;
    throw invalidError(what, error.faults, metadata.name);
  });
  if (answer.is === "refused") throw refusedError("accept", object, answer.refusals, 422);
  const places = placesOf(events);
  return revise(deps, "accept", {
    object,
    events,
    spec: answer.spec,
    lookups: answer.lookups,
    by,
    what: `accepts what AWS has in ${places}`,
    told: `has accepted what AWS has in ${places}`,
  });
}
