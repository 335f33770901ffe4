import { FIELD_VERDICTS, type FieldRow } from "../../model/ledger/verdicts.ts";
import { LIMITS } from "../../model/limits.ts";
import { type Html, html, type Part } from "../html.ts";
import { verdictMark } from "../marks.ts";
import { cell, code, leftOut, table, word } from "../parts.ts";
import { bounded, sentence, valueText } from "../words.ts";

/** The three-way compare, resource by resource; folded, because most of it is the same. */
export function fieldTables(rows: readonly FieldRow[]): Html {
  const byResource = [...Map.groupBy(rows, ({ resource }) => resource)];
  return html`${byResource.map(
    ([resource, fields]) =>
      html`<details id="fields-${resource}"><summary>${code(resource)} ${countOf(fields)}</summary>${fieldTable(resource, fields)}</details>
`,
  )}`;
}

/** `1 drifted, 14 same`. */
function countOf(fields: readonly FieldRow[]): string {
  return FIELD_VERDICTS.toReversed()
    .map((verdict) => [fields.filter((row) => row.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`)
    .join(", ");
}

function fieldTable(resource: string, fields: readonly FieldRow[]): Part {
  const { shown, left } = bounded(fields, LIMITS.rowsPerSection);
  return [
    table(
      `Fields of ${resource}`,
      ["Verdict", "Field", "Last applied", "Spec wants", "AWS has", "Why"],
      shown.map(fieldRow),
    ),
    leftOut(left, "GET …/fields"),
  ];
}

function fieldRow({ verdict, field, lastApplied, desired, observed, why }: FieldRow): Html {
  const value = (of: FieldRow["desired"]) =>
    of === undefined
      ? html`<span class="dim">–</span>`
      : code(valueText(field, of, LIMITS.shownValueCharacters));
  return html`<tr>${[
    cell("Verdict", word(verdictMark(verdict))),
    cell("Field", field === "" ? "all of it" : code(field)),
    cell("Last applied", value(lastApplied)),
    cell("Spec wants", value(desired)),
    cell("AWS has", value(observed)),
    cell("Why", why === undefined ? "" : sentence(why), "prose"),
  ]}</tr>
`;
}
