import type { StateOfThen } from "../model/ledger/history.ts";
import type { Retention } from "../model/ledger/retention.ts";
import type { ObjectKey } from "../model/object.ts";
import type { WebServiceStatus } from "../model/status.ts";
import { DAY_MS, iso } from "../model/time.ts";
import type { Store } from "../ports.ts";
import type { Forgetting } from "./drift-events.ts";
import type { KeptSince } from "./kept-since.ts";
import { fromJson, given, type RowName, toJson } from "./row-codec.ts";
import type { Session } from "./session.ts";
import { ALARMS, CONDITIONS } from "./shapes.ts";

interface HistoryRow {
  id: number;
  namespace: string;
  name: string;
  uid: string;
  creation_time: string;
  deletion_time: string | null;
  since: string;
  until: string | null;
  generation: number;
  observed_generation: number | null;
  conditions: string;
  alarms: string;
}

/** What of an object is remembered beside its status. */
type Subject = Pick<
  HistoryRow,
  "namespace" | "name" | "uid" | "creation_time" | "deletion_time" | "generation"
>;

/** The states that services have had: the table `status_history`. Its writes join the transaction of what has moved. */
export interface StatusHistory extends Pick<Store, "statesAround" | "statesAt">, Forgetting {
  /** Writes a row where a condition's status or reason, an alarm's state or a generation has moved, and none where not. */
  remember(object: Subject, status: WebServiceStatus | undefined): void;
  /** The service is gone. */
  end(key: ObjectKey): void;
}

/** So many rows are written between two looks at how many there are. */
const FORGETS_EVERY = 50;
const FORGOTTEN_AT_ONCE = 500;

const OF_THEN = `WHERE since <= :time AND (until IS NULL OR until > :time)
  AND (:namespace IS NULL OR namespace = :namespace)`;

export function buildStatusHistory(session: Session, retention: Retention, kept: KeptSince): StatusHistory {
  const db = session.database;
  const present = db.prepare<[string, string], HistoryRow>(
    "SELECT * FROM status_history WHERE namespace = ? AND name = ? AND until IS NULL",
  );
  const before = db.prepare<[string, string, string], HistoryRow>(
    `SELECT * FROM status_history WHERE namespace = ? AND name = ? AND since <= ? ORDER BY since DESC, id DESC LIMIT 1`,
  );
  const after = db.prepare<[string, string, string], HistoryRow>(
    `SELECT * FROM status_history WHERE namespace = ? AND name = ? AND since > ? ORDER BY since, id LIMIT 1`,
  );
  const at = db.prepare<{ time: string; namespace: string | null; limit: number }, HistoryRow>(
    `SELECT * FROM status_history ${OF_THEN} ORDER BY namespace, name LIMIT :limit`,
  );
  const keysAt = db.prepare<{ time: string; namespace: string | null }, ObjectKey>(
    `SELECT namespace, name FROM status_history ${OF_THEN}`,
  );
  const insert = db.prepare(
    `INSERT INTO status_history (namespace, name, uid, creation_time, deletion_time, since, generation,
       observed_generation, conditions, alarms)
     VALUES (:namespace, :name, :uid, :creation_time, :deletion_time, :since, :generation,
       :observed_generation, :conditions, :alarms)`,
  );
  const close = db.prepare("UPDATE status_history SET until = ? WHERE id = ?");
  const remove = db.prepare("DELETE FROM status_history WHERE id = ?");
  const count = db.prepare<[], number>("SELECT count(*) FROM status_history").pluck();
  const forgetOld = db
    .prepare<[string, number], string>(
      `DELETE FROM status_history WHERE id IN
         (SELECT id FROM status_history WHERE until < ? ORDER BY until LIMIT ?) RETURNING until`,
    )
    .pluck();
  const forgetPast = db
    .prepare<[number], string>(
      `DELETE FROM status_history WHERE id IN
         (SELECT id FROM status_history WHERE until IS NOT NULL ORDER BY until LIMIT ?) RETURNING until`,
    )
    .pluck();
  let written = 0;

  /** What was before the end of a state that is gone is not known in full any more. */
  function forget(): void {
    const horizon = iso(session.clock.nowMs() - retention.statusHistoryDays * DAY_MS);
    const gone = forgetOld.all(horizon, FORGOTTEN_AT_ONCE);
    const excess = (count.get() ?? 0) - retention.statusHistory;
    if (excess > 0) gone.push(...forgetPast.all(excess));
    for (const until of gone) kept.forgot("status_history", until);
  }

  session.transaction(() => {
    if (kept.keptSince("status_history") === undefined) kept.forgot("status_history", session.nowIso());
  });

  return {
    remember: (object, status) => {
      const last = present.get(object.namespace, object.name);
      const next = stateOf(object, status);
      if (last !== undefined && isSameState(last, next)) return;
      // The clock may have gone back.
      const since = last !== undefined && last.since > session.nowIso() ? last.since : session.nowIso();
      if (last?.since === since && last.uid === next.uid) remove.run(last.id);
      else if (last !== undefined) close.run(since, last.id);
      insert.run({ ...next, since });
      written += 1;
      if (written % FORGETS_EVERY === 0) forget();
    },
    end: ({ namespace, name }) => {
      const last = present.get(namespace, name);
      if (last !== undefined) close.run(session.nowIso(), last.id);
    },
    statesAround: ({ namespace, name }, time) =>
      session.read(() => {
        const earlier = before.get(namespace, name, time);
        const later = after.get(namespace, name, time);
        return {
          ...(earlier !== undefined && { before: stateOfThen(earlier) }),
          ...(later !== undefined && { after: stateOfThen(later) }),
        };
      }),
    statesAt: (time, { namespace, limit }) =>
      session.read(() => ({
        items: at.all({ time, namespace: namespace ?? null, limit }).map(stateOfThen),
        keys: keysAt.all({ time, namespace: namespace ?? null }),
      })),
    forget: () => session.transaction(forget),
  };
}

