import { LIMITS } from "../../model/limits.ts";
import type { CloudSummary, FleetModel } from "../../model/status-page.ts";
import { eventFlowText } from "../event-flow-text.ts";
import { type Html, html } from "../html.ts";
import type { Mark } from "../marks.ts";
import { age, cell, code, nothing, section, table, word } from "../parts.ts";
import { bounded } from "../words.ts";

const CIRCUIT_MARKS: Record<CloudSummary["circuit"], Mark> = {
  closed: { tone: "ok", word: "Calls go out" },
  "half-open": { tone: "info", word: "One call tries" },
  open: { tone: "bad", word: "Held back" },
};

export function cloudsSection(model: FleetModel): Html {
  const { shown } = bounded(model.clouds, LIMITS.rowsPerSection);
  return section(
    {
      id: "clouds",
      title: "AWS APIs",
      note: "Since the daemon started. Whatever fails again and again is held back.",
    },
    [
      model.clouds.length === 0
        ? nothing("Not called yet.")
        : table(
            "AWS APIs by Region",
            ["API", "Circuit", "Calls", "Throttled", "Failed"],
            shown.map((cloud) => cloudRow(cloud, model.now)),
          ),
      model.eventFlow !== undefined &&
        html`<p id="events-flow">${eventFlowText(model.eventFlow, model.now)}</p>`,
    ],
  );
}

function cloudRow(cloud: CloudSummary, now: string): Html {
  return html`<tr id="cloud-${cloud.region}/${cloud.api}">${[
    cell("API", [code(cloud.api), html` <span class="dim">${cloud.region}</span>`]),
    cell("Circuit", [
      word(CIRCUIT_MARKS[cloud.circuit]),
      cloud.since !== undefined && html`<span class="why"> ${age(cloud.since, now)}</span>`,
    ]),
    cell("Calls", number(cloud.calls), "num"),
    cell("Throttled", shareOf(cloud.throttledCalls, cloud.calls), "num"),
    cell("Failed", shareOf(cloud.failedCalls, cloud.calls), "num"),
  ]}</tr>
`;
}

function shareOf(part: number, whole: number): Html | string {
  if (part === 0 || whole === 0) return number(part);
  const percent = (100 * part) / whole;
  return html`<strong>${number(part)}</strong> <span class="dim">${percent < 0.1 ? "< 0.1" : percent.toFixed(1)} %</span>`;
}

function number(count: number): string {
  return count.toLocaleString("en-GB");
}
