import { summaryOf } from "../model/fleet/summary-of.ts";
import { textOfKey } from "../model/object.ts";
import type { ServiceSummary } from "../model/status-page.ts";
import type { Change, Store, StoreFault } from "../ports.ts";
import { inDoubt } from "./access/served-store.ts";
import type { Dependencies } from "./dependencies.ts";

/** What is told of every service at once. It follows the store's changes, so that nobody reads every object to count them. */
export class FleetIndex {
  readonly #summaries = new Map<string, ServiceSummary>();
  /** Open drift events, by uid: the key of their service. */
  readonly #open = new Map<string, string>();
  readonly #openOf = new Map<string, number>();
  readonly #leave: () => void;
  readonly #store: Store;
  readonly #freshnessOf: Dependencies["freshnessOf"];
  driftSinceStart = 0;

  constructor(store: Store, freshnessOf: Dependencies["freshnessOf"]) {
    this.#store = store;
    this.#freshnessOf = freshnessOf;
    for (const summary of store.summaries()) this.#summaries.set(textOfKey(summary), summary);
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
        const freshness = this.#freshnessOf(summary);
        return {
          ...summary,
          conditions: told(summary, fault),
          openDrift: this.#openOf.get(key) ?? 0,
          ...(freshness !== undefined && { freshness }),
        };
      });
  }

  /** What is known of the conditions of each. */
  *conditions(): Generator<ServiceSummary["conditions"]> {
    const fault = this.#store.fault();
    for (const summary of this.#summaries.values()) yield told(summary, fault);
  }

  /** In which there are services. */
  namespaces(): ReadonlySet<string> {
    return new Set([...this.#summaries.values()].map(({ namespace }) => namespace));
  }

  get count(): number {
    return this.#summaries.size;
  }

  /** Alarms of all services that ring. */
  get ringingAlarms(): number {
    return [...this.#summaries.values()].reduce(
      (total, { ringingAlarms }) => total + ringingAlarms.length,
      0,
    );
  }

  get openDrift(): number {
    return this.#open.size;
  }

  close(): void {
    this.#leave();
  }

  #follow({ kind, type, object }: Change): void {
    const { metadata } = object;
    if (kind === "WebService" && "spec" in object) {
      if (type === "DELETED") this.#summaries.delete(textOfKey(metadata));
      else this.#summaries.set(textOfKey(metadata), summaryOf(object));
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
