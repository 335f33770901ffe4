/** What a user may ask of the capacity and of single instances. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../account/aws-error.ts";
import { pageOf } from "../account/paging.ts";
import { beginActivity, causeAt, endActivity, pageSize } from "./activities.ts";
import { isCoolingDown, setDesired } from "./converge.ts";
import { tellScaling } from "./group-events.ts";
import { shownMember } from "./group-output.ts";
import { isGraceOver, USER_HEALTH } from "./health.ts";
import {
  addMember,
  drain,
  enterService,
  memberOf,
  removeMember,
  terminate,
  terminateRetained,
} from "./instance-lifecycle.ts";
import { capacityOf } from "./mixed/units.ts";
import {
  type Group,
  groupNamed,
  invalid,
  isOfPool,
  isSuspended,
  isTerminating,
  liveMembers,
  type Member,
  required,
  type State,
  zonesOf,
} from "./state.ts";

export function instanceOperations(state: State) {
  return {
    ...capacityOperations(state),
    ...memberOperations(state),
    ...standbyOperations(state),
  };
}

function capacityOperations(state: State) {
  return {
    SetDesiredCapacity(input: asg.SetDesiredCapacityType): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const desired = input.DesiredCapacity;
      required(desired, "desiredCapacity");
      if (desired > group.maxSize) {
        throw invalid(
          `New SetDesiredCapacity value ${desired} is above max value ${group.maxSize} for the AutoScalingGroup.`,
        );
      }
      if (desired < group.minSize) {
        throw invalid(
          `New SetDesiredCapacity value ${desired} is below min value ${group.minSize} for the AutoScalingGroup.`,
        );
      }
      if (input.HonorCooldown === true) refuseInCooldown(state, group);
      setDesired(state, group, desired, "a user request explicitly set group desired capacity");
      return {};
    },
    TerminateInstanceInAutoScalingGroup(
      input: asg.TerminateInstanceInAutoScalingGroupType,
    ): asg.ActivityType {
      required(input.InstanceId, "instanceId");
      const { group, member } = managed(state, input.InstanceId);
      if (group.warm.has(member.instanceId)) {
        throw invalid(`The instance ${member.instanceId} is in a warm pool: it cannot be terminated so.`);
      }
      // autoscaling/retained-instances
      if (group.retained.has(member.instanceId)) return { Activity: terminateRetained(state, group, member) };
      if (isTerminating(member)) {
        throw new AwsError(
          "ScalingActivityInProgress",
          `The instance ${member.instanceId} is already terminating.`,
        );
      }
      const decrement = input.ShouldDecrementDesiredCapacity === true && member.lifecycle !== "Standby";
      const before = group.desired;
      const units = capacityOf([member]);
      if (decrement && before - units < group.minSize) {
        throw invalid(
          `Currently, desiredSize equals minSize (${group.minSize}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
        );
      }
      if (decrement) group.desired -= units;
      const shrinking = decrement ? `, shrinking the capacity from ${before} to ${group.desired}` : "";
      terminate(
        state,
        group,
        member,
        `instance ${member.instanceId} was taken out of service in response to a user request${shrinking}`,
      );
      return { Activity: member.activity };
    },
  };
}

export function refuseInCooldown(state: State, group: Group): void {
  if (!isCoolingDown(state, group)) return;
  throw new AwsError("ScalingActivityInProgress", "Cooldown is in effect for the Auto Scaling group.");
}

/** @throws AwsError when no group has the instance */
function managed(state: State, instanceId: string): { group: Group; member: Member } {
  const group = state.groupOf.get(instanceId);
  const member =
    group?.members.get(instanceId) ?? group?.warm.get(instanceId) ?? group?.retained.get(instanceId);
  if (group === undefined || member === undefined) {
    throw invalid(`Instance Id not found - No managed instance found for instance ID: ${instanceId}`);
  }
  return { group, member };
}

