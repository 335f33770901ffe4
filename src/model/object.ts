/** The objects of the API: Kubernetes conventions, group `holdfast.dev`, version `v1`. */
import type { WebServiceStatus } from "./status.ts";

export const API_VERSION = "holdfast.dev/v1";

/** Identity of an object across its life: what a pass starts from. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

/** `namespace/name`, the form in which a key is logged, queued and written into owner tags. */
export function textOfKey(key: ObjectKey): string {
  return `${key.namespace}/${key.name}`;
}

/** Inverse of {@link textOfKey}. */
export function keyOfText(text: string): ObjectKey {
  const slash = text.indexOf("/");
  return { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** Times are ISO 8601 UTC with milliseconds. `resourceVersion` is one global number, as a string. */
export interface ObjectMeta {
  name: string;
  namespace: string;
  uid: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** Moves only when the spec does; starts at 1. */
  generation: number;
  resourceVersion: string;
  creationTimestamp: string;
  deletionTimestamp?: string;
  finalizers?: string[];
}

export const FINALIZER = "holdfast.dev/aws";
export const ANNOTATION_PAUSED = "holdfast.dev/paused";
export const ANNOTATION_FORCE_DELETE = "holdfast.dev/force-delete";
/** Digest of the plan that a person agrees to. */
export const ANNOTATION_APPROVED_PLAN = "holdfast.dev/approved-plan";
/** The epoch that a person has seen on AWS, and does not want to be waited for any more: see epoch.ts. */
export const ANNOTATION_CONFIRMED_EPOCH = "holdfast.dev/confirmed-epoch";
export const ANNOTATION_RECONCILE_REQUESTED_AT = "holdfast.dev/reconcile-requested-at";
/** Any new value asks AWS for all lookups of the spec again. */
export const ANNOTATION_LOOKUPS_REQUESTED_AT = "holdfast.dev/lookups-requested-at";
/** Any new value puts right at once what was left alone because it kept coming back. */
export const ANNOTATION_CORRECTION_REQUESTED_AT = "holdfast.dev/correction-requested-at";
/** Any new value rolls out again what has failed. */
export const ANNOTATION_ROLLOUT_REQUESTED_AT = "holdfast.dev/rollout-requested-at";

/** Why the write that gives it was made: it stands on the revision. */
export const ANNOTATION_CHANGE_CAUSE = "holdfast.dev/change-cause";

/**
 * The desired state of one web tier. The shape of `spec` belongs to the kinds (their schema is the registry);
 * whoever only stores or shows it treats it as a JSON value.
 */
export interface WebService<Spec = Record<string, unknown>> {
  apiVersion: typeof API_VERSION;
  kind: "WebService";
  metadata: ObjectMeta;
  spec: Spec;
  status?: WebServiceStatus;
}

/** What a user sends: metadata may be partial, `status` is ignored. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    resourceVersion?: string;
  };
  spec: Record<string, unknown>;
}

/** Whether the service is only looked at: nothing in AWS is ever written for it. */
export function isOnlyObserved({ spec }: Pick<WebService, "spec">): boolean {
  return spec.management === "Observe";
}

/** Whether a person wants a deletion to wait for nothing: no draining, no lifecycle hook. */
export function isForced({ metadata }: Pick<WebService, "metadata">): boolean {
  return metadata.annotations?.[ANNOTATION_FORCE_DELETE] === "true";
}

/** Whether it is the one that was looked at before, and nobody has edited or deleted it since. */
export function isAskedAsBefore(now: WebService | undefined, before: WebService): boolean {
  const { uid, generation, deletionTimestamp } = before.metadata;
  return (
    now?.metadata.uid === uid &&
    now.metadata.generation === generation &&
    now.metadata.deletionTimestamp === deletionTimestamp
  );
}

/** Whether a person has told us to look and not to write. */
export function isPaused({ metadata }: Pick<WebService, "metadata">): boolean {
  return metadata.annotations?.[ANNOTATION_PAUSED] === "true";
}

/** The spec of an object, and which it is of. */
export type SpecOf = Pick<WebService, "spec"> & {
  readonly metadata: Pick<WebService["metadata"], "namespace" | "name" | "uid" | "generation">;
};
