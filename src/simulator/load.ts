/**
 * What traffic does to the tier: requests spread over targets, targets answer or fail, processors get busy.
 * The only part of the account that AWS does not document: a plain model, enough for alarms and scaling to react.
 */
import { AwsError } from "./account/aws-error.ts";
import type { Load, LoadPart, Parts, TargetHealth } from "./services.ts";

/** Requests per second that one instance of a size answers at full load. */
const CAPACITY: Readonly<Record<string, number>> = {
  nano: 25,
  micro: 50,
  small: 100,
  medium: 200,
  large: 400,
  xlarge: 800,
};
const IDLE_CPU = 2;
const LEAST_RESPONSE_SECONDS = 0.02;
const MOST_UTILISATION = 0.99;

const NO_LOAD: Load = { requestsPerSecond: 0, errorRate: 0 };

/** What one target gets and gives, each second. */
export interface TargetTraffic {
  readonly instanceId: string;
  readonly requests: number;
  readonly http2xx: number;
  readonly http3xx: number;
  readonly http4xx: number;
  readonly http5xx: number;
  /** Requests that the load balancer answers itself, with 502 or 504, because the target does not. */
  readonly elb5xx: number;
  /** Absent when it answers nothing. */
  readonly responseSeconds: number | undefined;
}

export interface TargetGroupTraffic {
  readonly arn: string;
  readonly dimension: string;
  readonly requests: number;
  readonly registered: number;
  readonly healthy: number;
  readonly unhealthy: number;
  readonly targets: readonly TargetTraffic[];
  /** Requests that nobody could take: 503. */
  readonly elb5xx: number;
}

export interface BalancerTraffic {
  readonly arn: string;
  readonly dimension: string;
  readonly requests: number;
  readonly targetGroups: readonly TargetGroupTraffic[];
}

type Balancer = ReturnType<Parts["elb"]["loadBalancers"]>[number];

export function buildLoad(parts: Parts): LoadPart {
  const loads = new Map<string, Load>();
  return {
    set(loadBalancer, load) {
      const balancers = parts.elb.loadBalancers();
      const found = balancers.find((one) =>
        [one.arn, one.dimension, one.dimension.split("/")[1]].includes(loadBalancer),
      );
      if (found === undefined) {
        throw new AwsError("LoadBalancerNotFound", `Load balancer '${loadBalancer}' not found`);
      }
      checkLoad(load);
      for (const arn of loads.keys()) if (!balancers.some((one) => one.arn === arn)) loads.delete(arn);
      loads.set(found.arn, { ...load });
    },
    get: (loadBalancerArn) => loads.get(loadBalancerArn) ?? NO_LOAD,
  };
}

function checkLoad(load: Load): void {
  if (!Number.isFinite(load.requestsPerSecond) || load.requestsPerSecond < 0) {
    throw new AwsError("ValidationError", "requestsPerSecond must be a number of at least 0.");
  }
  if (!(load.errorRate >= 0 && load.errorRate <= 1)) {
    throw new AwsError("ValidationError", "errorRate must be between 0 and 1.");
  }
}

/** What the load balancer does with its traffic now: its target groups that get any get equal shares. */
export function trafficOf(parts: Parts, balancer: Balancer): BalancerTraffic {
  const load = parts.load.get(balancer.arn);
  const receiving = balancer.targetGroups.filter(({ receives }) => receives);
  const share = load.requestsPerSecond / Math.max(1, receiving.length);
  return {
    arn: balancer.arn,
    dimension: balancer.dimension,
    requests: load.requestsPerSecond,
    targetGroups: balancer.targetGroups.map(({ receives, ...group }) =>
      groupTraffic(parts, group, receives ? share : 0, load.errorRate),
    ),
  };
}

function groupTraffic(
  parts: Parts,
  group: { arn: string; dimension: string },
  requests: number,
  errorRate: number,
): TargetGroupTraffic {
  const targets = parts.elb.targets(group.arn);
  const healthy = targets.filter((target) => target.health.state === "healthy");
  const unhealthy = targets.filter((target) => target.health.state === "unhealthy");
  const serving = healthy.length > 0 ? healthy : targets.filter((target) => isRoutable(target.health));
  return {
    ...group,
    requests,
    registered: targets.length,
    healthy: healthy.length,
    unhealthy: unhealthy.length,
    targets: serving.map((target) => targetTraffic(parts, target, requests / serving.length, errorRate)),
    elb5xx: serving.length === 0 ? requests : 0,
  };
}

/** With no healthy target, all that are registered get requests. cloudwatch/fail-open */
function isRoutable(health: TargetHealth): boolean {
  return health.state === "unhealthy" || health.state === "initial" || health.state === "unavailable";
}

function targetTraffic(
  parts: Parts,
  target: { instanceId: string; port: number },
  requests: number,
  errorRate: number,
): TargetTraffic {
  const { instanceId } = target;
  const none = { instanceId, requests, http2xx: 0, http3xx: 0, http4xx: 0, http5xx: 0, elb5xx: 0 };
  const answer = parts.ec2.respond(instanceId, target.port, "/");
  if (!answer.reachable) return { ...none, elb5xx: requests, responseSeconds: undefined };
  const used = requests / capacityOf(parts.ec2.instance(instanceId)?.instanceType);
  const responseSeconds = LEAST_RESPONSE_SECONDS / (1 - Math.min(used, MOST_UTILISATION));
  if (answer.statusCode >= 500) return { ...none, http5xx: requests, responseSeconds };
  const http5xx = requests * errorRate;
  const answered = requests - http5xx;
  if (answer.statusCode >= 400) return { ...none, http5xx, http4xx: answered, responseSeconds };
  if (answer.statusCode >= 300) return { ...none, http5xx, http3xx: answered, responseSeconds };
  return { ...none, http5xx, http2xx: answered, responseSeconds };
}

/** Percent of the processor that so many requests per second take. */
export function cpuOf(instanceType: string | undefined, requests: number): number {
  return IDLE_CPU + (100 - IDLE_CPU) * Math.min(1, requests / capacityOf(instanceType));
}

const capacities = new Map<string, number>();

function capacityOf(instanceType = "t3.medium"): number {
  let capacity = capacities.get(instanceType);
  if (capacity === undefined) {
    const size = instanceType.split(".")[1] ?? "medium";
    const times = /^(\d+)xlarge$/.exec(size);
    capacity = times === null ? (CAPACITY[size] ?? 200) : Number(times[1]) * 800;
    capacities.set(instanceType, capacity);
  }
  return capacity;
}
