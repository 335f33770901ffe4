/** The group's own loop: from what it holds to what it wants, one small step whenever something has changed. */
import type { Instance, Market } from "../services.ts";
import { beginActivity, causeAt, endActivity, keepActivities } from "./activities.ts";
import { checkHealth, instanceChanged, replaceUnhealthy } from "./health.ts";
import { arrive, terminate, terminated } from "./instance-lifecycle.ts";
import { hasRefusedLately, launchOne } from "./launching.ts";
import { alignmentOf } from "./mixed/alignment.ts";
import { releaseAtRisk } from "./mixed/interruptions.ts";
import { isAtSize, isSpare, lackingMarket, nextMarket, ofMarket, surplusMarket } from "./mixed/markets.ts";
import { capacityOf } from "./mixed/units.ts";
import { stepRefresh } from "./refresh.ts";
import { nextToTerminate } from "./scale-in.ts";
import {
  activeRefresh,
  type Group,
  HEALTH_SWEEP_MS,
  hasPending,
  isSuspended,
  liveMembers,
  type Member,
  REACTION_MS,
  type State,
  stamp,
  standingMembers,
  zonesOf,
} from "./state.ts";
import { poolInstanceChanged, returnToPool, startFromPool } from "./warm-pool/lifecycle.ts";
import { checkPoolHealth, mayReturn, settlePool } from "./warm-pool/settle.ts";

/** Why an instance comes, and another goes, when nothing but the balance asks for it. */
const BALANCED = {
  zones: {
    launched:
      "an instance was launched to balance instances across Availability Zones, resulting in more than the desired number of instances in the group",
    terminated: "an instance was taken out of service to balance instances across Availability Zones",
  },
  markets: {
    launched:
      "an instance was launched to match the purchase options of the group, resulting in more than the desired number of instances in the group",
    terminated: "an instance was taken out of service to match the purchase options of the group",
  },
} as const;

/** Lets the group look at itself soon. */
export function touch(state: State, group: Group): void {
  if (!group.converging) {
    group.converging = true;
    state.context.clock.schedule(REACTION_MS, () => {
      group.converging = false;
      converge(state, group);
    });
  }
  sweepLater(state, group);
}

/** One timer for each group that has something to look after. */
function sweepLater(state: State, group: Group): void {
  if (group.sweeping !== undefined) return;
  group.sweeping = state.context.clock.schedule(HEALTH_SWEEP_MS, () => {
    group.sweeping = undefined;
    if (state.groups.get(group.name) !== group) return;
    if (!group.deleting) {
      checkHealth(state, group);
      checkPoolHealth(state, group);
    }
    converge(state, group);
    const isBusy = group.members.size > 0 || group.desired > 0 || activeRefresh(group) !== undefined;
    if (isBusy || group.warmPool !== undefined) {
      sweepLater(state, group);
    }
  });
}

function converge(state: State, group: Group): void {
  if (state.groups.get(group.name) !== group) return;
  if (group.deleting) {
    if (group.members.size + group.warm.size + group.retained.size === 0) forgetGroup(state, group);
    return;
  }
  replaceUnhealthy(state, group);
  retireOldest(state, group);
  stepRefresh(state, group);
  releaseAtRisk(state, group);
  settleCapacity(state, group);
  settlePool(state, group);
  rebalance(state, group);
  startCooldown(state, group);
}

/** One at a time, what has lived longer than the group allows. autoscaling/maximum-lifetime */
function retireOldest(state: State, group: Group): void {
  const lifetimeMs = (group.maxInstanceLifetime ?? Number.POSITIVE_INFINITY) * 1_000;
  const bornBeforeMs = state.context.clock.nowMs() - lifetimeMs;
  const isBusy = [...group.members.values()].some((member) => member.lifecycle !== "InService");
  if (isBusy || isSuspended(group, "Terminate") || !isAtSize(group)) return;
  const oldest = liveMembers(group).sort((a, b) => a.launchedAtMs - b.launchedAtMs)[0];
  if (oldest === undefined || oldest.launchedAtMs > bornBeforeMs) return;
  terminate(
    state,
    group,
    oldest,
    "an instance was taken out of service in response to its maximum instance lifetime",
  );
  group.launchReasons.push(
    "an instance was launched to replace one that reached its maximum instance lifetime",
  );
}

