/** What a person wants done about drift, between the API and whoever reads AWS for it. */

import type { ResolvedLookup } from "../lookups.ts";
import type { WebService } from "../object.ts";
import type { DriftEvent } from "./drift.ts";

export interface Steered {
  readonly object: WebService;
  /** What the lookups of its spec stand for. */
  readonly lookups: readonly ResolvedLookup[];
  /** Open drift of it. */
  readonly events: readonly DriftEvent[];
}

/**
 * Why it cannot be done.
 * - `moved`: AWS holds something else by now than the event says
 * - `refused`: it may not be, or a spec cannot say it
 * - `unread`: AWS did not tell
 */
export interface Refusal {
  readonly is: "moved" | "refused" | "unread";
  /** Address and field. */
  readonly place: string;
  /** A clause, with the way out. */
  readonly why: string;
}

/** A spec that says what AWS holds, or everything that is in the way of it. */
export type Acceptance =
  | {
      readonly is: "accepted";
      readonly spec: Record<string, unknown>;
      readonly lookups: readonly ResolvedLookup[];
    }
  | { readonly is: "refused"; readonly refusals: readonly Refusal[] };

/** What a rule of `spec.drift` is to speak of. */
export interface DriftPlace {
  readonly resource: string;
  /** Absent: every field. */
  readonly field?: string;
}

/** `targetGroups.web: healthCheck.path`, or the resource alone. */
export function placeText({ resource, field = "" }: DriftPlace): string {
  return field === "" ? resource : `${resource}: ${field}`;
}
