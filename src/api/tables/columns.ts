/** What Kubernetes's clients print of each kind: the cells of a Table, counted on the daemon's own clock. */
import { type ConditionType, conditionOf } from "../../model/conditions.ts";
import type { CoreEvent } from "../../model/events.ts";
import type { DriftEvent } from "../../model/ledger/drift.ts";
import type { WebService } from "../../model/object.ts";
import type { InstanceRow } from "../../model/status.ts";
import type { ObjectKind, ObjectOfKind } from "../../ports.ts";
import { durationText } from "./duration.ts";

type Cell = string | number;

/** A column: what it is called, what it means, and its cell in the row of an object. */
export interface Column<T> {
  name: string;
  description: string;
  type?: "string" | "integer" | "date";
  /** Shown only by `-o wide`. */
  wide?: true;
  cell(object: T, nowMs: number): Cell;
}

const UNKNOWN = "<unknown>";

const NAME: Column<{ metadata: { name: string } }> = {
  name: "Name",
  description: "Name of the object, unique in its namespace.",
  cell: ({ metadata }) => metadata.name,
};

const AGE: Column<{ metadata: { creationTimestamp: string } }> = {
  name: "Age",
  description: "How long ago it was created, on the clock of the account.",
  type: "date",
  cell: ({ metadata }, nowMs) => since(metadata.creationTimestamp, nowMs),
};

const WEB_SERVICE: Column<WebService>[] = [
  NAME,
  statusColumn("Ready", "Whether AWS holds what the spec asks for, and the instances serve."),
  {
    name: "Reason",
    description: "Why it is so: of Stalled where it is stalled, and else of Ready.",
    cell: ({ status }) => {
      const stalled = conditionOf(status?.conditions, "Stalled");
      const speaking = stalled?.status === "True" ? stalled : conditionOf(status?.conditions, "Ready");
      return speaking?.reason ?? UNKNOWN;
    },
  },
  {
    name: "Serving",
    description: "Instances that serve, of those that there are.",
    cell: ({ status }) => (status === undefined ? UNKNOWN : servingText(status.instances)),
  },
  statusColumn("Drifted", "Whether AWS has moved although the spec did not."),
  AGE,
  { ...statusColumn("Synced", "Whether AWS equals the spec."), wide: true },
  { ...statusColumn("Healthy", "Whether the instances serve."), wide: true },
  {
    name: "Region",
    description: "AWS Region of the spec.",
    wide: true,
    cell: ({ spec }) => (typeof spec.region === "string" ? spec.region : UNKNOWN),
  },
  {
    name: "DNS Name",
    description: "DNS name of the load balancer.",
    wide: true,
    cell: ({ status }) => status?.dnsName ?? UNKNOWN,
  },
];

const DRIFT_EVENT: Column<DriftEvent>[] = [
  NAME,
  { name: "Service", description: "The WebService.", cell: ({ service }) => service },
  { name: "Resource", description: "Address of the resource in the spec.", cell: ({ resource }) => resource },
  {
    name: "Field",
    description: "What moved; empty when the whole resource is missing.",
    cell: ({ field, change }) => (change === "Missing" ? "(missing)" : field),
  },
  { name: "State", description: "Whether it is put right, and by whom.", cell: ({ state }) => state },
  {
    name: "Last Seen",
    description: "How long ago it was last seen.",
    cell: ({ lastSeenTime }, nowMs) => since(lastSeenTime, nowMs),
  },
  AGE,
  {
    name: "Before",
    description: "What was applied.",
    wide: true,
    cell: ({ before }) => JSON.stringify(before),
  },
  { name: "After", description: "What AWS held.", wide: true, cell: ({ after }) => JSON.stringify(after) },
  {
    name: "Corrected By",
    description: "The call that put it right.",
    wide: true,
    cell: ({ correction }) => correction?.operation ?? "",
  },
];

/** As Kubernetes itself prints events. */
const EVENT: Column<CoreEvent>[] = [
  {
    name: "Last Seen",
    description: "How long ago it last happened.",
    cell: ({ lastTimestamp }, nowMs) => since(lastTimestamp, nowMs),
  },
  { name: "Type", description: "Normal, or Warning.", cell: ({ type }) => type },
  { name: "Reason", description: "What happened, as one word.", cell: ({ reason }) => reason },
  {
    name: "Object",
    description: "To whom it happened.",
    cell: ({ involvedObject }) => `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`,
  },
  { name: "Source", description: "Who says so.", wide: true, cell: ({ source }) => source.component },
  { name: "Message", description: "What happened.", cell: ({ message }) => message.trim() },
  {
    name: "First Seen",
    description: "How long ago it first happened.",
    wide: true,
    cell: ({ firstTimestamp }, nowMs) => since(firstTimestamp, nowMs),
  },
  { name: "Count", description: "How often.", type: "integer", wide: true, cell: ({ count }) => count },
  { ...NAME, wide: true },
];

export const COLUMNS: { readonly [K in ObjectKind]: readonly Column<ObjectOfKind[K]>[] } = {
  WebService: WEB_SERVICE,
  DriftEvent: DRIFT_EVENT,
  Event: EVENT,
};

/** Of a namespace, which nobody makes. */
export const NAMESPACE_COLUMNS: readonly Column<{ metadata: { name: string } }>[] = [
  NAME,
  { name: "Status", description: "It is there.", cell: () => "Active" },
  { name: "Age", description: "Nobody has made it.", type: "date", cell: () => UNKNOWN },
];

function statusColumn(type: ConditionType, description: string): Column<WebService> {
  return {
    name: type,
    description,
    cell: ({ status }) => conditionOf(status?.conditions, type)?.status ?? "Unknown",
  };
}

/** What is not known is not counted as not serving. */
function servingText(instances: readonly InstanceRow[]): string {
  const count = (word: InstanceRow["serving"]) => instances.filter(({ serving }) => serving === word).length;
  const unknown = count("unknown");
  const serving = unknown > 0 && unknown === instances.length ? "?" : String(count("yes"));
  const doubt = unknown > 0 && serving !== "?" ? ` (${unknown} unknown)` : "";
  return `${serving}/${instances.length}${doubt}`;
}

function since(time: string, nowMs: number): string {
  const ms = nowMs - Date.parse(time);
  return Number.isNaN(ms) ? UNKNOWN : durationText(ms);
}
