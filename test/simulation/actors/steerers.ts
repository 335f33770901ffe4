/**
 * Users who steer: what AWS holds is accepted, put right at once or left to others, and what was wanted earlier is wanted
 * again; by the API's own functions. They watch what becomes of it.
 */
import { ApiError } from "../../../src/api/error.ts";
import { accept } from "../../../src/api/steering/accept.ts";
import { correct } from "../../../src/api/steering/correct.ts";
import type { DriftDecided, SteeringDependencies } from "../../../src/api/steering/decision.ts";
import { ignore } from "../../../src/api/steering/ignore.ts";
import { rollBack } from "../../../src/api/steering/rollback.ts";
import type { Writer } from "../../../src/api/writer.ts";
import type { DriftEvent } from "../../../src/model/ledger/drift.ts";
import type { Steered } from "../../../src/model/ledger/steering.ts";
import { ANNOTATION_PAUSED, type WebService } from "../../../src/model/object.ts";
import type { CallIntent } from "../../../src/ports.ts";
import { CallerAccounts } from "../../../src/reconciler/account-binding.ts";
import { KnownQuotas } from "../../../src/reconciler/observe-quotas.ts";
import type { PassDependencies } from "../../../src/reconciler/pass.ts";
import { acceptedSpec } from "../../../src/reconciler/steering/acceptance.ts";
import { correctionRefusals } from "../../../src/reconciler/steering/correction.ts";
import { ignoreRefusals, ignoringSpec } from "../../../src/reconciler/steering/ignoring.ts";
import { seededRng } from "../../../src/runtime/seeded-rng.ts";
import { observatoryFor } from "../../support/observatory.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import type { Disk } from "../disk.ts";
import { INSTALLATION, type Life } from "../life.ts";
import type { ServiceName, Step } from "../steps.ts";

export interface SteerersSettings {
  readonly clock: VirtualClock;
  readonly disk: Disk;
  readonly life: () => Life | undefined;
  readonly writer: () => Writer;
  readonly say: (text: string) => void;
  readonly object: (text: string) => void;
  /** The spec is another one by now. */
  readonly revised: (service: ServiceName, stored: WebService) => void;
  /** What was frozen may be deleted. */
  readonly lifted: () => void;
}

/** What a rollback leaves alone, by the contract of the API. */
const KEPT = ["management", "deletionPolicy", "approval", "defaults"];
const LONGEST_MS = 3_600_000;
/** How long it takes until somebody has found out why so much was to go. */
const LOOKING_MS = 900_000;

/** What can stay as others have made it, and the service still does what it is there for. */
function leavesItServing({ resourceKind, change, field }: DriftEvent): boolean {
  if (["alarm", "rule", "scalingPolicy"].includes(resourceKind)) return true;
  return (
    change === "Modified" &&
    (/^(attributes|tags|healthCheck)\./.test(field) || ["minSize", "maxSize"].includes(field))
  );
}

export class Steerers {
  readonly #settings: SteerersSettings;
  /** Service and address of what was accepted, while nobody has moved anything since. */
  readonly #accepted = new Set<string>();
  #isLooking = false;

  constructor(settings: SteerersSettings) {
    this.#settings = settings;
  }

  /** Something happens to the services: what is written from then on may have another cause. */
  disturb(): void {
    this.#accepted.clear();
  }

