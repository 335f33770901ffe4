/** What the three health checks of an instance mean together. */

import type { GroupFact, InstanceFact, TargetFact, TargetGroupFact, TierFacts } from "../model/health.ts";
import type { InstanceRow } from "../model/status.ts";
import { timeOfDay } from "../model/time.ts";
import {
  filledBy,
  graceEndMs,
  isThrashing,
  isUnhealthy,
  obstacleToDetection,
  obstacleToLaunch,
  obstacleToTermination,
} from "./replacement.ts";
import { changesIn, lostInRollout } from "./rollout-facts.ts";
import { isUnconfirmed } from "./unconfirmed.ts";

interface InstanceVerdict {
  /** One sentence, with the setting that explains it; it changes only when the world does. */
  verdict: string;
  /** Whether the load balancer sends it requests because it is healthy. `yes` only on positive evidence. */
  serving: InstanceRow["serving"];
  /** Where it stands in its life: one that starts does not serve yet, and is no failure. */
  phase: NonNullable<InstanceRow["phase"]>;
}

/** Everything that the rules look at, gathered once. */
interface Case {
  instance: InstanceFact;
  group: GroupFact;
  tier: TierFacts;
}

type Rule = (of: Case) => InstanceVerdict | undefined;

/** The first rule that knows the case speaks: the most specific come first. */
export function verdictOf(instance: InstanceFact, group: GroupFact, tier: TierFacts): InstanceVerdict {
  const of: Case = { instance, group, tier };
  for (const rule of RULES) {
    const verdict = rule(of);
    if (verdict !== undefined) return verdict;
  }
  return unknown(
    `What Auto Scaling's state ${instance.lifecycleState} means for its requests is not known here.`,
  );
}

const RULES: readonly Rule[] = [
  leaving,
  apart,
  starting,
  notRunning,
  markedUnhealthy,
  contradicted,
  unhealthy,
  unread,
  unregistered,
  unused,
  draining,
  initial,
  unavailable,
  impaired,
  failsUnused,
  unreadEc2,
  withoutTargetGroups,
  healthy,
];

const yes = (verdict: string): InstanceVerdict => ({ verdict, serving: "yes", phase: "serving" });
const no = (verdict: string, phase: InstanceVerdict["phase"] = "failing"): InstanceVerdict => ({
  verdict,
  serving: "no",
  phase,
});
const unknown = (verdict: string): InstanceVerdict => ({ verdict, serving: "unknown", phase: "unknown" });

function leaving({ instance, tier }: Case): InstanceVerdict | undefined {
  const state = instance.lifecycleState;
  if (state === "Terminated" || (state.startsWith("Terminating") && instance.ec2?.state === "terminated")) {
    return no("Terminated: it leaves the group's list within the hour.", "leaving");
  }
  if (state === "Terminating:Wait") {
    return no("Leaving: a termination lifecycle hook holds it (Terminating:Wait).", "leaving");
  }
  if (!state.startsWith("Terminating")) return undefined;
  const drains = instance.targets?.find((target) => target.state.endsWith("draining"));
  if (drains === undefined) {
    return no(
      instance.targets === undefined
        ? "Leaving: the group terminates it."
        : "Leaving: no requests reach it, and the group terminates it.",
      "leaving",
    );
  }
  const delay = targetGroupOf(tier, drains.targetGroup)?.deregistrationDelaySeconds;
  const time = delay === undefined ? "" : ` for up to ${delay} s (deregistration delay)`;
  return no(
    `Leaving: requests in flight on ${drains.targetGroup} finish${time}, then it is terminated.`,
    "leaving",
  );
}

function apart({ instance }: Case): InstanceVerdict | undefined {
  const state = instance.lifecycleState;
  if (state === "Standby" || state === "EnteringStandby") {
    return no(
      "In standby: it gets no requests and is not replaced until somebody returns it to service.",
      "apart",
    );
  }
  if (state === "Detaching" || state === "Detached") {
    return no(
      "Detached: the group lets it go without terminating it, and nothing replaces it for its health.",
      "apart",
    );
  }
  if (state.startsWith("Warmed:")) {
    return no(
      `In the warm pool (${state}): it gets requests only after the group takes it into service.`,
      "apart",
    );
  }
  return undefined;
}

function starting({ instance }: Case): InstanceVerdict | undefined {
  const state = instance.lifecycleState;
  if (state === "Pending:Wait") {
    return no("Starting: a launch lifecycle hook holds it (Pending:Wait).", "starting");
  }
  if (state.startsWith("Pending")) {
    return no("Starting: EC2 launches it, and the group registers it when it runs.", "starting");
  }
  return undefined;
}

