/** When a service that is being deleted may be let go: positive evidence only, twice. */
import { textOfKey } from "../model/object.ts";
import { CONFIRMATION_MS, OWN_WRITE_SETTLES_MS } from "./consistency/drift.ts";
import { isComplete } from "./core/observation.ts";
import { supersedeAll } from "./drift-ledger.ts";
import type { Acted, Pass, PassDependencies } from "./pass.ts";

/**
 * Everything was read, nothing of ours was there, and the last call of ours is so long ago that a list which lags
 * behind cannot hide what it made.
 */
export function isEmptied(
  { store, clock }: PassDependencies,
  { object, observation, service }: Pass,
  { first, hasActed }: Acted,
): boolean {
  if (object.metadata.deletionTimestamp === undefined) return false;
  if (!isComplete(observation) || hasActed || first.matching.surplus.length > 0) return false;
  const [last] = store.calls({ service: service.key, limit: 1 });
  const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : clock.nowMs() - Date.parse(last.time);
  return sinceMs < 0 || sinceMs >= OWN_WRITE_SETTLES_MS;
}

/** One empty answer may be a lie, and after the release nobody would ever look again. */
export function isConfirmedEmpty({ object }: Pass, nowMs: number): boolean {
  const emptySince = object.status?.emptySince;
  return emptySince !== undefined && nowMs - Date.parse(emptySince) >= CONFIRMATION_MS;
}

/** Takes the finalizer away, and with it the object. */
export function letGo({ store, clock, log }: PassDependencies, { object, service }: Pass): void {
  store.transaction(() => {
    supersedeAll({ store, object, nowMs: clock.nowMs() });
    store.record(object, {
      type: "Normal",
      reason: "Deleted",
      message: "AWS holds nothing of this service any more.",
    });
    store.release(service.key, object.metadata.uid);
  });
  log.info({ service: textOfKey(service.key) }, "service released");
}