function forgetGroup(state: State, group: Group): void {
  state.groups.delete(group.name);
  group.sweeping?.();
  keepActivities(state, group);
}

/** EC2 tells of every change of every instance; most are none of ours. */
export function onInstanceChange(state: State, instance: Instance): void {
  const group = state.groupOf.get(instance.instanceId);
  const member = group?.members.get(instance.instanceId);
  const warm = group?.warm.get(instance.instanceId);
  const retained = group?.retained.get(instance.instanceId);
  if (group === undefined) return;
  if (member !== undefined)
    instanceChanged(state, group, member, instance, () => arrive(state, group, member));
  else if (warm !== undefined) poolInstanceChanged(state, group, warm, instance);
  else if (retained !== undefined && instance.state === "terminated") terminated(state, group, retained);
}

/** Launches what is missing, terminates what is too many. */
function settleCapacity(state: State, group: Group): void {
  const live = capacityOf(standingMembers(group));
  const wanted = group.desired + group.extra;
  if (live < wanted) grow(state, group, live, wanted);
  else if (live > wanted) shrink(state, group, live, wanted);
  else if (!hasPending(group)) {
    group.changeCause = "";
    group.launchReasons.length = 0;
  }
}

function grow(state: State, group: Group, live: number, wanted: number): void {
  // autoscaling/suspended-launch
  if (isSuspended(group, "Launch") || group.retryAtMs > state.context.clock.nowMs()) return;
  const unavailable = new Set<Market>();
  while (capacityOf(standingMembers(group)) < wanted) {
    const market = nextMarket(group, wanted, unavailable);
    if (group.mixed !== undefined && market === undefined) return;
    const reason =
      group.launchReasons.shift() ??
      `an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${live} to ${wanted}`;
    const cause = withChange(state, group, reason);
    const isLaunched =
      (market !== "spot" && startFromPool(state, group, cause)) ||
      launchOne(state, group, cause, undefined, undefined, market);
    if (isLaunched) continue;
    // The rebalancing was for a zone that has no room after all.
    if (group.rebalancing !== undefined) stopRebalancing(group);
    // What cannot be had of one kind does not keep the other waiting. autoscaling/mixed-failed-launch
    if (market === undefined || unavailable.size > 0) return;
    unavailable.add(market);
  }
}

function shrink(state: State, group: Group, from: number, wanted: number): void {
  // autoscaling/suspended-terminate
  if (isSuspended(group, "Terminate")) return;
  const nowMs = state.context.clock.nowMs();
  for (let live = standingMembers(group); capacityOf(live) > wanted; live = standingMembers(group)) {
    const own = live;
    const spare = own.filter((member) => isSpare(group, own, wanted, member));
    if (spare.length === 0) break;
    const member = leaving(state, group, spare, surplusMarket(group, live, wanted), nowMs);
    if (member === undefined) {
      noticeProtection(state, group, from, wanted);
      return;
    }
    const reason =
      group.rebalancing !== undefined
        ? BALANCED[group.rebalancing].terminated
        : `instance ${member.instanceId} was selected for termination in response to a difference between desired and actual capacity, shrinking the capacity from ${from} to ${wanted}`;
    const cause = withChange(state, group, reason);
    if (mayReturn(group)) returnToPool(state, group, member, cause);
    else terminate(state, group, member, cause);
  }
  if (group.rebalancing !== undefined) stopRebalancing(group);
}

/** What there is too much of goes first, then what is in zones that the group no longer has. autoscaling/mixed-scale-in */
function leaving(
  state: State,
  group: Group,
  live: readonly Member[],
  surplus: Market | undefined,
  nowMs: number,
): Member | undefined {
  const draw = (): number => state.context.rng.next();
  const alignment = alignmentOf(state, group, live);
  const of = (members: readonly Member[]): Member | undefined =>
    nextToTerminate(group, members, nowMs, draw, alignment);
  const ofAll = (members: readonly Member[]): Member | undefined =>
    of(stranded(state, group, members)) ?? of(members);
  return (surplus && ofAll(ofMarket(live, surplus))) ?? ofAll(live);
}

