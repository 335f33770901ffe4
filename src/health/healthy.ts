/** Whether the tier serves: the condition `Healthy`. */
import type { Verdict } from "../model/conditions.ts";
import type { GroupFact, InstanceFact, TargetGroupFact, TierFacts } from "../model/health.ts";
import { isUnhealthy } from "./replacement.ts";
import { failsOpen, verdictOf } from "./verdict.ts";

/** Instances named in a message; the page has them all. */
const NAMED_INSTANCES = 3;

/**
 * `True` only when every read says so: the load balancer is active, no instance in service fails, and each group
 * serves with at least its minimum (and at least one). `False` as soon as one read proves the contrary, whatever
 * else could not be read. `Unknown` otherwise. Capacity above the minimum that still starts does not count
 * against it: scaling out is not an illness.
 */
export function healthOf(tier: TierFacts): Verdict {
  return loadBalancerFault(tier) ?? forwardingFault(tier) ?? groupFaults(tier) ?? gap(tier) ?? serving(tier);
}

const verdict = (status: Verdict["status"], reason: Verdict["reason"], message: string): Verdict => ({
  type: "Healthy",
  status,
  reason,
  message,
});

function loadBalancerFault({ loadBalancer }: TierFacts): Verdict | undefined {
  switch (loadBalancer?.state) {
    case undefined:
    case "active":
      return undefined;
    case "absent":
      return verdict("False", "LoadBalancerMissing", "AWS has no load balancer for this service.");
    case "provisioning":
      return verdict("False", "LoadBalancerProvisioning", "AWS is still setting the load balancer up.");
    case "active_impaired":
      return verdict(
        "False",
        "LoadBalancerImpaired",
        `The load balancer routes, but AWS cannot scale it${because(loadBalancer?.stateReason)}.`,
      );
    default:
      return verdict(
        "False",
        "LoadBalancerFailed",
        `AWS could not set the load balancer up${because(loadBalancer?.stateReason)}.`,
      );
  }
}

function because(reason: string | undefined): string {
  return reason === undefined || reason === "" ? "" : `: ${reason}`;
}

function forwardingFault({ targetGroups }: TierFacts): Verdict | undefined {
  if (targetGroups === undefined || targetGroups.some((targetGroup) => targetGroup.inUse)) return undefined;
  return verdict("False", "NothingForwarded", "No listener or rule forwards to a target group.");
}

function groupFaults(tier: TierFacts): Verdict | undefined {
  if (tier.groups === undefined) return undefined;
  if (tier.groups.length === 0) {
    return verdict("False", "AutoScalingGroupMissing", "AWS has no Auto Scaling group for this service.");
  }
  return (
    first(tier.groups, (group) => failOpenFault(group, tier)) ??
    first(tier.groups, (group) => failingFault(group, tier)) ??
    first(tier.groups, (group) => capacityFault(group, tier))
  );
}

function first(
  groups: readonly GroupFact[],
  fault: (group: GroupFact) => Verdict | undefined,
): Verdict | undefined {
  for (const group of groups) {
    const found = fault(group);
    if (found !== undefined) return found;
  }
  return undefined;
}

function failOpenFault(group: GroupFact, tier: TierFacts): Verdict | undefined {
  const open = inUse(group, tier).find((targetGroup) => failsOpen(targetGroup.key, tier));
  if (open === undefined) return undefined;
  return verdict(
    "False",
    "NoHealthyTargets",
    `Every target of ${open.key} fails ${open.healthCheck.path ?? "its health check"}: the load balancer fails open and sends requests to all of them.`,
  );
}

function failingFault(group: GroupFact, tier: TierFacts): Verdict | undefined {
  const inService = group.instances.filter((instance) => instance.lifecycleState === "InService");
  const failing = inService.filter((instance) => isFailing(instance, group, tier));
  if (failing.length === 0) return undefined;
  const which = failing.slice(0, NAMED_INSTANCES).map((instance) => failureOf(instance, group, tier));
  const more = failing.length > which.length ? `, and ${failing.length - which.length} more` : "";
  const verb = failing.length === 1 ? "fails" : "fail";
  return verdict(
    "False",
    "UnhealthyTargets",
    `${failing.length} of ${inService.length} instances of ${group.key} ${verb}: ${which.join(", ")}${more}.`,
  );
}

