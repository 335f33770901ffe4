/** The way of an instance into a warm pool, out of it, and back. */
import type { Instance } from "../../services.ts";
import { beginActivity, causeAt } from "../activities.ts";
import { passHooks } from "../hooks/actions.ts";
import {
  abandonLaunch,
  arrive,
  drain,
  endLaunch,
  launchLost,
  memberOf,
  terminate,
  terminated,
} from "../instance-lifecycle.ts";
import { launchOne } from "../launching.ts";
import { matcherOf } from "../mixed/matching.ts";
import {
  activeRefresh,
  type Group,
  isAtRest,
  isLeaving,
  liveMembers,
  type Member,
  poolMembers,
  type State,
} from "../state.ts";

/** Launches one instance into the pool. @returns whether it was launched */
export function launchIntoPool(state: State, group: Group, cause: string): boolean {
  const counted = [...liveMembers(group), ...poolMembers(group)];
  return launchOne(state, group, cause, addToPool, counted);
}

function addToPool(
  state: State,
  group: Group,
  instance: Instance,
  from: Member["from"],
  cause: string,
): void {
  const member = memberOf(group, instance, from, state.context.clock.nowMs());
  member.lifecycle = "Warmed:Pending";
  member.activity = beginActivity(state, group, {
    description: `Launching a new EC2 instance into warm pool: ${instance.instanceId}`,
    cause,
    status: "PreInService",
    progress: 30,
    details: { "Subnet ID": instance.subnetId, "Availability Zone": instance.availabilityZone },
  });
  group.warm.set(member.instanceId, member);
  state.groupOf.set(member.instanceId, group);
}

/** EC2 says something of an instance of the pool. */
export function poolInstanceChanged(state: State, group: Group, member: Member, instance: Instance): void {
  if (member.waiting !== undefined) return;
  const isGone = instance.state === "terminated" || instance.state === "shutting-down";
  if (isLeaving(member)) {
    if (instance.state === "terminated") terminated(state, group, member);
  } else if (isAtRest(member)) {
    // The pool's own health check finds it.
    if (isGone) state.touch(group);
  } else if (isGone) launchLost(state, group, member);
  else if (member.resting !== undefined) {
    if (instance.state === "stopped") comeToRest(state, group, member, member.resting);
  } else if (
    instance.state === "running" &&
    member.origin === "EC2" &&
    member.lifecycle === "Warmed:Pending"
  ) {
    initialise(state, group, member);
  }
}

/** It runs for the first time. autoscaling/pool-hooks */
function initialise(state: State, group: Group, member: Member): void {
  passHooks(state, group, member, {
    transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    base: "Warmed:Pending",
    origin: "EC2",
    destination: "WarmPool",
    goOn: (abandoned) => {
      if (abandoned === undefined) rest(state, group, member);
      else abandonLaunch(state, group, member, abandoned);
    },
  });
}

/** As the pool keeps its instances: running, stopped or hibernated. autoscaling/pool-state */
function rest(state: State, group: Group, member: Member): void {
  const wanted = group.warmPool?.poolState ?? "Stopped";
  const ec2State = state.parts.ec2.instance(member.instanceId)?.state;
  if (ec2State === undefined || ec2State === "terminated" || ec2State === "shutting-down") {
    launchLost(state, group, member);
  } else if (wanted === "Running" || ec2State === "stopped") comeToRest(state, group, member, wanted);
  else {
    member.resting = wanted;
    state.parts.ec2.stop(member.instanceId, wanted === "Hibernated");
  }
}

function comeToRest(
  state: State,
  group: Group,
  member: Member,
  poolState: NonNullable<Member["resting"]>,
): void {
  member.lifecycle = `Warmed:${poolState}`;
  member.resting = undefined;
  group.launchFailures = 0;
  endLaunch(state, group, member);
  state.touch(group);
}

/**
 * Puts an instance of the pool into service, from the zone with fewest. autoscaling/pool-first
 *
 * @returns whether there was one
 */
export function startFromPool(state: State, group: Group, cause: string): boolean {
  const member = nextFromPool(state, group);
  if (member === undefined) return false;
  group.warm.delete(member.instanceId);
  group.members.set(member.instanceId, member);
  member.lifecycle = "Pending";
  member.origin = "WarmPool";
  member.protectedFromScaleIn = group.protectNewInstances;
  member.activity = beginActivity(state, group, {
    description: `Launching a new EC2 instance from warm pool: ${member.instanceId}`,
    cause,
    status: "PreInService",
    progress: 30,
    details: { "Availability Zone": member.availabilityZone },
  });
  if (state.parts.ec2.instance(member.instanceId)?.state === "running") arrive(state, group, member);
  else state.parts.ec2.start(member.instanceId);
  state.touch(group);
  return true;
}

function nextFromPool(state: State, group: Group): Member | undefined {
  // Evening out the zones is about a zone, and the pool may have nothing there.
  if (group.warm.size === 0 || group.warmPool?.deleting !== false || group.rebalancing !== undefined)
    return undefined;
  const live = liveMembers(group);
  const inZone = (zone: string): number => live.filter((one) => one.availabilityZone === zone).length;
  return [...group.warm.values()]
    .filter((member) => isAtRest(member) && member.unhealthy === undefined)
    .filter((member) => state.parts.ec2.isZoneAvailable(member.availabilityZone))
    .filter((member) => ["stopped", "running"].includes(stateOf(state, member)))
    .filter((member) => isWantedNow(state, group, member))
    .sort((a, b) => inZone(a.availabilityZone) - inZone(b.availabilityZone))[0];
}

function stateOf(state: State, member: Member): string {
  return state.parts.ec2.instance(member.instanceId)?.state ?? "terminated";
}

/** A refresh puts nothing into service that it would have to replace. autoscaling/refresh-scale-out */
function isWantedNow(state: State, group: Group, member: Member): boolean {
  const refresh = activeRefresh(group);
  if (refresh?.old === undefined) return true;
  return matcherOf(state, group, refresh.target)(member);
}

/** Out of service and into the pool, instead of being terminated. autoscaling/pool-reuse */
export function returnToPool(state: State, group: Group, member: Member, cause: string): void {
  group.members.delete(member.instanceId);
  group.warm.set(member.instanceId, member);
  member.lifecycle = "Warmed:Pending";
  member.origin = "AutoScalingGroup";
  member.inServiceAtMs = undefined;
  member.impairedSinceMs = undefined;
  member.protectedFromScaleIn = false;
  const activity = beginActivity(state, group, {
    description: `Moving EC2 instance to warm pool: ${member.instanceId}`,
    cause,
    progress: 50,
    details: { "Availability Zone": member.availabilityZone },
  });
  member.activity = activity;
  drain(state, member, () => {
    if (member.activity !== activity) return;
    passHooks(state, group, member, {
      transition: "autoscaling:EC2_INSTANCE_TERMINATING",
      base: "Warmed:Pending",
      origin: "AutoScalingGroup",
      destination: "WarmPool",
      goOn: (abandoned) => {
        if (abandoned === undefined) rest(state, group, member);
        else terminate(state, group, member, causeAt(state, "its return to the warm pool was abandoned"));
      },
    });
  });
  state.touch(group);
}
