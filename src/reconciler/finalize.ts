/** When a service that is being deleted may be let go: positive evidence only, twice. */
import { OWN_WRITE_SETTLES_MS } from "../model/ledger/drift.ts";
import { isOnlyObserved, textOfKey, type WebService } from "../model/object.ts";
import { isRecent } from "../model/time.ts";
import type { Store } from "../ports.ts";
import { CONFIRMATION_MS } from "./consistency/drift.ts";
import { isOurs } from "./core/belonging/mandate.ts";
import { falseClaims, falseClaimText } from "./core/belonging/ownership.ts";
import { isComplete, type Observation } from "./core/observation.ts";
import { supersedeAll } from "./drift-ledger.ts";
import { kindNamed } from "./kinds/registry.ts";
import type { Acted, Pass, PassDependencies } from "./pass.ts";

/**
 * Everything was read, nothing of ours was there, and the last call of ours is so long ago that a list which lags
 * behind cannot hide what it made. A database that may have forgotten something knows too little to say so.
 */
export function isEmptied(
  { store, clock }: PassDependencies,
  { object, observation, service, epoch }: Pass,
  { first, hasActed }: Acted,
): boolean {
  if (object.metadata.deletionTimestamp === undefined || epoch.is !== "own") return false;
  if (!isComplete(observation) || hasActed || first.matching.surplus.length > 0) return false;
  const [last] = store.calls({ service: service.key, limit: 1 });
  return last === undefined || !isRecent(Date.parse(last.time), OWN_WRITE_SETTLES_MS, clock.nowMs());
}

/** One empty answer may be a lie, and after the release nobody would ever look again. */
export function isConfirmedEmpty({ object }: Pass, nowMs: number): boolean {
  const emptySince = object.status?.emptySince;
  return emptySince !== undefined && nowMs - Date.parse(emptySince) >= CONFIRMATION_MS;
}

/** It is being deleted, was only observed, and nothing of ours is left on what it looked at: nothing is to be done. */
export function isToBeLeft(store: Store, object: WebService): boolean {
  const { namespace, name, deletionTimestamp } = object.metadata;
  if (deletionTimestamp === undefined || !isOnlyObserved(object)) return false;
  return !store.made({ namespace, name }).some(isOurs);
}

/** Takes the finalizer away, and with it the object; AWS stays as it is. */
export function leave({ store, clock, log }: PassDependencies, object: WebService): void {
  const { namespace, name, uid } = object.metadata;
  store.transaction(() => {
    supersedeAll({ store, object, nowMs: clock.nowMs() });
    const message = "It was only observed: everything is left in AWS as it was.";
    store.record(object, { type: "Normal", reason: "Deleted", message });
    store.release({ namespace, name }, uid);
  });
  log.info({ service: textOfKey({ namespace, name }) }, "observed service let go");
}

function leftBehind(observation: Observation): string[] {
  return falseClaims(observation).map((resource) => falseClaimText(resource, kindNamed(resource.kind).title));
}

/** Takes the finalizer away, and with it the object. */
export function letGo({ store, clock, log }: PassDependencies, { object, service, observation }: Pass): void {
  store.transaction(() => {
    supersedeAll({ store, object, nowMs: clock.nowMs() });
    store.record(object, {
      type: "Normal",
      reason: "Deleted",
      message: ["AWS holds nothing of this service any more.", ...leftBehind(observation)].join(" "),
    });
    store.release(service.key, object.metadata.uid);
  });
  log.info({ service: textOfKey(service.key) }, "service released");
}
