/**
 * One life of the daemon, from start to crash. A crash is never a stop: everything that the controller holds goes
 * through gates, and behind a dead life's gates nothing happens and nothing is answered.
 */

import { AccountBudget } from "../../src/aws/account-budget.ts";
import { timeLimitMsOf } from "../../src/aws/operations.ts";
import { RegionTurns } from "../../src/aws/region-turns.ts";
import { withLog } from "../../src/aws/with-log.ts";
import { withRateLimit } from "../../src/aws/with-rate-limit.ts";
import { withRetry } from "../../src/aws/with-retry.ts";
import { withTimeLimit } from "../../src/aws/with-time-limit.ts";
import { buildEvents, type Events } from "../../src/events/build.ts";
import type { Queue } from "../../src/events/queue.ts";
import { StoreError } from "../../src/model/errors.ts";
import { oldestComparedMs } from "../../src/model/fleet/freshness.ts";
import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import type { WebService } from "../../src/model/object.ts";
import type {
  CallIntent,
  CallOptions,
  Clock,
  Cloud,
  CloudForRegion,
  Input,
  Log,
  Observatory,
  OperationName,
  Output,
  Store,
} from "../../src/ports.ts";
import { CallerAccounts } from "../../src/reconciler/account-binding.ts";
import { Controller } from "../../src/reconciler/controller.ts";
import { operationsFor, writesField } from "../../src/reconciler/kinds/writing-operations.ts";
import { KnownQuotas } from "../../src/reconciler/observe-quotas.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { observatoryFor } from "../support/observatory.ts";
import type { Disk } from "./disk.ts";

export const INSTALLATION = "holdfast";

/** What the world is told, and what it may answer. */
export interface LifeHooks {
  /** Before a call leaves. */
  sending(operation: string, input: object): void;
  /** @param error absent where it was answered well */
  answered(operation: string, input: object, error: unknown): void;
  beforeCommit(): void;
  afterCommit(): void;
  status(service: string, status: NonNullable<WebService["status"]>): void;
  event(text: string): void;
  drift(event: DriftEvent): void;
  /** The daemon is done with a service that was to go. */
  released(service: string): void;
  /** A call is written down and about to be sent. */
  intends(intent: CallIntent): void;
  log(text: string): void;
  region(region: string): void;
  /** Something has come that says that these may have moved. */
  suspects(services: readonly string[]): void;
}

export interface LifeSettings {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly cloud: Cloud;
  readonly seed: number;
  readonly resyncMs: number;
  readonly hooks: LifeHooks;
  /** See {@link History.isWhole}. */
  readonly isWhole: boolean;
  readonly correctionsPerHour?: number | undefined;
  /** The share of each of AWS's buckets that routine may take; absent: the default. */
  readonly apiShare?: number | undefined;
  /** Where AWS's events come to; absent: it is told of none. */
  readonly queue: Queue | undefined;
}

const WRITES = new Set<PropertyKey>([
  "transaction",
  "create",
  "update",
  "markDeleted",
  "updateStatus",
  "bindAccount",
  "release",
  "putDrift",
  "record",
  "putEpoch",
  "putApplied",
  "removeApplied",
  "putMade",
  "removeMade",
  "putRollout",
  "openCall",
  "closeCall",
  "freeze",
]);

class Dead extends Error {}

type Listener = Parameters<Store["subscribe"]>[0];

export class Life {
  readonly controller: Controller;
  /** What it calls AWS by: an import is one of its reads. */
  readonly cloud: Cloud;
  readonly observatory: Observatory;
  /** Absent where it is told of no queue. */
  readonly events: Events | undefined;
  readonly #settings: LifeSettings;
  #isAlive = true;
  #depth = 0;
  #said: (() => void)[] = [];

