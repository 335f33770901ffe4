/** What is looked for in the ledger, as the page's address has it and as the API's does. */
import type { LedgerFilter, LedgerModel } from "../../model/ledger/past.ts";
import { withQuery } from "../paths.ts";
import type { Headline } from "../service-headline.ts";
import { counted } from "../words.ts";

export function queryOf({ resourceKind, ...filter }: LedgerFilter): Record<string, string | undefined> {
  return { ...filter, kind: resourceKind };
}

/** All that matches, from the API. */
export function exportPath(
  { namespace, since, until, ...fields }: LedgerFilter,
  format: "csv" | "ndjson",
): string {
  const selector = Object.entries(fields).map(([field, value]) => `${field}=${value}`);
  const place = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return withQuery(`/apis/holdfast.dev/v1${place}/driftevents`, {
    fieldSelector: selector.join(","),
    since,
    until,
    format,
  });
}

export function ledgerHeadline({ drift, filter, keptSince, continue: next }: LedgerModel): Headline {
  const open = drift.filter(({ state }) => state === "Open").length;
  const isFiltered = Object.keys(filter).length > 0;
  const count = `${counted(drift.length, "event")}${next === undefined ? "" : " on this page, and older ones"}`;
  return {
    tone: open > 0 ? "warn" : "info",
    title: isFiltered ? `${count} as asked for.` : `${count}.`,
    details: [
      ...(open > 0 ? [`${open} open.`] : []),
      ...(keptSince === undefined ? [] : [`What was closed before ${keptSince} may be forgotten.`]),
    ],
  };
}
