/** What of a group's capacity is On-Demand, and what Spot. Pure. */
import type { Market } from "../../services.ts";
import type { Distribution } from "../launch-source.ts";
import { type Group, liveMembers, type Member, sourceForLaunch, standingMembers } from "../state.ts";
import { capacityOf, isWeighted } from "./units.ts";

export function ofMarket(members: readonly Member[], market: Market): Member[] {
  return members.filter((member) => member.market === market);
}

/** Units of the capacity that are to be On-Demand; a fraction counts in their favour. autoscaling/mixed-distribution */
function onDemandOf({ onDemandBase, onDemandPercentage }: Distribution, capacity: number): number {
  const base = Math.min(onDemandBase, capacity);
  return base + Math.ceil(((capacity - base) * onDemandPercentage) / 100);
}

function wantedOf(distribution: Distribution, capacity: number): Readonly<Record<Market, number>> {
  const onDemand = onDemandOf(distribution, capacity);
  return { "on-demand": onDemand, spot: capacity - onDemand };
}

/**
 * What the next instance is to be; nothing when neither lacks, or what lacks could not be had.
 *
 * @param wanted the capacity that the group is to reach
 */
export function nextMarket(
  group: Group,
  wanted: number,
  unavailable: ReadonlySet<Market>,
): Market | undefined {
  const { mixed } = sourceForLaunch(group);
  if (mixed === undefined) return undefined;
  const target = wantedOf(mixed.distribution, wanted);
  const live = standingMembers(group);
  return (["on-demand", "spot"] as const).find(
    (market) => !unavailable.has(market) && capacityOf(ofMarket(live, market)) < target[market],
  );
}

/** Of which there is more than there should be; the others come into question when none of these may go. */
export function surplusMarket(group: Group, live: readonly Member[], wanted: number): Market | undefined {
  const { mixed } = sourceForLaunch(group);
  if (mixed === undefined) return undefined;
  const target = wantedOf(mixed.distribution, wanted);
  const isOver = (market: Market): boolean => capacityOf(ofMarket(live, market)) > target[market];
  return (["on-demand", "spot"] as const).find(isOver);
}

/** Whether an instance could be exchanged for one of the other kind: autoscaling/purchase-rebalance */
export function lackingMarket(group: Group, live: readonly Member[]): Market | undefined {
  if (group.mixed === undefined) return undefined;
  const target = wantedOf(group.mixed.distribution, group.desired);
  const hasTooMuch = (market: Market): boolean => {
    const own = ofMarket(live, market);
    const surplus = capacityOf(own) - target[market];
    return own.some((member) => !member.protectedFromScaleIn && (member.units ?? 1) <= surplus);
  };
  if (hasTooMuch("on-demand")) return "spot";
  return hasTooMuch("spot") ? "on-demand" : undefined;
}

/**
 * Whether without the instance there is still what is wanted, with weights of its kind too: an overage of one kind is
 * no reason to take from the other. autoscaling/weights
 */
export function isSpare(group: Group, live: readonly Member[], wanted: number, member: Member): boolean {
  const units = member.units ?? 1;
  if (capacityOf(live) - units < wanted) return false;
  const { mixed } = sourceForLaunch(group);
  if (mixed === undefined || !isWeighted(group)) return true;
  return (
    capacityOf(ofMarket(live, member.market)) - units >= wantedOf(mixed.distribution, wanted)[member.market]
  );
}

/** Whether all its instances count, and are as much as it wants: with weights, not one too many. */
export function isAtSize(group: Group): boolean {
  const live = liveMembers(group);
  const surplus = capacityOf(live) - group.desired;
  if (live.length !== group.members.size || surplus < 0) return false;
  return (
    surplus === 0 || (isWeighted(group) && !live.some((one) => isSpare(group, live, group.desired, one)))
  );
}