  constructor(settings: LifeSettings) {
    this.#settings = settings;
    const { hooks, seed, resyncMs, correctionsPerHour, apiShare } = settings;
    const budget = apiShare === undefined ? {} : { apiShare };
    const allowed = new AccountBudget({ clock: this.#clock(), ...budget });
    const turns = new RegionTurns(allowed);
    const cloud = settings.isWhole ? this.#throughClient(this.#cloud(), allowed) : this.#cloud();
    const cloudFor = (region: string): Cloud => {
      hooks.region(region);
      return cloud;
    };
    this.cloud = cloud;
    this.observatory = observatoryFor(cloudFor, this.#clock(), resyncMs, {
      ...budget,
      isFlowing: (region) => this.events?.isFlowing(region) === true,
    });
    this.controller = new Controller({
      store: this.#store(),
      cloudFor,
      observatory: this.observatory,
      accounts: new CallerAccounts(cloudFor, this.#clock()),
      quotas: new KnownQuotas(this.#clock()),
      epochsRead: new Map(),
      clock: this.#clock(),
      rng: seededRng(seed),
      log: this.#log(),
      installation: INSTALLATION,
      resyncMs,
      ...(settings.isWhole ? { turnsFor: () => turns } : {}),
      ...(correctionsPerHour === undefined ? {} : { correctionsPerHour }),
    });
    this.events = this.#events(cloudFor);
    this.controller.start();
    this.events?.start();
  }

  #events(cloudFor: CloudForRegion): Events | undefined {
    const { queue, hooks } = this.#settings;
    if (queue === undefined) return undefined;
    return buildEvents({
      ...{ store: this.#store(), clock: this.#clock(), log: this.#log(), cloudFor, queue },
      ...{ writesField, operationsFor, isCloudTrailAsked: true },
      suspect: (keys) => {
        hooks.suspects(keys.map(({ name }) => name));
        for (const key of keys) this.controller.request(key, "suspicion");
      },
      oldestReadMs: (key) => oldestComparedMs(this.observatory.freshnessOf(key)),
    });
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  die(): void {
    this.#isAlive = false;
  }

  #clock(): Clock {
    const { clock } = this.#settings;
    return {
      nowMs: () => clock.nowMs(),
      schedule: (delayMs, run) =>
        clock.schedule(delayMs, () => {
          if (this.#isAlive) run();
        }),
    };
  }

  #log(): Log {
    const { hooks } = this.#settings;
    const line = (level: string) => (fields: Record<string, unknown>, message: string) => {
      if (this.#isAlive) hooks.log(`${level} ${message} ${JSON.stringify(fields)}`);
    };
    return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
  }

  /** As in `buildAws`, but for the circuit breaker, whose library reads the real clock. */
  #throughClient(wire: Cloud, budget: AccountBudget): Cloud {
    const clock = this.#clock();
    const limited = withRateLimit(withTimeLimit(wire, clock, timeLimitMsOf), budget);
    return withLog(
      withRetry(limited, clock, seededRng(this.#settings.seed + 1)),
      "us-east-1",
      clock,
      this.#log(),
    );
  }

  #cloud(): Cloud {
    const { cloud, hooks } = this.#settings;
    return {
      call: <O extends OperationName>(operation: O, input: Input<O>, options?: CallOptions) =>
        new Promise<Output<O>>((resolve, reject) => {
          if (!this.#isAlive) return;
          const own = { ...(input as object) };
          hooks.sending(operation, own);
          if (!this.#isAlive) return;
          const finish = (error: unknown, give: () => void) => {
            if (this.#isAlive) hooks.answered(operation, own, error);
            if (this.#isAlive) give();
          };
          cloud.call(operation, own as Input<O>, options).then(
            (output) => finish(undefined, () => resolve(output)),
            (error: unknown) => finish(error, () => reject(error)),
          );
        }),
    };
  }

  #store(): Store {
    const answer =
      (_target: Store, name: PropertyKey) =>
      (...given: unknown[]): unknown => {
        if (!this.#isAlive) throw new Dead();
        if (name === "subscribe") return this.#subscribe(given[0] as Listener);
        const real = this.#settings.disk.store as unknown as Record<
          PropertyKey,
          (...all: unknown[]) => unknown
        >;
        const method = real[name];
        if (method === undefined) throw new Error(`the store has no ${String(name)}`);
        return WRITES.has(name) ? this.#write(name, given, method) : method(...given);
      };
    return new Proxy({} as Store, { get: answer });
  }

  /** What is committed by whoever comes after it a dead one does not hear. */
  #subscribe(listener: Listener): () => void {
    return this.#settings.disk.store.subscribe((changes) => {
      if (this.#isAlive) listener(changes);
    });
  }

  #write(name: PropertyKey, given: unknown[], method: (...all: unknown[]) => unknown): unknown {
    const { disk, hooks } = this.#settings;
    const isOuter = this.#depth === 0;
    if (isOuter) {
      this.#said = [];
      hooks.beforeCommit();
      if (!this.#isAlive) throw new Dead();
      if (disk.isFull) throw new StoreError("database or disk is full");
    }
    this.#depth += 1;
    let result: unknown;
    try {
      result = method(...given);
    } finally {
      this.#depth -= 1;
    }
    this.#hear(name, given);
    if (isOuter) {
      for (const say of this.#said) say();
      hooks.afterCommit();
      if (!this.#isAlive) throw new Dead();
    }
    return result;
  }

  /** What a commit says becomes true with the commit. */
  #hear(name: PropertyKey, given: readonly unknown[]): void {
    const { hooks } = this.#settings;
    if (name === "updateStatus") {
      const [key, , status] = given as Parameters<Store["updateStatus"]>;
      if (status !== undefined) this.#said.push(() => hooks.status(key.name, status));
    }
    if (name === "record") {
      const [object, { reason, message }] = given as Parameters<Store["record"]>;
      this.#said.push(() => hooks.event(`${object.metadata.name} ${reason}: ${message}`));
    }
    if (name === "putDrift") {
      const [drift] = given as Parameters<Store["putDrift"]>;
      this.#said.push(() => hooks.drift(drift));
    }
    if (name === "release") {
      const [key] = given as Parameters<Store["release"]>;
      this.#said.push(() => hooks.released(key.name));
    }
    if (name === "openCall") {
      const [intent] = given as Parameters<Store["openCall"]>;
      this.#said.push(() => hooks.intends(intent));
    }
  }
}
