import { describe, expect, it } from "vitest";
import { Looks } from "../../src/events/looks.ts";
import { type ObjectKey, textOfKey } from "../../src/model/object.ts";
import { SettableClock } from "../support/settable-clock.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const keyOf = (name: string): ObjectKey => ({ namespace: "default", name });

function looking() {
  const clock = new VirtualClock();
  const asked: { key: string; atMs: number }[] = [];
  const start = clock.nowMs();
  const machine = new SettableClock(clock);
  const looks = new Looks(machine, (keys) => {
    for (const key of keys) asked.push({ key: textOfKey(key), atMs: clock.nowMs() - start });
  });
  return { clock, machine, looks, asked };
}

describe("a look that an event brings forward", () => {
  it("is made at once", () => {
    const { looks, asked } = looking();
    looks.request([keyOf("web")]);
    expect(asked).toEqual([{ key: "default/web", atMs: 0 }]);
  });

  it("is made once for all that come meanwhile, and again soon after", async () => {
    const { clock, looks, asked } = looking();
    for (let event = 0; event < 100; event += 1) {
      looks.request([keyOf("web")]);
      await clock.advance(100);
    }
    await clock.advance(60_000);
    expect(asked.map(({ atMs }) => atMs)).toEqual([0, 15_000]);
  });

  it("starves nobody in a flood: each waits its turn, and no more than one a second is made for long", async () => {
    const { clock, looks, asked } = looking();
    const flood = Array.from({ length: 500 }, (_, index) => keyOf(`flooded-${index}`));
    looks.request(flood);
    looks.request([keyOf("last")]);
    await clock.advance(600_000);
    expect(asked).toHaveLength(501);
    expect(asked.at(-1)?.key).toBe("default/last");
    expect(asked.filter(({ atMs }) => atMs >= 60_000 && atMs < 120_000).length).toBeLessThanOrEqual(61);
  });

  it("is made at once after the clock was set back, however far", async () => {
    const { machine, looks, asked } = looking();
    const all = Array.from({ length: 20 }, (_, index) => keyOf(`web-${index}`));
    looks.request(all);
    machine.set(-86_400_000);
    looks.request(all);
    expect(asked).toHaveLength(40);
  });

  it("is not made any more once it was stopped", async () => {
    const { clock, looks, asked } = looking();
    looks.request([keyOf("web")]);
    looks.request([keyOf("web")]);
    looks.stop();
    await clock.advance(60_000);
    expect(asked).toHaveLength(1);
  });
});
