/** What the last pass could not read: of that, a page says so, and nothing else. */
import type { WebServiceStatus } from "../model/status.ts";
import { counted, sentence } from "./words.ts";

/** Why something of a kind could not be read, as a sentence; `undefined` when all of it was. */
export function unreadText(
  status: WebServiceStatus | undefined,
  kind: string,
  name?: string,
): string | undefined {
  const row = status?.unread?.find(
    (one) => one.kind === kind && (name === undefined || one.name === undefined || one.name === name),
  );
  return row === undefined ? undefined : `Could not be read: ${sentence(row.reason)}`;
}

/** Why a list is empty: nothing looked yet, nothing could be read, or there is nothing. */
export function emptyText(
  status: WebServiceStatus | undefined,
  kind: string,
  { declared, what, none }: { declared: number; what: string; none: string },
): string {
  if (status === undefined || status.conditions.length === 0) return "Not looked at yet.";
  const unread = unreadText(status, kind);
  if (unread !== undefined) return unread;
  if (declared === 0) return none;
  return declared === 1
    ? `The spec has 1 ${what}, and AWS does not have it.`
    : `The spec has ${counted(declared, what)}, and AWS has none of them.`;
}
