import { ApiError } from "../error.ts";

const FORM = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * A time in a query, as the store has times: ISO 8601 UTC with milliseconds. A day is its midnight, and what names no zone is
 * UTC, as on the pages.
 * @throws ApiError 400
 */
export function timeIn(parameter: string, text: string): string {
  const match = FORM.exec(text.trim());
  const isZoned = match?.[1] !== undefined || !text.includes("T");
  const ms = match === null ? Number.NaN : Date.parse(isZoned ? text.trim() : `${text.trim()}Z`);
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  const message = `must be a day or a time, as 2026-01-31 or 2026-01-31T14:05:00Z; was ${JSON.stringify(text)}`;
  throw new ApiError(400, `${parameter}: ${message}`, {
    causes: [{ reason: "FieldValueInvalid", field: parameter, message }],
  });
}
