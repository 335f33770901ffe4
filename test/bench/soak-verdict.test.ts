import { describe, expect, it } from "vitest";
import { faultsOf, headerLine, rssSlope, type Sample, sampleLine } from "../../bench/soak-verdict.ts";

function hour(rssAt: (minute: number) => number, more: Partial<Sample> = {}): Sample[] {
  return Array.from({ length: 60 }, (_, index) => ({
    minute: index + 1,
    leastRssMib: rssAt(index + 1),
    mostRssMib: rssAt(index + 1) + 10,
    machineLoad: 1,
    heapUsedMib: 50,
    fds: 60,
    walMib: 4,
    delayP99Ms: 20,
    crashedPasses: 0,
    passes: index * 70,
    awsCalls: index * 1_000,
    ...more,
  }));
}

describe("an hour of samples", () => {
  it("is well when memory settles after the warm-up", () => {
    expect(faultsOf(hour((minute) => Math.min(200, 100 + minute * 10)))).toEqual([]);
  });

  it("is not when memory grows by a tenth of a MiB and more each minute", () => {
    const samples = hour((minute) => 200 + minute * 0.2);
    expect(rssSlope(samples)).toBeCloseTo(2);
    expect(faultsOf(samples)).toEqual(["growth of the resident set: 2.0 MiB in ten minutes, allowed are 1"]);
  });

  it.each<[string, Partial<Sample>]>([
    ["resident set", { mostRssMib: 401 }],
    ["write-ahead log", { walMib: 65 }],
    ["event-loop delay (p99)", { delayP99Ms: 201 }],
    ["crashed passes", { crashedPasses: 1 }],
  ])("is not beyond the bound of the %s", (what, more) => {
    const faults = faultsOf(hour(() => 200, more));
    expect(faults.map((fault) => fault.split(":")[0])).toEqual([what]);
  });

  it("is not when file descriptors pile up, or when nothing was measured", () => {
    const samples = hour(() => 200).map((sample) => ({ ...sample, fds: 60 + sample.minute }));
    expect(faultsOf(samples)).toHaveLength(1);
    expect(faultsOf([])).toHaveLength(1);
  });

  it("is a table with one line for each minute", () => {
    const [first] = hour(() => 200);
    expect(sampleLine(first!).length).toBe(headerLine().length);
  });
});
