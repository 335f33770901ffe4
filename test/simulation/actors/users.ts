/** The users: what each has on the desk, and how it gets into the store. They know the API's rules and nothing of AWS. */
import { ApiError } from "../../../src/api/error.ts";
import { Writer } from "../../../src/api/writer.ts";
import {
  ANNOTATION_APPROVED_PLAN,
  ANNOTATION_CONFIRMED_EPOCH,
  ANNOTATION_FORCE_DELETE,
  ANNOTATION_PAUSED,
  ANNOTATION_RECONCILE_REQUESTED_AT,
  type WebService,
} from "../../../src/model/object.ts";
import type { CallIntent } from "../../../src/ports.ts";
import { ANNOTATION_NO_LONGER_MANAGED_BY } from "../../../src/reconciler/core/belonging/managed-elsewhere.ts";
import { importTier } from "../../../src/reconciler/import/tier.ts";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import { DELETION_FIELDS } from "../../../src/reconciler/kinds/web-service.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import type { Disk } from "../disk.ts";
import type { Life } from "../life.ts";
import { edited, firstSpec, type Spec } from "../specs.ts";
import type { ServiceName, Step } from "../steps.ts";
import { LOAD_BALANCER, OWN_NAMES } from "./earlier-team.ts";

/** What a user has on the desk. */
export interface Desk {
  spec: Spec;
  earlier: Spec[];
  want: "nothing" | "service" | "deletion";
  isPaused: boolean;
  isForced: boolean;
  /** The digest of the plan that was approved. */
  approval?: string;
  /** The one of these that was stored last. */
  givenApproval?: string;
  /** What was asked for last is not to be begun before that. */
  needsApproval?: boolean;
  /** The spec was imported: whoever takes a tier over approves what follows from it. */
  isImported?: boolean;
  /** What waits for approval is approved, sooner or later. */
  isAttended?: boolean;
  /** The digest of the plan that was approved before the one that waits now. */
  askedBefore?: string;
  /** The epoch on AWS beyond which this database is to go. */
  confirmedEpoch?: string;
  /** No other tool manages it any more. */
  isDisowned?: boolean;
}

export interface UsersSettings {
  readonly clock: VirtualClock;
  readonly disk: Disk;
  /** The daemon, while it is up. */
  readonly life: () => Life | undefined;
  readonly say: (text: string) => void;
  readonly object: (text: string) => void;
  /** A user has written down what the daemon is to see to. */
  readonly wrote: (object: WebService) => void;
  /** The approval of a plan is stored. */
  readonly approved: (service: ServiceName, digest: string) => void;
  /** The epoch on AWS was confirmed. */
  readonly confirmed: (service: ServiceName) => void;
  /** A manifest was posted as it came. */
  readonly imported: (service: ServiceName, spec: Spec) => void;
}

/** So long it takes to see that a database is the right one. */
const CONFIRMING_MS = 120_000;
/** For so long a user asks again; the daemon is never down for longer. */
const MOST_ATTEMPTS = 2_000;
/** For so long somebody tries to import a tier; no outage takes longer. */
const MOST_IMPORTS = 400;
const CALMED_MS = 5_000;
/** A call may be on its way while a user writes. */
const OVERTAKING_MS = 1_000;

/** So long somebody looks at a plan before it is approved: with the same plan always the same. */
function thinkingMs(digest: string): number {
  return [5_000, 40_000, 200_000][Number.parseInt(digest.slice(1, 5), 16) % 3] ?? 5_000;
}

export class Users {
  readonly desks = new Map<ServiceName, Desk>();
  /** When one of them has last written something. */
  editedAtMs = 0;
  /** A database was lost or put back: what was deleted may be there again, or be forgotten half-way. */
  hasLostObjects = false;
  readonly #settings: UsersSettings;
  /** Plans and resources of which a call has been sent. */
  readonly #begun = new Set<string>();
  /** Specs that a user has replaced by others. */
  readonly #replaced: { readonly service: string; readonly atMs: number; readonly spec: Spec }[] = [];

  constructor(settings: UsersSettings) {
    this.#settings = settings;
  }

  stored(name: string): WebService | undefined {
    return this.#settings.disk.store.get({ namespace: "default", name });
  }

  /** The certificates that the listener at an address is to have, and was to have all the time for so long. */
  certificatesAt(owner: string, address: string, forMs: number): readonly string[] {
    const service = owner.split("/")[2] ?? "";
    const stored = this.stored(service);
    if (stored === undefined || stored.metadata.deletionTimestamp !== undefined) return [];
    const sinceMs = this.#settings.clock.nowMs() - forMs;
    const before = this.#replaced.filter((one) => one.service === service && one.atMs > sinceMs);
    const lists = [stored.spec as Spec, ...before.map(({ spec }) => spec)].map((spec) => {
      const listener = spec.loadBalancer.listeners.find(({ port }) => address.endsWith(`.listeners.${port}`));
      return (listener?.certificates ?? []) as readonly string[];
    });
    return lists[0]?.filter((arn) => lists.every((list) => list.includes(arn))) ?? [];
  }

