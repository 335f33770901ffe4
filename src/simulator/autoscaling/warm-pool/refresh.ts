/** What an instance refresh does to a warm pool, after the instances in service. autoscaling/pool-refresh */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { terminate } from "../instance-lifecycle.ts";
import {
  type Group,
  isAtRest,
  isSuspended,
  type Member,
  poolMembers,
  type Refresh,
  type State,
} from "../state.ts";
import { poolTarget } from "./settle.ts";

const REPLACE = "an instance was taken out of service in response to an instance refresh";

/** Remembers which instances of the pool are to go. */
export function beginPoolRefresh(group: Group, refresh: Refresh, isOld: (member: Member) => boolean): void {
  if (group.warmPool === undefined) return;
  const ids = poolMembers(group)
    .filter(isOld)
    .map((member) => member.instanceId);
  refresh.pool = { old: new Set(ids), total: ids.length, left: ids.length };
}

function oldOnes(group: Group, refresh: Refresh): Member[] {
  return poolMembers(group).filter((member) => refresh.pool?.old.has(member.instanceId) === true);
}

/** Replaces what is left to replace, within the bounds of the refresh. @returns whether nothing is left */
export function stepPoolRefresh(state: State, group: Group, refresh: Refresh): boolean {
  if (group.warmPool === undefined || refresh.pool === undefined) return true;
  const live = poolMembers(group);
  const old = oldOnes(group, refresh);
  const target = poolTarget(group);
  const rested = live.filter(isAtRest).length;
  const isSettled = live.length >= target && rested === live.length;
  const left = old.length + Math.max(0, target - rested);
  if (left !== refresh.pool.left) refresh.progressAtMs = state.context.clock.nowMs();
  refresh.pool.left = left;
  if (old.length === 0) return isSettled;
  if (isSuspended(group, "Terminate") || isSuspended(group, "Launch")) return false;
  const least = Math.ceil((target * refresh.minHealthy) / 100);
  const batch = Math.max(0, rested - least, isSettled ? 1 : 0);
  for (const member of old.slice(0, batch)) terminate(state, group, member, REPLACE);
  return false;
}

/** For a reader, of a group with a pool: how far both have come. */
export function progressDetails(
  group: Group,
  refresh: Refresh,
  live: { percentage: number; left: number },
): asg.InstanceRefreshProgressDetails | undefined {
  if (refresh.pool === undefined) return undefined;
  const { total } = refresh.pool;
  const isOver = refresh.endedAtMs !== undefined && refresh.percentage === 100;
  const left = isOver ? 0 : oldOnes(group, refresh).length;
  return {
    LivePoolProgress: { PercentageComplete: live.percentage, InstancesToUpdate: live.left },
    WarmPoolProgress: {
      PercentageComplete: total === 0 ? 100 : Math.floor(((total - left) * 100) / total),
      InstancesToUpdate: left,
    },
  };
}
