/**
 * Everything that is not deterministic, and nothing else: clock, randomness, cloud, store, log.
 * `src/runtime/`, `src/aws/`, `src/simulator/` and `src/store/` implement these; `src/daemon.ts` puts them together.
 */
import type { Exchange, OPERATIONS } from "./aws/operations.ts";
import type { CallerAccount } from "./model/account.ts";
import type { Address } from "./model/address.ts";
import type { CallCause } from "./model/call-cause.ts";
import type { KnownEpoch } from "./model/epoch.ts";
import type { CoreEvent, Occurrence } from "./model/events.ts";
import type { FleetBudget, Freshness, ReadClass } from "./model/fleet/freshness.ts";
import type { ListAnswer, ListQuery } from "./model/fleet/list-query.ts";
import type { Urgency } from "./model/fleet/urgency.ts";
import type { KindName } from "./model/kind-name.ts";
import type { DriftEvent } from "./model/ledger/drift.ts";
import type { StateOfThen, StatesAround } from "./model/ledger/history.ts";
import type { Rollout } from "./model/ledger/rollout.ts";
import type { UnseenWrite } from "./model/ledger/unseen-write.ts";
import type { ResolvedLookup } from "./model/lookups.ts";
import type { ObjectKey, SpecOf, WebService } from "./model/object.ts";
import type { Freeze, PauseForAll } from "./model/pause.ts";
import type { Revision, RevisionHead } from "./model/revision.ts";
import type { ServiceSummary } from "./model/status-page.ts";
import type { Value } from "./model/value.ts";

/** Milliseconds since 1970 UTC of the world that the daemon lives in: real time, or the simulated account's. */
export interface Clock {
  nowMs(): number;
  /** Runs `run` once, `delayMs` from now; the answer cancels it. Never runs it before returning. */
  schedule(delayMs: number, run: () => void): () => void;
}

/** Waits for so long by a clock; ends early, without complaint, when `signal` aborts. */
export function elapsed(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.schedule(ms, end);
    signal?.addEventListener("abort", end, { once: true });
  });
}

/** Uniform in [0, 1). */
export interface Rng {
  next(): number;
}

