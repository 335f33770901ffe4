import { type Address, addressFrom } from "../model/address.ts";
import type { KindName } from "../model/kind-name.ts";
import type { UnseenWrite } from "../model/ledger/unseen-write.ts";
import { LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import { iso } from "../model/time.ts";
import type { Value } from "../model/value.ts";
import type { AppliedResource, Store } from "../ports.ts";
import { KeptRows } from "./kept-rows.ts";
import { RecentlyUsed } from "./recently-used.ts";
import { fromJson, fromTime, frozen, given, isSameRow, type RowName, toJson } from "./row-codec.ts";
import type { Session } from "./session.ts";
import { FIELDS, TIMES, UNSEEN_WRITES } from "./shapes.ts";

interface AppliedRow {
  namespace: string;
  service: string;
  resource: string;
  kind: string;
  name: string;
  id: string | null;
  fields: string;
  generation: number;
  written_time: string;
  suspected_times: string | null;
  unseen_writes: string | null;
}

interface Decoded {
  row: AppliedRow;
  applied: AppliedResource;
}

/** What was last written to each AWS resource: the table `applied`. */
export function buildAppliedStore(session: Session): Pick<Store, "applied" | "putApplied" | "removeApplied"> {
  const db = session.database;
  const decoded = new RecentlyUsed<string, ReadonlyMap<string, Decoded>>(LIMITS.decodedObjects);
  const kept = new KeptRows<ReadonlyMap<Address, AppliedResource>>(session, "applied");
  const ofService = db.prepare<[string, string], AppliedRow>(
    "SELECT * FROM applied WHERE namespace = +? AND service = +? ORDER BY resource",
  );
  const put = db.prepare(
    `INSERT INTO applied (namespace, service, resource, kind, name, id, fields, generation, written_time,
       suspected_times, unseen_writes)
     VALUES (:namespace, :service, :resource, :kind, :name, :id, :fields, :generation, :written_time,
       :suspected_times, :unseen_writes)
     ON CONFLICT (namespace, service, resource) DO UPDATE SET kind = excluded.kind, name = excluded.name,
       id = excluded.id, fields = excluded.fields, generation = excluded.generation,
       written_time = excluded.written_time, suspected_times = excluded.suspected_times,
       unseen_writes = excluded.unseen_writes
     WHERE (kind, name, id, fields, generation, written_time, suspected_times, unseen_writes) IS NOT
       (excluded.kind, excluded.name, excluded.id, excluded.fields, excluded.generation, excluded.written_time,
        excluded.suspected_times, excluded.unseen_writes)`,
  );
  const remove = db.prepare("DELETE FROM applied WHERE namespace = ? AND service = ? AND resource = ?");

  /** Every row is read; one that holds what it held before is not taken apart again. */
  function read(service: ObjectKey): ReadonlyMap<Address, AppliedResource> {
    const key = textOfKey(service);
    const before = decoded.get(key);
    const now = new Map<string, Decoded>();
    for (const row of ofService.all(service.namespace, service.name)) {
      const known = before?.get(row.resource);
      const isKnown = known !== undefined && isSameRow(known.row, row);
      now.set(row.resource, isKnown ? known : { row, applied: frozen(appliedOf(row)) });
    }
    decoded.put(key, now);
    return new Map([...now.values()].map(({ applied }) => [applied.address, applied]));
  }

  return {
    applied: (service) => session.read(() => kept.of(service, () => read(service))),

    putApplied: (service, resource) =>
      session.transaction(() => {
        if (put.run(rowOf(service, resource)).changes > 0) session.touched("applied");
      }),

    removeApplied: (service, address) =>
      session.transaction(() => {
        if (remove.run(service.namespace, service.name, address).changes > 0) session.touched("applied");
      }),
  };
}

function nameOf(service: ObjectKey, resource: string): RowName {
  return { table: "applied", row: `${textOfKey(service)} ${resource}` };
}

function rowOf(service: ObjectKey, applied: AppliedResource): AppliedRow {
  const { suspectedAtMs, unseen } = applied;
  const suspected =
    suspectedAtMs === undefined
      ? null
      : Object.fromEntries(Object.entries(suspectedAtMs).map(([field, ms]) => [field, iso(ms)]));
  return {
    namespace: service.namespace,
    service: service.name,
    resource: applied.address,
    kind: applied.kind,
    name: applied.name,
    id: applied.id ?? null,
    fields: toJson(nameOf(service, applied.address), "fields", fieldsWithLeft(applied), FIELDS),
    generation: applied.generation,
    written_time: iso(applied.writtenAtMs),
    suspected_times: suspected === null ? null : JSON.stringify(suspected),
    unseen_writes:
      unseen === undefined
        ? null
        : toJson(nameOf(service, applied.address), "unseen_writes", unseen, UNSEEN_WRITES),
  };
}

function appliedOf(row: AppliedRow): AppliedResource {
  const name = nameOf({ namespace: row.namespace, name: row.service }, row.resource);
  return {
    address: addressFrom(row.resource),
    kind: row.kind as KindName,
    name: row.name,
    ...given("id", row.id),
    ...withoutLeft(fromJson<Record<string, Value>>(name, "fields", row.fields, FIELDS)),
    generation: row.generation,
    writtenAtMs: fromTime(name, "written_time", row.written_time),
    ...given("suspectedAtMs", suspectedOf(name, row.suspected_times)),
    ...given(
      "unseen",
      row.unseen_writes === null
        ? undefined
        : fromJson<Record<string, UnseenWrite>>(name, "unseen_writes", row.unseen_writes, UNSEEN_WRITES),
    ),
  };
}

/** Before the name of a field: what others have in it. No field begins so. */
const LEFT = "left to others: ";

function fieldsWithLeft({ fields, left = {} }: AppliedResource): Record<string, Value> {
  const others = Object.entries(left).map(([field, value]) => [`${LEFT}${field}`, value] as const);
  return { ...fields, ...Object.fromEntries(others) };
}

function withoutLeft(stored: Record<string, Value>): Pick<AppliedResource, "fields" | "left"> {
  const entries = Object.entries(stored);
  const left = entries.filter(([name]) => name.startsWith(LEFT));
  return {
    fields: Object.fromEntries(entries.filter(([name]) => !name.startsWith(LEFT))),
    ...(left.length === 0
      ? {}
      : { left: Object.fromEntries(left.map(([name, value]) => [name.slice(LEFT.length), value])) }),
  };
}

function suspectedOf(name: RowName, json: string | null): Record<string, number> | undefined {
  if (json === null) return undefined;
  const times = fromJson<Record<string, string>>(name, "suspected_times", json, TIMES);
  return Object.fromEntries(
    Object.entries(times).map(([field, time]) => [field, fromTime(name, `suspected_times.${field}`, time)]),
  );
}
