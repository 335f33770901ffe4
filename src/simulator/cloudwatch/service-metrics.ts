/**
 * The metrics that AWS's own services report. Once a minute the account's state is pictured; a metric is read
 * out of the pictures only when somebody asks for it.
 */
import {
  type BalancerTraffic,
  cpuOf,
  type TargetGroupTraffic,
  type TargetTraffic,
  trafficOf,
} from "../load.ts";
import type { Parts } from "../services.ts";
import { countSample, type Sample, sampleOf } from "./samples.ts";

/** Bytes of a request and of an answer, as far as the network metrics are concerned. */
const REQUEST_BYTES = 1_000;
const ANSWER_BYTES = 10_000;
const SECONDS = 60;

type GroupState = ReturnType<Parts["autoScaling"]["groups"]>[number];

interface InstanceReading {
  readonly cpu: number;
  readonly networkIn: number;
  readonly networkOut: number;
  readonly systemFailed: number;
  readonly instanceFailed: number;
}

/** One minute of the account. */
export interface Picture {
  readonly balancers: readonly BalancerTraffic[];
  readonly groups: readonly GroupState[];
  readonly instances: ReadonlyMap<string, InstanceReading>;
}

export interface MetricName {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** The account as it is now, or nothing while there is nothing to report. */
export function takePicture(parts: Parts): Picture | undefined {
  const balancers = parts.elb.loadBalancers();
  const groups = parts.autoScaling.groups();
  if (balancers.length === 0 && groups.length === 0) return undefined;
  const traffic = balancers.map((balancer) => trafficOf(parts, balancer));
  return { balancers: traffic, groups, instances: readInstances(parts, traffic, groups) };
}

function readInstances(
  parts: Parts,
  traffic: readonly BalancerTraffic[],
  groups: readonly GroupState[],
): Map<string, InstanceReading> {
  const requests = new Map<string, number>();
  for (const group of groups) for (const { instanceId } of group.instances) requests.set(instanceId, 0);
  for (const balancer of traffic) {
    for (const target of balancer.targetGroups.flatMap((group) => group.targets)) {
      requests.set(target.instanceId, (requests.get(target.instanceId) ?? 0) + target.requests);
    }
  }
  const readings = new Map<string, InstanceReading>();
  for (const [id, perSecond] of requests) {
    const instance = parts.ec2.instance(id);
    // cloudwatch/ec2-only-running
    if (instance?.state !== "running") continue;
    readings.set(id, {
      cpu: cpuOf(instance.instanceType, perSecond),
      networkIn: perSecond * SECONDS * REQUEST_BYTES,
      networkOut: perSecond * SECONDS * ANSWER_BYTES,
      systemFailed: Number(instance.systemStatus === "impaired"),
      instanceFailed: Number(instance.instanceStatus === "impaired"),
    });
  }
  return readings;
}

/** The value of a metric in one picture; nothing where AWS would report nothing. */
export function readPicture(picture: Picture, metric: MetricName): Sample | undefined {
  const dimensions = Object.fromEntries(metric.dimensions.map(({ Name, Value }) => [Name, Value]));
  switch (metric.namespace) {
    case "AWS/ApplicationELB":
      return readBalancer(picture, metric.metricName, dimensions);
    case "AWS/EC2":
      return readEc2(picture, metric.metricName, dimensions);
    case "AWS/AutoScaling":
      return readGroup(picture, metric.metricName, dimensions);
    default:
      return undefined;
  }
}

type Dimensions = Readonly<Record<string, string>>;

function hasExactly(dimensions: Dimensions, ...names: string[]): boolean {
  return Object.keys(dimensions).length === names.length && names.every((name) => name in dimensions);
}

function readBalancer(picture: Picture, name: string, dimensions: Dimensions): Sample | undefined {
  if (hasExactly(dimensions, "TargetGroup")) {
    const groups = picture.balancers.flatMap((balancer) => balancer.targetGroups);
    const group = groups.find((one) => one.dimension === dimensions.TargetGroup);
    return name === "RequestCountPerTarget" && group !== undefined ? perTarget(group) : undefined;
  }
  const balancer = picture.balancers.find((one) => one.dimension === dimensions.LoadBalancer);
  if (balancer === undefined) return undefined;
  if (hasExactly(dimensions, "LoadBalancer")) return readTotals(balancer, name);
  const group = balancer.targetGroups.find((one) => one.dimension === dimensions.TargetGroup);
  const isOfGroup = hasExactly(dimensions, "LoadBalancer", "TargetGroup");
  return isOfGroup && group !== undefined ? readTargetGroup(group, name) : undefined;
}

function readTotals(balancer: BalancerTraffic, name: string): Sample | undefined {
  const targets = balancer.targetGroups.flatMap((group) => group.targets);
  switch (name) {
    case "RequestCount":
      return sparse(balancer.requests);
    case "HTTPCode_ELB_5XX_Count": {
      const refused = balancer.targetGroups.reduce((sum, group) => sum + group.elb5xx, 0);
      return sparse(refused + total(targets, (target) => target.elb5xx));
    }
    default:
      return readTargets(targets, name);
  }
}

function readTargetGroup(group: TargetGroupTraffic, name: string): Sample | undefined {
  switch (name) {
    case "RequestCount":
      return sparse(total(group.targets, (target) => target.requests));
    case "RequestCountPerTarget":
      return perTarget(group);
    case "HealthyHostCount":
      return group.registered === 0 ? undefined : sampleOf(group.healthy);
    case "UnHealthyHostCount":
      return group.registered === 0 ? undefined : sampleOf(group.unhealthy);
    default:
      return readTargets(group.targets, name);
  }
}

function readTargets(targets: readonly TargetTraffic[], name: string): Sample | undefined {
  switch (name) {
    case "HTTPCode_Target_2XX_Count":
      return sparse(total(targets, (target) => target.http2xx));
    case "HTTPCode_Target_3XX_Count":
      return sparse(total(targets, (target) => target.http3xx));
    case "HTTPCode_Target_4XX_Count":
      return sparse(total(targets, (target) => target.http4xx));
    case "HTTPCode_Target_5XX_Count":
      return sparse(total(targets, (target) => target.http5xx));
    case "TargetResponseTime":
      return sampleOf(
        ...targets
          .filter((target) => target.requests > 0)
          .map((target) => target.responseSeconds)
          .filter((seconds) => seconds !== undefined),
      );
    default:
      return undefined;
  }
}

/** Zero is reported too, so that a group without traffic can scale in. cloudwatch/request-count-per-target */
function perTarget(group: TargetGroupTraffic): Sample | undefined {
  const targets = group.targets.length;
  return targets === 0 ? undefined : sampleOf((group.requests * SECONDS) / targets);
}

/** Requests and answers are reported only when there are any. cloudwatch/sparse-counts */
function sparse(perSecond: number): Sample | undefined {
  return perSecond > 0 ? countSample(perSecond * SECONDS) : undefined;
}

function total(targets: readonly TargetTraffic[], of: (target: TargetTraffic) => number): number {
  return targets.reduce((sum, target) => sum + of(target), 0);
}

function readEc2(picture: Picture, name: string, dimensions: Dimensions): Sample | undefined {
  const group = picture.groups.find((one) => one.name === dimensions.AutoScalingGroupName);
  const ids = hasExactly(dimensions, "InstanceId")
    ? [dimensions.InstanceId ?? ""]
    : hasExactly(dimensions, "AutoScalingGroupName")
      ? (group?.instances ?? []).map((instance) => instance.instanceId)
      : [];
  const readings = ids.map((id) => picture.instances.get(id)).filter((reading) => reading !== undefined);
  const reader = EC2_METRICS[name];
  return reader === undefined ? undefined : sampleOf(...readings.map(reader));
}

const EC2_METRICS: Readonly<Record<string, (reading: InstanceReading) => number>> = {
  CPUUtilization: (reading) => reading.cpu,
  NetworkIn: (reading) => reading.networkIn,
  NetworkOut: (reading) => reading.networkOut,
  StatusCheckFailed: (reading) => Math.max(reading.systemFailed, reading.instanceFailed),
  StatusCheckFailed_System: (reading) => reading.systemFailed,
  StatusCheckFailed_Instance: (reading) => reading.instanceFailed,
};

/** cloudwatch/group-metrics-when-enabled */
function readGroup(picture: Picture, name: string, dimensions: Dimensions): Sample | undefined {
  const group = picture.groups.find((one) => one.name === dimensions.AutoScalingGroupName);
  if (group === undefined || !group.enabledMetrics.includes(name)) return undefined;
  const inState = (...states: string[]): number =>
    group.instances.filter((instance) => states.includes(instance.lifecycleState)).length;
  switch (name) {
    case "GroupMinSize":
      return sampleOf(group.minSize);
    case "GroupMaxSize":
      return sampleOf(group.maxSize);
    case "GroupDesiredCapacity":
      return sampleOf(group.desiredCapacity);
    case "GroupInServiceInstances":
      return sampleOf(inState("InService"));
    case "GroupPendingInstances":
      return sampleOf(inState("Pending", "Pending:Wait", "Pending:Proceed"));
    case "GroupStandbyInstances":
      return sampleOf(inState("Standby", "EnteringStandby"));
    case "GroupTerminatingInstances":
      return sampleOf(inState("Terminating", "Terminating:Wait", "Terminating:Proceed"));
    case "GroupTotalInstances":
      return sampleOf(group.instances.length);
    default:
      return undefined;
  }
}

const BALANCER_METRICS = [
  "RequestCount",
  "HTTPCode_ELB_5XX_Count",
  "HTTPCode_Target_2XX_Count",
  "HTTPCode_Target_3XX_Count",
  "HTTPCode_Target_4XX_Count",
  "HTTPCode_Target_5XX_Count",
  "TargetResponseTime",
];
const TARGET_GROUP_METRICS = [
  ...BALANCER_METRICS,
  "RequestCountPerTarget",
  "HealthyHostCount",
  "UnHealthyHostCount",
];

/** Every metric that the picture has a value for. */
export function metricsIn(picture: Picture): MetricName[] {
  const elb = picture.balancers.flatMap((balancer) => {
    const own = { Name: "LoadBalancer", Value: balancer.dimension };
    const ofGroups = balancer.targetGroups.flatMap((group) =>
      named("AWS/ApplicationELB", TARGET_GROUP_METRICS, [
        own,
        { Name: "TargetGroup", Value: group.dimension },
      ]),
    );
    return [...named("AWS/ApplicationELB", BALANCER_METRICS, [own]), ...ofGroups];
  });
  const groups = picture.groups.flatMap((group) => {
    const dimensions = [{ Name: "AutoScalingGroupName", Value: group.name }];
    return [
      ...named("AWS/AutoScaling", group.enabledMetrics, dimensions),
      ...named("AWS/EC2", Object.keys(EC2_METRICS), dimensions),
    ];
  });
  const instances = [...picture.instances.keys()].flatMap((id) =>
    named("AWS/EC2", Object.keys(EC2_METRICS), [{ Name: "InstanceId", Value: id }]),
  );
  return [...elb, ...groups, ...instances].filter((metric) => readPicture(picture, metric) !== undefined);
}

/** Those that tell the load of a group, and how much of it each instance has. */
export function loadMetricsIn(picture: Picture): MetricName[] {
  const groups = picture.groups.flatMap(({ name, enabledMetrics }) => {
    const dimensions = [{ Name: "AutoScalingGroupName", Value: name }];
    return [
      ...named("AWS/EC2", ["CPUUtilization", "NetworkIn", "NetworkOut"], dimensions),
      ...named("AWS/AutoScaling", enabledMetrics, dimensions),
    ];
  });
  const targetGroups = picture.balancers.flatMap(({ dimension, targetGroups: behind }) =>
    behind.flatMap((group) =>
      named(
        "AWS/ApplicationELB",
        ["RequestCount", "RequestCountPerTarget"],
        [
          { Name: "LoadBalancer", Value: dimension },
          { Name: "TargetGroup", Value: group.dimension },
        ],
      ),
    ),
  );
  return [...groups, ...targetGroups];
}

function named(
  namespace: string,
  names: readonly string[],
  dimensions: MetricName["dimensions"],
): MetricName[] {
  return names.map((metricName) => ({ namespace, metricName, dimensions }));
}

/** The unit in which AWS reports a metric of its own. */
export function unitOf(metricName: string): "Count" | "Seconds" | "Percent" | "Bytes" | "None" {
  if (metricName === "CPUUtilization") return "Percent";
  if (metricName === "TargetResponseTime") return "Seconds";
  if (metricName === "NetworkIn" || metricName === "NetworkOut") return "Bytes";
  return metricName.startsWith("Group") ? "None" : "Count";
}
