/** Drift is put right by the next pass, also where it would be reported only, or be left alone for a while. */
import type { DriftEvent } from "../../model/ledger/drift.ts";
import { placeText } from "../../model/ledger/steering.ts";
import { textOfKey } from "../../model/object.ts";
import { iso } from "../../model/time.ts";
import { ApiError, subjectOf } from "../error.ts";
import { existing } from "../writer.ts";
import { causeOf, type DecisionAsked, whoIs } from "./by.ts";
import {
  type DriftDecided,
  decidedOf,
  decisionOf,
  placesOf,
  refusedError,
  type SteeringDependencies,
  unreadError,
} from "./decision.ts";
import { type DriftTarget, nothingOpen, targetedBy } from "./drift-target.ts";

/**
 * It is asked of the events that are open, and over when they are closed: what moves again is new drift.
 * @throws ApiError 404; 409 where there is nothing to put right, or where a pass must not write now; 503
 */
export async function correct(
  deps: SteeringDependencies,
  target: DriftTarget,
  by: DecisionAsked,
): Promise<DriftDecided> {
  const { store, clock, log, requestReconcile } = deps;
  const { object, open: events, decided } = targetedBy(store, target, "correct");
  if (events.length === 0) {
    if (decided.length === 0) throw nothingOpen(store, object, target, "correct");
    return decidedOf("correct", object, decided, { isDecidedBefore: true });
  }
  const { namespace, name, deletionTimestamp } = object.metadata;
  const key = { namespace, name };
  if (deletionTimestamp !== undefined)
    throw new ApiError(409, `WebService ${textOfKey(key)} is being deleted: nothing of it is put right`, {
      subject: subjectOf("WebService", name),
    });
  const lookups = store.lookups(key);
  const refusals = await deps.correctionRefusals({ object, lookups, events }).catch(unreadError);
  if (refusals.length > 0) throw refusedError("correct", object, refusals, 409);
  const decision = decisionOf("correct", by, iso(clock.nowMs()));
  const isNamed = ({ metadata }: DriftEvent) => events.some((one) => one.metadata.name === metadata.name);
  if (by.isDryRun === true) {
    const open = store.openDrift(key);
    const decided = open.map((event) => (isNamed(event) ? { decision, ...event } : event));
    const asAsked = open.map((event) => (isNamed(event) ? { ...event, decision } : event));
    const planned = await deps.writer.withPlan(object, lookups, asAsked);
    return decidedOf("correct", object, decided.filter(isNamed), { planned });
  }
  const asked = store.transaction(() => {
    const now = existing(store, key);
    const open = store.openDrift(key);
    const left = open.filter(isNamed);
    const fresh = left.filter(({ decision }) => decision?.verb !== "correct");
    for (const event of fresh) store.putDrift({ ...event, decision });
    if (fresh.length > 0)
      store.record(now, {
        type: "Normal",
        reason: "CorrectionRequested",
        message: causeOf(`${whoIs(by.actor)} wants ${placesOf(fresh)} put right now`, by.reason),
      });
    return left.map((event) => ({ decision, ...event }));
  });
  if (asked.length === 0) throw nothingOpen(store, object, target, "correct");
  log.info(
    {
      service: textOfKey(key),
      verb: "correct",
      places: asked.map(placeText),
      actor: by.actor?.name,
      reason: by.reason,
    },
    "drift decided",
  );
  requestReconcile(key);
  return decidedOf("correct", object, asked);
}
