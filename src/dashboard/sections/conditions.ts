import { type Condition, isWell } from "../../model/conditions.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { explanation, reasonCode, remedy } from "../explanation.ts";
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
          conditions.map((condition, index) =>
            conditionRow(condition, model.now, whyOf(condition, conditions.slice(0, index))),
          ),
        );
  return section({ id: "conditions", title: "Conditions" }, body);
}

/** Several conditions often have one reason, which is explained where it stands first. Where all is well, the message does. */
function whyOf(condition: Condition, above: readonly Condition[]): Html | false {
  if (above.some(({ reason }) => reason === condition.reason)) return false;
  return isWell(condition) ? remedy(condition.reason) : explanation(condition.reason);
}

function conditionRow(condition: Condition, now: string, why: Html | false): Html {
  return html`<tr id="condition-${condition.type}">${[
    cell("Condition", pill(conditionMark(condition))),
    cell("Reason", reasonCode(condition.reason)),
    cell("Message", [condition.message, why], "prose"),
    cell("Since", time(condition.lastTransitionTime, now), "num"),
  ]}</tr>
`;
}
