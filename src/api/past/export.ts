/** The drift ledger as JSON lines, and as CSV for spreadsheets. */
import { type DriftEvent, REPORTED_BY } from "../../model/ledger/drift.ts";
import type { Value } from "../../model/value.ts";

export type ExportForm = "ndjson" | "csv";

export const EXPORT_TYPES: Record<ExportForm, string> = {
  ndjson: "application/x-ndjson; charset=utf-8",
  // https://www.rfc-editor.org/rfc/rfc4180#section-3
  csv: "text/csv; charset=utf-8; header=present",
};

/** What is asked for, if it is not a list of objects. The parameter goes before the header, whose first known type counts. */
export function exportFormOf(format: string | undefined, accept = ""): ExportForm | undefined {
  if (format === "ndjson" || format === "csv") return format;
  if (format !== undefined && format !== "") return undefined;
  for (const entry of accept.split(",")) {
    const type = entry.split(";")[0]?.trim().toLowerCase();
    if (type === "application/x-ndjson") return "ndjson";
    if (type === "text/csv") return "csv";
    if (type === "application/json" || type === "*/*") return undefined;
  }
  return undefined;
}

type Cell = string | number | undefined;

/** Values are JSON, so that the text `5` and the number 5 stay two things. */
const CSV: readonly (readonly [string, (event: DriftEvent) => Cell])[] = [
  ["name", ({ metadata }) => metadata.name],
  ["namespace", ({ metadata }) => metadata.namespace],
  ["service", ({ service }) => service],
  ["resourceKind", ({ resourceKind }) => resourceKind],
  ["resource", ({ resource }) => resource],
  ["resourceName", ({ resourceName }) => resourceName],
  ["arn", ({ arn }) => arn],
  ["field", ({ field }) => field],
  ["change", ({ change }) => change],
  ["state", ({ state }) => state],
  ["firstSeenTime", ({ firstSeenTime }) => firstSeenTime],
  ["lastSeenTime", ({ lastSeenTime }) => lastSeenTime],
  ["closedTime", ({ closedTime }) => closedTime],
  ["timeToRepairSeconds", ({ timeToRepairSeconds }) => timeToRepairSeconds],
  ["desired", ({ desired }) => textOf(desired)],
  ["before", ({ before }) => textOf(before)],
  ["after", ({ after }) => textOf(after)],
  ["attempts", ({ attempts }) => attempts],
  ["correctionOperation", ({ correction }) => correction?.operation],
  ["correctionRequestId", ({ correction }) => correction?.requestId],
  ["correctionTime", ({ correction }) => correction?.time],
  ["contestedCorrections", ({ contest }) => contest?.corrections],
  ["reportedBy", ({ metadata }) => metadata.annotations?.[REPORTED_BY]],
  ["decision", ({ decision }) => decision?.verb],
  ["decidedBy", ({ decision }) => decision?.actor],
  ["decisionReason", ({ decision }) => decision?.reason],
  ["decisionTime", ({ decision }) => decision?.time],
  ["changedBy", ({ attribution }) => attribution?.principal],
  ["changedBySession", ({ attribution }) => attribution?.session],
  ["changedFrom", ({ attribution }) => attribution?.sourceIpAddress],
  ["changedWith", ({ attribution }) => attribution?.userAgent],
  ["changeOperation", ({ attribution }) => attribution?.eventName],
  ["changeTime", ({ attribution }) => attribution?.eventTime],
  ["changeEventId", ({ attribution }) => attribution?.eventId],
  ["changeConfidence", ({ attribution }) => attribution?.confidence],
  ["changeKnownFrom", ({ attribution }) => attribution?.from],
];

/** The text of an export, line by line. */
export interface Lines<T> {
  readonly head: string;
  lineOf(object: T): string;
}

export const LINES: Record<ExportForm, Lines<DriftEvent>> = {
  ndjson: { head: "", lineOf: (event) => `${JSON.stringify(event)}\n` },
  csv: {
    head: rowOf(CSV.map(([name]) => name)),
    lineOf: (event) => rowOf(CSV.map(([, cell]) => cell(event))),
  },
};

function textOf(value: Value): string {
  return JSON.stringify(value);
}

/** Lines end in CRLF, and quotes are doubled. https://www.rfc-editor.org/rfc/rfc4180#section-2 */
function rowOf(cells: readonly Cell[]): string {
  return `${cells.map((cell) => cellOf(cell ?? "")).join(",")}\r\n`;
}

/**
 * What a spreadsheet would take for a formula begins with an apostrophe, which makes it text; a number is none.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function cellOf(cell: string | number): string {
  const text = String(cell);
  const isFormula =
    /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);
  const safe = isFormula ? `'${text}` : text;
  return isFormula || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
