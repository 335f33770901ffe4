/** What Auto Scaling remembers: groups, their instances, policies, refreshes and activities. All times in milliseconds. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import type { Quotas } from "../account/quotas.ts";
import type { Market, Parts, Tag } from "../services.ts";
import type { LaunchSource, MixedPolicy, TemplateChoice } from "./launch-source.ts";

/** What an instance was launched from. */
interface LaunchedFrom {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

/** Where an instance comes from, and where it goes: the words of AWS's events. */
type Place = "EC2" | "AutoScalingGroup" | "WarmPool";

/** A transition at which the hooks of a group act on an instance. */
export type Transition = "autoscaling:EC2_INSTANCE_LAUNCHING" | "autoscaling:EC2_INSTANCE_TERMINATING";

export interface LifecycleHook {
  readonly name: string;
  transition: Transition;
  heartbeatSeconds: number;
  defaultResult: "CONTINUE" | "ABANDON";
  targetArn: string | undefined;
  roleArn: string | undefined;
  metadata: string | undefined;
}

/** One instance that waits for one hook. */
export interface LifecycleAction {
  readonly token: string;
  readonly hook: LifecycleHook;
  /** When it ends however many heartbeats are recorded. */
  readonly lastMs: number;
  cancelTimeout: () => void;
}

/** What the hooks stand between. */
export interface HookStep {
  readonly transition: Transition;
  /** The state before; `:Wait` and `:Proceed` are added to it. */
  readonly base: "Pending" | "Warmed:Pending" | "Terminating" | "Warmed:Terminating";
  readonly origin: Place;
  readonly destination: Place;
  /** @param abandoned why, in AWS's words; absent when every hook has let the instance go on */
  goOn(abandoned: string | undefined): void;
}

/** One instance of a group. */
export interface Member {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly market: Market;
  /** What it counts towards the capacity, where that is not one for each instance. */
  units: number | undefined;
  readonly imageId: string;
  readonly availabilityZone: string;
  /** Absent when the instance was attached and not launched by the group. */
  readonly from: LaunchedFrom | undefined;
  readonly launchedAtMs: number;
  /** Where it was before it was put where it is. */
  origin: Place;
  lifecycle: asg.LifecycleState;
  /** How the pool keeps it once EC2 has stopped it. */
  resting: asg.WarmPoolState | undefined;
  /** The hooks that it waits for, by name. */
  waiting: { readonly step: HookStep; readonly actions: Map<string, LifecycleAction> } | undefined;
  inServiceAtMs: number | undefined;
  /** EC2 recommends to replace it before it is interrupted, and the group heeds that. */
  atRisk: boolean;
  /** Why it is unhealthy: the words of the activity that will replace it. Absent while healthy. */
  unhealthy: Unhealthy | undefined;
  /** When a status check was first seen impaired. */
  impairedSinceMs: number | undefined;
  protectedFromScaleIn: boolean;
  /** Target groups that it was registered with by this group. */
  readonly registered: Set<string>;
  /** Target groups that still drain it, and what to run when each is done. */
  readonly draining: Map<string, () => void>;
  /** The launch that brings it into service, or the termination under way. */
  activity: asg.Activity | undefined;
}

interface Unhealthy {
  readonly cause: string;
  /** No longer running, or reported by the user: replaced without regard to how many are replaced already. */
  readonly immediate: boolean;
}

export interface Policy {
  readonly name: string;
  readonly arn: string;
  readonly type: "TargetTrackingScaling" | "StepScaling" | "SimpleScaling" | "PredictiveScaling";
  readonly input: asg.PutScalingPolicyType;
  /** The alarms of a target tracking policy. */
  readonly alarms: { readonly high: string; readonly low: string | undefined } | undefined;
  /** Of a predictive policy. */
  forecast?: Forecast;
}

/** By the time at which an hour begins. */
export interface Forecast {
  /** Absent while there is none. */
  updatedAtMs: number | undefined;
  readonly load: Map<number, number>;
  readonly capacity: Map<number, number>;
  /** What the group is scaled to by it. */
  held: { readonly capacity: number; readonly untilMs: number } | undefined;
  cancel: () => void;
}

export interface ScheduledAction {
  readonly name: string;
  readonly arn: string;
  readonly input: asg.PutScheduledUpdateGroupActionType;
  nextAtMs: number;
  cancel: () => void;
}

export interface Refresh {
  readonly id: string;
  status: asg.InstanceRefreshStatus;
  statusReason: string | undefined;
  readonly startedAtMs: number;
  endedAtMs: number | undefined;
  readonly preferences: asg.RefreshPreferences;
  readonly minHealthy: number;
  /** Absent: terminate and launch at the same time. */
  readonly maxHealthy: number | undefined;
  readonly warmupMs: number;
  readonly desired: asg.DesiredConfiguration | undefined;
  /** What new instances are launched from while it runs. */
  target: LaunchSource;
  /** Instances that still stand for the old configuration; absent until it has begun. */
  old: Set<string> | undefined;
  total: number;
  percentage: number;
  /** Of what is being replaced now, be it on the way or back. */
  measured: number;
  progressAtMs: number;
  /** Waiting at a checkpoint until then. */
  pausedUntilMs: number;
  checkpointsPassed: number;
  bakingUntilMs: number | undefined;
  rollback: asg.RollbackDetails | undefined;
  /** What it has to replace in the warm pool, of a group that has one. */
  pool: { readonly old: ReadonlySet<string>; readonly total: number; left: number } | undefined;
}

/** Settings of a warm pool; its instances stand beside it. */
export interface WarmPool {
  readonly minSize: number;
  readonly preparedCapacity: number | undefined;
  readonly poolState: asg.WarmPoolState;
  readonly reuse: asg.InstanceReusePolicy | undefined;
  deleting: boolean;
}

export interface Attachment {
  readonly arn: string;
  /** Some instance has passed a health check since it was attached: from then on ELB's word counts. */
  inService: boolean;
  /** Instances that drain after a detach. */
  removing: number | undefined;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  minSize: number;
  maxSize: number;
  desired: number;
  /** Instances wanted on top of `desired` for as long as a rebalancing or a refresh needs them. */
  extra: number;
  /** What is being evened out. */
  rebalancing: "zones" | "markets" | undefined;
  template: TemplateChoice;
  mixed: MixedPolicy | undefined;
  subnetIds: string[];
  vpcZoneIdentifier: string;
  defaultCooldown: number;
  healthCheckType: string;
  healthCheckGracePeriod: number;
  terminationPolicies: string[];
  protectNewInstances: boolean;
  defaultInstanceWarmup: number | undefined;
  maxInstanceLifetime: number | undefined;
  capacityRebalance: boolean | undefined;
  maintenance: asg.InstanceMaintenancePolicy | undefined;
  placementGroup: string | undefined;
  context: string | undefined;
  desiredCapacityType: string | undefined;
  deletionProtection: asg.DeletionProtection | undefined;
  zoneDistribution: asg.AvailabilityZoneDistribution | undefined;
  zoneImpairmentPolicy: asg.AvailabilityZoneImpairmentPolicy | undefined;
  capacityReservations: asg.CapacityReservationSpecification | undefined;
  lifecyclePolicy: asg.InstanceLifecyclePolicy | undefined;
  serviceLinkedRole: string;
  readonly tags: Map<string, { value: string; propagate: boolean }>;
  readonly attachments: Map<string, Attachment>;
  readonly members: Map<string, Member>;
  readonly policies: Map<string, Policy>;
  readonly scheduled: Map<string, ScheduledAction>;
  readonly suspended: Map<string, string>;
  readonly enabledMetrics: Set<string>;
  /** Newest last. */
  activities: asg.Activity[];
  refreshes: Refresh[];
  readonly hooks: Map<string, LifecycleHook>;
  /** What each topic is told, by its ARN. */
  readonly notifications: Map<string, readonly string[]>;
  warmPool: WarmPool | undefined;
  /** The instances of the warm pool; they count for nothing until they leave it. */
  readonly warm: Map<string, Member>;
  /** Kept although their termination was abandoned; they count for nothing. */
  readonly retained: Map<string, Member>;
  deleting: boolean;
  /** Why `desired` last moved; stands at the head of the causes of what follows from it. */
  changeCause: string;
  /** One sentence for each replacement still to be launched. */
  readonly launchReasons: string[];
  launchFailures: number;
  retryAtMs: number;
  readonly zoneRetryAtMs: Map<string, number>;
  /** Of the last simple scaling; starts to run when the activity has ended. */
  cooldown: { readonly seconds: number; startedAtMs: number | undefined } | undefined;
  protectedNoticed: boolean;
  converging: boolean;
  sweeping: (() => void) | undefined;
}

/** What every part of Auto Scaling works on. */
export interface State {
  readonly context: AccountContext;
  readonly parts: Parts;
  readonly quotas: Quotas;
  readonly groups: Map<string, Group>;
  /** Every instance of every group, by id. */
  readonly groupOf: Map<string, Group>;
  /** Activities of groups that are gone, newest last. */
  deletedActivities: asg.Activity[];
  /** Lets the group look at itself a little later, once, however often it is asked. */
  touch(group: Group): void;
}

/** How long Auto Scaling takes to act on a change; AWS documents no figure. */
export const REACTION_MS = 3_000;
/** AWS says "periodically" of health checks. */
export const HEALTH_SWEEP_MS = 60_000;
/** "A few minutes" that a failing status check is tolerated. autoscaling/impaired-tolerated */
export const IMPAIRED_TOLERANCE_MS = 300_000;
export const RETRY_LEAST_MS = 30_000;
export const RETRY_MOST_MS = 900_000;
/** How long a zone that refused a launch is left alone. */
export const ZONE_RETRY_MS = 300_000;
export const ACTIVITY_RETENTION_MS = 6 * 7 * 86_400_000;
export const ACTIVITIES_PER_GROUP = 1_000;
export const REFRESHES_PER_GROUP = 100;
export const REFRESH_STUCK_MS = 3_600_000;
/** autoscaling/refresh-longest */
export const REFRESH_LONGEST_MS = 14 * 86_400_000;

export const QUOTAS = {
  policies: 50,
  scheduledActions: 125,
  targetGroups: 50,
  tags: 50,
  hooks: 50,
  topics: 10,
} as const;

export const PROCESSES = [
  "Launch",
  "Terminate",
  "AddToLoadBalancer",
  "AlarmNotification",
  "AZRebalance",
  "HealthCheck",
  "InstanceRefresh",
  "ReplaceUnhealthy",
  "ScheduledActions",
] as const;

export type Process = (typeof PROCESSES)[number];

export function isSuspended(group: Group, process: Process): boolean {
  return group.suspended.has(process);
}

/** On its way into service, hooks included. */
export function isPending(member: Member): boolean {
  return member.lifecycle.startsWith("Pending");
}

/** On its way out, hooks included. */
export function isTerminating(member: Member): boolean {
  return member.lifecycle.startsWith("Terminating");
}

/** On its way out of the group or of its warm pool. */
export function isLeaving(member: Member): boolean {
  return isTerminating(member) || member.lifecycle.startsWith("Warmed:Terminating");
}

/** In a warm pool, or retained on its way out of it. */
export function isOfPool(member: Member): boolean {
  return member.lifecycle.startsWith("Warmed:");
}

/** Ready in a warm pool. */
export function isAtRest({ lifecycle }: Member): boolean {
  return (
    lifecycle === "Warmed:Stopped" || lifecycle === "Warmed:Running" || lifecycle === "Warmed:Hibernated"
  );
}

/** Instances that count towards the size of the warm pool. */
export function poolMembers(group: Group): Member[] {
  return [...group.warm.values()].filter((member) => !isLeaving(member));
}

/** Instances that count towards the capacity. */
export function liveMembers(group: Group): Member[] {
  return [...group.members.values()].filter(
    (member) => isPending(member) || member.lifecycle === "InService",
  );
}

/** Without those that are to be replaced before EC2 takes them. autoscaling/capacity-rebalance */
export function standingMembers(group: Group): Member[] {
  return liveMembers(group).filter((member) => !member.atRisk);
}

export function hasPending(group: Group): boolean {
  for (const member of group.members.values()) if (isPending(member)) return true;
  return false;
}

/** The refresh that is not over. */
export function activeRefresh(group: Group): Refresh | undefined {
  const last = group.refreshes.at(-1);
  return last !== undefined && last.endedAtMs === undefined ? last : undefined;
}

/** During a refresh the group launches what the refresh wants. autoscaling/refresh-scale-out */
export function sourceForLaunch(group: Group): LaunchSource {
  const refresh = activeRefresh(group);
  return refresh?.old === undefined ? group : refresh.target;
}

/** @param rule the documented rule that is broken, where a table has it */
export function invalid(message: string, rule?: string): AwsError {
  return new AwsError("ValidationError", message, undefined, rule);
}

/** @throws AwsError when there is none, or it is being deleted */
export function groupNamed(state: State, name: string | undefined): Group {
  const group = anyGroupNamed(state, name);
  if (group.deleting) {
    throw invalid(
      `AutoScalingGroup by this name is pending delete - The AutoScalingGroup ${name} is pending delete`,
    );
  }
  return group;
}

/** @throws AwsError when there is none */
export function anyGroupNamed(state: State, name: string | undefined): Group {
  required(name, "autoScalingGroupName");
  const group = state.groups.get(name);
  if (group === undefined) {
    throw invalid(`AutoScalingGroup name not found - AutoScalingGroup: ${name} not found`);
  }
  return group;
}

/** @throws AwsError with AWS's words for a member that must be given */
export function required<T>(value: T | undefined | null, member: string): asserts value is T {
  if (value !== undefined && value !== null && value !== "") return;
  throw invalid(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** `2026-01-01T00:00:00Z`, as activities and alarms say it. */
export function stamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Tags that an instance gets at its launch. autoscaling/tags-propagate */
export function launchTags(group: Group): Tag[] {
  const propagated = [...group.tags]
    .filter(([, tag]) => tag.propagate)
    .map(([Key, tag]) => ({ Key, Value: tag.value }));
  return [...propagated, { Key: "aws:autoscaling:groupName", Value: group.name }];
}

/** The zones of the group's subnets, each once, in the order of the subnets. */
export function zonesOf(state: State, group: Group): Map<string, string[]> {
  const zones = new Map<string, string[]>();
  for (const subnetId of group.subnetIds) {
    const zone = state.parts.ec2.subnet(subnetId)?.availabilityZone;
    if (zone !== undefined) zones.set(zone, [...(zones.get(zone) ?? []), subnetId]);
  }
  return zones;
}