type State = Omit<HistoryRow, "id" | "since" | "until">;

function stateOf(
  { namespace, name, uid, creation_time, deletion_time, generation }: Subject,
  status: WebServiceStatus | undefined,
): State {
  const row = nameOf({ namespace, name });
  return {
    ...{ namespace, name, uid, creation_time, deletion_time, generation },
    observed_generation: status?.observedGeneration ?? null,
    conditions: toJson(row, "conditions", status?.conditions ?? [], CONDITIONS),
    alarms: toJson(row, "alarms", status?.alarms ?? [], ALARMS),
  };
}

function isSameState(last: HistoryRow, next: State): boolean {
  return (
    last.uid === next.uid &&
    last.generation === next.generation &&
    last.observed_generation === next.observed_generation &&
    last.deletion_time === next.deletion_time &&
    (last.conditions === next.conditions || saidBy(last) === saidBy(next)) &&
    (last.alarms === next.alarms || ringingOf(last) === ringingOf(next))
  );
}

function saidBy(row: Pick<HistoryRow, "namespace" | "name" | "conditions">): string {
  return JSON.stringify(conditionsOf(row).map(({ type, status, reason }) => [type, status, reason]));
}

function ringingOf(row: Pick<HistoryRow, "namespace" | "name" | "alarms">): string {
  return JSON.stringify(alarmsOf(row).map(({ key, state }) => [key, state]));
}

function conditionsOf(row: Pick<HistoryRow, "namespace" | "name" | "conditions">): StateOfThen["conditions"] {
  return fromJson(nameOf(row), "conditions", row.conditions, CONDITIONS);
}

function alarmsOf(row: Pick<HistoryRow, "namespace" | "name" | "alarms">): StateOfThen["alarms"] {
  return fromJson(nameOf(row), "alarms", row.alarms, ALARMS);
}

function nameOf({ namespace, name }: ObjectKey): RowName {
  return { table: "status_history", row: `${namespace}/${name}` };
}

function stateOfThen(row: HistoryRow): StateOfThen {
  const { namespace, name, uid, since, generation } = row;
  return {
    ...{ namespace, name, uid },
    creationTimestamp: row.creation_time,
    ...given("deletionTimestamp", row.deletion_time),
    since,
    ...given("until", row.until),
    generation,
    ...given("observedGeneration", row.observed_generation),
    conditions: conditionsOf(row),
    alarms: alarmsOf(row),
  };
}
