/**
 * What an Auto Scaling group does about an instance that it or the load balancer finds unhealthy,
 * and which of its settings keeps it from doing so.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
 */
import type { GroupFact, InstanceFact, TargetFact } from "../model/health.ts";

/** Replacements for health within this time are looked at together. */
const THRASH_WINDOW_MS = 30 * 60_000;
const THRASH_REPLACEMENTS = 3;

/** AWS's words in the cause of an activity that takes an instance away for its health. */
const TAKEN_FOR_HEALTH = /out of service in response to .*(health|status)[- ]check/i;

/** Keys of the target groups that its instances are registered in. */
export function filledBy({ targetGroups, otherTargetGroups = [] }: GroupFact): string[] {
  return [...targetGroups, ...otherTargetGroups];
}

/** The target states in which the load balancer's checks have failed. */
export function isUnhealthy(target: TargetFact): boolean {
  return target.state === "unhealthy" || target.state === "unhealthy.draining";
}

/** Whether the group takes the load balancer's verdict into account; its type is one word or a list. */
export function heedsLoadBalancer(group: GroupFact): boolean {
  return group.healthCheckType.split(",").some((type) => type.trim() === "ELB");
}

/** The checks that it looks at, and the load balancer's with them. */
export function withLoadBalancer(group: GroupFact): string {
  return group.healthCheckType.split(",").some((type) => type.trim() === "EBS") ? "EBS,ELB" : "ELB";
}

/** Why the group does not take note of a failing target; `undefined` when it does. */
export function obstacleToDetection(group: GroupFact): string | undefined {
  if (!heedsLoadBalancer(group)) {
    return `health check type is ${group.healthCheckType} (spec.${group.key}.healthCheckType)`;
  }
  return suspended(group, "HealthCheck");
}

/** Why the group does not terminate an instance that it has marked unhealthy; `undefined` when it does. */
export function obstacleToTermination(group: GroupFact): string | undefined {
  return suspended(group, "ReplaceUnhealthy") ?? suspended(group, "Terminate");
}

/** Why no new instance comes; `undefined` when one does. */
export function obstacleToLaunch(group: GroupFact): string | undefined {
  return suspended(group, "Launch");
}

function suspended(group: GroupFact, process: string): string | undefined {
  if (!group.suspendedProcesses.includes(process)) return undefined;
  return `process ${process} of ${group.name} is suspended`;
}

/**
 * The earliest end of the grace period, in ms: AWS counts from when the instance came into service, which is
 * not before its launch. `undefined` when the launch time is unknown.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html
 */
export function graceEndMs(instance: InstanceFact, group: GroupFact): number | undefined {
  if (instance.launchedAtMs === undefined) return undefined;
  return instance.launchedAtMs + group.healthCheckGracePeriodSeconds * 1000;
}

/** When the group last took instances away for their health, newest first, in ms; no older than half an hour. */
export function recentReplacementsMs(group: GroupFact, nowMs: number): number[] {
  return replacementsSinceMs(group, nowMs - THRASH_WINDOW_MS);
}

/** When the group has taken instances away for their health since then, newest first, in ms. */
export function replacementsSinceMs({ activities = [] }: GroupFact, sinceMs: number): number[] {
  return activities
    .filter((activity) => TAKEN_FOR_HEALTH.test(activity.cause))
    .map((activity) => activity.timeMs)
    .filter((timeMs) => timeMs >= sinceMs)
    .sort((a, b) => b - a);
}

/** Instance after instance is replaced and none becomes healthy. */
export function isThrashing(group: GroupFact, nowMs: number): boolean {
  return recentReplacementsMs(group, nowMs).length >= THRASH_REPLACEMENTS;
}
