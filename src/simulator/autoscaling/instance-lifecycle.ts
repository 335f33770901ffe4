/** The way of one instance through a group: launched, in service, drained, terminated. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../account/aws-error.ts";
import type { Instance } from "../services.ts";
import { beginActivity, causeAt, endActivity } from "./activities.ts";
import { dropWaiting, passHooks } from "./hooks/actions.ts";
import { unitsOf } from "./mixed/units.ts";
import { notify } from "./notifications/publish.ts";
import {
  type Group,
  isOfPool,
  isSuspended,
  type Member,
  RETRY_LEAST_MS,
  RETRY_MOST_MS,
  type State,
  sourceForLaunch,
} from "./state.ts";

/** A launch has succeeded: the instance is of the group from now on. */
export function addLaunched(
  state: State,
  group: Group,
  instance: Instance,
  from: Member["from"],
  cause: string,
): void {
  const member = memberOf(group, instance, from, state.context.clock.nowMs());
  member.protectedFromScaleIn = group.protectNewInstances;
  member.activity = beginActivity(state, group, {
    description: `Launching a new EC2 instance: ${instance.instanceId}`,
    cause,
    status: "PreInService",
    progress: 30,
    details: { "Subnet ID": instance.subnetId, "Availability Zone": instance.availabilityZone },
  });
  addMember(state, group, member);
  if (instance.state === "running") arrive(state, group, member);
}

/** It runs: the hooks have their say, then it comes into service. autoscaling/hooks-on-launch */
export function arrive(state: State, group: Group, member: Member): void {
  passHooks(state, group, member, {
    transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    base: "Pending",
    origin: member.origin,
    destination: "AutoScalingGroup",
    goOn: (abandoned) => {
      if (abandoned === undefined) enterService(state, group, member);
      else abandonLaunch(state, group, member, abandoned);
    },
  });
}

/** A hook has said no: the instance goes, and the launch is tried again. autoscaling/abandoned-launch */
export function abandonLaunch(state: State, group: Group, member: Member, reason: string): void {
  const { activity } = member;
  if (activity !== undefined) {
    activity.Description = `${activity.Description}.  Status Reason: ${reason}`;
    endActivity(state, activity, "Cancelled", reason);
    notify(state, group, "autoscaling:EC2_INSTANCE_LAUNCH_ERROR", activity, member.instanceId);
  }
  member.activity = undefined;
  launchFailed(state, group);
  terminate(
    state,
    group,
    member,
    "an instance was taken out of service in response to a launch lifecycle action that was abandoned",
  );
}

export function launchFailed(state: State, group: Group): void {
  group.launchFailures += 1;
  const backoffMs = Math.min(RETRY_MOST_MS, RETRY_LEAST_MS * 2 ** (group.launchFailures - 1));
  group.retryAtMs = state.context.clock.nowMs() + backoffMs;
}

export function memberOf(group: Group, instance: Instance, from: Member["from"], nowMs: number): Member {
  const measured = { ...sourceForLaunch(group), desiredCapacityType: group.desiredCapacityType };
  return {
    instanceId: instance.instanceId,
    instanceType: instance.instanceType,
    market: instance.market,
    units: unitsOf(measured, instance.instanceType),
    imageId: instance.imageId,
    availabilityZone: instance.availabilityZone,
    from,
    launchedAtMs: nowMs,
    origin: "EC2",
    lifecycle: "Pending",
    resting: undefined,
    waiting: undefined,
    inServiceAtMs: undefined,
    atRisk: false,
    unhealthy: undefined,
    impairedSinceMs: undefined,
    protectedFromScaleIn: false,
    registered: new Set(),
    draining: new Map(),
    activity: undefined,
  };
}

export function addMember(state: State, group: Group, member: Member): void {
  group.members.set(member.instanceId, member);
  state.groupOf.set(member.instanceId, group);
}

