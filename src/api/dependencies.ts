import type { TokenEntry } from "../model/actor.ts";
import type { EventFlow } from "../model/fleet/event-flow.ts";
import type { FleetBudget, Freshness } from "../model/fleet/freshness.ts";
import type { HeldName } from "../model/held-name.ts";
import type { ImportedManifest, ImportRequest } from "../model/import.ts";
import type { DriftEvent } from "../model/ledger/drift.ts";
import type { FleetOfThen, LedgerModel, ServiceOfThen } from "../model/ledger/past.ts";
import type { Acceptance, DriftPlace, Refusal, Steered } from "../model/ledger/steering.ts";
import type { ResolvedLookup } from "../model/lookups.ts";
import type { ObjectKey, WebService } from "../model/object.ts";
import type { PlanView } from "../model/status.ts";
import type {
  BucketUse,
  CloudSummary,
  EditModel,
  ErrorView,
  FleetModel,
  PageContext,
  PlanModel,
  QueueSummary,
  ServiceModel,
  SignInModel,
  TextOptions,
} from "../model/status-page.ts";
import type { Clock, Log, Store } from "../ports.ts";

/** Totals since the daemon started, for `/metrics`. */
interface Counters {
  /** Passes by how they ended. */
  passes: { result: string; count: number }[];
  /** AWS calls, reads included, by IAM action and outcome (`succeeded` or an error category). */
  calls: { operation: string; outcome: string; count: number }[];
  lostLogLines: number;
}

/** A file that the status pages load. */
interface Asset {
  /** Content type. */
  type: string;
  body: string | Buffer;
}

/** A page for people, and for terminals. */
interface Drawn<M> {
  html(model: M): string;
  text(model: M, options: TextOptions): string;
}

/** How the status pages are drawn. */
interface Dashboard {
  past: {
    ledger: Drawn<LedgerModel>;
    fleet: Drawn<FleetOfThen>;
    service: Drawn<ServiceOfThen>;
  };
  fleetPage(model: FleetModel): string;
  servicePage(model: ServiceModel): string;
  editPage(model: EditModel): string;
  fleetText(model: FleetModel, options: TextOptions): string;
  serviceText(model: ServiceModel, options: TextOptions): string;
  planText(model: PlanModel, options: TextOptions): string;
  /** The model with the services that are shown, in their order. */
  fleetJson(model: FleetModel): object;
  errorPage(view: ErrorView): string;
  signInPage(model: SignInModel): string;
  /** Names of the pages of documentation, and each of them; `undefined` when it was not installed. */
  docs: readonly string[];
  docsPage(name: string, context: PageContext): string | undefined;
  /** By file name, below `/status/assets/`. */
  assets: Readonly<Record<string, Asset>>;
}

/** Everything that the API needs and does not do itself. */
export interface Dependencies {
  store: Store;
  clock: Clock;
  log: Log;
  /** The tokens that are good now. When given, every route but the probes and the sign-in demands one of them. */
  tokens?: () => readonly TokenEntry[];
  /** Of real time, at whatever speed the world of `clock` runs. */
  realClock: Clock;
  /** Resolves when a piece of long work may go on; everybody else is served between two pieces. */
  takeTurn(): Promise<void>;
  /** A word that nobody can guess. */
  newSecret(): string;
  /** The answer of `/version`. */
  version: Record<string, string>;
  /** Where the daemon runs, for the status pages. */
  world: Omit<PageContext, "now" | "actor" | "pause" | "forms" | "done">;
  /**
   * The spec, validated and with its defaults filled in. `previous` is the stored object, when there is one; `key` whose it
   * is, where that is known; `lookups` what its lookups stand for, where it is not for AWS to say.
   * @throws InvalidSpecError with every fault
   */
  admit(
    spec: unknown,
    previous?: WebService,
    key?: ObjectKey,
    lookups?: readonly ResolvedLookup[],
  ): Record<string, unknown>;
  /** The names that a spec which was admitted pins. */
  heldNamesIn(spec: Record<string, unknown>): readonly HeldName[];
  /** What of an object that may be stored means nothing: told in `Warning` headers. */
  warnings(object: WebService): readonly string[];
  /** Paths in a spec of what a deletion that is under way still obeys; the rest of it goes with the object. */
  deletionFields: readonly (readonly string[])[];
  /**
   * What the lookups of a spec that was admitted stand for: reads the cloud and writes nothing.
   * @throws InvalidSpecError, UnreadLookupError
   */
  resolveLookups(asked: {
    key: ObjectKey;
    spec: Record<string, unknown>;
    previous: WebService | undefined;
    /** Whether what is known already is asked for again. */
    isRequested: boolean;
  }): Promise<readonly ResolvedLookup[]>;
  /**
   * What a pass would do for this object: reads the cloud and writes nothing. `lookups`: what those of its spec stand for;
   * `asked`: open drift, of which some is to be put right now; without, what the ledger has.
   * @throws CloudError
   */
  plan(
    object: WebService,
    lookups: readonly ResolvedLookup[],
    asked?: readonly DriftEvent[],
  ): Promise<PlanView>;
  /** What an import is asked for. @throws InvalidSpecError with every fault */
  parseImport(body: Record<string, unknown>, key: ObjectKey): ImportRequest;
  /**
   * The manifest of a tier that runs: reads the cloud, and stores nothing.
   * @throws NothingToImportError, InvalidSpecError, CloudError
   */
  importTier(request: ImportRequest): Promise<ImportedManifest>;
  /**
   * The spec that says what AWS holds, read anew: no call follows from it.
   * @throws InvalidSpecError, CloudError
   */
  acceptedSpec(steered: Steered): Promise<Acceptance>;
  /** What keeps the next pass from putting drift right: reads the cloud. @throws CloudError */
  correctionRefusals(steered: Steered): Promise<readonly Refusal[]>;
  /** Why drift may not be left to others. */
  ignoreRefusals(events: readonly DriftEvent[]): readonly Refusal[];
  /** The spec with a rule that ignores each place; the same spec where all of them are ignored already. */
  ignoringSpec(spec: Record<string, unknown>, places: readonly DriftPlace[]): Record<string, unknown>;
  /** JSON Schema of `spec`. */
  specSchema: object;
  /** The spec with its secrets replaced, for pages. */
  withoutSecrets(spec: Record<string, unknown>): Record<string, unknown>;
  /** Asks for a pass soon; called after the commit. */
  requestReconcile(key: ObjectKey): void;
  /** Asks for one of each service. */
  requestReconcileOfAll(): void;
  cloudStatus(): CloudSummary[];
  /** AWS's token buckets in use. */
  bucketUse(): readonly BucketUse[];
  /** What is promised of a service, and when it was compared; `undefined` where that is not known. */
  freshnessOf(key: ObjectKey): Freshness | undefined;
  /** Of each Region that has services; its cost must not grow with them. */
  budgets(): readonly FleetBudget[];
  queueStatus(): QueueSummary;
  /** Whether AWS's events come; absent where none are listened to. */
  eventFlow(): EventFlow | undefined;
  counters(): Counters;
  ready(): { ready: boolean; reasons: string[] };
  dashboard: Dashboard;
}
