import { textOfKey } from "../model/object.ts";
import type { FleetModel } from "../model/status-page.ts";
import { attentionOf, fleetHeadline, READY_NEEDS, standingOf } from "./fleet-headline.ts";
import { type Html, html } from "./html.ts";
import { page } from "./page.ts";
import { age, leftOut, linked, nothing, pips, section } from "./parts.ts";
import { namespacePath, statusPath } from "./paths.ts";
import { budgetsSection } from "./sections/budgets.ts";
import { cloudsSection } from "./sections/clouds.ts";
import { driftTimeline, ledgerLink, type ServiceName } from "./sections/drift.ts";
import { eventsSection } from "./sections/events.ts";
import { fleetTable } from "./sections/fleet-table.ts";
import { freezesSection } from "./sections/freezes.ts";
import { type Fact, hero } from "./sections/hero.ts";
import { steerAllSection } from "./sections/steer.ts";
import { bounded, ratioOf } from "./words.ts";

/** Rows of drift and of events: the pages of the services have them all. */
const RECENT = 12;
const MOST_PIPS = 60;

/** `GET /status` for people. */
export function fleetPage(model: FleetModel): string {
  const { namespace } = model;
  const headline = fleetHeadline(model);
  const serviceName = namesOf(model);
  const frame = {
    title: `${headline.title} · Holdfast`,
    path: namespace === undefined ? "/status" : namespacePath(namespace),
    trail: namespace === undefined ? [] : [{ name: namespace }],
    context: model,
  };
  return page(frame, [
    hero(namespace ?? "Fleet", headline, factsOf(model)),
    freezesSection(model),
    fleetTable(model),
    steerAllSection(model),
    html`<div class="pair">${[
      recentDrift(model, serviceName),
      html`<div class="stack">${[
        budgetsSection(model),
        cloudsSection(model),
        eventsSection(model.events, model.now, { serviceName, most: RECENT }),
      ]}</div>`,
    ]}</div>`,
  ]);
}

/** A service by its name, which leads to its page as long as there is one. */
function namesOf(model: FleetModel): ServiceName {
  const { keys } = standingOf(model);
  return (namespace, name) => {
    const key = textOfKey({ namespace, name });
    return linked(key, keys.has(key) ? statusPath(namespace, name) : undefined);
  };
}

function factsOf(model: FleetModel): Fact[] {
  const { services, queue } = model;
  const { ordered, needs, instances, ringingAlarms, openDrift } = standingOf(model);
  const ready = READY_NEEDS.reduce((total, need) => total + needs[need], 0);
  return [
    {
      label: "Services ready",
      value: `${ready} of ${services.length}`,
      hint: services.length <= MOST_PIPS && pips(ordered.map((each) => attentionOf(each, model).tone)),
    },
    {
      label: "Instances serving",
      value: ratioOf(instances.serving, instances.unknown, instances.total),
    },
    { label: "Alarms ringing", value: ringingAlarms },
    { label: "Open drift", value: openDrift },
    { label: "Oldest read of AWS", value: oldestOfAll(model) },
    {
      label: "Passes",
      value: `${queue.running} running`,
      hint: `${queue.waiting} waiting · ${queue.scheduled} scheduled`,
    },
    {
      label: "Calls throttled",
      value: model.clouds.reduce((total, cloud) => total + cloud.throttledCalls, 0).toLocaleString("en-GB"),
      hint: `of ${model.clouds.reduce((total, cloud) => total + cloud.calls, 0).toLocaleString("en-GB")}`,
    },
  ];
}

function oldestOfAll(model: FleetModel): Html | string {
  return model.services.length === 0 ? "–" : age(standingOf(model).oldestRead, model.now);
}

function recentDrift(model: FleetModel, serviceName: ServiceName): Html {
  const { shown, left } = bounded(model.drift, RECENT);
  return section(
    { id: "drift", title: "Recent drift", note: "What moved in AWS although no spec did." },
    model.drift.length === 0
      ? nothing("No drift is recorded.")
      : [
          driftTimeline(shown, model.now, serviceName),
          leftOut(left, "/apis/holdfast.dev/v1/driftevents"),
          ledgerLink(model.namespace === undefined ? {} : { namespace: model.namespace }),
        ],
  );
}
