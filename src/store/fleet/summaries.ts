import { SUMMARY_FORMAT, summaryOf } from "../../model/fleet/summary-of.ts";
import type { ObjectKey, WebService } from "../../model/object.ts";
import type { ServiceSummary } from "../../model/status-page.ts";
import { fromJson, type RowName } from "../row-codec.ts";
import type { Session } from "../session.ts";
import { SUMMARY } from "../shapes.ts";

interface SummaryRow extends ObjectKey {
  /** `null`: there is none, or it is of another version of the object, or of another form. */
  summary: string | null;
}

interface SummaryStore {
  /** Joins the transaction of what has changed. */
  put(object: WebService): void;
  /** Of every object, by namespace and name. What is missing is made from the object, and kept. */
  all(get: (key: ObjectKey) => WebService): ServiceSummary[];
}

/** What the status of the fleet says of each object: the table `summaries`. It is derived, and may be emptied. */
export function buildSummaryStore(session: Session): SummaryStore {
  const db = session.database;
  const insert = db.prepare<[string, string, string, number, string]>(
    `INSERT OR REPLACE INTO summaries (namespace, name, resource_version, format, summary)
     VALUES (?, ?, CAST(? AS INTEGER), ?, ?)`,
  );
  const every = db.prepare<[number], SummaryRow>(
    `SELECT objects.namespace, objects.name, summaries.summary FROM objects LEFT JOIN summaries
       ON summaries.namespace = objects.namespace AND summaries.name = objects.name
       AND summaries.resource_version = objects.resource_version AND summaries.format = +?
     ORDER BY objects.namespace, objects.name`,
  );

  function put(object: WebService): ServiceSummary {
    const { namespace, name, resourceVersion } = object.metadata;
    const summary = summaryOf(object);
    insert.run(namespace, name, resourceVersion, SUMMARY_FORMAT, JSON.stringify(summary));
    return summary;
  }

  return {
    put: (object) => {
      put(object);
    },
    all: (get) => {
      const rows = session.read(() => every.all(SUMMARY_FORMAT));
      const known = rows.map(stored).filter((summary) => summary !== undefined);
      if (known.length === rows.length) return known;
      return session.transaction(() => rows.map((row) => stored(row) ?? put(get(row))));
    },
  };
}

function stored({ summary, ...key }: SummaryRow): ServiceSummary | undefined {
  return summary === null ? undefined : fromJson(nameOf(key), "summary", summary, SUMMARY);
}

function nameOf({ namespace, name }: ObjectKey): RowName {
  return { table: "summaries", row: `${namespace}/${name}` };
}
