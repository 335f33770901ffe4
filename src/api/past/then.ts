/** How things stood at a moment, by what was recorded. What was not is said, and never shown as nothing. */

import type { ListQuery } from "../../model/fleet/list-query.ts";
import type { FleetOfThen, ServiceOfThen } from "../../model/ledger/past.ts";
import { LIMITS } from "../../model/limits.ts";
import { type ObjectKey, textOfKey } from "../../model/object.ts";
import type { PageContext, ServiceSummary } from "../../model/status-page.ts";
import type { ServedStore } from "../access/served-store.ts";
import { ApiError, notFoundError } from "../error.ts";
import { timeIn } from "./times.ts";

interface Looking {
  readonly store: ServedStore;
  readonly context: PageContext;
  /** As it was asked for. */
  readonly at: string;
}

/** @throws ApiError 400 when it is no time or still to come, 410 when it is before what is kept */
export function fleetOfThen(
  { store, context, at }: Looking,
  services: readonly ServiceSummary[],
  namespace: string | undefined,
): FleetOfThen {
  const asOf = momentOf(at, context);
  const since = store.keptSince("status_history");
  if (since !== undefined && asOf < since) throw notKept(`how it stood at ${asOf}`, since);
  const within = namespace === undefined ? {} : { namespace };
  const { items, keys } = store.statesAt(asOf, { ...within, limit: LIMITS.servicesPerPage });
  const known = new Set(keys.map(textOfKey));
  const unrecorded = services.filter(
    (service) => service.creationTimestamp <= asOf && !known.has(textOfKey(service)),
  );
  return {
    ...context,
    ...within,
    asOf,
    services: items,
    totalServices: keys.length,
    notRecorded: unrecorded.map(({ namespace, name }) => ({ namespace, name })),
    ...driftOfThen(store, asOf, within),
  };
}

/** @throws ApiError as {@link fleetOfThen}; 404 when there was no such service then */
export function serviceOfThen({ store, context, at }: Looking, key: ObjectKey): ServiceOfThen {
  const asOf = momentOf(at, context);
  const { before, after } = store.statesAround(key, asOf);
  const isThere = before !== undefined && (before.until === undefined || before.until > asOf);
  if (!isThere) throw notThere(key, asOf, { before, after }, store.keptSince("status_history"));
  return {
    ...context,
    asOf,
    service: before,
    isGone: store.get(key)?.metadata.uid !== before.uid,
    ...driftOfThen(store, asOf, { namespace: key.namespace, service: key.name }),
  };
}

function momentOf(at: string, { now }: PageContext): string {
  const moment = timeIn("at", at);
  if (moment <= now) return moment;
  throw new ApiError(400, `at: ${moment} is still to come; now it is ${now}`);
}

function notThere(
  key: ObjectKey,
  asOf: string,
  { before, after }: ReturnType<ServedStore["statesAround"]>,
  keptSince: string | undefined,
): ApiError {
  const what = `the state of WebService ${textOfKey(key)} of ${asOf}`;
  // It was there, and nothing was written down of it yet: that began with an upgrade.
  const firstTold =
    after?.creationTimestamp !== undefined && after.creationTimestamp <= asOf ? after.since : undefined;
  if (firstTold !== undefined && before === undefined) return notKept(what, firstTold);
  if (before === undefined && after === undefined && (keptSince === undefined || asOf >= keptSince))
    return notFoundError("WebService", key);
  if (before === undefined && keptSince !== undefined && asOf < keptSince) return notKept(what, keptSince);
  const went = before?.until === undefined ? "" : `; one of that name went at ${before.until}`;
  const came = after === undefined ? "" : `; one was made at ${after.creationTimestamp}`;
  return new ApiError(404, `there was no WebService ${textOfKey(key)} at ${asOf}${went}${came}`);
}

function notKept(what: string, since: string): ApiError {
  return new ApiError(410, `${what} is not known: how it stood is known since ${since}`);
}

function driftOfThen(
  store: ServedStore,
  asOf: string,
  within: ListQuery,
): Pick<FleetOfThen, "drift" | "driftKeptSince"> {
  const keptSince = store.keptSince("drift_events");
  return {
    drift: store.driftEvents({ ...within, openAt: asOf, limit: LIMITS.ledgerPage }).items,
    ...(keptSince !== undefined && asOf < keptSince && { driftKeptSince: keptSince }),
  };
}
