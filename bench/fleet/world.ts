/** A fleet of the worked example on one account, in virtual time, and what its account sees of it. */
import { conditionOf } from "../../src/model/conditions.ts";
import { CloudError } from "../../src/model/errors.ts";
import { type ObjectKey, textOfKey, type WebService } from "../../src/model/object.ts";
import type { Cloud } from "../../src/ports.ts";
import { buildThrottle, type Throttle } from "../../src/simulator/account/throttle.ts";
import type { TIMINGS } from "../../src/simulator/account/timings.ts";
import type { Call, Fault } from "../../src/simulator/faults/interceptors.ts";
import type { ServiceName } from "../../src/simulator/services.ts";
import { example } from "../../test/support/example.ts";
import { Installation } from "../../test/support/installation.ts";
import { ReadAges } from "./arithmetic.ts";
import { partsOf, partsTold } from "./reads.ts";

const RESYNC_MS = 60_000;
const STEP_MS = 5_000;
const SEED_LIMIT_MS = 3_600_000;

/** Calls that reached the account: by the daemon, and by everybody else. */
interface Calls {
  /** Those to Elastic Load Balancing alone. */
  elb: number;
  all: number;
  throttled: number;
}

type Range = readonly [number, number];
type FixedTimings = Partial<Record<keyof typeof TIMINGS, Range>>;

/** How a fleet comes to be there when only what follows is measured: nothing takes AWS longer than a second. */
const AT_ONCE: FixedTimings = {
  instancePending: [1_000, 1_000],
  applicationBoot: [1_000, 1_000],
  statusChecks: [1_000, 1_000],
  loadBalancerProvisioning: [1_000, 1_000],
  targetRegistration: [1_000, 1_000],
};

/** A moment that somebody waits for: what has become of a call or of a service. */
export type Listener<T> = (seen: T) => void;

export class Fleet {
  readonly installation: Installation;
  readonly keys: readonly ObjectKey[];
  readonly ours: Calls = { elb: 0, all: 0, throttled: 0 };
  readonly others: Calls = { elb: 0, all: 0, throttled: 0 };
  /** What the daemon's own rate limiter refused, by operation. */
  readonly refused = new Map<string, number>();
  /** Is told of each change of the daemon's, after AWS has made it. */
  onChange: Listener<Call> = () => {};
  /** Is told of each call of the daemon's as it reaches AWS. */
  onCall: Listener<Call> = () => {};
  /** Whether AWS's events come; nobody listens to any at first. */
  isFlowing: (region: string) => boolean = () => false;
  ages = new ReadAges([]);
  #throttle: Throttle | undefined;
  readonly #otherInputs = new WeakSet<object>();

  constructor(services: number, timings: FixedTimings = AT_ONCE) {
    this.installation = new Installation({
      resyncMs: RESYNC_MS,
      isFlowing: (region) => this.isFlowing(region),
      quotas: { loadBalancers: services + 1, autoScalingGroups: services + 1 },
      timings,
      limitsItsRate: () => this.#throttle !== undefined,
      watched: (cloud) => this.#countingRefusals(cloud),
      interceptor: {
        before: (call) => this.#before(call),
        after: (call, output) => this.#after(call, output),
      },
    });
    this.keys = Array.from({ length: services }, (_, index) => ({
      namespace: "default",
      name: `service-${index}`,
    }));
  }

  /** All services stand and are ready; nobody limits anybody's rate meanwhile. */
  static async standing(services: number): Promise<Fleet> {
    const fleet = new Fleet(services);
    fleet.postAll();
    await fleet.untilAllReady(SEED_LIMIT_MS);
    fleet.ages = new ReadAges(fleet.keys.map((key) => partsOf(fleet.installation.get(key))));
    return fleet;
  }

  /** From now on AWS's rate limits hold, its buckets being full, and the daemon keeps to them by itself. */
  limitRates(): void {
    this.#throttle = buildThrottle(this.installation.clock);
  }

  postAll(): void {
    const spec = example().spec();
    for (const { name } of this.keys) this.installation.post(spec, name);
  }

  /** Seconds of virtual time since then. */
  secondsSince(ms: number): number {
    return (this.installation.clock.nowMs() - ms) / 1000;
  }

  async untilAllReady(limitMs: number): Promise<void> {
    const { store } = this.installation;
    const ready = new Set(this.keys.filter((key) => isReady(store.get(key))).map(textOfKey));
    const unsubscribe = this.onService((object) => {
      if (isReady(object)) ready.add(textOfKey(object.metadata));
      else ready.delete(textOfKey(object.metadata));
    });
    await this.installation.until(() => ready.size === this.keys.length, limitMs);
    unsubscribe();
  }

  /** Told of each service that is stored otherwise; the answer ends it. */
  onService(listener: Listener<WebService>): () => void {
    return this.installation.store.subscribe((changes) => {
      for (const { kind, type, object } of changes)
        if (kind === "WebService" && type !== "DELETED") listener(object as WebService);
    });
  }

  /** Lets time pass; `look` is called every few seconds of it. */
  async pass(ms: number, look: () => void = () => {}): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= STEP_MS) {
      await this.installation.clock.advance(Math.min(STEP_MS, leftMs));
      look();
    }
  }

  /** Looks every few seconds; whether it came to be within that time. */
  async until(isDone: () => boolean, limitMs: number): Promise<boolean> {
    for (let leftMs = limitMs; leftMs > 0 && !isDone(); leftMs -= STEP_MS)
      await this.installation.clock.advance(STEP_MS);
    return isDone();
  }

  /** A call by somebody else, who does not wait for it. What AWS refuses is counted. @param refused is told then */
  asSomebodyElse(service: ServiceName, operation: string, input: object, refused = () => {}): void {
    this.#otherInputs.add(input);
    const caller = { accessKeyId: "AKIASOMEBODYELSE", userAgent: "somebody" };
    this.installation.account.call(service, operation, input, caller).catch(refused);
  }

  #before(call: Call): Fault | undefined {
    const isOurs = !this.#otherInputs.has(call.input);
    const calls = isOurs ? this.ours : this.others;
    calls.all += 1;
    if (call.service === "elasticloadbalancing") calls.elb += 1;
    if (isOurs) this.onCall(call);
    try {
      this.#throttle?.take(call);
      return undefined;
    } catch (error) {
      const { code, message, status } = error as { code: string; message: string; status?: number };
      calls.throttled += 1;
      return { kind: "error", code, message, ...(status !== undefined && { status }) };
    }
  }

  #after(call: Call, output: object): undefined {
    if (this.#otherInputs.has(call.input)) return;
    if (call.mutating) this.onChange(call);
    else for (const part of partsTold(call.operation, call.input, output)) this.ages.read(part, call.atMs);
  }

  #countingRefusals(cloud: Cloud): Cloud {
    return {
      call: async (operation, input, options) => {
        try {
          return await cloud.call(operation, input, options);
        } catch (error) {
          if (error instanceof CloudError && error.code === "RateLimited")
            this.refused.set(operation, (this.refused.get(operation) ?? 0) + 1);
          throw error;
        }
      },
    };
  }
}

/** Of the spec as it is now. */
function isReady(object: WebService | undefined): boolean {
  return isTrue(object, "Ready");
}

export function isTrue(object: WebService | undefined, type: "Ready" | "Synced"): boolean {
  const condition = conditionOf(object?.status?.conditions, type);
  return condition?.status === "True" && condition.observedGeneration === object?.metadata.generation;
}
