import type { ListQuery } from "../model/fleet/list-query.ts";
import type { Attribution } from "../model/ledger/attribution.ts";
import {
  type Contest,
  DRIFT_CHANGES,
  DRIFT_STATES,
  type DriftDecision,
  type DriftEvent,
  isRepaired,
} from "../model/ledger/drift.ts";
import type { Retention } from "../model/ledger/retention.ts";
import { API_VERSION } from "../model/object.ts";
import { DAY_MS, iso } from "../model/time.ts";
import type { Store } from "../ports.ts";
import { isCounter } from "./events.ts";
import type { KeptSince } from "./kept-since.ts";
import { pageOf, placeOf } from "./paging.ts";
import { fromChoice, fromJson, given, type RowName, toJson } from "./row-codec.ts";
import type { Session } from "./session.ts";
import { ATTRIBUTION, CONTEST, DECISION, TEXTS, VALUE } from "./shapes.ts";

interface DriftRow {
  id: number;
  namespace: string;
  name: string;
  uid: string;
  generation: number;
  resource_version: number;
  creation_time: string;
  labels: string;
  annotations: string;
  service: string;
  resource: string;
  resource_kind: string;
  resource_name: string;
  arn: string | null;
  field: string;
  change: string;
  desired: string;
  before: string;
  after: string;
  state: string;
  first_seen_time: string;
  last_seen_time: string;
  closed_time: string | null;
  time_to_repair_seconds: number | null;
  correction_operation: string | null;
  correction_request_id: string | null;
  correction_time: string | null;
  attempts: number;
  after_since_time: string | null;
  right_since_time: string | null;
  contest: string | null;
  decision: string | null;
  attribution: string | null;
}

/** What is forgotten for its age at once, so that nobody waits long for it. */
const FORGOTTEN_AT_ONCE = 500;

const COLUMNS = [
  ..."namespace name uid generation resource_version creation_time labels annotations service".split(" "),
  ..."resource resource_kind resource_name arn field change desired before after state".split(" "),
  ..."first_seen_time last_seen_time closed_time time_to_repair_seconds".split(" "),
  ..."correction_operation correction_request_id correction_time attempts".split(" "),
  ..."after_since_time right_since_time contest decision attribution".split(" "),
];
const LIST = `SELECT * FROM drift_events WHERE id < :after
  AND (:namespace IS NULL OR namespace = :namespace) AND (:service IS NULL OR service = :service)
  AND (:resource IS NULL OR resource = :resource) AND (:state IS NULL OR state = :state)
  AND (:resourceKind IS NULL OR resource_kind = :resourceKind) AND (:field IS NULL OR field = :field)
  AND (:change IS NULL OR change = :change)
  AND (:since IS NULL OR first_seen_time >= :since) AND (:until IS NULL OR first_seen_time < :until)
  AND (:openAt IS NULL OR (first_seen_time <= :openAt AND (closed_time IS NULL OR closed_time > :openAt)))`;

const SELECTORS = [
  ...(["namespace", "service", "resource", "state", "resourceKind"] as const),
  ...(["field", "change", "since", "until", "openAt"] as const),
];

type ListParameters = { after: number } & Record<(typeof SELECTORS)[number], string | null>;

function parametersOf(query: ListQuery, after: number): ListParameters {
  const given = SELECTORS.map((name) => [name, query[name] ?? null] as const);
  return { after, ...(Object.fromEntries(given) as Omit<ListParameters, "after">) };
}

/** A table that forgets. */
export interface Forgetting {
  /** Takes away what is older, or more, than is to be kept. */
  forget(): void;
}

