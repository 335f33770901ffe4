/** What the spec looks up, what it stands for, and whether AWS would answer something else now. */
import { LIMITS } from "../../model/limits.ts";
import { type LookupRow, lookupText } from "../../model/lookups.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { canonicalJson } from "../../model/value.ts";
import { type Html, html } from "../html.ts";
import { lookupMark } from "../marks.ts";
import { age, cell, code, leftOut, section, table, word } from "../parts.ts";
import { bounded } from "../words.ts";

/** Nothing, where the spec looks nothing up. */
export function lookupsSection(model: ServiceModel): Html | false {
  const lookups = model.service.status?.lookups ?? [];
  if (lookups.length === 0) return false;
  const { shown, left } = bounded(lookups, LIMITS.rowsPerSection);
  return section(
    {
      id: "lookups",
      title: "Lookups",
      count: lookups.length,
      note: "What stands in the spec instead of ids. They stay as they are until they are asked for again.",
    },
    [
      table(
        "Lookups of the spec",
        ["State", "In the spec", "Stands for", "Resolved", "Last asked"],
        shown.map((row) => lookupRow(row, model.now)),
      ),
      leftOut(left, "GET the object"),
    ],
  );
}

function lookupRow(row: LookupRow, now: string): Html {
  const news = row.newer === undefined ? row.message : `now ${lookupText(row.newer)} ${row.message ?? ""}`;
  return html`<tr id="lookup-${row.path}">${[
    cell("State", [word(lookupMark(row.state)), news !== undefined && html`<p class="why">${news}</p>`]),
    cell("In the spec", [code(row.path), html`<p class="why">${canonicalJson(row.asked)}</p>`]),
    cell("Stands for", [
      html`<span class="mono">${lookupText(row.value)}</span>`,
      row.detail !== undefined && html`<p class="why">${row.detail}</p>`,
    ]),
    cell("Resolved", age(row.resolvedAt, now), "num"),
    cell("Last asked", age(row.checkedAt, now), "num"),
  ]}</tr>
`;
}
