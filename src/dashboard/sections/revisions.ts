/** What was wanted when, by whom and why, what each changed, and the way back. */
import { LIMITS } from "../../model/limits.ts";
import type { RevisionDifference } from "../../model/revision.ts";
import type { RevisionRow, ServiceModel } from "../../model/status-page.ts";
import { type Html, html, type Part } from "../html.ts";
import { age, leftOut, nothing, section } from "../parts.ts";
import { bounded, counted, valueText } from "../words.ts";
import { rollbackForm } from "./steer.ts";

export function revisionsSection(model: ServiceModel): Html {
  return section(
    { id: "revisions", title: "Revisions", note: "What was wanted when; the newest of those that are kept." },
    model.revisions.length === 0
      ? nothing("None is kept.")
      : html`<ol class="plan">${model.revisions.map((row) => revisionItem(model, row))}</ol>`,
  );
}

function revisionItem(model: ServiceModel, row: RevisionRow): Html {
  const { generation, time, actor, cause, isCurrent } = row;
  return html`<li id="revision-${generation}" class="planned"><p><span class="verb">Generation ${generation}</span>${isCurrent && " (what is wanted now)"}, ${age(time, model.now)}${actor !== undefined && html` by <strong>${actor}</strong>`}${cause !== undefined && html`: ${cause}`}</p>
${changesOf(row)}
${!isCurrent && model.forms !== undefined && html`<details id="rollback-${generation}"><summary>Roll back</summary>${rollbackForm(model, generation)}</details>`}</li>
`;
}

function changesOf({ generation, differences }: RevisionRow): Part {
  if (differences === undefined) return html`<p class="why">The one before it is not kept.</p>`;
  if (differences.length === 0) return html`<p class="why">Nothing of the spec itself was changed.</p>`;
  return html`<details id="revision-${generation}-changes"><summary>${counted(differences.length, "change")}</summary>${differenceList(differences, "GET …/revisions/{generation}/diff")}</details>`;
}

/** @param where the rest of a long list stands */
export function differenceList(differences: readonly RevisionDifference[], where: string): Html {
  const { shown, left } = bounded(differences, LIMITS.rowsPerSection);
  const value = (path: string, of: Parameters<typeof valueText>[1] | undefined) =>
    valueText(path, of ?? null, LIMITS.shownValueCharacters);
  return html`<ul class="differences">${shown.map(
    ({ path, before, after }) =>
      html`<li><code>${path}</code> <del>${value(path, before)}</del> → <ins>${value(path, after)}</ins></li>`,
  )}</ul>${leftOut(left, where)}`;
}
