/** Which drift a person speaks of: one event, a resource (or a field of it), or everything that is open of a service. */
import type { DriftEvent, DriftVerb } from "../../model/ledger/drift.ts";
import { LIMITS } from "../../model/limits.ts";
import { type ObjectKey, textOfKey, type WebService } from "../../model/object.ts";
import { placeText } from "../../model/steering.ts";
import type { Store } from "../../ports.ts";
import { ApiError, notFoundError, subjectOf } from "../error.ts";
import { existing } from "../writer.ts";

export type DriftTarget =
  | {
      readonly namespace: string;
      readonly event: string;
      /** Where it is to be one of this service's. */
      readonly of?: string;
    }
  | (ObjectKey & { readonly resource?: string | undefined; readonly field?: string | undefined });

export interface Targeted {
  readonly object: WebService;
  /** What is open of it. */
  readonly open: readonly DriftEvent[];
  /** Of which the same was decided before, where nothing is open. */
  readonly decided: readonly DriftEvent[];
}

/** @throws ApiError 404, also for an event of another service than the one that is named; 409 for an event that is closed and was not closed by the same decision */
export function targetedBy(store: Store, target: DriftTarget, verb: DriftVerb): Targeted {
  if ("event" in target) return eventTargeted(store, target, verb);
  const object = existing(store, target);
  const { namespace, name } = target;
  const isMeant = ({ resource, field }: DriftEvent) =>
    (target.resource === undefined || resource === target.resource) &&
    (target.field === undefined || field === target.field);
  const open = store.openDrift({ namespace, name }).filter(isMeant);
  if (open.length > 0) return { object, open, decided: [] };
  const { items } = store.driftEvents({ namespace, service: name, limit: LIMITS.listPage });
  return { object, open, decided: items.filter((event) => isMeant(event) && event.decision?.verb === verb) };
}

function eventTargeted(
  store: Store,
  { namespace, event: name, of }: Extract<DriftTarget, { event: string }>,
  verb: DriftVerb,
): Targeted {
  const matches = (one: { metadata: object }) => (one as DriftEvent).metadata.name === name;
  const [event] = store.driftEvents({ namespace, limit: 1, matches }).items;
  if (event === undefined || (of !== undefined && event.service !== of))
    throw notFoundError("DriftEvent", { namespace, name });
  const { state, decision, closedTime = "", service } = event;
  if (state === "Open")
    return { object: existing(store, { namespace, name: service }), open: [event], decided: [] };
  if (decision?.verb !== verb)
    throw new ApiError(
      409,
      `DriftEvent ${textOfKey({ namespace, name })} (${placeText(event)}) is ${state} since ${closedTime}: there is nothing left to ${verb}`,
      { subject: subjectOf("DriftEvent", name) },
    );
  return { object: existing(store, { namespace, name: service }), open: [], decided: [event] };
}

/** Where neither something is open nor the same was decided before. */
export function nothingOpen({ metadata }: WebService, verb: DriftVerb): ApiError {
  return new ApiError(
    409,
    `WebService ${textOfKey(metadata)} has no open drift of what was named: there is nothing to ${verb}`,
    { subject: subjectOf("WebService", metadata.name) },
  );
}
