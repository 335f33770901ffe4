import type { DriftChange, DriftEvent, DriftState } from "../model/drift.ts";
import { LIMITS } from "../model/limits.ts";
import { API_VERSION } from "../model/object.ts";
import type { Store } from "../ports.ts";
import { isCounter } from "./events.ts";
import { pageOf, placeOf } from "./paging.ts";
import { fromChoice, fromJson, given, type RowName, toJson } from "./row-codec.ts";
import type { Session } from "./session.ts";
import { DECISION, TEXTS, VALUE } from "./shapes.ts";

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
  decision: string | null;
}

const STATES: readonly DriftState[] = ["Open", "Corrected", "Reverted", "Superseded"];
const CHANGES: readonly DriftChange[] = ["Modified", "Missing"];
const COLUMNS = [
  ..."namespace name uid generation resource_version creation_time labels annotations service".split(" "),
  ..."resource resource_kind resource_name arn field change desired before after state".split(" "),
  ..."first_seen_time last_seen_time closed_time time_to_repair_seconds".split(" "),
  ..."correction_operation correction_request_id correction_time decision".split(" "),
];
const LIST = `SELECT * FROM drift_events WHERE id < :after
  AND (:namespace IS NULL OR namespace = :namespace) AND (:service IS NULL OR service = :service)
  AND (:resource IS NULL OR resource = :resource) AND (:state IS NULL OR state = :state)`;

interface ListParameters {
  after: number;
  namespace: string | null;
  service: string | null;
  resource: string | null;
  state: string | null;
}

/** DriftEvents: the table `drift_events`. */
export function buildDriftStore(session: Session): Pick<Store, "driftEvents" | "openDrift" | "putDrift"> {
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
    const excess = (count.get() ?? 0) - LIMITS.driftEvents;
    if (excess <= 0) return;
    const gone = forgetClosed.all(excess);
    if (gone.length < excess) gone.push(...forgetOldest.all(excess - gone.length));
    for (const row of gone) changed("DELETED", { ...row, resource_version: session.nextVersion() });
  }

  return {
    driftEvents: (query) =>
      session.read(() => {
        const place =
          query.continue === undefined
            ? { version: session.version(), after: Number.MAX_SAFE_INTEGER }
            : placeOf(query.continue, isCounter);
        const { namespace = null, service = null, resource = null, state = null, matches } = query;
        const statement = namespace === null || service === null ? newestFirst : newestOfService;
        return pageOf<DriftRow, DriftEvent, number>({
          rows: statement.iterate({ after: place.after, namespace, service, resource, state }),
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
    decision: event.decision === undefined ? null : toJson(name, "decision", event.decision, DECISION),
  };
}

function driftOf(row: DriftRow): DriftEvent {
  const name = nameOf(row);
  const labels = fromJson<Record<string, string>>(name, "labels", row.labels, TEXTS);
  const annotations = fromJson<Record<string, string>>(name, "annotations", row.annotations, TEXTS);
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
    change: fromChoice(name, "change", row.change, CHANGES),
    desired: fromJson(name, "desired", row.desired, VALUE),
    before: fromJson(name, "before", row.before, VALUE),
    after: fromJson(name, "after", row.after, VALUE),
    state: fromChoice(name, "state", row.state, STATES),
    firstSeenTime: row.first_seen_time,
    lastSeenTime: row.last_seen_time,
    ...given("closedTime", row.closed_time),
    ...given("timeToRepairSeconds", row.time_to_repair_seconds),
    ...(row.correction_operation !== null && {
      correction: {
        operation: row.correction_operation,
        ...given("requestId", row.correction_request_id),
        time: row.correction_time ?? row.last_seen_time,
      },
    }),
    ...(row.decision !== null && { decision: fromJson(name, "decision", row.decision, DECISION) }),
  };
}
