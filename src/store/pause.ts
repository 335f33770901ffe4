import type { PauseForAll } from "../model/pause.ts";
import type { Store } from "../ports.ts";
import type { Session } from "./session.ts";

interface PauseRow {
  actor: string | null;
  reason: string | null;
  time: string;
}

/**
 * The pause for all services: the table `pause`, which has one row while there is one. It is asked for before every call
 * that writes, and on every page, also while the database cannot be read; so it is kept.
 */
export function buildPauseStore(session: Session): Pick<Store, "pause" | "putPause"> {
  const db = session.database;
  const insert = db.prepare("INSERT INTO pause (id, actor, reason, time) VALUES (1, ?, ?, ?)");
  const clear = db.prepare("DELETE FROM pause");
  const row = session.read(() => db.prepare<[], PauseRow>("SELECT actor, reason, time FROM pause").get());
  let known = row === undefined ? undefined : pauseOf(row);
  return {
    pause: () => known,

    putPause: (pause) =>
      session.transaction(() => {
        clear.run();
        if (pause !== undefined) insert.run(pause.actor ?? null, pause.reason ?? null, pause.since);
        session.onceCommitted(() => {
          known = pause;
        });
      }),
  };
}

function pauseOf({ actor, reason, time }: PauseRow): PauseForAll {
  return { since: time, ...(actor !== null && { actor }), ...(reason !== null && { reason }) };
}
