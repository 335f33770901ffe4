import { summaryOf } from "../model/fleet/summary-of.ts";
import { LIMITS } from "../model/limits.ts";
import { textOfKey } from "../model/object.ts";
import type { ServiceSummary } from "../model/status-page.ts";
import { iso } from "../model/time.ts";
import type { Change, Store, StoreFault } from "../ports.ts";
import { inDoubt } from "./access/served-store.ts";
import { ConditionTally } from "./counts/condition-tally.ts";
import { SharedTexts } from "./counts/shared-texts.ts";
import type { Dependencies } from "./dependencies.ts";

type FleetDependencies = Pick<Dependencies, "store" | "clock" | "realClock" | "freshnessOf">;

/** In real time. */
const TOLD_FOR_MS = 1_000;

interface Told {
  readonly services: readonly ServiceSummary[];
  /** ISO 8601 UTC. */
  readonly now: string;
  readonly realMs: number;
}

/** What is told of every service at once. It follows the store's changes, so that nobody reads every object to count them. */
export class FleetIndex {
  readonly #summaries = new Map<string, ServiceSummary>();
  readonly #texts = new SharedTexts();
  /** Open drift events, by uid: the key of their service. */
  readonly #open = new Map<string, string>();
  readonly #openOf = new Map<string, number>();
  readonly #tally = new ConditionTally();
  /** How many services are in each. */
  readonly #namespaces = new Map<string, number>();
  #ringingAlarms = 0;
  readonly #leave: () => void;
  readonly #store: Store;
  readonly #deps: FleetDependencies;
  readonly #told = new Map<string, Told>();
  driftSinceStart = 0;

  constructor(deps: FleetDependencies) {
    const { store } = deps;
    this.#deps = deps;
    this.#store = store;
    for (const summary of store.summaries()) this.#put(textOfKey(summary), summary);
    for (const { metadata, service } of store.driftEvents({ state: "Open" }).items) {
      this.#opened(metadata.uid, textOfKey({ namespace: metadata.namespace, name: service }));
    }
    this.#leave = store.subscribe((changes) => {
      for (const change of changes) this.#follow(change);
    });
  }

  /** All of them, or those of a namespace; in no order. */
  services(namespace?: string): ServiceSummary[] {
    const fault = this.#store.fault();
    return [...this.#summaries]
      .filter(([, summary]) => namespace === undefined || summary.namespace === namespace)
      .map(([key, summary]) => {
        const freshness = this.#deps.freshnessOf(summary);
        return {
          ...summary,
          conditions: told(summary, fault),
          openDrift: this.#openOf.get(key) ?? 0,
          ...(freshness !== undefined && { freshness }),
        };
      });
  }

  /**
   * As {@link services}, and as of when. Where there are very many, all who ask within a moment are told the same, so that
   * they are not all gone through for each; what has come, gone or got another spec is told at once.
   */
  told(namespace?: string): Told {
    const { clock, realClock } = this.#deps;
    const [place, realMs] = [namespace ?? "", realClock.nowMs()];
    const known = this.#told.get(place);
    const ageMs = realMs - (known?.realMs ?? Number.NEGATIVE_INFINITY);
    if (known !== undefined && ageMs >= 0 && ageMs < TOLD_FOR_MS) return known;
    const now = iso(clock.nowMs());
    const told = { services: this.services(namespace), now, realMs };
    if (this.#told.size >= LIMITS.fleetsTold) this.#told.clear();
    if (told.services.length > LIMITS.servicesToldAnew) this.#told.set(place, told);
    return told;
  }

  /** How many services have a condition of each type with a status; and with a reason, where it is not as it should be. */
  get tally(): ConditionTally {
    const fault = this.#store.fault();
    if (fault === undefined) return this.#tally;
    const doubtful = new ConditionTally();
    for (const summary of this.#summaries.values()) doubtful.count(told(summary, fault), 1);
    return doubtful;
  }

  /** In which there are services. */
  namespaces(): ReadonlySet<string> {
    return new Set(this.#namespaces.keys());
  }

  get count(): number {
    return this.#summaries.size;
  }

  /** Alarms of all services that ring. */
  get ringingAlarms(): number {
    return this.#ringingAlarms;
  }

  get openDrift(): number {
    return this.#open.size;
  }

  close(): void {
    this.#leave();
  }

  /** Puts one in the place of the one before, and keeps what is counted of all of them. */
  #put(key: string, next: ServiceSummary | undefined): void {
    const before = this.#summaries.get(key);
    if (before?.generation !== next?.generation || before?.deleting !== next?.deleting) this.#told.clear();
    if (before !== undefined) this.#count(before, -1);
    if (next !== undefined) this.#count(next, 1);
    if (next === undefined) this.#summaries.delete(key);
    else this.#summaries.set(key, this.#texts.summary(next));
  }

  #count({ namespace, conditions, ringingAlarms }: ServiceSummary, by: 1 | -1): void {
    this.#tally.count(conditions, by);
    this.#ringingAlarms += by * ringingAlarms.length;
    const left = (this.#namespaces.get(namespace) ?? 0) + by;
    if (left > 0) this.#namespaces.set(namespace, left);
    else this.#namespaces.delete(namespace);
  }

  #follow({ kind, type, object }: Change): void {
    const { metadata } = object;
    if (kind === "WebService" && "spec" in object) {
      if (type === "DELETED") this.#put(textOfKey(metadata), undefined);
      else this.#put(textOfKey(metadata), summaryOf(object));
    }
    if (kind === "DriftEvent" && "service" in object) {
      if (type === "ADDED") this.driftSinceStart += 1;
      this.#closed(metadata.uid);
      if (type === "DELETED" || object.state !== "Open") return;
      this.#opened(metadata.uid, textOfKey({ namespace: metadata.namespace, name: object.service }));
    }
  }

  #opened(uid: string, key: string): void {
    this.#open.set(uid, key);
    this.#openOf.set(key, (this.#openOf.get(key) ?? 0) + 1);
  }

  #closed(uid: string): void {
    const key = this.#open.get(uid);
    if (key === undefined) return;
    this.#open.delete(uid);
    const left = (this.#openOf.get(key) ?? 1) - 1;
    if (left > 0) this.#openOf.set(key, left);
    else this.#openOf.delete(key);
  }
}

/** While the database takes nothing, nobody knows what is ready. */
function told({ conditions }: ServiceSummary, fault: StoreFault | undefined): ServiceSummary["conditions"] {
  return fault === undefined ? conditions : inDoubt(conditions, fault);
}
