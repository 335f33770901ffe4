/** A plan for terminals: every call in order, and then every change with what comes of it. */
import { LIMITS } from "../model/limits.ts";
import type { PlanRow, PlanStep } from "../model/status.ts";
import type { PlanModel, TextOptions } from "../model/status-page.ts";
import { waitSentence } from "../model/text/waits.ts";
import type { Value } from "../model/value.ts";
import { type Block, textOf } from "./columns.ts";
import { contextLine } from "./context-line.ts";
import { consequenceText, planCount } from "./sections/plan.ts";
import { COLOURS, SIGNS } from "./signs.ts";
import { bounded, counted, sentence, valueText } from "./words.ts";

/** Characters of a value. */
const VALUE_CHARACTERS = 80;
const DIFFERENCES_TOLD = 10;

/** `GET …/webservices/{name}/plan` for terminals. */
export function planText(model: PlanModel, options: TextOptions = {}): string {
  const { service, plan } = model;
  const { namespace, name, generation } = service.metadata;
  const { steps, approval, cut } = plan;
  const rows = bounded(plan.rows, LIMITS.rowsPerSection);
  return textOf(
    [
      contextLine(model),
      `${namespace}/${name}, generation ${generation}`,
      `Plan ${plan.digest}: ${planCount(plan)}`,
      ...(approval === undefined
        ? []
        : [
            "To agree to what waits for approval:",
            {
              command: `kubectl annotate --overwrite webservice ${name} -n ${namespace} ${approval.annotation}=${approval.digest}`,
            },
          ]),
      ...callBlocks(steps),
      ...(cut === true ? ["There is more than is told here."] : []),
      {
        title: "WHAT CHANGES",
        rows: rows.shown.map((row) => [SIGNS[signOf(row)], row.verb, row.key, rowText(row)]),
      },
      ...(rows.left > 0 ? [`And ${rows.left} more: the JSON has all of them.`] : []),
    ],
    options,
    COLOURS,
  );
}

/** One block for each time that it waits. */
function callBlocks(steps: readonly PlanStep[] | undefined): Block[] {
  if (steps === undefined)
    return [{ title: "CALLS", rows: [[SIGNS.unknown, "Not known: what stops the plan says why."]] }];
  if (steps.length === 0) return [{ title: "CALLS", rows: [[SIGNS.ok, "None: there is nothing to do."]] }];
  const blocks: Block[] = [];
  let waitsFor: string | undefined;
  for (const step of steps) {
    if (blocks.length === 0 || step.waitsFor !== waitsFor) {
      waitsFor = step.waitsFor;
      const first = blocks.length === 0;
      blocks.push({
        title:
          waitsFor === undefined
            ? `CALLS, IN ORDER: ${counted(steps.length, "call")}`
            : `${first ? "Waits" : "Then waits"} until ${waitsFor}:`,
        rows: [],
      });
    }
    const block = blocks.at(-1);
    if (block !== undefined) block.rows = [...block.rows, [`${step.number}`, step.call, step.verb, step.key]];
  }
  return blocks;
}

function signOf({ verb, consequences = [] }: PlanRow): "bad" | "warn" | "info" {
  if (verb === "stop" || consequences.some(({ effect }) => effect === "cannotUndo")) return "bad";
  return consequences.length > 0 ? "warn" : "info";
}

/** What a row of a plan says, in sentences. */
export function rowText(row: PlanRow): string {
  return [
    sentence(row.reason),
    ...(row.consequences ?? []).map(consequenceText),
    ...differencesOf(row),
    ...callsOf(row),
    ...waitsOf(row),
  ].join(" ");
}

function differencesOf({ differences }: PlanRow): string[] {
  return bounded(differences, DIFFERENCES_TOLD).shown.map(
    ({ field, observed, desired }) => `${field}: ${briefly(field, observed)} -> ${briefly(field, desired)}.`,
  );
}

/** What comes before its type and name is the same in all ARNs of a service. */
function briefly(field: string, value: Value): string {
  const whole = valueText(field, value, Number.POSITIVE_INFINITY);
  const text = whole.replaceAll(/arn:[^:"]*:[^:"]*:[^:"]*:[^:"]*:(?=\w)/g, "");
  return text.length > VALUE_CHARACTERS ? `${text.slice(0, VALUE_CHARACTERS)}…` : text;
}

function callsOf({ calls }: PlanRow): string[] {
  return calls.length === 0 ? [] : [`Calls ${calls.join(", ")}.`];
}

function waitsOf({ verb, blockedBy }: PlanRow): string[] {
  if (blockedBy.length === 0) return [];
  return [verb === "stop" ? `${blockedBy.join(", ")}.` : waitSentence(blockedBy)];
}
