import type { SteeringDependencies } from "../../src/api/steering/decision.ts";
import { Writer } from "../../src/api/writer.ts";
import { AccountBudget } from "../../src/aws/account-budget.ts";
import { RegionTurns } from "../../src/aws/region-turns.ts";
import { withPause } from "../../src/aws/with-pause.ts";
import { withRateLimit } from "../../src/aws/with-rate-limit.ts";
import { conditionOf } from "../../src/model/conditions.ts";
import type { Freshness } from "../../src/model/fleet/freshness.ts";
import type { ImportedManifest } from "../../src/model/import.ts";
import type { Steered } from "../../src/model/ledger/steering.ts";
import { FINALIZER, type ObjectKey, type WebService } from "../../src/model/object.ts";
import { withoutSecrets } from "../../src/model/secrets.ts";
import type { PlanView } from "../../src/model/status.ts";
import { type Value, valuesEqual } from "../../src/model/value.ts";
import type { Cloud, Input, Log, Observatory, OperationName, Output, Store } from "../../src/ports.ts";
import { CallerAccounts } from "../../src/reconciler/account-binding.ts";
import { Controller } from "../../src/reconciler/controller.ts";
import { ownerOf } from "../../src/reconciler/core/names.ts";
import { importRequestOf } from "../../src/reconciler/import/request.ts";
import { importTier } from "../../src/reconciler/import/tier.ts";
import { admit } from "../../src/reconciler/kinds/admission.ts";
import { DELETION_FIELDS } from "../../src/reconciler/kinds/web-service.ts";
import { KnownQuotas } from "../../src/reconciler/observe-quotas.ts";
import type { EpochLook, PassDependencies } from "../../src/reconciler/pass.ts";
import { resolveLookups } from "../../src/reconciler/resolve-lookups.ts";
import { preview } from "../../src/reconciler/rounds/preview.ts";
import { acceptedSpec } from "../../src/reconciler/steering/acceptance.ts";
import { correctionRefusals } from "../../src/reconciler/steering/correction.ts";
import { ignoreRefusals, ignoringSpec } from "../../src/reconciler/steering/ignoring.ts";
import { newUid } from "../../src/runtime/new-uid.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { type Account, type AccountOptions, buildAccount } from "../../src/simulator/account.ts";
import { simulatedCloud } from "../../src/simulator/cloud.ts";
import type { Interceptor } from "../../src/simulator/faults/interceptors.ts";
import { openStore } from "../../src/store/open.ts";
import { unattendedSpec } from "./example-manifest.ts";
import { observatoryFor } from "./observatory.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export const WEB_API: ObjectKey = { namespace: "default", name: "web-api" };

const INSTALLATION = "holdfast";
const HOUR_MS = 3_600_000;
const USUAL_RESYNC_MS = 60_000;

export interface InstallationOptions {
  readonly seed?: number;
  readonly interceptor?: Interceptor;
  readonly throttle?: boolean;
  readonly log?: Log;
  readonly resyncMs?: number;
  readonly quotas?: AccountOptions["quotas"];
  readonly timings?: AccountOptions["timings"];
  readonly correctionsPerHour?: number;
  /** The share of each bucket that routine looks are spread over. */
  readonly apiShare?: number;
  /** Whether AWS's events come from a Region, so that routine is rare. */
  readonly isFlowing?: (region: string) => boolean;
  /** Whether the daemon keeps to AWS's rate limits by itself; a function is asked at each call. */
  readonly limitsItsRate?: true | (() => boolean);
  /** Stands in front of all that the daemon asks of AWS, its own rate limits included. */
  readonly watched?: (cloud: Cloud) => Cloud;
}

/** The spec of the worked example, where nobody approves, as a user's editor holds it: change it and post it. */
export function exampleSpec(): Record<string, unknown> {
  return unattendedSpec();
}

/** A whole installation in virtual time: account, store and controller, without sockets. */
export class Installation {
  readonly clock: VirtualClock;
  readonly account: Account;
  readonly cloud: Cloud;
  store: Store;
  controller: Controller;
  readonly budget: AccountBudget;
  #daemonsCloud: Cloud;
  readonly #options: InstallationOptions;
  #quotas: KnownQuotas;
  readonly #seed: number;
  #databases = -1;
  #epochsRead = new Map<string, EpochLook>();
  #life = { isOver: false };
  #observatory: Observatory;

