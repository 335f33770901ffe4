/** Finding unhealthy instances, and replacing them without taking the whole group down. */
import type { Instance } from "../services.ts";
import { hasHooks } from "./hooks/actions.ts";
import { dropLostDrains, launchLost, terminate, terminated } from "./instance-lifecycle.ts";
import { capacityOf } from "./mixed/units.ts";
import {
  type Group,
  IMPAIRED_TOLERANCE_MS,
  isPending,
  isSuspended,
  isTerminating,
  liveMembers,
  type Member,
  type State,
} from "./state.ts";

const STOPPED =
  "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped";
const IMPAIRED = "an instance was taken out of service in response to an EC2 instance status checks failure";
const SYSTEM_IMPAIRED =
  "an instance was taken out of service in response to an EC2 system status checks failure";
const ELB = "an instance was taken out of service in response to an ELB system health check failure";
export const USER_HEALTH = "an instance was taken out of service in response to a user health-check";

/** The part of the health check that needs no waiting: EC2 has said something. autoscaling/not-running-at-once */
export function instanceChanged(
  state: State,
  group: Group,
  member: Member,
  instance: Instance | undefined,
  arrive: () => void,
): void {
  const ec2State = instance?.state ?? "terminated";
  switch (member.lifecycle) {
    case "Pending":
      if (ec2State === "running") {
        arrive();
        return;
      }
      if (ec2State !== "pending") launchLost(state, group, member);
      return;
    case "Terminating":
      // With hooks it waits for them even so. autoscaling/hooks-on-termination
      if (ec2State === "terminated" && !hasHooks(group, "autoscaling:EC2_INSTANCE_TERMINATING")) {
        terminated(state, group, member);
      }
      return;
    case "Terminating:Proceed":
      if (ec2State === "terminated") terminated(state, group, member);
      return;
    case "InService":
      noteStatusChecks(state, member, instance);
      if (ec2State !== "running") mark(state, group, member, { cause: STOPPED, immediate: true });
      return;
    default:
      // Standby and those that wait for hooks are not checked. autoscaling/standby-unchecked, autoscaling/wait-unchecked
      return;
  }
}

function noteStatusChecks(state: State, member: Member, instance: Instance | undefined): void {
  const isImpaired = instance?.systemStatus === "impaired" || instance?.instanceStatus === "impaired";
  if (!isImpaired) member.impairedSinceMs = undefined;
  else member.impairedSinceMs ??= state.context.clock.nowMs();
}

function mark(state: State, group: Group, member: Member, unhealthy: NonNullable<Member["unhealthy"]>): void {
  if (member.unhealthy !== undefined || isSuspended(group, "HealthCheck")) return;
  member.unhealthy = unhealthy;
  state.touch(group);
}

/** The periodic health check of a whole group. */
export function checkHealth(state: State, group: Group): void {
  const nowMs = state.context.clock.nowMs();
  noteAttachments(state, group);
  for (const member of [...group.members.values()]) {
    dropLostDrains(state, member);
    if (member.lifecycle !== "InService" || member.unhealthy !== undefined) continue;
    const instance = state.parts.ec2.instance(member.instanceId);
    if (instance === undefined || instance.state !== "running") {
      mark(state, group, member, { cause: STOPPED, immediate: true });
    } else if (!state.parts.ec2.isZoneAvailable(member.availabilityZone)) {
      mark(state, group, member, { cause: SYSTEM_IMPAIRED, immediate: true });
    } else if (isGraceOver(group, member, nowMs)) {
      noteStatusChecks(state, member, instance);
      const impairedMs = nowMs - (member.impairedSinceMs ?? nowMs);
      if (impairedMs >= IMPAIRED_TOLERANCE_MS) {
        const cause = instance.systemStatus === "impaired" ? SYSTEM_IMPAIRED : IMPAIRED;
        mark(state, group, member, { cause, immediate: false });
      } else if (failsElb(state, group, member)) {
        mark(state, group, member, { cause: ELB, immediate: false });
      }
    }
  }
}

/** autoscaling/grace-from-in-service */
export function isGraceOver(group: Group, member: Member, nowMs: number): boolean {
  return nowMs - (member.inServiceAtMs ?? nowMs) >= group.healthCheckGracePeriod * 1_000;
}

export function checksElb(group: Group): boolean {
  return group.healthCheckType.split(",").includes("ELB");
}

/** From the first instance that passes on, ELB's word counts. autoscaling/elb-after-in-service */
function noteAttachments(state: State, group: Group): void {
  for (const attachment of group.attachments.values()) {
    if (attachment.inService) continue;
    for (const id of group.members.keys()) {
      if (state.parts.elb.targetHealth(attachment.arn, id)?.state === "healthy") attachment.inService = true;
    }
  }
}

function failsElb(state: State, group: Group, member: Member): boolean {
  if (!checksElb(group)) return false;
  for (const attachment of group.attachments.values()) {
    if (!attachment.inService || attachment.removing !== undefined) continue;
    if (state.parts.elb.targetHealth(attachment.arn, member.instanceId)?.state === "unhealthy") return true;
  }
  return false;
}

/** Whether it passes every check that the group makes: a fresh instance that ELB has not yet passed does not. */
export function passesChecks(state: State, group: Group, member: Member): boolean {
  if (member.lifecycle !== "InService" || member.unhealthy !== undefined) return false;
  if (!checksElb(group)) return true;
  for (const arn of member.registered) {
    const health = state.parts.elb.targetHealth(arn, member.instanceId)?.state;
    if (health === "initial" || health === "unhealthy") return false;
  }
  return true;
}

/**
 * Terminates what is unhealthy, at most a tenth of the group at a time, and remembers why a new one is needed.
 * autoscaling/replace-a-tenth, autoscaling/suspended-replace
 */
export function replaceUnhealthy(state: State, group: Group): void {
  if (isSuspended(group, "ReplaceUnhealthy") || isSuspended(group, "Terminate")) return;
  const unhealthy = liveMembers(group).filter((member) => member.unhealthy !== undefined);
  if (unhealthy.length === 0) return;
  let allowance = allowanceOf(state, group);
  for (const member of unhealthy) {
    const { cause, immediate } = member.unhealthy!;
    if (!immediate) {
      if (allowance <= 0) continue;
      allowance -= 1;
    }
    terminate(state, group, member, cause);
    group.launchReasons.push(
      "an instance was launched in response to an unhealthy instance needing to be replaced",
    );
  }
}

/** How many unhealthy instances may go now. */
function allowanceOf(state: State, group: Group): number {
  const tenth = Math.max(1, Math.floor(group.desired / 10));
  const members = [...group.members.values()];
  const settling = members.filter((member) => isSettling(state, group, member)).length;
  const inService = capacityOf(members.filter((member) => member.lifecycle === "InService"));
  const isBusy = members.some((member) => isPending(member) || isTerminating(member));
  const missing = group.desired - inService;
  if (isBusy && missing > 0 && missing >= group.desired / 10) return 0;
  return tenth - settling;
}

/** Launched to replace another, and still before its first check or in its warmup. */
function isSettling(state: State, group: Group, member: Member): boolean {
  if (member.lifecycle !== "InService" || member.unhealthy !== undefined || member.from === undefined)
    return false;
  const ageMs = state.context.clock.nowMs() - (member.inServiceAtMs ?? 0);
  if (ageMs < (group.defaultInstanceWarmup ?? 0) * 1_000) return true;
  if (!checksElb(group)) return false;
  return [...member.registered].some(
    (arn) => state.parts.elb.targetHealth(arn, member.instanceId)?.state === "initial",
  );
}
