/**
 * AWS's token buckets, each for one account and Region.
 * Elastic Load Balancing: docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
 * EC2: docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 * CloudWatch: docs.aws.amazon.com/general/latest/gr/cw_region.html
 */
import type { BucketSize } from "./token-bucket.ts";

export interface Bucket extends BucketSize {
  /** Operations that name the same bucket share it; without a name, an operation has it to itself. */
  readonly name?: string;
  /** Every action of the API takes of it, whoever calls: so others are likely to, and a part is left to them. It stands last. */
  readonly isAccounts?: true;
}

/** Shared by all actions of the account, besides the bucket of the action's category. */
const ELB_ACCOUNT: Bucket = { name: "elb", capacity: 40, refillPerSecond: 10, isAccounts: true };

export const ELB_READ: readonly Bucket[] = [
  { name: "elb:non-mutating", capacity: 40, refillPerSecond: 10 },
  ELB_ACCOUNT,
];
export const ELB_WRITE: readonly Bucket[] = [
  { name: "elb:mutating", capacity: 20, refillPerSecond: 3 },
  ELB_ACCOUNT,
];
export const ELB_INTENSIVE: readonly Bucket[] = [
  { name: "elb:resource-intensive", capacity: 10, refillPerSecond: 0.2 },
  ELB_ACCOUNT,
];

/** Of a read with a filter, ids or a page size, as all of ours are; without, EC2 allows half of it. */
export const EC2_READ: readonly Bucket[] = [{ capacity: 100, refillPerSecond: 20 }];
export const EC2_WRITE: readonly Bucket[] = [{ capacity: 50, refillPerSecond: 5 }];
export const EC2_TEMPLATE_VERSION: readonly Bucket[] = [{ capacity: 100, refillPerSecond: 5 }];
export const EC2_TAGS: readonly Bucket[] = [{ capacity: 100, refillPerSecond: 10 }];

const AUTO_SCALING_BUCKET = "autoscaling";

/** One bucket for all actions; AWS does not say how large it is, so a setting does. */
export const AUTO_SCALING: readonly Bucket[] = [
  { name: AUTO_SCALING_BUCKET, capacity: 40, refillPerSecond: 10, isAccounts: true },
];

/** CloudWatch documents calls per second and no burst: one second's worth. */
export function callsPerSecond(count: number): readonly Bucket[] {
  return [{ capacity: count, refillPerSecond: count }];
}

/** A share of what AWS allows an account (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html): it is asked rarely. */
export const STS_PER_SECOND = 10;

/** Of GetParameter, GetParameters and GetParametersByPath together: docs.aws.amazon.com/general/latest/gr/ssm.html */
export const SSM_PER_SECOND = 40;
/** docs.aws.amazon.com/acm/latest/userguide/acm-limits.html */
export const ACM_PER_SECOND = 10;
export const ACM_LISTS_PER_SECOND = 1;
/** Shares of what is not documented for the operation alone: lookups ask rarely. */
export const SNS_PER_SECOND = 10;
export const IAM_PER_SECOND = 5;

/** A share of what a queue takes without batching: docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const SQS_PER_SECOND = 50;
/** Two a second for everybody in the account: docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
export const CLOUDTRAIL_LOOKUPS: readonly Bucket[] = [{ capacity: 1, refillPerSecond: 1 }];

/** The size in force, given the setting for Auto Scaling (calls per second; its burst is four seconds' worth). */
export function sizeOf(bucket: Bucket, autoScalingRate: number | undefined): BucketSize {
  if (bucket.name !== AUTO_SCALING_BUCKET || autoScalingRate === undefined) return bucket;
  return { capacity: Math.max(1, autoScalingRate * 4), refillPerSecond: autoScalingRate };
}
