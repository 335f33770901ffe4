import { addressFrom } from "../model/address.ts";
import type { KindName } from "../model/kind-name.ts";
import { LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import { iso } from "../model/time.ts";
import type { Inherited, MadeHolder, MadeResource, Origin, Store } from "../ports.ts";
import { KeptRows } from "./kept-rows.ts";
import { fromChoice, fromJson, fromTime, frozen, given, type RowName, toJson } from "./row-codec.ts";
import type { Session } from "./session.ts";
import { INHERITED, NAMES } from "./shapes.ts";

const ORIGINS: readonly Origin[] = ["made", "adopted", "observed"];

interface MadeRow {
  namespace: string;
  service: string;
  kind: string;
  id: string;
  name: string;
  resource: string;
  time: string;
  takes_over: string;
  missing_time: string | null;
  origin: string;
  inherited: string | null;
  adopted_generation: number | null;
}

/** What we have made, or found wanted and taken as ours, by AWS's own ids: the table `made`. */
export function buildMadeStore(
  session: Session,
): Pick<Store, "made" | "putMade" | "removeMade" | "madeUnder" | "madeAs" | "owned"> {
  const db = session.database;
  const kept = new KeptRows<readonly MadeResource[]>(session, "made");
  const ofService = db.prepare<[string, string], MadeRow>(
    "SELECT * FROM made WHERE namespace = +? AND service = +? ORDER BY kind, id",
  );
  const put = db.prepare(
    `INSERT INTO made (namespace, service, kind, id, name, resource, time, takes_over, missing_time, origin, inherited,
       adopted_generation)
     VALUES (:namespace, :service, :kind, :id, :name, :resource, :time, :takes_over, :missing_time, :origin, :inherited,
       :adopted_generation)
     ON CONFLICT (namespace, service, kind, id) DO UPDATE SET name = excluded.name, resource = excluded.resource,
       time = excluded.time, takes_over = excluded.takes_over, missing_time = excluded.missing_time,
       origin = excluded.origin, inherited = excluded.inherited,
       adopted_generation = excluded.adopted_generation`,
  );
  const remove = db.prepare("DELETE FROM made WHERE namespace = ? AND service = ? AND kind = ? AND id = ?");
  const holders = db.prepare<[string, string], ObjectKey>(
    "SELECT DISTINCT namespace, service AS name FROM made WHERE kind = ? AND name = ?",
  );
  const asOneOf = db.prepare<[string, string, number], HolderRow>(
    `SELECT namespace, service, kind, id, name, resource FROM made WHERE id IN (SELECT value FROM json_each(?))
     UNION
     SELECT namespace, service, kind, id, name, resource FROM made WHERE name IN (SELECT value FROM json_each(?))
     LIMIT ?`,
  );
  const count = db
    .prepare<[string], number>("SELECT count(*) FROM made WHERE kind = ? AND origin <> 'observed'")
    .pluck();
  return {
    made: (service) =>
      session.read(() =>
        kept.of(service, () =>
          frozen(ofService.all(service.namespace, service.name).map((row) => madeOf(service, row))),
        ),
      ),

    putMade: (service, made) =>
      session.transaction(() => {
        put.run(rowOf(service, made));
        session.touched("made");
      }),

    removeMade: (service, { kind, id }) =>
      session.transaction(() => {
        remove.run(service.namespace, service.name, kind, id);
        session.touched("made");
      }),

    madeUnder: (kind, name) => session.read(() => holders.all(kind, name)),

    madeAs: (ids) =>
      session.read(() => {
        const asJson = JSON.stringify(ids);
        return asOneOf.all(asJson, asJson, LIMITS.madeRowsPerEvent).map(holderOf);
      }),

    owned: (kind) => session.read(() => count.get(kind) ?? 0),
  };
}

type HolderRow = Pick<MadeRow, "namespace" | "service" | "kind" | "id" | "name" | "resource">;

function holderOf({ namespace, service, kind, id, name, resource }: HolderRow): MadeHolder {
  return {
    service: { namespace, name: service },
    kind: kind as KindName,
    id,
    name,
    address: addressFrom(resource),
  };
}

function nameOf(service: ObjectKey, id: string): RowName {
  return { table: "made", row: `${textOfKey(service)} ${id}` };
}

function rowOf(service: ObjectKey, made: MadeResource): MadeRow {
  return {
    namespace: service.namespace,
    service: service.name,
    kind: made.kind,
    id: made.id,
    name: made.name,
    resource: made.address,
    time: iso(made.sinceMs),
    takes_over: toJson(nameOf(service, made.id), "takes_over", made.takesOver, NAMES),
    missing_time: made.missingSinceMs === undefined ? null : iso(made.missingSinceMs),
    origin: made.origin,
    adopted_generation: made.adoptedIn ?? null,
    inherited:
      made.inherited === undefined
        ? null
        : toJson(nameOf(service, made.id), "inherited", made.inherited, INHERITED),
  };
}

function madeOf(service: ObjectKey, row: MadeRow): MadeResource {
  const name = nameOf(service, row.id);
  return {
    kind: row.kind as KindName,
    id: row.id,
    origin: fromChoice(name, "origin", row.origin, ORIGINS),
    name: row.name,
    address: addressFrom(row.resource),
    sinceMs: fromTime(name, "time", row.time),
    takesOver: fromJson<string[]>(name, "takes_over", row.takes_over, NAMES),
    ...given(
      "missingSinceMs",
      row.missing_time === null ? undefined : fromTime(name, "missing_time", row.missing_time),
    ),
    ...given("adoptedIn", row.adopted_generation ?? undefined),
    ...given(
      "inherited",
      row.inherited === null ? undefined : fromJson<Inherited>(name, "inherited", row.inherited, INHERITED),
    ),
  };
}
