import { describe, expect, it } from "vitest";
import { eventLoopTurns } from "../../src/runtime/event-loop-turns.ts";

describe("turns", () => {
  it("are given one in each round of the event loop, in the order in which they were asked for", async () => {
    const takeTurn = eventLoopTurns();
    let round = 0;
    const served: [string, number][] = [];
    const work = async (name: string) => {
      for (let piece = 0; piece < 3; piece += 1) {
        await takeTurn();
        served.push([name, round]);
      }
    };
    const all = Promise.all(["a", "b", "c"].map(work));
    while (served.length < 9) {
      await new Promise((resolve) => setImmediate(resolve));
      round += 1;
    }
    await all;
    expect(served.map(([name]) => name).join("")).toBe("abcabcabc");
    expect(new Set(served.map(([, at]) => at)).size).toBe(9);
  });
});
