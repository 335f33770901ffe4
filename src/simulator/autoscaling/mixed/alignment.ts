/** How well instances fit the allocation strategies: what scale-in takes away first. */
import type { Market } from "../../services.ts";
import type { Distribution } from "../launch-source.ts";
import type { Group, Member, State } from "../state.ts";
import type { Pool } from "./allocation.ts";
import { poolsOf } from "./pools.ts";

/** The least fits worst; without a mixed instances policy all fit alike. autoscaling/mixed-scale-in */
export function alignmentOf(state: State, group: Group, live: readonly Member[]): (member: Member) => number {
  const { mixed } = group;
  if (mixed === undefined) return () => 0;
  return (member) => {
    const { market, availabilityZone: zone } = member;
    try {
      const pools = poolsOf(state, group, group, { market, zone }, live);
      const own = pools.find((pool) => pool.instanceType === member.instanceType);
      return own === undefined ? Number.NEGATIVE_INFINITY : fitOf(own, pools, market, mixed.distribution);
    } catch {
      // What cannot be launched any more says nothing of what runs.
      return 0;
    }
  };
}

function fitOf(own: Pool, pools: readonly Pool[], market: Market, distribution: Distribution): number {
  if (market === "on-demand") {
    // The page says that lowest-price is not honoured at scale-in.
    return distribution.onDemandStrategy === "prioritized" ? -own.priority : 0;
  }
  switch (distribution.spotStrategy) {
    case "lowest-price": {
      const cheaper = pools.filter((pool) => pool.price < own.price).length;
      return cheaper < (distribution.spotPools ?? 1) ? 0 : -cheaper;
    }
    case "price-capacity-optimized":
      return -own.price;
    default:
      return own.spare;
  }
}