/** DriftEvents: the table `drift_events`. */
export function buildDriftStore(
  session: Session,
  retention: Retention,
  kept: KeptSince,
): Pick<Store, "driftEvents" | "driftEvent" | "openDrift" | "putDrift"> & Forgetting {
  const db = session.database;
  const byName = db.prepare<[string, string], DriftRow>(
    "SELECT * FROM drift_events WHERE namespace = ? AND name = ?",
  );
  const open = db.prepare<[string, string], DriftRow>(
    "SELECT * FROM drift_events WHERE namespace = +? AND service = +? AND state = 'Open' ORDER BY id",
  );
  const newestFirst = db.prepare<[ListParameters], DriftRow>(`${LIST} ORDER BY id DESC`);
  // The same by way of another index: the optimiser cannot know that a service was given.
  const newestOfService = db.prepare<[ListParameters], DriftRow>(
    `${LIST} AND namespace = :namespace AND service = :service ORDER BY id DESC`,
  );
  const insert = db.prepare(
    `INSERT INTO drift_events (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map((column) => `:${column}`).join(", ")})`,
  );
  const replace = db.prepare(
    `UPDATE drift_events SET ${COLUMNS.map((column) => `${column} = :${column}`).join(", ")} WHERE id = :id`,
  );
  const count = db.prepare<[], number>("SELECT count(*) FROM drift_events").pluck();
  const forgetClosed = db.prepare<[number], DriftRow>(
    `DELETE FROM drift_events WHERE id IN
       (SELECT id FROM drift_events WHERE state <> 'Open' ORDER BY id LIMIT ?) RETURNING *`,
  );
  const forgetOld = db.prepare<[string, number], DriftRow>(
    `DELETE FROM drift_events WHERE id IN (SELECT id FROM drift_events
       WHERE state <> 'Open' AND closed_time < ? ORDER BY closed_time LIMIT ?) RETURNING *`,
  );
  const forgetOldest = db.prepare<[number], DriftRow>(
    "DELETE FROM drift_events WHERE id IN (SELECT id FROM drift_events ORDER BY id LIMIT ?) RETURNING *",
  );

  function changed(type: "ADDED" | "MODIFIED" | "DELETED", row: DriftRow, previous?: DriftEvent): void {
    const resourceVersion = row.resource_version;
    const size = row.desired.length + row.before.length + row.after.length + 500;
    session.changed(
      { kind: "DriftEvent", type, object: driftOf(row), ...given("previous", previous), resourceVersion },
      size,
    );
  }

  /** What is closed goes first: an open one that went would be reported anew. */
  function forget(): void {
    const now = session.nowIso();
    const horizon = iso(session.clock.nowMs() - retention.driftDays * DAY_MS);
    const gone = forgetOld.all(horizon, FORGOTTEN_AT_ONCE);
    const excess = (count.get() ?? 0) - retention.driftEvents;
    if (excess > 0) {
      const closed = forgetClosed.all(excess);
      gone.push(...closed, ...(closed.length < excess ? forgetOldest.all(excess - closed.length) : []));
    }
    for (const row of gone) {
      kept.forgot("drift_events", row.closed_time ?? now);
      changed("DELETED", { ...row, resource_version: session.nextVersion() });
    }
  }

  return {
    driftEvents: (query) =>
      session.read(() => {
        const place =
          query.continue === undefined
            ? { version: session.version(), after: Number.MAX_SAFE_INTEGER }
            : placeOf(query.continue, isCounter);
        const { namespace, service, matches } = query;
        const statement = namespace === undefined || service === undefined ? newestFirst : newestOfService;
        return pageOf<DriftRow, DriftEvent, number>({
          rows: statement.iterate(parametersOf(query, place.after)),
          itemOf: (row) => {
            const event = driftOf(row);
            return matches === undefined || matches(event) ? event : undefined;
          },
          keyOf: (row) => row.id,
          limit: query.limit,
          scan: query.rows,
          version: place.version,
        });
      }),

    driftEvent: ({ namespace, name }) =>
      session.read(() => {
        const row = byName.get(namespace, name);
        return row === undefined ? undefined : driftOf(row);
      }),

    openDrift: (service) => session.read(() => open.all(service.namespace, service.name).map(driftOf)),

    putDrift: (event) =>
      session.transaction(() => {
        const stored = byName.get(event.metadata.namespace, event.metadata.name);
        const row = rowOf(event, {
          id: stored?.id ?? 0,
          uid: stored?.uid ?? (event.metadata.uid || session.newUid()),
          creation_time: stored?.creation_time ?? (event.metadata.creationTimestamp || session.nowIso()),
          resource_version: stored?.resource_version ?? 0,
        });
        if (
          stored !== undefined &&
          COLUMNS.every((column) => memberOf(stored, column) === memberOf(row, column))
        ) {
          return;
        }
        row.resource_version = session.nextVersion();
        if (stored === undefined) {
          const { id: _, ...columns } = row;
          insert.run(columns);
          changed("ADDED", row);
          forget();
        } else {
          replace.run(row);
          changed("MODIFIED", row, stored.state === row.state ? undefined : driftOf(stored));
        }
      }),

    forget: () => session.transaction(forget),
  };
}

