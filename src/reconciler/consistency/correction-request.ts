import { ANNOTATION_CORRECTION_REQUESTED_AT, type WebService } from "../../model/object.ts";
import type { WebServiceStatus } from "../../model/status.ts";
import { iso } from "../../model/time.ts";

export type CorrectionRequest = NonNullable<WebServiceStatus["correctionRequested"]>;

/** What a person asks for by the annotation: a value that the status does not have was written after the last pass. */
export function correctionRequestedIn(
  { metadata, status }: Pick<WebService, "metadata" | "status">,
  nowMs: number,
): CorrectionRequest | undefined {
  const value = metadata.annotations?.[ANNOTATION_CORRECTION_REQUESTED_AT];
  const known = status?.correctionRequested;
  if (value === undefined || value === known?.value) return known;
  return { value, time: iso(nowMs) };
}
