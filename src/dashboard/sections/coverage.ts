import { LIMITS } from "../../model/limits.ts";
import type { Coverage } from "../../model/status.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { coverageCount, coverageLines, unnamedIn } from "../coverage-lines.ts";
import { type Html, html } from "../html.ts";
import { cell, code, leftOut, nothing, section, table, word } from "../parts.ts";
import { bounded } from "../words.ts";
import { fieldTables } from "./fields.ts";

type Line = ReturnType<typeof coverageLines>[number];

export function coverageSection({ service, fields }: ServiceModel): Html {
  const coverage = service.status?.coverage;
  const note = "How much of what AWS holds is compared with the spec.";
  if (coverage === undefined) {
    return section({ id: "coverage", title: "Coverage", note }, nothing("Nothing is compared yet."));
  }
  const lines = coverageLines(coverage);
  const { shown, left } = bounded(lines, LIMITS.rowsPerSection);
  const rest = left + unnamedIn(coverage);
  return section({ id: "coverage", title: "Coverage", count: coverageCount(coverage), note }, [
    lines.length === 0
      ? nothing("Everything is compared, and equal.")
      : html`<details id="coverage-lines"${coverage.different > 0 && html` open`}><summary>${summaryOf(coverage)}</summary>${[
          table(
            "Members that are not compared, or not equal",
            ["State", "Resource", "Member", "Why"],
            shown.map(lineRow),
          ),
          leftOut(rest, "GET the object"),
        ]}</details>`,
    fieldTables(fields.items),
  ]);
}

function summaryOf({ equal, different, leftToOthers, notCompared }: Coverage): string {
  return `${equal} equal, ${different} different, ${leftToOthers} left to others, ${notCompared} not compared`;
}

function lineRow({ mark, address, member, says }: Line): Html {
  return html`<tr>${[
    cell("State", word(mark)),
    cell("Resource", code(address)),
    cell("Member", code(member)),
    cell("Why", says(LIMITS.shownValueCharacters), "prose"),
  ]}</tr>
`;
}
