/**
 * The simulated account: composes the services, and carries one call from the caller through latency, throttling
 * and faults to its effect and back. Everything runs on the injected clock and draws from the injected randomness.
 */
import type { Clock, Rng } from "../ports.ts";
import { buildCallLog, type CallLog } from "./account/call-log.ts";
import { copyOf } from "./account/copy-of.ts";
import { latencyOf } from "./account/latency.ts";
import { QUOTAS, type Quotas } from "./account/quotas.ts";
import { ACCOUNT_ID, REGION } from "./account/seed.ts";
import { buildThrottle } from "./account/throttle.ts";
import { TIMINGS, type Timings } from "./account/timings.ts";
import { buildAutoScaling } from "./autoscaling/operations.ts";
import { buildCloudWatch } from "./cloudwatch/operations.ts";
import { buildEc2, type Ec2Control } from "./ec2/operations.ts";
import { buildElb } from "./elb/operations.ts";
import {
  AnswerDamaged,
  AnswerLost,
  type Call,
  type Fault,
  type Interceptor,
  interceptors,
} from "./faults/interceptors.ts";
import { buildFaultScript, type FaultScript } from "./faults/script.ts";
import { buildLoad } from "./load.ts";
import type { OperationTable, Parts, ServiceName } from "./service.ts";
import { AwsError, type World } from "./services.ts";
import { buildSts } from "./sts.ts";

export interface AccountOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  /** Replaces some of the usual durations. */
  readonly timings?: Partial<Timings>;
  /** Replaces some of AWS's default quotas. */
  readonly quotas?: Partial<Quotas>;
  /** Whether AWS's rate limits hold. Default: true. */
  readonly throttle?: boolean;
  readonly interceptor?: Interceptor;
}

/** Who calls, as CloudTrail would know it, and how to stop waiting. */
export interface CallContext {
  readonly accessKeyId?: string;
  readonly userAgent?: string;
  readonly signal?: AbortSignal;
  /** Default: a new one. */
  readonly requestId?: string;
}

export interface Account {
  readonly world: World;
  /**
   * One AWS call in simulated time: half of its latency, its effect, the other half, its output.
   * @throws AwsError what AWS answers; AnswerLost, AnswerDamaged when a fault took the answer; the signal's reason
   */
  call(service: ServiceName, operation: string, input: object, context?: CallContext): Promise<object>;
  /** Whether the account models the operation. */
  has(service: ServiceName, operation: string): boolean;
  readonly calls: CallLog;
  /** Faults that a person or a test asks for by operation. */
  readonly faults: FaultScript;
  /** What happens to instances and zones without an AWS call. */
  readonly control: Ec2Control;
  readonly parts: Parts;
}

/** Builds an account that holds the seeds (network, images, certificates) and nothing else. */
export function buildAccount(options: AccountOptions): Account {
  const { clock, rng } = options;
  const timings: Timings = { ...TIMINGS, ...options.timings };
  const world: World = { clock, rng, accountId: ACCOUNT_ID, region: REGION, id: idSource(rng) };
  const parts = {} as Parts;
  const ec2 = buildEc2(world, timings);
  const elb = buildElb(world, parts, timings, { ...QUOTAS, ...options.quotas });
  const autoScaling = buildAutoScaling(world, parts);
  const cloudWatch = buildCloudWatch(world, parts);
  parts.ec2 = ec2.part;
  parts.elb = elb.part;
  parts.autoScaling = autoScaling.part;
  parts.cloudWatch = cloudWatch.part;
  parts.load = buildLoad(world, parts);
  elb.watch();
  const tables: Record<ServiceName, OperationTable> = {
    ec2: ec2.operations,
    elasticloadbalancing: elb.operations,
    autoscaling: autoScaling.operations,
    cloudwatch: cloudWatch.operations,
    sts: buildSts(world).operations,
  };
  const calls = buildCallLog();
  const faults = buildFaultScript(clock);
  const throttle = options.throttle === false ? undefined : buildThrottle(clock);
  const interceptor = interceptors(
    options.interceptor === undefined ? [faults] : [faults, options.interceptor],
  );
  const has = (service: ServiceName, operation: string): boolean => Object.hasOwn(tables[service], operation);

  /** What AWS does at the moment when it does it, or says no. */
  const effect = (call: Call): Outcome => {
    throttle?.take(call);
    const before = interceptor.before?.(call);
    if (before !== undefined && before.kind !== "slow") return { fault: before, extraMs: 0 };
    const extraMs = before?.ms ?? 0;
    if (!has(call.service, call.operation)) {
      throw new AwsError("InvalidAction", `The action ${call.operation} is not valid for this web service.`);
    }
    const run = tables[call.service][call.operation] as (input: object) => object;
    // Copies both ways: neither side may change what the other holds.
    const output = copyOf(run(copyOf(call.input)));
    const after = interceptor.after?.(call, output);
    if (after?.kind === "slow") return { output, extraMs: extraMs + after.ms };
    return { output, extraMs, ...(after !== undefined && { fault: after }) };
  };

  const perform = async (call: Call, context: CallContext): Promise<object> => {
    const latencyMs = latencyOf(call, rng);
    await pause(clock, latencyMs / 2);
    let outcome: Outcome | AwsError;
    try {
      outcome = effect(call);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      outcome = error;
    }
    calls.add(call, context, errorCodeOf(outcome));
    const extraMs = outcome instanceof AwsError ? 0 : outcome.extraMs;
    await pause(clock, latencyMs / 2 + extraMs);
    if (outcome instanceof AwsError) throw outcome;
    return settle(clock, outcome);
  };

  return {
    world,
    calls,
    faults,
    control: ec2.control,
    parts,
    has,
    call: (service, operation, input, context = {}) => {
      const call: Call = {
        service,
        operation,
        input,
        requestId: context.requestId ?? requestIdFrom(world),
        mutating: !/^(Describe|Get|List)/.test(operation),
        atMs: clock.nowMs(),
      };
      // A caller that stops waiting does not undo what it has sent.
      return abortable(perform(call, context), context.signal);
    },
  };
}

/** A request id as AWS makes them: a UUID. */
export function requestIdFrom(world: World): string {
  const hex = world.id(32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

interface Outcome {
  readonly output?: object;
  readonly fault?: Fault;
  readonly extraMs: number;
}

async function settle(clock: Clock, outcome: Outcome): Promise<object> {
  const { fault, output = {} } = outcome;
  switch (fault?.kind) {
    case undefined:
    case "slow":
      return output;
    case "error":
      throw new AwsError(fault.code, fault.message, fault.status);
    case "lost":
      await pause(clock, fault.afterMs);
      throw new AnswerLost();
    case "damaged":
      throw new AnswerDamaged(fault.body, output);
    case "output":
      return fault.output;
  }
}

function errorCodeOf(outcome: Outcome | AwsError): string | undefined {
  if (outcome instanceof AwsError) return outcome.code;
  return outcome.fault?.kind === "error" ? outcome.fault.code : undefined;
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(ms, resolve);
  });
}

function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Odd, so that multiplying by it visits every 32-bit number once: ids look random and never repeat. */
const ID_STEP = 0x9e3779b1;

function idSource(rng: Rng): (length: number) => string {
  let last = Math.floor(rng.next() * 2 ** 32);
  return (length) => {
    last = (last + ID_STEP) >>> 0;
    let id = last.toString(16).padStart(8, "0");
    while (id.length < length) {
      id =
        Math.floor(rng.next() * 2 ** 32)
          .toString(16)
          .padStart(8, "0") + id;
    }
    return id.slice(-length);
  };
}
