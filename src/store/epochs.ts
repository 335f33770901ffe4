import type { KnownEpoch } from "../model/epoch.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import { iso } from "../model/time.ts";
import type { Store } from "../ports.ts";
import { fromJson, fromTime, given, type RowName, toJson } from "./row-codec.ts";
import type { Session } from "./session.ts";
import { EPOCHS } from "./shapes.ts";

interface EpochRow {
  number: number;
  generation: number | null;
  written_to: string | null;
  written_time: string | null;
  accepted: string;
}

/**
 * The name of this database, and what it knows of the epochs of each service: the tables `identity` and `epochs`. The rows
 * of `epochs` come and go with those of `objects`, by triggers; a service that is made anew under a name begins beyond
 * whatever was written for one that is gone.
 */
export function buildEpochStore(session: Session): Pick<Store, "databaseUuid" | "epoch" | "putEpoch"> {
  const db = session.database;
  const known = db.prepare<[], string>("SELECT uuid FROM identity").pluck();
  const name = db.prepare("INSERT INTO identity (id, uuid) VALUES (1, ?)");
  const uuid = known.get() ?? session.newUid();
  if (known.get() === undefined) name.run(uuid);
  const get = db.prepare<[string, string], EpochRow>(
    "SELECT number, generation, written_to, written_time, accepted FROM epochs WHERE namespace = ? AND name = ?",
  );
  const put = db.prepare(
    `UPDATE epochs SET number = :number, generation = :generation, written_to = :written_to,
       written_time = :written_time, accepted = :accepted WHERE namespace = :namespace AND name = :name`,
  );
  return {
    databaseUuid: () => uuid,

    epoch: (key) =>
      session.read(() => {
        const row = get.get(key.namespace, key.name);
        return row === undefined ? { number: 0 } : epochIn(key, row);
      }),

    putEpoch: (key, epoch) =>
      session.transaction(() => {
        put.run({ ...rowOf(key, epoch), namespace: key.namespace, name: key.name });
      }),
  };
}

function nameOf(key: ObjectKey): RowName {
  return { table: "epochs", row: textOfKey(key) };
}

function rowOf(key: ObjectKey, { number, generation, written, accepted = {} }: KnownEpoch): EpochRow {
  return {
    number,
    generation: generation ?? null,
    written_to: written?.id ?? null,
    written_time: written === undefined ? null : iso(written.atMs),
    accepted: toJson(nameOf(key), "accepted", accepted, EPOCHS),
  };
}

function epochIn(key: ObjectKey, row: EpochRow): KnownEpoch {
  const { number, generation, written_to: id, written_time: time } = row;
  const accepted = fromJson<Record<string, number>>(nameOf(key), "accepted", row.accepted, EPOCHS);
  return {
    number,
    ...given("generation", generation ?? undefined),
    ...(id === null || time === null
      ? {}
      : { written: { id, atMs: fromTime(nameOf(key), "written_time", time) } }),
    ...(Object.keys(accepted).length === 0 ? {} : { accepted }),
  };
}
