/**
 * AWS's rate limits, in virtual time: token buckets of the account, refilled continuously.
 * A call takes a token from each of its buckets, or from none and is refused.
 *
 * Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html,
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html,
 * https://docs.aws.amazon.com/general/latest/gr/cw_region.html.
 */
import type { Clock } from "../../ports.ts";
import type { Call } from "../faults/interceptors.ts";
import type { ServiceName } from "../services.ts";
import { AwsError } from "./aws-error.ts";
import { isMutating } from "./mutating.ts";

/** What of a call decides which buckets it takes from. */
type ThrottledCall = Pick<Call, "service" | "operation" | "input">;

interface Bucket {
  readonly name: string;
  readonly capacity: number;
  readonly refillPerSecond: number;
  /** Tokens that the call takes; 1 unless given. */
  readonly cost?: number;
}

/** EC2 gives each operation a bucket of its own; these differ from the usual sizes. */
const EC2_SIZES: Readonly<Record<string, readonly [capacity: number, refill: number]>> = {
  CreateLaunchTemplateVersion: [100, 5],
  ModifyLaunchTemplate: [100, 5],
  CreateTags: [100, 10],
  DeleteTags: [100, 10],
  RunInstances: [5, 2],
  StartInstances: [5, 2],
  TerminateInstances: [100, 5],
};
const EC2_UNFILTERED = new Set([
  "DescribeInstances",
  "DescribeInstanceStatus",
  "DescribeNetworkInterfaces",
  "DescribeSecurityGroups",
]);

/** Calls per second; CloudWatch documents no burst, so one second's worth is taken for it. */
const CLOUDWATCH_PER_SECOND: Readonly<Record<string, number>> = {
  DescribeAlarms: 9,
  DescribeAlarmsForMetric: 9,
  DescribeAlarmHistory: 20,
  PutMetricAlarm: 3,
  PutCompositeAlarm: 3,
  DeleteAlarms: 3,
  EnableAlarmActions: 3,
  DisableAlarmActions: 3,
  SetAlarmState: 3,
  ListTagsForResource: 10,
  TagResource: 20,
  UntagResource: 20,
  GetMetricData: 500,
  GetMetricStatistics: 400,
  PutMetricData: 500,
  ListMetrics: 25,
};

/** https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html */
const ACM_PER_SECOND: Readonly<Record<string, number>> = {
  ListCertificates: 1,
  ImportCertificate: 1,
  RequestCertificate: 5,
};

const ELB_RESOURCE_INTENSIVE = new Set(["CreateLoadBalancer", "SetSubnets"]);
const ELB_REGISTRATION = new Set(["RegisterTargets", "DeregisterTargets"]);

function bucketsOf(call: ThrottledCall): readonly Bucket[] {
  switch (call.service) {
    case "elasticloadbalancing":
      return [{ name: "elb", capacity: 40, refillPerSecond: 10 }, elbBucket(call)];
    case "ec2":
      return [ec2Bucket(call), ...instanceBuckets(call)];
    case "autoscaling":
      // Undocumented but for being one bucket shared by all actions: chosen as ELB's account bucket is.
      return [{ name: "autoscaling", capacity: 40, refillPerSecond: 10 }];
    case "cloudwatch": {
      const perSecond = CLOUDWATCH_PER_SECOND[call.operation] ?? 10;
      return [{ name: `cloudwatch:${call.operation}`, capacity: perSecond, refillPerSecond: perSecond }];
    }
    case "ssm":
      // Shared by the three operations that read.
      return [
        {
          name: `ssm:${isMutating(call.operation) ? call.operation : "read"}`,
          capacity: 40,
          refillPerSecond: 40,
        },
      ];
    case "acm": {
      const perSecond = ACM_PER_SECOND[call.operation] ?? 10;
      return [{ name: `acm:${call.operation}`, capacity: perSecond, refillPerSecond: perSecond }];
    }
    case "events":
      // All that is not PutEvents: 50 a second.
      return [{ name: `events:${call.operation}`, capacity: 50, refillPerSecond: 50 }];
    case "cloudtrail":
      return [cloudTrailBucket(call)];
    case "sts":
    case "sns":
    case "iam":
    // Of a standard queue "nearly unlimited".
    case "sqs":
      return [];
  }
}

