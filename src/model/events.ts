import type { ObjectMeta } from "./object.ts";
import type { EventReason } from "./reasons.ts";

/** A core/v1 Event: what `kubectl describe` shows. Equal events are counted, not repeated. */
export interface CoreEvent {
  apiVersion: "v1";
  kind: "Event";
  metadata: ObjectMeta;
  involvedObject: { apiVersion: string; kind: string; namespace: string; name: string; uid: string };
  type: "Normal" | "Warning";
  /** One CamelCase word. */
  reason: string;
  message: string;
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  source: { component: "holdfast" };
}

/** What the reconciler says happened; the store makes a {@link CoreEvent} of it. */
export interface Occurrence {
  type: "Normal" | "Warning";
  reason: EventReason;
  message: string;
}
