/** What the status pages show, in all their forms: built by the API from the store, drawn by the dashboard. */
import type { Actor } from "./actor.ts";
import type { Condition } from "./conditions.ts";
import type { Deed } from "./deeds.ts";
import type { CoreEvent } from "./events.ts";
import type { EventFlow } from "./fleet/event-flow.ts";
import type { FleetBudget, Freshness } from "./fleet/freshness.ts";
import type { DriftEvent } from "./ledger/drift.ts";
import type { FieldReport } from "./ledger/verdicts.ts";
import type { WebService } from "./object.ts";
import type { Freeze, PauseForAll } from "./pause.ts";
import type { RevisionDifference, RevisionHead } from "./revision.ts";
import type { PlanView, ResourceState } from "./status.ts";

/** Where the daemon runs and what time it is there; every age on a page is reckoned from `now`. */
export interface PageContext {
  /** ISO 8601 UTC, of the world that the daemon lives in. */
  now: string;
  cloud: "simulated" | "aws";
  /** Simulated seconds for each real second; only with the simulated account. */
  speed?: number;
  /** The daemon's own version. */
  version: string;
  /** How often every service is wished to be compared with AWS. */
  resyncSeconds: number;
  /** Who looks at it; absent where no token is demanded. */
  actor?: Actor;
  /** For whoever may write: what makes the forms of the page good. */
  forms?: { csrf: string };
  /** What a form of the page has just done. */
  done?: Deed;
  /** While all services are paused. */
  pause?: PauseForAll;
}

/** What the form for a token shows. */
export interface SignInModel {
  readonly version: string;
  /** Path to go to afterwards. */
  readonly next: string;
  /** Why the last attempt failed. */
  readonly problem?: string;
}

/** What a request was answered with instead of what it asked for. */
export interface ErrorView extends PageContext {
  code: number;
  /** One CamelCase word. */
  reason: string;
  message: string;
  /** What was asked for. */
  path: string;
}

/** How text for a terminal is written. */
export interface TextOptions {
  /** Columns, at least 60; no line is longer. 100 by default, which is less than most have. */
  width?: number;
  /** Not by default: whoever reads it may be no terminal. */
  hasColour?: boolean;
}

/** One row of the fleet. */
export interface ServiceSummary {
  namespace: string;
  name: string;
  region: string;
  labels: Record<string, string>;
  creationTimestamp: string;
  generation: number;
  /** Absent before the first pass. */
  observedGeneration?: number;
  conditions: Condition[];
  dnsName?: string;
  /** How many resources are in each state; states without one may be left out. */
  resources: Partial<Record<ResourceState, number>>;
  /** `apart`: leaving, on standby, in a warm pool. The rest of the total fails. */
  instances: { serving: number; starting: number; apart: number; unknown: number; total: number };
  /** Kinds of what the last pass could not read: see `UnreadRow`. */
  unread: string[];
  /** Addresses of the alarms in ALARM, without those that only scale. */
  ringingAlarms: string[];
  openDrift: number;
  failedChecks: number;
  /** End of the last pass that read everything it needed. */
  observedAt?: string;
  nextPassAt?: string;
  /** What was promised of it and when it was compared; absent where that is not known. */
  freshness?: Freshness;
  /** A deletion was asked for and AWS still holds something of ours. */
  deleting: boolean;
  /** Drift is reported and nothing is written. */
  paused: boolean;
  /** It is only looked at (`management: Observe`). */
  observed?: true;
}

/** Calls to one AWS API in one Region, since the daemon started. */
export interface CloudSummary {
  region: string;
  /** IAM service prefix, for example `elasticloadbalancing`. */
  api: string;
  /** `closed`: calls go out. `open`: held back after failures. `half-open`: one call is let through to try. */
  circuit: "closed" | "open" | "half-open";
  /** When the circuit took this state. */
  since?: string;
  calls: number;
  throttledCalls: number;
  failedCalls: number;
}

