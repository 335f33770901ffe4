import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiHealth, FAILURES_TO_OPEN, HALF_OPEN_AFTER_MS } from "../../src/aws/api-health.ts";
import { withCircuitBreaker } from "../../src/aws/with-circuit-breaker.ts";
import type { CloudErrorCategory } from "../../src/model/errors.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { errorOf, failing, ScriptedCloud } from "./scripted-cloud.ts";

function world(timeScale = 1) {
  const clock = new VirtualClock(Date.parse("2026-01-01T00:00:00.000Z"));
  const aws = new ScriptedCloud();
  const health = new ApiHealth("us-east-1", "cloudwatch", clock, timeScale);
  const cloud = withCircuitBreaker(aws, () => health);
  const ask = () => cloud.call("cloudwatch:DescribeAlarms", {});
  const fail = async (category: CloudErrorCategory, times: number, code?: string) => {
    aws.outcome = failing(category, code);
    for (let call = 0; call < times; call += 1) await errorOf(ask());
  };
  return { clock, aws, health, ask, fail };
}

/** The library reads the time of day. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("circuit breaker", () => {
  it.each<CloudErrorCategory>(["transient", "unauthorized"])(
    "opens after many `%s` in a row",
    async (category) => {
      const { aws, health, ask, fail } = world();
      await fail(category, FAILURES_TO_OPEN);
      expect(health.summary()).toMatchObject({ circuit: "open", since: "2026-01-01T00:00:00.000Z" });
      const sent = aws.asked.length;
      expect(await errorOf(ask())).toMatchObject({ code: "CircuitOpen", category: "transient" });
      expect(aws.asked).toHaveLength(sent);
    },
  );

  it.each<CloudErrorCategory>(["notFound", "invalid", "wait", "alreadyExists", "quota"])(
    "stays closed when `%s` stands between the failures: the API lives",
    async (category) => {
      const { health, fail } = world();
      await fail("transient", FAILURES_TO_OPEN - 1);
      await fail(category, 1);
      await fail("transient", FAILURES_TO_OPEN - 1);
      expect(health.summary().circuit).toBe("closed");
    },
  );

  it("does not count throttled calls, neither as failures nor as signs of life", async () => {
    const { health, fail } = world();
    await fail("throttled", 3 * FAILURES_TO_OPEN);
    expect(health.summary().circuit).toBe("closed");
    await fail("transient", FAILURES_TO_OPEN - 1);
    await fail("throttled", 1);
    await fail("transient", 1);
    expect(health.summary().circuit).toBe("open");
  });

  it("does not count calls that we gave up ourselves", async () => {
    const { health, fail } = world();
    await fail("transient", 3 * FAILURES_TO_OPEN, "AbortError");
    expect(health.summary().circuit).toBe("closed");
  });

  it("lets one call through after its rest, and closes when that one is answered", async () => {
    const { aws, health, ask, fail } = world();
    await fail("transient", FAILURES_TO_OPEN);
    vi.setSystemTime(HALF_OPEN_AFTER_MS);
    let answer: (output: unknown) => void = () => undefined;
    aws.outcome = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const trial = ask();
    await Promise.resolve();
    expect(health.summary().circuit).toBe("half-open");
    expect(await errorOf(ask())).toMatchObject({ code: "CircuitOpen" });
    answer({});
    await trial;
    expect(health.summary().circuit).toBe("closed");
  });

  it("stays open when the trial fails too", async () => {
    const { aws, health, ask, fail } = world();
    await fail("transient", FAILURES_TO_OPEN);
    vi.setSystemTime(HALF_OPEN_AFTER_MS);
    await errorOf(ask());
    expect(health.summary().circuit).toBe("open");
    const sent = aws.asked.length;
    await errorOf(ask());
    expect(aws.asked).toHaveLength(sent);
  });

  it("rests on the account's clock: at speed 60, half a second of real time", async () => {
    const { aws, ask, fail } = world(60);
    await fail("transient", FAILURES_TO_OPEN);
    aws.outcome = async () => ({});
    vi.setSystemTime(HALF_OPEN_AFTER_MS / 60 - 1);
    expect(await errorOf(ask())).toMatchObject({ code: "CircuitOpen" });
    vi.setSystemTime(HALF_OPEN_AFTER_MS / 60);
    await ask();
  });
});
