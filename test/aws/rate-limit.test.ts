import { describe, expect, it } from "vitest";
import { withRateLimit } from "../../src/aws/with-rate-limit.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Cloud, OperationName } from "../../src/ports.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { errorOf, failing, ScriptedCloud } from "./scripted-cloud.ts";

function world(options: { autoScalingRate?: number } = {}) {
  const clock = new VirtualClock(0);
  const aws = new ScriptedCloud(() => clock.nowMs());
  const cloud: Cloud = withRateLimit(aws, { clock, ...options });
  const ask = (operation: OperationName, signal?: AbortSignal) =>
    cloud.call(operation, {} as never, { signal });
  const askMany = (operation: OperationName, count: number) =>
    Promise.allSettled(Array.from({ length: count }, () => ask(operation)));
  return { clock, aws, ask, askMany };
}

describe("rate limit: AWS's buckets", () => {
  it.each([
    ["elasticloadbalancing:DescribeRules", 40, 10],
    ["elasticloadbalancing:CreateRule", 20, 3],
    ["ec2:DescribeInstances", 100, 20],
    ["ec2:CreateLaunchTemplate", 50, 5],
    ["ec2:CreateLaunchTemplateVersion", 100, 5],
    ["ec2:CreateTags", 100, 10],
    ["autoscaling:DescribePolicies", 40, 10],
    ["cloudwatch:DescribeAlarms", 9, 9],
    ["cloudwatch:PutMetricAlarm", 3, 3],
    ["cloudwatch:TagResource", 20, 20],
  ] as const)("%s: %i at once, then %i each second", async (operation, burst, perSecond) => {
    const { clock, aws, askMany } = world();
    void askMany(operation, burst + 2 * perSecond);
    await clock.advance(0);
    expect(aws.asked).toHaveLength(burst);
    await clock.advance(1_000);
    expect(aws.asked).toHaveLength(burst + perSecond);
    await clock.advance(1_000);
    expect(aws.asked).toHaveLength(burst + 2 * perSecond);
  });

  it("a load balancer is created every five seconds once ten were", async () => {
    const { clock, aws, askMany } = world();
    void askMany("elasticloadbalancing:CreateLoadBalancer", 12);
    await clock.advance(4_999);
    expect(aws.asked).toHaveLength(10);
    await clock.advance(1);
    expect(aws.asked).toHaveLength(11);
    await clock.advance(5_000);
    expect(aws.asked).toHaveLength(12);
  });

  it("all actions of Elastic Load Balancing share the account's bucket", async () => {
    const { clock, aws, askMany } = world();
    void askMany("elasticloadbalancing:DescribeRules", 40);
    void askMany("elasticloadbalancing:CreateRule", 5);
    await clock.advance(0);
    expect(aws.asked).toHaveLength(40);
    await clock.advance(500);
    expect(aws.asked).toHaveLength(45);
  });

  it("actions of EC2 do not share", async () => {
    const { clock, aws, askMany } = world();
    void askMany("ec2:DescribeInstances", 100);
    void askMany("ec2:DescribeInstanceStatus", 100);
    await clock.advance(0);
    expect(aws.asked).toHaveLength(200);
  });

  it("the bucket of Auto Scaling is as large as the setting says", async () => {
    const { clock, aws, askMany } = world({ autoScalingRate: 2 });
    void askMany("autoscaling:DescribePolicies", 10);
    await clock.advance(0);
    expect(aws.asked).toHaveLength(8);
    await clock.advance(1_000);
    expect(aws.asked).toHaveLength(10);
  });
});

