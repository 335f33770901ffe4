import { describe, expect, it } from "vitest";
import { historyOf } from "./generate.ts";
import { runJobs } from "./pool.ts";
import { runHistory } from "./run-history.ts";
import { seedJobs, shareFrom } from "./shares.ts";
import { reportOf } from "./shrink.ts";

/** In one run of CI. The environment moves on to other seeds: share n begins at n times as many. */
const SEEDS = 200;
const { share } = shareFrom(process.env.HOLDFAST_SIMULATION_SHARE, 100);
const FIRST = share * SEEDS;

describe("random histories", () => {
  it(`of the seeds ${FIRST} to ${FIRST + SEEDS - 1} all converge, and nothing forbidden happens on the way`, {
    timeout: 1_500_000,
  }, async () => {
    const { runs, failures } = await runJobs(seedJobs(FIRST, FIRST + SEEDS), {
      heard: ({ failures }) => failures.length === 0,
    });
    const [failure] = failures;
    const seed = Number(/--seed (\d+)/.exec(failure?.command ?? "")?.[1]);
    expect(
      failure === undefined ? "" : await reportOf(failure.command, historyOf(seed), failure.objections),
    ).toBe("");
    expect(runs).toBe(SEEDS);
  });

  it("of the same seed are the same, byte for byte", { timeout: 120_000 }, async () => {
    for (let seed = FIRST; seed < FIRST + 10; seed += 1) {
      const [first, second] = [await runHistory(historyOf(seed)), await runHistory(historyOf(seed))];
      expect(second.trace.join("\n")).toBe(first.trace.join("\n"));
    }
  });
});
