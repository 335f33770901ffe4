/** The pages for terminals: the same model, in aligned columns. */
import { conditionOf } from "../model/conditions.ts";
import { type DriftEvent, isReportedOnly } from "../model/ledger/drift.ts";
import { behindText, saidOf, versionText } from "../model/ledger/rollout.ts";
import { LIMITS } from "../model/limits.ts";
import { lookupText } from "../model/lookups.ts";
import { FREEZES_PATH, freezeText, pauseText } from "../model/pause.ts";
import type { FlowStep, UnownedRow } from "../model/status.ts";
import type {
  FleetModel,
  PageContext,
  ServiceModel,
  ServiceSummary,
  TextOptions,
} from "../model/status-page.ts";
import { whoDidIt } from "../model/text/who-did-it.ts";
import { type Block, textOf } from "./columns.ts";
import { contextLine } from "./context-line.ts";
import { coverageCount, coverageLines, unnamedIn } from "./coverage-lines.ts";
import { eventFlowText } from "./event-flow-text.ts";
import { attentionOf, fleetHeadline, inTheWay } from "./fleet-headline.ts";
import { matchingServices } from "./fleet-view.ts";
import { stalenessOf, worstClass } from "./freshness.ts";
import {
  activityTone,
  alarmMark,
  conditionMark,
  driftMark,
  instanceMark,
  lookupMark,
  resourceMark,
  rolloutMark,
  type Tone,
} from "./marks.ts";
import { rowText } from "./plan-text.ts";
import { saidBefore } from "./sections/conditions.ts";
import { freshnessRows, oldestRows } from "./sections/freshness-rows.ts";
import { planCount, planTitle } from "./sections/plan.ts";
import { type Headline, serviceHeadline } from "./service-headline.ts";
import { COLOURS, SIGNS } from "./signs.ts";
import {
  ageOf,
  besides,
  bounded,
  budgetText,
  clockTime,
  counted,
  durationOf,
  patchCommand,
  ratioOf,
  valueText,
} from "./words.ts";

/** Characters of a value, so that a line stays a line. */
const VALUE_CHARACTERS = 40;
/** Of a value that is told for its own sake, such as an action that others have set. */
const COVERED_CHARACTERS = 160;
const RECENT = 10;

/** `GET /status` for terminals. */
export function fleetText(model: FleetModel, options: TextOptions = {}): string {
  const { services, filter } = model;
  const matching = matchingServices(model);
  const { shown, left } = bounded(matching, LIMITS.servicesPerPage);
  const parts = [
    contextLine(model),
    ...pauseLine(model),
    ...freezeLines(model),
    headlineText(fleetHeadline(model)),
    ...(filter === undefined ? [] : [`${matching.length} of ${counted(services.length, "service")} match.`]),
    block("", [
      ["", "SERVICE", "STATE", "SERVING", "DRIFT", "IN SYNC", "COMPARED", "WHY"],
      ...shown.map((service) => {
        const attention = attentionOf(service, model);
        const resources = Object.values(service.resources).reduce((sum, each) => sum + each, 0);
        return [
          SIGNS[attention.tone],
          `${service.namespace}/${service.name}`,
          [
            attention.word,
            ...(service.paused ? ["paused"] : []),
            ...(service.observed === true ? ["observed only"] : []),
          ].join(", "),
          service.instances.total === 0 && service.unread.includes("autoScalingGroup")
            ? "?"
            : ratioOf(service.instances.serving, service.instances.unknown, service.instances.total, "/"),
          service.openDrift === 0 && conditionOf(service.conditions, "Drifted")?.status !== "False"
            ? "?"
            : String(service.openDrift),
          `${service.resources.InSync ?? 0}/${resources}`,
          comparedOf(service, model.now),
          whyOf(service, model),
        ];
      }),
    ]),
    ...(left > 0 ? [`and ${left} more`] : []),
    block("AWS", [
      ["", "API", "REGION", "CIRCUIT", "CALLS", "THROTTLED", "FAILED"],
      ...bounded(model.clouds, LIMITS.rowsPerSection).shown.map((cloud) => [
        SIGNS[cloud.circuit === "closed" ? "ok" : "bad"],
        cloud.api,
        cloud.region,
        cloud.circuit,
        String(cloud.calls),
        String(cloud.throttledCalls),
        String(cloud.failedCalls),
      ]),
    ]),
    ...(model.eventFlow === undefined ? [] : [eventFlowText(model.eventFlow, model.now)]),
    ...model.budgets.map((budget) => `${budget.region}: ${budgetText(budget)}`),
    block("OLDEST", oldestRows(model)),
    `Passes: ${model.queue.running} running, ${model.queue.waiting} waiting, ${model.queue.scheduled} scheduled.`,
    driftBlock(model.drift, model.now, true),
  ];
  return textOf(parts, options, COLOURS);
}