/** One of AWS's token buckets in one Region, as this daemon uses it. */
export interface BucketUse {
  readonly region: string;
  /** Its name, or the operation that has it to itself. */
  readonly bucket: string;
  readonly burst: number;
  /** As AWS refills it, and what is believed to be left of that by others. */
  readonly refillPerSecond: number;
  readonly refillInForcePerSecond: number;
  /** The share of it that routine takes at most. */
  readonly apiShare: number;
  /** Of the last minute, in all and of routine. */
  readonly callsPerSecond: number;
  readonly routineCallsPerSecond: number;
  /** Calls that wait for it now, by urgency. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Since when AWS has throttled, while others are still believed to use it. ISO 8601 UTC. */
  readonly throttledSince?: string;
}

export interface QueueSummary {
  /** Services that are due for a pass. */
  waiting: number;
  /** Services in a pass at this moment. */
  running: number;
  /** Services that wait for a time: the next resync or the end of a backoff. */
  scheduled: number;
}

/** What somebody looks for in the fleet. */
export interface FleetFilter {
  /** Each word of it must stand in what the page says of a service. */
  text: string;
  needsAttention: boolean;
}

export interface FleetModel extends PageContext {
  /** Every one that there is, as of `now`; in no order. */
  services: readonly ServiceSummary[];
  /** Where only one was asked for. */
  namespace?: string;
  /** Which of them are shown; all without it. */
  filter?: FleetFilter;
  clouds: CloudSummary[];
  /** What routine may take in each Region, and what is promised for that. */
  budgets: readonly FleetBudget[];
  queue: QueueSummary;
  /** Whether AWS's events come; absent where none are listened to. */
  eventFlow?: EventFlow;
  /** Kinds of which nothing more is deleted, of whatever namespace; absent where there is none. */
  freezes?: readonly Freeze[];
  /** What is open first, newest first. */
  drift: DriftEvent[];
  /** Newest first. */
  events: CoreEvent[];
}

/** One mutating AWS call, as the journal holds it. */
export interface CallView {
  id: number;
  time: string;
  endTime?: string;
  generation: number;
  /** Digest of the plan that decided it. */
  plan: string;
  /** Address of the resource in the spec. */
  resource: string;
  /** IAM action, for example `elasticloadbalancing:ModifyTargetGroup`. */
  operation: string;
  outcome: "pending" | "succeeded" | "failed";
  requestId?: string;
  errorCode?: string;
  errorMessage?: string;
}

/** A plan that was asked for, with the service that it is of. */
export interface PlanModel extends PageContext {
  /** As it is shown to whoever asks. */
  service: WebService;
  plan: PlanView;
}

export interface ServiceModel extends PageContext {
  /** As stored; whoever shows it hides the fields that are secret. */
  service: WebService;
  /** What was promised of it and when it was compared; absent where that is not known. */
  freshness?: Freshness;
  /** Its three-way compare. */
  fields: FieldReport;
  /** Newest first. */
  drift: DriftEvent[];
  /** Newest first. */
  events: CoreEvent[];
  /** Newest first. */
  calls: CallView[];
  /** The newest of them, newest first. */
  revisions: RevisionRow[];
}

/** The spec of a service as a text, to be edited. */
export interface EditModel extends PageContext {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Of the spec from which the text was made, or with which it has been compared since. */
  readonly generation: number;
  /** As it was typed; at first the stored spec in YAML, with digests in place of its secrets. */
  readonly text: string;
  readonly reason: string;
  /** Why nothing was written, with every fault and its place. */
  readonly problem?: { readonly message: string; readonly faults: readonly PlacedFault[] };
  /** What others have changed since the text was made of the spec. */
  readonly meanwhile?: readonly RevisionDifference[];
  readonly preview?: EditPreview;
}

interface PlacedFault {
  /** Empty where it is of no place. */
  readonly path: string;
  readonly message: string;
}

/** What would happen if the text were written. */
export interface EditPreview {
  readonly differences: readonly RevisionDifference[];
  readonly plan: PlanView;
  readonly warnings: readonly string[];
  /** The same change as a merge patch, with digests in place of secrets. */
  readonly patch: string;
  /** Which text it was: nothing else is written. */
  readonly shown: string;
  /** What was to be written was not what had been shown. */
  readonly isAnother?: true;
}

/** A revision, and what it has changed. */
export interface RevisionRow extends RevisionHead {
  isCurrent: boolean;
  /** Absent where the one before it is not kept. */
  differences?: RevisionDifference[];
}