  /** What the daemon asks AWS through. */
  get askedCloud(): Cloud {
    return this.#daemonsCloud;
  }

  get observatory(): Observatory {
    return this.#observatory;
  }

  /** When a service was last compared, and what is promised. */
  freshnessOf(key = WEB_API): Freshness | undefined {
    return this.#observatory.freshnessOf(key);
  }

  constructor(options: InstallationOptions = {}) {
    this.#options = options;
    this.#seed = options.seed ?? 1;
    this.clock = new VirtualClock();
    this.#quotas = new KnownQuotas(this.clock);
    this.account = buildAccount({
      clock: this.clock,
      rng: seededRng(this.#seed),
      throttle: options.throttle ?? false,
      ...(options.quotas === undefined ? {} : { quotas: options.quotas }),
      ...(options.timings === undefined ? {} : { timings: options.timings }),
      ...(options.interceptor === undefined ? {} : { interceptor: options.interceptor }),
    });
    this.cloud = simulatedCloud(this.account);
    // As the daemon has it, the pause for all stands behind whatever makes a call wait.
    const sent = withPause(this.cloud, () => this.store.pause() !== undefined);
    this.budget = new AccountBudget({ clock: this.clock });
    const limited = limitedCloud(sent, options.limitsItsRate, this.budget);
    this.#daemonsCloud = options.watched?.(limited) ?? limited;
    this.store = this.#emptyStore();
    this.#observatory = this.#newObservatory(this.#daemonsCloud);
    this.controller = this.#newController();
    this.controller.start();
  }

  #emptyStore(): Store {
    this.#databases += 1;
    return this.#open(":memory:");
  }

  #open(path: string): Store {
    const rng = seededRng(this.#seed + 1_000 * this.#databases + 1);
    const { resyncMs = USUAL_RESYNC_MS } = this.#options;
    return openStore({ path, clock: this.clock, newUid: () => newUid(rng), resyncMs });
  }

