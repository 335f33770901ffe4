import { describe, expect, it } from "vitest";
import { plansOf } from "./enumerate.ts";
import { type Failure, runJobs } from "./pool.ts";
import { SCENARIOS } from "./scenarios.ts";
import { planJobs, shareFrom } from "./shares.ts";

/** One run of CI takes one of so many shares; `npm run simulate -- --all` takes all. */
const SHARES = 180;

describe("every scenario", () => {
  it("has a name of its own, and there are more than twenty", () => {
    expect(new Set(SCENARIOS.map((scenario) => scenario.name)).size).toBe(SCENARIOS.length);
    expect(SCENARIOS.length).toBeGreaterThan(20);
  });

  it("converges whichever of its calls and commits is attacked", { timeout: 1_500_000 }, async () => {
    const failures: Failure[] = [];
    await runJobs(planJobs(shareFrom(process.env.HOLDFAST_SIMULATION_SHARE, SHARES)), {
      heard: (result) => {
        failures.push(...result.failures);
        return failures.length < 10;
      },
    });
    expect(failures).toEqual([]);
  });

  it("is attacked at every call that changes something in every way, and at every commit of a new state", {
    timeout: 60_000,
  }, async () => {
    const create = SCENARIOS.find((scenario) => scenario.name === "create");
    if (create === undefined) throw new Error("there is no scenario called create");
    const { plans, verdict } = await plansOf(create);
    const ways = (point: string) =>
      plans.filter(({ attack }) => attack.do === "crash" && attack.point === point).length;
    expect(ways("afterEffect")).toBe(verdict.effects);
    expect(ways("beforeSend")).toBeGreaterThanOrEqual(verdict.effects);
    expect(ways("beforeCommit")).toBe(ways("afterCommit"));
    expect(ways("beforeCommit")).toBeGreaterThan(verdict.effects);
  });
});
