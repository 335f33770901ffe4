import { SUMMARY_FORMAT, summaryOf } from "../../model/fleet/summary-of.ts";
import { type ObjectKey, textOfKey, type WebService } from "../../model/object.ts";
import type { ServiceSummary } from "../../model/status-page.ts";
import { fromJson, type RowName } from "../row-codec.ts";
import type { Session } from "../session.ts";
import { SUMMARY } from "../shapes.ts";

interface VersionRow extends ObjectKey {
  resource_version: number;
}

interface SummaryRow extends VersionRow {
  summary: string;
}

interface SummaryStore {
  /** Joins the transaction of what has changed. */
  put(object: WebService): void;
  /**
   * Of every object, by namespace and name: handed out more than once, and not to be changed. What is missing is made from
   * the object, and kept.
   */
  all(get: (key: ObjectKey) => WebService): ServiceSummary[];
}

/** What the status of the fleet says of each object: the table `summaries`. It is derived, and may be emptied. */
export function buildSummaryStore(session: Session): SummaryStore {
  const db = session.database;
  const insert = db.prepare<[string, string, string, number, string]>(
    `INSERT OR REPLACE INTO summaries (namespace, name, resource_version, format, summary)
     VALUES (?, ?, CAST(? AS INTEGER), ?, ?)`,
  );
  // Two readings, each of one table from end to end: joined by SQLite they take four times as long.
  const versions = db.prepare<[], VersionRow>(
    "SELECT namespace, name, resource_version FROM objects ORDER BY namespace, name",
  );
  const every = db.prepare<[number], SummaryRow>(
    "SELECT namespace, name, resource_version, summary FROM summaries WHERE format = ?",
  );

  /** At a start several ask for all of them, before anything has changed. Held no longer: they are large. */
  let told: { readonly edition: string; readonly summaries: ServiceSummary[] } | undefined;

  function put(object: WebService): ServiceSummary {
    told = undefined;
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
      const edition = `${session.edition("summaries")} ${session.version()}`;
      if (told?.edition === edition) return told.summaries;
      const rows = session.read(() => versions.all());
      const stored = new Map(
        session.read(() => every.all(SUMMARY_FORMAT)).map((row) => [textOfKey(row), row]),
      );
      const isKnown = (row: VersionRow) =>
        stored.get(textOfKey(row))?.resource_version === row.resource_version;
      const toldOf = (row: VersionRow) => {
        const { summary } = stored.get(textOfKey(row)) as SummaryRow;
        return fromJson<ServiceSummary>(nameOf(row), "summary", summary, SUMMARY);
      };
      if (rows.every(isKnown)) {
        const summaries = rows.map(toldOf);
        told = { edition, summaries };
        return summaries;
      }
      return session.transaction(() => rows.map((row) => (isKnown(row) ? toldOf(row) : put(get(row)))));
    },
  };
}

function nameOf({ namespace, name }: ObjectKey): RowName {
  return { table: "summaries", row: textOfKey({ namespace, name }) };
}
