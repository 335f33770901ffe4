/** The reasons as tables: those of docs/operations.md, and the index of docs/errors.md. */
import type { ReasonEntry } from "../src/model/reason-entry.ts";
import { REASONS, reasonAnchor } from "../src/model/reasons.ts";
import { table } from "./markdown.ts";

type Group = keyof typeof REASONS;
const GROUPS = Object.keys(REASONS) as Group[];

const GIVEN_BY: Readonly<Record<Group, string>> = {
  Ready: "`Ready` alone",
  Synced: "`Synced`",
  Stalled: "`Stalled`",
  Healthy: "`Healthy`",
  Drifted: "`Drifted`",
  Reconciling: "`Reconciling` alone",
  dryRun: "a row `stop` of a dry run",
  event: "events alone",
};

/** The parts of docs/operations.md, by name; each reason can be linked to. */
export function reasonTables(): Record<string, string> {
  return Object.fromEntries(GROUPS.map((group) => [`reasons-${group}`, tableOf(group)]));
}

/** The part of docs/errors.md: every reason, and where it is explained. */
export function reasonIndex(): Record<string, string> {
  const links = (group: Group) =>
    Object.keys(REASONS[group]).map((reason) => `[\`${reason}\`](operations.md#${reasonAnchor(reason)})`);
  const rows = GROUPS.map((group) => [GIVEN_BY[group], links(group).join(", ")]);
  return { reasons: table(["Given by", "Reasons"], rows) };
}

function tableOf(group: Group): string {
  const named = (reason: string) => `<a id="${reasonAnchor(reason)}"></a>\`${reason}\``;
  if (group === "event") {
    const rows = Object.entries(REASONS.event).map(([reason, { type, meaning, remedy }]) => [
      named(reason),
      type,
      meaning,
      remedy,
    ]);
    return table(["Reason", "Type", "Says", "What to do"], rows);
  }
  const rows = Object.entries<ReasonEntry>(REASONS[group]).map(([reason, { meaning, remedy }]) => [
    named(reason),
    meaning,
    remedy,
  ]);
  return table(["Reason", "Meaning", "What to do"], rows);
}
