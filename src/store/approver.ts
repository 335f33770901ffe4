/** Who has approved the plan of a service. */
import { ANNOTATION_APPROVED_PLAN, type WebService } from "../model/object.ts";

/** Whose approval stands there: of whoever has written it last. */
export function approverAfter(
  known: string | null,
  before: WebService["metadata"]["annotations"],
  annotations: WebService["metadata"]["annotations"],
  actor: string | undefined,
): string | null {
  const approval = annotations?.[ANNOTATION_APPROVED_PLAN];
  if (approval === undefined) return null;
  return approval === before?.[ANNOTATION_APPROVED_PLAN] ? known : (actor ?? null);
}
