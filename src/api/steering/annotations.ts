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
 * @param asked `value`: the digest of the plan that was read
 * @throws ApiError 404; 409 where none waits; 422 where it is another one
 */
export const approve = answering(ANNOTATION_APPROVED_PLAN, ({ status }) =>
  status?.plan?.approval === undefined
    ? "has no plan that waits for approval: it was approved before, or is not wanted any more"
    : undefined,
);

/**
 * Says that this database goes on, beyond what stands on AWS.
 * @param asked `value`: the epoch that was read
 * @throws ApiError 404; 409 where none waits for that
 */
export const confirmEpoch = answering(ANNOTATION_CONFIRMED_EPOCH, ({ status }, epoch) =>
  status?.foreignEpoch === epoch ? undefined : `does not wait for the epoch ${epoch}: read its page again`,
);

/** Somebody has read what a service asks, and answers exactly that. @param notAsked why it does not ask that (any more) */
function answering(annotation: string, notAsked: (object: WebService, value: string) => string | undefined) {
  return async (
    deps: AnnotatingDependencies,
    key: ObjectKey,
    asked: Asked & { readonly value: string },
  ): Promise<void> => {
    const object = existing(deps.store, key);
    const why = notAsked(object, asked.value);
    if (why !== undefined) {
      const subject = subjectOf("WebService", key.name);
      throw new ApiError(409, `WebService ${textOfKey(key)} ${why}`, { subject });
    }
    await annotate(deps, object, annotation, asked.value, asked);
  };
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
