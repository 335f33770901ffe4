import { describe, expect, it } from "vitest";
import { type Cost, FleetPace } from "../../src/observer/fleet-pace.ts";

const ELB = { name: "elb", refillPerSecond: 10 };
const COST: Cost = new Map([["elb", { health: 1, structure: 3.5, attributes: 3 }]]);

function fleetOf(services: number, isUnwell: (index: number) => boolean) {
  let nowMs = 0;
  const pace = new FleetPace({
    ...{ nowMs: () => nowMs, region: "us-east-1", wishedMs: 60_000, apiShare: 0.5 },
    isFlowing: () => false,
  });
  pace.meet(ELB);
  const keyOf = (index: number) => ({ namespace: "default", name: `s${index}` });
  for (let index = 0; index < services; index += 1)
    pace.compared(keyOf(index), { health: 0, structure: 0, attributes: 0 }, COST, isUnwell(index));
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { pace, keyOf, pass };
}

const promised = ({ pace, keyOf }: ReturnType<typeof fleetOf>, index: number) =>
  pace.freshnessOf(keyOf(index))?.health.promisedSeconds ?? 0;

describe("how often the health of a service is read", () => {
  it("as often as was wished where it is not well, however large the fleet is", () => {
    const fleet = fleetOf(300, (index) => index === 0);
    expect([promised(fleet, 0), promised(fleet, 1) > 150]).toEqual([60, true]);
  });

  it("less often where so much is not well that everybody else would wait, and as is promised then", () => {
    expect(
      promised(
        fleetOf(1_000, () => true),
        0,
      ),
    ).toBe(400);
  });

  it("as before, once all is well again or gone", () => {
    const fleet = fleetOf(300, () => true);
    for (let index = 1; index < 300; index += 1) fleet.pace.forget(fleet.keyOf(index));
    expect(promised(fleet, 0)).toBe(60);
  });
});

describe("the looks at a fleet", () => {
  it("come second by second where there is room, and not in step", () => {
    const { pace, keyOf } = fleetOf(30, () => false);
    const dueMs = Array.from({ length: 30 }, (_, index) => pace.untilDueMs(keyOf(index)));
    const most = Math.max(
      ...[...Map.groupBy(dueMs, (ms) => Math.floor(ms / 1_000)).values()].map((all) => all.length),
    );
    expect(most).toBeLessThan(30);
    expect(Math.max(...dueMs)).toBeLessThanOrEqual(60_000);
  });

  it("are due soon after the clock went back, and never one right after the other", () => {
    const { pace, keyOf, pass } = fleetOf(1, () => false);
    pass(-3_600_000);
    expect(pace.untilDueMs(keyOf(0))).toBeLessThan(10_000);
    expect(pace.untilDueMs(keyOf(0))).toBeGreaterThan(1_000);
  });

  it("are given no list that is nearly as old as what belongs to it may become, however many pages it has", () => {
    const { pace } = fleetOf(30, () => false);
    const mostMs = (pace.budget().promisedSeconds.structure * 1_000) / 4;
    for (const pages of [1, 10, 100, 1_000])
      expect(pace.listAgeMs("list", pages, ELB)).toBeLessThanOrEqual(mostMs);
  });
});