/** One line per decision: a constant message, and fields. Never a secret. */
export interface Log {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** IAM's name of an AWS operation that the daemon may call. */
export type OperationName = keyof typeof OPERATIONS;
export type Input<O extends OperationName> = Exchange<O>["input"];
export type Output<O extends OperationName> = Exchange<O>["output"];

/**
 * What the daemon asks of its own queue of events. It is neither a read of a tier nor a write to one: no pass makes it, and
 * it stands in no journal.
 */
export type QueueOperation = Extract<OperationName, `sqs:${string}`>;
/** What a journal can hold: a call by which a pass changes a tier. */
export type TierOperation = Exclude<OperationName, QueueOperation>;

/** The daemon's queue of events, and nothing else. */
export interface QueueCloud {
  call<O extends QueueOperation>(operation: O, input: Input<O>, options?: CallOptions): Promise<Output<O>>;
}

/** Operations named so read; every other one writes. */
const READ_VERBS = ["Describe", "Get", "List", "Lookup"] as const;
export type ReadOperation = Extract<OperationName, `${string}:${(typeof READ_VERBS)[number]}${string}`>;

export function isRead(operation: OperationName): operation is ReadOperation {
  return READ_VERBS.some((verb) => operation.includes(`:${verb}`));
}

/**
 * One AWS account in one Region. Every failure is a `CloudError`, a write's included: whether a write that
 * failed as `transient` took effect is unknown until it is read. Outputs are AWS's, unchecked: a member that AWS promises may be missing.
 */
export interface Cloud {
  call<O extends OperationName>(operation: O, input: Input<O>, options?: CallOptions): Promise<Output<O>>;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Asked when a write has waited for its turn: it is not sent then, as `STOPPED` says. */
  readonly isHalted?: (() => boolean) | undefined;
  /** Default: `person`. */
  readonly urgency?: Urgency | undefined;
}

/** The cloud of a Region. */
export type CloudForRegion = (region: string) => Cloud;

/** A write that asks whether it is its turn. */
export interface TurnRequest {
  readonly service: ObjectKey;
  readonly address: Address;
  /** All calls of its action. */
  readonly operations: readonly OperationName[];
  /** Its service serves already: it goes before those that are being made. */
  readonly isStanding: boolean;
}

/** That it is not: so many calls are ahead of one that AWS allows so rarely, and it is worth asking again when it is due. */
export interface TurnWait {
  readonly operation: OperationName;
  readonly callsPerSecond: number;
  readonly ahead: number;
  readonly dueAtMs: number;
}

/** Lines for rare writes of one Region. Who can be served soon goes on, and calls within seconds; others have a place, and ask again. */
export interface Turns {
  ask(request: TurnRequest): TurnWait | undefined;
  /** Gives up all places of a service. */
  leave(service: ObjectKey): void;
}

/** A cloud that has no writing call: whoever holds nothing else cannot change anything. */
export interface ReadingCloud {
  call<O extends ReadOperation>(operation: O, input: Input<O>, options?: CallOptions): Promise<Output<O>>;
}

/**
 * Reads for one look at one service. What is known and young enough is answered from memory; everything else is asked of
 * AWS, once for all who ask. An answer belongs to everybody: nobody changes it.
 */
export interface Look extends ReadingCloud {
  /** When AWS was asked for an answer that this look has given. */
  askedAtMs(answer: object): number | undefined;
  /** Whether AWS was asked for every answer since the look began, or since the time that it was to be no older than. */
  isFresh(): boolean;
  /** When AWS was asked for the oldest answer that was given, by class; a class without any is left out. */
  oldestMs(): Readonly<Partial<Record<ReadClass, number>>>;
}

export interface LookDemand {
  readonly key: ObjectKey;
  readonly region: string;
  readonly urgency: Urgency;
  /** No answer that AWS was asked for before counts. Absent: as old as was promised. */
  readonly notBeforeMs?: number;
  /** Health is read anew, and lists are no older than that: not all was well when it was last seen. */
  readonly isUnwell?: boolean;
  /** Not of a pass: whether AWS is done with something. One list for all is read rather than the part of each. */
  readonly isProbe?: boolean;
}

/** What AWS has answered, shared by all services of an account and Region, and how often each of them is looked at. */
export interface Observatory {
  look(demand: LookDemand): Look;
  /** The service was compared with what the look has given. @param isUnwell not all was well */
  compared(demand: LookDemand, look: Look, isUnwell: boolean): void;
  /** A call that may have changed what is there was answered, or given up: what was asked for before says nothing. */
  wrote(key: ObjectKey, region: string): void;
  /** How long until a look is due; a service that was not compared is due now. */
  untilDueMs(key: ObjectKey): number;
  /** The service is gone. */
  forget(key: ObjectKey): void;
  /** `undefined`: nothing is known of it. */
  freshnessOf(key: ObjectKey): Freshness | undefined;
  budgets(): readonly FleetBudget[];
}

/** What was last written to, or seen equal to the spec in, one AWS resource. */
export interface AppliedResource {
  address: Address;
  kind: KindName;
  /** Physical name, and AWS's id (ARN, template id, …) once known. */
  name: string;
  id?: string;
  /** Normalised fields, as compared; secrets as digests. */
  fields: Record<string, Value>;
  /** Last live values of what is left to others; siblings by reference. */
  left?: Record<string, Value>;
  generation: number;
  /** When AWS last acknowledged a write of ours to it. */
  writtenAtMs: number;
  /** Drift that one read has shown and no second read has confirmed: where → first seen. */
  suspectedAtMs?: Record<string, number>;
  /** Field → our last write of it, while no read has shown its effect. */
  unseen?: Record<string, UnseenWrite>;
}

/**
 * How a row of `made` came to be. `made`: a call of ours made it, or a read showed it where it was wanted, with our tag.
 * `adopted`: it was there before, and was handed over to us; that is worth as much. `observed`: seen where it is wanted, by
 * a service that only looks; that permits nothing but to adopt it.
 */
export type Origin = "made" | "adopted" | "observed";

/** What stood in a resource when it was first seen, and what the spec cannot say. */
export interface Inherited {
  /** Members that no field of the spec stands for, as fields: every whole-object call of ours carries them. */
  members: Record<string, Value>;
  /** Of a launch template: the number of the version that its group ran. */
  version?: string;
}

/** An AWS resource that we know by its id: ours by more than its tag, or seen where it is wanted. */
export interface MadeResource {
  kind: KindName;
  /** AWS's own id: ARN, template id, group name. */
  id: string;
  origin: Origin;
  name: string;
  address: Address;
  /** Since when it is what its origin says: made, taken over, or seen (again, after a release). */
  sinceMs: number;
  /** Ids of what was ours, not wanted any more, and did its work when it came. */
  takesOver: readonly string[];
  /** Since when no list has shown it. */
  missingSinceMs?: number;
  inherited?: Inherited;
  /** The generation of the spec in which it was adopted. */
  adoptedIn?: number;
}

/** What a service has made or looks at, as a {@link MadeResource} names it. */
export interface MadeHolder extends Pick<MadeResource, "kind" | "id" | "name" | "address"> {
  service: ObjectKey;
}

/** A mutating AWS call: written before it is sent, closed with its outcome. */
export interface CallIntent {
  service: ObjectKey;
  generation: number;
  /** Digest of the plan that decided it. */
  plan: string;
  /** What its action is for. */
  address: Address;
  /** The resources whose fields it may change: that one, or those that stand below it. */
  affected: readonly Address[];
  operation: TierOperation;
  cause?: CallCause;
  /** The kind of the resource that its action deletes, or empties for that. */
  removes?: KindName;
}

interface CallOutcome {
  outcome: "succeeded" | "failed";
  requestId?: string;
  errorCode?: string;
  errorMessage?: string;
}

export interface CallRow extends CallIntent {
  id: number;
  time: string;
  endTime?: string;
  /** `pending`: sent or about to be, and no answer recorded: a crash or a lost answer. */
  outcome: "pending" | CallOutcome["outcome"];
  requestId?: string;
  errorCode?: string;
  errorMessage?: string;
}

export type ObjectOfKind = { WebService: WebService; DriftEvent: DriftEvent; Event: CoreEvent };
export type ObjectKind = keyof ObjectOfKind;

/** What is kept for a while only. */
export type KeptTable = "drift_events" | "status_history";

export interface Change<K extends ObjectKind = ObjectKind> {
  kind: K;
  type: "ADDED" | "MODIFIED" | "DELETED";
  object: ObjectOfKind[K];
  /** The object before; given only where something moved by which a watch can select (labels, a drift's state). */
  previous?: ObjectOfKind[K];
  resourceVersion: number;
}

/**
 * The daemon's memory. Synchronous, so that a transaction can never span a call. What a method acknowledged
 * survives `kill -9` and power loss. Throws `StoreError` when the disk refuses, `ConflictError` on a stale write.
 */
export interface Store {
  /** All or nothing; nested calls join the outer one. */
  transaction<T>(run: () => T): T;
  resourceVersion(): string;

