import type { Revision, RevisionHead } from "../model/revision.ts";
import type { Store } from "../ports.ts";
import { fromJson, given, type RowName } from "./row-codec.ts";
import type { Session } from "./session.ts";
import { LOOKUPS, SPEC } from "./shapes.ts";

interface HeadRow {
  generation: number;
  time: string;
  actor: string | null;
  cause: string | null;
}

interface RevisionRow extends HeadRow {
  spec: string;
  lookups: string | null;
}

/** What was wanted earlier: the table `revisions`, which objects.ts writes. */
export function buildRevisionStore(session: Session): Pick<Store, "revisions" | "revision"> {
  const db = session.database;
  const heads = db.prepare<[string, string], HeadRow>(
    `SELECT generation, time, actor, cause FROM revisions WHERE namespace = +? AND name = +?
     ORDER BY generation DESC`,
  );
  const one = db.prepare<[string, string, number], RevisionRow>(
    "SELECT * FROM revisions WHERE namespace = ? AND name = ? AND generation = ?",
  );
  return {
    revisions: ({ namespace, name }) => session.read(() => heads.all(namespace, name).map(headOf)),
    revision: ({ namespace, name }, generation) =>
      session.read(() => {
        const row = one.get(namespace, name, generation);
        const rowName = { table: "revisions", row: `${namespace}/${name} ${generation}` };
        return row === undefined ? undefined : revisionOf(rowName, row);
      }),
  };
}

function headOf({ generation, time, actor, cause }: HeadRow): RevisionHead {
  return { generation, time, ...given("actor", actor), ...given("cause", cause) };
}

function revisionOf(name: RowName, row: RevisionRow): Revision {
  return {
    ...headOf(row),
    spec: fromJson(name, "spec", row.spec, SPEC),
    lookups: row.lookups === null ? [] : fromJson(name, "lookups", row.lookups, LOOKUPS),
  };
}
