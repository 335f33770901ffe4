import { describe, expect, it } from "vitest";
import { newUid } from "../../src/runtime/new-uid.ts";
import { randomSeed, SEEDS, seededRng } from "../../src/runtime/seeded-rng.ts";

function draw(seed: number, count: number): number[] {
  const rng = seededRng(seed);
  return Array.from({ length: count }, () => rng.next());
}

describe("seeded randomness", () => {
  it("gives the same numbers for the same seed, and others for the next", () => {
    expect(draw(42, 100)).toEqual(draw(42, 100));
    expect(draw(42, 3)).not.toEqual(draw(43, 3));
  });

  it("stays the same from version to version: recorded seeds keep their meaning", () => {
    expect(draw(1, 3).map((number) => Math.floor(number * 2 ** 32))).toMatchInlineSnapshot(`
      [
        2442144158,
        3238099751,
        3819917871,
      ]
    `);
  });

  it("is uniform in [0, 1)", () => {
    const numbers = draw(7, 100_000);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const number of numbers) tenths[Math.floor(number * 10)]! += 1;
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  });

  it("works for every seed, zero and the largest too", () => {
    for (const seed of [0, 1, SEEDS - 1]) expect(new Set(draw(seed, 1_000)).size).toBeGreaterThan(990);
  });

  it("finds new seeds", () => {
    const seeds = Array.from({ length: 50 }, randomSeed);
    expect(new Set(seeds).size).toBeGreaterThan(45);
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < SEEDS)).toBe(true);
  });
});

describe("uids", () => {
  it("are version 4 UUIDs, all different", () => {
    const rng = seededRng(1);
    const uids = Array.from({ length: 1_000 }, () => newUid(rng));
    expect(new Set(uids).size).toBe(1_000);
    for (const uid of uids) {
      expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it("follow from the randomness that they are given", () => {
    expect(newUid(seededRng(5))).toBe(newUid(seededRng(5)));
  });
});
