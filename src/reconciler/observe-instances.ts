/** EC2's side of the instances and the groups' recent activities: what health needs, and no plan depends on. */
import { answerText, CloudError } from "../model/errors.ts";
import type { Input, Output, ReadingCloud, ReadOperation } from "../ports.ts";
import { batches } from "./core/batches.ts";
import { unitsOf } from "./core/fleet/units.ts";
import type { Observation } from "./core/observation.ts";
import type { Fleet } from "./core/resource.ts";
import type { DerivedAlarm } from "./kinds/auto-scaling-group/capacity/scaling-facts.ts";
import type { Item } from "./kinds/kind.ts";

type Instance = NonNullable<Item<"ec2:DescribeInstances", "Reservations">["Instances"]>[number];
type InstanceStatus = Item<"ec2:DescribeInstanceStatus", "InstanceStatuses">;

/** EC2 takes at most this many values in one filter. */
const IDS_PER_CALL = 200;
const ACTIVITIES_PER_GROUP = 20;
const ALARMS_PER_CALL = 100;

/** An instance as EC2 sees it, in EC2's words. */
interface Ec2State {
  readonly state: string;
  readonly systemStatus: string;
  readonly instanceStatus: string;
  readonly launchedAtMs?: number;
}

/** What a group says that it did, or could not do. */
interface ScalingActivity {
  readonly timeMs: number;
  readonly status: string;
  readonly description: string;
  readonly cause: string;
  readonly message?: string;
}

/** A part of it that AWS did not answer. */
interface Unanswered {
  readonly of: "instance" | "activity" | "alarm";
  readonly reason: string;
}

export interface InstanceObservation {
  /** Instance id → EC2's side of it; one that EC2 has not answered of is missing. */
  readonly ec2: ReadonlyMap<string, Ec2State>;
  /** Group name → activities, newest first; a group whose activities were not read is missing. */
  readonly activities: ReadonlyMap<string, readonly ScalingActivity[]>;
  /** Name → state of the alarms that AWS keeps for the policies of a group that has grown. */
  readonly alarms: ReadonlyMap<string, DerivedAlarm>;
  readonly unanswered: readonly Unanswered[];
}

interface NamedFleet extends Fleet {
  readonly name: string;
}

export async function observeInstances(
  cloud: ReadingCloud,
  observation: Observation,
  signal: AbortSignal,
): Promise<InstanceObservation> {
  // Of a group that could not be read whole, its list has named the instances.
  const glimpses = observation.unreadable.flatMap(({ glimpse }) => glimpse ?? []);
  const fleets = [...observation.resources.filter(({ owned }) => owned), ...glimpses].flatMap(
    ({ name, fleet }) => (fleet === undefined ? [] : [{ ...fleet, name }]),
  );
  const failing = failingTargets(observation);
  const isUnsettled = (fleet: Fleet) =>
    !serves(fleet) || fleet.instances.some(({ instanceId }) => failing.has(instanceId));
  const unsettled = fleets.filter(isUnsettled);
  const settled = fleets.filter((fleet) => !unsettled.includes(fleet));
  const asking = asker(cloud, signal);
  const [ec2, alarms] = await Promise.all([
    readInstances(asking, settled, unsettled),
    readAlarms(asking, alarmsOfGrown(observation)),
  ]);
  // What asks for more says with its activities what it has come to so far.
  const isAsking = [...alarms.values()].some(({ state }) => state === "ALARM");
  const told = isAsking ? fleets.filter((one) => unsettled.includes(one) || hasGrown(one)) : unsettled;
  const activities = await readActivities(asking, told);
  return { ec2, activities, alarms, unanswered: asking.unanswered };
}

/** Every target answers, and every group has what it is to have, in service: nothing of it needs a second word. */
export function isAllWell(observation: Observation): boolean {
  const owned = observation.resources.filter((resource) => resource.owned);
  return (
    failingTargets(observation).size === 0 && owned.every(({ fleet }) => fleet === undefined || serves(fleet))
  );
}

function hasGrown({ desiredCapacity, minSize }: Fleet): boolean {
  return desiredCapacity > minSize;
}

/** A group that is as small as it may be is asked for no more. */
function alarmsOfGrown({ resources }: Observation): string[] {
  const grown = new Set(
    resources
      .filter(({ owned, fleet }) => owned && fleet !== undefined && hasGrown(fleet))
      .map(({ id }) => id),
  );
  return resources.flatMap(({ owned, parent, derived = [] }) =>
    owned && parent !== undefined && grown.has(parent) ? derived : [],
  );
}

async function readAlarms(asking: Asking, names: readonly string[]): Promise<InstanceObservation["alarms"]> {
  const states = new Map<string, DerivedAlarm>();
  for (const AlarmNames of batches(names, ALARMS_PER_CALL)) {
    const answer = await asking.ask("alarm", "cloudwatch:DescribeAlarms", {
      AlarmNames,
      MaxRecords: ALARMS_PER_CALL,
    });
    for (const { AlarmName = "", StateValue, StateTransitionedTimestamp: since } of answer?.MetricAlarms ??
      [])
      states.set(AlarmName, {
        state: StateValue ?? "INSUFFICIENT_DATA",
        ...(since === undefined ? {} : { sinceMs: since.getTime() }),
      });
  }
  return states;
}

