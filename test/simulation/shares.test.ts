import { describe, expect, it } from "vitest";
import { SCENARIOS } from "./scenarios.ts";
import { planJobs, shareFrom, shareOf } from "./shares.ts";

const bugs = ["a", "b", "c", "d", "e", "f", "g"];

describe("the share of a commit", () => {
  it("and those of the commits after it are everything, each thing once", () => {
    const shares = [41, 42, 43].map((commit) => shareOf(bugs, shareFrom(String(commit), 3)));
    expect(shares.flat().sort()).toEqual(bugs);
  });

  it("holds every scenario's run without an attack, once, whatever attacks it holds", () => {
    for (const setting of ["0", "7", "1000", "0/1"]) {
      const jobs = planJobs(shareFrom(setting, 180)).filter((job) => job.kind === "plans" && job.hasPlain);
      expect(jobs.map((job) => job.kind === "plans" && job.scenario)).toEqual([...SCENARIOS.keys()]);
    }
  });
});
