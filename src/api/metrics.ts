import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { type Condition, type ConditionStatus, type ConditionType, isWell } from "../model/conditions.ts";
import { isReason, type Reason } from "../model/reasons.ts";
import type { Dependencies } from "./dependencies.ts";
import type { FleetIndex } from "./fleet-index.ts";
import { registerBuckets } from "./metrics/buckets.ts";

type MetricDependencies = Pick<
  Dependencies,
  "store" | "cloudStatus" | "bucketUse" | "queueStatus" | "counters"
>;

const CIRCUITS = ["closed", "half-open", "open"] as const;

/** What the API alone can count; the text of `/metrics`. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** A request was answered. */
  countRequest(method: string, route: string, code: number): void;
}

/** Prometheus metrics, named `holdfast_*`, units last. Read when they are asked for. */
export function buildMetrics(deps: MetricDependencies, fleet: FleetIndex, watchCount: () => number): Metrics {
  const registry = new Registry();
  registerObjects(registry, fleet);
  registerDaemon(registry, deps, watchCount);
  registerBuckets(registry, () => deps.bucketUse());
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
  };
}

function registerObjects(registry: Registry, fleet: FleetIndex): void {
  const registers = [registry];
  const tally = new ConditionTally(fleet);
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
      this.set(fleet.count);
    },
  });
  new Gauge({
    name: "holdfast_alarms_ringing",
    help: "CloudWatch alarms of the services that are in ALARM, as far as they could be read, without those that only set off scaling policies.",
    registers,
    collect() {
      this.set(fleet.ringingAlarms);
    },
  });
  new Gauge({
    name: "holdfast_drift_open",
    help: "Drift events that are not put right yet.",
    registers,
    collect() {
      this.set(fleet.openDrift);
    },
  });
  new Counter({
    name: "holdfast_drift_total",
    help: "Drift events recorded since the daemon started.",
    registers,
    collect() {
      this.reset();
      this.inc(fleet.driftSinceStart);
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
    name: "holdfast_paused_for_all",
    help: "1 while all services are paused, 0 while they are not.",
    registers,
    collect() {
      this.set(deps.store.pause() === undefined ? 0 : 1);
    },
  });

  new Gauge({
    name: "holdfast_deletions_frozen",
    help: "1 for each kind of which nothing more is deleted before a person lifts it.",
    labelNames: ["kind"],
    registers,
    collect() {
      this.reset();
      for (const { kind } of deps.store.freezes()) this.set({ kind }, 1);
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

/** How many conditions of a type there are with one word. */
interface Tally<Word> {
  readonly type: ConditionType;
  readonly word: Word;
  count: number;
}

function labelOf({ reason }: Condition): Label {
  return isReason(reason) ? reason : "";
}

/** Counts over the conditions of all services. */
class ConditionTally {
  readonly #fleet: FleetIndex;

  constructor(fleet: FleetIndex) {
    this.#fleet = fleet;
  }

  conditions(): Tally<ConditionStatus>[] {
    return this.#talliedBy((condition) => condition.status);
  }

  /** The reasons of the conditions that are not as they should be. */
  complaints(): Tally<Label>[] {
    return this.#talliedBy((condition) => (isWell(condition) ? undefined : labelOf(condition)));
  }

  #talliedBy<Word extends string>(wordOf: (condition: Condition) => Word | undefined): Tally<Word>[] {
    const tallies = new Map<string, Tally<Word>>();
    for (const conditions of this.#fleet.conditions()) {
      for (const condition of conditions) {
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
}
