/** What the three health checks of an instance mean together. */
import type { GroupFact, InstanceFact, TargetFact, TargetGroupFact, TierFacts } from "../model/health.ts";
import type { InstanceRow } from "../model/status.ts";
import {
  graceEndMs,
  isThrashing,
  isUnhealthy,
  obstacleToDetection,
  obstacleToLaunch,
  obstacleToTermination,
} from "./replacement.ts";

interface InstanceVerdict {
  /** One sentence, with the setting that explains it; it changes only when the world does. */
  verdict: string;
  /** Whether the load balancer sends it requests because it is healthy. `yes` only on positive evidence. */
  serving: InstanceRow["serving"];
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
  unread,
  unregistered,
  unhealthy,
  unused,
  draining,
  initial,
  unavailable,
  impaired,
  unreadEc2,
  withoutTargetGroups,
  healthy,
];

const yes = (verdict: string): InstanceVerdict => ({ verdict, serving: "yes" });
const no = (verdict: string): InstanceVerdict => ({ verdict, serving: "no" });
const unknown = (verdict: string): InstanceVerdict => ({ verdict, serving: "unknown" });

function leaving({ instance, tier }: Case): InstanceVerdict | undefined {
  const state = instance.lifecycleState;
  if (state === "Terminated" || (state.startsWith("Terminating") && instance.ec2?.state === "terminated")) {
    return no("Terminated: it leaves the group's list within the hour.");
  }
  if (state === "Terminating:Wait") {
    return no("Leaving: a termination lifecycle hook holds it (Terminating:Wait).");
  }
  if (state.startsWith("Terminating")) {
    const drains = instance.targets?.find((target) => target.state.endsWith("draining"));
    if (drains === undefined) return no("Leaving: no requests reach it, and the group terminates it.");
    const delay = targetGroupOf(tier, drains.targetGroup)?.deregistrationDelaySeconds;
    const time = delay === undefined ? "" : ` for up to ${delay} s (deregistration delay)`;
    return no(`Leaving: requests in flight on ${drains.targetGroup} finish${time}, then it is terminated.`);
  }
  return undefined;
}

function apart({ instance }: Case): InstanceVerdict | undefined {
  const state = instance.lifecycleState;
  if (state === "Standby" || state === "EnteringStandby") {
    return no("In standby: it gets no requests and is not replaced until somebody returns it to service.");
  }
  if (state === "Detaching" || state === "Detached") {
    return no(
      "Detached: the group lets it go without terminating it, and nothing replaces it for its health.",
    );
  }
  if (state.startsWith("Warmed:")) {
    return no(`In the warm pool (${state}): it gets requests only after the group takes it into service.`);
  }
  return undefined;
}

function starting({ instance }: Case): InstanceVerdict | undefined {
  const state = instance.lifecycleState;
  if (state === "Pending:Wait") {
    return no("Starting: a launch lifecycle hook holds it (Pending:Wait).");
  }
  if (state.startsWith("Pending")) {
    return no("Starting: EC2 launches it, and the group registers it when it runs.");
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

function unread({ instance, group }: Case): InstanceVerdict | undefined {
  if (instance.targets !== undefined || group.targetGroups.length === 0) return undefined;
  return unknown("The load balancer's target health could not be read, so whether it serves is unknown.");
}

function unregistered({ instance, group }: Case): InstanceVerdict | undefined {
  if (instance.lifecycleState !== "InService") return undefined;
  const registered = new Set(instance.targets?.map((target) => target.targetGroup));
  const missing = group.targetGroups.filter((key) => !registered.has(key));
  if (missing.length === 0) return undefined;
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
  const target = inUseFirst(of).find(isUnhealthy);
  if (target === undefined) return undefined;
  const fails = `Fails ${checkOf(target, tier)}`;
  if (isThrashing(group, tier.nowMs)) {
    return no(`${fails}, as the instances before it did: ${thrashAdvice(group, target, tier)}.`);
  }
  const obstacle = obstacleToDetection(group) ?? obstacleToTermination(group);
  if (obstacle !== undefined) return no(`${fails} and will not be replaced: ${obstacle}.`);
  if (failsOpen(target.targetGroup, tier)) {
    return no(
      `${fails}, as every target of ${target.targetGroup} does: the load balancer fails open and sends them requests all the same.`,
    );
  }
  const graceMs = graceEndMs(instance, group);
  if (graceMs === undefined) {
    return no(`${fails}; its launch time could not be read, so when its grace period ends is unknown.`);
  }
  if (tier.nowMs < graceMs) {
    return no(
      `${fails} and will not be replaced before ${timeOfDay(graceMs)}: grace period is ${group.healthCheckGracePeriodSeconds} s (spec.${group.key}.healthCheckGracePeriod).`,
    );
  }
  return no(`${fails} ${fate(group)}.`);
}

function unused(of: Case): InstanceVerdict | undefined {
  const { instance, tier } = of;
  const target = inUseFirst(of).find((each) => each.state === "unused");
  if (target === undefined) return undefined;
  const targetGroup = targetGroupOf(tier, target.targetGroup);
  if (targetGroup !== undefined && !targetGroup.inUse) {
    // Only of consequence when no other target group is in use: a spare target group is not a failure.
    if (inUseFirst(of).some((each) => targetGroupOf(tier, each.targetGroup)?.inUse === true))
      return undefined;
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
  const target = inUseFirst(of).find((each) => each.state === "draining");
  if (target === undefined) return undefined;
  return no(
    `InService, and being deregistered from ${target.targetGroup}: somebody other than its group took it out.`,
  );
}

function initial(of: Case): InstanceVerdict | undefined {
  const { group, tier } = of;
  const target = inUseFirst(of).find((each) => each.state === "initial");
  if (target === undefined) return undefined;
  if (isThrashing(group, tier.nowMs)) {
    return no(`Starting, and the instances before it failed: ${thrashAdvice(group, target, tier)}.`);
  }
  const check = targetGroupOf(tier, target.targetGroup)?.healthCheck;
  if (check === undefined) return no(`Starting: ${target.targetGroup} has not finished its first checks.`);
  const seconds = check.intervalSeconds * check.healthyThresholdCount;
  return no(
    `Starting: healthy on ${target.targetGroup} ${seconds} s after its application answers (${check.healthyThresholdCount} checks, ${check.intervalSeconds} s apart).`,
  );
}

function unavailable(of: Case): InstanceVerdict | undefined {
  const target = inUseFirst(of).find((each) => each.state !== "healthy" && each.state !== "unused");
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
  return `raise spec.${group.key}.healthCheckGracePeriod (${group.healthCheckGracePeriodSeconds} s) above the boot time, or check ${check} and the application starts`;
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
    ?.filter((group) => group.targetGroups.includes(targetGroup))
    .flatMap((group) => group.instances);
  if (instances === undefined || instances.some((instance) => instance.targets === undefined)) {
    return undefined;
  }
  return instances
    .flatMap((instance) => instance.targets ?? [])
    .filter((target) => target.targetGroup === targetGroup && !target.state.endsWith("draining"));
}

/** Its targets, those of target groups that serve requests first. */
function inUseFirst({ instance, tier }: Case): TargetFact[] {
  const weight = (target: TargetFact) => (targetGroupOf(tier, target.targetGroup)?.inUse === false ? 1 : 0);
  return [...(instance.targets ?? [])].sort((a, b) => weight(a) - weight(b));
}

function targetGroupOf(tier: TierFacts, key: string): TargetGroupFact | undefined {
  return tier.targetGroups?.find((targetGroup) => targetGroup.key === key);
}

function timeOfDay(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)}Z`;
}
