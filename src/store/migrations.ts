import type { Database } from "better-sqlite3";
import { StoreError } from "../model/errors.ts";

interface Migration {
  number: number;
  name: string;
  sql: string;
}

/** Tells our file from another program's: "HOLD" in ASCII. https://www.sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x484f4c44;

/** In order, without gaps; what has been released is never edited, only followed by another. */
const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "first tables",
    sql: `
      CREATE TABLE resource_version (value INTEGER NOT NULL) STRICT;
      INSERT INTO resource_version (value) VALUES (0);

      CREATE TABLE objects (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        uid TEXT NOT NULL UNIQUE,
        generation INTEGER NOT NULL,
        resource_version INTEGER NOT NULL,
        creation_time TEXT NOT NULL,
        deletion_time TEXT,
        finalizers TEXT NOT NULL,
        labels TEXT NOT NULL,
        annotations TEXT NOT NULL,
        spec TEXT NOT NULL,
        status TEXT,
        PRIMARY KEY (namespace, name)
      ) STRICT;

      CREATE TABLE revisions (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        generation INTEGER NOT NULL,
        time TEXT NOT NULL,
        spec TEXT NOT NULL,
        PRIMARY KEY (namespace, name, generation),
        FOREIGN KEY (namespace, name) REFERENCES objects (namespace, name) ON DELETE CASCADE
      ) STRICT;

      CREATE TABLE applied (
        namespace TEXT NOT NULL,
        service TEXT NOT NULL,
        resource TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        id TEXT,
        fields TEXT NOT NULL,
        generation INTEGER NOT NULL,
        written_time TEXT NOT NULL,
        suspected_times TEXT,
        PRIMARY KEY (namespace, service, resource)
      ) STRICT;

      CREATE TABLE drift_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        uid TEXT NOT NULL,
        generation INTEGER NOT NULL,
        resource_version INTEGER NOT NULL,
        creation_time TEXT NOT NULL,
        labels TEXT NOT NULL,
        annotations TEXT NOT NULL,
        service TEXT NOT NULL,
        resource TEXT NOT NULL,
        resource_kind TEXT NOT NULL,
        resource_name TEXT NOT NULL,
        arn TEXT,
        field TEXT NOT NULL,
        change TEXT NOT NULL,
        desired TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        state TEXT NOT NULL,
        first_seen_time TEXT NOT NULL,
        last_seen_time TEXT NOT NULL,
        closed_time TEXT,
        time_to_repair_seconds REAL,
        correction_operation TEXT,
        correction_request_id TEXT,
        correction_time TEXT,
        UNIQUE (namespace, name)
      ) STRICT;
      CREATE INDEX drift_events_by_service ON drift_events (namespace, service, id);
      CREATE INDEX drift_events_open ON drift_events (namespace, service) WHERE state = 'Open';

      CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        uid TEXT NOT NULL,
        resource_version INTEGER NOT NULL,
        creation_time TEXT NOT NULL,
        involved_kind TEXT NOT NULL,
        involved_name TEXT NOT NULL,
        involved_uid TEXT NOT NULL,
        type TEXT NOT NULL,
        reason TEXT NOT NULL,
        message TEXT NOT NULL,
        count INTEGER NOT NULL,
        first_time TEXT NOT NULL,
        last_time TEXT NOT NULL,
        UNIQUE (namespace, name)
      ) STRICT;
      CREATE UNIQUE INDEX events_newest ON events (resource_version);
      CREATE INDEX events_by_object ON events (involved_uid, reason, type, message);
      CREATE INDEX events_by_name ON events (namespace, involved_name, resource_version);

      CREATE TABLE calls (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time TEXT NOT NULL,
        end_time TEXT,
        actor TEXT NOT NULL,
        namespace TEXT NOT NULL,
        service TEXT NOT NULL,
        generation INTEGER NOT NULL,
        plan TEXT NOT NULL,
        resource TEXT NOT NULL,
        operation TEXT NOT NULL,
        outcome TEXT NOT NULL,
        request_id TEXT,
        error_code TEXT,
        error_message TEXT
      ) STRICT;
      CREATE INDEX calls_by_service ON calls (namespace, service, id);

      CREATE VIEW conditions AS
        SELECT namespace, name,
          each.value ->> '$.type' AS type,
          each.value ->> '$.status' AS status,
          each.value ->> '$.reason' AS reason,
          each.value ->> '$.message' AS message,
          each.value ->> '$.lastTransitionTime' AS last_transition_time
        FROM objects, json_each(objects.status, '$.conditions') AS each;
    `,
  },
  {
    number: 2,
    name: "what a call affects, and the words of the status",
    sql: `
      ALTER TABLE calls ADD COLUMN affected TEXT;
      CREATE INDEX calls_unsettled ON calls (namespace, service, id) WHERE outcome <> 'succeeded';
      UPDATE objects SET status = replace(status, '"state":"Orphan"', '"state":"Surplus"');
      UPDATE applied SET suspected_times =
        replace(replace(suspected_times, '"":', '"(missing)":'), '"uses":', '"(in use)":');
    `,
  },
  {
    number: 3,
    name: "what was made or taken as ours",
    sql: `
      CREATE TABLE made (
        namespace TEXT NOT NULL,
        service TEXT NOT NULL,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        resource TEXT NOT NULL,
        time TEXT NOT NULL,
        takes_over TEXT NOT NULL,
        missing_time TEXT,
        PRIMARY KEY (namespace, service, kind, id)
      ) STRICT;
      INSERT OR IGNORE INTO made (namespace, service, kind, id, name, resource, time, takes_over)
        SELECT namespace, service, kind, id, name, resource, written_time, '[]' FROM applied WHERE id IS NOT NULL;
    `,
  },
  {
    number: 4,
    name: "the AWS account of an object",
    sql: "ALTER TABLE objects ADD COLUMN account TEXT;",
  },
  {
    number: 5,
    name: "who made a revision",
    sql: "ALTER TABLE revisions ADD COLUMN actor TEXT;",
  },
  {
    number: 6,
    name: "writes that no read has shown",
    sql: "ALTER TABLE applied ADD COLUMN unseen_writes TEXT;",
  },
  {
    number: 7,
    name: "how a row of what was made came to be",
    sql: `
      ALTER TABLE made ADD COLUMN origin TEXT NOT NULL DEFAULT 'made' CHECK (origin IN ('made', 'adopted', 'observed'));
      ALTER TABLE made ADD COLUMN inherited TEXT;
      ALTER TABLE made ADD COLUMN adopted_generation INTEGER;
    `,
  },
  {
    number: 8,
    name: "what the lookups of a revision stand for, and why it was made",
    sql: `
      ALTER TABLE revisions ADD COLUMN lookups TEXT;
      ALTER TABLE revisions ADD COLUMN cause TEXT;
    `,
  },
  {
    number: 9,
    name: "the ledger of drift, and the states that services have had",
    sql: `
      ALTER TABLE drift_events ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE drift_events ADD COLUMN after_since_time TEXT;
      ALTER TABLE drift_events ADD COLUMN right_since_time TEXT;
      ALTER TABLE drift_events ADD COLUMN contest TEXT;
      ALTER TABLE drift_events ADD COLUMN decision TEXT;
      UPDATE drift_events SET attempts = 1 WHERE correction_operation IS NOT NULL;
      CREATE INDEX drift_events_by_time ON drift_events (first_seen_time);
      CREATE INDEX drift_events_closed ON drift_events (closed_time) WHERE state <> 'Open';
      CREATE VIEW drift AS
        SELECT first_seen_time AS seen, namespace, service, resource_kind AS kind, resource,
          CASE change WHEN 'Missing' THEN '(missing)' ELSE field END AS field, change, state,
          desired, before, after, attempts, correction_operation AS correction, correction_request_id AS request_id,
          closed_time AS closed, time_to_repair_seconds AS seconds, decision ->> '$.verb' AS decided
        FROM drift_events;

      CREATE TABLE status_history (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        uid TEXT NOT NULL,
        creation_time TEXT NOT NULL,
        deletion_time TEXT,
        since TEXT NOT NULL,
        until TEXT,
        generation INTEGER NOT NULL,
        observed_generation INTEGER,
        conditions TEXT NOT NULL,
        alarms TEXT NOT NULL
      ) STRICT;
      CREATE INDEX status_history_by_service ON status_history (namespace, name, since);
      CREATE INDEX status_history_by_time ON status_history (since);
      CREATE INDEX status_history_past ON status_history (until) WHERE until IS NOT NULL;
      CREATE UNIQUE INDEX status_history_present ON status_history (namespace, name) WHERE until IS NULL;

      CREATE TABLE kept_since (
        what TEXT PRIMARY KEY CHECK (what IN ('drift_events', 'status_history')),
        time TEXT NOT NULL
      ) STRICT;
      INSERT INTO kept_since (what, time)
        SELECT 'drift_events', min(first_seen_time) FROM drift_events
        WHERE (SELECT count(*) FROM drift_events) >= 20000 GROUP BY 1;
    `,
  },
  {
    number: 10,
    name: "the pause for all services",
    sql: `
      CREATE TABLE pause (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        actor TEXT,
        reason TEXT,
        time TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    number: 11,
    name: "who approved the plan of a service",
    sql: "ALTER TABLE objects ADD COLUMN approver TEXT;",
  },
  {
    number: 12,
    name: "why a call was made, what it deletes, and what is frozen",
    sql: `
      ALTER TABLE calls ADD COLUMN cause TEXT;
      ALTER TABLE calls ADD COLUMN removes TEXT;
      CREATE INDEX calls_removing ON calls (removes, time) WHERE removes IS NOT NULL;
      CREATE INDEX calls_correcting ON calls (time) WHERE cause = 'correction';
      CREATE TABLE freezes (
        kind TEXT PRIMARY KEY,
        time TEXT NOT NULL,
        deleted INTEGER NOT NULL,
        owned INTEGER NOT NULL,
        lifted_time TEXT,
        lifted_by TEXT
      ) STRICT;
    `,
  },
  {
    number: 13,
    name: "which database this is, and how far each service's part of AWS has come",
    sql: `
      CREATE TABLE identity (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        uuid TEXT NOT NULL
      ) STRICT;
      CREATE TABLE epochs (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        number INTEGER NOT NULL,
        generation INTEGER,
        written_to TEXT,
        written_time TEXT,
        accepted TEXT NOT NULL DEFAULT '{}',
        PRIMARY KEY (namespace, name)
      ) STRICT;
      CREATE TABLE last_epoch (number INTEGER NOT NULL) STRICT;
      INSERT INTO last_epoch VALUES (0);
      INSERT INTO epochs (namespace, name, number) SELECT namespace, name, 0 FROM objects;
      CREATE TRIGGER epoch_begins AFTER INSERT ON objects BEGIN
        INSERT INTO epochs (namespace, name, number) SELECT NEW.namespace, NEW.name, number FROM last_epoch;
      END;
      CREATE TRIGGER epoch_ends AFTER DELETE ON objects BEGIN
        UPDATE last_epoch SET number = max(number, (SELECT number FROM epochs
          WHERE namespace = OLD.namespace AND name = OLD.name));
        DELETE FROM epochs WHERE namespace = OLD.namespace AND name = OLD.name;
      END;
    `,
  },
  {
    number: 14,
    name: "what became of bringing a content of a launch template to a group",
    sql: `
      CREATE TABLE rollouts (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        resource TEXT NOT NULL,
        digest TEXT NOT NULL,
        state TEXT NOT NULL,
        generation INTEGER,
        begun_time TEXT NOT NULL,
        ended_time TEXT,
        detail TEXT NOT NULL,
        PRIMARY KEY (namespace, name, resource, digest)
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER rollouts_end AFTER DELETE ON objects BEGIN
        DELETE FROM rollouts WHERE namespace = OLD.namespace AND name = OLD.name;
      END;
    `,
  },
  {
    number: 15,
    name: "who moved what drifted, and what AWS's events are known by",
    sql: `
      ALTER TABLE drift_events ADD COLUMN attribution TEXT;
      CREATE INDEX made_by_id ON made (id);
      CREATE INDEX made_by_name ON made (name);
      CREATE INDEX calls_by_request ON calls (request_id) WHERE request_id IS NOT NULL;
    `,
  },
  {
    number: 16,
    name: "what the status of the fleet says of each object, so that a start reads no more than that",
    sql: `
      CREATE TABLE summaries (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        resource_version INTEGER NOT NULL,
        format INTEGER NOT NULL,
        summary TEXT NOT NULL,
        PRIMARY KEY (namespace, name)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX made_by_kind ON made (kind, origin);
      CREATE TRIGGER summaries_end AFTER DELETE ON objects BEGIN
        DELETE FROM summaries WHERE namespace = OLD.namespace AND name = OLD.name;
      END;
    `,
  },
];

/**
 * Brings the schema up to date: each missing migration in a transaction of its own, recorded in `migrations`.
 * @throws StoreError when the file is another program's, or a newer Holdfast's
 */
export function migrate(database: Database, file: string, nowIso: () => string): void {
  const known = MIGRATIONS.at(-1)?.number ?? 0;
  const version = database.pragma("user_version", { simple: true }) as number;
  const applicationId = database.pragma("application_id", { simple: true }) as number;
  const tables = database.prepare<[], number>("SELECT count(*) FROM sqlite_schema").pluck().get() ?? 0;
  if (tables > 0 && applicationId !== APPLICATION_ID) {
    throw new StoreError(`database ${file}: it is an SQLite database of another program`);
  }
  if (version > known) {
    throw new StoreError(
      `database ${file}: its schema is number ${version}, written by a newer Holdfast; this one knows numbers up to ${known}`,
    );
  }
  for (const migration of MIGRATIONS) {
    if (migration.number > version) apply(database, migration, nowIso());
  }
}

function apply(database: Database, migration: Migration, nowIso: string): void {
  database
    .transaction(() => {
      database.exec(
        "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, time TEXT NOT NULL) STRICT",
      );
      database.exec(migration.sql);
      database
        .prepare("INSERT INTO migrations (number, name, time) VALUES (?, ?, ?)")
        .run(migration.number, migration.name, nowIso);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${migration.number}`);
    })
    .immediate();
}
