import { LIMITS } from "../../model/limits.ts";
import type { CallView, ServiceModel } from "../../model/status-page.ts";
import { type Html, html } from "../html.ts";
import type { Mark } from "../marks.ts";
import { age, cell, code, history, leftOut, nothing, section, word } from "../parts.ts";
import { bounded } from "../words.ts";

const OUTCOME_MARKS: Record<CallView["outcome"], Mark> = {
  succeeded: { tone: "ok", word: "succeeded" },
  failed: { tone: "bad", word: "failed" },
  pending: { tone: "unknown", word: "no answer yet" },
};

export function callsSection(model: ServiceModel): Html {
  const { shown, left } = bounded(model.calls, LIMITS.rowsPerSection);
  return section(
    {
      id: "calls",
      title: "Calls made to AWS",
      note: "Every write, from the journal: recorded before it is sent.",
    },
    model.calls.length === 0
      ? nothing("None.")
      : [
          history(
            { id: "calls", caption: "Mutating calls", columns: ["When", "Call", "For", "Outcome"] },
            shown.map((call) => callRow(call, model.now)),
          ),
          leftOut(left, "the table calls of the database"),
        ],
  );
}

function callRow(call: CallView, now: string): Html {
  return html`<tr id="call-${call.id}">${[
    cell("When", age(call.time, now), "num"),
    cell("Call", [code(call.operation), html`<p class="why mono">${call.requestId ?? ""}</p>`], "long"),
    cell(
      "For",
      [
        code(call.resource),
        html`<p class="why">generation ${call.generation} · plan ${call.plan.slice(0, 8)}</p>`,
      ],
      "long",
    ),
    cell("Outcome", [
      word(OUTCOME_MARKS[call.outcome]),
      call.errorCode !== undefined &&
        html`<p class="why"><code>${call.errorCode}</code> ${call.errorMessage}</p>`,
    ]),
  ]}</tr>
`;
}
