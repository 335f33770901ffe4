/** What can go wrong with one AWS call, and how the simulated account is made to do it. */
import { isMutating } from "../../src/simulator/account/mutating.ts";
import type { Call, Fault } from "../../src/simulator/faults/interceptors.ts";

/** Whether a call, by its `service:Operation`, asks and changes nothing: to listen to a queue is one of these. */
export function isRead(operation: string): boolean {
  return !isMutating(operation.slice(operation.indexOf(":") + 1));
}

export const WRITE_FAULTS = [
  "throttled",
  "refused",
  "failed before",
  "failed after",
  "timed out after",
  "answer lost",
  "truncated",
  "empty",
  "malformed",
  "slow",
  "not found yet",
] as const;

export const READ_FAULTS = [
  "throttled",
  "refused",
  "failed before",
  "answer lost",
  "truncated",
  "empty",
  "malformed",
  "slow",
  "stale",
  "older",
  "page missing",
  "first page missing",
  "token expired",
  "not found yet",
] as const;

/** Of scenarios alone: a change that AWS answers and does not make. */
const SCENARIO_FAULTS = ["ineffective"] as const;

export type CallFault =
  | (typeof WRITE_FAULTS)[number]
  | (typeof READ_FAULTS)[number]
  | (typeof SCENARIO_FAULTS)[number];

/** Answers that AWS may give and that are not true any more, or not the whole truth. */
export const UNTRUE: readonly string[] = [
  "stale",
  "older",
  "page missing",
  "first page missing",
  "not found yet",
];

/** AWS's consistency is a matter of seconds; a read that lags is no older than this. */
export const LAG_MS = 20_000;
const VERSIONS_KEPT = 6;
const THROTTLED = {
  ec2: "RequestLimitExceeded",
  elasticloadbalancing: "Throttling",
  autoscaling: "Throttling",
  cloudwatch: "Throttling",
  sts: "Throttling",
  ssm: "ThrottlingException",
  acm: "ThrottlingException",
  sns: "ThrottlingException",
  iam: "Throttling",
  sqs: "RequestThrottled",
  events: "ThrottlingException",
  cloudtrail: "ThrottlingException",
} as const;

/** The fault that comes before the effect, if this kind does. @param fresh what was made lately: id → what it is */
export function faultBefore(
  kind: CallFault,
  call: Call,
  fresh: ReadonlyMap<string, string>,
): Fault | undefined {
  switch (kind) {
    case "not found yet":
      return notFoundYet(call, fresh);
    case "throttled":
      return { kind: "error", code: THROTTLED[call.service], message: "Rate exceeded" };
    case "refused":
      return {
        kind: "error",
        code: "AccessDenied",
        message: "not authorized to perform this action",
        status: 403,
      };
    case "failed before":
      return { kind: "error", code: "InternalFailure", message: "internal failure", status: 500 };
    case "ineffective":
      return { kind: "ineffective" };
    default:
      return undefined;
  }
}

/**
 * What has just been made is not known yet to the part of AWS that is asked
 * (docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html; the codes are those of each API's reference).
 */
function notFoundYet({ service, input }: Call, fresh: ReadonlyMap<string, string>): Fault | undefined {
  const text = JSON.stringify(input);
  const found = [...fresh].find(([id]) => text.includes(`"${id}"`) || text.includes(`:${id}"`));
  if (found === undefined) return undefined;
  const [id, what] = found;
  const error = (code: string, message: string, status = 400): Fault => ({
    kind: "error",
    code,
    message,
    status,
  });
  switch (what) {
    case "LoadBalancer":
    case "TargetGroup":
    case "Listener":
    case "Rule":
      return service === "elasticloadbalancing" || service === "autoscaling"
        ? error(
            service === "autoscaling" ? "ValidationError" : `${what}NotFound`,
            `${what} '${id}' not found`,
          )
        : undefined;
    case "LaunchTemplate": {
      const message = `The specified launch template, with template ID ${id}, does not exist.`;
      return service === "autoscaling"
        ? error("ValidationError", `You must use a valid fully-formed launch template. ${message}`)
        : error("InvalidLaunchTemplateId.NotFound", message);
    }
    case "AutoScalingGroup":
      return service === "autoscaling"
        ? error("ValidationError", `AutoScalingGroup name not found - AutoScalingGroup '${id}' not found`)
        : undefined;
    default:
      return service === "cloudwatch"
        ? error("ResourceNotFoundException", `${id} not found`, 404)
        : undefined;
  }
}

