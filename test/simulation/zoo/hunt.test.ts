import { afterAll, describe, expect, it } from "vitest";
import { shareFrom, shareOf } from "../shares.ts";
import { ZOO } from "./bugs.ts";
import { failuresWithoutBug, placeOf } from "./hunt.ts";
import { planted } from "./plant.ts";
import { FOUND_AT } from "./score.ts";

/** One run of CI hunts for every third bug, so that three runs hunt for all; `npm run simulate -- --zoo` does at once. */
const HUNTED = shareOf(ZOO, shareFrom(process.env.HOLDFAST_SIMULATION_SHARE, 3)).map((bug) => bug.name);

describe("the zoo", () => {
  const found: string[] = [];
  afterAll(() =>
    console.info(`${found.length} of ${HUNTED.length} planted bugs found, of ${ZOO.length} in all`),
  );

  it("holds more than thirty bugs, each with a name and a place of its own", () => {
    expect(ZOO.length).toBeGreaterThan(30);
    expect(new Set(ZOO.map((bug) => bug.name)).size).toBe(ZOO.length);
    for (const bug of ZOO)
      expect(planted(bug), bug.name).not.toContain(bug.find.length > bug.replace.length ? bug.find : "\0");
  });

  it("keeps a score that leaves no bug out, and no place that fails without one", async () => {
    expect(Object.keys(FOUND_AT).sort()).toEqual(ZOO.map((bug) => bug.name).sort());
    const places = HUNTED.flatMap((name) => FOUND_AT[name] ?? []);
    expect(await failuresWithoutBug(places)).toEqual([]);
  }, 600_000);

  // Where a change of product or harness has moved the place, the bug is hunted for everywhere before it counts as lost.
  // Each takes one thread, and there are two cores.
  it.concurrent.each(HUNTED)("is found: %s", { timeout: 1_500_000 }, async (name) => {
    expect(await placeOf(name)).toBeDefined();
    found.push(name);
  });
});
