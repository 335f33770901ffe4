/** Everything that is armed against the daemon's calls: single faults, outages, credentials; and the crashes. */
import type { Call, Fault, Interceptor } from "../../src/simulator/faults/interceptors.ts";
import { type CallFault, faultAfter, faultBefore, LAG_MS, madeBy, UNTRUE, Versions } from "./call-faults.ts";
import type { CrashPoint } from "./steps.ts";

/** What a fault meets: one call of the history, or the next `times` that match after `skip` others. */
export interface Aim {
  readonly call?: number;
  /** Only from this call on. */
  readonly from?: number;
  readonly only?: string;
  /** Only what names this: a service, by the names that it gives. */
  readonly of?: string;
  /** Only what asks for more of a list. */
  readonly isLaterPage?: boolean;
  readonly skip?: number;
  readonly times?: number;
}

interface Armed {
  readonly fault: CallFault;
  /** The one call of the history that it meets. */
  readonly call: number | undefined;
  readonly from: number;
  readonly only: string | undefined;
  readonly of: string | undefined;
  readonly isLaterPage: boolean;
  skip: number;
  times: number;
}

interface Lag {
  /** The call with which it begins; without it, it has begun. */
  readonly call: number | undefined;
  readonly ms: number;
}

interface Trap {
  readonly point: CrashPoint;
  readonly at: number | undefined;
  readonly downMs: number;
  skip: number;
}

interface Sent {
  readonly fault: Pick<Armed, "fault" | "of"> | undefined;
  readonly crash: Trap | undefined;
}

export interface FaultyHooks {
  nowMs(): number;
  crash(downMs: number): void;
  trace(text: string): void;
  /** A fault, an outage or a crash has met a call: the plan was not in vain. @param of the one service that it is aimed at */
  hit(of?: string): void;
}

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
  readonly #lagging = new Map<string, number>();
  readonly #lags: Lag[] = [];
  /** What was made in the last seconds: id → what it is, and when. */
  readonly #made = new Map<string, { what: string; atMs: number }>();
  readonly #keepsVersions: boolean;
  /** Names of the calls that have left since somebody began to wait for one: several leave at one moment. */
  readonly #sentSince = new Set<string>();
  /** The most items that AWS puts on a page, whatever it is asked for. */
  pageItems = Number.POSITIVE_INFINITY;
  #credentialsBackMs = 0;
  /** When the daemon was last told something that was not true any more. */
  misledAtMs = Number.NEGATIVE_INFINITY;

  constructor(hooks: FaultyHooks, keepsVersions: boolean) {
    this.#hooks = hooks;
    this.#keepsVersions = keepsVersions;
  }

  arm(fault: CallFault, { call, from = 0, only, of, isLaterPage = false, skip = 0, times = 1 }: Aim): void {
    this.#armed.push({ fault, call, from, only, of, isLaterPage, skip, times });
  }

  /** For so long, reads of an API know nothing of what was written during the last seconds. */
  lag(service: string, ms: number): void {
    this.#lagging.set(service, this.#hooks.nowMs() + ms);
  }

  isLagging(service: string): boolean {
    return this.#hooks.nowMs() < (this.#lagging.get(service) ?? 0);
  }

  /** The same, for the API that call number `call` goes to. */
  lagFrom(call: number, ms: number): void {
    this.#lags.push({ call, ms });
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
    this.#lagging.clear();
    this.#lags.length = 0;
    this.#credentialsBackMs = 0;
  }

  /** @param pass lets time pass until it is told that such a call was sent */
  async untilSent(operation: string, pass: (isSent: () => boolean) => Promise<void>): Promise<void> {
    this.#sentSince.clear();
    await pass(() => this.#sentSince.has(operation));
  }

  /** A call of the daemon is about to leave. */
  sending(operation: string, input: object): void {
    this.#sentSince.add(operation.split(":")[1] ?? operation);
    const number = this.calls;
    this.listener.heard(operation);
    this.calls += 1;
    this.#cutPages(operation, input);
    const lag = this.#lags.findIndex((one) => one.call === number);
    if (lag >= 0) this.lag(operation.split(":")[0] ?? "", this.#lags.splice(lag, 1)[0]?.ms ?? 0);
    const fault = this.#take(number, operation, input);
    const crash = this.#spring(["beforeSend", "afterEffect"], number);
    if (crash?.point === "beforeSend") {
      this.#crash(crash, `before ${operation} is sent`);
      return;
    }
    this.#sent.set(input, { fault, crash });
  }

  /** AWS may put fewer items on a page than were asked for; to ask for fewer has the same effect. */
  #cutPages(operation: string, input: object): void {
    const least = /DescribeInstance(s|Status)$/.test(operation) ? 5 : 1;
    for (const name of ["PageSize", "MaxRecords", "MaxResults"]) {
      const asked = (input as Record<string, unknown>)[name];
      if (typeof asked === "number")
        Object.assign(input, { [name]: Math.min(asked, Math.max(least, this.pageItems)) });
    }
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

  #take(number: number, operation: string, input: object): Armed | undefined {
    for (const armed of this.#armed) {
      if (armed.times <= 0) continue;
      if (armed.call !== undefined && armed.call !== number) continue;
      if (number < armed.from) continue;
      if (armed.only !== undefined && !operation.includes(armed.only)) continue;
      if (armed.isLaterPage && !("Marker" in input || "NextToken" in input)) continue;
      if (armed.of !== undefined && !JSON.stringify(input).includes(`${armed.of}-`)) continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.times -= 1;
      return armed;
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
    if (sent.fault === undefined) return undefined;
    const { fault, of } = sent.fault;
    return this.#met(call, fault, faultBefore(fault, call, this.#fresh()), of);
  }

  #fresh(): Map<string, string> {
    const nowMs = this.#hooks.nowMs();
    return new Map(
      [...this.#made].filter(([, { atMs }]) => nowMs - atMs <= LAG_MS).map(([id, { what }]) => [id, what]),
    );
  }

  after(call: Call, output: object): Fault | undefined {
    const versions = this.#keepsVersions && !call.mutating ? this.#versions.add(call, output) : [];
    const sent = this.#sent.get(call.input);
    if (sent === undefined) return undefined;
    const nowMs = this.#hooks.nowMs();
    for (const [id, what] of madeBy(call, output)) this.#made.set(id, { what, atMs: nowMs });
    if (sent.crash !== undefined) this.#crash(sent.crash, `after the effect of ${call.operation}`);
    const isLagging = !call.mutating && this.isLagging(call.service);
    const fault = sent.fault?.fault ?? (isLagging ? "stale" : undefined);
    if (fault === undefined) return undefined;
    return this.#met(call, fault, faultAfter(fault, call, output, versions, nowMs), sent.fault?.of);
  }

  /** Whether the daemon sent it. */
  isDaemons(call: Call): boolean {
    return this.#sent.has(call.input);
  }

  #met(call: Call, what: string, fault: Fault | undefined, of?: string): Fault | undefined {
    if (fault !== undefined) {
      this.#hooks.hit(of);
      if (UNTRUE.includes(what)) this.misledAtMs = this.#hooks.nowMs();
      this.#hooks.trace(`fault ${what} at ${call.service}:${call.operation}`);
    }
    return fault;
  }
}
