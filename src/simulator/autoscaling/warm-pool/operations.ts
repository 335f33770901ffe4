/** Warm pools: put, described, deleted. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../account/aws-error.ts";
import { pageOf } from "../../account/paging.ts";
import { pageSize } from "../activities.ts";
import { shownMember, shownPool } from "../group-output.ts";
import { skipHooks, terminate } from "../instance-lifecycle.ts";
import { refuseWhileRefreshing } from "../refresh-operations.ts";
import {
  anyGroupNamed,
  type Group,
  groupNamed,
  invalid,
  isLeaving,
  isOfPool,
  poolMembers,
  type State,
  type WarmPool,
} from "../state.ts";

export function warmPoolOperations(state: State) {
  return {
    PutWarmPool(input: asg.PutWarmPoolType): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      // autoscaling/one-refresh
      refuseWhileRefreshing(group);
      if (group.warmPool?.deleting === true) {
        throw invalid(`The warm pool of Auto Scaling group ${group.name} is pending delete.`);
      }
      group.warmPool = poolAfter(group.warmPool, input);
      // A changed pool is tried again at once.
      group.retryAtMs = 0;
      state.touch(group);
      return {};
    },
    DescribeWarmPool(input: asg.DescribeWarmPoolType): asg.DescribeWarmPoolAnswer {
      const group = anyGroupNamed(state, input.AutoScalingGroupName);
      const page = pageOf(
        [...group.warm.values(), ...[...group.retained.values()].filter(isOfPool)],
        (member) => member.instanceId,
        { token: input.NextToken, size: pageSize(input.MaxRecords, 50) },
        "InvalidNextToken",
      );
      return {
        WarmPoolConfiguration: group.warmPool && shownPool(group.warmPool),
        Instances: page.items.map(shownMember),
        NextToken: page.next,
      };
    },
    // autoscaling/delete-pool
    DeleteWarmPool(input: asg.DeleteWarmPoolType): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const pool = group.warmPool;
      if (pool === undefined) throw invalid(`No warm pool found for Auto Scaling group ${group.name}`);
      if (input.ForceDelete !== true) refuseWhileHeld(group);
      pool.deleting = true;
      emptyPool(
        state,
        group,
        "instance was taken out of service in response to a user request to delete the warm pool",
      );
      state.touch(group);
      return {};
    },
  };
}

/** What is not given stays; -1 takes the prepared capacity away. autoscaling/pool-update */
function poolAfter(before: WarmPool | undefined, input: asg.PutWarmPoolType): WarmPool {
  const prepared = input.MaxGroupPreparedCapacity ?? before?.preparedCapacity;
  return {
    minSize: input.MinSize ?? before?.minSize ?? 0,
    preparedCapacity: prepared === -1 ? undefined : prepared,
    poolState: input.PoolState ?? before?.poolState ?? "Stopped",
    reuse: input.InstanceReusePolicy ?? before?.reuse,
    deleting: false,
  };
}

/** @throws AwsError when only force would empty it */
function refuseWhileHeld(group: Group): void {
  if (group.warm.size === 0) return;
  throw poolMembers(group).length === 0
    ? new AwsError(
        "ScalingActivityInProgress",
        "You cannot delete a warm pool while there are scaling activities in progress for that pool.",
      )
    : new AwsError(
        "ResourceInUse",
        "You cannot delete a warm pool while there are instances still in the pool.",
      );
}

/** Everything in it goes, and waits for no hook. */
function emptyPool(state: State, group: Group, why: string): void {
  for (const member of [...group.warm.values()]) {
    if (isLeaving(member)) skipHooks(state, group, member);
    else terminate(state, group, member, why);
  }
}
