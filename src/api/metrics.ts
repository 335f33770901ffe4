import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { type Condition, type ConditionStatus, type ConditionType, isWell } from "../model/conditions.ts";
import type { WebService } from "../model/object.ts";
import { isReason, type Reason } from "../model/reasons.ts";
import type { Change, Store } from "../ports.ts";
import type { Dependencies } from "./dependencies.ts";

type MetricDependencies = Pick<Dependencies, "store" | "cloudStatus" | "queueStatus" | "counters">;

const CIRCUITS = ["closed", "half-open", "open"] as const;
const SEED_PAGE = 500;

/** What the API alone can count; the text of `/metrics`. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** A request was answered. */
  countRequest(method: string, route: string, code: number): void;
  close(): void;
}

/** Prometheus metrics, named `holdfast_*`, units last. Read when they are asked for. */
export function buildMetrics(deps: MetricDependencies, watchCount: () => number): Metrics {
  const registry = new Registry();
  const tally = new ConditionTally(deps);
  registerObjects(registry, tally);
  registerDaemon(registry, deps, watchCount);
  const requests = new Counter({
    name: "holdfast_http_requests_total",
    help: "HTTP requests answered, by route and status code.",
    labelNames: ["method", "route", "code"],
    registers: [registry],
  });
  let hasProcessMetrics = false;
  return {
    contentType: registry.contentType,
    text: () => {
      if (!hasProcessMetrics) collectDefaultMetrics({ register: registry, prefix: "holdfast_" });
      hasProcessMetrics = true;
      return registry.metrics();
    },
    countRequest: (method, route, code) => requests.inc({ method, route, code: String(code) }),
    close: () => tally.close(),
  };
}

function registerObjects(registry: Registry, tally: ConditionTally): void {
  const registers = [registry];
  new Gauge({
    name: "holdfast_webservices",
    help: "WebServices by condition and its status; without a condition before the first pass.",
    labelNames: ["condition", "status"],
    registers,
    collect() {
      this.reset();
      for (const { type, word, count } of tally.conditions())
        this.set({ condition: type, status: word }, count);
    },
  });
  new Gauge({
    name: "holdfast_webservices_reason",
    help: "WebServices whose condition is not as it should be, by condition and reason.",
    labelNames: ["condition", "reason"],
    registers,
    collect() {
      this.reset();
      for (const { type, word, count } of tally.complaints())
        this.set({ condition: type, reason: word }, count);
    },
  });
  new Gauge({
    name: "holdfast_webservices_stored",
    help: "WebServices that are stored.",
    registers,
    collect() {
      this.set(tally.objects);
    },
  });
  new Gauge({
    name: "holdfast_drift_open",
    help: "Drift events that are not put right yet.",
    registers,
    collect() {
      this.set(tally.openDrift);
    },
  });
  new Counter({
    name: "holdfast_drift_total",
    help: "Drift events recorded since the daemon started.",
    registers,
    collect() {
      this.reset();
      this.inc(tally.driftSinceStart);
    },
  });
}