  #newController(): Controller {
    this.#epochsRead = new Map();
    const life = { isOver: false };
    this.#quotas = new KnownQuotas(this.clock);
    this.#life = life;
    const cloud = mortal(this.#daemonsCloud, life);
    this.#observatory = this.#newObservatory(cloud);
    const turns = new RegionTurns(this.budget);
    const { limitsItsRate: limits } = this.#options;
    const turnsFor = () => (limits === true || limits?.() === true ? turns : undefined);
    return new Controller({ ...this.#dependencies(cloud), turnsFor });
  }

  #newObservatory(cloud: Cloud): Observatory {
    const { resyncMs = USUAL_RESYNC_MS, apiShare, isFlowing } = this.#options;
    return observatoryFor(() => cloud, this.clock, resyncMs, {
      ...(apiShare === undefined ? {} : { apiShare }),
      ...(isFlowing === undefined ? {} : { isFlowing }),
    });
  }

  #dependencies(cloud: Cloud): PassDependencies {
    return {
      store: this.store,
      cloudFor: () => cloud,
      observatory: this.#observatory,
      accounts: new CallerAccounts(() => cloud, this.clock),
      quotas: this.#quotas,
      epochsRead: this.#epochsRead,
      clock: this.clock,
      rng: seededRng(this.#seed + 2),
      log: this.#options.log ?? silent,
      installation: INSTALLATION,
      resyncMs: this.#options.resyncMs ?? USUAL_RESYNC_MS,
      ...(this.#options.correctionsPerHour === undefined
        ? {}
        : { correctionsPerHour: this.#options.correctionsPerHour }),
    };
  }

  /** As {@link post}, of a spec that looks something up. @throws what the API answers with an error */
  async postResolved(
    spec: unknown,
    { isRequested = false, name = WEB_API.name }: { isRequested?: boolean; name?: string } = {},
  ): Promise<WebService> {
    const key = { namespace: "default", name };
    const previous = this.store.get(key);
    const stored = previous === undefined ? [] : this.store.lookups(key);
    const admitted = admit(spec, previous, { ...namedAs(key), stored }) as unknown as Record<string, unknown>;
    const asked = { key, spec: admitted, previous, isRequested };
    const deps = this.#dependencies(this.#daemonsCloud);
    const lookups = await this.clock.resolve(resolveLookups(deps, asked, new AbortController().signal));
    const object =
      previous === undefined
        ? this.store.create({ metadata: key, spec: admitted, lookups })
        : this.store.update(key, { spec: admitted, lookups });
    this.controller.request(key);
    return object;
  }

  /** As `POST /specs` does: admitted, stored, and asked for. */
  post(spec: unknown, name = WEB_API.name): WebService {
    const key = { namespace: "default", name };
    const previous = this.store.get(key);
    const stored = previous === undefined ? [] : this.store.lookups(key);
    const admitted = admit(spec, previous, { ...namedAs(key), stored }) as unknown as Record<string, unknown>;
    const object =
      previous === undefined
        ? this.store.create({ metadata: { ...key, finalizers: [FINALIZER] } as never, spec: admitted })
        : this.store.update(key, { spec: admitted });
    this.controller.request(key);
    return object;
  }

  /** The plan that a dry run of `POST /specs` answers with. */
  async plan(spec: unknown, key = WEB_API): Promise<PlanView> {
    const previous = this.store.get(key);
    const admitted = admit(spec, previous, { ...namedAs(key), stored: this.store.lookups(key) });
    const { metadata, ...stored } = previous ?? newObject(key);
    const isMoved =
      previous !== undefined && !valuesEqual(previous.spec as Value, admitted as unknown as Value);
    return this.#preview({
      ...stored,
      metadata: { ...metadata, generation: metadata.generation + (isMoved ? 1 : 0) },
      spec: admitted as unknown as Record<string, unknown>,
    });
  }

  /** The plan that a dry run of a DELETE answers with. */
  planOfDeletion(key = WEB_API): Promise<PlanView> {
    const { metadata, ...stored } = this.get(key);
    const deletionTimestamp = new Date(this.clock.nowMs()).toISOString();
    return this.#preview({ ...stored, metadata: { ...metadata, deletionTimestamp } });
  }

  /** The plan of the service as it is stored. */
  planNow(key = WEB_API): Promise<PlanView> {
    return this.#preview(this.get(key));
  }

  #preview(object: WebService): Promise<PlanView> {
    const { namespace, name } = object.metadata;
    const lookups = this.store.lookups({ namespace, name });
    const signal = new AbortController().signal;
    return this.clock.resolve(
      preview(this.#dependencies(this.#daemonsCloud), { object, resolved: lookups }, signal),
    );
  }

  /** What the API's deeds work with: the reading is done as the daemon does it. */
  steering(): SteeringDependencies {
    const deps = this.#dependencies(this.#daemonsCloud);
    const { signal } = new AbortController();
    const { store, clock } = this;
    const requestReconcile = (key: ObjectKey) => this.controller.request(key);
    const api = {
      ...{ store, clock, log: this.#options.log ?? silent, requestReconcile },
      withoutSecrets: (spec: Record<string, unknown>) => withoutSecrets(spec) as Record<string, unknown>,
      acceptedSpec: (steered: Steered) => acceptedSpec(deps, steered, signal),
      correctionRefusals: (steered: Steered) => correctionRefusals(deps, steered, signal),
      ignoreRefusals,
      ignoringSpec,
    };
    const writer = new Writer(
      {
        ...api,
        admit: (spec, previous, key = WEB_API, lookups) =>
          admit(spec, previous, {
            ...namedAs(key),
            ...(previous === undefined ? {} : { stored: store.lookups(previous.metadata) }),
            ...(lookups === undefined ? {} : { resolved: lookups }),
          }) as unknown as Record<string, unknown>,
        deletionFields: DELETION_FIELDS,
        resolveLookups: (asked) => resolveLookups(deps, asked, signal),
        plan: (object, resolved, asked) => preview(deps, { object, resolved, asked }, signal),
      },
      { check: () => undefined },
    );
    return { ...api, writer };
  }

  /** Waits in virtual time for what reads AWS. */
  waiting<T>(answer: Promise<T>): Promise<T> {
    return this.clock.resolve(answer);
  }

  annotate(annotations: Record<string, string>, key = WEB_API): void {
    const { spec } = this.get(key);
    this.store.update(key, { spec, annotations });
    this.controller.request(key);
  }

  remove(key = WEB_API): void {
    this.store.markDeleted(key);
    this.controller.request(key);
  }

  /**
   * The daemon dies and starts again; with `lost`, its database is gone; with `file`, it has this one; with `account`, it
   * has credentials of that one.
   */
  async restart(options: { lost?: boolean; file?: string; account?: Account } = {}): Promise<void> {
    const stopped = this.controller.stop();
    await this.clock.resolve(stopped);
    if (options.account !== undefined) this.#daemonsCloud = simulatedCloud(options.account);
    if (options.lost) this.store = this.#emptyStore();
    if (options.file !== undefined) {
      this.store.close();
      this.store = this.#open(options.file);
    }
    this.controller = this.#newController();
    this.controller.start();
  }

  /** As `kill -9`: no answer arrives any more, nothing is finished or written; AWS does what it was asked. */
  crash(): void {
    this.#life.isOver = true;
    this.controller = this.#newController();
    this.controller.start();
  }

  get(key = WEB_API): WebService {
    const object = this.store.get(key);
    if (object === undefined) throw new Error(`${key.name} is not stored`);
    return object;
  }

  condition(type: "Ready" | "Synced" | "Healthy" | "Drifted" | "Reconciling" | "Stalled", key = WEB_API) {
    return conditionOf(this.store.get(key)?.status?.conditions, type);
  }

  /** As `POST /specs/import` does. */
  import(body: Record<string, unknown>, name = WEB_API.name): Promise<ImportedManifest> {
    const request = importRequestOf({ region: "us-east-1", ...body }, { namespace: "default", name });
    const signal = new AbortController().signal;
    return this.clock.resolve(importTier(this.#dependencies(this.#daemonsCloud), request, signal));
  }

  /** One AWS call by somebody else, in virtual time. */
  aws<O extends OperationName>(operation: O, input: Input<O>): Promise<Output<O>> {
    return this.clock.resolve(this.cloud.call(operation, input));
  }

  async until(done: () => boolean, limitMs = HOUR_MS): Promise<void> {
    await this.clock.runUntil(done, limitMs);
  }

  async untilReady(key = WEB_API): Promise<void> {
    await this.until(() => {
      const { metadata, status } = this.get(key);
      return (
        status?.observedGeneration === metadata.generation &&
        conditionOf(status.conditions, "Ready")?.status === "True"
      );
    });
  }

  /** A person says that this database goes on, whatever epoch stands on AWS. */
  async confirmEpoch(key = WEB_API): Promise<void> {
    await this.until(() => this.get(key).status?.foreignEpoch !== undefined);
    const { metadata, status } = this.get(key);
    this.annotate(
      { ...metadata.annotations, "holdfast.dev/confirmed-epoch": status?.foreignEpoch ?? "" },
      key,
    );
    await this.clock.advance(1_000);
  }

  /** IAM actions of mutating calls so far, in order, but for the epoch's, which goes ahead of each generation. */
  mutations(): string[] {
    return this.store
      .calls({ limit: 10_000 })
      .filter(({ affected }) => affected.length > 0)
      .map((row) => row.operation)
      .reverse();
  }
}

/** As a dry run makes it of a service that is not stored. */
function newObject({ namespace, name }: ObjectKey): WebService {
  const metadata = { namespace, name, uid: "", generation: 1, resourceVersion: "", creationTimestamp: "" };
  return { apiVersion: "holdfast.dev/v1", kind: "WebService", metadata, spec: {} };
}

function namedAs(key: ObjectKey) {
  return { key, owner: ownerOf(INSTALLATION, key) };
}

function limitedCloud(
  sent: Cloud,
  limits: InstallationOptions["limitsItsRate"],
  budget: AccountBudget,
): Cloud {
  if (limits === undefined) return sent;
  const limited = withRateLimit(sent, budget);
  if (limits === true) return limited;
  return { call: (...asked) => (limits() ? limited : sent).call(...asked) };
}

/** The cloud as a process sees it: once the process is dead, nothing is sent, and no answer comes back. */
function mortal(cloud: Cloud, life: { readonly isOver: boolean }): Cloud {
  const never = new Promise<never>(() => {});
  return {
    call: async (operation, input, options) => {
      if (life.isOver) return never;
      try {
        const answer = await cloud.call(operation, input, options);
        return life.isOver ? never : answer;
      } catch (error) {
        return life.isOver ? never : Promise.reject(error);
      }
    },
  };
}
