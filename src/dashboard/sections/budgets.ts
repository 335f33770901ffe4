/** What routine may take in each Region, what is promised for that, and which service is the oldest. */
import { type FleetBudget, READ_CLASSES, type ReadClass } from "../../model/fleet/freshness.ts";
import { LIMITS } from "../../model/limits.ts";
import { textOfKey } from "../../model/object.ts";
import type { FleetModel } from "../../model/status-page.ts";
import { capitalised } from "../../model/text/first-letter.ts";
import { type Html, html } from "../html.ts";
import { age, cell, leftOut, section, table, word } from "../parts.ts";
import { statusPath } from "../paths.ts";
import { bounded, budgetText, counted, periodOf } from "../words.ts";
import { promiseMark } from "./freshness.ts";

export function budgetsSection({ budgets, now }: FleetModel): Html | false {
  if (budgets.length === 0) return false;
  const { shown, left } = bounded(budgets, LIMITS.rowsPerSection);
  return section(
    { id: "budgets", title: "Freshness", note: "How old what is shown may become, by Region." },
    [
      table(
        "What is promised by Region, and the service that is the oldest",
        ["Region", "Health", "Structure", "Attributes"],
        shown.map((budget) => budgetRow(budget, now)),
      ),
      leftOut(left, "the metrics have them all"),
    ],
  );
}

function budgetRow(budget: FleetBudget, now: string): Html {
  const { region, services } = budget;
  return html`<tr id="budget-${region}">${[
    cell(
      "Region",
      [
        html`${region} <span class="dim">${counted(services, "service")}</span>`,
        html`<p class="why">${budgetText(budget)}</p>`,
      ],
      "prose",
    ),
    ...READ_CLASSES.map((readClass) => cell(capitalised(readClass), promiseOf(budget, readClass, now))),
  ]}</tr>
`;
}

function promiseOf({ promisedSeconds, oldest }: FleetBudget, readClass: ReadClass, now: string): Html {
  const promised = promisedSeconds[readClass];
  const worst = oldest[readClass];
  if (worst === undefined) return html`every ${periodOf(promised)}<p class="why">none compared yet</p>`;
  const { comparedAt, namespace, name } = worst;
  return html`every ${periodOf(promised)} ${word(promiseMark({ comparedAt, promisedSeconds: promised }, now))}<p class="why">oldest ${age(comparedAt, now)}: <a href="${statusPath(namespace, name)}">${textOfKey(worst)}</a></p>`;
}
