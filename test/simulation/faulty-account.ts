/** Everything that is armed against the daemon's calls: single faults, outages, credentials; and the crashes. */
import type { Call, Fault, Interceptor } from "../../src/simulator/faults.ts";
import { type CallFault, faultAfter, faultBefore, Versions } from "./call-faults.ts";
import type { CrashPoint } from "./steps.ts";

interface Armed {
  readonly fault: CallFault;
  /** The one call of the history that it meets. */
  readonly call: number | undefined;
  readonly only: string | undefined;
  skip: number;
  times: number;
}

interface Trap {
  readonly point: CrashPoint;
  readonly at: number | undefined;
  readonly downMs: number;
  skip: number;
}

interface Sent {
  readonly number: number;
  readonly fault: CallFault | undefined;
  readonly crash: Trap | undefined;
}

export interface FaultyHooks {
  nowMs(): number;
  crash(downMs: number): void;
  trace(text: string): void;
  /** A fault, an outage or a crash has met a call: the plan was not in vain. */
  hit(): void;
}

/** Answers that AWS may give and that are not true any more. */
const UNTRUE: readonly string[] = ["stale", "older", "page missing"];

export class Trouble implements Interceptor {
  calls = 0;
  commits = 0;
  /** Told of every call and commit before it is attacked. */
  listener: { heard(operation: string): void; committed(): void } = { heard: () => {}, committed: () => {} };
  readonly #hooks: FaultyHooks;
  readonly #armed: Armed[] = [];
  readonly #traps: Trap[] = [];
  readonly #sent = new WeakMap<object, Sent>();
  readonly #versions = new Versions();
  readonly #outages = new Map<string, number>();
  readonly #keepsVersions: boolean;
  #credentialsBackMs = 0;
  /** When the daemon was last told something that was not true any more. */
  misledAtMs = Number.NEGATIVE_INFINITY;

  constructor(hooks: FaultyHooks, keepsVersions: boolean) {
    this.#hooks = hooks;
    this.#keepsVersions = keepsVersions;
  }

  arm(
    fault: CallFault,
    { call, only, skip = 0, times = 1 }: { call?: number; only?: string; skip?: number; times?: number },
  ): void {
    this.#armed.push({ fault, call, only, skip, times });
  }

  trap(
    point: CrashPoint,
    { at, skip = 0, downMs }: { at: number | undefined; skip: number | undefined; downMs: number },
  ): void {
    this.#traps.push({ point, at, skip: skip ?? 0, downMs });
  }

  outage(service: string, ms: number): void {
    this.#outages.set(service, this.#hooks.nowMs() + ms);
  }

  withoutCredentials(ms: number): void {
    this.#credentialsBackMs = this.#hooks.nowMs() + ms;
  }

  disarm(): void {
    this.#armed.length = 0;
    this.#traps.length = 0;
    this.#outages.clear();
    this.#credentialsBackMs = 0;
  }

  /** A call of the daemon is about to leave. */
  sending(operation: string, input: object): void {
    const number = this.calls;
    this.listener.heard(operation);
    this.calls += 1;
    const fault = this.#take(number, operation);
    const crash = this.#spring(["beforeSend", "afterEffect"], number);
    if (crash?.point === "beforeSend") {
      this.#crash(crash, `before ${operation} is sent`);
      return;
    }
    this.#sent.set(input, { number, fault, crash });
  }

  committing(when: "beforeCommit" | "afterCommit"): void {
    if (when === "beforeCommit") {
      this.listener.committed();
      this.commits += 1;
    }
    const crash = this.#spring([when], this.commits - 1);
    if (crash !== undefined)
      this.#crash(crash, when === "beforeCommit" ? "before a commit" : "after a commit");
  }

  #crash(trap: Trap, where: string): void {
    this.#hooks.hit();
    this.#hooks.trace(`crash ${where}`);
    this.#hooks.crash(trap.downMs);
  }

  #take(number: number, operation: string): CallFault | undefined {
    for (const armed of this.#armed) {
      if (armed.times <= 0) continue;
      if (
        armed.call !== undefined
          ? armed.call !== number
          : armed.only !== undefined && !operation.includes(armed.only)
      )
        continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.times -= 1;
      return armed.fault;
    }
    return undefined;
  }

  #spring(points: readonly CrashPoint[], number: number): Trap | undefined {
    const index = this.#traps.findIndex((trap) => {
      if (!points.includes(trap.point)) return false;
      if (trap.at !== undefined) return trap.at === number;
      trap.skip -= 1;
      return trap.skip < 0;
    });
    return index < 0 ? undefined : this.#traps.splice(index, 1)[0];
  }

  before(call: Call): Fault | undefined {
    const sent = this.#sent.get(call.input);
    if (sent === undefined) return undefined;
    const nowMs = this.#hooks.nowMs();
    if (nowMs < this.#credentialsBackMs)
      return this.#met(call, "credentials", {
        kind: "error",
        code: "ExpiredToken",
        message: "expired",
        status: 403,
      });
    if (nowMs < (this.#outages.get(call.service) ?? 0))
      return this.#met(call, "outage", {
        kind: "error",
        code: "ServiceUnavailable",
        message: "down",
        status: 503,
      });
    return sent.fault === undefined ? undefined : this.#met(call, sent.fault, faultBefore(sent.fault, call));
  }

  after(call: Call, output: object): Fault | undefined {
    const versions = this.#keepsVersions && !call.mutating ? this.#versions.add(call, output) : [];
    const sent = this.#sent.get(call.input);
    if (sent === undefined) return undefined;
    if (sent.crash !== undefined) this.#crash(sent.crash, `after the effect of ${call.operation}`);
    if (sent.fault === undefined) return undefined;
    return this.#met(call, sent.fault, faultAfter(sent.fault, call, output, versions, this.#hooks.nowMs()));
  }

  /** Whether the daemon sent it. */
  isDaemons(call: Call): boolean {
    return this.#sent.has(call.input);
  }

  #met(call: Call, what: string, fault: Fault | undefined): Fault | undefined {
    if (fault !== undefined) {
      this.#hooks.hit();
      if (UNTRUE.includes(what)) this.misledAtMs = this.#hooks.nowMs();
      this.#hooks.trace(`fault ${what} at ${call.service}:${call.operation}`);
    }
    return fault;
  }
}
