import type { Actor } from "../../model/actor.ts";
import type { Condition } from "../../model/conditions.ts";
import type { WebService } from "../../model/object.ts";
import type { Change, Store, StoreFault } from "../../ports.ts";
import type { Dependencies } from "../dependencies.ts";

/** What the API reads of the store to show it. */
export type ServedStore = Pick<
  Store,
  | (
      | "resourceVersion"
      | "get"
      | "list"
      | "driftEvents"
      | "events"
      | "calls"
      | "applied"
      | "changesSince"
      | "subscribe"
    )
  | ("statesAround" | "statesAt" | "keptSince" | "pause" | "freezes" | "revisions" | "revision")
>;

/** The store as it is shown to whoever asks. */
export type ServedStores = (request: { actor?: Actor }) => ServedStore;

type View = (object: WebService) => WebService;

/**
 * Whoever may only look sees no secret of a spec, wherever it stands. And while the database takes nothing, nobody sees a
 * service as ready: what its status says may be long over, and could not be written.
 */
export function servedStores({
  store,
  withoutSecrets,
}: Pick<Dependencies, "store" | "withoutSecrets">): ServedStores {
  const forReaders = remembered((object) => redacted(object, withoutSecrets));
  const asItIs: View = (object) => object;
  return ({ actor }) => {
    const view = actor === undefined || actor.mayWrite ? asItIs : forReaders;
    // Asked for each answer and delivery anew: a watch lives longer than a fault.
    return servedStore(store, () => {
      const fault = store.fault();
      return fault === undefined ? view : (object) => notKnownReady(view(object), fault);
    });
  };
}

function notKnownReady(object: WebService, fault: StoreFault): WebService {
  const { status } = object;
  if (status === undefined) return object;
  return { ...object, status: { ...status, conditions: inDoubt(status.conditions, fault) } };
}

/** What may be long over cannot be called ready. */
export function inDoubt(conditions: readonly Condition[], { message, since }: StoreFault): Condition[] {
  return conditions.map((condition): Condition => {
    if (condition.type !== "Ready" || condition.status === "False") return condition;
    return {
      ...condition,
      status: "Unknown",
      reason: "DatabaseFault",
      message: `The status may be old, because the database takes nothing: ${message}.`,
      lastTransitionTime: since,
    };
  });
}

/** The store with each WebService, wherever it is read, listed or told of, as the view of this moment shows it. */
function servedStore(store: Store, viewNow: () => View): ServedStore {
  const told = (changes: readonly Change[]): Change[] => {
    const view = viewNow();
    return changes.map((change) => toldOf(change, view));
  };
  return {
    resourceVersion: () => store.resourceVersion(),
    get: (key) => {
      const object = store.get(key);
      return object === undefined ? undefined : viewNow()(object);
    },
    list: (query) => {
      const answer = store.list(query);
      return { ...answer, items: answer.items.map(viewNow()) };
    },
    driftEvents: (query) => store.driftEvents(query),
    events: (query) => store.events(query),
    calls: (query) => store.calls(query),
    applied: (service) => store.applied(service),
    statesAround: (service, time) => store.statesAround(service, time),
    statesAt: (time, query) => store.statesAt(time, query),
    keptSince: (table) => store.keptSince(table),
    pause: () => store.pause(),
    freezes: () => store.freezes(),
    revisions: (key) => store.revisions(key),
    revision: (key, generation) => store.revision(key, generation),
    changesSince: (resourceVersion) => {
      const changes = store.changesSince(resourceVersion);
      return changes === undefined ? undefined : told(changes);
    },
    subscribe: (listener) => store.subscribe((changes) => listener(told(changes))),
  };
}

function toldOf(change: Change, view: View): Change {
  if (change.kind !== "WebService") return change;
  const { object, previous, ...rest } = change as Change<"WebService">;
  return { ...rest, object: view(object), ...(previous !== undefined && { previous: view(previous) }) };
}

/** One object for one object, so that its JSON is made once for all who watch. */
function remembered(view: View): View {
  const shown = new WeakMap<WebService, WebService>();
  return (object) => {
    const known = shown.get(object) ?? view(object);
    shown.set(object, known);
    return known;
  };
}

/** kubectl writes the whole manifest into it. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The object without the secrets of its spec, wherever they stand. */
export function redacted(object: WebService, withoutSecrets: Dependencies["withoutSecrets"]): WebService {
  const { [LAST_APPLIED]: applied, ...annotations } = object.metadata.annotations ?? {};
  return {
    ...object,
    spec: withoutSecrets(object.spec),
    ...(applied !== undefined && { metadata: { ...object.metadata, annotations } }),
  };
}
