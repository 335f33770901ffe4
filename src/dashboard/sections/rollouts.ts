/** The rollouts of launch templates: how far each has come, what failed, and which instances are behind. */

import { behindText, type RolloutRow, saidOf, versionText } from "../../model/ledger/rollout.ts";
import { LIMITS } from "../../model/limits.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { type Html, html } from "../html.ts";
import { rolloutMark } from "../marks.ts";
import { age, cell, code, leftOut, section, table, word } from "../parts.ts";
import { bounded } from "../words.ts";

/** Nothing, where nothing was rolled out and all instances are as wanted. */
export function rolloutsSection(model: ServiceModel): Html | false {
  const { rollouts = [], behind = [] } = model.service.status ?? {};
  if (rollouts.length + behind.length === 0) return false;
  const { shown, left } = bounded(rollouts, LIMITS.rowsPerSection);
  return section(
    {
      id: "rollouts",
      title: "Rollouts",
      count: rollouts.length,
      note: "The newest of each group. What has failed is not tried again before a person says so.",
    },
    [
      ...behind.map((row) => html`<p class="why">${code(row.autoScalingGroup)} ${behindText(row)}</p>`),
      rollouts.length > 0 &&
        table(
          "Rollouts of launch templates",
          ["State", "Group", "From", "To", "Begun"],
          shown.map((row) => rolloutRow(row, model.now)),
        ),
      leftOut(left, "GET the object"),
    ],
  );
}

function rolloutRow(row: RolloutRow, now: string): Html {
  const said = saidOf(row);
  return html`<tr id="rollout-${row.autoScalingGroup}">${[
    cell("State", [
      word(rolloutMark(row.state)),
      row.state === "Running" &&
        row.percentageComplete !== undefined &&
        html`<p class="why">${row.percentageComplete} %</p>`,
    ]),
    cell("Group", [code(row.autoScalingGroup), ...said.map((text) => html`<p class="why">${text}</p>`)]),
    cell("From", row.from === undefined ? "" : versionText(row.from)),
    cell("To", versionText(row.to)),
    cell("Begun", age(row.begunAt, now), "num"),
  ]}</tr>
`;
}
