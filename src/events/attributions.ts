/** Keeps who did it on drift events: as they are opened, and as records come, however late. */
import { addressFrom } from "../model/address.ts";
import type { KindName } from "../model/kind-name.ts";
import type { Attribution } from "../model/ledger/attribution.ts";
import type { DriftEvent } from "../model/ledger/drift.ts";
import { keepNewest, LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import { whoDidIt } from "../model/text/who-did-it.ts";
import type { CallRow, Clock, Store } from "../ports.ts";
import {
  attributionOf,
  CLOCK_SLACK_MS,
  type DriftedPlace,
  type Window,
  type WritesField,
} from "./attribute.ts";
import type { Hint } from "./hint.ts";
import type { Remembered } from "./remembered.ts";

interface AttributionDependencies {
  readonly store: Pick<
    Store,
    | "driftEvents"
    | "driftEvent"
    | "putDrift"
    | "applied"
    | "get"
    | "record"
    | "callOfRequest"
    | "unsettledCalls"
  >;
  readonly clock: Clock;
  readonly remembered: Remembered;
  readonly writesField: WritesField;
  /** When AWS was asked for what a complete pass before then had seen, that was not blind for what we had just written. */
  readonly rightAtMs: (
    service: ObjectKey,
    beforeMs: number,
    writtenAtMs: number | undefined,
  ) => number | undefined;
}

/** A drift event for which it is sought who did it. */
export interface Sought {
  readonly service: ObjectKey;
  readonly name: string;
  /** As it was when its value last moved. */
  readonly place: DriftedPlace;
  readonly window: Window;
}

/** So long after it was closed an event may still be told who it was owed to. */
const LATE_MS = 3_600_000;

export class Attributions {
  readonly #deps: AttributionDependencies;
  /** The oldest first. */
  readonly #sought = new Map<string, Sought>();

  constructor(deps: AttributionDependencies) {
    this.#deps = deps;
  }

  /** An event was opened, or its value has moved again. @returns what is sought then, where that is news */
  seek(event: DriftEvent): Sought | undefined {
    if (event.state !== "Open") return undefined;
    const id = `${event.metadata.namespace}/${event.metadata.name}`;
    const seenAtMs = Date.parse(event.afterSinceTime ?? event.firstSeenTime);
    if (this.#sought.get(id)?.window.seenAtMs === seenAtMs) return undefined;
    const service = { namespace: event.metadata.namespace, name: event.service };
    const applied = this.#deps.store.applied(service);
    const place = this.#placeOf(service, event, applied);
    if (place === undefined) return undefined;
    const writtenAtMs = applied.get(place.address)?.writtenAtMs;
    const rightAtMs = latest(
      this.#deps.rightAtMs(service, seenAtMs, writtenAtMs),
      this.#putRightMs(service, event),
    );
    const window = { seenAtMs, ...(rightAtMs === undefined ? {} : { rightAtMs }) };
    const sought: Sought = { service, name: event.metadata.name, place, window };
    this.#sought.delete(id);
    this.#sought.set(id, sought);
    keepNewest(this.#sought, LIMITS.soughtAttributions);
    this.attribute(sought);
    return sought;
  }

  /** Something has come of these services that may say who did it. */
  reconsider(keys: readonly ObjectKey[]): void {
    const services = new Set(keys.map(textOfKey));
    for (const sought of this.#sought.values())
      if (services.has(textOfKey(sought.service))) this.attribute(sought);
  }

  /** @returns whether it is known now, or need not be sought any more */
  attribute({ service, name, place, window }: Sought): boolean {
    const { store, remembered, writesField } = this.#deps;
    const event = this.#eventNamed(service.namespace, name);
    if (event === undefined) {
      this.#sought.delete(`${service.namespace}/${name}`);
      return true;
    }
    const unsettled = lazily(() => store.unsettledCalls(service));
    const attribution = attributionOf(place, window, remembered.of(service), {
      isOwn: (hint) => this.#isOwn(hint, unsettled),
      writesField,
    });
    if (attribution === undefined || isSame(attribution, event.attribution))
      return event.attribution !== undefined;
    store.putDrift({ ...event, attribution });
    this.#tell(service, event, attribution);
    return true;
  }

  #tell(service: ObjectKey, event: DriftEvent, attribution: Attribution): void {
    const object = this.#deps.store.get(service);
    if (object === undefined) return;
    const what = event.change === "Missing" ? event.resource : `${event.resource}: ${event.field}`;
    const message = `${what} was ${whoDidIt(attribution)}.`;
    this.#deps.store.record(object, { type: "Normal", reason: "DriftAttributed", message });
  }

  /** As it is stored; nothing of one that is gone, or was closed long ago. */
  #eventNamed(namespace: string, name: string): DriftEvent | undefined {
    const { store, clock } = this.#deps;
    const event = store.driftEvent({ namespace, name });
    const closedMs = event?.closedTime === undefined ? undefined : Date.parse(event.closedTime);
    return closedMs !== undefined && clock.nowMs() - closedMs > LATE_MS ? undefined : event;
  }

  /** Known by the id that AWS gave it; or unanswered yet, made under our name while a call like it was under way. */
  #isOwn(hint: Hint, unsettled: () => readonly CallRow[]): boolean {
    const { call, atMs } = hint;
    if (call === undefined) return false;
    const { store, remembered } = this.#deps;
    if (call.requestId !== undefined && store.callOfRequest(call.requestId) !== undefined) return true;
    if (!remembered.isUnderOurName(hint)) return false;
    return unsettled().some(
      ({ operation, requestId, time, endTime }) =>
        operation === call.operation &&
        requestId === undefined &&
        atMs >= Date.parse(time) - CLOCK_SLACK_MS &&
        (endTime === undefined || atMs <= Date.parse(endTime) + CLOCK_SLACK_MS),
    );
  }

  /** Since when what moved before in the same place was right again: what moved that has not moved this. */
  #putRightMs({ namespace, name: service }: ObjectKey, event: DriftEvent): number | undefined {
    const { resource, field, change } = event;
    const query = { namespace, service, resource, field, change, limit: 2 };
    const before = this.#deps.store
      .driftEvents(query)
      .items.find(
        ({ metadata, closedTime }) => metadata.name !== event.metadata.name && closedTime !== undefined,
      );
    if (before === undefined || before.state === "Superseded") return undefined;
    return Date.parse(before.correction?.time ?? before.closedTime ?? before.lastSeenTime);
  }

  #placeOf(
    service: ObjectKey,
    event: DriftEvent,
    applied: ReturnType<Store["applied"]>,
  ): DriftedPlace | undefined {
    const region = this.#deps.store.get(service)?.spec.region;
    if (typeof region !== "string") return undefined;
    const above = [...applied.values()].filter(({ address }) => event.resource.startsWith(`${address}.`));
    return {
      address: addressFrom(event.resource),
      kind: event.resourceKind as KindName,
      name: event.resourceName,
      ...(event.arn === undefined ? {} : { id: event.arn }),
      field: event.field,
      change: event.change,
      region,
      above,
    };
  }
}

function latest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function isSame(one: Attribution, other: Attribution | undefined): boolean {
  return one.eventId === other?.eventId && one.confidence === other.confidence;
}

function lazily<T>(of: () => T): () => T {
  let known: { readonly is: T } | undefined;
  return () => {
    known ??= { is: of() };
    return known.is;
  };
}
