import { describe, expect, it } from "vitest";
import { turnsOf } from "../../src/reconciler/looks/turns.ts";

describe("turns", () => {
  it("so many run at the same time, the rest in the order of asking, and one that fails makes room as well", async () => {
    const turn = turnsOf(2);
    const began: number[] = [];
    const ends: ((fails: boolean) => void)[] = [];
    const all = [0, 1, 2, 3].map((number) =>
      turn(() => {
        began.push(number);
        return new Promise<number>((resolve, reject) => {
          ends[number] = (fails) => (fails ? reject(new Error("no")) : resolve(number));
        });
      }),
    );
    const settled = Promise.allSettled(all);
    const idle = () => new Promise<void>((resolve) => setImmediate(resolve));
    await idle();
    expect(began).toEqual([0, 1]);
    ends[1]?.(true);
    await idle();
    expect(began).toEqual([0, 1, 2]);
    ends[0]?.(false);
    await idle();
    expect(began).toEqual([0, 1, 2, 3]);
    ends[2]?.(false);
    ends[3]?.(false);
    expect((await settled).map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
  });
});
