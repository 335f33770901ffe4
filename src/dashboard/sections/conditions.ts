import type { Condition } from "../../model/conditions.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { type Html, html } from "../html.ts";
import { cell, code, nothing, pill, section, table, time } from "../parts.ts";
import { conditionMark } from "../tone.ts";

export function conditionsSection(model: ServiceModel): Html {
  const conditions = model.service.status?.conditions ?? [];
  const body =
    conditions.length === 0
      ? nothing("None yet: the first pass has not ended.")
      : table(
          "Conditions of the service",
          ["Condition", "Reason", "Message", "Since"],
          conditions.map((condition) => conditionRow(condition, model.now)),
        );
  return section({ id: "conditions", title: "Conditions" }, body);
}

function conditionRow(condition: Condition, now: string): Html {
  return html`<tr id="condition-${condition.type}">${[
    cell("Condition", pill(conditionMark(condition))),
    cell("Reason", code(condition.reason)),
    cell("Message", condition.message, "prose"),
    cell("Since", time(condition.lastTransitionTime, now), "num"),
  ]}</tr>
`;
}
