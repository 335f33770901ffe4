/** EC2's side of the instances and the groups' recent activities: what health needs, and no plan depends on. */
import { CloudError } from "../model/errors.ts";
import type { Cloud } from "../ports.ts";
import { portions } from "./core/batches.ts";
import type { Observation } from "./core/resource.ts";
import type { AutoScalingGroupDetail } from "./kinds/auto-scaling-group.ts";
import type { Item } from "./kinds/kind.ts";
import type { TargetGroupDetail } from "./kinds/target-group.ts";

type Activity = Item<"autoscaling:DescribeScalingActivities", "Activities">;
type AutoScalingGroup = Item<"autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups">;
type Instance = NonNullable<Item<"ec2:DescribeInstances", "Reservations">["Instances"]>[number];
type InstanceStatus = Item<"ec2:DescribeInstanceStatus", "InstanceStatuses">;

/** EC2 takes at most this many values in one filter. */
const IDS_PER_CALL = 200;
const ACTIVITIES_PER_GROUP = 20;

interface MachineFact {
  readonly state: string;
  readonly systemStatus: string;
  readonly instanceStatus: string;
  readonly launchedAtMs?: number;
}

export interface Machines {
  /** Undefined when EC2 could not be read. */
  readonly machines: ReadonlyMap<string, MachineFact> | undefined;
  /** Group name → activities, newest first; a group whose activities were not read is missing. */
  readonly activities: ReadonlyMap<string, readonly Activity[]>;
}

export async function observeInstances(
  cloud: Cloud,
  observation: Observation,
  signal: AbortSignal,
): Promise<Machines> {
  const groups = observation.resources
    .filter((resource) => resource.kind === "autoScalingGroup" && resource.owned)
    .map((resource) => (resource.detail as AutoScalingGroupDetail).group);
  const failing = failingTargets(observation);
  const isUnsettled = (group: AutoScalingGroup) =>
    !serves(group) || (group.Instances ?? []).some(({ InstanceId = "" }) => failing.has(InstanceId));
  const unsettled = groups.filter(isUnsettled);
  const settled = groups.filter((group) => !unsettled.includes(group));
  const [machines, activities] = await Promise.all([
    orUndefined(readMachines(cloud, settled, unsettled, signal)),
    readActivities(cloud, unsettled, signal),
  ]);
  return { machines, activities };
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CloudError) return undefined;
    throw error;
  }
}

/**
 * A settled group's instances are there, and their status says it all. Otherwise by filter first, because a list of
 * ids fails whole when one of them is not visible yet, or no more; that also tells when each was launched.
 */
async function readMachines(
  cloud: Cloud,
  settled: readonly AutoScalingGroup[],
  unsettled: readonly AutoScalingGroup[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, MachineFact>> {
  const machines = new Map<string, MachineFact>();
  const idsOf = (list: readonly AutoScalingGroup[]) =>
    list.flatMap((group) => (group.Instances ?? []).map((instance) => instance.InstanceId ?? ""));
  for (const ids of portions(idsOf(settled), IDS_PER_CALL)) {
    for (const status of await readStatuses(cloud, ids, signal))
      machines.set(status.InstanceId ?? "", machineOf(status));
  }
  for (const Values of portions(idsOf(unsettled), IDS_PER_CALL)) {
    const answer = await cloud.call(
      "ec2:DescribeInstances",
      { Filters: [{ Name: "instance-id", Values }] },
      signal,
    );
    const found = (answer.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
    const visible = found.map((instance) => instance.InstanceId ?? "");
    const statuses = visible.length === 0 ? [] : await readStatuses(cloud, visible, signal);
    for (const instance of found) {
      const status = statuses.find((candidate) => candidate.InstanceId === instance.InstanceId);
      machines.set(instance.InstanceId ?? "", machineOf(status, instance));
    }
  }
  return machines;
}

async function readStatuses(
  cloud: Cloud,
  InstanceIds: string[],
  signal: AbortSignal,
): Promise<InstanceStatus[]> {
  const input = { InstanceIds, IncludeAllInstances: true };
  const answer = await cloud.call("ec2:DescribeInstanceStatus", input, signal);
  return answer.InstanceStatuses ?? [];
}

function machineOf(status: InstanceStatus | undefined, instance?: Instance): MachineFact {
  return {
    state: instance?.State?.Name ?? status?.InstanceState?.Name ?? "unknown",
    systemStatus: status?.SystemStatus?.Status ?? "insufficient-data",
    instanceStatus: status?.InstanceStatus?.Status ?? "insufficient-data",
    ...(instance?.LaunchTime === undefined ? {} : { launchedAtMs: instance.LaunchTime.getTime() }),
  };
}

/** The group may call an instance healthy that the load balancer has given up: its grace period hides it. */
function failingTargets({ resources }: Observation): ReadonlySet<string> {
  const targets = resources
    .filter((resource) => resource.kind === "targetGroup" && resource.owned)
    .flatMap((resource) => (resource.detail as TargetGroupDetail).targets);
  return new Set(targets.filter((target) => target.state !== "healthy").map((target) => target.instanceId));
}

/** Why a group is not as large and as healthy as it should be stands nowhere but in its activities. */
function serves(group: AutoScalingGroup): boolean {
  const instances = group.Instances ?? [];
  const serving = instances.filter(
    (instance) => instance.LifecycleState === "InService" && instance.HealthStatus === "Healthy",
  );
  return serving.length === instances.length && serving.length >= (group.DesiredCapacity ?? 0);
}

async function readActivities(
  cloud: Cloud,
  groups: readonly AutoScalingGroup[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Activity[]>> {
  const answers = groups.map(async (group) => {
    const AutoScalingGroupName = group.AutoScalingGroupName ?? "";
    const input = { AutoScalingGroupName, MaxRecords: ACTIVITIES_PER_GROUP };
    const answer = await orUndefined(cloud.call("autoscaling:DescribeScalingActivities", input, signal));
    return [AutoScalingGroupName, answer?.Activities] as const;
  });
  const all = await Promise.all(answers);
  return new Map(all.flatMap(([name, list]) => (list === undefined ? [] : [[name, list] as const])));
}