/** What a call has made: id → what it is. */
export function madeBy({ operation, input }: Call, output: object): Map<string, string> {
  const made = new Map<string, string>();
  if (!operation.startsWith("Create") && operation !== "PutMetricAlarm") return made;
  const text = JSON.stringify(output);
  for (const what of ["LoadBalancer", "TargetGroup", "Listener", "Rule"])
    if (operation === `Create${what}`)
      for (const [, id = ""] of text.matchAll(new RegExp(`"${what}Arn":"([^"]+)"`, "g"))) made.set(id, what);
  const template = /"LaunchTemplateId":"([^"]+)"/.exec(text)?.[1];
  if (operation === "CreateLaunchTemplate" && template !== undefined) made.set(template, "LaunchTemplate");
  const { AutoScalingGroupName, AlarmName } = input as { AutoScalingGroupName?: string; AlarmName?: string };
  if (operation === "CreateAutoScalingGroup") made.set(AutoScalingGroupName ?? "", "AutoScalingGroup");
  if (operation === "PutMetricAlarm") made.set(AlarmName ?? "", "alarm");
  return made;
}

/** The fault that comes after the effect. @param versions earlier answers to the same question, newest first */
export function faultAfter(
  kind: CallFault,
  call: Call,
  output: object,
  versions: readonly Version[],
  nowMs: number,
): Fault | undefined {
  switch (kind) {
    case "failed after":
      return { kind: "error", code: "InternalFailure", message: "internal failure", status: 500 };
    case "timed out after":
      return { kind: "lost", afterMs: 30_000 };
    case "answer lost":
      return { kind: "lost", afterMs: 50 };
    case "truncated":
    case "empty":
      return { kind: "damaged", body: kind };
    case "malformed":
      return { kind: "damaged", body: "garbage" };
    case "slow":
      return { kind: "slow", ms: 25_000 };
    case "stale":
      return outputOf(versions.findLast((version) => nowMs - version.atMs <= LAG_MS));
    case "older":
      return outputOf(versions.at(-1));
    case "page missing":
      return isPaged(call) ? { kind: "output", output: halved(output) } : undefined;
    case "first page missing":
      return isPaged(call) ? { kind: "output", output: halved(output, "last") } : undefined;
    case "token expired":
      return isPaged(call) ? { kind: "output", output: cutOff(output, call.service) } : undefined;
    default:
      return undefined;
  }
}

export interface Version {
  readonly atMs: number;
  readonly output: object;
}

function outputOf(version: Version | undefined): Fault | undefined {
  return version === undefined ? undefined : { kind: "output", output: structuredClone(version.output) };
}

/** Earlier answers of the account, by question, so that a read can be answered with one of them. */
export class Versions {
  readonly #byQuestion = new Map<string, Version[]>();

  /** Keeps the answer, and gives those before it, newest first. */
  add(call: Call, output: object): readonly Version[] {
    const question = `${call.service}:${call.operation} ${JSON.stringify(call.input)}`;
    const versions = this.#byQuestion.get(question) ?? [];
    const earlier = [...versions];
    versions.unshift({ atMs: call.atMs, output });
    // The first is kept: it may be from before anything was made.
    if (versions.length > VERSIONS_KEPT) versions.splice(-2, 1);
    this.#byQuestion.set(question, versions);
    return earlier;
  }
}

function isPaged({ input }: Call): boolean {
  return "PageSize" in input || "MaxRecords" in input || "MaxResults" in input;
}

/** One half of the list, as if that were all. */
function halved(output: object, half: "first" | "last" = "first"): object {
  const cut = (list: unknown[]) => {
    const middle = half === "first" ? Math.floor(list.length / 2) : Math.ceil(list.length / 2);
    return half === "first" ? list.slice(0, middle) : list.slice(middle);
  };
  return Object.fromEntries(
    Object.entries(output).map(([name, value]) => [name, Array.isArray(value) ? cut(value) : value]),
  );
}

/** The first half, and a token for the rest that nobody knows any more. */
function cutOff(output: object, service: string): object {
  const member = service === "elasticloadbalancing" ? "NextMarker" : "NextToken";
  return { ...halved(output), [member]: "a-token-that-has-expired" };
}
