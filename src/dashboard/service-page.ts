import { conditionOf } from "../model/conditions.ts";
import type { ServiceModel } from "../model/status-page.ts";
import { oldestRead, stalenessOf } from "./freshness.ts";
import { type Html, html } from "./html.ts";
import { instanceMark } from "./marks.ts";
import { page } from "./page.ts";
import { age, pips } from "./parts.ts";
import { namespacePath, statusPath } from "./paths.ts";
import { activitiesSection, alarmsSection, unownedSection } from "./sections/aws-side.ts";
import { callsSection } from "./sections/calls.ts";
import { conditionsSection } from "./sections/conditions.ts";
import { coverageSection } from "./sections/coverage.ts";
import { commandsSection, specSection } from "./sections/declared.ts";
import { driftSection } from "./sections/drift.ts";
import { eventsSection } from "./sections/events.ts";
import { freshnessSection } from "./sections/freshness.ts";
import { type Fact, hero } from "./sections/hero.ts";
import { instancesSection } from "./sections/instances.ts";
import { lookupsSection } from "./sections/lookups.ts";
import { planSection } from "./sections/plan.ts";
import { inSyncText, resourcesSection } from "./sections/resources.ts";
import { revisionsSection } from "./sections/revisions.ts";
import { rolloutsSection } from "./sections/rollouts.ts";
import { scorecardSection } from "./sections/scorecard.ts";
import { steerSection } from "./sections/steer.ts";
import { topologySection } from "./sections/topology.ts";
import { serviceHeadline, timesOf } from "./service-headline.ts";
import { unreadText } from "./unread.ts";
import { counted, ratioOf } from "./words.ts";

const MOST_PIPS = 60;

/** `GET /status/{namespace}/{name}` for people. */
export function servicePage(model: ServiceModel): string {
  const { namespace, name } = model.service.metadata;
  const headline = serviceHeadline(model);
  const plan = planSection(model);
  const freshness = freshnessSection(model);
  const steer = steerSection(model);
  const unowned = unownedSection(model);
  const lookups = lookupsSection(model);
  const rollouts = rolloutsSection(model);
  return page(
    {
      title: `${namespace}/${name}: ${headline.title}`,
      path: statusPath(namespace, name),
      trail: [{ name: namespace, path: namespacePath(namespace) }, { name }],
      context: model,
      isStale: stalenessOf(timesOf(model), model) !== undefined,
    },
    [
      hero(
        html`<span class="dim">${namespace}/</span>${name}`,
        headline,
        factsOf(model),
        contents({
          steer: steer !== false,
          plan: plan !== false,
          freshness: freshness !== false,
          rollouts: rollouts !== false,
          lookups: lookups !== false,
          unowned: unowned !== false,
        }),
      ),
      plan,
      conditionsSection(model),
      freshness,
      steer,
      topologySection(model),
      instancesSection(model),
      rollouts,
      html`<div class="pair">${[driftSection(model), resourcesSection(model)]}</div>`,
      html`<div class="pair">${[alarmsSection(model), activitiesSection(model)]}</div>`,
      lookups,
      revisionsSection(model),
      coverageSection(model),
      scorecardSection(model),
      unowned,
      html`<div class="pair">${[callsSection(model), eventsSection(model.events, model.now)]}</div>`,
      html`<div class="pair">${[specSection(model), commandsSection(model)]}</div>`,
    ],
  );
}

function contents(
  has: Record<"steer" | "plan" | "freshness" | "rollouts" | "lookups" | "unowned", boolean>,
): Html {
  const entries: [string, string][] = [
    ...(has.plan ? [["plan", "Plan"] as [string, string]] : []),
    ["conditions", "Conditions"],
    ...(has.freshness ? [["freshness", "Freshness"] as [string, string]] : []),
    ...(has.steer ? [["steer", "Steer"] as [string, string]] : []),
    ["topology", "Topology"],
    ["instances", "Instances"],
    ...(has.rollouts ? [["rollouts", "Rollouts"] as [string, string]] : []),
    ["drift", "Drift"],
    ["resources", "Resources"],
    ["alarms", "Alarms"],
    ["activities", "Activities"],
    ...(has.lookups ? [["lookups", "Lookups"] as [string, string]] : []),
    ["revisions", "Revisions"],
    ["coverage", "Coverage"],
    ["scorecard", "Scorecard"],
    ...(has.unowned ? [["unowned", "Not ours"] as [string, string]] : []),
    ["calls", "Calls"],
    ["events", "Events"],
    ["spec", "Spec"],
    ["commands", "Commands"],
  ];
  return html`<nav class="contents" aria-label="On this page"><ul>${entries.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

function factsOf(model: ServiceModel): Fact[] {
  const { service, now } = model;
  const status = service.status;
  const instances = status?.instances ?? [];
  const resources = status?.resources ?? [];
  const open = model.drift.filter((event) => event.state === "Open").length;
  return [
    {
      label: "Instances serving",
      value: servingText(model),
      hint: instances.length <= MOST_PIPS && pips(instances.map((each) => instanceMark(each).tone)),
    },
    { label: "Resources in sync", value: inSyncText(resources) },
    {
      label: "Open drift",
      value: open,
      hint:
        open === 0 && conditionOf(status?.conditions, "Drifted")?.status !== "False"
          ? "not everything was read"
          : `${model.drift.length - open} closed`,
    },
    {
      label: model.freshness === undefined ? "AWS last read" : "Oldest read of AWS",
      value: age(oldestRead(timesOf(model)), now),
      hint: status?.nextPassAt !== undefined && html`next pass ${age(status.nextPassAt, now)}`,
    },
    {
      label: "Generation",
      value: service.metadata.generation,
      hint: status === undefined ? "not looked at" : `${status.observedGeneration} looked at`,
    },
    {
      label: "Address",
      value: html`<span class="mono address">${status?.dnsName ?? "none yet"}</span>`,
      hint: waitingFor(model),
    },
  ];
}

function servingText({ service: { status } }: ServiceModel): string {
  const instances = status?.instances ?? [];
  const count = (serving: string) => instances.filter((instance) => instance.serving === serving).length;
  if (
    instances.length === 0 &&
    (status === undefined || unreadText(status, "autoScalingGroup") !== undefined)
  )
    return "?";
  return ratioOf(count("yes"), count("unknown"), instances.length);
}

/** A fact has room for so many; of more, plan and resources tell. */
const WAITS_TOLD = 2;

function waitingFor({ service }: ServiceModel): string | false {
  const waiting = service.status?.waitingFor ?? [];
  if (waiting.length === 0) return false;
  return waiting.length > WAITS_TOLD ? `${counted(waiting.length, "step")} waiting` : waiting.join("; ");
}