/** Takes the instance out of the group's books. */
export function removeMember(state: State, group: Group, member: Member): void {
  dropWaiting(member);
  group.members.delete(member.instanceId);
  group.warm.delete(member.instanceId);
  group.retained.delete(member.instanceId);
  state.groupOf.delete(member.instanceId);
  state.touch(group);
}

/** Registers it with the target groups, then counts it as in service. autoscaling/register-then-in-service */
export function enterService(state: State, group: Group, member: Member): void {
  if (!isSuspended(group, "AddToLoadBalancer")) {
    for (const { arn, removing } of group.attachments.values()) {
      if (removing === undefined) register(state, member, arn);
    }
  }
  member.lifecycle = "InService";
  member.inServiceAtMs = state.context.clock.nowMs();
  group.launchFailures = 0;
  endLaunch(state, group, member);
  state.touch(group);
}

/** Its activity has come to its good end, which is told of launches. */
export function endLaunch(state: State, group: Group, member: Member): void {
  const { activity } = member;
  if (activity === undefined) return;
  endActivity(state, activity, "Successful");
  const isLaunch = activity.Description?.startsWith("Launching") === true;
  if (isLaunch) notify(state, group, "autoscaling:EC2_INSTANCE_LAUNCH", activity, member.instanceId);
  member.activity = undefined;
}

