import type { ListAnswer, ListQuery } from "../model/fleet/list-query.ts";
import { API_VERSION } from "../model/object.ts";
import type { ObjectKind, ObjectOfKind, Store } from "../ports.ts";

type Labelled = Parameters<NonNullable<ListQuery["matches"]>>[0];

/** A kind as the API serves it. */
export interface Resource<K extends ObjectKind = ObjectKind> {
  kind: K;
  plural: string;
  singular: string;
  shortNames: string[];
  /** Groups of resources that clients ask for at once: `kubectl get all`. */
  categories: string[];
  apiVersion: string;
  /** URL path of the group and version. */
  base: string;
  verbs: string[];
  list(store: Pick<Store, "list" | "driftEvents" | "events">, query: ListQuery): ListAnswer<ObjectOfKind[K]>;
  /** What a field selector can name, and its value in an object. */
  fields: Record<string, (object: ObjectOfKind[K]) => string>;
  /** Fields that the store itself can select by. */
  stored: Record<
    string,
    | ("namespace" | "service" | "resource" | "state" | "resourceKind" | "field" | "change")
    | ("involvedName" | "involvedUid")
  >;
  /** The time by which `since` and `until` select. */
  timeOf?(object: ObjectOfKind[K]): string;
}

const READ_VERBS = ["get", "list", "watch"];
const GROUP_BASE = `/apis/${API_VERSION}`;
const METADATA_FIELDS = {
  "metadata.name": (object: { metadata: { name: string } }) => object.metadata.name,
  "metadata.namespace": (object: { metadata: { namespace: string } }) => object.metadata.namespace,
};

export const WEB_SERVICES: Resource<"WebService"> = {
  kind: "WebService",
  plural: "webservices",
  singular: "webservice",
  shortNames: ["ws"],
  categories: ["all"],
  apiVersion: API_VERSION,
  base: GROUP_BASE,
  verbs: ["create", "delete", ...READ_VERBS, "patch", "update"],
  list: (store, query) => store.list(query),
  fields: METADATA_FIELDS,
  stored: {},
};

export const DRIFT_EVENTS: Resource<"DriftEvent"> = {
  kind: "DriftEvent",
  plural: "driftevents",
  singular: "driftevent",
  shortNames: ["drift"],
  categories: [],
  apiVersion: API_VERSION,
  base: GROUP_BASE,
  verbs: READ_VERBS,
  list: (store, query) => store.driftEvents(query),
  fields: {
    ...METADATA_FIELDS,
    service: (event) => event.service,
    resource: (event) => event.resource,
    state: (event) => event.state,
    resourceKind: (event) => event.resourceKind,
    field: (event) => event.field,
    change: (event) => event.change,
  },
  stored: {
    ...({ service: "service", resource: "resource", state: "state" } as const),
    ...({ resourceKind: "resourceKind", field: "field", change: "change" } as const),
  },
  timeOf: (event) => event.firstSeenTime,
};

export const EVENTS: Resource<"Event"> = {
  kind: "Event",
  plural: "events",
  singular: "event",
  shortNames: ["ev"],
  categories: [],
  apiVersion: "v1",
  base: "/api/v1",
  verbs: READ_VERBS,
  list: (store, query) => store.events(query),
  fields: {
    ...METADATA_FIELDS,
    "involvedObject.apiVersion": (event) => event.involvedObject.apiVersion,
    "involvedObject.kind": (event) => event.involvedObject.kind,
    "involvedObject.namespace": (event) => event.involvedObject.namespace,
    "involvedObject.name": (event) => event.involvedObject.name,
    "involvedObject.uid": (event) => event.involvedObject.uid,
    reason: (event) => event.reason,
    type: (event) => event.type,
    source: (event) => event.source.component,
  },
  stored: { "involvedObject.name": "involvedName", "involvedObject.uid": "involvedUid" },
};

/** What `matches` of a list query is given is the object itself, or at least its metadata. */
export function asObject<K extends ObjectKind>(object: Labelled): ObjectOfKind[K] {
  return object as ObjectOfKind[K];
}
