import type { ObjectMeta } from "../object.ts";
import type { Value } from "../value.ts";
import type { Attribution } from "./attribution.ts";

/**
 * `Open`: seen, not yet put right. `Corrected`: AWS holds the desired value again, by our call.
 * `Reverted`: AWS holds the desired value again, and it was not us. `Superseded`: the spec moved
 * (or the service was deleted), so the old desired value no longer counts.
 */
export type DriftState = "Open" | "Corrected" | "Reverted" | "Superseded";

/** `Modified`: a field that we own moved. `Missing`: the whole resource is gone. */
export type DriftChange = "Modified" | "Missing";

export const DRIFT_STATES: readonly DriftState[] = ["Open", "Corrected", "Reverted", "Superseded"];
export const DRIFT_CHANGES: readonly DriftChange[] = ["Modified", "Missing"];

/** After a write of ours, older answers are possible for so long; a difference is not believed until then. */
export const OWN_WRITE_SETTLES_MS = 30_000;

/** Whether AWS holds again what was wanted. What another spec has overtaken was not put right, however long it was open. */
export function isRepaired(state: DriftState): boolean {
  return state === "Corrected" || state === "Reverted";
}

/** How something has come back again and again after it was put right. */
export interface Contest {
  /** How often it was put right and came back, one time soon after the other. */
  corrections: number;
  /** When the first of those was seen. */
  since: string;
  /** What AWS held instead of the desired value: the last few different ones, newest first. */
  values: Value[];
  /** When it was last put right, newest first. */
  times: string[];
  /** How long AWS's value is to stay as it is before it is put right again, in seconds. */
  waitSeconds: number;
}

/** Annotation of an event of what is reported only: the rule of `spec.drift` that says so. */
export const REPORTED_BY = "holdfast.dev/reported-by";

/** Whether it is recorded, and left as it is. */
export function isReportedOnly({ metadata }: Pick<DriftEvent, "metadata">): boolean {
  return metadata.annotations?.[REPORTED_BY] !== undefined;
}

/** What a person may decide of drift: AWS's value becomes the spec's; it is put right now; it is left to others. */
export const DRIFT_VERBS = ["accept", "correct", "ignore"] as const;
export type DriftVerb = (typeof DRIFT_VERBS)[number];

/** What a person has decided of an event. */
export interface DriftDecision {
  verb: DriftVerb;
  /** Who, where tokens are demanded. */
  actor?: string;
  reason?: string;
  /** ISO 8601 UTC. */
  time: string;
}

/** Whether a person wants it put right, whatever else it would wait for. */
export function isToBeCorrected({ state, decision }: Pick<DriftEvent, "state" | "decision">): boolean {
  return state === "Open" && decision?.verb === "correct";
}

/** One field or resource of AWS that moved without the spec having moved. */
export interface DriftEvent {
  apiVersion: "holdfast.dev/v1";
  kind: "DriftEvent";
  metadata: ObjectMeta;
  /** Name of the WebService, in the namespace of the event. */
  service: string;
  /** Address of the resource in the spec, for example `targetGroups.web`. */
  resource: string;
  resourceKind: string;
  /** Physical name in AWS. */
  resourceName: string;
  arn?: string;
  /** Field path within the resource, for example `healthCheck.path`; empty when the whole resource is missing. */
  field: string;
  change: DriftChange;
  /** What the spec wants; a digest where the field is secret. `null` when absent. */
  desired: Value;
  /** What was last applied. */
  before: Value;
  /** What AWS held when the drift was last seen. */
  after: Value;
  state: DriftState;
  firstSeenTime: string;
  /** When a read last showed it; while it stays open and nothing of it moves, moved every five minutes. */
  lastSeenTime: string;
  /** Since when AWS holds `after`, where that has moved since it was first seen. */
  afterSinceTime?: string;
  /** When a read first showed the desired value again, and not after a call of ours: a second read decides. */
  rightSinceTime?: string;
  /** When a read showed that AWS holds the desired value again, or since when that value no longer counts. */
  closedTime?: string;
  /** `closedTime − firstSeenTime`, in seconds, of what was put right or went back by itself; nothing was repaired of the rest. */
  timeToRepairSeconds?: number;
  /** How many corrections were sent, those that AWS refused included. */
  attempts: number;
  /** What was sent to put it right, by calls for this field alone. Without a request id, AWS has not answered that it was done. */
  correction?: { operation: string; requestId?: string; time: string };
  /** Why it is put right later, or not: it keeps coming back. */
  contest?: Contest;
  /** What a person has decided about it. */
  decision?: DriftDecision;
  /** Who did it; absent where AWS's records do not say. */
  attribution?: Attribution;
}