  get(key: ObjectKey): WebService | undefined;
  list(query: ListQuery): ListAnswer<WebService>;
  /** Of every object; reads no status. */
  specs(): SpecOf[];
  /** What the status of the fleet says of every object, by namespace and name; drift is counted elsewhere. */
  summaries(): ServiceSummary[];
  /** Stores a new object: gives it uid, generation 1, resourceVersion and creationTimestamp. */
  create(
    object: Pick<WebService, "spec"> & {
      metadata: NewMetadata;
      actor?: string;
      lookups?: readonly ResolvedLookup[];
    },
  ): WebService;
  /**
   * Replaces spec, labels and annotations; generation moves when the spec differs, or what its lookups stand for.
   * @param expectedResourceVersion precondition; `ConflictError` when it is not the stored one
   */
  update(
    key: ObjectKey,
    change: {
      spec: Record<string, unknown>;
      labels?: Record<string, string>;
      annotations?: Record<string, string>;
      /** Who changes it; stands on the revision, and so does why, where that is told. */
      actor?: string;
      cause?: string;
      /** What the lookups of the spec stand for; left out, those of the revision before. */
      lookups?: readonly ResolvedLookup[];
    },
    expectedResourceVersion?: string,
  ): WebService;
  /** The revisions of an object that are kept, newest first; none of one that is not there. */
  revisions(key: ObjectKey): readonly RevisionHead[];
  revision(key: ObjectKey, generation: number): Revision | undefined;
  /** What the lookups of a revision stand for. @param generation default: the newest */
  lookups(key: ObjectKey, generation?: number): readonly ResolvedLookup[];
  /** Who gave the annotation that approves a plan, where it is known. */
  approverOf(key: ObjectKey): string | undefined;
  /** Sets deletionTimestamp; removes the object at once when it has no finalizer. */
  markDeleted(key: ObjectKey, expectedResourceVersion?: string): WebService;
  /** Only `status` moves. A status equal to the stored one writes nothing. Ignores an object that is gone. */
  updateStatus(key: ObjectKey, uid: string, status: WebService["status"]): void;
  /** The account that the object was first reconciled in; it goes with the object. */
  accountOf(key: ObjectKey): CallerAccount | undefined;
  /** Remembers it for good. Ignores an object that is gone, or has one. */
  bindAccount(key: ObjectKey, uid: string, account: CallerAccount): void;
  /** Takes the finalizer away and removes the object, its `applied`, `made` and `revisions` rows; drift events and events stay. */
  release(key: ObjectKey, uid: string): void;