  /** Whether all of them have paused their services, for so long. */
  isPaused(forMs: number): boolean {
    const desks = [...this.desks.values()];
    return (
      desks.length > 0 &&
      desks.every((desk) => desk.isPaused) &&
      this.#settings.clock.nowMs() - this.editedAtMs > forMs &&
      [...this.desks.keys()].every(
        (name) => this.stored(name)?.metadata.annotations?.[ANNOTATION_PAUSED] === "true",
      )
    );
  }

  /** A user's later wish overtakes a plan: what has been begun is finished, and nothing else begun. */
  judge({ service, generation, plan, address, operation }: CallIntent): void {
    if (this.desks.get(service.name as ServiceName)?.needsApproval === true)
      this.#settings.object(`${operation} is sent before anybody has approved the edit`);
    const step = `${service.name} ${plan} ${address}`;
    const now = this.stored(service.name)?.metadata.generation ?? generation;
    const isOvertaken = now > generation && this.#settings.clock.nowMs() - this.editedAtMs > OVERTAKING_MS;
    if (isOvertaken && !this.#begun.has(step))
      this.#settings.object(`${operation} is sent for generation ${generation}, and ${now} is wanted`);
    this.#begun.add(step);
  }

  /** Whether a service is to go and may not. */
  isProtected(service: ServiceName | undefined): boolean {
    const desk = service === undefined ? undefined : this.desks.get(service);
    const { attributes } = (desk?.spec.loadBalancer ?? {}) as { attributes?: Record<string, unknown> };
    return desk?.want === "deletion" && attributes?.["deletion_protection.enabled"] === true;
  }

  async take(step: Step & { service: ServiceName }): Promise<void> {
    const desk = this.#deskOf(step.service);
    const isThere = desk.want === "service";
    switch (step.do) {
      case "create":
        desk.want = "service";
        if (step.deletionPolicy !== undefined) desk.spec.deletionPolicy = step.deletionPolicy;
        if (step.asksFirst !== undefined) {
          desk.isAttended = true;
          if (step.asksFirst === true) delete desk.spec.approval;
          else desk.spec.approval = step.asksFirst;
        }
        if (step.isProtected) desk.spec.loadBalancer.attributes = { "deletion_protection.enabled": true };
        break;
      case "edit":
        desk.earlier.push(structuredClone(desk.spec));
        edited(desk.spec, step.edit);
        if (isThere && step.edit === "our defaults declined") desk.needsApproval = true;
        break;
      case "import":
        if (isThere || !(await this.#import(step.service, desk))) return;
        break;
      case "adopt":
      case "release":
        if (desk.isImported !== true) return;
        desk.earlier.push(structuredClone(desk.spec));
        desk.spec.management = step.do === "adopt" ? "Manage" : "Observe";
        break;
      case "disown":
        desk.isDisowned = true;
        break;
      case "approve":
        await this.#approve(step.service, desk);
        return;
      case "undo":
        desk.spec = desk.earlier.pop() ?? desk.spec;
        break;
      case "unprotect":
        desk.spec.loadBalancer.attributes = {
          ...(desk.spec.loadBalancer.attributes as object | undefined),
          "deletion_protection.enabled": false,
        };
        break;
      case "force":
        desk.isForced = true;
        break;
      case "pause":
      case "resume":
        desk.isPaused = step.do === "pause";
        break;
      case "delete":
        if (isThere) desk.want = "deletion";
        break;
    }
    if (desk.want !== "nothing")
      await this.#persuade(
        step.service,
        step.do === "poke" ? String(this.#settings.clock.nowMs()) : undefined,
      );
  }

  /** The user asks until the manifest names everything that the team knows to be there. @returns whether it was posted */
  async #import(service: ServiceName, desk: Desk): Promise<boolean> {
    for (let attempt = 0; attempt < MOST_IMPORTS; attempt += 1) {
      const spec = await this.#manifest(service);
      if (spec !== undefined && OWN_NAMES.every((name) => JSON.stringify(spec).includes(`"${name}"`))) {
        Object.assign(desk, { spec, want: "service", isImported: true });
        this.#settings.imported(service, spec);
        return true;
      }
      await this.#settings.clock.advance(CALMED_MS);
    }
    this.#settings.say("there is nothing to import");
    return false;
  }

  /** The answer of `POST /specs/import`; nothing when it is an error, or when the daemon dies over it. */
  async #manifest(name: ServiceName): Promise<Spec | undefined> {
    const { clock, say } = this.#settings;
    const life = this.#settings.life();
    if (life === undefined) return undefined;
    const key = { namespace: "default", name };
    const request = { region: "us-east-1", loadBalancer: LOAD_BALANCER, key, include: [], exclude: [] };
    let isOver = false;
    const answer = importTier({ cloudFor: () => life.cloud, clock }, request, new AbortController().signal)
      .then(({ spec }) => spec as Spec)
      .catch((error: Error) => {
        say(`the import fails: ${error.message}`);
        return undefined;
      })
      .finally(() => {
        isOver = true;
      });
    await clock.runUntil(() => isOver || !life.isAlive, 3_600_000);
    return isOver ? answer : undefined;
  }

  /** Whoever has taken a tier over approves what waits for that as soon as the daemon says so; others take their time. */
  consent(service: ServiceName, digest: string | undefined): void {
    const desk = this.desks.get(service);
    if (desk === undefined || digest === undefined || digest === desk.approval) return;
    if (desk.isImported !== true && desk.isAttended !== true) return;
    const delayMs = desk.isImported === true ? 1_000 : thinkingMs(digest);
    this.#settings.clock.schedule(delayMs, () => {
      const life = this.#settings.life();
      const now = this.stored(service)?.status?.plan?.approval?.digest;
      if (digest === desk.approval || life === undefined || this.#settings.disk.isFull) return;
      if (desk.want !== "service" || now !== digest) return;
      this.#offerOutdated(service, desk, digest);
      desk.askedBefore = digest;
      desk.approval = digest;
      if (this.#write(service, undefined)) life.controller.request({ namespace: "default", name: service });
    });
  }

  /** After a while somebody says that this database goes on, as long as it still asks for that. */
  confirmEpoch(service: ServiceName, epoch: string | undefined): void {
    if (epoch === undefined || this.desks.get(service)?.confirmedEpoch === epoch) return;
    const { clock, disk, life, confirmed } = this.#settings;
    clock.schedule(CONFIRMING_MS, () => {
      const desk = this.desks.get(service);
      const isAsked = this.stored(service)?.status?.foreignEpoch === epoch;
      if (desk === undefined || !isAsked || life() === undefined || disk.isFull) return;
      if (desk.confirmedEpoch === epoch) return;
      desk.confirmedEpoch = epoch;
      if (!this.#write(service, undefined)) return;
      confirmed(service);
      life()?.controller.request({ namespace: "default", name: service });
    });
  }

  /** Somebody else has the digest of an hour ago at hand: it is not taken for the one that waits. */
  #offerOutdated(service: ServiceName, { askedBefore }: Desk, digest: string): void {
    const stored = this.stored(service);
    const { annotations = {} } = stored?.metadata ?? {};
    if (stored === undefined || askedBefore === undefined || askedBefore === digest) return;
    if (annotations[ANNOTATION_APPROVED_PLAN] === askedBefore) return;
    const result = this.writer().admit(
      {
        key: { namespace: "default", name: service },
        labels: {},
        annotations: { ...annotations, [ANNOTATION_APPROVED_PLAN]: askedBefore },
        spec: stored.spec,
      },
      "existing",
    );
    if (result.ok) this.#settings.object(`the outdated approval ${askedBefore} is taken for ${digest}`);
  }

  /** Until the daemon has taken it: what waits may have become another plan in the meantime. */
  async #approve(service: ServiceName, desk: Desk): Promise<void> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const status = this.stored(service)?.status;
      const digest = status?.plan?.approval?.digest;
      if (status?.approval !== undefined || status?.defaults === desk.spec.defaults) return;
      if (digest !== undefined && digest !== desk.approval) {
        desk.approval = digest;
        desk.needsApproval = false;
        await this.#persuade(service);
      }
      await this.#settings.clock.advance(1_000);
    }
    this.#settings.object("no plan waits for approval, or its approval is not taken");
  }

  #deskOf(service: ServiceName): Desk {
    const known = this.desks.get(service);
    if (known !== undefined) return known;
    const spec = firstSpec();
    if (service !== "web-api")
      spec.loadBalancer.listeners = spec.loadBalancer.listeners.filter((listener) => listener.port === 443);
    const desk: Desk = { spec, earlier: [], want: "nothing", isPaused: false, isForced: false };
    this.desks.set(service, desk);
    return desk;
  }

  /** The user insists until the API takes it: the daemon may be down, or its disk full. */
  async #persuade(service: ServiceName, poke?: string): Promise<void> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const life = this.#settings.life();
      if (life !== undefined && !this.#settings.disk.isFull && this.#write(service, poke)) {
        this.editedAtMs = this.#settings.clock.nowMs();
        const stored = this.stored(service);
        if (stored !== undefined) this.#settings.wrote(stored);
        life.controller.request({ namespace: "default", name: service });
        return;
      }
      await this.#settings.clock.advance(1_000);
    }
    throw new Error("the daemon never came back");
  }

  /** @returns whether it need not be said again */
  #write(service: ServiceName, poke: string | undefined): boolean {
    const desk = this.#deskOf(service);
    const key = { namespace: "default", name: service };
    const { store } = this.#settings.disk;
    const stored = this.stored(service);
    if (stored === undefined && desk.want === "deletion" && !this.hasLostObjects) return true;
    const annotations = {
      ...(desk.isPaused ? { [ANNOTATION_PAUSED]: "true" } : {}),
      ...(desk.isForced ? { [ANNOTATION_FORCE_DELETE]: "true" } : {}),
      ...(desk.isDisowned ? { [ANNOTATION_NO_LONGER_MANAGED_BY]: "kubernetes" } : {}),
      ...(poke === undefined ? {} : { [ANNOTATION_RECONCILE_REQUESTED_AT]: poke }),
      ...(desk.approval === undefined ? {} : { [ANNOTATION_APPROVED_PLAN]: desk.approval }),
      ...(desk.confirmedEpoch === undefined ? {} : { [ANNOTATION_CONFIRMED_EPOCH]: desk.confirmedEpoch }),
    };
    const isLeaving = stored?.metadata.deletionTimestamp !== undefined;
    const isPatch = isLeaving && desk.want === "deletion";
    try {
      const writer = this.writer();
      const incoming = { key, labels: {}, annotations, spec: desk.spec };
      const result = writer.admit(incoming, isPatch ? "existing" : "either");
      if (result.ok) {
        if (stored !== undefined)
          this.#replaced.push({ service, atMs: this.#settings.clock.nowMs(), spec: stored.spec as Spec });
        writer.write([result.admitted]);
        // That it stands there still, when the spec is edited, agrees to nothing new.
        if (desk.approval !== undefined && desk.approval !== desk.givenApproval)
          this.#settings.approved(service, desk.approval);
        if (desk.approval !== undefined) desk.givenApproval = desk.approval;
      } else this.#giveIn(desk, result.faults.map(({ path, message }) => `${path}: ${message}`).join("; "));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Who wants the service to be there waits until it can be.
      if (!isPatch) return false;
      this.#giveIn(desk, error.message);
    }
    if (desk.want === "deletion") store.markDeleted(key);
    return true;
  }

  #giveIn(desk: Desk, refusal: string): void {
    this.#settings.say(`the API refuses: ${refusal}`);
    desk.spec = desk.earlier.pop() ?? desk.spec;
  }

  /** The API's own way into the store, as it is now. */
  writer(): Writer {
    const silent = () => undefined;
    return new Writer(
      {
        store: this.#settings.disk.store,
        clock: this.#settings.clock,
        log: { debug: silent, info: silent, warn: silent, error: silent },
        admit: (spec, previous, _key, resolved = []) =>
          admit(spec, previous, { resolved }) as unknown as Record<string, unknown>,
        deletionFields: DELETION_FIELDS,
        resolveLookups: () => Promise.resolve([]),
        plan: () => Promise.reject(new Error("nobody asks for a plan")),
        requestReconcile: silent,
      },
      { check: silent },
    );
  }

  /** What a deed has made of the spec is what stands on the desk. */
  revised(service: ServiceName, stored: WebService): void {
    const desk = this.#deskOf(service);
    desk.earlier.push(desk.spec);
    desk.spec = structuredClone(stored.spec) as Spec;
    this.#replaced.push({
      service,
      atMs: this.#settings.clock.nowMs(),
      spec: desk.earlier.at(-1) ?? desk.spec,
    });
    this.editedAtMs = this.#settings.clock.nowMs();
    this.#settings.wrote(stored);
    this.#settings.life()?.controller.request({ namespace: "default", name: service });
  }

  /** In the end they see to it that the daemon knows what they want. */
  async insist(): Promise<void> {
    for (const [service, desk] of this.desks) {
      if (desk.want === "nothing") continue;
      desk.isPaused = false;
      const isKnown = this.#settings.life() !== undefined && this.stored(service) !== undefined;
      if (desk.want === "service" || isKnown || this.hasLostObjects)
        await this.#persuade(service, String(this.#settings.clock.nowMs()));
    }
  }
}