/** AWS replaces an instance that does not run at once, whatever the grace period. */
function notRunning({ instance, group }: Case): InstanceVerdict | undefined {
  if (instance.lifecycleState !== "InService") return undefined;
  const state = instance.ec2?.state;
  if (state === undefined || state === "running" || state === "pending") return undefined;
  return no(`EC2 says that it is ${state}, so it serves nothing ${fate(group)}.`);
}

function markedUnhealthy({ instance, group }: Case): InstanceVerdict | undefined {
  if (instance.lifecycleState !== "InService" || instance.healthStatus !== "Unhealthy") return undefined;
  const protection = instance.protectedFromScaleIn ? "; protection from scale-in does not prevent that" : "";
  const ending = fate(group, `replaces it${protection}`);
  return no(`Its group has marked it Unhealthy ${ending}.`);
}

/** Which of its target groups gets the requests could not be read, and it fails in one and answers in another. */
function contradicted({ instance, tier }: Case): InstanceVerdict | undefined {
  const targets = instance.targets ?? [];
  const failing = targets.find(isUnhealthy);
  const answering = targets.find(({ state }) => state === "healthy");
  if (failing === undefined || answering === undefined) return undefined;
  const isKnown = ({ targetGroup }: TargetFact) => targetGroupOf(tier, targetGroup)?.inUse !== undefined;
  if (isKnown(failing) && isKnown(answering)) return undefined;
  return unknown(
    `Fails ${checkOf(failing, tier)} and is healthy in ${answering.targetGroup}; which of the two gets requests could not be read.`,
  );
}

function unread({ instance, group, tier }: Case): InstanceVerdict | undefined {
  const filled = filledBy(group);
  const isUnread =
    instance.targets === undefined
      ? filled.length > 0
      : filled.some((key) => targetGroupOf(tier, key)?.isUnread === true);
  if (!isUnread) return undefined;
  if (isUnconfirmed(tier, "targetGroup"))
    return unknown(
      "AWS's answers lack a target group that was there; whether it serves, a second read decides.",
    );
  return unknown("The load balancer's target health could not be read, so whether it serves is unknown.");
}

function unregistered(of: Case): InstanceVerdict | undefined {
  const { instance, group, tier } = of;
  if (instance.lifecycleState !== "InService" || group.isLeaving === true) return undefined;
  const registered = new Set(instance.targets?.map((target) => target.targetGroup));
  const missing = group.targetGroups.filter((key) => !registered.has(key));
  if (missing.length === 0) return undefined;
  // One that is on trial, or still to be made, gets no requests that this instance could miss.
  const serves = decisive(of).some(({ targetGroup }) => targetGroupOf(tier, targetGroup)?.inUse === true);
  if (serves && missing.every((key) => targetGroupOf(tier, key)?.inUse !== true)) return undefined;
  const where = missing.join(" and ");
  if (group.suspendedProcesses.includes("AddToLoadBalancer")) {
    return no(
      `InService, and not registered in ${where}: process AddToLoadBalancer of ${group.name} is suspended.`,
    );
  }
  return no(
    `InService, and not registered in ${where}, which spec.${group.key}.targetGroups names: it gets no requests from there.`,
  );
}

function unhealthy(of: Case): InstanceVerdict | undefined {
  const { instance, group, tier } = of;
  const target = decisive(of).find(isUnhealthy);
  if (target === undefined) return undefined;
  const fails = `Fails ${checkOf(target, tier)}`;
  if (instance.isOfRollout === true && lostInRollout(group) > 0) {
    return no(`${fails}, as the instances before it did: ${rolloutAdvice(group)}.`);
  }
  if (isThrashing(group, tier.nowMs)) {
    return no(`${fails}, as the instances before it did: ${thrashAdvice(group, target, tier)}.`);
  }
  const graceMs = graceEndMs(instance, group);
  const phase = graceMs !== undefined && tier.nowMs < graceMs ? "starting" : "failing";
  const obstacle = obstacleToDetection(group) ?? obstacleToTermination(group);
  if (obstacle !== undefined) return no(`${fails} and will not be replaced: ${obstacle}.`, phase);
  if (failsOpen(target.targetGroup, tier)) {
    return no(
      `${fails}, as every target of ${target.targetGroup} does: the load balancer fails open and sends them requests all the same.`,
      phase,
    );
  }
  if (graceMs === undefined) {
    return no(`${fails}; its launch time could not be read, so when its grace period ends is unknown.`);
  }
  if (tier.nowMs < graceMs) {
    return no(
      `${fails} and will not be replaced before ${timeOfDay(graceMs)}: grace period is ${group.healthCheckGracePeriodSeconds} s (spec.${group.key}.healthCheckGracePeriod).`,
      phase,
    );
  }
  return no(`${fails} ${fate(group)}.`);
}

