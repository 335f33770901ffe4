import type { ScorecardCheck } from "../../model/status.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { type Html, html } from "../html.ts";
import { CHECK_MARKS } from "../marks.ts";
import { cell, command, nothing, section, table, word } from "../parts.ts";
import { counted, patchCommand } from "../words.ts";

export function scorecardSection(model: ServiceModel): Html {
  const checks = model.service.status?.scorecard ?? [];
  const passed = checks.filter((check) => check.result === "pass");
  const rest = [
    ...checks.filter((check) => check.result === "fail"),
    ...checks.filter((check) => check.result === "unknown"),
  ];
  return section(
    {
      id: "scorecard",
      title: "Scorecard",
      count: `${passed.length} of ${checks.length} pass`,
      note: "High availability and security, judged by what AWS says.",
    },
    checks.length === 0
      ? nothing("Not judged yet.")
      : [
          rest.length > 0 && checkTable(model, "Checks that fail or are unknown", rest),
          passed.length > 0 &&
            html`<details id="scorecard-passed"><summary>${counted(passed.length, "check passes", "checks pass")}</summary>${checkTable(model, "Checks that pass", passed)}</details>`,
        ],
  );
}

function checkTable(model: ServiceModel, caption: string, checks: readonly ScorecardCheck[]): Html {
  return table(
    caption,
    ["Result", "Check", "Evidence"],
    checks.map((check) => checkRow(model, check)),
  );
}

function checkRow({ service }: ServiceModel, check: ScorecardCheck): Html {
  return html`<tr id="check-${check.id}">${[
    cell("Result", word(CHECK_MARKS[check.result])),
    cell("Check", [check.title, html` <span class="id">${check.id}</span>`], "prose"),
    cell(
      "Evidence",
      [
        check.evidence,
        check.remedy !== undefined && html`<p class="remedy">${check.remedy}</p>`,
        check.patch !== undefined &&
          html`<details id="check-${check.id}-command"><summary>The same by a command</summary><div class="commands">${command("kubectl", patchCommand(service, check.patch))}</div></details>`,
      ],
      "prose",
    ),
  ]}</tr>
`;
}