function elbBucket(call: ThrottledCall): Bucket {
  if (ELB_RESOURCE_INTENSIVE.has(call.operation)) {
    return { name: "elb:resource-intensive", capacity: 10, refillPerSecond: 0.2 };
  }
  if (ELB_REGISTRATION.has(call.operation)) {
    return { name: "elb:registration", capacity: 20, refillPerSecond: 4 };
  }
  return isMutating(call.operation)
    ? { name: "elb:mutating", capacity: 20, refillPerSecond: 3 }
    : { name: "elb:non-mutating", capacity: 40, refillPerSecond: 10 };
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
function cloudTrailBucket(call: ThrottledCall): Bucket {
  if (call.operation === "LookupEvents")
    return { name: "cloudtrail:lookup", capacity: 2, refillPerSecond: 2 };
  const perSecond = isMutating(call.operation) ? 1 : 10;
  return { name: `cloudtrail:${call.operation}`, capacity: perSecond, refillPerSecond: perSecond };
}

function ec2Bucket(call: ThrottledCall): Bucket {
  const name = `ec2:${call.operation}`;
  const special = EC2_SIZES[call.operation];
  if (special !== undefined) return { name, capacity: special[0], refillPerSecond: special[1] };
  if (isMutating(call.operation)) return { name, capacity: 50, refillPerSecond: 5 };
  if (EC2_UNFILTERED.has(call.operation) && Object.keys(call.input).length === 0) {
    return { name: `${name}:unfiltered`, capacity: 50, refillPerSecond: 10 };
  }
  return { name, capacity: 100, refillPerSecond: 20 };
}

/** Launching and terminating also count the instances. */
function instanceBuckets(call: ThrottledCall): readonly Bucket[] {
  const input = call.input as { MaxCount?: number; InstanceIds?: unknown[] };
  const cost = input.MaxCount ?? input.InstanceIds?.length ?? 1;
  switch (call.operation) {
    case "RunInstances":
    case "StartInstances":
      return [{ name: `ec2:${call.operation}:instances`, capacity: 1_000, refillPerSecond: 2, cost }];
    case "TerminateInstances":
      return [{ name: `ec2:${call.operation}:instances`, capacity: 1_000, refillPerSecond: 20, cost }];
    default:
      return [];
  }
}

/** What each service says, as seen on the wire. */
const REFUSAL: Readonly<Record<ServiceName, () => AwsError>> = {
  ec2: () => new AwsError("RequestLimitExceeded", "Request limit exceeded.", 503),
  elasticloadbalancing: () => new AwsError("Throttling", "Rate exceeded", 400),
  autoscaling: () => new AwsError("Throttling", "Rate exceeded", 400),
  cloudwatch: () => new AwsError("Throttling", "Rate exceeded", 400),
  sts: () => new AwsError("Throttling", "Rate exceeded", 400),
  ssm: () => new AwsError("ThrottlingException", "Rate exceeded", 400),
  acm: () => new AwsError("ThrottlingException", "Rate exceeded", 400),
  sns: () => new AwsError("ThrottlingException", "Rate exceeded", 400),
  iam: () => new AwsError("Throttling", "Rate exceeded", 400),
  sqs: () => new AwsError("RequestThrottled", "Request is throttled.", 403),
  events: () => new AwsError("ThrottlingException", "Rate exceeded", 400),
  cloudtrail: () => new AwsError("ThrottlingException", "Rate exceeded", 400),
};

export interface Throttle {
  /** @throws AwsError when a bucket is empty */
  take(call: ThrottledCall): void;
}

export function buildThrottle(clock: Clock): Throttle {
  const levels = new Map<string, { tokens: number; atMs: number }>();
  const levelOf = (bucket: Bucket): { tokens: number; atMs: number } => {
    const nowMs = clock.nowMs();
    const level = levels.get(bucket.name) ?? { tokens: bucket.capacity, atMs: nowMs };
    const gained = ((nowMs - level.atMs) / 1000) * bucket.refillPerSecond;
    const fresh = { tokens: Math.min(bucket.capacity, level.tokens + gained), atMs: nowMs };
    levels.set(bucket.name, fresh);
    return fresh;
  };
  return {
    take: (call) => {
      const due = bucketsOf(call).map((bucket) => ({ level: levelOf(bucket), cost: bucket.cost ?? 1 }));
      if (due.some(({ level, cost }) => level.tokens < cost)) throw REFUSAL[call.service]();
      for (const { level, cost } of due) level.tokens -= cost;
    },
  };
}

/** What a caller of the service meets when it is too fast. */
export function refusalOf(service: ServiceName): AwsError {
  return REFUSAL[service]();
}