function unused(of: Case): InstanceVerdict | undefined {
  const { instance, tier } = of;
  const target = decisive(of).find((each) => each.state === "unused");
  if (target === undefined) return undefined;
  // A spare target group is not a failure: it decides only where no other one is in use.
  if (targetGroupOf(tier, target.targetGroup)?.inUse === false) {
    return no(`Gets no requests: no listener or rule forwards to ${target.targetGroup}.`);
  }
  const zones = tier.loadBalancer?.availabilityZones;
  if (zones !== undefined && !zones.includes(instance.availabilityZone)) {
    return no(
      `Gets no requests: the load balancer is not enabled in ${instance.availabilityZone} (spec.subnetIds).`,
    );
  }
  return no(
    `Gets no requests: ${target.targetGroup} does not use it (${target.reason ?? "no reason given"}).`,
  );
}

function draining(of: Case): InstanceVerdict | undefined {
  const target = decisive(of).find((each) => each.state === "draining");
  if (target === undefined) return undefined;
  return no(
    `InService, and being deregistered from ${target.targetGroup}: somebody other than its group took it out.`,
  );
}

function initial(of: Case): InstanceVerdict | undefined {
  const { instance, group, tier } = of;
  const target = decisive(of).find((each) => each.state === "initial");
  if (target === undefined) return undefined;
  if (instance.isOfRollout === true && lostInRollout(group) > 0) {
    return no(`Starting, and the instances before it failed: ${rolloutAdvice(group)}.`, "starting");
  }
  if (isThrashing(group, tier.nowMs)) {
    return no(
      `Starting, and the instances before it failed: ${thrashAdvice(group, target, tier)}.`,
      "starting",
    );
  }
  const check = targetGroupOf(tier, target.targetGroup)?.healthCheck;
  if (check === undefined)
    return no(`Starting: ${target.targetGroup} has not finished its first checks.`, "starting");
  const seconds = check.intervalSeconds * check.healthyThresholdCount;
  return no(
    `Starting: healthy on ${target.targetGroup} ${seconds} s after its application answers (${check.healthyThresholdCount} checks, ${check.intervalSeconds} s apart).`,
    "starting",
  );
}

function unavailable(of: Case): InstanceVerdict | undefined {
  const target = decisive(of).find((each) => each.state !== "healthy" && each.state !== "unused");
  if (target === undefined) return undefined;
  const reason = target.reason === undefined ? "" : ` (${target.reason})`;
  return unknown(
    `${target.targetGroup} says ${target.state}${reason}, so whether its application works is unknown.`,
  );
}

function impaired({ instance, group }: Case): InstanceVerdict | undefined {
  const ec2 = instance.ec2;
  if (ec2 === undefined) return undefined;
  const what =
    ec2.systemStatus === "impaired"
      ? "system status check (its host or network)"
      : ec2.instanceStatus === "impaired"
        ? "instance status check (its operating system)"
        : undefined;
  if (what === undefined) return undefined;
  const obstacle = obstacleToDetectionOfEc2(group) ?? obstacleToTermination(group);
  const ending =
    obstacle === undefined
      ? "and its group replaces it if that lasts"
      : `and will not be replaced: ${obstacle}`;
  return yes(`Answers the load balancer, but fails EC2's ${what} ${ending}.`);
}

/** EC2's checks count whatever the type, unless the group checks nothing at all. */
function obstacleToDetectionOfEc2(group: GroupFact): string | undefined {
  return group.suspendedProcesses.includes("HealthCheck")
    ? `process HealthCheck of ${group.name} is suspended`
    : undefined;
}

/** On trial, or with weight 0 for good: it costs no requests, and perhaps the instance. */
function failsUnused(of: Case): InstanceVerdict | undefined {
  const { instance, group, tier } = of;
  if (instance.lifecycleState !== "InService") return undefined;
  const decides = decisive(of);
  const target = instance.targets?.find((each) => isUnhealthy(each) && !decides.includes(each));
  if (target === undefined) return undefined;
  const obstacle = obstacleToDetection(group) ?? obstacleToTermination(group);
  const ending =
    obstacle === undefined ? "its group replaces it for that" : `it is not replaced: ${obstacle}`;
  return yes(`Serving, and fails ${checkOf(target, tier)}, which gets no requests; ${ending}.`);
}

