/** Whether the tier serves: the condition `Healthy`. */
import type { Verdict } from "../model/conditions.ts";
import type { GroupFact, InstanceFact, TargetGroupFact, TierFacts } from "../model/health.ts";
import type { KindName } from "../model/kind-name.ts";
import { namesAndMore } from "../model/text/names-and-more.ts";
import { failsOpen, verdictOf } from "./instance-verdict.ts";
import { growthFailure, scalingShortfall } from "./keeping-up.ts";
import { withHelp } from "./launch-trouble.ts";
import { launchesOf } from "./launches.ts";
import { filledBy, isUnhealthy } from "./replacement.ts";
import { restartLoop } from "./restarts.ts";
import { rolloutFault } from "./rollout.ts";
import { measureOf, sizeText, unitsIn } from "./units.ts";
import { zonesOf } from "./zones.ts";

/** Instances named in a message; the page has them all. */
const NAMED_INSTANCES = 3;
/** Of what AWS's answers lack: whoever sits on the first lacks with it. */
const NAMED_ABSENCES = 3;
/** What was launched within so long may be of a deployment that is to blame. */
const RECENT_MS = 3_600_000;

/**
 * `True` only when every read says so: the load balancer is active, no instance in service fails, and each group
 * serves with at least its minimum (and at least one, unless it is scaled to nothing). `False` as soon as one read
 * proves the contrary, whatever else could not be read. `Unknown` otherwise. Capacity above the minimum that still
 * starts does not count against it: scaling out is not an illness. While something is replaced, what is to go counts
 * as long as it serves.
 */
