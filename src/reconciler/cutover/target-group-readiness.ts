/**
 * Who has yet to prove itself. A target group that is to get traffic is tried first: the successor of one that AWS
 * cannot change in place, and a new one alike. Until it has enough healthy targets, whoever serves goes on serving:
 * see way.ts.
 */
import type { Value } from "../../model/value.ts";
import { referencesIn } from "../core/references.ts";
import type { DesiredResource, Fields, Observation, ObservedResource } from "../core/resource.ts";

/** What is known of the targets of a target group. */
interface TargetDetail {
  readonly targets: readonly { readonly instanceId?: string; readonly state: string }[];
}

/** What is known of the instances of an Auto Scaling group. */
interface GroupDetail {
  readonly group: {
    readonly DesiredCapacity?: number;
    readonly Instances?: readonly { readonly InstanceId?: string }[];
  };
}

export interface Succession {
  readonly key: string;
  readonly predecessors: readonly ObservedResource[];
  /** Undefined until AWS has made it. */
  readonly successor: ObservedResource | undefined;
  /** Whether the successor serves at least as well as the predecessors do. */
  readonly isProven: boolean;
}

/** The target groups that are being replaced. */
export function successionsOf(
  desired: readonly DesiredResource[],
  current: ReadonlyMap<string, ObservedResource>,
  orphans: readonly ObservedResource[],
): Succession[] {
  return desired
    .filter((resource) => resource.kind === "targetGroup")
    .flatMap((resource) => {
      const predecessors = orphans.filter(
        (orphan) => orphan.kind === "targetGroup" && orphan.key === resource.key,
      );
      if (predecessors.length === 0) return [];
      const successor = current.get(resource.key);
      return [{ key: resource.key, predecessors, successor, isProven: isProven(successor, predecessors) }];
    });
}

function isProven(
  successor: ObservedResource | undefined,
  predecessors: readonly ObservedResource[],
): boolean {
  if (successor === undefined) return false;
  if (predecessors.every((predecessor) => targetsOf(predecessor).length === 0)) return true;
  const healthyBefore = Math.max(...predecessors.map(healthyTargets));
  return healthyTargets(successor) >= Math.max(1, healthyBefore);
}

function targetsOf(targetGroup: ObservedResource): TargetDetail["targets"] {
  return (targetGroup.detail as TargetDetail).targets;
}

function healthyTargets(targetGroup: ObservedResource): number {
  return targetsOf(targetGroup).filter((target) => target.state === "healthy").length;
}

/** The field in which a kind says where traffic goes. */
export const ACTION_OF: Readonly<Record<string, string>> = { listener: "defaultAction", rule: "action" };

/** Whether the load balancer has come to a first verdict on the targets. */
export function isChecked(targetGroup: ObservedResource): boolean {
  const states = targetsOf(targetGroup).map(({ state }) => state);
  return states.some((state) => ["healthy", "unhealthy"].includes(state)) && !states.includes("initial");
}

/** Whether it is a target group with a healthy target. */
export function isServing(resource: ObservedResource): boolean {
  return resource.kind === "targetGroup" && healthyTargets(resource) > 0;
}

/** What is wanted, beside what is there and what was last applied. */
export interface Scene {
  readonly desired: readonly DesiredResource[];
  readonly current: ReadonlyMap<string, ObservedResource>;
  readonly observation: Observation;
  readonly successions: readonly Succession[];
  /** Address → fields last applied. */
  readonly applied: ReadonlyMap<string, Fields>;
}

/** A wanted target group that has fewer healthy targets than it needs to take traffic. */
export interface Trial {
  readonly key: string;
  /** Its ARN. */
  readonly id: string;
  /** So many healthy targets end it. */
  readonly needed: number;
  readonly hasHealthyTarget: boolean;
  readonly predecessors: readonly ObservedResource[];
}

/** Why traffic has not moved, or what has served it not gone; the same words as long as it is so. */
export function notEnoughHealthyTargets(key: string): string {
  return `the new target group of ${key} has not enough healthy targets yet`;
}

/** The target groups that are there and must not be sent any traffic that somebody else serves. */
export function trialsOf(scene: Scene): Trial[] {
  return scene.desired.flatMap((resource) => {
    const targetGroup = resource.kind === "targetGroup" ? scene.current.get(resource.key) : undefined;
    if (targetGroup === undefined) return [];
    const { key } = resource;
    const succession = scene.successions.find((candidate) => candidate.key === key);
    const predecessors = succession?.predecessors ?? [];
    const neededByFillers = neededByGroups(scene, key, targetGroup.id);
    const needed =
      succession === undefined ? neededByFillers : Math.max(1, ...predecessors.map(healthyTargets));
    const isOver = succession?.isProven ?? healthyTargets(targetGroup) >= needed;
    if (isOver || neededByFillers === 0) return [];
    const hasHealthyTarget = healthyTargets(targetGroup) > 0;
    return [{ key, id: targetGroup.id, needed, hasHealthyTarget, predecessors }];
  });
}

/**
 * As many healthy targets as the groups that fill it have at least, and one. None where no group is going to fill it:
 * nothing waits for what nobody brings about.
 */
function neededByGroups(scene: Scene, key: string, id: string): number {
  const groups = scene.desired.filter(
    (group) =>
      group.kind === "autoScalingGroup" &&
      keysIn(group.fields.targetGroups).includes(key) &&
      hasCapacity(scene, group),
  );
  if (groups.length === 0) return 0;
  const least = groups.map((group) =>
    Math.min(minSizeOf(group), healthyElsewhere(scene, scene.current.get(group.key), id)),
  );
  return Math.max(
    1,
    least.reduce((total, one) => total + one, 0),
  );
}

function minSizeOf(group: DesiredResource): number {
  return Number(group.fields.minSize ?? 0);
}

/** What could not be read is not empty. */
function hasCapacity({ current, observation }: Scene, group: DesiredResource): boolean {
  if (minSizeOf(group) > 0) return true;
  const now = current.get(group.key);
  if (now !== undefined) return ((now.detail as GroupDetail).group.DesiredCapacity ?? 0) > 0;
  const { unknownKinds, unreadable } = observation;
  const isUnread =
    unknownKinds.has(group.kind) || [...unreadable.values()].some(({ kind }) => kind === group.kind);
  return isUnread || Number(group.initial?.desiredCapacity ?? 0) > 0;
}

/**
 * The instances of a group that are healthy in another target group. One that is healthy nowhere is not the new target
 * group's fault, and while the group looks at EC2's checks only, nobody replaces it.
 */
function healthyElsewhere(
  { observation }: Scene,
  group: ObservedResource | undefined,
  targetGroupId: string,
): number {
  const others = observation.resources.filter(
    ({ kind, id }) => kind === "targetGroup" && id !== targetGroupId && group?.refersTo.includes(id) === true,
  );
  if (group === undefined || others.length === 0) return Number.POSITIVE_INFINITY;
  const healthy = new Set(
    others
      .flatMap(targetsOf)
      .filter(({ state }) => state === "healthy")
      .map(({ instanceId }) => instanceId),
  );
  const instances = (group.detail as GroupDetail).group.Instances ?? [];
  return instances.filter(({ InstanceId }) => healthy.has(InstanceId)).length;
}

/** Addresses that a value refers to. */
export function keysIn(value: Value | undefined): string[] {
  return referencesIn(value ?? null).map(({ key }) => key);
}