  /** Whoever accepts what AWS holds has asked for nothing to be done there. */
  judge({ service, address, operation }: CallIntent): void {
    if (this.#accepted.has(`${service.name} ${address}`))
      this.#settings.object(`${operation} is sent for ${address}, where what AWS holds was accepted`);
  }

  /** Deletions of a kind are frozen: sooner or later somebody sees that it is meant. */
  lift(service: string, reason: string | undefined): void {
    if (reason !== "DeletionsFrozen" || this.#isLooking) return;
    this.#isLooking = true;
    const { clock, disk, life, say, lifted } = this.#settings;
    clock.schedule(LOOKING_MS, () => {
      this.#isLooking = false;
      for (const { kind } of disk.isFull ? [] : disk.store.freezes()) {
        if (!disk.store.liftFreeze(kind, "somebody")) continue;
        say(`the freeze of ${kind} is lifted`);
        lifted();
      }
      life()?.controller.request({ namespace: "default", name: service });
    });
  }

  async take({ service, how }: Extract<Step, { do: "steer" }>): Promise<void> {
    const { disk, life: living, say } = this.#settings;
    const life = living();
    const before = disk.store.get({ namespace: "default", name: service });
    if (life === undefined || disk.isFull || before === undefined) return;
    const open = disk.store.openDrift(before.metadata);
    const isKept = how === "accept" || how === "ignore";
    if (isKept && !open.every(leavesItServing)) return say(`nobody would ${how} what takes the service down`);
    let isOver = false;
    const answer = this.#steer(service, how, this.#dependencies(life))
      .then((decided) => this.#judgeDeed(service, before, open, decided))
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        say(`the API refuses to ${how}: ${error.message}`);
      })
      .finally(() => {
        isOver = true;
      });
    await this.#settings.clock.runUntil(() => isOver || !life.isAlive, LONGEST_MS);
    if (isOver) await answer;
  }

  async #steer(
    name: ServiceName,
    how: Extract<Step, { do: "steer" }>["how"],
    deps: SteeringDependencies,
  ): Promise<DriftDecided | undefined> {
    const key = { namespace: "default", name };
    switch (how) {
      case "accept":
        return accept(deps, key, { reason: "so be it" });
      case "correct":
        return correct(deps, key, { reason: "at once" });
      case "ignore":
        return ignore(deps, key, { reason: "theirs" });
      case "roll back": {
        const [, earlier] = deps.store.revisions(key);
        if (earlier !== undefined) await rollBack(deps, key, { generation: earlier.generation });
        return undefined;
      }
    }
  }

  #judgeDeed(
    service: ServiceName,
    before: WebService,
    open: readonly DriftEvent[],
    decided: DriftDecided | undefined,
  ): void {
    const { disk, object, revised } = this.#settings;
    const stored = disk.store.get({ namespace: "default", name: service });
    if (stored === undefined || stored.metadata.generation === before.metadata.generation) return;
    revised(service, stored);
    if (decided === undefined) {
      for (const name of KEPT)
        if (JSON.stringify(stored.spec[name]) !== JSON.stringify(before.spec[name]))
          object(`a rollback has changed ${name} of ${service}`);
      return;
    }
    if (decided.verb !== "accept") return;
    for (const { resource, field, after } of decided.events) {
      // What a person has seen, and nothing else, is what was agreed to.
      const isSaid = decided.differences.some((difference) => difference.after === after);
      if (typeof after === "number" && !isSaid)
        object(`${after} was accepted for ${field} of ${resource}, and the spec says something else`);
    }
    const isAllOfIt = open.length === decided.events.length;
    // A pass that is under way has decided on what was wanted before.
    const isStill = before.metadata.annotations?.[ANNOTATION_PAUSED] === "true";
    const isOtherwiseAsWanted = before.status?.plan?.rows.every(
      ({ verb, key }) => verb === "update" && open.some(({ resource }) => resource === key),
    );
    if (!isAllOfIt || !isStill || isOtherwiseAsWanted !== true) return;
    for (const { resource } of decided.events) this.#accepted.add(`${service} ${resource}`);
  }

  #dependencies(life: Life): SteeringDependencies {
    const { disk, clock, writer } = this.#settings;
    const silent = () => undefined;
    const log = { debug: silent, info: silent, warn: silent, error: silent };
    const { store } = disk;
    const deps: PassDependencies = {
      ...{ store, clock, log },
      cloudFor: () => life.cloud,
      observatory: observatoryFor(() => life.cloud, clock, LONGEST_MS),
      accounts: new CallerAccounts(() => life.cloud, clock),
      quotas: new KnownQuotas(clock),
      epochsRead: new Map(),
      rng: seededRng(1),
      installation: INSTALLATION,
      resyncMs: LONGEST_MS,
    };
    const { signal } = new AbortController();
    return {
      ...{ store, clock, log },
      withoutSecrets: (spec) => spec,
      acceptedSpec: (steered: Steered) =>
        acceptedSpec(deps, steered, signal).then((answer) => this.#kept(answer)),
      correctionRefusals: (steered: Steered) =>
        correctionRefusals(deps, steered, signal).then((answer) => this.#kept(answer)),
      ignoreRefusals,
      ignoringSpec,
      requestReconcile: (key) => life.controller.request(key),
      writer: writer(),
    };
  }

  /** A disk that is full by now takes no decision. */
  #kept<T>(answer: T): T {
    if (this.#settings.disk.isFull) throw new ApiError(503, "the database takes nothing");
    return answer;
  }
}
