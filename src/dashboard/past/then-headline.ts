import { conditionOf } from "../../model/conditions.ts";
import type { StateOfThen } from "../../model/ledger/history.ts";
import type { FleetOfThen, ServiceOfThen } from "../../model/ledger/past.ts";
import type { Headline } from "../service-headline.ts";
import { counted, sentence } from "../words.ts";

export function fleetHeadlineOfThen({ asOf, services, totalServices, notRecorded }: FleetOfThen): Headline {
  const ready = services.filter(
    ({ conditions }) => conditionOf(conditions, "Ready")?.status === "True",
  ).length;
  const isPart = services.length < totalServices;
  return {
    tone: "info",
    title: `As of ${asOf}: ${isPart ? `of the first ${services.length} of ${totalServices} services` : `of ${counted(totalServices, "service")}`} ${ready} ready.`,
    details: notRecorded.length === 0 ? [] : [`Of ${notRecorded.length} more nothing was recorded.`],
  };
}

export function serviceHeadlineOfThen({ asOf, service, isGone }: ServiceOfThen): Headline {
  return {
    tone: "info",
    title: `As of ${asOf}: ${readyThen(service)}`,
    details: [
      ...(service.deletionTimestamp === undefined ? [] : ["Its deletion was under way."]),
      ...(isGone ? ["It is not there any more."] : []),
    ],
  };
}

function readyThen({ conditions }: StateOfThen): string {
  const ready = conditionOf(conditions, "Ready");
  if (ready === undefined) return "it had not been looked at yet.";
  if (ready.status === "True") return "ready.";
  const word = ready.status === "Unknown" ? "not known to be ready" : "not ready";
  return `${word}: ${sentence(ready.message)}`;
}
