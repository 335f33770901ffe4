/**
 * The simulated account: composes the services, and carries one call from the caller through latency, throttling
 * and faults to its effect and back. Everything runs on the injected clock and draws from the injected randomness.
 */
import { LIMITS } from "../model/limits.ts";
import type { Clock, Rng } from "../ports.ts";
import { AwsError } from "./account/aws-error.ts";
import { buildCallLog, type Caller, type CallLog } from "./account/call-log.ts";
import type { AccountContext } from "./account/context.ts";
import { copyOf } from "./account/copy-of.ts";
import { derivedUuid, idSource, uuidFrom } from "./account/ids.ts";
import { lateBound } from "./account/late-bound.ts";
import { latencyOf } from "./account/latency.ts";
import { isMutating } from "./account/mutating.ts";
import { buildOtherUsers, type OtherUsers, type OtherUsersLoad } from "./account/other-users.ts";
import { QUOTAS, type Quotas } from "./account/quotas.ts";
import { ACCOUNT_ID, REGION } from "./account/seed.ts";
import { buildThrottle } from "./account/throttle.ts";
import { TIMINGS, type Timings } from "./account/timings.ts";
import { setTroubles, TROUBLES, type TroubleChange, type Troubles } from "./account/troubles.ts";
import { abortable, pause } from "./account/waiting.ts";
import { buildAcm } from "./acm/operations.ts";
import { buildAutoScaling } from "./autoscaling/operations.ts";
import { type Identity, identityOf, isPrincipal, principalOf } from "./cloudtrail/identity.ts";
import { buildCloudTrail, type CloudTrail } from "./cloudtrail/operations.ts";
import { withServiceCalls } from "./cloudtrail/service-calls.ts";
import { buildCloudWatch } from "./cloudwatch/operations.ts";
import { buildEc2, type Ec2Control } from "./ec2/operations.ts";
import { buildElb } from "./elb/operations.ts";
import { buildEvents } from "./events/operations.ts";
import { withoutEffect } from "./faults/ineffective.ts";
import {
  AnswerDamaged,
  AnswerLost,
  type Call,
  type Fault,
  type Interceptor,
  interceptors,
} from "./faults/interceptors.ts";
import { buildFaultScript, type FaultScript } from "./faults/script.ts";
import { buildIam } from "./iam/operations.ts";
import { buildLoad } from "./load.ts";
import type { OperationTable, Parts, ServiceName } from "./services.ts";
import { buildSns } from "./sns/operations.ts";
import type { Publication } from "./sns/publications.ts";
import { buildSqs } from "./sqs/operations.ts";
import { buildSsm } from "./ssm/operations.ts";
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
  /** Twelve digits. Default: 123456789012. */
  readonly accountId?: string;
  /** Replaces some of what is usual of events on their way, queues and the history of calls. */
  readonly troubles?: TroubleChange;
  /** Whose an access key is: ARN by its id. Each other one is of a user who is called as the key is. */
  readonly principals?: Readonly<Record<string, string>>;
  /** Other users of the account, who take their share of its rate limits. Default: none. */
  readonly others?: OtherUsersLoad;
}

interface CallOptions extends Caller {
  /** Ends the waiting; what has been sent is not undone. */
  readonly signal?: AbortSignal;
  /** Default: a new one. */
  readonly requestId?: string;
}

export interface Account {
  readonly context: AccountContext;
  /**
   * One AWS call in simulated time: half of its latency, its effect, the other half, its output.
   * @throws AwsError what AWS answers; AnswerLost, AnswerDamaged when a fault took the answer; the signal's reason
   */
  call(service: ServiceName, operation: string, input: object, options?: CallOptions): Promise<object>;
  /**
   * What a read answers at this very moment: no time passes, nothing is drawn, no fault meets it, and it is not recorded.
   * So whoever judges the account sees one state of it, and moves nothing by looking.
   * @throws AwsError what AWS answers; RangeError when the operation is not a read
   */
  look(service: ServiceName, operation: string, input: object): object;
  /** Whether the account models the operation. */
  has(service: ServiceName, operation: string): boolean;
  readonly calls: CallLog;
  /** Faults that a person or a test asks for by operation. */
  readonly faults: FaultScript;
  /** What happens to instances and zones without an AWS call. */
  readonly control: Ec2Control;
  readonly parts: Parts;
  /** What was published to topics: the latest, oldest first. */
  publications(): readonly Publication[];
  /** How events come; `setTroubles` changes it at any time. */
  readonly troubles: Readonly<Troubles>;
  /** @throws RangeError */
  setTroubles(change: TroubleChange): void;
  /** Says whose an access key is, by ARN. @throws RangeError for what is no principal, or too many of them */
  setPrincipal(accessKeyId: string, arn: string): void;
  readonly others: OtherUsers;
  /** Where the account is served: the URLs of queues name this origin from now on. */
  serveAt(origin: string): void;
  /** What AWS allows now; it may be changed at any time. */
  readonly quotas: { -readonly [Name in keyof Quotas]: Quotas[Name] };
}

