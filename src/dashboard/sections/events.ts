import type { CoreEvent } from "../../model/events.ts";
import { LIMITS } from "../../model/limits.ts";
import { hoverText, legend } from "../explanation.ts";
import { type Html, html } from "../html.ts";
import { age, cell, leftOut, nothing, section, table, word } from "../parts.ts";
import { bounded } from "../words.ts";

/** What happened, newest first; with the object's name where several are mixed. */
export function eventsSection(
  events: readonly CoreEvent[],
  now: string,
  { withService, most }: { withService: boolean; most: number } = {
    withService: false,
    most: LIMITS.rowsPerSection,
  },
): Html {
  const { shown, left } = bounded(events, most);
  const columns = ["Last", ...(withService ? ["Service"] : []), "Reason", "Message"];
  return section(
    { id: "events", title: "Events" },
    events.length === 0
      ? nothing("None.")
      : [
          table(
            "Events",
            columns,
            shown.map((event) => eventRow(event, now, withService)),
          ),
          leftOut(left, "/api/v1/events"),
          legend(
            "events-reasons",
            shown.map((event) => event.reason),
          ),
        ],
  );
}

function eventRow(event: CoreEvent, now: string, withService: boolean): Html {
  const tone = event.type === "Warning" ? "warn" : "idle";
  return html`<tr id="event-${event.metadata.namespace}/${event.metadata.name}">${[
    cell("Last", age(event.lastTimestamp, now), "num"),
    withService && cell("Service", `${event.involvedObject.namespace}/${event.involvedObject.name}`),
    cell("Reason", [
      word({ tone, word: event.reason }, hoverText(event.reason)),
      event.count > 1 && html` <span class="count">×${event.count}</span>`,
    ]),
    cell("Message", event.message, "prose"),
  ]}</tr>
`;
}
