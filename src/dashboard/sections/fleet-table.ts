import { conditionOf } from "../../model/conditions.ts";
import { LIMITS } from "../../model/limits.ts";
import type { FleetModel, ServiceSummary } from "../../model/status-page.ts";
import { namesAndMore } from "../../model/text/names-and-more.ts";
import { reasonCode } from "../explanation.ts";
import { type Attention, attentionOf, inTheWay } from "../fleet-headline.ts";
import { matchingServices } from "../fleet-view.ts";
import { stalenessOf, worstClass } from "../freshness.ts";
import { type Html, html } from "../html.ts";
import { conditionMark, type Mark, RESOURCE_STATES, resourceMark, type Tone } from "../marks.ts";
import { age, cell, leftOut, nothing, pill, pips, section, table, word } from "../parts.ts";
import { namespacePath, statusPath } from "../paths.ts";
import { bounded, periodOf, ratioOf } from "../words.ts";

/** More instances than this are only counted. */
const MOST_PIPS = 12;
const MOST_NAMED = 3;
/** Of all namespaces; each answer says where the next one begins. */
const LIST = "/apis/holdfast.dev/v1/webservices";

export function fleetTable(model: FleetModel): Html {
  const { filter, services } = model;
  const matching = matchingServices(model);
  const { shown, left } = bounded(matching, LIMITS.servicesPerPage);
  return section(
    {
      id: "services",
      title: "Services",
      count: filter === undefined ? services.length : `${matching.length} of ${services.length}`,
      note: filterForm(model),
    },
    matching.length === 0
      ? nothing(services.length === 0 ? "None yet." : "No service matches.")
      : [
          table(
            "Services, those that need attention first",
            ["Service", "State", "Serving", "Drift", "Resources", "Compared"],
            shown.map((service) => serviceRow(service, model)),
          ),
          leftOut(
            left,
            html`look for them by name, label or reason; the API has them all: <a href="${LIST}?limit=500">${LIST}</a>, page by page`,
          ),
        ],
  );
}

/** A search on the server: over all services, also those that the page has no room for. The script sends it while one types. */
function filterForm({ filter, namespace }: FleetModel): Html {
  const path = namespace === undefined ? "/status" : namespacePath(namespace);
  return html`<form id="filter" role="search" method="get" action="${path}" data-keep><label><span class="unseen">Filter services</span><input type="search" name="filter" value="${filter?.text ?? ""}" placeholder="Filter by name, label, reason" autocomplete="off" spellcheck="false"></label><label class="check"><input type="checkbox" name="attention" value="yes"${filter?.needsAttention === true && html` checked`}>Needs attention</label><button>Filter</button></form>`;
}

function serviceRow(service: ServiceSummary, model: FleetModel): Html {
  const attention = attentionOf(service, model);
  const obstacle = inTheWay(service);
  const stale = stalenessOf(service, model);
  const { now } = model;
  return html`<tr id="service-${service.namespace}/${service.name}" class="${stale === undefined ? "" : "stale"}">${[
    cell(
      "Service",
      [
        html`<a class="name" href="${statusPath(service.namespace, service.name)}"><span class="dim">${service.namespace}/</span>${service.name}</a>`,
        html`<p class="why">${service.region}${labelsOf(service)}</p>`,
      ],
      "wide",
    ),
    cell(
      "State",
      [
        pill(attention),
        html` ${otherConditions(service, attention)}`,
        obstacle !== undefined &&
          html`<p class="why">${reasonCode(obstacle.reason)}: ${obstacle.message}</p>`,
        service.ringingAlarms.length > 0 &&
          html`<p class="why">In ALARM: ${namesAndMore(service.ringingAlarms, MOST_NAMED)}</p>`,
        stale !== undefined && html`<p class="why">${stale}</p>`,
      ],
      "prose",
    ),
    cell("Serving", servingOf(service), "serving"),
    cell("Drift", word(driftMark(service))),
    cell("Resources", resourcesOf(service)),
    cell(
      "Compared",
      [comparedOf(service, now), isBehind(service) && html`<p class="why">spec is newer</p>`],
      "num",
    ),
  ]}</tr>
`;
}

function labelsOf(service: ServiceSummary): Html[] {
  return Object.entries(service.labels).map(
    ([name, value]) => html` <span class="label">${name}=${value}</span>`,
  );
}

/** Ready speaks for the rest: of the others, only what is not as it should be. */
function otherConditions(service: ServiceSummary, attention: Attention): Html[] {
  const marks = service.conditions
    .filter((condition) => condition.type !== "Ready")
    .map(conditionMark)
    .filter((each) => each.tone !== "ok" && each.word !== attention.word);
  const paused = service.paused ? [{ tone: "info", word: "Paused" } as const] : [];
  const observed = service.observed === true ? [{ tone: "info", word: "Observed only" } as const] : [];
  return [...paused, ...observed, ...marks].map((each) => html`${word(each)} `);
}

/** Where not everything was read, that nothing has drifted is not known. */
function driftMark({ openDrift, conditions }: ServiceSummary): Mark {
  if (openDrift > 0) return { tone: "warn", word: `${openDrift} open` };
  return conditionOf(conditions, "Drifted")?.status === "False"
    ? { tone: "ok", word: "none" }
    : { tone: "unknown", word: "unknown" };
}

function servingOf({ instances, unread }: ServiceSummary): Html {
  const { serving, starting, apart, unknown, total } = instances;
  if (total === 0 && unread.includes("autoScalingGroup")) return html`<span class="ratio">?</span>`;
  const tones: Tone[] = [
    ...Array<Tone>(serving).fill("ok"),
    ...Array<Tone>(starting).fill("info"),
    ...Array<Tone>(apart).fill("idle"),
    ...Array<Tone>(unknown).fill("unknown"),
    ...Array<Tone>(Math.max(0, total - serving - starting - apart - unknown)).fill("bad"),
  ];
  return html`<span class="ratio">${ratioOf(serving, unknown, total, "/")}</span>${total <= MOST_PIPS && pips(tones)}${unknown > 0 && html`<p class="why">${unknown} unknown</p>`}`;
}

function resourcesOf({ resources }: ServiceSummary): Html {
  const present = RESOURCE_STATES.filter((state) => (resources[state] ?? 0) > 0);
  if (present.length === 0) return html`<span class="dim">none yet</span>`;
  return html`${present.map((state) => {
    const mark = resourceMark(state);
    return html`<span class="state-count">${word({ tone: mark.tone, word: `${resources[state]} ${mark.word.toLowerCase()}` })}</span> `;
  })}`;
}

/** The class that is furthest through its time; where none is known, the last pass that read everything. */
function comparedOf({ freshness, observedAt }: ServiceSummary, now: string): Html {
  if (freshness === undefined) return age(observedAt, now);
  const { readClass, comparedAt, promisedSeconds } = worstClass(freshness);
  return html`${readClass} ${comparedAt === undefined ? "not yet" : age(comparedAt, now)}<p class="why">promised every ${periodOf(promisedSeconds)}</p>`;
}

function isBehind(service: ServiceSummary): boolean {
  return service.observedGeneration !== undefined && service.observedGeneration < service.generation;
}