/** The class that is furthest through its time; where none is known, the last pass that read everything. */
function comparedOf({ freshness, observedAt }: ServiceSummary, now: string): string {
  if (freshness === undefined) return observedAt === undefined ? "never" : ageOf(observedAt, now);
  const { readClass, comparedAt } = worstClass(freshness);
  return `${readClass} ${comparedAt === undefined ? "not yet" : ageOf(comparedAt, now)}`;
}

/** Whatever a person should know of a service, in one cell. */
function whyOf(service: ServiceSummary, model: FleetModel): string {
  const alarms =
    service.ringingAlarms.length > 0 ? `in ALARM: ${service.ringingAlarms.join(", ")}` : undefined;
  return inOneCell([inTheWay(service)?.message, alarms, stalenessOf(service, model)]);
}

/** One after the other; a sentence that something comes after has no full stop. */
function inOneCell(texts: readonly (string | undefined)[]): string {
  const told = texts.filter((text) => text !== undefined);
  return told.map((text, index) => (index < told.length - 1 ? text.replace(/\.$/, "") : text)).join("; ");
}

/** `GET /status/{namespace}/{name}` for terminals. */
export function serviceText(model: ServiceModel, options: TextOptions = {}): string {
  const { service, now } = model;
  const status = service.status;
  const parts = [
    contextLine(model),
    ...pauseLine(model),
    `${service.metadata.namespace}/${service.metadata.name}`,
    headlineText(serviceHeadline(model)),
    ...(status?.dnsName === undefined ? [] : [`Address: ${status.dnsName}`]),
    ...planBlocks(model),
    block("CONDITIONS", [
      ...(status?.conditions ?? []).map((condition, index, all) => {
        const mark = conditionMark(condition);
        const said = saidBefore(condition, all.slice(0, index));
        return [
          SIGNS[mark.tone],
          mark.word,
          clockTime(condition.lastTransitionTime, now),
          condition.reason,
          said === undefined ? condition.message : `The same as ${conditionMark(said).word}.`,
        ];
      }),
    ]),
    block("FRESHNESS", freshnessRows(model)),
    block("INSTANCES", [
      ["", "INSTANCE", "ZONE", "LOAD BALANCER", "AUTO SCALING", "EC2", "TOGETHER"],
      ...bounded(status?.instances ?? [], LIMITS.rowsPerSection).shown.map((instance) => [
        SIGNS[instanceMark(instance).tone],
        instance.instanceId,
        instance.availabilityZone,
        instance.targetHealth === undefined
          ? "not read"
          : instance.targetHealth.map((target) => target.state).join(",") || "none",
        instance.lastSeenAt === undefined
          ? `${instance.autoScaling.lifecycleState}/${instance.autoScaling.healthStatus}`
          : "not read",
        instance.ec2 === undefined
          ? "not read"
          : `${instance.ec2.state} ${instance.ec2.systemStatus}/${instance.ec2.instanceStatus}`,
        instance.verdict,
      ]),
    ]),
    ...stepsBlocks(model),
    block("ZONES", [
      ...(status?.zones ?? []).map((zone) => [
        zone.name,
        zone.instances === 0
          ? "no instance"
          : `${ratioOf(zone.serving, zone.unknown, zone.instances, "/")} serving`,
      ]),
    ]),
    block("ROLLOUTS", [
      ...(status?.rollouts ?? []).map((row) => [
        SIGNS[rolloutMark(row.state).tone],
        row.state === "Running" && row.percentageComplete !== undefined
          ? `Running, ${row.percentageComplete} %`
          : rolloutMark(row.state).word,
        row.autoScalingGroup,
        `to ${versionText(row.to)}`,
        saidOf(row).join(" "),
      ]),
      ...(status?.behind ?? []).map((row) => [SIGNS.warn, "Behind", row.autoScalingGroup, behindText(row)]),
    ]),
    block("NOT READ", [
      ...bounded(status?.unread ?? [], LIMITS.rowsPerSection).shown.map((row) => [
        SIGNS.unknown,
        row.kind,
        row.name ?? "all",
        row.reason,
      ]),
    ]),
    driftBlock(model.drift, now, false),
    block("RESOURCES", [
      ...bounded(status?.resources ?? [], LIMITS.rowsPerSection).shown.map((resource) => {
        const mark = resourceMark(resource.state);
        const why = inOneCell([resource.message, resource.cutover, ...besides(resource)]);
        return [SIGNS[mark.tone], mark.word, resource.key, resource.name, why];
      }),
    ]),
    block("LOOKUPS", [
      ...bounded(status?.lookups ?? [], LIMITS.rowsPerSection).shown.map((row) => [
        SIGNS[lookupMark(row.state).tone],
        lookupMark(row.state).word,
        row.path,
        lookupText(row.value),
        row.newer === undefined ? (row.message ?? "") : `now ${lookupText(row.newer)}`,
      ]),
    ]),
    ...coverageBlocks(model),
    block("SCORECARD: NOT PASSED", [
      ...(status?.scorecard ?? [])
        .filter((check) => check.result !== "pass")
        .flatMap((check) => [
          [
            SIGNS[check.result === "fail" ? "bad" : "unknown"],
            check.id,
            check.title,
            check.remedy ?? check.evidence,
          ],
          ...(check.patch === undefined ? [] : [{ command: patchCommand(model.service, check.patch) }]),
        ]),
    ]),
    block("ALARMS", [
      ...bounded(status?.alarms ?? [], LIMITS.rowsPerSection).shown.map((alarm) => [
        SIGNS[alarmMark(alarm).tone],
        alarmMark(alarm).word,
        alarm.key,
        alarm.reason ?? "",
      ]),
    ]),
    block("ACTIVITIES", [
      ...bounded(status?.activities ?? [], RECENT).shown.map((activity) => [
        SIGNS[activityTone(activity.status)],
        ageOf(activity.time, now),
        activity.status,
        activity.autoScalingGroup,
        `${activity.description} ${activity.cause}`,
      ]),
    ]),
    block("NOT OURS", [
      ...bounded(othersThings(model), LIMITS.rowsPerSection).shown.map((row) => [
        SIGNS.idle,
        row.kind,
        row.on,
        row.isClaim === true ? row.description : `${row.description}: ${row.id}`,
      ]),
    ]),
    block("CALLS", [
      ...bounded(model.calls, RECENT).shown.map((call) => [
        SIGNS[CALL_TONES[call.outcome]],
        ageOf(call.time, now),
        call.operation,
        call.resource,
        [call.errorCode, call.errorMessage].filter((text) => text !== undefined).join(": ") || call.outcome,
      ]),
    ]),
    block("EVENTS", [
      ...bounded(model.events, RECENT).shown.map((event) => [
        ageOf(event.lastTimestamp, now),
        event.type,
        event.count > 1 ? `${event.reason} x${event.count}` : event.reason,
        event.message,
      ]),
    ]),
  ];
  return textOf(parts, options, COLOURS);
}

