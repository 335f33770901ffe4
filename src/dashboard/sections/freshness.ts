/** When each class of reads of a service was compared, and what is promised. */
import { READ_CLASSES, type ReadClass } from "../../model/fleet/freshness.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { PROMISE_SLACK } from "../freshness.ts";
import { type Html, html } from "../html.ts";
import type { Mark } from "../marks.ts";
import { age, cell, section, table, word } from "../parts.ts";
import { periodOf } from "../words.ts";

const TELLS: Readonly<Record<ReadClass, string>> = {
  health: "whether targets and instances serve",
  structure: "what is there, and how it hangs together",
  attributes: "what else is set on it",
};

/** A class as it stands now. */
export interface ClassRow {
  readonly readClass: ReadClass;
  readonly comparedAt?: string;
  readonly promisedSeconds: number;
  readonly mark: Mark;
}

/** Each class with its verdict; none where nothing of it is known. */
export function classRows({ freshness, now }: Pick<ServiceModel, "freshness" | "now">): ClassRow[] {
  if (freshness === undefined) return [];
  return READ_CLASSES.map((readClass) => ({
    readClass,
    ...freshness[readClass],
    mark: promiseMark(freshness[readClass], now),
  }));
}

/** Whether a promise is kept. */
export function promiseMark(
  { comparedAt, promisedSeconds }: { readonly comparedAt?: string; readonly promisedSeconds: number },
  now: string,
): Mark {
  if (comparedAt === undefined) return { tone: "unknown", word: "Not yet" };
  const ageSeconds = (Date.parse(now) - Date.parse(comparedAt)) / 1_000;
  return ageSeconds > PROMISE_SLACK * promisedSeconds
    ? { tone: "unknown", word: "Stale" }
    : { tone: "ok", word: "As promised" };
}

export function freshnessSection(model: ServiceModel): Html | false {
  const rows = classRows(model);
  if (rows.length === 0) return false;
  return section(
    { id: "freshness", title: "Freshness", note: "How old what this page says may be, and is." },
    table(
      "When each class was compared",
      ["Class", "Compared", "Promised", "State"],
      rows.map(
        ({ readClass, comparedAt, promisedSeconds, mark }) =>
          html`<tr id="freshness-${readClass}">${[
            cell("Class", html`${readClass} <span class="dim">${TELLS[readClass]}</span>`),
            cell("Compared", comparedAt === undefined ? "not yet" : age(comparedAt, model.now)),
            cell("Promised", `every ${periodOf(promisedSeconds)}`),
            cell("State", word(mark)),
          ]}</tr>
`,
      ),
    ),
  );
}
