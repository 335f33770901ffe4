/** The users: what each has on the desk, and how it gets into the store. They know the API's rules and nothing of AWS. */
import { InvalidSpecError } from "../../../src/model/errors.ts";
import {
  ANNOTATION_FORCE_DELETE,
  ANNOTATION_PAUSED,
  ANNOTATION_RECONCILE_REQUESTED_AT,
  FINALIZER,
  type WebService,
} from "../../../src/model/object.ts";
import type { CallIntent } from "../../../src/ports.ts";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import type { Disk } from "../disk.ts";
import type { Life } from "../life.ts";
import { RARE_EDITS } from "../rare-edits.ts";
import { EDITS, firstSpec, type Spec } from "../specs.ts";
import type { ServiceName, Step } from "../steps.ts";

/** What a user has on the desk. */
export interface Desk {
  spec: Spec;
  earlier: Spec[];
  want: "nothing" | "service" | "deletion";
  isPaused: boolean;
  isForced: boolean;
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
}

/** For so long a user asks again; the daemon is never down for longer. */
const MOST_ATTEMPTS = 2_000;
/** A call may be on its way while a user writes. */
const OVERTAKING_MS = 1_000;

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
        if (step.isProtected) desk.spec.loadBalancer.attributes = { "deletion_protection.enabled": true };
        break;
      case "edit":
        desk.earlier.push(structuredClone(desk.spec));
        ({ ...EDITS, ...RARE_EDITS })[step.edit](desk.spec);
        break;
      case "undo":
        desk.spec = desk.earlier.pop() ?? desk.spec;
        break;
      case "unprotect":
        desk.spec.loadBalancer.attributes = { "deletion_protection.enabled": false };
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
      if (life !== undefined && !this.#settings.disk.isFull) {
        this.#write(service, poke);
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

  #write(service: ServiceName, poke: string | undefined): void {
    const desk = this.#deskOf(service);
    const key = { namespace: "default", name: service };
    const { store } = this.#settings.disk;
    const stored = this.stored(service);
    let spec: Record<string, unknown>;
    try {
      spec = admit(desk.spec, stored) as unknown as Record<string, unknown>;
    } catch (error) {
      if (!(error instanceof InvalidSpecError)) throw error;
      this.#settings.say(`the API refuses: ${error.message}`);
      desk.spec = desk.earlier.pop() ?? desk.spec;
      return;
    }
    const annotations = {
      ...(desk.isPaused ? { [ANNOTATION_PAUSED]: "true" } : {}),
      ...(desk.isForced ? { [ANNOTATION_FORCE_DELETE]: "true" } : {}),
      ...(poke === undefined ? {} : { [ANNOTATION_RECONCILE_REQUESTED_AT]: poke }),
    };
    if (stored === undefined) {
      if (desk.want === "deletion" && !this.hasLostObjects) return;
      store.create({ metadata: { ...key, annotations, finalizers: [FINALIZER] } as never, spec });
    } else {
      this.#replaced.push({ service, atMs: this.#settings.clock.nowMs(), spec: stored.spec as Spec });
      store.update(key, { spec, annotations });
    }
    if (desk.want === "deletion") store.markDeleted(key);
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