function unreadEc2({ instance, group }: Case): InstanceVerdict | undefined {
  if (instance.lifecycleState !== "InService" || instance.ec2 !== undefined) return undefined;
  const rest = group.targetGroups.length === 0 ? "InService" : "Healthy in its target groups";
  return unknown(`${rest}, but EC2's status checks could not be read.`);
}

function withoutTargetGroups({ instance, group }: Case): InstanceVerdict | undefined {
  if (instance.lifecycleState !== "InService" || group.targetGroups.length > 0) return undefined;
  return yes(
    `In service: spec.${group.key}.targetGroups is empty, so only EC2's status checks speak for it.`,
  );
}

function healthy({ instance }: Case): InstanceVerdict | undefined {
  if (instance.lifecycleState !== "InService" || instance.ec2 === undefined) return undefined;
  const { systemStatus, instanceStatus } = instance.ec2;
  if (systemStatus === "ok" && instanceStatus === "ok") {
    return yes("Serving: target health, Auto Scaling and EC2 agree that it is healthy.");
  }
  return yes("Serving: it answers the load balancer; EC2's status checks have no result yet.");
}

/** The end of a sentence about an instance that its group has found unhealthy. */
function fate(group: GroupFact, replaces = "its group replaces it"): string {
  const obstacle = obstacleToTermination(group);
  if (obstacle !== undefined) return `and will not be replaced: ${obstacle}`;
  const launch = obstacleToLaunch(group);
  if (launch !== undefined) return `and is terminated without a replacement: ${launch}`;
  return `and ${replaces}`;
}

function thrashAdvice(group: GroupFact, target: TargetFact, tier: TierFacts): string {
  const path = targetGroupOf(tier, target.targetGroup)?.healthCheck.path;
  const check = path === undefined ? "the health check" : `that ${path} exists`;
  return `check ${check} and the application starts; if it only needs longer than ${group.healthCheckGracePeriodSeconds} s to start, raise spec.${group.key}.healthCheckGracePeriod`;
}

/** Before a longer grace period: what has changed is what they have in common. */
function rolloutAdvice({ rollout }: GroupFact): string {
  const changes = rollout === undefined ? undefined : changesIn(rollout);
  return `all of them run what the rollout brings${changes === undefined ? "" : ` (${changes})`}, so look there first, or go back`;
}

/** What is checked and how it fails, for example `/health on targetGroups.web (Target.Timeout)`. */
function checkOf(target: TargetFact, tier: TierFacts): string {
  const path = targetGroupOf(tier, target.targetGroup)?.healthCheck.path;
  const check = path ?? "its health check";
  const reason = target.reason === undefined ? "" : ` (${target.reason})`;
  return `${check} on ${target.targetGroup}${reason}`;
}

/** With no healthy target anywhere, a load balancer routes to all of them. */
export function failsOpen(targetGroup: string, tier: TierFacts): boolean {
  const targets = targetsOf(targetGroup, tier);
  return targets !== undefined && targets.length > 0 && targets.every(isUnhealthy);
}

/** Every target that is registered and not leaving; `undefined` when some could not be read. */
function targetsOf(targetGroup: string, tier: TierFacts): TargetFact[] | undefined {
  const instances = tier.groups
    ?.filter((group) => filledBy(group).includes(targetGroup))
    .flatMap((group) => group.instances);
  if (instances === undefined || targetGroupOf(tier, targetGroup)?.isUnread === true) return undefined;
  if (instances.some((instance) => instance.targets === undefined)) return undefined;
  return instances
    .flatMap((instance) => instance.targets ?? [])
    .filter((target) => target.targetGroup === targetGroup && !target.state.endsWith("draining"));
}

/** Its targets in those target groups that may get requests; all of them where none does. */
function decisive({ instance, tier }: Case): TargetFact[] {
  const targets = instance.targets ?? [];
  const used = targets.filter(({ targetGroup }) => targetGroupOf(tier, targetGroup)?.inUse !== false);
  return used.length > 0 ? used : [...targets];
}

function targetGroupOf(tier: TierFacts, key: string): TargetGroupFact | undefined {
  return tier.targetGroups?.find((targetGroup) => targetGroup.key === key);
}