/** Asks AWS, and notes what it does not answer: one call that fails leaves what the others say. */
interface Asking {
  ask<O extends ReadOperation>(
    of: Unanswered["of"],
    operation: O,
    input: Input<O>,
  ): Promise<Output<O> | undefined>;
  readonly unanswered: Unanswered[];
}

function asker(cloud: ReadingCloud, signal: AbortSignal): Asking {
  const unanswered: Unanswered[] = [];
  return {
    unanswered,
    async ask(of, operation, input) {
      try {
        return await cloud.call(operation, input, { signal });
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        const reason = answerText(error);
        if (unanswered.every((one) => one.reason !== reason)) unanswered.push({ of, reason });
        return undefined;
      }
    },
  };
}

/**
 * A settled group's instances are there, and their status says it all. Otherwise by filter first, because a list of
 * ids fails whole when one of them is not visible yet, or no more; that also tells when each was launched.
 */
async function readInstances(
  asking: Asking,
  settled: readonly Fleet[],
  unsettled: readonly Fleet[],
): Promise<ReadonlyMap<string, Ec2State>> {
  const states = new Map<string, Ec2State>();
  const idsOf = (fleets: readonly Fleet[]) =>
    fleets.flatMap(({ instances }) => instances.map(({ instanceId }) => instanceId));
  for (const ids of batches(idsOf(settled), IDS_PER_CALL)) {
    for (const status of (await readStatuses(asking, ids)) ?? [])
      states.set(status.InstanceId ?? "", stateOf(status));
  }
  for (const Values of batches(idsOf(unsettled), IDS_PER_CALL)) {
    const answer = await asking.ask("instance", "ec2:DescribeInstances", {
      Filters: [{ Name: "instance-id", Values }],
    });
    if (answer === undefined) continue;
    const found = (answer.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
    const visible = found.map((instance) => instance.InstanceId ?? "");
    const statuses = visible.length === 0 ? [] : await readStatuses(asking, visible);
    if (statuses === undefined) continue;
    for (const instance of found) {
      const status = statuses.find((candidate) => candidate.InstanceId === instance.InstanceId);
      states.set(instance.InstanceId ?? "", stateOf(status, instance));
    }
  }
  return states;
}

async function readStatuses(asking: Asking, InstanceIds: string[]): Promise<InstanceStatus[] | undefined> {
  const input = { InstanceIds, IncludeAllInstances: true };
  const answer = await asking.ask("instance", "ec2:DescribeInstanceStatus", input);
  return answer === undefined ? undefined : (answer.InstanceStatuses ?? []);
}

function stateOf(status: InstanceStatus | undefined, instance?: Instance): Ec2State {
  return {
    state: instance?.State?.Name ?? status?.InstanceState?.Name ?? "unknown",
    systemStatus: status?.SystemStatus?.Status ?? "insufficient-data",
    instanceStatus: status?.InstanceStatus?.Status ?? "insufficient-data",
    ...(instance?.LaunchTime === undefined ? {} : { launchedAtMs: instance.LaunchTime.getTime() }),
  };
}

/** The group may call an instance healthy that the load balancer has given up: its grace period hides it. */
function failingTargets({ resources }: Observation): ReadonlySet<string> {
  const targets = resources.flatMap(({ owned, targetSet }) => (owned ? (targetSet?.targets ?? []) : []));
  return new Set(targets.filter(({ state }) => state !== "healthy").map(({ instanceId }) => instanceId));
}

/** Why a group is not as large and as healthy as it should be stands nowhere but in its activities. */
function serves(fleet: Fleet): boolean {
  const { instances, desiredCapacity } = fleet;
  const serving = instances.filter(
    ({ lifecycleState, healthStatus }) => lifecycleState === "InService" && healthStatus === "Healthy",
  );
  return serving.length === instances.length && (unitsOf(fleet, serving) ?? 0) >= desiredCapacity;
}

async function readActivities(
  asking: Asking,
  fleets: readonly NamedFleet[],
): Promise<InstanceObservation["activities"]> {
  const answers = fleets.map(async ({ name }) => {
    const input = { AutoScalingGroupName: name, MaxRecords: ACTIVITIES_PER_GROUP };
    const answer = await asking.ask("activity", "autoscaling:DescribeScalingActivities", input);
    return [name, answer?.Activities?.map(activityOf)] as const;
  });
  const all = await Promise.all(answers);
  return new Map(all.flatMap(([name, list]) => (list === undefined ? [] : [[name, list] as const])));
}

function activityOf(activity: Item<"autoscaling:DescribeScalingActivities", "Activities">): ScalingActivity {
  return {
    timeMs: activity.StartTime?.getTime() ?? 0,
    status: activity.StatusCode ?? "",
    description: activity.Description ?? "",
    cause: activity.Cause ?? "",
    ...(activity.StatusMessage === undefined ? {} : { message: activity.StatusMessage }),
  };
}
