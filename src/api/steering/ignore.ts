/** Drift is left to others from now on: a rule of `spec.drift`. */
import type { DriftEvent } from "../../model/ledger/drift.ts";
import { type DriftPlace, placeText } from "../../model/ledger/steering.ts";
import type { DecisionAsked } from "./by.ts";
import { type DriftDecided, decidedOf, refusedError, revise, type SteeringDependencies } from "./decision.ts";
import { type DriftTarget, nothingOpen, targetedBy } from "./drift-target.ts";

/**
 * A rule for each event; for a resource (or a field of it) that is named, one rule, whether or not something has drifted
 * there yet. Where such a rule speaks last already there is none to add.
 * @throws ApiError 404, 409, 422
 */
export async function ignore(
  deps: SteeringDependencies,
  target: DriftTarget,
  by: DecisionAsked,
): Promise<DriftDecided> {
  const { object, open, decided } = targetedBy(deps.store, target, "ignore");
  const isNamed = !("event" in target) && target.resource !== undefined;
  // A rule for the resource speaks of what can be left to others, and of nothing else of it.
  const events = isNamed ? open.filter((event) => deps.ignoreRefusals([event]).length === 0) : open;
  const refusals = deps.ignoreRefusals(events);
  if (refusals.length > 0) throw refusedError("ignore", object, refusals, 422);
  const places = placesOf(target, events);
  const spec = deps.ignoringSpec(object.spec, places);
  if (events.length === 0 && spec === object.spec) {
    if (decided.length === 0 && !isNamed) throw nothingOpen(deps.store, object, target, "ignore");
    const planned = by.isDryRun === true ? await deps.writer.withPlan(object) : undefined;
    return decidedOf("ignore", object, decided, { isDecidedBefore: decided.length > 0, planned });
  }
  const text = places.map(placeText).join(", ");
  return revise(deps, "ignore", {
    object,
    events,
    spec,
    lookups: deps.store.lookups(object.metadata),
    by,
    what: `ignores ${text}`,
    told: `leaves ${text} to others`,
  });
}

function placesOf(target: DriftTarget, events: readonly DriftEvent[]): DriftPlace[] {
  if ("event" in target || target.resource === undefined)
    return events.map(({ resource, field }) => ({ resource, field }));
  const { resource, field } = target;
  return [{ resource, ...(field === undefined ? {} : { field }) }];
}
