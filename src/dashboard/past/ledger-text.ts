import { isReportedOnly } from "../../model/ledger/drift.ts";
import type { LedgerModel } from "../../model/ledger/past.ts";
import type { TextOptions } from "../../model/status-page.ts";
import { capitalised } from "../../model/text/first-letter.ts";
import { whoDidIt } from "../../model/text/who-did-it.ts";
import { textOf } from "../columns.ts";
import { contextLine } from "../context-line.ts";
import { driftMark } from "../marks.ts";
import { LEDGER, withQuery } from "../paths.ts";
import { COLOURS, SIGNS } from "../signs.ts";
import { block } from "../text.ts";
import { clockTime, durationOf, valueText } from "../words.ts";
import { ledgerHeadline, queryOf } from "./ledger-query.ts";

const VALUE_CHARACTERS = 40;

/** `GET /status/all.drift` for terminals. */
export function ledgerText(model: LedgerModel, options: TextOptions = {}): string {
  const { drift, filter, now } = model;
  const { tone, title, details } = ledgerHeadline(model);
  const parts = [
    contextLine(model),
    `${SIGNS[tone]} ${[title, ...details].join(" ")}`,
    driftRows("DRIFT", drift, now),
    ...(model.continue === undefined
      ? []
      : [`Older ones: ${withQuery(LEDGER, { ...queryOf(filter), continue: model.continue })}`]),
  ];
  return textOf(parts, options, COLOURS);
}

/** Drift of several services, with how often it was tried and what was decided. */
export function driftRows(title: string, drift: LedgerModel["drift"], now: string) {
  return block(
    title,
    drift.map((event) => [
      SIGNS[driftMark(event).tone],
      clockTime(event.firstSeenTime, now),
      `${event.metadata.namespace}/${event.service}`,
      event.resource,
      event.change === "Missing" ? "(missing)" : event.field,
      [
        ...(event.change === "Missing"
          ? []
          : [
              `${valueText(event.field, event.after, VALUE_CHARACTERS)} instead of ${valueText(event.field, event.desired, VALUE_CHARACTERS)}.`,
            ]),
        `${event.state === "Open" && isReportedOnly(event) ? driftMark(event).word : event.state}${event.timeToRepairSeconds === undefined ? "" : ` after ${durationOf(event.timeToRepairSeconds)}`}.`,
        ...(event.attribution === undefined ? [] : [`${capitalised(whoDidIt(event.attribution))}.`]),
        ...(event.attempts > 1 ? [`${event.attempts} attempts.`] : []),
        ...(event.contest === undefined
          ? []
          : [`It came back after each of ${event.contest.corrections} corrections.`]),
        ...(event.decision === undefined ? [] : [`Decided: ${event.decision.verb}.`]),
      ].join(" "),
    ]),
  );
}