function memberOf(row: DriftRow, column: string): unknown {
  return row[column as keyof DriftRow];
}

function nameOf(row: { namespace: string; name: string }): RowName {
  return { table: "drift_events", row: `${row.namespace}/${row.name}` };
}

function rowOf(
  event: DriftEvent,
  assigned: Pick<DriftRow, "id" | "uid" | "creation_time" | "resource_version">,
): DriftRow {
  const { metadata } = event;
  const name = nameOf(metadata);
  return {
    ...assigned,
    namespace: metadata.namespace,
    name: metadata.name,
    generation: metadata.generation,
    labels: toJson(name, "labels", metadata.labels ?? {}, TEXTS),
    annotations: toJson(name, "annotations", metadata.annotations ?? {}, TEXTS),
    service: event.service,
    resource: event.resource,
    resource_kind: event.resourceKind,
    resource_name: event.resourceName,
    arn: event.arn ?? null,
    field: event.field,
    change: event.change,
    desired: toJson(name, "desired", event.desired, VALUE),
    before: toJson(name, "before", event.before, VALUE),
    after: toJson(name, "after", event.after, VALUE),
    state: event.state,
    first_seen_time: event.firstSeenTime,
    last_seen_time: event.lastSeenTime,
    closed_time: event.closedTime ?? null,
    time_to_repair_seconds: event.timeToRepairSeconds ?? null,
    correction_operation: event.correction?.operation ?? null,
    correction_request_id: event.correction?.requestId ?? null,
    correction_time: event.correction?.time ?? null,
    attempts: event.attempts,
    after_since_time: event.afterSinceTime ?? null,
    right_since_time: event.rightSinceTime ?? null,
    contest: event.contest === undefined ? null : toJson(name, "contest", event.contest, CONTEST),
    decision: event.decision === undefined ? null : toJson(name, "decision", event.decision, DECISION),
    attribution:
      event.attribution === undefined ? null : toJson(name, "attribution", event.attribution, ATTRIBUTION),
  };
}

function driftOf(row: DriftRow): DriftEvent {
  const name = nameOf(row);
  const labels = fromJson<Record<string, string>>(name, "labels", row.labels, TEXTS);
  const annotations = fromJson<Record<string, string>>(name, "annotations", row.annotations, TEXTS);
  const state = fromChoice(name, "state", row.state, DRIFT_STATES);
  return {
    apiVersion: API_VERSION,
    kind: "DriftEvent",
    metadata: {
      name: row.name,
      namespace: row.namespace,
      uid: row.uid,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
      generation: row.generation,
      resourceVersion: String(row.resource_version),
      creationTimestamp: row.creation_time,
    },
    service: row.service,
    resource: row.resource,
    resourceKind: row.resource_kind,
    resourceName: row.resource_name,
    ...given("arn", row.arn),
    field: row.field,
    change: fromChoice(name, "change", row.change, DRIFT_CHANGES),
    desired: fromJson(name, "desired", row.desired, VALUE),
    before: fromJson(name, "before", row.before, VALUE),
    after: fromJson(name, "after", row.after, VALUE),
    state,
    firstSeenTime: row.first_seen_time,
    lastSeenTime: row.last_seen_time,
    ...given("afterSinceTime", row.after_since_time),
    ...given("rightSinceTime", row.right_since_time),
    ...given("closedTime", row.closed_time),
    // Earlier versions wrote it of what was accepted or ignored as well.
    ...(isRepaired(state) && given("timeToRepairSeconds", row.time_to_repair_seconds)),
    attempts: row.attempts,
    ...(row.correction_operation !== null && {
      correction: {
        operation: row.correction_operation,
        ...given("requestId", row.correction_request_id),
        time: row.correction_time ?? row.last_seen_time,
      },
    }),
    ...(row.contest !== null && { contest: fromJson<Contest>(name, "contest", row.contest, CONTEST) }),
    ...(row.decision !== null && {
      decision: fromJson<DriftDecision>(name, "decision", row.decision, DECISION),
    }),
    ...(row.attribution !== null && {
      attribution: fromJson<Attribution>(name, "attribution", row.attribution, ATTRIBUTION),
    }),
  };
}