/** Without tags, which stand in the coverage. */
function othersThings({ service }: ServiceModel): UnownedRow[] {
  return (service.status?.unowned ?? []).filter(({ kind }) => kind !== "tag");
}

const CALL_TONES = { succeeded: "ok", failed: "bad", pending: "unknown" } as const;

/** What would be done, while it is held back. */
function planBlocks(model: ServiceModel): Block[] {
  const plan = model.service.status?.plan;
  if (plan === undefined) return [];
  const rows = bounded(plan.rows, LIMITS.rowsPerSection).shown.map((row) => [
    SIGNS[row.verb === "stop" ? "bad" : "info"],
    row.verb,
    row.key,
    rowText(row),
  ]);
  const nothing = [[SIGNS.ok, "Nothing to do: AWS equals the spec."]];
  const { approval } = plan;
  const of = approval === undefined ? plan.digest.slice(0, 12) : `${approval.annotation}=${approval.digest}`;
  const title = `${planTitle(model).toUpperCase()}: ${of} (${planCount(plan)})`;
  return [block(title, rows.length === 0 ? nothing : rows)];
}

/** What is not compared, or is not as the spec says. */
function coverageBlocks({ service }: ServiceModel): Block[] {
  const coverage = service.status?.coverage;
  if (coverage === undefined) return [];
  const { shown, left } = bounded(coverageLines(coverage), LIMITS.rowsPerSection);
  const rows = shown.map(({ mark, address, member, says }) => [
    SIGNS[mark.tone],
    mark.word,
    address,
    member,
    says(COVERED_CHARACTERS),
  ]);
  const rest = left + unnamedIn(coverage);
  const all = [[SIGNS.ok, "Everything is compared, and equal."]];
  return [
    block(
      `COVERAGE: ${coverageCount(coverage).toUpperCase()}`,
      rows.length === 0 ? all : [...rows, ...(rest > 0 ? [["", `and ${rest} more`]] : [])],
    ),
  ];
}

