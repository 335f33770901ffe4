/** The pages for terminals: the same model, in aligned columns. */
import { conditionOf } from "../model/conditions.ts";
import type { DriftEvent } from "../model/drift.ts";
import { LIMITS } from "../model/limits.ts";
import type { FleetModel, PageContext, ServiceModel, ServiceSummary } from "../model/status-page.ts";
import { columnsOf, oneLine } from "./columns.ts";
import { attentionOf, byAttention, fleetHeadline, inTheWay } from "./fleet-headline.ts";
import { stalenessOf } from "./freshness.ts";
import { alarmMark, conditionMark, instanceMark, resourceMark, type Tone } from "./marks.ts";
import { type Headline, serviceHeadline } from "./service-headline.ts";
import { ageOf, bounded, clockTime, durationOf, ratioOf, valueText } from "./words.ts";

/** One character for each tone, all different without colour. */
const SIGNS: Record<Tone, string> = { ok: "●", warn: "!", bad: "x", info: "~", unknown: "?", idle: "-" };
/** Characters of a value, so that a line stays a line. */
const VALUE_CHARACTERS = 40;
const RECENT = 10;

/** `GET /status` for terminals. */
export function fleetText(model: FleetModel): string {
  const { shown } = bounded(byAttention(model.services, model), LIMITS.servicesPerPage);
  const left = (model.totalServices ?? model.services.length) - shown.length;
  return linesOf([
    contextLine(model),
    headlineText(fleetHeadline(model)),
    ...block("", [
      ["", "SERVICE", "STATE", "SERVING", "DRIFT", "IN SYNC", "READ", "WHY"],
      ...shown.map((service) => {
        const attention = attentionOf(service, model);
        const resources = Object.values(service.resources).reduce((sum, each) => sum + each, 0);
        return [
          SIGNS[attention.tone],
          `${service.namespace}/${service.name}`,
          service.paused ? `${attention.word}, paused` : attention.word,
          service.instances.total === 0 && service.unread.includes("autoScalingGroup")
            ? "?"
            : ratioOf(service.instances.serving, service.instances.unknown, service.instances.total, "/"),
          service.openDrift === 0 && conditionOf(service.conditions, "Drifted")?.status !== "False"
            ? "?"
            : String(service.openDrift),
          `${service.resources.InSync ?? 0}/${resources}`,
          service.observedAt === undefined ? "never" : ageOf(service.observedAt, model.now),
          whyOf(service, model),
        ];
      }),
    ]),
    ...(left > 0 ? [`and ${left} more`] : []),
    ...block("AWS", [
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
    `Passes: ${model.queue.running} running, ${model.queue.waiting} waiting, ${model.queue.scheduled} scheduled.`,
    ...driftBlock(model.drift, model.now, true),
  ]);
}

/** Whatever a person should know of a service, in one cell. */
function whyOf(service: ServiceSummary, model: FleetModel): string {
  const alarms =
    service.ringingAlarms.length > 0 ? `in ALARM: ${service.ringingAlarms.join(", ")}` : undefined;
  const texts = [inTheWay(service)?.message, alarms, stalenessOf(service, model)];
  return texts.filter((text) => text !== undefined).join("; ");
}

/** `GET /status/{namespace}/{name}` for terminals. */
export function serviceText(model: ServiceModel): string {
  const { service, now } = model;
  const status = service.status;
  return linesOf([
    contextLine(model),
    `${service.metadata.namespace}/${service.metadata.name}`,
    headlineText(serviceHeadline(model)),
    ...(status?.dnsName === undefined ? [] : [`Address: ${status.dnsName}`]),
    ...block("CONDITIONS", [
      ...(status?.conditions ?? []).map((condition) => {
        const mark = conditionMark(condition);
        return [
          SIGNS[mark.tone],
          mark.word,
          clockTime(condition.lastTransitionTime, now),
          condition.reason,
          condition.message,
        ];
      }),
    ]),
    ...block("INSTANCES", [
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
    ...block("ZONES", [
      ...(status?.zones ?? []).map((zone) => [
        zone.name,
        zone.instances === 0
          ? "no instance"
          : `${ratioOf(zone.serving, zone.unknown, zone.instances, "/")} serving`,
      ]),
    ]),
    ...block("NOT READ", [
      ...bounded(status?.unread ?? [], LIMITS.rowsPerSection).shown.map((row) => [
        SIGNS.unknown,
        row.kind,
        row.name ?? "all",
        row.reason,
      ]),
    ]),
    ...driftBlock(model.drift, now, false),
    ...block("RESOURCES", [
      ...bounded(status?.resources ?? [], LIMITS.rowsPerSection).shown.map((resource) => {
        const mark = resourceMark(resource.state);
        const why = [resource.message, resource.cutover].filter((text) => text !== undefined).join("; ");
        return [SIGNS[mark.tone], mark.word, resource.key, resource.name, why];
      }),
    ]),
    ...block("SCORECARD: NOT PASSED", [
      ...(status?.scorecard ?? [])
        .filter((check) => check.result !== "pass")
        .map((check) => [
          SIGNS[check.result === "fail" ? "bad" : "unknown"],
          check.id,
          check.title,
          check.remedy ?? check.evidence,
        ]),
    ]),
    ...block("ALARMS", [
      ...bounded(status?.alarms ?? [], LIMITS.rowsPerSection).shown.map((alarm) => [
        SIGNS[alarmMark(alarm).tone],
        alarmMark(alarm).word,
        alarm.key,
        alarm.reason ?? "",
      ]),
    ]),
    ...block("EVENTS", [
      ...bounded(model.events, RECENT).shown.map((event) => [
        ageOf(event.lastTimestamp, now),
        event.type,
        event.count > 1 ? `${event.reason} x${event.count}` : event.reason,
        event.message,
      ]),
    ]),
  ]);
}

function driftBlock(drift: readonly DriftEvent[], now: string, withService: boolean): string[] {
  return block("DRIFT", [
    ...bounded(drift, RECENT).shown.map((event) => [
      SIGNS[event.state === "Open" ? "warn" : "ok"],
      clockTime(event.firstSeenTime, now),
      `${withService ? `${event.metadata.namespace}/${event.service} ` : ""}${event.resource}`,
      event.change === "Missing" ? "(missing)" : event.field,
      event.change === "Missing"
        ? ""
        : `${valueText(event.field, event.after, VALUE_CHARACTERS)} instead of ${valueText(event.field, event.desired, VALUE_CHARACTERS)}`,
      event.timeToRepairSeconds === undefined
        ? event.state
        : `${event.state} after ${durationOf(event.timeToRepairSeconds)}`,
    ]),
  ]);
}

function contextLine({ now, cloud, speed, version }: PageContext): string {
  const where =
    cloud === "aws"
      ? "AWS"
      : `simulated account${speed === undefined || speed === 1 ? "" : `, ${speed}x real time`}`;
  return `HOLDFAST ${version} - ${where} - ${now.slice(0, 10)} ${now.slice(11, 19)} UTC`;
}

function headlineText({ tone, title, details }: Headline): string {
  return `${SIGNS[tone]} ${[title, ...details].join(" ")}`;
}

/** A titled block of columns, with an empty line before it; nothing when it has no rows. */
function block(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return ["", ...(title === "" ? [] : [title]), ...columnsOf(rows)];
}

function linesOf(lines: readonly string[]): string {
  return `${lines.map((line) => oneLine(line)).join("\n")}\n`;
}