function registerDaemon(registry: Registry, deps: MetricDependencies, watchCount: () => number): void {
  const registers = [registry];
  new Counter({
    name: "holdfast_passes_total",
    help: "Passes since the daemon started, by how they ended.",
    labelNames: ["result"],
    registers,
    collect() {
      this.reset();
      for (const { result, count } of deps.counters().passes) this.inc({ result }, count);
    },
  });
  new Counter({
    name: "holdfast_aws_calls_total",
    help: "AWS calls since the daemon started, by operation and outcome.",
    labelNames: ["operation", "outcome"],
    registers,
    collect() {
      this.reset();
      for (const { operation, outcome, count } of deps.counters().calls)
        this.inc({ operation, outcome }, count);
    },
  });
  new Gauge({
    name: "holdfast_aws_circuit",
    help: "1 for the state that the circuit breaker of an AWS API is in.",
    labelNames: ["region", "api", "state"],
    registers,
    collect() {
      this.reset();
      for (const { region, api, circuit } of deps.cloudStatus()) {
        for (const state of CIRCUITS) this.set({ region, api, state }, state === circuit ? 1 : 0);
      }
    },
  });
  new Counter({
    name: "holdfast_aws_throttled_calls_total",
    help: "AWS calls that were throttled since the daemon started.",
    labelNames: ["region", "api"],
    registers,
    collect() {
      this.reset();
      for (const { region, api, throttledCalls } of deps.cloudStatus())
        this.inc({ region, api }, throttledCalls);
    },
  });
  new Gauge({
    name: "holdfast_queue_services",
    help: "Services in the work queue, by state.",
    labelNames: ["state"],
    registers,
    collect() {
      for (const [state, count] of Object.entries(deps.queueStatus())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: "holdfast_database_writable",
    help: "1 while the database takes what is written, 0 while it does not.",
    registers,
    collect() {
      this.set(deps.store.fault() === undefined ? 1 : 0);
    },
  });
  new Counter({
    name: "holdfast_log_lines_lost_total",
    help: "Log lines that could not be written since the daemon started.",
    registers,
    collect() {
      this.reset();
      this.inc(deps.counters().lostLogLines);
    },
  });
  new Gauge({
    name: "holdfast_watches",
    help: "Watches that are open.",
    registers,
    collect() {
      this.set(watchCount());
    },
  });
}

/** A reason of today's table. Empty for one that another version of Holdfast has stored: the labels stay bounded. */
type Label = Reason | "";

/** As much of a condition as is counted. */
interface Told extends Pick<Condition, "type" | "status"> {
  readonly reason: Label;
}

/** How many conditions of a type there are with one word. */
interface Tally<Word> {
  readonly type: ConditionType;
  readonly word: Word;
  count: number;
}

function toldBy({ type, status, reason }: Condition): Told {
  return { type, status, reason: isReason(reason) ? reason : "" };
}

/** While the database takes nothing, nobody knows what is ready. */
function notKnownReady(told: Told): Told {
  const isReady = told.type === "Ready" && told.status === "True";
  return isReady ? { ...told, status: "Unknown", reason: "DatabaseFault" } : told;
}

/** Counts that follow the store's changes, so that a scrape does not read every object. */
class ConditionTally {
  readonly #conditions = new Map<string, readonly Told[]>();
  readonly #open = new Set<string>();
  readonly #leave: () => void;
  readonly #store: Store;
  driftSinceStart = 0;

  constructor({ store }: MetricDependencies) {
    this.#store = store;
    for (let next: string | undefined = ""; next !== undefined; ) {
      const page = store.list({ limit: SEED_PAGE, ...(next !== "" && { continue: next }) });
      for (const object of page.items) this.#put(object);
      next = page.continue;
    }
    for (const event of store.driftEvents({ state: "Open" }).items) this.#open.add(event.metadata.uid);
    this.#leave = store.subscribe((changes) => {
      for (const change of changes) this.#follow(change);
    });
  }

  get objects(): number {
    return this.#conditions.size;
  }

  get openDrift(): number {
    return this.#open.size;
  }

  close(): void {
    this.#leave();
  }

  conditions(): Tally<ConditionStatus>[] {
    return this.#talliedBy((condition) => condition.status);
  }

  /** The reasons of the conditions that are not as they should be. */
  complaints(): Tally<Label>[] {
    return this.#talliedBy((condition) => (isWell(condition) ? undefined : condition.reason));
  }

  #talliedBy<Word extends string>(wordOf: (condition: Told) => Word | undefined): Tally<Word>[] {
    const isFaulty = this.#store.fault() !== undefined;
    const tallies = new Map<string, Tally<Word>>();
    for (const conditions of this.#conditions.values()) {
      for (const condition of isFaulty ? conditions.map(notKnownReady) : conditions) {
        const word = wordOf(condition);
        if (word === undefined) continue;
        const key = `${condition.type} ${word}`;
        const tally = tallies.get(key) ?? { type: condition.type, word, count: 0 };
        tally.count += 1;
        tallies.set(key, tally);
      }
    }
    return [...tallies.values()];
  }

  #put({ metadata, status }: WebService): void {
    const conditions = status?.conditions ?? [];
    this.#conditions.set(metadata.uid, conditions.map(toldBy));
  }

  #follow({ kind, type, object }: Change): void {
    const { uid } = object.metadata;
    if (kind === "WebService") {
      if (type === "DELETED") this.#conditions.delete(uid);
      else this.#put(object as WebService);
    }
    if (kind === "DriftEvent") {
      if (type === "ADDED") this.driftSinceStart += 1;
      if (type !== "DELETED" && "state" in object && object.state === "Open") this.#open.add(uid);
      else this.#open.delete(uid);
    }
  }
}