/** A target group that was deleted, or does not take the instance, is no reason to stop. */
export function register(state: State, member: Member, targetGroupArn: string): void {
  if (!state.parts.elb.targetGroupExists(targetGroupArn)) return;
  try {
    state.parts.elb.register(targetGroupArn, member.instanceId);
    member.registered.add(targetGroupArn);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

/** Deregisters it everywhere; `done` runs when the last target group has drained it. */
export function drain(state: State, member: Member, done: () => void): void {
  const arns = [...member.registered].filter((arn) => state.parts.elb.targetGroupExists(arn));
  member.registered.clear();
  if (arns.length === 0) {
    done();
    return;
  }
  for (const arn of arns) {
    member.draining.set(arn, () => {
      if (member.draining.delete(arn) && member.draining.size === 0) done();
    });
  }
  for (const arn of arns) {
    state.parts.elb.deregister(arn, member.instanceId, () => member.draining.get(arn)?.());
  }
}

/** A target group that has been deleted drains nobody any more. */
export function dropLostDrains(state: State, member: Member): void {
  for (const [arn, done] of [...member.draining]) {
    if (!state.parts.elb.targetGroupExists(arn)) done();
  }
}

/**
 * Drains and terminates one instance, with an activity that says why. autoscaling/terminate-after-draining
 *
 * @param why the words after `At <time> `
 */
export function terminate(state: State, group: Group, member: Member, why: string): void {
  dropWaiting(member);
  if (member.activity !== undefined) endActivity(state, member.activity, "Cancelled");
  const wasRegistered = member.registered.size > 0;
  member.lifecycle = isOfPool(member) ? "Warmed:Terminating" : "Terminating";
  member.resting = undefined;
  const description = `Terminating EC2 instance: ${member.instanceId}`;
  const activity = beginActivity(state, group, {
    description: wasRegistered ? `${description} - Waiting For ELB Connection Draining.` : description,
    cause: why.startsWith("At ") ? why : causeAt(state, why),
    status: wasRegistered ? "WaitingForELBConnectionDraining" : "InProgress",
    progress: wasRegistered ? 50 : 0,
    details: { "Availability Zone": member.availabilityZone },
  });
  member.activity = activity;
  drain(state, member, () => {
    activity.Description = description;
    if (activity.StatusCode === "WaitingForELBConnectionDraining") activity.StatusCode = "InProgress";
    passTerminationHooks(state, group, member);
  });
  state.touch(group);
}

/** Drained, it waits for the hooks; both of their results let it go. autoscaling/hooks-on-termination */
function passTerminationHooks(state: State, group: Group, member: Member): void {
  if (!isOf(group, member)) return;
  const isWarm = isOfPool(member);
  passHooks(state, group, member, {
    transition: "autoscaling:EC2_INSTANCE_TERMINATING",
    base: isWarm ? "Warmed:Terminating" : "Terminating",
    origin: isWarm ? "WarmPool" : "AutoScalingGroup",
    destination: "EC2",
    goOn: (abandoned) => {
      const trigger = group.lifecyclePolicy?.RetentionTriggers?.TerminateHookAbandon;
      if (abandoned !== undefined && trigger === "retain") retain(state, group, member, abandoned);
      else terminateInEc2(state, group, member);
    },
  });
}

/** Kept for a person to look at. autoscaling/retained-instances */
function retain(state: State, group: Group, member: Member, reason: string): void {
  if (member.activity !== undefined) endActivity(state, member.activity, "Cancelled", reason);
  member.activity = undefined;
  member.lifecycle = isOfPool(member) ? "Warmed:Terminating:Retained" : "Terminating:Retained";
  group.members.delete(member.instanceId);
  group.warm.delete(member.instanceId);
  group.retained.set(member.instanceId, member);
  state.touch(group);
}

/** The user has done with a retained instance. autoscaling/retained-instances */
export function terminateRetained(state: State, group: Group, member: Member): asg.Activity {
  member.activity ??= beginActivity(state, group, {
    description: `Terminating EC2 instance: ${member.instanceId}`,
    cause: causeAt(
      state,
      `instance ${member.instanceId} was taken out of service in response to a user request`,
    ),
    details: { "Availability Zone": member.availabilityZone },
  });
  const { activity } = member;
  terminateInEc2(state, group, member);
  return activity;
}

/** One that waits for hooks, or was retained, goes at once. autoscaling/force-delete */
export function skipHooks(state: State, group: Group, member: Member): void {
  if (!/Terminating:(Wait|Retained)$/.test(member.lifecycle)) return;
  dropWaiting(member);
  member.lifecycle = isOfPool(member) ? "Warmed:Terminating:Proceed" : "Terminating:Proceed";
  terminateInEc2(state, group, member);
}

/** Without waiting for anything. autoscaling/force-delete */
export function terminateNow(state: State, group: Group, member: Member, why: string): void {
  drain(state, member, () => undefined);
  terminate(state, group, member, why);
}

function terminateInEc2(state: State, group: Group, member: Member): void {
  const instance = state.parts.ec2.instance(member.instanceId);
  if (instance === undefined || instance.state === "terminated") {
    terminated(state, group, member);
    return;
  }
  if (instance.state !== "shutting-down") state.parts.ec2.terminate(member.instanceId);
}

function isOf(group: Group, { instanceId }: Member): boolean {
  return [group.members, group.warm, group.retained].some((some) => some.has(instanceId));
}

/** EC2 says that it is gone. */
export function terminated(state: State, group: Group, member: Member): void {
  if (!isOf(group, member)) return;
  if (member.activity !== undefined) {
    endActivity(state, member.activity, "Successful");
    notify(state, group, "autoscaling:EC2_INSTANCE_TERMINATE", member.activity, member.instanceId);
  }
  removeMember(state, group, member);
}

/** It never came into service. autoscaling/failed-launch */
export function launchLost(state: State, group: Group, member: Member): void {
  const reason = "Instance became unhealthy while waiting for instance to be in InService state.";
  if (member.activity !== undefined) {
    member.activity.Description = `${member.activity.Description}.  Status Reason: ${reason}`;
    endActivity(state, member.activity, "Failed", reason);
    notify(state, group, "autoscaling:EC2_INSTANCE_LAUNCH_ERROR", member.activity, member.instanceId);
  }
  launchFailed(state, group);
  const instance = state.parts.ec2.instance(member.instanceId);
  if (instance !== undefined && instance.state !== "terminated" && instance.state !== "shutting-down") {
    state.parts.ec2.terminate(member.instanceId);
  }
  removeMember(state, group, member);
}
