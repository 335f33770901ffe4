import { describe, expect, it } from "vitest";
import { withTimeLimit } from "../../src/aws/with-time-limit.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { errorOf, ScriptedCloud } from "./scripted-cloud.ts";

function world() {
  const clock = new VirtualClock(0);
  const aws = new ScriptedCloud();
  const cloud = withTimeLimit(aws, clock, () => 15_000);
  return { clock, aws, cloud };
}

describe("time limit", () => {
  it("a call that hangs ends as TimeoutError, transient, and is aborted", async () => {
    const { clock, aws, cloud } = world();
    aws.outcome = () => new Promise(() => undefined);
    const ended = errorOf(cloud.call("cloudwatch:DescribeAlarms", {}));
    await clock.advance(14_999);
    expect(aws.asked[0]?.signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(await ended).toMatchObject({ code: "TimeoutError", category: "transient" });
    expect(aws.asked[0]?.signal?.aborted).toBe(true);
  });

  it("an answer in time is the answer, and leaves no timer behind", async () => {
    const { clock, cloud } = world();
    await cloud.call("cloudwatch:DescribeAlarms", {});
    await expect(clock.runUntil(() => false, 60_000)).rejects.toThrow("nothing is scheduled");
  });

  it("a caller who gives up gets AbortError at once", async () => {
    const { aws, cloud } = world();
    aws.outcome = () => new Promise(() => undefined);
    const caller = new AbortController();
    const ended = errorOf(cloud.call("cloudwatch:DescribeAlarms", {}, { signal: caller.signal }));
    caller.abort();
    expect(await ended).toMatchObject({ code: "AbortError", category: "transient" });
    expect(aws.asked[0]?.signal?.aborted).toBe(true);
  });

  it("nothing is sent for a caller who has given up already", async () => {
    const { aws, cloud } = world();
    await errorOf(cloud.call("cloudwatch:DescribeAlarms", {}, { signal: AbortSignal.abort() }));
    expect(aws.asked).toHaveLength(0);
  });
});
