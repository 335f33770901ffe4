import { addressFrom } from "../model/address.ts";
import { isRejected, type Rollout, type RolloutState } from "../model/ledger/rollout.ts";
import { LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import { iso } from "../model/time.ts";
import type { Store } from "../ports.ts";
import { KeptRows } from "./kept-rows.ts";
import { fromChoice, fromJson, fromTime, frozen, given, type RowName, toJson } from "./row-codec.ts";
import type { Session } from "./session.ts";
import { ROLLOUT } from "./shapes.ts";

const STATES: readonly RolloutState[] = [
  "Running",
  "Succeeded",
  "Stopped",
  "Failed",
  "RollingBack",
  "RolledBack",
  "RollbackFailed",
];

/** As SQL has them in a list. */
const REJECTED = STATES.filter((state) => isRejected({ state }))
  .map((state) => `'${state}'`)
  .join(", ");

interface RolloutRow {
  namespace: string;
  name: string;
  resource: string;
  digest: string;
  state: string;
  generation: number | null;
  begun_time: string;
  ended_time: string | null;
  detail: string;
}

type Detail = Omit<Rollout, "address" | "digest" | "state" | "generation" | "begunAtMs" | "endedAtMs">;

/** What became of the contents of launch templates: the table `rollouts`, whose rows go with those of `objects`. */
export function buildRolloutStore(session: Session): Pick<Store, "rollouts" | "putRollout"> {
  const db = session.database;
  const kept = new KeptRows<readonly Rollout[]>(session, "rollouts");
  const ofService = db.prepare<[string, string], RolloutRow>(
    "SELECT * FROM rollouts WHERE namespace = ? AND name = ? ORDER BY begun_time, resource, digest",
  );
  const put = db.prepare(
    `INSERT INTO rollouts (namespace, name, resource, digest, state, generation, begun_time, ended_time, detail)
     VALUES (:namespace, :name, :resource, :digest, :state, :generation, :begun_time, :ended_time, :detail)
     ON CONFLICT (namespace, name, resource, digest) DO UPDATE SET state = excluded.state,
       generation = excluded.generation, begun_time = excluded.begun_time, ended_time = excluded.ended_time,
       detail = excluded.detail`,
  );
  // The one that is written is the one that the spec asks for, whatever the clock says of the others. What is rejected is
  // crowded out by what is rejected alone: a success that is forgotten harms nobody.
  const forget = db.prepare(
    `DELETE FROM rollouts WHERE namespace = :namespace AND name = :name AND resource = :resource AND digest IN (
       SELECT digest FROM (
         SELECT digest, row_number() OVER (
           PARTITION BY state IN (${REJECTED}) ORDER BY digest = :digest DESC, begun_time DESC) AS place
         FROM rollouts WHERE namespace = :namespace AND name = :name AND resource = :resource)
       WHERE place > ${LIMITS.rolloutsPerGroup})`,
  );
  return {
    rollouts: (service) =>
      session.read(() =>
        kept.of(service, () =>
          frozen(ofService.all(service.namespace, service.name).map((row) => rolloutOf(service, row))),
        ),
      ),

    putRollout: (service, rollout) =>
      session.transaction(() => {
        put.run(rowOf(service, rollout));
        const { namespace, name } = service;
        forget.run({ namespace, name, resource: rollout.address, digest: rollout.digest });
        session.touched("rollouts");
      }),
  };
}

function nameOf(service: ObjectKey, resource: string): RowName {
  return { table: "rollouts", row: `${textOfKey(service)} ${resource}` };
}

function rowOf(service: ObjectKey, rollout: Rollout): RolloutRow {
  const { address, digest, state, generation, begunAtMs, endedAtMs, ...detail } = rollout;
  return {
    namespace: service.namespace,
    name: service.name,
    resource: address,
    digest,
    state,
    generation: generation ?? null,
    begun_time: iso(begunAtMs),
    ended_time: endedAtMs === undefined ? null : iso(endedAtMs),
    detail: toJson(nameOf(service, address), "detail", detail, ROLLOUT),
  };
}

function rolloutOf(service: ObjectKey, row: RolloutRow): Rollout {
  const name = nameOf(service, row.resource);
  return {
    address: addressFrom(row.resource),
    digest: row.digest,
    state: fromChoice(name, "state", row.state, STATES),
    begunAtMs: fromTime(name, "begun_time", row.begun_time),
    ...given("generation", row.generation),
    ...given("endedAtMs", row.ended_time === null ? undefined : fromTime(name, "ended_time", row.ended_time)),
    ...fromJson<Detail>(name, "detail", row.detail, ROLLOUT),
  };
}