describe("rate limit: waiting", () => {
  it("serves in the order of asking", async () => {
    const { clock, aws, ask, askMany } = world();
    void askMany("cloudwatch:PutMetricAlarm", 3);
    const order: number[] = [];
    for (const turn of [1, 2, 3]) void ask("cloudwatch:PutMetricAlarm").then(() => order.push(turn));
    await clock.advance(2_000);
    expect(order).toEqual([1, 2, 3]);
    expect(aws.asked).toHaveLength(6);
  });

  it("lets a read wait for its turn, however long", async () => {
    const { clock, aws, askMany } = world();
    void askMany("elasticloadbalancing:DescribeTargetHealth", 340);
    await clock.advance(29_900);
    expect(aws.asked).toHaveLength(339);
    await clock.advance(100);
    expect(aws.asked).toHaveLength(340);
  });

  it("refuses at once, as throttled, what would wait for longer than it may take", async () => {
    const { clock, ask, askMany } = world();
    // Ten at once, twelve more within the sixty seconds that the creation of a load balancer may take.
    void askMany("elasticloadbalancing:CreateLoadBalancer", 22);
    await clock.advance(0);
    const error = await errorOf(ask("elasticloadbalancing:CreateLoadBalancer"));
    expect(error).toMatchObject({ category: "throttled", code: "RateLimited" });
  });

  it("refuses what the queue has no room for", async () => {
    const { clock, ask, askMany } = world();
    void askMany("cloudwatch:TagResource", 20 + LIMITS.callsWaitingPerBucket);
    await clock.advance(0);
    const error = await errorOf(ask("cloudwatch:TagResource"));
    expect(error).toMatchObject({
      category: "throttled",
      message: expect.stringContaining("too many calls"),
    });
  });

  it("lets go of a call whose caller gives up, and of its place", async () => {
    const { clock, aws, ask, askMany } = world();
    void askMany("cloudwatch:PutMetricAlarm", 3);
    const caller = new AbortController();
    const given = errorOf(ask("cloudwatch:PutMetricAlarm", caller.signal));
    void ask("cloudwatch:PutMetricAlarm");
    await clock.advance(10);
    caller.abort();
    expect(await given).toMatchObject({ code: "AbortError", category: "transient" });
    await clock.advance(324);
    expect(aws.asked).toHaveLength(4);
  });

  it("does not start for a caller who has given up already", async () => {
    const { aws, ask } = world();
    expect(await errorOf(ask("cloudwatch:DescribeAlarms", AbortSignal.abort()))).toMatchObject({
      code: "AbortError",
    });
    expect(aws.asked).toHaveLength(0);
  });

  it("gives a token back when the next bucket refuses", async () => {
    const { clock, aws, ask, askMany } = world();
    void askMany("elasticloadbalancing:DescribeRules", 40);
    await clock.advance(0);
    const caller = new AbortController();
    const given = Array.from({ length: 10 }, () =>
      errorOf(ask("elasticloadbalancing:CreateLoadBalancer", caller.signal)),
    );
    await clock.advance(0);
    caller.abort();
    await Promise.all(given);
    await clock.advance(4_000);
    const before = aws.asked.length;
    void askMany("elasticloadbalancing:CreateLoadBalancer", 10);
    await clock.advance(0);
    expect(aws.asked.length - before).toBe(10);
  });
});

describe("rate limit: what AWS shows", () => {
  it("halves the rate after a throttled call", async () => {
    const { clock, aws, ask, askMany } = world();
    aws.outcome = failing("throttled", "Throttling");
    await errorOf(ask("cloudwatch:DescribeAlarms"));
    aws.outcome = () => new Promise(() => undefined);
    void askMany("cloudwatch:DescribeAlarms", 9);
    await clock.advance(1_000);
    expect(aws.asked).toHaveLength(1 + 4);
  });

  it("comes back to the full rate as calls are let through", async () => {
    const { clock, aws, ask, askMany } = world();
    aws.outcome = failing("throttled", "Throttling");
    await errorOf(ask("cloudwatch:DescribeAlarms"));
    aws.outcome = async () => ({});
    void askMany("cloudwatch:DescribeAlarms", 60);
    await clock.advance(60_000);
    const before = aws.asked.length;
    void askMany("cloudwatch:DescribeAlarms", 18);
    await clock.advance(1_000);
    expect(aws.asked.length - before).toBe(18);
  });

  it.each([
    ["notFound", 18],
    ["transient", 9],
  ] as const)("%s after a throttled call: %i calls in the next two seconds", async (category, count) => {
    const { clock, aws, ask, askMany } = world();
    aws.outcome = failing("throttled", "Throttling");
    await errorOf(ask("cloudwatch:DescribeAlarms"));
    aws.outcome = failing(category);
    for (let call = 0; call < 12; call += 1) {
      await clock.advance(1_000);
      await errorOf(ask("cloudwatch:DescribeAlarms"));
    }
    aws.outcome = () => new Promise(() => undefined);
    void askMany("cloudwatch:DescribeAlarms", 9);
    await clock.advance(0);
    const before = aws.asked.length;
    void askMany("cloudwatch:DescribeAlarms", 30);
    await clock.advance(2_000);
    // A refusal for another reason shows that the call was let through; a failure shows nothing.
    expect(aws.asked.length - before).toBeGreaterThanOrEqual(count - 1);
    expect(aws.asked.length - before).toBeLessThanOrEqual(count + 1);
  });
});
