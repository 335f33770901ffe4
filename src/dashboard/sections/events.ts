import type { CoreEvent } from "../../model/events.ts";
import { LIMITS } from "../../model/limits.ts";
import { hoverText, legend, linkedReason } from "../explanation.ts";
import { type Html, html, type Part } from "../html.ts";
import { age, cell, history, leftOut, nothing, section, word } from "../parts.ts";
import { bounded } from "../words.ts";
import type { ServiceName } from "./drift.ts";

/** What happened, newest first; with the object's name where several are mixed. */
export function eventsSection(
  events: readonly CoreEvent[],
  now: string,
  { serviceName, most }: { serviceName?: ServiceName; most: number } = { most: LIMITS.rowsPerSection },
): Html {
  const { shown, left } = bounded(events, most);
  const columns = ["Last", ...(serviceName === undefined ? [] : ["Service"]), "Reason", "Message"];
  return section(
    { id: "events", title: "Events" },
    events.length === 0
      ? nothing("None.")
      : [
          history(
            { id: "events", caption: "Events", columns },
            shown.map((event) => eventRow(event, now, serviceName)),
          ),
          leftOut(left, "/api/v1/events"),
          legend(
            "events-reasons",
            shown.map((event) => event.reason),
          ),
        ],
  );
}

function eventRow(event: CoreEvent, now: string, serviceName: ServiceName | undefined): Html {
  const tone = event.type === "Warning" ? "warn" : "idle";
  return html`<tr id="event-${event.metadata.namespace}/${event.metadata.name}">${[
    cell("Last", age(event.lastTimestamp, now), "num"),
    serviceName !== undefined && cell("Service", subjectOf(event, serviceName)),
    cell("Reason", [
      linkedReason(event.reason, word({ tone, word: event.reason }, hoverText(event.reason))),
      event.count > 1 && html` <span class="count">×${event.count}</span>`,
    ]),
    cell("Message", event.message, "prose"),
  ]}</tr>
`;
}

/** The pause for all is about each of them. */
function subjectOf({ involvedObject }: CoreEvent, serviceName: ServiceName): Part {
  const { kind, namespace, name } = involvedObject;
  return kind === "Pause" ? "all" : serviceName(namespace, name);
}
