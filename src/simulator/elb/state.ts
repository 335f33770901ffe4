/** What Elastic Load Balancing holds, and the checks that all of its operations share. */
import type {
  Action,
  MutualAuthenticationAttributes,
  RuleCondition,
  RuleTransform,
  Tag,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { type Page, pageOf } from "../account/paging.ts";
import type { Quotas } from "../account/quotas.ts";
import type { Timings } from "../account/timings.ts";
import type { Parts } from "../services.ts";

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  /** `app/name/id`, as in ARNs and metric dimensions. */
  readonly dimension: string;
  readonly dnsName: string;
  readonly scheme: "internet-facing" | "internal";
  readonly vpcId: string;
  readonly createdAtMs: number;
  readonly attributes: Map<string, string>;
  state: "provisioning" | "active";
  subnets: { subnetId: string; zone: string }[];
  securityGroups: string[];
  ipAddressType: string;
  cancelProvisioning: () => void;
}

export interface Listener {
  readonly arn: string;
  readonly loadBalancer: LoadBalancer;
  readonly defaultRuleArn: string;
  readonly attributes: Map<string, string>;
  /** Beside the default one. */
  readonly certificates: Set<string>;
  port: number;
  protocol: "HTTP" | "HTTPS";
  defaultCertificate: string | undefined;
  sslPolicy: string | undefined;
  mutualAuthentication: MutualAuthenticationAttributes | undefined;
  defaultActions: Action[];
}

export interface Rule {
  readonly arn: string;
  readonly listener: Listener;
  priority: number;
  conditions: RuleCondition[];
  actions: Action[];
  transforms: RuleTransform[];
}

export interface HealthCheck {
  enabled: boolean;
  protocol: "HTTP" | "HTTPS";
  port: string;
  path: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
  matcher: { HttpCode?: string; GrpcCode?: string };
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  /** `targetgroup/name/id` */
  readonly dimension: string;
  readonly protocol: "HTTP" | "HTTPS";
  readonly protocolVersion: "HTTP1" | "HTTP2" | "GRPC";
  readonly port: number;
  readonly vpcId: string;
  readonly targetType: "instance" | "ip";
  readonly ipAddressType: "ipv4" | "ipv6";
  /** Of the target optimizer. */
  readonly controlPort: number | undefined;
  readonly attributes: Map<string, string>;
  healthCheck: HealthCheck;
}

export interface ElbState {
  readonly context: AccountContext;
  readonly parts: Parts;
  readonly timings: Timings;
  readonly quotas: Quotas;
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly listeners: Map<string, Listener>;
  readonly rules: Map<string, Rule>;
  readonly targetGroups: Map<string, TargetGroup>;
  /** By ARN, for every resource that is there. */
  readonly tags: Map<string, Map<string, string>>;
}

/** What must be told when something changes that targets' health depends on. */
export interface HealthSignals {
  /** A load balancer, listener or rule has come, changed or gone. */
  referencesChanged(): void;
  checkChanged(group: TargetGroup): void;
  groupDeleted(group: TargetGroup): void;
}

export function invalid(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

export function loadBalancerOf(state: ElbState, arn: string | undefined): LoadBalancer {
  const found = state.loadBalancers.get(checkedArn(arn, "loadbalancer", "load balancer"));
  if (found === undefined) throw new AwsError("LoadBalancerNotFound", `Load balancer '${arn}' not found`);
  return found;
}

export function listenerOf(state: ElbState, arn: string | undefined): Listener {
  const found = state.listeners.get(checkedArn(arn, "listener", "listener"));
  if (found === undefined) throw new AwsError("ListenerNotFound", `Listener '${arn}' not found`);
  return found;
}

export function targetGroupOf(state: ElbState, arn: string | undefined): TargetGroup {
  const found = state.targetGroups.get(checkedArn(arn, "targetgroup", "target group"));
  if (found === undefined) throw new AwsError("TargetGroupNotFound", `Target group '${arn}' not found`);
  return found;
}

/** The rule, or `default` with its listener. */
export function ruleOf(state: ElbState, arn: string | undefined): Rule | { defaultOf: Listener } {
  const rule = state.rules.get(checkedArn(arn, "listener-rule", "listener rule"));
  if (rule !== undefined) return rule;
  const listener = [...state.listeners.values()].find((one) => one.defaultRuleArn === arn);
  if (listener !== undefined) return { defaultOf: listener };
  throw new AwsError("RuleNotFound", `One or more rules not found`);
}

/** @param words the resource as AWS calls it in its sentences: clients match them */
function checkedArn(arn: string | undefined, type: string, words: string): string {
  if (arn?.startsWith("arn:") && arn.includes(`:${type}/`)) return arn;
  throw invalid(`'${arn}' is not a valid ${words} ARN`);
}

export function arnOf(context: AccountContext, resource: string): string {
  return `arn:aws:elasticloadbalancing:${context.region}:${context.accountId}:${resource}`;
}

/** @throws AwsError for a page size or marker that is not valid */
export function elbPage<T>(
  items: readonly T[],
  arnOfItem: (item: T) => string,
  input: { PageSize?: number | undefined; Marker?: string | undefined },
): Page<T> {
  const size = input.PageSize ?? 400;
  if (size < 1 || size > 400) {
    throw invalid(`Value '${size}' at 'pageSize' failed to satisfy constraint: a number from 1 to 400`);
  }
  return pageOf(items, arnOfItem, { token: input.Marker, size }, "ValidationError");
}

/** @throws AwsError unless at most `most` are given */
export function atMost(list: readonly unknown[] | undefined, most: number, what: string): void {
  if ((list?.length ?? 0) > most) throw invalid(`You cannot describe more than '${most}' ${what} at a time`);
}

/** A whole number within its range. @throws AwsError */
export function within(value: number, least: number, most: number, what: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(`${what} '${value}' must be a whole number from ${least} to ${most}`);
}

/** @throws AwsError */
export function oneOf<T extends string>(value: string, allowed: readonly T[], what: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw invalid(`${what} '${value}' must be one of ${allowed.join(", ")}`);
  return found;
}

/** By key. */
export function tagMap(tags: readonly Tag[] | undefined): Map<string, string> {
  return new Map((tags ?? []).map(({ Key: key = "", Value: value = "" }) => [key, value]));
}
