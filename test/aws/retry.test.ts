import { describe, expect, it } from "vitest";
import { withRetry } from "../../src/aws/with-retry.ts";
import type { CloudErrorCategory } from "../../src/model/errors.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { errorOf, failing, ScriptedCloud } from "./scripted-cloud.ts";

function world() {
  const clock = new VirtualClock(0);
  const aws = new ScriptedCloud(() => clock.nowMs());
  const cloud = withRetry(aws, clock, { next: () => 1 });
  return { clock, aws, cloud };
}

describe("retry", () => {
  it("a read that fails once ends well", async () => {
    const { clock, aws, cloud } = world();
    aws.outcome = (operation) =>
      aws.asked.length === 1 ? failing("transient", "ECONNRESET")(operation) : Promise.resolve({ Rules: [] });
    const output = await clock.resolve(cloud.call("elasticloadbalancing:DescribeRules", {}));
    expect(output.Rules).toEqual([]);
    expect(aws.asked.map((call) => call.atMs)).toEqual([0, 200]);
  });

  it("a read is tried three times at most, with longer pauses after throttling", async () => {
    const { clock, aws, cloud } = world();
    aws.outcome = failing("throttled", "Throttling");
    const error = await clock.resolve(errorOf(cloud.call("elasticloadbalancing:DescribeRules", {})));
    expect(error.code).toBe("Throttling");
    expect(aws.asked.map((call) => call.atMs)).toEqual([0, 1_000, 3_000]);
  });

  it("a write is never tried again: it may have been done", async () => {
    const { clock, aws, cloud } = world();
    aws.outcome = failing("transient", "ECONNRESET");
    await clock.resolve(errorOf(cloud.call("elasticloadbalancing:DeleteRule", { RuleArn: "arn:aws:rule" })));
    expect(aws.asked).toHaveLength(1);
  });

  it.each<CloudErrorCategory>([
    "wait",
    "notFound",
    "alreadyExists",
    "conflict",
    "invalid",
    "quota",
    "unauthorized",
    "unsupported",
    "malformed",
  ])("a read that ends in `%s` is not tried again", async (category) => {
    const { clock, aws, cloud } = world();
    aws.outcome = failing(category);
    await clock.resolve(errorOf(cloud.call("elasticloadbalancing:DescribeRules", {})));
    expect(aws.asked).toHaveLength(1);
  });

  it.each([
    ["CircuitOpen", "transient"],
    ["RateLimited", "throttled"],
  ] as const)("a read that was held back as %s is not tried again", async (code, category) => {
    const { clock, aws, cloud } = world();
    aws.outcome = failing(category, code);
    await clock.resolve(errorOf(cloud.call("elasticloadbalancing:DescribeRules", {})));
    expect(aws.asked).toHaveLength(1);
  });

  it("a caller who gives up during the pause gets the last error at once", async () => {
    const { clock, aws, cloud } = world();
    aws.outcome = failing("throttled", "Throttling");
    const caller = new AbortController();
    const ended = errorOf(cloud.call("elasticloadbalancing:DescribeRules", {}, { signal: caller.signal }));
    await clock.advance(10);
    caller.abort();
    expect((await ended).code).toBe("Throttling");
    expect(aws.asked).toHaveLength(1);
  });
});