/** autoscaling/scale-in-protection */
function noticeProtection(state: State, group: Group, live: number, wanted: number): void {
  if (group.protectedNoticed) return;
  group.protectedNoticed = true;
  const activity = beginActivity(state, group, {
    description:
      "Could not scale to desired capacity because all remaining instances are protected from scale in.",
    cause: withChange(
      state,
      group,
      `a difference between desired and actual capacity asked to shrink the capacity from ${live} to ${wanted}`,
    ),
  });
  endActivity(state, activity, "Cancelled");
}

/** What happened, headed by what asked for it. */
function withChange(state: State, group: Group, what: string): string {
  const happened = causeAt(state, what);
  return group.changeCause === "" ? happened : `${group.changeCause}  ${happened}`;
}

/** Sets the desired capacity, and remembers in whose name. */
export function setDesired(state: State, group: Group, desired: number, who: string): void {
  if (desired === group.desired) return;
  const at = stamp(state.context.clock.nowMs());
  group.changeCause = `At ${at} ${who} changing the desired capacity from ${group.desired} to ${desired}.`;
  group.desired = desired;
  group.protectedNoticed = false;
  state.touch(group);
}

/**
 * Evens out the zones: first one more where there are fewest, then one less where there are most.
 * autoscaling/rebalance-launch-first, autoscaling/rebalance-over-maximum
 */
function rebalance(state: State, group: Group): void {
  if (group.rebalancing !== undefined) {
    finishRebalancing(state, group);
    return;
  }
  if (!isAtSize(group) || hasPending(group) || activeRefresh(group) !== undefined) return;
  if (isSuspended(group, "AZRebalance") || isSuspended(group, "Launch")) return;
  const what = isUnbalanced(state, group) ? "zones" : isMisbought(state, group) ? "markets" : undefined;
  if (what === undefined) return;
  group.rebalancing = what;
  group.extra = capacityOf(liveMembers(group)) - group.desired + 1;
  group.launchReasons.push(BALANCED[what].launched);
  state.touch(group);
}

function finishRebalancing(state: State, group: Group): void {
  if (group.extra === 0 || hasPending(group)) return;
  if (capacityOf(liveMembers(group)) < group.desired + group.extra) return;
  group.extra = 0;
  state.touch(group);
}

function stopRebalancing(group: Group): void {
  group.rebalancing = undefined;
  group.extra = 0;
}

function isUnbalanced(state: State, group: Group): boolean {
  const nowMs = state.context.clock.nowMs();
  const live = liveMembers(group);
  if (stranded(state, group, live).length > 0) return true;
  const usable = [...zonesOf(state, group).keys()].filter(
    (zone) => state.parts.ec2.isZoneAvailable(zone) && !hasRefusedLately(group, zone, nowMs),
  );
  const counts = usable.map((zone) => live.filter((member) => member.availabilityZone === zone).length);
  return counts.length > 0 && Math.max(...counts) - Math.min(...counts) > 1;
}

/** Whether there is too much of one kind, and the other could be had. autoscaling/purchase-rebalance */
function isMisbought(state: State, group: Group): boolean {
  const market = lackingMarket(group, liveMembers(group));
  if (market === undefined) return false;
  const nowMs = state.context.clock.nowMs();
  return [...zonesOf(state, group).keys()].some(
    (zone) => (group.zoneRetryAtMs.get(`${market} ${zone}`) ?? 0) <= nowMs,
  );
}

/** Instances in zones that the group no longer has. */
function stranded(state: State, group: Group, members: readonly Member[]): Member[] {
  const zones = zonesOf(state, group);
  return members.filter((member) => !zones.has(member.availabilityZone));
}

/** A cooldown runs from the end of the scaling that it belongs to. autoscaling/simple-cooldown */
function startCooldown(state: State, group: Group): void {
  const { cooldown } = group;
  if (cooldown === undefined || cooldown.startedAtMs !== undefined) return;
  if (!hasPending(group) && isAtSize(group)) cooldown.startedAtMs = state.context.clock.nowMs();
}

export function isCoolingDown(state: State, group: Group): boolean {
  const { cooldown } = group;
  if (cooldown === undefined) return false;
  const { startedAtMs } = cooldown;
  return startedAtMs === undefined || state.context.clock.nowMs() < startedAtMs + cooldown.seconds * 1_000;
}
