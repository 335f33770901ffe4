import { LIMITS } from "../../model/limits.ts";
import { ApiError } from "../error.ts";

const SHOWN_COLUMNS = 80;

/** Members of these names could reach JavaScript's own prototypes; no spec needs them. */
export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Depth and size that a body may have before it is looked at as manifests: a list may hold many of them,
 * and each is measured on its own later.
 */
export const BODY_DEPTH = LIMITS.manifestDepth + 2;
export const BODY_NODES = LIMITS.manifestNodes * 5;

/** 400 that shows the place: line, column, the line itself and a caret below it. Offsets are of UTF-16 units. */
export function unreadable(format: "JSON" | "YAML", text: string, offset: number, problem: string): ApiError {
  const at = Math.min(Math.max(offset, 0), text.length);
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const lineEnd = text.indexOf("\n", at);
  const line = text.slice(0, lineStart).split("\n").length;
  const column = at - lineStart + 1;
  const from = Math.max(lineStart, at - SHOWN_COLUMNS / 2);
  const to = Math.min(lineEnd < 0 ? text.length : lineEnd, from + SHOWN_COLUMNS);
  const shown = text.slice(from, to).replaceAll(/\p{Cc}/gu, " ");
  const place = `line ${line}, column ${column}`;
  return new ApiError(
    400,
    `the body cannot be read as ${format}: ${problem} at ${place}\n${shown}\n${" ".repeat(at - from)}^`,
    { causes: [{ reason: "Unreadable", message: problem, field: place }] },
  );
}
