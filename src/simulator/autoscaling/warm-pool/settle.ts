/** A warm pool's own loop: as many instances as it is to have, and healthy ones. */
import { causeAt } from "../activities.ts";
import { terminate } from "../instance-lifecycle.ts";
import { nextToTerminate } from "../scale-in.ts";
import {
  activeRefresh,
  type Group,
  IMPAIRED_TOLERANCE_MS,
  isAtRest,
  isSuspended,
  type Member,
  poolMembers,
  type State,
} from "../state.ts";
import { launchIntoPool } from "./lifecycle.ts";

const GONE =
  "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped";
const IMPAIRED = "an instance was taken out of service in response to an EC2 instance status checks failure";

/** How many instances the pool is to have. autoscaling/pool-size */
export function poolTarget(group: Group): number {
  const pool = group.warmPool;
  if (pool === undefined || pool.deleting) return 0;
  const prepared = pool.preparedCapacity ?? group.maxSize;
  return Math.max(pool.minSize, prepared - group.desired, 0);
}

/** One look at the pool, if there is one. */
export function settlePool(state: State, group: Group): void {
  const pool = group.warmPool;
  if (pool === undefined) return;
  if (pool.deleting && group.warm.size === 0) {
    group.warmPool = undefined;
    return;
  }
  replaceSick(state, group);
  const live = poolMembers(group).length;
  const target = poolTarget(group);
  if (live < target) growPool(state, group, live, target);
  else if (live > target) shrinkPool(state, group, live, target);
}

function growPool(state: State, group: Group, live: number, target: number): void {
  // autoscaling/suspended-launch
  if (isSuspended(group, "Launch") || group.retryAtMs > state.context.clock.nowMs()) return;
  const cause = causeAt(
    state,
    `an instance was started in response to a difference between desired and actual warm pool capacity, increasing the warm pool capacity from ${live} to ${target}`,
  );
  for (let missing = target - live; missing > 0; missing -= 1) {
    if (!launchIntoPool(state, group, cause)) return;
  }
}

function shrinkPool(state: State, group: Group, live: number, target: number): void {
  // autoscaling/suspended-terminate
  if (isSuspended(group, "Terminate")) return;
  const { clock, rng } = state.context;
  for (let surplus = live - target; surplus > 0; surplus -= 1) {
    const member = nextToTerminate(group, poolMembers(group), clock.nowMs(), () => rng.next());
    if (member === undefined) return;
    terminate(
      state,
      group,
      member,
      `instance ${member.instanceId} was selected for termination in response to a difference between desired and actual warm pool capacity, shrinking the warm pool capacity from ${live} to ${target}`,
    );
  }
}

/** Whether scale-in returns an instance to the pool. autoscaling/pool-reuse */
export function mayReturn(group: Group): boolean {
  const pool = group.warmPool;
  if (pool === undefined || pool.deleting || pool.reuse?.ReuseOnScaleIn !== true) return false;
  if (group.rebalancing !== undefined || activeRefresh(group) !== undefined) return false;
  return poolMembers(group).length < poolTarget(group);
}

/** Without a grace period, but only once it is at rest. autoscaling/pool-health */
export function checkPoolHealth(state: State, group: Group): void {
  if (isSuspended(group, "HealthCheck")) return;
  const nowMs = state.context.clock.nowMs();
  for (const member of group.warm.values()) {
    if (!isAtRest(member) || member.unhealthy !== undefined) continue;
    const cause = sicknessOf(state, member, nowMs);
    if (cause !== undefined) member.unhealthy = { cause, immediate: true };
  }
}

function sicknessOf(state: State, member: Member, nowMs: number): string | undefined {
  const instance = state.parts.ec2.instance(member.instanceId);
  const isGone =
    instance === undefined || instance.state === "terminated" || instance.state === "shutting-down";
  if (isGone) return GONE;
  // Of stopped ones only their volumes are looked at, and volumes do not fail here.
  if (member.lifecycle !== "Warmed:Running") return undefined;
  if (instance.state !== "running") return GONE;
  const isImpaired = instance.systemStatus === "impaired" || instance.instanceStatus === "impaired";
  if (!isImpaired) member.impairedSinceMs = undefined;
  else member.impairedSinceMs ??= nowMs;
  return nowMs - (member.impairedSinceMs ?? nowMs) >= IMPAIRED_TOLERANCE_MS ? IMPAIRED : undefined;
}

function replaceSick(state: State, group: Group): void {
  if (isSuspended(group, "ReplaceUnhealthy") || isSuspended(group, "Terminate")) return;
  for (const member of poolMembers(group)) {
    if (member.unhealthy !== undefined && isAtRest(member)) {
      terminate(state, group, member, member.unhealthy.cause);
    }
  }
}