  driftEvents(query: ListQuery): ListAnswer<DriftEvent>;
  /** By namespace and name. */
  driftEvent(key: ObjectKey): DriftEvent | undefined;
  /** The open drift events of one service. */
  openDrift(service: ObjectKey): DriftEvent[];
  /** Creates (no resourceVersion yet) or replaces a drift event, by namespace and name. */
  putDrift(event: DriftEvent): void;

  /** The states of one service around a moment (ISO 8601 UTC with milliseconds); it may be gone by now. */
  statesAround(service: ObjectKey, time: string): StatesAround;
  /** The states that all services, or those of a namespace, were in at a moment: the first `limit` by namespace and name. */
  statesAt(
    time: string,
    query: { namespace?: string; limit: number },
  ): { items: StateOfThen[]; keys: ObjectKey[] };
  /** Since when a table tells everything; `undefined`: nothing of it was ever forgotten. */
  keptSince(table: KeptTable): string | undefined;

  events(query: ListQuery): ListAnswer<CoreEvent>;
  /** Counts it onto an equal event of the last hour, or adds a new one. */
  record(object: Involved, occurrence: Occurrence): void;

  applied(service: ObjectKey): ReadonlyMap<Address, AppliedResource>;
  putApplied(service: ObjectKey, resource: AppliedResource): void;
  removeApplied(service: ObjectKey, address: Address): void;

  /** What we have made or taken as ours. */
  made(service: ObjectKey): readonly MadeResource[];
  putMade(service: ObjectKey, resource: MadeResource): void;
  removeMade(service: ObjectKey, resource: Pick<MadeResource, "kind" | "id">): void;
  /** The services that have made something under a name. */
  madeUnder(kind: KindName, name: string): readonly ObjectKey[];
  /** Who has made something, or looks at it, with one of these as its id or its name; by an index, the first few. */
  madeAs(ids: readonly string[]): readonly MadeHolder[];

  /** What became of the contents of launch templates that were brought to a service's groups; oldest begun first. */
  rollouts(service: ObjectKey): readonly Rollout[];
  /** By group and digest. The oldest of a group are forgotten: see `LIMITS`. */
  putRollout(service: ObjectKey, rollout: Rollout): void;

  openCall(intent: CallIntent): number;
  closeCall(id: number, outcome: CallOutcome): void;
  /** Newest first. */
  calls(query: { service?: ObjectKey; limit: number }): CallRow[];
  /** The call that AWS answered under this id. */
  callOfRequest(requestId: string): CallRow | undefined;
  /** Those of a service that are not known to have succeeded, newest first. */
  unsettledCalls(service: ObjectKey): CallRow[];
  /** Calls since then by which corrections and edits delete something of a kind. @param since ISO 8601 UTC */
  removals(kind: KindName, since: string): CallRow[];
  /** How many calls since then were corrections. @param since ISO 8601 UTC */
  correctionsSince(since: string): number;

  /** How much is ours of a kind, over all services. */
  owned(kind: KindName): number;
  /** What is frozen now. */
  freezes(): readonly Freeze[];
  /** Freezes a kind, where it is not frozen yet; whether that is new. */
  freeze(freeze: Freeze): boolean;
  /** Lifts it; whether there was something to lift. @param actor who does it */
  liftFreeze(kind: KindName, actor: string | undefined): boolean;
  /** When a freeze of the kind was last lifted. */
  freezeLifted(kind: KindName): string | undefined;

  /** Of this database; a copy of it has the same. */
  databaseUuid(): string;
  epoch(service: ObjectKey): KnownEpoch;
  /** Ignores a service that is gone. */
  putEpoch(service: ObjectKey, epoch: KnownEpoch): void;

  /** The pause for all services, while there is one. Never throws. */
  pause(): PauseForAll | undefined;
  /** Puts it in the place of the one before; `undefined` lifts it. */
  putPause(pause: PauseForAll | undefined): void;

  /** Changes after `resourceVersion`, oldest first; `undefined` when they are no longer kept. */
  changesSince(resourceVersion: string): Change[] | undefined;
  /** Called after each commit, with its changes in order; the answer unsubscribes. */
  subscribe(listener: (changes: Change[]) => void): () => void;

  /** Why nothing can be stored now, as far as is known; costs nothing but a look at the file's name. */
  fault(): StoreFault | undefined;
  /** As {@link fault}, after an attempt to write. */
  check(): StoreFault | undefined;

  close(): void;
}

/** What is in the way of every write, without the place of the file. */
export interface StoreFault {
  readonly message: string;
  /** ISO 8601 UTC. */
  readonly since: string;
}

/** What an event is about: an object of the API, or the pause for all. */
export interface Involved {
  kind: string;
  metadata: { namespace: string; name: string; uid: string };
}

type NewMetadata = {
  name: string;
  namespace: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
};
