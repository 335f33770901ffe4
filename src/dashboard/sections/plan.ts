import { LIMITS } from "../../model/limits.ts";
import { isOnlyObserved } from "../../model/object.ts";
import type { Consequence, PlanRow, PlanView } from "../../model/status.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { waitSentence } from "../../model/text/waits.ts";
import { explanation, reasonCode } from "../explanation.ts";
import { type Html, html, type Part } from "../html.ts";
import { leftOut, nothing, section } from "../parts.ts";
import { planPath } from "../paths.ts";
import { bounded, counted, sentence, valueText } from "../words.ts";
import { approveForm } from "./steer.ts";

/** What the plan of a service is that nobody carries out now. */
export function planTitle({ service }: ServiceModel): string {
  if (service.status?.plan?.approval !== undefined) return "Plan, waiting for approval";
  return isOnlyObserved(service) ? "Plan, if it were managed" : "Plan, held back";
}

/** What would be done, while it is held back; nothing at all when there is no plan to show. */
export function planSection(model: ServiceModel): Html | false {
  const plan = model.service.status?.plan;
  if (plan === undefined) return false;
  const { shown, left } = bounded(plan.rows, LIMITS.rowsPerSection);
  const { approval } = plan;
  const { namespace, name } = model.service.metadata;
  return section(
    {
      id: "plan",
      title: planTitle(model),
      count: planCount(plan),
      note:
        approval === undefined
          ? html`${isOnlyObserved(model.service) ? "What Holdfast would do if it managed the service." : "What Holdfast does when it may write again."} Plan <code>${plan.digest.slice(0, 12)}</code>.`
          : html`What waits for <code>approval of plan ${approval.digest}</code> is not begun. To agree to it, annotate the service: <code>${approval.annotation}: ${approval.digest}</code>.`,
    },
    plan.rows.length === 0
      ? nothing("Nothing to do: AWS equals the spec.")
      : [
          html`<p class="why"><a href="${planPath(namespace, name)}?format=text">Every AWS call to the end, in order, by a fresh look at AWS</a></p>`,
          planRows(shown),
          leftOut(left, "GET the object"),
          approval !== undefined && approveForm(model, approval),
        ],
  );
}

export function planRows(rows: readonly PlanRow[]): Html {
  return html`<ol class="plan">${rows.map(planItem)}</ol>`;
}

/** `9 to adopt, 1 to update`: what there is of it in all. */
export function planCount({ rows, summary }: PlanView): string {
  const count = (verb: string) => rows.filter((row) => row.verb === verb).length;
  const blocked = rows.filter(({ verb, blockedBy }) => verb !== "stop" && blockedBy.length > 0);
  const parts = [
    count("adopt") > 0 && `${count("adopt")} to adopt`,
    count("release") > 0 && `${count("release")} to release`,
    summary.create > 0 && `${summary.create} to create`,
    summary.update > 0 && `${summary.update} to update`,
    summary.delete > 0 && `${summary.delete} to delete`,
    blocked.length > 0 && `${blocked.length} blocked`,
    count("stop") > 0 && counted(count("stop"), "obstacle"),
  ].filter((part) => part !== false);
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}

const EFFECTS: Record<Consequence["effect"], string> = {
  replaces: "Replaces",
  interrupts: "Interrupts",
  cannotUndo: "Cannot be undone",
  keeps: "Stays",
};

/** `Interrupts: connections that are open through it are cut.` */
export function consequenceText({ effect, says }: Consequence): string {
  return sentence(`${EFFECTS[effect]}: ${says}`);
}

function planItem(row: PlanRow): Html {
  return html`<li class="planned ${row.verb}"><p><span class="verb">${row.verb}</span> <code>${row.key}</code> <span class="why mono">${row.name}</span></p>
<p class="why">${sentence(row.reason)}</p>
${
  row.differences.length > 0 &&
  html`<ul class="differences">${bounded(row.differences, LIMITS.rowsPerSection).shown.map(
    (difference) =>
      html`<li><code>${difference.field}</code> <del>${valueText(difference.field, difference.observed, LIMITS.shownValueCharacters)}</del> → <ins>${valueText(difference.field, difference.desired, LIMITS.shownValueCharacters)}</ins></li>`,
  )}</ul>`
}
${
  row.consequences !== undefined &&
  html`<ul class="consequences">${row.consequences.map((one) => html`<li class="${one.effect}">${consequenceText(one)}</li>`)}</ul>`
}
${row.calls.length > 0 && html`<p class="why">Calls ${row.calls.map((call, index) => html`${index > 0 && ", "}<code>${call}</code>`)}</p>`}
${blockersOf(row)}</li>
`;
}

/** What it waits for; of a row `stop`, the reason that nothing can be done. */
function blockersOf({ verb, blockedBy }: PlanRow): Part {
  if (verb === "stop") return blockedBy.map((reason) => [reasonCode(reason), explanation(reason)]);
  return blockedBy.length > 0 && html`<p class="why">${waitSentence(blockedBy)}</p>`;
}
