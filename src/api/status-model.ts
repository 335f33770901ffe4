import type { ListQuery } from "../model/fleet/list-query.ts";
import type { DriftEvent } from "../model/ledger/drift.ts";
import type { ObjectKey } from "../model/object.ts";
import type {
  FleetModel,
  PageContext,
  RevisionRow,
  ServiceModel,
  ServiceSummary,
} from "../model/status-page.ts";
import { iso } from "../model/time.ts";
import type { CallRow } from "../ports.ts";
import { redacted, type ServedStore } from "./access/served-store.ts";
import type { Dependencies } from "./dependencies.ts";
import { fieldReportOf } from "./fields.ts";
import { differencesBetween } from "./steering/revision-differences.ts";

/** What a page shows at most; the API's lists have the rest. */
const SHOWN = { drift: 50, events: 50, calls: 50, revisions: 10 };

/** Where the summaries of all services come from. */
interface Fleet {
  told(namespace?: string): { readonly services: readonly ServiceSummary[]; readonly now: string };
}

type ModelDependencies = { store: ServedStore } & Pick<
  Dependencies,
  | "clock"
  | "world"
  | "cloudStatus"
  | "queueStatus"
  | "eventFlow"
  | "withoutSecrets"
  | "freshnessOf"
  | "budgets"
>;

/** The fleet, from what is stored: no call to AWS is made to show a page. */
export function fleetModel(
  deps: ModelDependencies,
  fleet: Fleet,
  { namespace, filter }: Pick<FleetModel, "namespace" | "filter">,
): FleetModel {
  const { store } = deps;
  const within = namespace === undefined ? {} : { namespace };
  const freezes = store.freezes();
  const eventFlow = deps.eventFlow();
  const { services, now } = fleet.told(namespace);
  return {
    ...contextOf(deps),
    now,
    ...within,
    ...(freezes.length > 0 && { freezes }),
    ...(filter !== undefined && { filter }),
    services,
    clouds: deps.cloudStatus(),
    budgets: deps.budgets(),
    queue: deps.queueStatus(),
    ...(eventFlow !== undefined && { eventFlow }),
    drift: driftOf(store, within),
    events: store.events({ ...within, limit: SHOWN.events }).items,
  };
}

/** One service; `undefined` when it does not exist. */
export function serviceModel(deps: ModelDependencies, key: ObjectKey): ServiceModel | undefined {
  const { store } = deps;
  const service = store.get(key);
  if (service === undefined) return undefined;
  const { namespace, name } = key;
  const freshness = deps.freshnessOf(key);
  return {
    ...contextOf(deps),
    ...(freshness !== undefined && { freshness }),
    service: redacted(service, deps.withoutSecrets),
    fields: fieldReportOf(service, store.applied(key)),
    drift: driftOf(store, { namespace, service: name }),
    events: store.events({ namespace, involvedName: name, limit: SHOWN.events }).items,
    calls: store.calls({ service: key, limit: SHOWN.calls }).map(viewOf),
    revisions: revisionsOf(deps, key, service.metadata.generation),
  };
}

/** What is open first, however much has been put right since; newest first. */
function driftOf(store: ServedStore, within: Pick<ListQuery, "namespace" | "service">): DriftEvent[] {
  const open = store.driftEvents({ ...within, state: "Open", limit: SHOWN.drift }).items;
  const newest = store.driftEvents({ ...within, limit: SHOWN.drift }).items;
  const closed = newest.filter(({ state }) => state !== "Open");
  return [...open, ...closed].slice(0, SHOWN.drift);
}

function revisionsOf(
  { store, withoutSecrets }: ModelDependencies,
  key: ObjectKey,
  current: number,
): RevisionRow[] {
  const heads = store.revisions(key);
  const whole = heads.slice(0, SHOWN.revisions + 1).map(({ generation }) => store.revision(key, generation));
  return heads.slice(0, SHOWN.revisions).map((head, index): RevisionRow => {
    const [after, before] = [whole[index], whole[index + 1]];
    const isCurrent = head.generation === current;
    if (before === undefined || after === undefined) return { ...head, isCurrent };
    return { ...head, isCurrent, differences: differencesBetween(before, after, withoutSecrets) };
  });
}

/** Where the daemon runs and what time it is there. */
export function contextOf({
  clock,
  world,
  store,
}: Pick<ModelDependencies, "clock" | "world"> & { store: Pick<ServedStore, "pause"> }): PageContext {
  const pause = store.pause();
  return { ...world, now: iso(clock.nowMs()), ...(pause !== undefined && { pause }) };
}

function viewOf({
  service: _,
  affected: _affected,
  address,
  ...call
}: CallRow): ServiceModel["calls"][number] {
  return { ...call, resource: address };
}