/** Builds an account that holds the seeds (network, images, certificates) and nothing else. */
export function buildAccount(options: AccountOptions): Account {
  const { clock, rng } = options;
  const { accountId = ACCOUNT_ID } = options;
  const context: AccountContext = { clock, rng, accountId, region: REGION, id: idSource(rng) };
  const quotas = { ...QUOTAS, ...options.quotas };
  const troubles = { ...TROUBLES };
  setTroubles(troubles, options.troubles ?? {});
  const principals = new Map<string, string>();
  const setPrincipal = (accessKeyId: string, arn: string): void => {
    if (!isPrincipal(arn)) throw new RangeError(`'${arn}' is no user, no session of a role, and no root`);
    if (principals.size >= LIMITS.simulatorPrincipals && !principals.has(accessKeyId)) {
      throw new RangeError(`there are at most ${LIMITS.simulatorPrincipals} principals`);
    }
    principals.set(accessKeyId, arn);
  };
  for (const [key, arn] of Object.entries(options.principals ?? {})) setPrincipal(key, arn);
  let current: Caller = {};
  const caller = (): Identity => {
    const arn = principalOf(current.accessKeyId, principals, accountId);
    return identityOf(arn, current.accessKeyId, clock.nowMs());
  };
  const services = buildServices({ context, options, quotas, troubles, principals, caller });
  const { parts, tables, control, publications, trail, sqs } = services;
  const calls = buildCallLog();
  const faults = buildFaultScript(clock);
  const throttle = options.throttle === false ? undefined : buildThrottle(clock);
  const others = buildOtherUsers(clock, rng, throttle);
  others.set(options.others);
  const interceptor = interceptors(
    options.interceptor === undefined ? [faults] : [faults, options.interceptor],
  );
  const has = (service: ServiceName, operation: string): boolean => Object.hasOwn(tables[service], operation);
  const run = (service: ServiceName, operation: string, input: object): object => {
    if (!has(service, operation))
      throw new AwsError("InvalidAction", `The action ${operation} is not valid for this web service.`);
    return (tables[service][operation] as (input: object) => object)(input);
  };

  /** What AWS does at the moment when it does it, or says no. */
  const effect = (call: Call): Outcome => {
    throttle?.take(call);
    const before = interceptor.before?.(call);
    const goesOn = before === undefined || before.kind === "slow" || before.kind === "ineffective";
    if (!goesOn) return { fault: before, extraMs: 0 };
    const extraMs = before?.kind === "slow" ? before.ms : 0;
    // Copies both ways: neither side may change what the other holds.
    const input = copyOf(call.input);
    const output = copyOf(
      before?.kind === "ineffective"
        ? withoutEffect(call, input, before.members, (operation, given) =>
            run(call.service, operation, given),
          )
        : run(call.service, call.operation, input),
    );
    const after = interceptor.after?.(call, output);
    if (after?.kind === "slow") return { output, extraMs: extraMs + after.ms };
    return { output, extraMs, ...(after !== undefined && { fault: after }) };
  };

  /** A receive that may not wait says why only when it is carried out. */
  const arrivalFor = (input: object): Promise<void> =>
    sqs.arrival(input as Parameters<typeof sqs.arrival>[0]).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error;
    });

  const perform = async (call: Call, by: Caller): Promise<object> => {
    const latencyMs = latencyOf(call, rng);
    await pause(clock, latencyMs / 2);
    if (call.service === "sqs" && call.operation === "ReceiveMessage") await arrivalFor(call.input);
    let outcome: Outcome | AwsError;
    try {
      // Nothing else happens until the effect has been, so that it knows whose it is.
      current = by;
      outcome = effect(call);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      outcome = error;
    }
    calls.add(call, by, errorCodeOf(outcome));
    const recorded = recordedOutcome(outcome);
    if (recorded !== undefined) trail.record(call, by, recorded);
    const extraMs = outcome instanceof AwsError ? 0 : outcome.extraMs;
    await pause(clock, latencyMs / 2 + extraMs);
    if (outcome instanceof AwsError) throw outcome;
    return settle(clock, outcome);
  };

  return {
    context,
    quotas,
    calls,
    faults,
    control,
    parts,
    publications,
    troubles,
    setTroubles: (change) => setTroubles(troubles, change),
    setPrincipal,
    others,
    serveAt: sqs.serveAt,
    has,
    look: (service, operation, input) => {
      if (isMutating(operation) || operation === "ReceiveMessage")
        throw new RangeError(`${operation} is not a read`);
      return copyOf(run(service, operation, copyOf(input)));
    },
    call: (service, operation, input, { requestId = uuidFrom(context), signal, ...caller } = {}) => {
      const call: Call = {
        service,
        operation,
        input,
        requestId,
        mutating: isMutating(operation),
        atMs: clock.nowMs(),
      };
      // A caller that stops waiting does not undo what it has sent.
      return abortable(perform(call, caller), signal);
    },
  };
}

