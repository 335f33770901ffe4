import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { READ_CLASSES } from "../model/fleet/freshness.ts";
import type { Dependencies } from "./dependencies.ts";
import type { FleetIndex } from "./fleet-index.ts";
import { registerBuckets } from "./metrics/buckets.ts";

type MetricDependencies = Pick<
  Dependencies,
  "store" | "clock" | "cloudStatus" | "bucketUse" | "budgets" | "queueStatus" | "eventFlow" | "counters"
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
  registerFreshness(registry, deps);
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
  new Gauge({
    name: "holdfast_webservices",
    help: "WebServices by condition and its status; without a condition before the first pass.",
    labelNames: ["condition", "status"],
    registers,
    collect() {
      this.reset();
      for (const { type, word, count } of fleet.tally.conditions())
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
      for (const { type, word, count } of fleet.tally.complaints())
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

/** All of them without a sample where no events are listened to. */
function registerEvents(registers: Registry[], { eventFlow }: MetricDependencies): void {
  new Gauge({
    name: "holdfast_events_flowing",
    help: "1 while AWS's events come from a Region, as the daemon's own calls show; 0 while they do not.",
    labelNames: ["region"],
    registers,
    collect() {
      this.reset();
      const flow = eventFlow();
      if (flow !== undefined) this.set({ region: flow.region }, flow.state === "flowing" ? 1 : 0);
    },
  });
  new Gauge({
    name: "holdfast_events_delay_seconds",
    help: "How long after a call its event comes, as the last of the daemon's own calls show.",
    labelNames: ["region"],
    registers,
    collect() {
      this.reset();
      const flow = eventFlow();
      if (flow?.usualDelaySeconds !== undefined) this.set({ region: flow.region }, flow.usualDelaySeconds);
    },
  });
  new Gauge({
    name: "holdfast_events_last_timestamp_seconds",
    help: "When an event last came.",
    labelNames: ["region"],
    registers,
    collect() {
      this.reset();
      const flow = eventFlow();
      if (flow?.lastEventAt !== undefined)
        this.set({ region: flow.region }, Date.parse(flow.lastEventAt) / 1000);
    },
  });
  new Counter({
    name: "holdfast_events_total",
    help: "Events that came since the daemon started, by what became of them.",
    labelNames: ["region", "outcome"],
    registers,
    collect() {
      this.reset();
      const flow = eventFlow();
      for (const [outcome, count] of Object.entries(flow?.messages ?? {}))
        this.inc({ region: flow?.region, outcome }, count);
    },
  });
}

/** By Region, never by service: whoever keeps the numbers keeps as many for one service as for ten thousand. */
function registerFreshness(registry: Registry, { clock, budgets }: MetricDependencies): void {
  const registers = [registry];
  new Gauge({
    name: "holdfast_freshness_promised_seconds",
    help: "How old what services were compared with may become, by class of what is read.",
    labelNames: ["region", "class"],
    registers,
    collect() {
      this.reset();
      for (const { region, promisedSeconds } of budgets())
        for (const readClass of READ_CLASSES)
          this.set({ region, class: readClass }, promisedSeconds[readClass]);
    },
  });
  new Gauge({
    name: "holdfast_freshness_worst_age_seconds",
    help: "Age of the oldest that any service was compared with; without a value before the first comparison.",
    labelNames: ["region", "class"],
    registers,
    collect() {
      this.reset();
      for (const { region, oldest } of budgets())
        for (const readClass of READ_CLASSES) {
          const comparedAt = oldest[readClass]?.comparedAt;
          if (comparedAt === undefined) continue;
          this.set({ region, class: readClass }, (clock.nowMs() - Date.parse(comparedAt)) / 1_000);
        }
    },
  });
  new Gauge({
    name: "holdfast_routine_share_allowed",
    help: "The share of each of AWS's buckets that routine takes at most.",
    labelNames: ["region"],
    registers,
    collect() {
      this.reset();
      for (const { region, apiShare } of budgets()) this.set({ region }, apiShare);
    },
  });
  new Gauge({
    name: "holdfast_routine_share",
    help: "The share of one of AWS's buckets that routine takes as it is promised.",
    labelNames: ["region", "bucket"],
    registers,
    collect() {
      this.reset();
      for (const { region, shares = [] } of budgets())
        for (const { bucket, share } of shares) this.set({ region, bucket }, share);
    },
  });
  new Gauge({
    name: "holdfast_routine_share_wished",
    help: "The share of the bucket that is too small which routine would take as wished; only where that is not granted.",
    labelNames: ["region", "bucket"],
    registers,
    collect() {
      this.reset();
      for (const { region, limit } of budgets())
        if (limit !== undefined) this.set({ region, bucket: limit.bucket }, limit.wishedShare);
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
  registerEvents(registers, deps);
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
