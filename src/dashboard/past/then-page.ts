import type { FleetOfThen, ServiceOfThen } from "../../model/ledger/past.ts";
import { textOfKey } from "../../model/object.ts";
import { type AlarmRow, isRinging } from "../../model/status.ts";
import { type Html, html } from "../html.ts";
import { alarmMark, conditionMark } from "../marks.ts";
import { page } from "../page.ts";
import { cell, code, leftOut, linked, nothing, section, table, time, word } from "../parts.ts";
import { namespacePath, statusPath, withQuery } from "../paths.ts";
import { driftTimeline } from "../sections/drift.ts";
import { hero } from "../sections/hero.ts";
import { bounded, counted } from "../words.ts";
import { fleetHeadlineOfThen, serviceHeadlineOfThen } from "./then-headline.ts";

/** `GET /status?at=` for people. It does not move, so it is not kept current. */
export function fleetOfThenPage(model: FleetOfThen): string {
  const { asOf, namespace, services, notRecorded } = model;
  const path = namespace === undefined ? "/status" : namespacePath(namespace);
  const { shown, left } = bounded(notRecorded, 100);
  const trail = namespace === undefined ? [] : [{ name: namespace, path }];
  return page(
    { ...frameOf(model, `Fleet as of ${asOf}`), path, trail: [...trail, { name: `as of ${asOf}` }] },
    [
      banner(asOf, path),
      hero(namespace ?? "Fleet", fleetHeadlineOfThen(model), []),
      section(
        { id: "services", title: "Services", count: model.totalServices },
        services.length === 0
          ? nothing("None was recorded then.")
          : [
              table(
                "Services as they were then, by name",
                ["Service", "Conditions", "Alarms", "Generation", "Since"],
                services.map((service) => {
                  const { namespace: within, name } = service;
                  return html`<tr>${[
                    cell(
                      "Service",
                      html`<a class="name" href="${withQuery(statusPath(within, name), { at: asOf })}">${textOfKey(service)}</a>`,
                      "wide",
                    ),
                    cell("Conditions", conditionsOf(service), "prose"),
                    cell("Alarms", alarmsOf(service.alarms)),
                    cell("Generation", generationOf(service), "num"),
                    cell("Since", time(service.since, model.now), "num"),
                  ]}</tr>
`;
                }),
              ),
              leftOut(model.totalServices - services.length, "ask for one namespace, or one service"),
            ],
      ),
      notRecorded.length > 0 &&
        section({ id: "not-recorded", title: "Not recorded", count: notRecorded.length }, [
          html`<p class="prose">These services were there, and how they were was not recorded: ${shown.map(textOfKey).join(", ")}.</p>`,
          leftOut(left, path),
        ]),
      driftOf(model, (within, name) =>
        linked(textOfKey({ namespace: within, name }), withQuery(statusPath(within, name), { at: asOf })),
      ),
    ],
  );
}

/** `GET /status/{namespace}/{name}?at=` for people. */
export function serviceOfThenPage(model: ServiceOfThen): string {
  const { asOf, service, now } = model;
  const { namespace, name } = service;
  const path = statusPath(namespace, name);
  return page(
    {
      ...frameOf(model, `${textOfKey(service)} as of ${asOf}`),
      path,
      trail: [
        { name: namespace, path: withQuery(namespacePath(namespace), { at: asOf }) },
        model.isGone ? { name } : { name, path },
        { name: `as of ${asOf}` },
      ],
    },
    [
      banner(asOf, model.isGone ? undefined : path),
      hero(html`<span class="dim">${namespace}/</span>${name}`, serviceHeadlineOfThen(model), [
        { label: "Generation", value: generationOf(service) },
        {
          label: "In this state",
          value: html`since ${time(service.since, now)}`,
          hint: service.until === undefined ? "until now" : html`until ${time(service.until, now)}`,
        },
      ]),
      section(
        { id: "conditions", title: "Conditions" },
        service.conditions.length === 0
          ? nothing("It had not been looked at yet.")
          : table(
              "Conditions as they were then",
              ["Condition", "Reason", "Since"],
              service.conditions.map(
                (condition) => html`<tr>${[
                  cell("Condition", word(conditionMark(condition))),
                  cell(
                    "Reason",
                    [code(condition.reason), html`<p class="why">${condition.message}</p>`],
                    "prose",
                  ),
                  cell("Since", time(condition.lastTransitionTime, now), "num"),
                ]}</tr>
`,
              ),
            ),
      ),
      section({ id: "alarms", title: "Alarms", count: service.alarms.length }, alarmsTable(service.alarms)),
      driftOf(model),
    ],
  );
}

function frameOf(context: FleetOfThen | ServiceOfThen, title: string) {
  return { title: `${title} · Holdfast`, context, isStale: true, isStill: true } as const;
}

/** Nobody is to take it for the present. */
function banner(asOf: string, path: string | undefined): Html {
  return html`<p class="as-of" role="note"><strong>As of <time datetime="${asOf}">${asOf}</time>.</strong> What was recorded then, and not how it is now.${path !== undefined && html` <a href="${path}">Now</a>`}</p>`;
}

function conditionsOf({ conditions }: FleetOfThen["services"][number]): Html | Html[] {
  if (conditions.length === 0) return html`<span class="dim">not looked at yet</span>`;
  return conditions.map((condition) => html`${word(conditionMark(condition), condition.reason)} `);
}

function generationOf(service: FleetOfThen["services"][number]): string {
  const { generation, observedGeneration } = service;
  if (observedGeneration === generation) return String(generation);
  return `${generation} (${observedGeneration === undefined ? "none" : observedGeneration} looked at)`;
}

function alarmsOf(alarms: readonly AlarmRow[]): Html {
  const ringing = alarms.filter(isRinging).map(({ key }) => key);
  return ringing.length === 0
    ? html`<span class="dim">${counted(alarms.length, "alarm")}, none in ALARM</span>`
    : html`${word({ tone: "bad", word: `${ringing.length} in ALARM` }, ringing.join(", "))}`;
}

function alarmsTable(alarms: readonly AlarmRow[]): Html {
  if (alarms.length === 0) return nothing("None was recorded.");
  return table(
    "Alarms as they were then",
    ["Alarm", "State", "Why"],
    alarms.map(
      (alarm) =>
        html`<tr>${[cell("Alarm", code(alarm.key)), cell("State", word(alarmMark(alarm))), cell("Why", alarm.reason ?? "", "prose")]}</tr>
`,
    ),
  );
}

function driftOf(
  { drift, asOf, driftKeptSince }: FleetOfThen | ServiceOfThen,
  serviceName?: Parameters<typeof driftTimeline>[2],
): Html {
  return section(
    {
      id: "drift",
      title: "Drift that was open",
      count: drift.length,
      note: "With what AWS held when each was last seen, and what became of it.",
    },
    [
      driftKeptSince !== undefined &&
        html`<p class="prose">The ledger is complete since <time datetime="${driftKeptSince}">${driftKeptSince}</time>: of earlier drift some may be forgotten.</p>`,
      drift.length === 0 ? nothing("None is recorded.") : driftTimeline(drift, asOf, serviceName),
    ],
  );
}
