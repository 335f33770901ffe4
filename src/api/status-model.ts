import { isPaused, type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import type { ResourceState, WebServiceStatus } from "../model/status.ts";
import type { FleetModel, PageContext, ServiceModel, ServiceSummary } from "../model/status-page.ts";
import type { CallRow } from "../ports.ts";
import { redacted, type ServedStore } from "./access/served-store.ts";
import type { Dependencies } from "./dependencies.ts";

/** What a page shows at most; the API's lists have the rest. */
const SHOWN = { services: 200, openDrift: 1_000, drift: 50, events: 50, calls: 50 };

type ModelDependencies = { store: ServedStore } & Pick<
  Dependencies,
  "clock" | "world" | "cloudStatus" | "queueStatus" | "withoutSecrets"
>;

/** The fleet, from what is stored: no call to AWS is made to show a page. */
export function fleetModel(deps: ModelDependencies): FleetModel {
  const { store } = deps;
  const { items, remaining = 0 } = store.list({ limit: SHOWN.services });
  const open = openDriftOf(store);
  const totalServices = items.length + remaining;
  return {
    ...contextOf(deps),
    services: items.map((service) => summaryOf(service, open.get(textOfKey(service.metadata)) ?? 0)),
    ...(totalServices > items.length && { totalServices }),
    clouds: deps.cloudStatus(),
    queue: deps.queueStatus(),
    drift: store.driftEvents({ limit: SHOWN.drift }).items,
    events: store.events({ limit: SHOWN.events }).items,
  };
}

/** One service; `undefined` when it does not exist. */
export function serviceModel(deps: ModelDependencies, key: ObjectKey): ServiceModel | undefined {
  const { store } = deps;
  const service = store.get(key);
  if (service === undefined) return undefined;
  const { namespace, name } = key;
  return {
    ...contextOf(deps),
    service: redacted(service, deps.withoutSecrets),
    drift: store.driftEvents({ namespace, service: name, limit: SHOWN.drift }).items,
    events: store.events({ namespace, involvedName: name, limit: SHOWN.events }).items,
    calls: store.calls({ service: key, limit: SHOWN.calls }).map(viewOf),
  };
}

function contextOf({ clock, world }: ModelDependencies): PageContext {
  return { ...world, now: new Date(clock.nowMs()).toISOString() };
}

function openDriftOf(store: ServedStore): Map<string, number> {
  const open = new Map<string, number>();
  for (const { metadata, service } of store.driftEvents({ state: "Open", limit: SHOWN.openDrift }).items) {
    const key = textOfKey({ namespace: metadata.namespace, name: service });
    open.set(key, (open.get(key) ?? 0) + 1);
  }
  return open;
}

function summaryOf({ metadata, spec, status }: WebService, openDrift: number): ServiceSummary {
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    region: typeof spec.region === "string" ? spec.region : "",
    labels: metadata.labels ?? {},
    creationTimestamp: metadata.creationTimestamp,
    generation: metadata.generation,
    conditions: status?.conditions ?? [],
    resources: statesOf(status),
    instances: servingOf(status),
    openDrift,
    failedChecks: status?.scorecard.filter((check) => check.result === "fail").length ?? 0,
    deleting: metadata.deletionTimestamp !== undefined,
    paused: isPaused({ metadata }),
    ...(status !== undefined && { observedGeneration: status.observedGeneration }),
    ...(status?.dnsName !== undefined && { dnsName: status.dnsName }),
    ...(status?.observedAt !== undefined && { observedAt: status.observedAt }),
    ...(status?.nextPassAt !== undefined && { nextPassAt: status.nextPassAt }),
  };
}

function statesOf(status: WebServiceStatus | undefined): Partial<Record<ResourceState, number>> {
  const states: Partial<Record<ResourceState, number>> = {};
  for (const { state } of status?.resources ?? []) states[state] = (states[state] ?? 0) + 1;
  return states;
}

function servingOf(status: WebServiceStatus | undefined): ServiceSummary["instances"] {
  const instances = status?.instances ?? [];
  const count = (serving: string) => instances.filter((instance) => instance.serving === serving).length;
  return { serving: count("yes"), unknown: count("unknown"), total: instances.length };
}

function viewOf({
  service: _,
  affected: _affected,
  address,
  ...call
}: CallRow): ServiceModel["calls"][number] {
  return { ...call, resource: address };
}
