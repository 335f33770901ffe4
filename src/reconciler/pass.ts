/** What the parts of a pass hand on to each other. */
import type { Address } from "../model/address.ts";
import type { Urgency } from "../model/fleet/urgency.ts";
import type { DriftEvent } from "../model/ledger/drift.ts";
import type { LookupRow, ResolvedLookup } from "../model/lookups.ts";
import type { ManagerTag } from "../model/managed-by.ts";
import type { WebService } from "../model/object.ts";
import type { Clock, CloudForRegion, Log, Observatory, Rng, Store, Turns } from "../ports.ts";
import type { AccountCheck, CallerAccounts } from "./account-binding.ts";
import type { Failure } from "./conditions.ts";
import type { CorrectionRequest } from "./consistency/correction-request.ts";
import type { DriftReport } from "./consistency/drift.ts";
import type { EpochVerdict } from "./consistency/epochs.ts";
import type { Contested } from "./consistency/field-conflicts.ts";
import type { ListLack } from "./consistency/stale-lists.ts";
import type { HoldReason, Holds } from "./core/holds.ts";
import type { Observation } from "./core/observation.ts";
import type { DesiredResource } from "./core/resource.ts";
import type { Decision, DecisionInput } from "./decide.ts";
import type { Probe, ServiceContext } from "./kinds/kind.ts";
import type { MovedRecord } from "./moved-records.ts";
import type { KnownQuotas } from "./observe-quotas.ts";
import type { PassOutcome } from "./requeue.ts";

export interface PassDependencies {
  readonly store: Store;
  readonly cloudFor: CloudForRegion;
  /** The lines for writes that AWS allows rarely; without, every write is sent, and waits where it is. */
  readonly turnsFor?: (region: string) => Turns | undefined;
  /** Reads, shared with the passes over other services. One for the process. */
  readonly observatory: Observatory;
  /** Whose credentials are in use. One for the process. */
  readonly accounts: CallerAccounts;
  /** What AWS has told of its quotas. One for the process. */
  readonly quotas: KnownQuotas;
  /** Service → what has been seen since the start of what carries its epoch. One for the process. */
  readonly epochsRead: Map<string, EpochLook>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  /** Tells two installations in one account apart. */
  readonly installation: string;
  readonly resyncMs: number;
  /** So many calls may correct drift within an hour, over all services; absent: any number. */
  readonly correctionsPerHour?: number;
  /** Tags by which other programs are known beside those that everybody has: `--manager-tags`. */
  readonly managerTags?: readonly ManagerTag[];
}

/** What carries the epoch of this object was read, or a list lacks it, and that is not believed yet. */
export interface EpochLook {
  readonly uid: string;
  readonly lacksSinceMs?: number;
}

export type PassResult =
  | { readonly outcome: "gone" }
  | {
      readonly outcome: PassOutcome;
      /** What the next pass is for. */
      readonly urgency: Urgency;
      /** When the next pass is due at the latest. */
      readonly requeueAfterMs: number;
      /** What can be asked cheaply meanwhile; when all are settled, a pass is worth its reads. */
      readonly probes: readonly Probe[];
      readonly region: string;
    };

/** An object, what its lookups stand for, and what is known of them. */
export interface Revision {
  readonly object: WebService;
  readonly resolved: readonly ResolvedLookup[];
  readonly looked: readonly LookupRow[];
  /** Open drift of which some is to be put right now; without, what the ledger has. */
  readonly asked?: readonly DriftEvent[] | undefined;
}

/** What a pass knows before it does anything. */
export interface Pass {
  readonly object: WebService;
  readonly service: ServiceContext;
  /** What its spec looks up. */
  readonly lookups: readonly LookupRow[];
  /** Unless it is right, nothing was read. */
  readonly account: AccountCheck;
  /** All that the spec asks for. */
  readonly specified: readonly DesiredResource[];
  /** The same, and nothing while the service is being deleted. */
  readonly desired: readonly DesiredResource[];
  /** What had its time, and is not there any more: see consistency/time-bound.ts. */
  readonly over: readonly DesiredResource[];
  readonly observation: Observation;
  /** When AWS was asked for the oldest of what tells what is there and whether it serves. */
  readonly readAtMs: number;
  /** Read while not all was well: health anew. */
  readonly isOfUnwell: boolean;
  /** Everything that decides, but for what this pass itself adds, and the guards: see pacing/standing-guards.ts. */
  readonly decisionInput: Omit<DecisionInput, "guards">;
  /** Decided without holding anything back: the plain comparison. */
  readonly compared: Decision;
  /** Whether this database may write, by what AWS carries. */
  readonly epoch: EpochVerdict;
  readonly drift: DriftReport;
  /** What keeps coming back after it was put right. */
  readonly contested: readonly Contested[];
  /** What a person has asked for by `holdfast.dev/correction-requested-at`, and when it was first seen. */
  readonly correctionRequested: CorrectionRequest | undefined;
  /** What must not be acted on yet. */
  readonly holds: Holds;
  /** Everything of ours that a list lacks, believed or not. */
  readonly listLacks: readonly ListLack[];
  /** What was applied to a resource that has another address now. */
  readonly moved: readonly MovedRecord[];
  /** Addresses whose state may be the doing of a call of ours that was not answered. */
  readonly indeterminate: ReadonlyMap<Address, number>;
  /** Some difference is not believed yet: soon a second read decides. */
  readonly isSettling: boolean;
}

/** What became of what it did. */
export interface Acted {
  /** What was decided from what was read, before anything was done. */
  readonly first: Decision;
  /** What was left when nothing more could be done. */
  readonly last: Decision;
  /** What was read, with AWS's answers folded in. */
  readonly observation: Observation;
  /** Whether a call of this pass has changed AWS. */
  readonly hasActed: boolean;
  readonly failures: readonly Failure[];
  /** Why some deletions were held by a read right before them. */
  readonly doubts: readonly HoldReason[];
  /** What a look right before a call has shown to be in its way. */
  readonly blockers: readonly HoldReason[];
}
