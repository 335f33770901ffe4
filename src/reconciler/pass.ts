/** What the parts of a pass hand on to each other. */
import { ANNOTATION_PAUSED, type WebService } from "../model/object.ts";
import type { Clock, CloudForRegion, Log, Rng, Store } from "../ports.ts";
import type { Applied } from "./apply.ts";
import type { Doubt } from "./consistency/stale-lists.ts";
import type { DriftReport } from "./consistency/drift.ts";
import type { Decision, PlanInput } from "./core/plan.ts";
import type { DesiredResource, Observation } from "./core/resource.ts";
import type { Outcome } from "./core/conditions.ts";
import type { Probe, Tier } from "./kinds/kind.ts";

export interface PassDependencies {
  readonly store: Store;
  readonly cloudFor: CloudForRegion;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  /** Tells two installations in one account apart. */
  readonly installation: string;
  readonly resyncMs: number;
}

export type PassResult =
  | { readonly outcome: "gone" }
  | {
      readonly outcome: "converged" | "progressing" | "failed" | "stalled";
      /** When the next pass is due at the latest. */
      readonly requeueAfterMs: number;
      /** What can be asked cheaply meanwhile; when all are settled, a pass is worth its reads. */
      readonly probes: readonly Probe[];
      readonly region: string;
    };

/** What a pass knows before it does anything. */
export interface Pass {
  readonly object: WebService;
  readonly tier: Tier;
  readonly desired: readonly DesiredResource[];
  readonly observation: Observation;
  readonly planInput: Omit<PlanInput, "withheld">;
  /** Decided without holding anything back: the plain comparison. */
  readonly compared: Decision;
  readonly drift: DriftReport;
  /** Everything of ours that a list lacks, believed or not. */
  readonly doubts: readonly Doubt[];
  /** Addresses whose state may be the doing of a call of ours that was not answered. */
  readonly unanswered: ReadonlySet<string>;
  /** Some difference is not believed yet: soon a second read decides. */
  readonly isSettling: boolean;
}

/** What became of what it did. */
export type Acted = Pick<Outcome, "first" | "last" | "hasActed" | "failures" | "observation"> & {
  readonly applied: readonly Applied[];
};

export function isPaused(object: WebService): boolean {
  return object.metadata.annotations?.[ANNOTATION_PAUSED] === "true";
}
