import { ConflictError, StoreError } from "../model/errors.ts";
import type { ListAnswer, ListQuery } from "../model/fleet/list-query.ts";
import { LIMITS } from "../model/limits.ts";
import { areSameLookups, type ResolvedLookup } from "../model/lookups.ts";
import { API_VERSION, FINALIZER, type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import type { WebServiceStatus } from "../model/status.ts";
import { type Value, valuesEqual } from "../model/value.ts";
import type { Store } from "../ports.ts";
import { approverAfter } from "./approver.ts";
import { buildSummaryStore } from "./fleet/summaries.ts";
import { pageOf, placeOf } from "./paging.ts";
import { RecentlyUsed } from "./recently-used.ts";
import { fromJson, given, isSameRow, type RowName, toJson } from "./row-codec.ts";
import type { Session } from "./session.ts";
import { ACCOUNT, LOOKUPS, NAMES, SPEC, STATUS, TEXTS } from "./shapes.ts";
import { isWorthWriting, type TimesLag } from "./status-change.ts";
import type { StatusHistory } from "./status-history.ts";

interface ObjectRow {
  namespace: string;
  name: string;
  uid: string;
  generation: number;
  resource_version: number;
  creation_time: string;
  deletion_time: string | null;
  finalizers: string;
  labels: string;
  annotations: string;
  spec: string;
  status: string | null;
  account: string | null;
  approver: string | null;
}

interface Revision {
  readonly actor?: string;
  readonly cause?: string;
  readonly lookups?: readonly ResolvedLookup[];
}

interface Decoded {
  row: ObjectRow;
  object: WebService;
}

type ObjectStore = Pick<
  Store,
  | "get"
  | "list"
  | "summaries"
  | "create"
  | "update"
  | "lookups"
  | "approverOf"
  | "markDeleted"
  | "updateStatus"
  | "accountOf"
  | "bindAccount"
  | "release"
>;

const EVERY_OBJECT = "SELECT * FROM objects WHERE (namespace, name) > (?, ?) ORDER BY namespace, name";
const OF_NAMESPACE = "SELECT * FROM objects WHERE namespace = ? AND name > ? ORDER BY name";

/**
 * WebServices: the tables `objects` and `revisions`.
 * @param timesLag how far the times of a status may be behind, where nothing else of it has moved
 */
export function buildObjectStore(session: Session, history: StatusHistory, timesLag: TimesLag): ObjectStore {
  const db = session.database;
  const summaries = buildSummaryStore(session);
  const byKey = db.prepare<[string, string], ObjectRow>(
    "SELECT * FROM objects WHERE namespace = ? AND name = ?",
  );
  const versionOf = db
    .prepare<[string, string], number>(
      "SELECT resource_version FROM objects WHERE namespace = ? AND name = ?",
    )
    .pluck();
  const decoded = new RecentlyUsed<string, Decoded>(LIMITS.decodedObjects);
  const every = db.prepare<[string, string], ObjectRow>(EVERY_OBJECT);
  const ofNamespace = db.prepare<[string, string], ObjectRow>(OF_NAMESPACE);
  const countAfter = db
    .prepare<[string, string], number>("SELECT count(*) FROM objects WHERE (namespace, name) > (?, ?)")
    .pluck();
  const countAfterOfNamespace = db
    .prepare<[string, string], number>("SELECT count(*) FROM objects WHERE namespace = ? AND name > ?")
    .pluck();
  const insert = db.prepare(
    `INSERT INTO objects (namespace, name, kind, uid, generation, resource_version, creation_time,
       finalizers, labels, annotations, spec, approver)
     VALUES (:namespace, :name, 'WebService', :uid, :generation, :resource_version, :creation_time,
       :finalizers, :labels, :annotations, :spec, :approver)`,
  );
  const replace = db.prepare(
    `UPDATE objects SET generation = :generation, resource_version = :resource_version, labels = :labels,
       annotations = :annotations, spec = :spec, approver = :approver WHERE namespace = :namespace AND name = :name`,
  );
  const setDeletion = db.prepare(
    "UPDATE objects SET deletion_time = ?, resource_version = ? WHERE namespace = ? AND name = ?",
  );
  const setStatus = db.prepare(
    "UPDATE objects SET status = ?, resource_version = ? WHERE namespace = ? AND name = ?",
  );
  const accountOf = db
    .prepare<[string, string], string | null>("SELECT account FROM objects WHERE namespace = ? AND name = ?")
    .pluck();
  const approverOf = db
    .prepare<[string, string], string | null>("SELECT approver FROM objects WHERE namespace = ? AND name = ?")
    .pluck();
  const setAccount = db.prepare(
    "UPDATE objects SET account = ? WHERE namespace = ? AND name = ? AND uid = ? AND account IS NULL",
  );
  const remove = db.prepare("DELETE FROM objects WHERE namespace = ? AND name = ?");
  const removeApplied = db.prepare("DELETE FROM applied WHERE namespace = ? AND service = ?");
  const removeMade = db.prepare("DELETE FROM made WHERE namespace = ? AND service = ?");
  const addRevision = db.prepare(
    `INSERT INTO revisions (namespace, name, generation, time, spec, actor, cause, lookups)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const lookupsOf = db
    .prepare<[string, string, number], string | null>(
      "SELECT lookups FROM revisions WHERE namespace = ? AND name = ? AND generation = ?",
    )
    .pluck();
  const newestLookupsOf = db
    .prepare<[string, string], string | null>(
      `SELECT revisions.lookups FROM revisions JOIN objects USING (namespace, name, generation)
       WHERE namespace = +? AND name = +?`,
    )
    .pluck();
  const setLookups = db.prepare(
    "UPDATE revisions SET lookups = ? WHERE namespace = ? AND name = ? AND generation = ?",
  );
  const forgetRevisions = db.prepare(
    "DELETE FROM revisions WHERE namespace = +? AND name = +? AND generation <= +?",
  );

  function revise(row: ObjectRow, { actor, cause, lookups = [] }: Revision): void {
    const { namespace, name, generation, spec } = row;
    const time = session.nowIso();
    const asked = lookupsJson(row, lookups);
    addRevision.run(namespace, name, generation, time, spec, actor ?? null, cause ?? null, asked);
    forgetRevisions.run(row.namespace, row.name, row.generation - LIMITS.revisionsPerObject);
  }

  function lookupsJson(key: ObjectKey, lookups: readonly ResolvedLookup[]): string | null {
    return lookups.length === 0 ? null : toJson(nameOf(key), "lookups", lookups, LOOKUPS);
  }

  function lookups(key: ObjectKey, generation?: number): readonly ResolvedLookup[] {
    const json =
      generation === undefined
        ? newestLookupsOf.get(key.namespace, key.name)
        : lookupsOf.get(key.namespace, key.name, generation);
    return json === undefined || json === null ? [] : fromJson(nameOf(key), "lookups", json, LOOKUPS);
  }

  function changed(
    type: "ADDED" | "MODIFIED" | "DELETED",
    row: ObjectRow,
    previous?: WebService,
    object = objectOf(row),
  ): WebService {
    if (type !== "DELETED") {
      summaries.put(object);
      session.onceCommitted(() => decoded.put(textOfKey(row), { row, object }));
    }
    session.changed(
      {
        kind: "WebService",
        type,
        object,
        ...given("previous", previous),
        resourceVersion: row.resource_version,
      },
      row.spec.length + (row.status?.length ?? 0),
    );
    return object;
  }

  /** A row that holds what it held before is not taken apart again. */
  function known(row: ObjectRow): WebService {
    const last = decoded.get(textOfKey(row));
    return last !== undefined && isSameRow(last.row, row) ? last.object : objectOf(row);
  }

  function expected(key: ObjectKey, resourceVersion: string | undefined): ObjectRow {
    const row = byKey.get(key.namespace, key.name);
    if (row === undefined) throw new ConflictError(`WebService ${textOfKey(key)} does not exist`);
    if (resourceVersion !== undefined && resourceVersion !== String(row.resource_version)) {
      throw new ConflictError(
        `WebService ${textOfKey(key)} has resourceVersion ${row.resource_version}, not ${resourceVersion}: it changed since it was read`,
      );
    }
    return row;
  }

  function takeAway(row: ObjectRow): WebService {
    const gone = { ...row, resource_version: session.nextVersion() };
    remove.run(row.namespace, row.name);
    removeApplied.run(row.namespace, row.name);
    removeMade.run(row.namespace, row.name);
    session.touched("applied");
    session.touched("made");
    // Taken along by a trigger.
    session.touched("rollouts");
    history.end(row);
    return changed("DELETED", gone);
  }

  return {
    summaries: () => summaries.all((key) => objectOf(byKey.get(key.namespace, key.name) as ObjectRow)),

    get: (key) =>
      session.read(() => {
        const version = versionOf.get(key.namespace, key.name);
        if (version === undefined) return undefined;
        const last = decoded.get(textOfKey(key));
        if (last?.row.resource_version === version) return last.object;
        const row = byKey.get(key.namespace, key.name) as ObjectRow;
        const object = objectOf(row);
        // A version that is rolled back is given again, to another content: nothing of an open transaction is kept.
        if (!db.inTransaction) decoded.put(textOfKey(key), { row, object });
        return object;
      }),

    list: (query) =>
      session.read(() =>
        listObjects(session, query, {
          every: (after) => every.iterate(...after),
          ofNamespace: (namespace, after) => ofNamespace.iterate(namespace, after),
          countAfter: (after) => countAfter.get(...after) ?? 0,
          countAfterOfNamespace: (namespace, after) => countAfterOfNamespace.get(namespace, after) ?? 0,
        }),
      ),

    create: ({ metadata, spec, ...revision }) =>
      session.transaction(() => {
        const key = { namespace: metadata.namespace, name: metadata.name };
        if (byKey.get(key.namespace, key.name) !== undefined) {
          throw new ConflictError(`WebService ${textOfKey(key)} exists already`);
        }
        if ((countAfter.get("", "") ?? 0) >= LIMITS.webServices) {
          throw new ConflictError(
            `there are ${LIMITS.webServices} WebServices, and no more are kept; delete one first`,
          );
        }
        const name = nameOf(key);
        const row: ObjectRow = {
          ...key,
          uid: session.newUid(),
          generation: 1,
          resource_version: session.nextVersion(),
          creation_time: session.nowIso(),
          deletion_time: null,
          finalizers: JSON.stringify([FINALIZER]),
          labels: toJson(name, "labels", metadata.labels ?? {}, TEXTS),
          annotations: toJson(name, "annotations", metadata.annotations ?? {}, TEXTS),
          spec: toJson(name, "spec", spec, SPEC),
          status: null,
          account: null,
          approver: approverAfter(null, undefined, metadata.annotations, revision.actor),
        };
        insert.run(row);
        revise(row, revision);
        history.remember(row, undefined);
        return changed("ADDED", row);
      }),

    update: (key, change, expectedResourceVersion) =>
      session.transaction(() => {
        const row = expected(key, expectedResourceVersion);
        const before = objectOf(row);
        const { spec, labels = {}, annotations = {} } = change;
        const specMoved = !valuesEqual(before.spec as Value, spec as Value);
        const labelsMoved = !valuesEqual(before.metadata.labels ?? {}, labels);
        const known = lookups(key);
        const asked = change.lookups ?? known;
        const isRevised = specMoved || !areSameLookups(known, asked);
        // What was asked again, and answered the same, is no revision.
        if (!isRevised && change.lookups !== undefined) {
          setLookups.run(lookupsJson(key, asked), key.namespace, key.name, row.generation);
        }
        if (!isRevised && !labelsMoved && valuesEqual(before.metadata.annotations ?? {}, annotations)) {
          return before;
        }
        const name = nameOf(key);
        const next: ObjectRow = {
          ...row,
          generation: row.generation + (isRevised ? 1 : 0),
          resource_version: session.nextVersion(),
          labels: toJson(name, "labels", labels, TEXTS),
          annotations: toJson(name, "annotations", annotations, TEXTS),
          spec: specMoved ? toJson(name, "spec", spec, SPEC) : row.spec,
          approver: approverAfter(row.approver, before.metadata.annotations, annotations, change.actor),
        };
        replace.run(next);
        if (isRevised) {
          revise(next, { ...change, lookups: asked });
          history.remember(next, before.status);
        }
        return changed("MODIFIED", next, labelsMoved ? before : undefined);
      }),

    lookups: (key, generation) => session.read(() => lookups(key, generation)),

    approverOf: (key) => session.read(() => approverOf.get(key.namespace, key.name) ?? undefined),

    markDeleted: (key, expectedResourceVersion) =>
      session.transaction(() => {
        const row = expected(key, expectedResourceVersion);
        if (finalizersOf(row).length === 0) return takeAway({ ...row, deletion_time: session.nowIso() });
        if (row.deletion_time !== null) return objectOf(row);
        const next = { ...row, deletion_time: session.nowIso(), resource_version: session.nextVersion() };
        setDeletion.run(next.deletion_time, next.resource_version, key.namespace, key.name);
        history.remember(next, statusOf(next));
        return changed("MODIFIED", next);
      }),

    updateStatus: (key, uid, status) =>
      session.transaction(() => {
        const row = byKey.get(key.namespace, key.name);
        if (row === undefined || row.uid !== uid) return;
        if (status === undefined)
          throw new StoreError(`WebService ${textOfKey(key)}: a status cannot be unset`);
        const json = toJson(nameOf(row), "status", status, STATUS);
        history.remember(row, status);
        if (json === row.status) return;
        const before = known(row);
        if (!isWorthWriting(before.status, status, timesLag)) return;
        const next = { ...row, status: json, resource_version: session.nextVersion() };
        setStatus.run(json, next.resource_version, key.namespace, key.name);
        const metadata = { ...before.metadata, resourceVersion: String(next.resource_version) };
        // What was just checked need not be checked again; a copy of it is nobody else's.
        changed("MODIFIED", next, undefined, { ...before, metadata, status: JSON.parse(json) });
      }),

    accountOf: (key) =>
      session.read(() => {
        const json = accountOf.get(key.namespace, key.name) ?? undefined;
        return json === undefined ? undefined : fromJson(nameOf(key), "account", json, ACCOUNT);
      }),

    bindAccount: (key, uid, account) =>
      session.transaction(() => {
        setAccount.run(toJson(nameOf(key), "account", account, ACCOUNT), key.namespace, key.name, uid);
      }),

    release: (key, uid) =>
      session.transaction(() => {
        const row = byKey.get(key.namespace, key.name);
        if (row !== undefined && row.uid === uid) takeAway({ ...row, finalizers: "[]" });
      }),
  };
}

interface ObjectRows {
  every(after: [string, string]): Iterable<ObjectRow>;
  ofNamespace(namespace: string, after: string): Iterable<ObjectRow>;
  countAfter(after: [string, string]): number;
  countAfterOfNamespace(namespace: string, after: string): number;
}

function listObjects(session: Session, query: ListQuery, rows: ObjectRows): ListAnswer<WebService> {
  const { namespace, matches } = query;
  const place =
    query.continue === undefined
      ? { version: session.version(), after: ["", ""] as [string, string] }
      : placeOf(query.continue, isNamePair);
  return pageOf<ObjectRow, WebService, [string, string]>({
    rows: namespace === undefined ? rows.every(place.after) : rows.ofNamespace(namespace, place.after[1]),
    itemOf: (row) => {
      // The labels are read first: a spec and a status that nobody asked for are not.
      if (matches !== undefined && !matches({ metadata: metadataOf(row) })) return undefined;
      return objectOf(row);
    },
    keyOf: (row) => [row.namespace, row.name],
    limit: query.limit,
    scan: query.rows,
    version: place.version,
    ...(matches === undefined &&
      query.isPiece !== true && {
        remainingAfter: (after: [string, string]) =>
          namespace === undefined ? rows.countAfter(after) : rows.countAfterOfNamespace(namespace, after[1]),
      }),
  });
}

function isNamePair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string");
}

function nameOf(key: ObjectKey): RowName {
  return { table: "objects", row: textOfKey(key) };
}

function finalizersOf(row: ObjectRow): string[] {
  return fromJson(nameOf(row), "finalizers", row.finalizers, NAMES);
}

function statusOf(row: ObjectRow): WebServiceStatus | undefined {
  return row.status === null ? undefined : fromJson(nameOf(row), "status", row.status, STATUS);
}

function metadataOf(row: ObjectRow): WebService["metadata"] {
  const name = nameOf(row);
  const labels = fromJson<Record<string, string>>(name, "labels", row.labels, TEXTS);
  const annotations = fromJson<Record<string, string>>(name, "annotations", row.annotations, TEXTS);
  const finalizers = finalizersOf(row);
  return {
    name: row.name,
    namespace: row.namespace,
    uid: row.uid,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    generation: row.generation,
    resourceVersion: String(row.resource_version),
    creationTimestamp: row.creation_time,
    ...given("deletionTimestamp", row.deletion_time),
    ...(finalizers.length > 0 && { finalizers }),
  };
}

function objectOf(row: ObjectRow): WebService {
  return {
    apiVersion: API_VERSION,
    kind: "WebService",
    metadata: metadataOf(row),
    spec: fromJson(nameOf(row), "spec", row.spec, SPEC),
    ...given("status", statusOf(row)),
  };
}