interface Services {
  readonly parts: Parts;
  readonly tables: Readonly<Record<ServiceName, OperationTable>>;
  readonly control: Ec2Control;
  readonly publications: Account["publications"];
  readonly trail: CloudTrail;
  readonly sqs: ReturnType<typeof buildSqs>;
}

interface Foundation {
  readonly context: AccountContext;
  readonly options: AccountOptions;
  readonly quotas: Quotas;
  readonly troubles: Troubles;
  readonly principals: ReadonlyMap<string, string>;
  /** Whose call it is that is being carried out. */
  caller(): Identity;
}

function buildServices(foundation: Foundation): Services {
  const { context, options, quotas, troubles, principals, caller } = foundation;
  const timings: Timings = { ...TIMINGS, ...options.timings };
  const { parts, bind } = lateBound();
  const ec2 = buildEc2(context, parts, timings);
  const elb = buildElb(context, parts, timings, quotas);
  const trail = buildCloudTrail(context, parts, troubles, principals);
  const autoScaling = buildAutoScaling(context, recordedParts(parts, trail), quotas);
  const cloudWatch = buildCloudWatch(context, parts);
  const ssm = buildSsm(context);
  const acm = buildAcm(context);
  const iam = buildIam(context);
  const sns = buildSns(context);
  const sqs = buildSqs(context, troubles, caller);
  const events = buildEvents(context, parts, troubles);
  bind({
    ec2: ec2.part,
    elb: elb.part,
    autoScaling: autoScaling.part,
    cloudWatch: cloudWatch.part,
    load: buildLoad(parts),
    ssm: ssm.part,
    acm: acm.part,
    iam: iam.part,
    sns: sns.part,
    sqs: sqs.part,
    events: events.part,
  });
  elb.watch();
  const tables = {
    ec2: ec2.operations,
    elasticloadbalancing: elb.operations,
    autoscaling: autoScaling.operations,
    cloudwatch: cloudWatch.operations,
    sts: buildSts(context, caller).operations,
    ssm: ssm.operations,
    acm: acm.operations,
    iam: iam.operations,
    sns: sns.operations,
    sqs: sqs.operations,
    events: events.operations,
    cloudtrail: trail.operations,
  };
  return { parts, tables, control: ec2.control, publications: sns.publications, trail, sqs };
}

/** Auto Scaling's calls have ids too, which are drawn from nothing. */
function recordedParts(parts: Parts, trail: CloudTrail): Parts {
  let count = 0;
  return withServiceCalls(parts, (service, operation, input, outcome) => {
    count += 1;
    const requestId = derivedUuid(`autoscaling/${count}`);
    trail.record({ service, operation, input, requestId }, "autoscaling", outcome);
  });
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
    case "ineffective":
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

/** What CloudTrail knows of a call; nothing of one that never arrived. */
function recordedOutcome(outcome: Outcome | AwsError): { output?: object; error?: AwsError } | undefined {
  if (outcome instanceof AwsError) return { error: outcome };
  const { fault, output } = outcome;
  if (output !== undefined) return { output };
  return fault?.kind === "error" ? { error: new AwsError(fault.code, fault.message) } : undefined;
}

function errorCodeOf(outcome: Outcome | AwsError): string | undefined {
  if (outcome instanceof AwsError) return outcome.code;
  return outcome.fault?.kind === "error" ? outcome.fault.code : undefined;
}
