import { conditionOf } from "../../model/conditions.ts";
import { CONFIDENCES } from "../../model/ledger/attribution.ts";
import { type DriftEvent, REPORTED_BY } from "../../model/ledger/drift.ts";
import { LIMITS } from "../../model/limits.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { capitalised } from "../../model/text/first-letter.ts";
import { whoDidIt } from "../../model/text/who-did-it.ts";
import type { Value } from "../../model/value.ts";
import { type Html, html, type Part } from "../html.ts";
import { driftMark } from "../marks.ts";
import { age, code, leftOut, nothing, pill, section, time } from "../parts.ts";
import { driftPath, LEDGER, withQuery } from "../paths.ts";
import { bounded, counted, durationOf, valueText } from "../words.ts";
import { decideForms } from "./steer.ts";

export function driftSection(model: ServiceModel): Html {
  const open = model.drift.filter((event) => event.state === "Open").length;
  const { namespace, name } = model.service.metadata;
  const { shown, left } = bounded(model.drift, LIMITS.rowsPerSection);
  return section(
    {
      id: "drift",
      title: "Drift",
      count: open > 0 ? `${open} open` : counted(model.drift.length, "closed", "closed"),
      note: "What moved in AWS although the spec did not.",
    },
    model.drift.length === 0
      ? nothing(
          conditionOf(model.service.status?.conditions, "Drifted")?.status === "False"
            ? "Nothing has drifted."
            : "No drift is recorded, and not everything was read.",
        )
      : [
          driftTimeline(shown, model.now, undefined, (event) => decideForms(model, event)),
          leftOut(left, driftPath(namespace, name)),
          ledgerLink({ namespace, service: name }),
        ],
  );
}

/** Where all of it is. */
export function ledgerLink(query: { namespace?: string; service?: string }): Html {
  return html`<p class="nothing"><a href="${withQuery(LEDGER, query)}">The drift ledger</a></p>`;
}

/** How a service is named where several are mixed. */
export type ServiceName = (namespace: string, name: string) => Part;

/** Drift as a timeline, in the order that it comes in; with the service's name where several are mixed. */
export function driftTimeline(
  events: readonly DriftEvent[],
  now: string,
  serviceName?: ServiceName,
  formsOf: (event: DriftEvent) => Part = () => false,
): Html {
  return html`<ol class="timeline">
${events.map((event) => driftItem(event, now, serviceName, formsOf))}</ol>`;
}

function driftItem(
  event: DriftEvent,
  now: string,
  serviceName: ServiceName | undefined,
  formsOf: (event: DriftEvent) => Part,
): Html {
  const mark = driftMark(event);
  return html`<li id="drift-${event.metadata.namespace}/${event.metadata.name}" class="moment ${mark.tone}">
<p class="moment-head">${serviceName !== undefined && html`<strong>${serviceName(event.metadata.namespace, event.service)}</strong> `}<code>${event.resource}${event.field !== "" && html`<span class="field"> ${event.field}</span>`}</code> ${pill(mark)}</p>
${event.change === "Missing" ? html`<p class="prose">The whole resource <span class="mono">${event.resourceName}</span> was gone.</p>` : threeWay(event)}
<p class="why">First seen ${time(event.firstSeenTime, now)} (${age(event.firstSeenTime, now)})${ending(event, now)}</p>
${attributed(event)}${contested(event, now)}${decided(event, now)}${formsOf(event)}</li>
`;
}

function threeWay(event: DriftEvent): Html {
  const side = (label: string, value: Value, kind: string) =>
    html`<div class="${kind}"><dt>${label}</dt><dd><code>${valueText(event.field, value, LIMITS.shownValueCharacters)}</code></dd></div>`;
  return html`<dl class="three">${[
    side("Spec wants", event.desired, "wants"),
    side("Before", event.before, "before"),
    side(event.state === "Open" ? "AWS has" : "AWS had", event.after, "after"),
  ]}</dl>`;
}

/** By what AWS knows the call, and how many it took. */
function requestOf({ correction, attempts }: DriftEvent): Html | false {
  const { requestId } = correction ?? {};
  const took = attempts > 1 && `, in ${attempts} attempts`;
  return (
    (requestId !== undefined || attempts > 1) &&
    html`${requestId !== undefined && html`, request ${code(requestId)}`}${took}`
  );
}

/** The pattern of what keeps coming back. */
function contested({ contest, field, change, attribution }: DriftEvent, now: string): Html | false {
  if (contest === undefined) return false;
  const values = contest.values.map((value) => valueText(field, value, LIMITS.shownValueCharacters));
  const asWhat =
    change === "Missing"
      ? ""
      : html` as ${values.map((value, index) => html`${index > 0 && ", "}<code>${value}</code>`)}`;
  const times = contest.times.map((each, index) => html`${index > 0 && ", "}${time(each, now)}`);
  return html`<p class="why">It keeps coming back: put right ${contest.corrections} times since ${time(contest.since, now)} (${times}), and back each time${asWhat}${attribution === undefined && "; by whom is not known"}. The next correction waits for ${durationOf(contest.waitSeconds)}.</p>
`;
}

/** By whom, where AWS's record of the call says it; how sure that is stands in the title. */
function attributed({ attribution }: DriftEvent): Html | false {
  if (attribution === undefined) return false;
  const said = capitalised(whoDidIt(attribution));
  return html`<p class="why" title="${CONFIDENCES[attribution.confidence]}">${said}.</p>
`;
}

function decided({ decision }: DriftEvent, now: string): Html | false {
  if (decision === undefined) return false;
  const { verb, actor, reason } = decision;
  return html`<p class="why">Decided ${time(decision.time, now)}: ${verb}${actor !== undefined && html`, by ${actor}`}${reason !== undefined && html` (${reason})`}.</p>
`;
}

function ending(event: DriftEvent, now: string): Html | string {
  const reporter = event.metadata.annotations?.[REPORTED_BY];
  if (event.state === "Open" && reporter !== undefined) return html`, left as it is by ${code(reporter)}.`;
  if (event.state === "Open") {
    return event.correction === undefined
      ? `, not put right${event.attempts > 0 ? ` in ${counted(event.attempts, "attempt")}` : ""}.`
      : html`; ${code(event.correction.operation)} was sent at ${time(event.correction.time, now)}, not confirmed yet.`;
  }
  if (event.state === "Superseded") return html`, no longer counts: the spec has moved on.`;
  const repaired =
    event.timeToRepairSeconds === undefined ? "" : ` after ${durationOf(event.timeToRepairSeconds)}`;
  return html`, closed${repaired}${event.correction !== undefined && html` by ${code(event.correction.operation)}`}${requestOf(event)}.`;
}
