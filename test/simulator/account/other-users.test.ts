import { describe, expect, it } from "vitest";
import { buildLab } from "../support.ts";

const LOOK = "elasticloadbalancing:DescribeLoadBalancers";

describe("other users of the account", () => {
  it("call as often as they are told to, and take what nobody else has then", async () => {
    const lab = buildLab({ throttle: true, others: { callsPerSecond: 3, operations: [LOOK] } });
    await lab.clock.advance(600_000);
    const { made, throttled } = lab.account.others.counts();
    expect(made).toBeGreaterThan(1_700);
    expect(made).toBeLessThan(1_900);
    expect(throttled).toBe(0);

    lab.account.others.set({ callsPerSecond: 100, operations: [LOOK] });
    await lab.clock.advance(60_000);
    expect(lab.account.others.counts().throttled).toBeGreaterThan(4_000);
    expect(await lab.refusal(LOOK)).toBe("Throttling");

    lab.account.others.set(undefined);
    const before = lab.account.others.counts();
    await lab.clock.advance(60_000);
    expect(lab.account.others.counts()).toEqual(before);
    expect(await lab.refusal(LOOK)).toBe("no error");
  });

  it("leave no trace beside the buckets", async () => {
    const lab = buildLab({ throttle: true, others: { callsPerSecond: 3, operations: [LOOK] } });
    await lab.clock.advance(60_000);
    expect(lab.account.calls.total()).toBe(0);
  });

  it("do what can be done only", () => {
    const { others } = buildLab().account;
    expect(() => others.set({ callsPerSecond: 0, operations: [LOOK] })).toThrow("callsPerSecond");
    expect(() => others.set({ callsPerSecond: 1, operations: [] })).toThrow("operation");
    expect(() => others.set({ callsPerSecond: 1, operations: ["look"] })).toThrow("'look'");
  });

  it("do the same with the same seed", async () => {
    const run = async (): Promise<object> => {
      const lab = buildLab({ throttle: true, others: { callsPerSecond: 12, operations: [LOOK] } });
      await lab.clock.advance(100_000);
      return lab.account.others.counts();
    };
    expect(await run()).toEqual(await run());
  });
});
