/** Which drift a person speaks of: one event, a resource (or a field of it), or everything that is open of a service. */
import type { DriftEvent, DriftVerb } from "../../model/ledger/drift.ts";
import { placeText } from "../../model/ledger/steering.ts";
import { type ObjectKey, textOfKey, type WebService } from "../../model/object.ts";
import type { Store } from "../../ports.ts";
import { ApiError, notFoundError, subjectOf } from "../error.ts";
import { DRIFT_EVENTS } from "../resources.ts";
import { existing } from "../writer.ts";
import { whoIs } from "./by.ts";

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
  /** The one event that was asked for, where it was closed by the same decision before: whoever asks twice is answered. */
  readonly decided: readonly DriftEvent[];
}

/** @throws ApiError 404, also for an event of another service than the one that is named; 409 for an event that is closed and was not closed by the same decision */
export function targetedBy(store: Store, target: DriftTarget, verb: DriftVerb): Targeted {
  if ("event" in target) return eventTargeted(store, target, verb);
  const object = existing(store, target);
  const { namespace, name } = target;
  const open = store.openDrift({ namespace, name }).filter((event) => isMeant(target, event));
  return { object, open, decided: [] };
}

function isMeant(target: DriftTarget, event: DriftEvent): boolean {
  if ("event" in target) return event.metadata.name === target.event;
  const { resource, field } = target;
  return (
    (resource === undefined || event.resource === resource) && (field === undefined || event.field === field)
  );
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
  const object = existing(store, { namespace, name: event.service });
  if (event.state === "Open") return { object, open: [event], decided: [] };
  if (event.decision?.verb !== verb) throw nothingLeft(event, verb);
  return { object, open: [], decided: [event] };
}

/** Where the one event that is meant is closed. */
export function nothingLeft(event: DriftEvent, verb: DriftVerb): ApiError {
  const { metadata, state, closedTime = "" } = event;
  return new ApiError(
    409,
    `DriftEvent ${textOfKey(metadata)} (${placeText(event)}) is ${state} since ${closedTime}: there is nothing left to ${verb}${decisionText(event)}`,
    { subject: subjectOf("DriftEvent", metadata.name), reason: NOTHING[verb] },
  );
}

/** Where nothing is open: what became of the last of it, and where the rest is told. */
export function nothingOpen(
  store: Store,
  { metadata }: WebService,
  target: DriftTarget,
  verb: DriftVerb,
): ApiError {
  const { namespace, name } = metadata;
  const { resource, field = "" } = "event" in target ? {} : target;
  const of = resource === undefined ? "" : ` of ${placeText({ resource, field })}`;
  const matches = (one: { metadata: object }) => isMeant(target, one as DriftEvent);
  const [last] = store.driftEvents({ namespace, service: name, limit: 1, matches }).items;
  const told =
    last === undefined
      ? "none was recorded"
      : `the last was ${last.metadata.name} (${placeText(last)}), ${last.state} since ${last.closedTime ?? last.lastSeenTime}${decisionText(last)}`;
  return new ApiError(
    409,
    `WebService ${textOfKey(metadata)} has no open drift${of}, and there is nothing to ${verb}: ${told}. ` +
      `All of it: GET ${DRIFT_EVENTS.base}/namespaces/${namespace}/${DRIFT_EVENTS.plural}?fieldSelector=service=${name}`,
    { subject: subjectOf("WebService", name), reason: NOTHING[verb] },
  );
}

const NOTHING: Readonly<Record<DriftVerb, string>> = {
  accept: "NothingToAccept",
  correct: "NothingToCorrect",
  ignore: "NothingToIgnore",
};

function decisionText({ decision }: DriftEvent): string {
  if (decision === undefined) return "";
  const { verb, actor, time } = decision;
  return `; ${whoIs(actor === undefined ? undefined : { name: actor })} decided on ${time} to ${verb} it`;
}
