import { describe, expect, it } from "vitest";
import { READ_CLASSES } from "../../src/model/fleet/freshness.ts";
import { type BucketUse, periodOf, periodsOf } from "../../src/observer/periods.ts";

/** So many services like the worked example, of Elastic Load Balancing's bucket. */
function fleet(services: number, more: Partial<BucketUse> = {}): BucketUse {
  return {
    name: "elb",
    refillPerSecond: 10,
    allowedPerSecond: 5,
    listsPerSecond: 0.2,
    calls: { health: services, structure: 3.45 * services, attributes: 3 * services },
    ...more,
  };
}

const spent = ({ calls, listsPerSecond }: BucketUse, seconds: Record<string, number>) =>
  READ_CLASSES.reduce((sum, of) => sum + calls[of] / periodOf(seconds[of] ?? 0), listsPerSecond);

describe("how old what is read becomes", () => {
  it("as was wished, where the share of every bucket allows it", () => {
    expect(periodsOf([fleet(30)], 60)).toEqual({ seconds: { health: 60, structure: 60, attributes: 60 } });
    expect(periodsOf([], 60).limit).toBeUndefined();
  });

  it("older attributes first, then older structure, and health as wished meanwhile", () => {
    const { seconds } = periodsOf([fleet(40)], 60);
    expect(seconds).toMatchObject({ health: 60, structure: 60 });
    expect(seconds.attributes).toBeGreaterThan(60);
    const more = periodsOf([fleet(60)], 60);
    expect(more.seconds).toMatchObject({ health: 60, attributes: 300 });
    expect(more.seconds.structure).toBeCloseTo(73.2, 1);
  });

  it("everything by one factor, where that is not enough: what is allowed is spent, and no more", () => {
    for (const services of [120, 300, 1_000]) {
      const use = fleet(services);
      const { seconds } = periodsOf([use], 60);
      expect(spent(use, seconds)).toBeLessThanOrEqual(5);
      expect(spent(use, seconds)).toBeGreaterThan(4.7);
      expect(seconds.structure / seconds.health).toBeCloseTo(2);
      expect(seconds.attributes / seconds.health).toBeCloseTo(5);
    }
  });

  it("and says which bucket is in the way, and what the wish would take of it", () => {
    const alarms = fleet(60, { name: "alarms", refillPerSecond: 9, allowedPerSecond: 8.9 });
    expect(periodsOf([fleet(60), alarms], 60).limit).toMatchObject({
      bucket: "elb",
      wishedShare: expect.closeTo(0.821, 3),
    });
  });

  it("the bucket that asks for most decides", () => {
    const narrow = fleet(300, { name: "narrow", allowedPerSecond: 2 });
    const { seconds } = periodsOf([fleet(300), narrow], 60);
    expect(spent(narrow, seconds)).toBeLessThanOrEqual(2);
    expect(spent(narrow, seconds)).toBeGreaterThan(1.88);
  });

  it("no more often than there is need, and never not at all", () => {
    expect(periodsOf([fleet(30)], 60, { health: 0, structure: 600, attributes: 1_800 }).seconds).toEqual({
      health: 60,
      structure: 600,
      attributes: 1_800,
    });
    const { seconds } = periodsOf([fleet(300, { listsPerSecond: 5 })], 60);
    expect(Number.isFinite(seconds.health)).toBe(true);
  });
});
