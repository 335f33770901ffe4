/**
 * How a warm pool goes: it is told to hold nothing, and deleted once the last instance has left it; AWS refuses to delete
 * one that holds any (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteWarmPool.html). With force it goes with
 * all of them. One that holds nobody goes at once, also while the group is refreshed: AWS refuses PutWarmPool then, and
 * DeleteWarmPool not. One that holds somebody has to wait for the end of the refresh: only force would not, and that
 * drops what lifecycle hooks wait for.
 */
import { callOf } from "../../core/actions.ts";
import type { Removal } from "../../core/kind-rules.ts";
import type { Pool } from "../../core/resource.ts";
import type { Item } from "../kind.ts";

export type WarmPool = NonNullable<
  Item<"autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups">["WarmPoolConfiguration"]
>;

export function removalOfPool(AutoScalingGroupName: string, pool: Pool, isForced: boolean): Removal {
  if (pool.isDeleting) return { calls: [], isLast: false };
  if (isForced) {
    const input = { AutoScalingGroupName, ForceDelete: true };
    return { calls: [callOf("autoscaling:DeleteWarmPool", input)], isLast: false };
  }
  if (pool.size > 0 && (pool.minSize > 0 || pool.maxGroupPreparedCapacity !== 0)) {
    const input = { AutoScalingGroupName, MinSize: 0, MaxGroupPreparedCapacity: 0 };
    return { calls: [callOf("autoscaling:PutWarmPool", input)], isLast: false };
  }
  if (pool.size > 0)
    return { calls: [], isLast: false, heldUpBy: `${pool.size} instances have yet to leave its warm pool` };
  return { calls: [callOf("autoscaling:DeleteWarmPool", { AutoScalingGroupName })], isLast: true };
}

/** What is left of it after these calls; nothing once it is deleted. */
export function drained(pool: Pool, operations: readonly string[]): Pool | undefined {
  if (operations.includes("autoscaling:DeleteWarmPool")) return undefined;
  return operations.includes("autoscaling:PutWarmPool")
    ? { ...pool, size: 0, minSize: 0, maxGroupPreparedCapacity: 0 }
    : pool;
}

/** @param size instances in it, as the group tells */
export function poolOf(pool: WarmPool, size: number): Pool {
  const { MaxGroupPreparedCapacity: prepared } = pool;
  return {
    size,
    minSize: pool.MinSize ?? 0,
    ...(prepared === undefined ? {} : { maxGroupPreparedCapacity: prepared }),
    isDeleting: pool.Status !== undefined,
  };
}