function isFailing(instance: InstanceFact, group: GroupFact, tier: TierFacts): boolean {
  if (instance.healthStatus === "Unhealthy") return true;
  return failingTarget(instance, group, tier) !== undefined;
}

function failureOf(instance: InstanceFact, group: GroupFact, tier: TierFacts): string {
  const target = failingTarget(instance, group, tier);
  const why = target === undefined ? "marked Unhealthy by its group" : (target.reason ?? "unhealthy");
  return `${instance.instanceId} (${why})`;
}

function failingTarget(instance: InstanceFact, group: GroupFact, tier: TierFacts) {
  const keys = new Set(inUse(group, tier).map((targetGroup) => targetGroup.key));
  return instance.targets?.find((target) => keys.has(target.targetGroup) && isUnhealthy(target));
}

function capacityFault(group: GroupFact, tier: TierFacts): Verdict | undefined {
  const rows = group.instances.map((instance) => verdictOf(instance, group, tier).serving);
  // Whatever is unknown may serve: only what certainly does not counts against the minimum.
  const possible = rows.filter((row) => row !== "no").length;
  const needed = Math.max(1, group.minSize);
  if (possible >= needed) return undefined;
  const starting = group.instances.some((instance) => isStarting(instance));
  const launching = group.instances.length < group.desiredCapacity;
  const counts = `${possible} of at least ${needed} instances of ${group.key} ${possible === 1 ? "serves" : "serve"}`;
  return starting || launching
    ? verdict("False", "InstancesStarting", `${counts}; more are starting.`)
    : verdict("False", "BelowMinimum", `${counts}.`);
}

function isStarting(instance: InstanceFact): boolean {
  if (instance.lifecycleState.startsWith("Pending")) return true;
  return instance.targets?.some((target) => target.state === "initial") ?? false;
}

/** What was not read and would be needed to say `True`. */
function gap(tier: TierFacts): Verdict | undefined {
  const unread = [
    tier.loadBalancer === undefined ? "the load balancer" : undefined,
    tier.targetGroups === undefined ? "the target groups" : undefined,
    tier.groups === undefined ? "the Auto Scaling groups" : undefined,
    unknownInstances(tier) ? "the health of some instances" : undefined,
  ].filter((each) => each !== undefined);
  if (unread.length === 0) return undefined;
  return verdict("Unknown", "NotObserved", `AWS could not be asked about ${unread.join(", ")}.`);
}

/** An instance that is not known to serve may be one that fails. */
function unknownInstances(tier: TierFacts): boolean {
  return (tier.groups ?? []).some((group) =>
    group.instances.some((instance) => verdictOf(instance, group, tier).serving === "unknown"),
  );
}

function serving(tier: TierFacts): Verdict {
  const servingInstances = (tier.groups ?? []).flatMap((group) =>
    group.instances.filter((instance) => verdictOf(instance, group, tier).serving === "yes"),
  );
  const count = servingInstances.length;
  const zones = new Set(servingInstances.map((instance) => instance.availabilityZone));
  const instances = count === 1 ? "1 instance serves" : `${count} instances serve`;
  return zones.size > 1
    ? verdict("True", "Serving", `${instances} from ${zones.size} Availability Zones.`)
    : verdict("True", "ServingFromOneZone", `${instances}, from one Availability Zone: ${[...zones][0]}.`);
}

function inUse(group: GroupFact, tier: TierFacts): TargetGroupFact[] {
  return (tier.targetGroups ?? []).filter(
    (targetGroup) => targetGroup.inUse && group.targetGroups.includes(targetGroup.key),
  );
}