const STEP_TONES: Record<FlowStep["state"], Tone> = {
  done: "ok",
  current: "info",
  blocked: "bad",
  pending: "idle",
};

/** The steps of each instance that is being replaced, or that replaces one. */
function stepsBlocks({ service }: ServiceModel): Block[] {
  return (service.status?.instances ?? []).flatMap(({ instanceId, flow = [] }) =>
    flow.length === 0
      ? []
      : [
          block(
            `STEPS OF ${instanceId}`,
            flow.map((step, index) => [
              SIGNS[STEP_TONES[step.state]],
              `${index + 1}`,
              step.state === "current" ? "now" : step.state,
              step.title,
              step.expectedSeconds === undefined
                ? step.detail
                : `~ ${durationOf(step.expectedSeconds)}. ${step.detail}`,
            ]),
          ),
        ],
  );
}

function driftBlock(drift: readonly DriftEvent[], now: string, withService: boolean): Block {
  return block("DRIFT", [
    ...bounded(drift, RECENT).shown.map((event) => [
      SIGNS[driftMark(event).tone],
      clockTime(event.firstSeenTime, now),
      `${withService ? `${event.metadata.namespace}/${event.service} ` : ""}${event.resource}`,
      event.change === "Missing" ? "(missing)" : event.field,
      event.change === "Missing"
        ? ""
        : `${valueText(event.field, event.after, VALUE_CHARACTERS)} instead of ${valueText(event.field, event.desired, VALUE_CHARACTERS)}`,
      event.timeToRepairSeconds === undefined
        ? event.state === "Open" && isReportedOnly(event)
          ? driftMark(event).word
          : event.state
        : `${event.state} after ${durationOf(event.timeToRepairSeconds)}`,
      event.attribution === undefined ? "" : whoDidIt(event.attribution),
    ]),
  ]);
}

/** Above everything else, as on the pages. */
function pauseLine({ pause }: PageContext): string[] {
  return pause === undefined ? [] : [`${SIGNS.warn} ${pauseText(pause)}. Nothing in AWS is written.`];
}

function freezeLines({ freezes = [] }: FleetModel): string[] {
  return freezes.map(
    (freeze) =>
      `${SIGNS.warn} ${freezeText(freeze)}. Corrections and edits delete no more of it until that is lifted: DELETE ${FREEZES_PATH}/${freeze.kind}`,
  );
}

function headlineText({ tone, title, details }: Headline): string {
  return `${SIGNS[tone]} ${[title, ...details].join(" ")}`;
}

export function block(title: string, rows: Block["rows"]): Block {
  return { title, rows };
}
