import type { KindName } from "../model/kind-name.ts";
import type { Store } from "../ports.ts";
import type { Session } from "./session.ts";

interface FreezeRow {
  kind: string;
  time: string;
  deleted: number;
  owned: number;
  lifted_time: string | null;
}

/** What is frozen, and what was: the table `freezes`, one row for a kind. */
export function buildFreezeStore(
  session: Session,
): Pick<Store, "freezes" | "freeze" | "liftFreeze" | "freezeLifted"> {
  const db = session.database;
  const frozen = db.prepare<[], FreezeRow>("SELECT * FROM freezes WHERE lifted_time IS NULL ORDER BY kind");
  const put = db.prepare(
    `INSERT INTO freezes (kind, time, deleted, owned) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind) DO UPDATE SET time = excluded.time, deleted = excluded.deleted, owned = excluded.owned,
       lifted_time = NULL, lifted_by = NULL WHERE lifted_time IS NOT NULL`,
  );
  const lift = db.prepare(
    "UPDATE freezes SET lifted_time = ?, lifted_by = ? WHERE kind = ? AND lifted_time IS NULL",
  );
  const lifted = db
    .prepare<[string], string | null>("SELECT lifted_time FROM freezes WHERE kind = ?")
    .pluck();
  return {
    freezes: () =>
      session.read(() =>
        frozen.all().map(({ kind, time: since, deleted, owned }) => ({
          kind: kind as KindName,
          since,
          deleted,
          owned,
        })),
      ),

    freeze: ({ kind, since, deleted, owned }) =>
      session.transaction(() => put.run(kind, since, deleted, owned).changes > 0),

    liftFreeze: (kind, actor) =>
      session.transaction(() => lift.run(session.nowIso(), actor ?? null, kind).changes > 0),

    freezeLifted: (kind) => session.read(() => lifted.get(kind) ?? undefined),
  };
}
