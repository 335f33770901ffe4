/** Why a pass takes place, and how fresh what it reads has to be for that. Pure. */
import { conditionOf } from "../../model/conditions.ts";
import type { Urgency } from "../../model/fleet/urgency.ts";
import type { WebService } from "../../model/object.ts";
import type { LookDemand } from "../../ports.ts";
import type { WebServiceSpec } from "../kinds/web-service.ts";

export interface Occasion {
  readonly urgency: Urgency;
  /** When the pass was due, or asked for. */
  readonly askedAtMs: number;
  /** Aborts when somebody who is in more of a hurry asks for a pass over the same service. */
  readonly overtaken?: AbortSignal;
}

/**
 * Routine begins with what is known, where nothing was left to do or to doubt. Everything else reads what AWS was asked for
 * since the pass was, and so does routine over what is not at rest.
 */
export function demandOf(
  object: WebService,
  region: string,
  { urgency, askedAtMs }: Occasion,
  nowMs: number,
): LookDemand {
  const key = object.metadata;
  if (urgency !== "routine") return { key, region, urgency, notBeforeMs: Math.min(askedAtMs, nowMs) };
  if (!isAtRest(object)) return { key, region, urgency, notBeforeMs: nowMs };
  return isUnwell(object) ? { key, region, urgency: "unhealthy", isUnwell: true } : { key, region, urgency };
}

/** The same look again, with AWS's answers of now. */
export function askedAnew(demand: LookDemand, nowMs: number): LookDemand {
  return { ...demand, urgency: "suspicion", notBeforeMs: nowMs };
}

/** By the last pass AWS equals the spec, and nothing stands in the way. */
function isAtRest({ metadata, status }: WebService): boolean {
  const is = (type: "Synced" | "Drifted" | "Stalled" | "Reconciling") =>
    conditionOf(status?.conditions, type)?.status;
  return (
    metadata.deletionTimestamp === undefined &&
    status?.observedGeneration === metadata.generation &&
    is("Synced") === "True" &&
    is("Drifted") !== "True" &&
    is("Stalled") !== "True" &&
    is("Reconciling") !== "True"
  );
}

/** Not all was well when it was last seen, or nobody knows. */
function isUnwell({ status }: Pick<WebService, "status">): boolean {
  return conditionOf(status?.conditions, "Healthy")?.status !== "True";
}

export function regionOf({ spec }: Pick<WebService, "spec">): string {
  return (spec as unknown as Pick<WebServiceSpec, "region">).region;
}
