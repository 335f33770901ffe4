/** Which services a page of the fleet shows, and in which order: the same for people, programs and terminals. */
import { LIMITS } from "../model/limits.ts";
import type { FleetModel, ServiceSummary } from "../model/status-page.ts";
import { attentionOf, inTheWay, standingOf } from "./fleet-headline.ts";
import { conditionMark } from "./marks.ts";

/** All that match what was searched for, those that need attention first. */
export function matchingServices(model: FleetModel): readonly ServiceSummary[] {
  const { filter } = model;
  const { ordered } = standingOf(model);
  if (filter === undefined) return ordered;
  const words = filter.text.toLowerCase().split(/\s+/);
  return ordered.filter((service) => {
    if (filter.needsAttention && attentionOf(service, model).need === "ready") return false;
    if (filter.text === "") return true;
    const text = searchedText(service, model);
    return words.every((word) => text.includes(word));
  });
}

/** The model as programs get it: as many services as a page shows, and how many there are. */
export function fleetJson(model: FleetModel): object {
  const matching = matchingServices(model);
  return {
    ...model,
    services: matching.slice(0, LIMITS.servicesPerPage),
    matchingServices: matching.length,
    totalServices: model.services.length,
  };
}

/** What the row of a service says, and its address. */
function searchedText(service: ServiceSummary, model: FleetModel): string {
  const obstacle = inTheWay(service);
  const complaints = service.conditions.map(conditionMark).filter(({ tone }) => tone !== "ok");
  return [
    `${service.namespace}/${service.name}`,
    service.region,
    ...Object.entries(service.labels).map(([name, value]) => `${name}=${value}`),
    attentionOf(service, model).word,
    ...service.ringingAlarms,
    service.paused ? "Paused" : "",
    service.observed === true ? "Observed only" : "",
    ...complaints.map(({ word }) => word),
    obstacle === undefined ? "" : `${obstacle.reason}: ${obstacle.message}`,
    service.dnsName ?? "",
  ]
    .join(" ")
    .toLowerCase();
}
