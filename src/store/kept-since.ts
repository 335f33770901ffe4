import type { KeptTable, Store } from "../ports.ts";
import type { Session } from "./session.ts";

/** Since when a table tells everything: the table `kept_since`. */
export interface KeptSince extends Pick<Store, "keptSince"> {
  /** What was before `time` may be gone from the table; only within a transaction. */
  forgot(table: KeptTable, time: string): void;
}

export function buildKeptSince(session: Session): KeptSince {
  const db = session.database;
  const timeOf = db.prepare<[string], string>("SELECT time FROM kept_since WHERE what = ?").pluck();
  const put = db.prepare(
    `INSERT INTO kept_since (what, time) VALUES (?, ?)
     ON CONFLICT (what) DO UPDATE SET time = max(time, excluded.time)`,
  );
  return {
    keptSince: (table) => session.read(() => timeOf.get(table)),
    forgot: (table, time) => {
      put.run(table, time);
    },
  };
}
