import type { CoreEvent } from "../model/events.ts";
import { LIMITS } from "../model/limits.ts";
import { API_VERSION } from "../model/object.ts";
import { iso } from "../model/time.ts";
import type { Store } from "../ports.ts";
import { pageOf, placeOf } from "./paging.ts";
import { fromChoice } from "./row-codec.ts";
import type { Session } from "./session.ts";

interface EventRow {
  id: number;
  namespace: string;
  name: string;
  uid: string;
  resource_version: number;
  creation_time: string;
  involved_kind: string;
  involved_name: string;
  involved_uid: string;
  type: string;
  reason: string;
  message: string;
  count: number;
  first_time: string;
  last_time: string;
}

/** An equal event is counted onto the last one for this long. */
const COUNT_WITHIN_MS = 3_600_000;

const LIST = `SELECT * FROM events WHERE resource_version < :after
  AND (:namespace IS NULL OR namespace = :namespace)
  AND (:involvedName IS NULL OR involved_name = :involvedName)
  AND (:involvedUid IS NULL OR involved_uid = :involvedUid)`;

interface ListParameters {
  after: number;
  namespace: string | null;
  involvedName: string | null;
  involvedUid: string | null;
}

/** Core events: the table `events`. The newest is the one that happened, or was counted, last. */
export function buildEventStore(session: Session): Pick<Store, "events" | "record"> {
  const db = session.database;
  const newestFirst = db.prepare<[ListParameters], EventRow>(`${LIST} ORDER BY resource_version DESC`);
  // The same by way of another index: the optimiser cannot know that a name was given.
  const newestOfObject = db.prepare<[ListParameters], EventRow>(
    `${LIST} AND namespace = :namespace AND involved_name = :involvedName ORDER BY resource_version DESC`,
  );
  const equal = db.prepare<[string, string, string, string, string], EventRow>(
    `SELECT * FROM events WHERE involved_uid = +? AND reason = +? AND type = +? AND message = +? AND last_time > +?
     ORDER BY id DESC LIMIT 1`,
  );
  const insert = db.prepare(
    `INSERT INTO events (namespace, name, uid, resource_version, creation_time, involved_kind, involved_name,
       involved_uid, type, reason, message, count, first_time, last_time)
     VALUES (:namespace, :name, :uid, :resource_version, :creation_time, :involved_kind, :involved_name,
       :involved_uid, :type, :reason, :message, :count, :first_time, :last_time)`,
  );
  const recount = db.prepare(
    "UPDATE events SET count = :count, last_time = :last_time, resource_version = :resource_version WHERE id = :id",
  );
  const forgetUpTo = db.prepare<[number], EventRow>("DELETE FROM events WHERE id <= +? RETURNING *");

  function changed(type: "ADDED" | "MODIFIED" | "DELETED", row: EventRow): void {
    session.changed(
      { kind: "Event", type, object: eventOf(row), resourceVersion: row.resource_version },
      row.message.length + 500,
    );
  }

  return {
    events: (query) =>
      session.read(() => {
        const place =
          query.continue === undefined
            ? { version: session.version(), after: Number.MAX_SAFE_INTEGER }
            : placeOf(query.continue, isCounter);
        const { namespace = null, involvedName = null, involvedUid = null, matches } = query;
        const statement = namespace === null || involvedName === null ? newestFirst : newestOfObject;
        return pageOf<EventRow, CoreEvent, number>({
          rows: statement.iterate({ after: place.after, namespace, involvedName, involvedUid }),
          itemOf: (row) => {
            const event = eventOf(row);
            return matches === undefined || matches(event) ? event : undefined;
          },
          keyOf: (row) => row.resource_version,
          limit: query.limit,
          scan: query.rows,
          version: place.version,
        });
      }),

    record: (object, { type, reason, message }) =>
      session.transaction(() => {
        const { metadata } = object;
        const now = session.nowIso();
        const since = iso(session.clock.nowMs() - COUNT_WITHIN_MS);
        const last = equal.get(metadata.uid, reason, type, message, since);
        const resource_version = session.nextVersion();
        if (last !== undefined) {
          const row = { ...last, count: last.count + 1, last_time: now, resource_version };
          recount.run({ id: row.id, count: row.count, last_time: now, resource_version });
          changed("MODIFIED", row);
          return;
        }
        const columns = {
          namespace: metadata.namespace,
          name: `${metadata.name}.${resource_version.toString(16).padStart(16, "0")}`,
          uid: session.newUid(),
          resource_version,
          creation_time: now,
          involved_kind: object.kind,
          involved_name: metadata.name,
          involved_uid: metadata.uid,
          type,
          reason,
          message,
          count: 1,
          first_time: now,
          last_time: now,
        };
        const id = Number(insert.run(columns).lastInsertRowid);
        changed("ADDED", { id, ...columns });
        for (const row of forgetUpTo.all(id - LIMITS.events)) {
          changed("DELETED", { ...row, resource_version: session.nextVersion() });
        }
      }),
  };
}

/** The place of a list that is ordered by a number. */
export function isCounter(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function eventOf(row: EventRow): CoreEvent {
  const { namespace } = row;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: row.name,
      namespace,
      uid: row.uid,
      generation: 1,
      resourceVersion: String(row.resource_version),
      creationTimestamp: row.creation_time,
    },
    involvedObject: {
      apiVersion: API_VERSION,
      kind: row.involved_kind,
      namespace,
      name: row.involved_name,
      uid: row.involved_uid,
    },
    type: fromChoice({ table: "events", row: `${namespace}/${row.name}` }, "type", row.type, [
      "Normal",
      "Warning",
    ]),
    reason: row.reason,
    message: row.message,
    count: row.count,
    firstTimestamp: row.first_time,
    lastTimestamp: row.last_time,
    source: { component: "holdfast" },
  };
}