/** @throws AwsError when one of them is not of the group */
function membersOf(group: Group, ids: readonly string[] | undefined): Member[] {
  return (ids ?? []).map((id) => {
    const member = group.members.get(id);
    if (member === undefined) {
      throw invalid(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    }
    return member;
  });
}

function memberOperations(state: State) {
  return {
    DescribeAutoScalingInstances(input: asg.DescribeAutoScalingInstancesType): asg.AutoScalingInstancesType {
      const ids = input.InstanceIds ?? [];
      const all = [...state.groups.values()].flatMap((group) =>
        [...group.members.values(), ...group.warm.values(), ...group.retained.values()].map((member) => ({
          group,
          member,
        })),
      );
      const page = pageOf(
        all.filter(({ member }) => ids.length === 0 || ids.includes(member.instanceId)),
        ({ member }) => member.instanceId,
        { token: input.NextToken, size: pageSize(input.MaxRecords, 50) },
        "InvalidNextToken",
      );
      return {
        AutoScalingInstances: page.items.map(({ group, member }) => ({
          ...shownMember(member),
          AutoScalingGroupName: group.name,
          HealthStatus: member.unhealthy === undefined ? "HEALTHY" : "UNHEALTHY",
        })),
        NextToken: page.next,
      };
    },
    /** autoscaling/user-health */
    SetInstanceHealth(input: asg.SetInstanceHealthQuery): object {
      required(input.InstanceId, "instanceId");
      const { group, member } = managed(state, input.InstanceId);
      if (input.HealthStatus === "Healthy") member.unhealthy = undefined;
      else if (input.HealthStatus === "Unhealthy") {
        // A warm pool has no grace period. autoscaling/pool-health
        const inGrace = !isOfPool(member) && !isGraceOver(group, member, state.context.clock.nowMs());
        const isHeard = !inGrace || input.ShouldRespectGracePeriod === false;
        if (isHeard) member.unhealthy ??= { cause: USER_HEALTH, immediate: true };
      } else throw invalid("HealthStatus must be Healthy or Unhealthy.");
      state.touch(group);
      return {};
    },
    SetInstanceProtection(input: asg.SetInstanceProtectionQuery): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const members = membersOf(group, input.InstanceIds);
      if (members.length > 50) throw invalid("At most 50 instances in one request.");
      const wrong = members.find(
        (member) => member.lifecycle !== "InService" && member.lifecycle !== "Standby",
      );
      if (wrong !== undefined) {
        throw invalid(`The instance ${wrong.instanceId} is not in InService or Standby.`);
      }
      for (const member of members) member.protectedFromScaleIn = input.ProtectedFromScaleIn ?? false;
      group.protectedNoticed = false;
      state.touch(group);
      return {};
    },
    AttachInstances(input: asg.AttachInstancesQuery): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const ids = [...new Set(input.InstanceIds ?? [])];
      if (isSuspended(group, "Launch")) throw invalid("The Launch process is suspended for the group.");
      const members = ids.map((id) => attachable(state, group, id));
      if (group.desired + capacityOf(members) > group.maxSize) {
        throw invalid(
          `AutoScalingGroup ${group.name} has max size ${group.maxSize}: the instances do not fit.`,
        );
      }
      const before = group.desired;
      group.desired += capacityOf(members);
      for (const member of members) {
        member.activity = beginActivity(state, group, {
          description: `Attaching an existing EC2 instance: ${member.instanceId}`,
          cause: causeAt(
            state,
            `an instance was attached in response to a user request, increasing the capacity from ${before} to ${group.desired}`,
          ),
          details: { "Availability Zone": member.availabilityZone },
        });
        addMember(state, group, member);
        enterService(state, group, member);
      }
      return {};
    },
    DetachInstances(input: asg.DetachInstancesQuery): asg.DetachInstancesAnswer {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const members = membersOf(group, input.InstanceIds);
      const leaving = leave(state, group, members, input.ShouldDecrementDesiredCapacity === true, {
        lifecycle: "Detaching",
        describe: (id) => `Detaching EC2 instance: ${id}`,
        happened: "detached",
      });
      return { Activities: leaving };
    },
  };
}

function attachable(state: State, group: Group, instanceId: string): Member {
  const instance = state.parts.ec2.instance(instanceId);
  if (instance?.state !== "running")
    throw invalid(`Invalid Instance ID(s): [${instanceId}] specified: not running.`);
  if (state.groupOf.has(instanceId)) {
    throw invalid(`The instance ${instanceId} is already part of another AutoScalingGroup.`);
  }
  if (!zonesOf(state, group).has(instance.availabilityZone)) {
    throw invalid(`The instance ${instanceId} is not in an Availability Zone of the AutoScalingGroup.`);
  }
  return memberOf(group, instance, undefined, instance.launchedAtMs);
}

