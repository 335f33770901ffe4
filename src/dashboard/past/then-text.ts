import type { StateOfThen } from "../../model/ledger/history.ts";
import type { FleetOfThen, ServiceOfThen } from "../../model/ledger/past.ts";
import { textOfKey } from "../../model/object.ts";
import { isRinging } from "../../model/status.ts";
import type { TextOptions } from "../../model/status-page.ts";
import { textOf } from "../columns.ts";
import { contextLine } from "../context-line.ts";
import { alarmMark, conditionMark } from "../marks.ts";
import { COLOURS, SIGNS } from "../signs.ts";
import { block } from "../text.ts";
import { clockTime } from "../words.ts";
import { driftRows } from "./ledger-text.ts";
import { fleetHeadlineOfThen, serviceHeadlineOfThen } from "./then-headline.ts";

/** `GET /status?at=` for terminals. */
export function fleetOfThenText(model: FleetOfThen, options: TextOptions = {}): string {
  const { asOf, services, notRecorded } = model;
  const { title, details } = fleetHeadlineOfThen(model);
  const parts = [
    contextLine(model),
    asOfLine(asOf),
    `${SIGNS.info} ${[title, ...details].join(" ")}`,
    block(
      "SERVICES",
      services.length === 0
        ? []
        : [
            ["SERVICE", "GENERATION", "IN ALARM", "CONDITIONS"],
            ...services.map((service) => [
              textOfKey(service),
              String(service.generation),
              String(service.alarms.filter(isRinging).length),
              service.conditions.map((condition) => conditionMark(condition).word).join(", ") ||
                "not looked at yet",
            ]),
          ],
    ),
    block(
      "NOT RECORDED",
      notRecorded.slice(0, 100).map((key) => [SIGNS.unknown, textOfKey(key)]),
    ),
    ...driftOfThen(model),
  ];
  return textOf(parts, options, COLOURS);
}

/** `GET /status/{namespace}/{name}?at=` for terminals. */
export function serviceOfThenText(model: ServiceOfThen, options: TextOptions = {}): string {
  const { asOf, service, now } = model;
  const { title, details } = serviceHeadlineOfThen(model);
  const parts = [
    contextLine(model),
    asOfLine(asOf),
    textOfKey(service),
    `${SIGNS.info} ${[title, ...details].join(" ")}`,
    spanOf(service),
    block(
      "CONDITIONS",
      service.conditions.map((condition) => {
        const mark = conditionMark(condition);
        return [
          SIGNS[mark.tone],
          mark.word,
          clockTime(condition.lastTransitionTime, now),
          condition.reason,
          condition.message,
        ];
      }),
    ),
    block(
      "ALARMS",
      service.alarms.map((alarm) => [
        SIGNS[alarmMark(alarm).tone],
        alarmMark(alarm).word,
        alarm.key,
        alarm.reason ?? "",
      ]),
    ),
    ...driftOfThen(model),
  ];
  return textOf(parts, options, COLOURS);
}

function asOfLine(asOf: string): string {
  return `AS OF ${asOf}: what was recorded then, and not how it is now.`;
}

function spanOf({ generation, observedGeneration, since, until }: StateOfThen): string {
  const looked = observedGeneration === generation ? "" : ` (${observedGeneration ?? "none"} looked at)`;
  return `Generation ${generation}${looked}. In this state since ${since}${until === undefined ? "" : `, until ${until}`}.`;
}

function driftOfThen({ drift, asOf, driftKeptSince }: FleetOfThen | ServiceOfThen) {
  const kept =
    driftKeptSince === undefined
      ? []
      : [`The ledger is complete since ${driftKeptSince}: of earlier drift some may be forgotten.`];
  return [...kept, driftRows("DRIFT THAT WAS OPEN", drift, asOf)];
}
