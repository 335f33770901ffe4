import { describe, expect, it } from "vitest";
import { onDemandPrice, spotPrice } from "../../../../src/simulator/account/instance-prices.ts";
import { inOrder, type Pool } from "../../../../src/simulator/autoscaling/mixed/allocation.ts";

const TEMPLATE = { id: "lt-1", name: "web", version: "1" };
const pool = (instanceType: string, priority: number, price: number, spare = 100, running = 0): Pool => ({
  instanceType,
  template: TEMPLATE,
  imageId: undefined,
  priority,
  price,
  spare,
  running,
});
const POOLS = [pool("a", 0, 0.3, 10), pool("b", 1, 0.2, 100), pool("c", 2, 0.1, 60), pool("d", 3, 0.05, 0)];

function order(
  market: "spot" | "on-demand",
  strategy: { onDemandStrategy?: string; spotStrategy?: string; spotPools?: number },
  pools: readonly Pool[] = POOLS,
): string {
  const distribution = {
    onDemandStrategy: "prioritized",
    onDemandBase: 0,
    onDemandPercentage: 0,
    spotStrategy: "lowest-price",
    spotPools: 2,
    spotMaxPrice: undefined,
    ...strategy,
  };
  return inOrder(pools, market, distribution)
    .map((one) => one.instanceType)
    .join("");
}

describe("the pools of a mixed instances policy are tried", () => {
  it("On-Demand in the order of the list, or the cheapest first", () => {
    expect(order("on-demand", {})).toBe("abcd");
    expect(order("on-demand", { onDemandStrategy: "lowest-price" })).toBe("dcba");
  });

  it("Spot from the cheapest that have anything, the least used of them first", () => {
    expect(order("spot", {})).toBe("cbda");
    expect(order("spot", { spotPools: 1 })).toBe("cdba");
    const used = [pool("a", 0, 0.3), pool("b", 1, 0.2), pool("c", 2, 0.1, 60, 1)];
    expect(order("spot", {}, used)).toBe("bca");
  });

  it("Spot from the roomiest, with or without regard to priority or price among those", () => {
    expect(order("spot", { spotStrategy: "capacity-optimized" })).toBe("bcad");
    expect(order("spot", { spotStrategy: "capacity-optimized-prioritized" })).toBe("bcad");
    expect(order("spot", { spotStrategy: "price-capacity-optimized" })).toBe("cbda");
    const near = [pool("a", 0, 0.3, 90), pool("b", 1, 0.2, 100), pool("c", 2, 0.1, 40)];
    expect(order("spot", { spotStrategy: "capacity-optimized-prioritized" }, near)).toBe("abc");
  });
});

describe("the prices of the catalogue", () => {
  it("are lower for Spot, in each zone", () => {
    for (const type of ["t3.micro", "m5.large", "c7i.4xlarge", "t4g.nano"]) {
      for (const zone of ["us-east-1a", "us-east-1c"]) {
        expect(spotPrice(type, zone)).toBeLessThan(onDemandPrice(type));
        expect(spotPrice(type, zone)).toBeGreaterThan(0);
      }
    }
    expect([onDemandPrice("m5.large"), onDemandPrice("t3.micro")]).toEqual([0.096, 0.0104]);
  });
});
