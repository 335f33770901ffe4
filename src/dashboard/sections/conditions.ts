import type { Condition } from "../../model/conditions.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { explanation, reasonCode } from "../explanation.ts";
import { type Html, html } from "../html.ts";
import { cell, nothing, pill, section, table, time } from "../parts.ts";
import { conditionMark } from "../tone.ts";

export function conditionsSection(model: ServiceModel): Html {
  const conditions = model.service.status?.conditions ?? [];
  const body =
    conditions.length === 0
      ? nothing("None yet: the first pass has not ended.")
      : table(
          "Conditions of the service",
          ["Condition", "Reason", "Message", "Since"],
          conditions.map((condition, index) => {
            const isSaidAbove = conditions.findIndex(({ reason }) => reason === condition.reason) < index;
            return conditionRow(condition, model.now, isSaidAbove ? false : explanation(condition.reason));
          }),
        );
  return section({ id: "conditions", title: "Conditions" }, body);
}

/** Several conditions often have one reason; it is explained where it stands first. */
function conditionRow(condition: Condition, now: string, why: Html | false): Html {
  return html`<tr id="condition-${condition.type}">${[
    cell("Condition", pill(conditionMark(condition))),
    cell("Reason", reasonCode(condition.reason)),
    cell("Message", [condition.message, why], "prose"),
    cell("Since", time(condition.lastTransitionTime, now), "num"),
  ]}</tr>
`;
}