export function healthOf(tier: TierFacts): Verdict {
  const verdictOfTier =
    loadBalancerFault(tier) ??
    forwardingFault(tier) ??
    groupFaults(tier) ??
    emptyFault(tier) ??
    gap(tier) ??
    serving(tier);
  const found = withShortfall(verdictOfTier, tier);
  const { name, successor } = tier.loadBalancer ?? {};
  if (successor === undefined) return found;
  return { ...found, message: `${found.message} The requests go to ${name} until ${successor} takes over.` };
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

function forwardingFault({ targetGroups, forwardsElsewhere = [] }: TierFacts): Verdict | undefined {
  if (targetGroups === undefined || targetGroups.some(({ inUse }) => inUse !== false)) return undefined;
  if (forwardsElsewhere.length > 0)
    return verdict(
      "Unknown",
      "ForwardedElsewhere",
      `Requests go to target groups that the spec does not have: ${namesAndMore(forwardsElsewhere, NAMED_INSTANCES)}. Whether they serve is not read.`,
    );
  return verdict("False", "NothingForwarded", "No listener or rule forwards to a target group.");
}

function groupFaults(tier: TierFacts): Verdict | undefined {
  if (tier.groups === undefined) return undefined;
  if (tier.groups.length === 0) {
    return verdict("False", "AutoScalingGroupMissing", "AWS has no Auto Scaling group for this service.");
  }
  return (
    first(tier.groups, (group) => rolloutFault(group, tier)) ??
    first(tier.groups, (group) => restartFault(group, tier)) ??
    first(tier.groups, (group) => failOpenFault(group, tier)) ??
    first(tier.groups, (group) => failingFault(group, tier)) ??
    first(tier.groups, (group) => capacityFault(group, tier))
  );
}

/**
 * A load balancer answers a request with 503 where the target group that it goes to has no registered targets
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-503-issues).
 * What a group of the service fills is judged by the group.
 */
function emptyFault({ targetGroups, groups, unconfirmed = [] }: TierFacts): Verdict | undefined {
  if (targetGroups === undefined || groups === undefined || unconfirmed.length > 0) return undefined;
  const filled = new Set(groups.flatMap(filledBy));
  const empty = targetGroups.filter(
    ({ key, inUse, targets }) => inUse === true && targets === 0 && !filled.has(key),
  );
  if (empty.length === 0) return undefined;
  const which = namesAndMore(empty.map(routeTo), NAMED_INSTANCES);
  return verdict(
    "False",
    "NoTargets",
    `Requests go to ${which}, without any target and filled by no group: they are answered with 503.`,
  );
}

function routeTo({ key, requestedBy = [] }: TargetGroupFact): string {
  return requestedBy.length === 0 ? key : `${key} (from ${namesAndMore(requestedBy, NAMED_INSTANCES)})`;
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

function restartFault(group: GroupFact, tier: TierFacts): Verdict | undefined {
  const loop = restartLoop(group, tier);
  return loop === undefined ? undefined : verdict("False", "RestartLoop", `${loop}.`);
}

function failOpenFault(group: GroupFact, tier: TierFacts): Verdict | undefined {
  const open = inUse(group, tier).find((targetGroup) => failsOpen(targetGroup.key, tier));
  if (open === undefined) return undefined;
  return verdict(
    "False",
    "NoHealthyTargets",
    `Every target of ${open.key} fails ${open.healthCheck.path ?? "its health check"}: the load balancer fails open and sends requests to all of them.${failingAtOnce(group, tier)}`,
  );
}

/** Several fail alike: then it is what they share. What is new among them tells whether that is what was deployed. */
function failingAtOnce(group: GroupFact, tier: TierFacts): string {
  const { instances, healthCheckGracePeriodSeconds: grace, key } = group;
  // Some may be on their way out by now, and others on their way in.
  const there = instances.filter(({ lifecycleState }) => !lifecycleState.startsWith("Pending"));
  const failing = there.filter(
    ({ healthStatus, targets = [] }) => healthStatus === "Unhealthy" || targets.some(isUnhealthy),
  );
  const reasons = new Set(
    failing.flatMap(({ targets = [] }) => targets.filter(isUnhealthy).flatMap(({ reason }) => reason ?? [])),
  );
  const [reason] = reasons;
  if (failing.length < 2 || failing.length < there.length) return "";
  const how = reasons.size === 1 && reason !== undefined ? `, each with ${reason}` : "";
  const isKnown = failing.every(({ launchedAtMs }) => launchedAtMs !== undefined);
  const young = failing.filter(({ launchedAtMs = 0 }) => tier.nowMs - launchedAtMs < RECENT_MS);
  const cause = !isKnown
    ? ""
    : young.length === failing.length
      ? ` All were launched within the last hour: look at what was deployed (spec.${key}.launchTemplate), and whether it needs longer than the grace period of ${grace} s.`
      : ` ${failing.length - young.length} have run for more than an hour: look at what they share, a database or the health check itself, before what was deployed.`;
  return ` All ${failing.length} instances of ${key} fail at once${how}.${cause}`;
}

function failingFault(group: GroupFact, tier: TierFacts): Verdict | undefined {
  if (group.isLeaving === true) return undefined;
  const inService = group.instances.filter((instance) => instance.lifecycleState === "InService");
  const failing = inService.filter((instance) => isFailing(instance, group, tier));
  if (failing.length === 0) return undefined;
  const which = failing.slice(0, NAMED_INSTANCES).map((instance) => failureOf(instance, group, tier));
  const more = failing.length > which.length ? `, and ${failing.length - which.length} more` : "";
  const verb = failing.length === 1 ? "fails" : "fail";
  return verdict(
    "False",
    "UnhealthyTargets",
    `${failing.length} of ${inService.length} instances of ${group.key} ${verb}: ${which.join(", ")}${more}${emptyZones(tier)}.`,
  );
}

function isFailing(instance: InstanceFact, group: GroupFact, tier: TierFacts): boolean {
  if (instance.healthStatus === "Unhealthy") return true;
  if (failingTarget(instance, group, tier) === undefined) return false;
  // It is given time to start, by the group as well.
  return verdictOf(instance, group, tier).phase !== "starting";
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

/** Those of a group that it takes over from count as its own. */
function capacityFault(group: GroupFact, tier: TierFacts): Verdict | undefined {
  if (group.isLeaving === true) return undefined;
  const before = (tier.groups ?? []).filter((one) => mayTakeOverFrom(group, one, tier));
  // Whatever is unknown may serve: only what certainly does not counts against the minimum.
  const needed = neededBy(group);
  const possible = [group, ...before].reduce((total, one) => total + possibleIn(one, group, tier), 0);
  if (possible >= needed) return undefined;
  const counts = `${possible} of at least ${needed} ${measureOf(group)} of ${group.key} ${possible === 1 ? "serves" : "serve"}${emptyZones(tier)}`;
  const launches = launchesOf(group, tier, needed - possible);
  switch (launches.are) {
    case "starting":
      return verdict("False", "InstancesStarting", `${counts}; ${areOrIs(launches.count)} starting.`);
    case "suspended":
      return verdict("False", "LaunchSuspended", `${counts}; none is launched: ${launches.obstacle}.`);
    case "failing":
      return verdict(
        "False",
        "LaunchFailing",
        `${counts}; the last launch failed: ${withHelp(launches.reason)}.`,
      );
    case "to come":
      return verdict(
        "False",
        "LaunchAwaited",
        `${counts}; the group has yet to launch ${sizeText(launches.count, group)}${launches.isUnexplained ? ", and why it has not could not be read" : ""}.`,
      );
    case "not wanted":
      return verdict("False", "BelowMinimum", `${counts}.`);
  }
}

/**
 * What of a group may serve, in the units of the one that takes over from it: of one that counts something else, its share of
 * what it needs itself. What counts for nobody knows how much may be enough.
 */
function possibleIn(one: GroupFact, group: GroupFact, tier: TierFacts): number {
  const serving = one.instances.filter((instance) => verdictOf(instance, one, tier).serving !== "no");
  const units = unitsIn(one, serving) ?? Number.POSITIVE_INFINITY;
  const own = neededBy(one);
  return one.isWeighted === group.isWeighted || own === 0
    ? units
    : Math.floor((units / own) * neededBy(group));
}

/** Who takes over from whom shows in the target groups: while one is unknown, any group that leaves may be meant. */
function mayTakeOverFrom(group: GroupFact, { successor, isLeaving }: GroupFact, tier: TierFacts): boolean {
  if (successor !== undefined) return successor === group.key;
  const isKnown = tier.targetGroups?.every(({ isUnread }) => isUnread !== true) === true;
  return isLeaving === true && !isKnown;
}

/** A group that may be empty, and is meant to be, needs nobody. One that AWS deletes is empty in the end whoever meant it. */
function neededBy({ minSize, desiredCapacity, isBeingDeleted }: GroupFact): number {
  return minSize === 0 && desiredCapacity === 0 && isBeingDeleted !== true ? 0 : Math.max(1, minSize);
}

function areOrIs(count: number): string {
  return count === 1 ? "1 is" : `${count} are`;
}

/** Zones in which there are instances, and none that serves, while others do. */
function emptyZones(tier: TierFacts): string {
  const zones = zonesOf(tier);
  if (zones.every(({ serving }) => serving === 0)) return "";
  const dark = zones.filter(({ instances, serving, unknown }) => instances > 0 && serving + unknown === 0);
  return dark.length === 0 ? "" : `; none in ${dark.map(({ name }) => name).join(" and ")} serves`;
}

/** What health rests on. */
const NEEDED: ReadonlySet<KindName> = new Set<KindName>([
  "loadBalancer",
  "listener",
  "rule",
  "targetGroup",
  "autoScalingGroup",
]);

/** What was not read, or is not believed yet, and would be needed to say `True`. */
function gap(tier: TierFacts): Verdict | undefined {
  const unread = [
    tier.loadBalancer === undefined ? "the load balancer" : undefined,
    tier.targetGroups === undefined ? "the target groups" : undefined,
    tier.targetGroups?.every(({ inUse }) => inUse !== true) === true ? "the listeners and rules" : undefined,
    tier.groups === undefined ? "the Auto Scaling groups" : undefined,
    unknownInstances(tier) ? "the health of some instances" : undefined,
  ].filter((each) => each !== undefined);
  if (unread.length === 0) return undefined;
  const doubted = (tier.unconfirmed ?? []).filter(({ kind }) => NEEDED.has(kind)).map(({ text }) => text);
  return doubted.length === 0
    ? verdict("Unknown", "NotObserved", `AWS could not be asked about ${unread.join(", ")}.`)
    : verdict(
        "Unknown",
        "Unconfirmed",
        `AWS's answers lack ${namesAndMore(doubted, NAMED_ABSENCES)}; a second read decides.`,
      );
}

/** An instance that is not known to serve may be one that fails. */
function unknownInstances(tier: TierFacts): boolean {
  return (tier.groups ?? []).some((group) =>
    group.instances.some((instance) => verdictOf(instance, group, tier).serving === "unknown"),
  );
}

/** Enough serve, and more are wanted: that is no illness, and is told. */
function shortfall({ groups = [], nowMs }: TierFacts): Pick<Verdict, "reason" | "message"> | undefined {
  for (const group of groups) {
    const failure = growthFailure(group);
    if (failure !== undefined) return { reason: "GrowthFailing", message: `${failure}.` };
    const behind = scalingShortfall(group, nowMs);
    if (behind !== undefined) return { reason: "ScalingBehind", message: `${behind}.` };
  }
  return undefined;
}

/** What fails under more requests than scaling keeps up with may fail because of them. */
function withShortfall(found: Verdict, tier: TierFacts): Verdict {
  const short = shortfall(tier);
  if (short === undefined || found.status === "Unknown" || TOLD_BY_LAUNCHES.includes(found.reason))
    return found;
  const message = `${found.message} ${short.message}`;
  return found.status === "True" ? { ...found, reason: short.reason, message } : { ...found, message };
}

const TOLD_BY_LAUNCHES: readonly string[] = ["LaunchFailing", "RolloutFailing", "LaunchSuspended"];

function serving(tier: TierFacts): Verdict {
  const zones = zonesOf(tier);
  const from = zones.filter((zone) => zone.serving > 0);
  const count = from.reduce((total, zone) => total + zone.serving, 0);
  if (count === 0)
    return verdict(
      "True",
      "ScaledToZero",
      "No instance serves: every group may be empty, and is meant to be.",
    );
  const instances = count === 1 ? "1 instance serves" : `${count} instances serve`;
  const others = zones.filter((zone) => zone.serving === 0).map(({ name }) => name);
  const without = others.length === 0 ? "" : `, and none from ${others.join(" and ")}`;
  return from.length > 1
    ? verdict(
        "True",
        "Serving",
        `${instances} from ${without === "" ? "" : `${from.length} of `}${zones.length} Availability Zones${without}.`,
      )
    : verdict(
        "True",
        "ServingFromOneZone",
        `${instances}, from one Availability Zone: ${from[0]?.name}${without}.`,
      );
}

function inUse(group: GroupFact, tier: TierFacts): TargetGroupFact[] {
  const filled = filledBy(group);
  return (tier.targetGroups ?? []).filter(
    (targetGroup) => targetGroup.inUse === true && filled.includes(targetGroup.key),
  );
}
