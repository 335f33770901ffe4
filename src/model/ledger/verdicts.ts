/** What the three-way compare of a field comes to: what was last applied, what the spec asks for, what AWS holds. */
import type { Value } from "../value.ts";

export const FIELD_VERDICTS = [
  /** AWS holds what the spec asks for. */
  "same",
  /** AWS has moved, and not by us. */
  "drifted",
  /** The spec has moved, and AWS follows; or a write of ours has yet to show. */
  "rolling out",
  /** Others write it as well, again and again: it is left for a while. */
  "contested",
  /** A rule of `spec.drift` leaves it to others; `why` names it. */
  "ignored",
  /** AWS took our writes and made nothing of them. */
  "ineffective",
  /** Nothing is claimed; `why` says why not. */
  "not compared",
] as const;
export type FieldVerdict = (typeof FIELD_VERDICTS)[number];

/** One field of one resource, or a member of AWS's that no field stands for. */
export interface FieldRow {
  /** Address of the resource in the spec. */
  resource: string;
  kind: string;
  /** Path of the field within it, or AWS's own name of the member; empty: the whole resource. */
  field: string;
  verdict: FieldVerdict;
  /** What a call of ours wrote last, or a read showed to be as wanted. Absent where nothing was. Secrets are digests. */
  lastApplied?: Value;
  /** What the spec asks for; absent where it asks for nothing. */
  desired?: Value;
  /** What AWS held in the last pass. */
  observed?: Value;
  why?: string;
}

/** The three-way compare of a service, as the last pass left it. */
export interface FieldReport {
  apiVersion: "holdfast.dev/v1";
  kind: "FieldReport";
  metadata: { namespace: string; name: string; generation: number };
  /** The generation that was compared. */
  observedGeneration?: number;
  /** End of the last pass that read everything it needed. */
  observedAt?: string;
  items: FieldRow[];
  /** Members beside them that nobody has declared, and that AWS holds at its documented default: the same. */
  atDefault: number;
  /** How many more there are than are named. */
  more: number;
}
