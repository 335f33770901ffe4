/**
 * The shape of one service of the simulated account, and the parts by which services reach each other.
 */
import type { AutoScalingPart, CloudWatchPart, Ec2Part, ElbPart, Load } from "./parts.ts";

/** IAM's names of the services; the name of an operation begins with one. */
export type ServiceName = "elasticloadbalancing" | "autoscaling" | "ec2" | "cloudwatch" | "sts";

/**
 * Handlers by AWS's bare operation name. A handler takes the SDK's input, runs at once, either changes
 * everything and returns the SDK's output (without `$metadata`), or throws an `AwsError` and has changed nothing.
 */
export type OperationTable = Readonly<Record<string, (input: never) => object>>;

/** What `buildX` of a service returns. */
export interface Service<Part> {
  readonly operations: OperationTable;
  readonly part: Part;
}

/** Traffic by load balancer: what the control route sets and the metrics come from. */
export interface LoadPart {
  /** @param loadBalancer ARN, name, or metric dimension (`app/name/id`). @throws AwsError when there is none */
  set(loadBalancer: string, load: Load): void;
  get(loadBalancerArn: string): Load;
}

/**
 * Every service's part. The account fills it while composing, so a builder may keep it but must not read it
 * before the account is complete: read it inside handlers, timers and part methods only.
 */
export interface Parts {
  ec2: Ec2Part;
  elb: ElbPart;
  autoScaling: AutoScalingPart;
  cloudWatch: CloudWatchPart;
  load: LoadPart;
}
