import { DRIFT_CHANGES, DRIFT_STATES } from "../../model/ledger/drift.ts";
import type { LedgerModel } from "../../model/ledger/past.ts";
import { textOfKey } from "../../model/object.ts";
import { type Html, html } from "../html.ts";
import { page } from "../page.ts";
import { linked, nothing, section } from "../parts.ts";
import { LEDGER, statusPath, withQuery } from "../paths.ts";
import { driftTimeline } from "../sections/drift.ts";
import { hero } from "../sections/hero.ts";
import { counted } from "../words.ts";
import { exportPath, ledgerHeadline, queryOf } from "./ledger-query.ts";

/** `GET /status/all.drift` for people. */
export function ledgerPage(model: LedgerModel): string {
  const { drift, filter, now } = model;
  const path = withQuery(LEDGER, queryOf(filter));
  return page({ title: "Drift ledger · Holdfast", path, trail: [{ name: "Drift" }], context: model }, [
    hero("Drift ledger", ledgerHeadline(model), []),
    section(
      {
        id: "drift",
        title: "Drift",
        count: counted(drift.length, "event"),
        note: "What moved in AWS although no spec did: newest first.",
      },
      [
        filterForm(model),
        drift.length === 0
          ? nothing("Nothing in the ledger matches.")
          : driftTimeline(drift, now, (namespace, name) =>
              linked(textOfKey({ namespace, name }), statusPath(namespace, name)),
            ),
        pages(model),
      ],
    ),
  ]);
}

function filterForm({ filter }: LedgerModel): Html {
  const field = (label: string, name: string, value: string | undefined, hint = "") =>
    html`<label>${label}<input name="${name}" value="${value ?? ""}" placeholder="${hint}" autocomplete="off" spellcheck="false"></label>`;
  const choice = (label: string, name: string, value: string | undefined, choices: readonly string[]) =>
    html`<label>${label}<select name="${name}"><option value="">any</option>${choices.map((each) => html`<option${each === value && html` selected`}>${each}</option>`)}</select></label>`;
  return html`<form class="ledger-filter" method="get" action="${LEDGER}" data-keep>${[
    field("Namespace", "namespace", filter.namespace),
    field("Service", "service", filter.service),
    field("Kind", "kind", filter.resourceKind, "targetGroup"),
    field("Resource", "resource", filter.resource, "targetGroups.web"),
    field("Field", "field", filter.field, "healthCheck.path"),
    choice("State", "state", filter.state, DRIFT_STATES),
    choice("Change", "change", filter.change, DRIFT_CHANGES),
    field("Seen from (UTC)", "since", filter.since, "2026-01-31"),
    field("Seen before (UTC)", "until", filter.until, "2026-02-01T14:00"),
  ]}<button>Show</button></form>`;
}

function pages(model: LedgerModel): Html {
  const query = queryOf(model.filter);
  const next = model.continue;
  return html`<p class="nothing">${next !== undefined && html`<a rel="next" href="${withQuery(LEDGER, { ...query, continue: next })}">Older ones</a> · `}<a href="${withQuery(LEDGER, query)}">Newest</a> · All of them as <a href="${exportPath(model.filter, "csv")}">CSV</a> or <a href="${exportPath(model.filter, "ndjson")}">JSON lines</a></p>`;
}