/** Out of service, drained, then as `way` says. autoscaling/standby, autoscaling/detach */
function leave(
  state: State,
  group: Group,
  members: readonly Member[],
  decrement: boolean,
  way: { lifecycle: "Detaching" | "EnteringStandby"; describe: (id: string) => string; happened: string },
): asg.Activity[] {
  const wrong = members.find(
    (member) =>
      member.lifecycle !== "InService" && !(way.lifecycle === "Detaching" && member.lifecycle === "Standby"),
  );
  if (wrong !== undefined) {
    throw invalid(`The instance ${wrong.instanceId} is not in a correct state: it is ${wrong.lifecycle}.`);
  }
  const counted = capacityOf(members.filter((member) => member.lifecycle === "InService"));
  if (decrement && group.desired - counted < group.minSize) {
    throw invalid(
      `AutoScalingGroup ${group.name} has min=${group.minSize}, max=${group.maxSize}, and desired=${group.desired}. To place into standby or detach ${counted} instances, lower the min size first.`,
    );
  }
  const before = group.desired;
  if (decrement) group.desired -= counted;
  const shrinking = decrement ? `, shrinking the capacity from ${before} to ${group.desired}` : "";
  return members.map((member) => {
    member.lifecycle = way.lifecycle;
    const activity = beginActivity(state, group, {
      description: way.describe(member.instanceId),
      cause: causeAt(
        state,
        `instance ${member.instanceId} was ${way.happened} in response to a user request${shrinking}`,
      ),
      progress: 50,
      details: { "Availability Zone": member.availabilityZone },
    });
    drain(state, member, () => {
      endActivity(state, activity, "Successful");
      if (way.lifecycle !== "Detaching") {
        member.lifecycle = "Standby";
        return;
      }
      tellScaling(state, group, "detached", activity, member.instanceId);
      removeMember(state, group, member);
    });
    state.touch(group);
    return activity;
  });
}

function standbyOperations(state: State) {
  return {
    EnterStandby(input: asg.EnterStandbyQuery): asg.EnterStandbyAnswer {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const members = membersOf(group, input.InstanceIds);
      const leaving = leave(state, group, members, input.ShouldDecrementDesiredCapacity === true, {
        lifecycle: "EnteringStandby",
        describe: (id) => `Moving EC2 instance to Standby: ${id}`,
        happened: "moved to standby",
      });
      return { Activities: leaving };
    },
    ExitStandby(input: asg.ExitStandbyQuery): asg.ExitStandbyAnswer {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const members = membersOf(group, input.InstanceIds);
      if (isSuspended(group, "Launch")) throw invalid("The Launch process is suspended for the group.");
      const wrong = members.find((member) => member.lifecycle !== "Standby");
      if (wrong !== undefined) throw invalid(`The instance ${wrong.instanceId} is not in Standby.`);
      const before = group.desired;
      const after = before + capacityOf(members);
      if (after > group.maxSize) {
        throw invalid(`AutoScalingGroup ${group.name} has max=${group.maxSize}: the instances do not fit.`);
      }
      group.desired = after;
      const activities = members.map((member) => {
        const activity = beginActivity(state, group, {
          description: `Moving EC2 instance out of Standby: ${member.instanceId}`,
          cause: causeAt(
            state,
            `instance ${member.instanceId} was moved out of standby in response to a user request, increasing the capacity from ${before} to ${after}`,
          ),
          status: "PreInService",
          progress: 30,
          details: { "Availability Zone": member.availabilityZone },
        });
        const shown = { ...activity };
        member.activity = activity;
        enterService(state, group, member);
        return shown;
      });
      return { Activities: activities };
    },
  };
}

/** The instances of a group as the other services count them. */
export function countedInstances(group: Group): { instanceId: string; lifecycleState: string }[] {
  return [...group.members.values()].map((member) => ({
    instanceId: member.instanceId,
    lifecycleState: member.lifecycle,
  }));
}

/** Instances in service and past their warmup. */
export function warmMembers(group: Group, warmupSeconds: number, nowMs: number): Member[] {
  return liveMembers(group).filter(
    (member) =>
      member.lifecycle === "InService" && nowMs - (member.inServiceAtMs ?? nowMs) >= warmupSeconds * 1_000,
  );
}
