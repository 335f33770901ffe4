/**
 * From which pool the next instance comes. Pure. The order is AWS's; where AWS looks at figures that it does not
 * publish, those of the catalogue stand for them:
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/allocation-strategies.html
 */
import type { Market } from "../../services.ts";
import type { Distribution, TemplateChoice } from "../launch-source.ts";

/** An instance type in one zone, as it could be launched. */
export interface Pool {
  readonly instanceType: string;
  readonly template: TemplateChoice;
  readonly imageId: string | undefined;
  /** Its place among the overrides. */
  readonly priority: number;
  /** US dollars per hour and unit of capacity. */
  readonly price: number;
  readonly spare: number;
  /** Instances of the group that it has. */
  readonly running: number;
}

/** A pool with at least this share of the best one's capacity is as good as the best. */
const AMPLE_SHARE = 0.5;

/** The pools, the one to try first at the head. autoscaling/allocation-on-demand, autoscaling/allocation-spot */
export function inOrder(pools: readonly Pool[], market: Market, distribution: Distribution): Pool[] {
  const listed = by(pools, ({ priority }) => priority);
  if (market === "on-demand") {
    return distribution.onDemandStrategy === "lowest-price" ? by(listed, priceOf) : listed;
  }
  const { ample, scant } = byCapacity(listed);
  switch (distribution.spotStrategy) {
    case "capacity-optimized":
      return [...ample, ...scant];
    case "capacity-optimized-prioritized":
      return [...by(ample, ({ priority }) => priority), ...scant];
    case "price-capacity-optimized":
      return [...by(ample, priceOf), ...by(scant, priceOf)];
    default:
      return acrossCheapest(by(listed, priceOf), distribution.spotPools ?? 1);
  }
}

/** Evenly across the cheapest pools that have anything, then the next cheapest. */
function acrossCheapest(cheapestFirst: readonly Pool[], count: number): Pool[] {
  const open = cheapestFirst.filter((pool) => pool.spare > 0);
  const drawn = open.slice(0, count);
  const others = cheapestFirst.filter((pool) => !drawn.includes(pool));
  return [...by(drawn, ({ running }) => running), ...others];
}

/** Both with the roomiest first. */
function byCapacity(pools: readonly Pool[]): { ample: Pool[]; scant: Pool[] } {
  const roomiest = by(pools, ({ spare }) => -spare);
  const least = (roomiest[0]?.spare ?? 0) * AMPLE_SHARE;
  return {
    ample: roomiest.filter(({ spare }) => spare > 0 && spare >= least),
    scant: roomiest.filter(({ spare }) => spare <= 0 || spare < least),
  };
}

const priceOf = (pool: Pool): number => pool.price;

/** Stable: what is equal stays in its order. */
function by(pools: readonly Pool[], rank: (pool: Pool) => number): Pool[] {
  return [...pools].sort((a, b) => rank(a) - rank(b));
}
