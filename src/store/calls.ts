import { type Address, addressFrom } from "../model/address.ts";
import type { CallCause } from "../model/call-cause.ts";
import type { KindName } from "../model/kind-name.ts";
import { LIMITS } from "../model/limits.ts";
import type { CallRow, Store, TierOperation } from "../ports.ts";
import { fromChoice, fromJson, given } from "./row-codec.ts";
import type { Session } from "./session.ts";
import { NAMES } from "./shapes.ts";

interface CallColumns {
  id: number;
  time: string;
  end_time: string | null;
  namespace: string;
  service: string;
  generation: number;
  plan: string;
  resource: string;
  affected: string | null;
  operation: string;
  outcome: string;
  request_id: string | null;
  error_code: string | null;
  error_message: string | null;
  cause: string | null;
  removes: string | null;
}

const CAUSES: readonly CallCause[] = ["edit", "correction", "approved", "deletion"];

/** The journal of mutating AWS calls: the table `calls`. A row is there before its call is sent. */
export function buildCallStore(
  session: Session,
): Pick<
  Store,
  "openCall" | "closeCall" | "calls" | "callOfRequest" | "unsettledCalls" | "removals" | "correctionsSince"
> {
  const db = session.database;
  const open = db.prepare(
    `INSERT INTO calls (time, actor, namespace, service, generation, plan, resource, affected, operation, cause,
       removes, outcome)
     VALUES (?, 'holdfast', ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')`,
  );
  const forgetUpTo = db.prepare("DELETE FROM calls WHERE id <= +?");
  const close = db.prepare(
    "UPDATE calls SET end_time = ?, outcome = ?, request_id = ?, error_code = ?, error_message = ? WHERE id = ?",
  );
  const newest = db.prepare<[number], CallColumns>("SELECT * FROM calls ORDER BY id DESC LIMIT +?");
  const newestOfService = db.prepare<[string, string, number], CallColumns>(
    "SELECT * FROM calls WHERE namespace = +? AND service = +? ORDER BY id DESC LIMIT +?",
  );
  const ofRequest = db.prepare<[string], CallColumns>("SELECT * FROM calls WHERE request_id = ? LIMIT 1");
  const unsettledOfService = db.prepare<[string, string, number], CallColumns>(
    `SELECT * FROM calls WHERE namespace = +? AND service = +? AND outcome <> 'succeeded'
     ORDER BY id DESC LIMIT +?`,
  );
  const removing = db.prepare<[string, string, number], CallColumns>(
    `SELECT * FROM calls WHERE removes = ? AND time > ? AND cause IN ('edit', 'correction')
     ORDER BY id DESC LIMIT +?`,
  );
  const correcting = db
    .prepare<[string], number>("SELECT count(*) FROM calls WHERE cause = 'correction' AND time > ?")
    .pluck();

  return {
    openCall: ({ service, generation, plan, address, affected, operation, cause, removes }) =>
      session.transaction(() => {
        const { namespace, name } = service;
        const now = session.nowIso();
        const isItself = affected.length === 1 && affected[0] === address;
        const below = isItself ? null : JSON.stringify(affected);
        const values = [generation, plan, address, below, operation, cause ?? null, removes ?? null];
        const { lastInsertRowid } = open.run(now, namespace, name, ...values);
        const id = Number(lastInsertRowid);
        forgetUpTo.run(id - LIMITS.calls);
        return id;
      }),

    closeCall: (id, { outcome, requestId, errorCode, errorMessage }) =>
      session.transaction(() => {
        const now = session.nowIso();
        close.run(now, outcome, requestId ?? null, errorCode ?? null, errorMessage ?? null, id);
      }),

    calls: ({ service, limit }) =>
      session.read(() => {
        const rows =
          service === undefined
            ? newest.all(limit)
            : newestOfService.all(service.namespace, service.name, limit);
        return rows.map(callOf);
      }),

    callOfRequest: (requestId) =>
      session.read(() => {
        const row = ofRequest.get(requestId);
        return row === undefined ? undefined : callOf(row);
      }),

    unsettledCalls: ({ namespace, name }) =>
      session.read(() => unsettledOfService.all(namespace, name, LIMITS.listPage).map(callOf)),

    removals: (kind, since) => session.read(() => removing.all(kind, since, LIMITS.calls).map(callOf)),

    correctionsSince: (since) => session.read(() => correcting.get(since) ?? 0),
  };
}

function callOf(row: CallColumns): CallRow {
  const name = { table: "calls", row: String(row.id) };
  return {
    id: row.id,
    time: row.time,
    ...given("endTime", row.end_time),
    service: { namespace: row.namespace, name: row.service },
    generation: row.generation,
    plan: row.plan,
    address: addressFrom(row.resource),
    affected:
      row.affected === null
        ? [addressFrom(row.resource)]
        : fromJson<Address[]>(name, "affected", row.affected, NAMES),
    operation: row.operation as TierOperation,
    outcome: fromChoice(name, "outcome", row.outcome, ["pending", "succeeded", "failed"]),
    ...given("requestId", row.request_id),
    ...given("errorCode", row.error_code),
    ...given("errorMessage", row.error_message),
    ...given("cause", row.cause === null ? undefined : fromChoice(name, "cause", row.cause, CAUSES)),
    ...given("removes", row.removes as KindName | null),
  };
}
