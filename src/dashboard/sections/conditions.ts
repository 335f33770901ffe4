import { type Condition, isWell } from "../../model/conditions.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { explanation, reasonCode, remedy } from "../explanation.ts";
import { type Html, html } from "../html.ts";
import { conditionMark } from "../marks.ts";
import { cell, nothing, pill, section, table, time } from "../parts.ts";

export function conditionsSection(model: ServiceModel): Html {
  const conditions = model.service.status?.conditions ?? [];
  const body =
    conditions.length === 0
      ? nothing("None yet: the first pass has not ended.")
      : table(
          "Conditions of the service",
          ["Condition", "Reason", "Message", "Since"],
          conditions.map((condition, index) =>
            conditionRow(condition, model.now, conditions.slice(0, index)),
          ),
          "dense",
        );
  return section({ id: "conditions", title: "Conditions" }, body);
}

/** Several conditions often have one reason, which is explained where it stands first. Where all is well, the message does. */
function whyOf(condition: Condition, above: readonly Condition[]): Html | false {
  if (above.some(({ reason }) => reason === condition.reason)) return false;
  return isWell(condition) ? remedy(condition.reason) : explanation(condition.reason);
}

/** Several conditions often have one message, which may be long: where it stands first. */
export function saidBefore({ message }: Condition, above: readonly Condition[]): Condition | undefined {
  return above.find((one) => one.message === message);
}

function conditionRow(condition: Condition, now: string, above: readonly Condition[]): Html {
  const said = saidBefore(condition, above);
  const message =
    said === undefined
      ? condition.message
      : html`The same as <a href="#condition-${said.type}">${conditionMark(said).word}</a>.`;
  return html`<tr id="condition-${condition.type}">${[
    cell("Condition", pill(conditionMark(condition))),
    cell("Reason", reasonCode(condition.reason)),
    cell("Message", [message, whyOf(condition, above)], "prose"),
    cell("Since", time(condition.lastTransitionTime, now), "num"),
  ]}</tr>
`;
}
