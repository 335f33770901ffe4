import { describe, expect, it } from "vitest";
import { shareFrom } from "../shares.ts";
import { ZOO } from "./bugs.ts";
import { huntingGround, isFoundBy } from "./hunt.ts";
import { planted } from "./plant.ts";
import { NOT_FOUND_YET } from "./score.ts";

/** One run of CI hunts one of so many shares of the zoo; `npm run simulate -- --zoo` hunts all of it. */
const SHARES = 4;
const { share, shares } = shareFrom(process.env.HOLDFAST_SIMULATION_SHARE, SHARES);

describe("the zoo", () => {
  it("holds more than thirty bugs, each with a name and a place of its own", () => {
    expect(ZOO.length).toBeGreaterThan(30);
    expect(new Set(ZOO.map((bug) => bug.name)).size).toBe(ZOO.length);
    for (const bug of ZOO)
      expect(planted(bug), bug.name).not.toContain(bug.find.length > bug.replace.length ? bug.find : "\0");
  });

  it("keeps a score that leaves no bug out", () => {
    const missing = ZOO.filter((bug) => huntingGround(bug.name) === undefined).map((bug) => bug.name);
    expect(missing.sort()).toEqual([...NOT_FOUND_YET].sort());
  });

  it.each(
    ZOO.filter((bug) => huntingGround(bug.name) !== undefined)
      .filter((_, index) => index % shares === share)
      .map((bug) => bug.name),
  )("is found: %s", { timeout: 120_000 }, async (name) => {
    const ground = huntingGround(name);
    if (ground === undefined) throw new Error("it was never found");
    expect(await isFoundBy(name, ground)).toBe(true);
  });
});
