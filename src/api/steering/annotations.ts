/** What is steered by annotations: the same write as a patch of the object, with the same checks. */
import type { Actor } from "../../model/actor.ts";
import {
  ANNOTATION_APPROVED_PLAN,
  ANNOTATION_CONFIRMED_EPOCH,
  ANNOTATION_PAUSED,
  ANNOTATION_RECONCILE_REQUESTED_AT,
  type ObjectKey,
  textOfKey,
  type WebService,
} from "../../model/object.ts";
import { iso } from "../../model/time.ts";
import type { Dependencies } from "../dependencies.ts";
import { ApiError, subjectOf } from "../error.ts";
import { existing, type Writer } from "../writer.ts";

export type AnnotatingDependencies = Pick<Dependencies, "store" | "clock"> & { readonly writer: Writer };

export interface Asked {
  readonly actor?: Actor | undefined;
}

/** The service is read, and nothing of it is written. @throws ApiError 404 */
export function pause(deps: AnnotatingDependencies, key: ObjectKey, asked: Asked): Promise<void> {
  return annotate(deps, existing(deps.store, key), ANNOTATION_PAUSED, "true", asked);
}

/** @throws ApiError 404 */
export function resume(deps: AnnotatingDependencies, key: ObjectKey, asked: Asked): Promise<void> {
  return annotate(deps, existing(deps.store, key), ANNOTATION_PAUSED, undefined, asked);
}

/** @throws ApiError 404 */
export function passNow(deps: AnnotatingDependencies, key: ObjectKey, asked: Asked): Promise<void> {
  const now = iso(deps.clock.nowMs());
  return annotate(deps, existing(deps.store, key), ANNOTATION_RECONCILE_REQUESTED_AT, now, asked);
}

/**
 * Agrees to the plan that waits.
 * @param asked `digest`: of the plan that was read
 * @throws ApiError 404; 409 where none waits; 422 where it is another one
 */
export async function approve(
  deps: AnnotatingDependencies,
  key: ObjectKey,
  asked: Asked & { readonly digest: string },
): Promise<void> {
  const object = existing(deps.store, key);
  if (object.status?.plan?.approval === undefined) {
    throw new ApiError(
      409,
      `WebService ${textOfKey(key)} has no plan that waits for approval: it was approved before, or is not wanted any more`,
      { subject: subjectOf("WebService", key.name) },
    );
  }
  await annotate(deps, object, ANNOTATION_APPROVED_PLAN, asked.digest, asked);
}

/**
 * Says that this database goes on, beyond what stands on AWS.
 * @param asked `epoch`: the one that was read
 * @throws ApiError 404; 409 where none waits for that
 */
export async function confirmEpoch(
  deps: AnnotatingDependencies,
  key: ObjectKey,
  asked: Asked & { readonly epoch: string },
): Promise<void> {
  const object = existing(deps.store, key);
  if (object.status?.foreignEpoch !== asked.epoch) {
    throw new ApiError(
      409,
      `WebService ${textOfKey(key)} does not wait for the epoch ${asked.epoch}: read its page again`,
      { subject: subjectOf("WebService", key.name) },
    );
  }
  await annotate(deps, object, ANNOTATION_CONFIRMED_EPOCH, asked.epoch, asked);
}

/** @param value `undefined` takes it away */
async function annotate(
  { writer }: AnnotatingDependencies,
  { metadata, spec }: WebService,
  name: string,
  value: string | undefined,
  { actor }: Asked,
): Promise<void> {
  const { namespace, labels = {}, uid } = metadata;
  const { [name]: _before, ...others } = metadata.annotations ?? {};
  const annotations = value === undefined ? others : { ...others, [name]: value };
  const incoming = { key: { namespace, name: metadata.name }, labels, annotations, spec, uid };
  const admitted = writer.admitOne({ ok: true, incoming }, "existing");
  writer.write([await writer.resolveOne(admitted)], actor);
}
