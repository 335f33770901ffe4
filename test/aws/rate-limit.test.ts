import { describe, expect, it } from "vitest";
import { AccountBudget } from "../../src/aws/account-budget.ts";
import { withRateLimit } from "../../src/aws/with-rate-limit.ts";
import type { Urgency } from "../../src/model/fleet/urgency.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Cloud, OperationName } from "../../src/ports.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { errorOf, failing, ScriptedCloud } from "./scripted-cloud.ts";

function world(options: { autoScalingRate?: number; apiShare?: number } = {}) {
  const clock = new VirtualClock(0);
  const aws = new ScriptedCloud(() => clock.nowMs());
  const budget = new AccountBudget({ clock, ...options });
  const cloud: Cloud = withRateLimit(aws, budget);
  const ask = (operation: OperationName, signal?: AbortSignal, urgency?: Urgency) =>
    cloud.call(operation, {} as never, { signal, urgency });
  const askMany = (operation: OperationName, count: number, urgency?: Urgency) =>
    Promise.allSettled(Array.from({ length: count }, () => ask(operation, undefined, urgency)));
  return { clock, aws, budget, ask, askMany };
}

describe("rate limit: AWS's buckets", () => {
  it.each([
    ["elasticloadbalancing:DescribeRules", 30, 10],
    ["elasticloadbalancing:CreateRule", 20, 3],
    ["ec2:DescribeInstances", 100, 20],
    ["ec2:CreateLaunchTemplate", 50, 5],
    ["ec2:CreateLaunchTemplateVersion", 100, 5],
    ["ec2:CreateTags", 100, 10],
    ["autoscaling:DescribePolicies", 30, 10],
    ["cloudwatch:DescribeAlarms", 9, 9],
    ["cloudwatch:PutMetricAlarm", 3, 3],
    ["cloudwatch:TagResource", 20, 20],
  ] as const)(
    "%s: %i at once, then %i each second, half a second late",
    async (operation, burst, perSecond) => {
      const { clock, aws, askMany } = world();
      void askMany(operation, burst + 2 * perSecond);
      await clock.advance(0);
      expect(aws.asked).toHaveLength(burst);
      await clock.advance(1_500);
      expect(aws.asked).toHaveLength(burst + perSecond);
      await clock.advance(1_000);
      expect(aws.asked).toHaveLength(burst + 2 * perSecond);
    },
  );

  it("a load balancer is created every five seconds once ten were", async () => {
    const { clock, aws, askMany } = world();
    void askMany("elasticloadbalancing:CreateLoadBalancer", 12);
    await clock.advance(5_499);
    expect(aws.asked).toHaveLength(10);
    await clock.advance(1);
    expect(aws.asked).toHaveLength(11);
    await clock.advance(5_000);
    expect(aws.asked).toHaveLength(12);
  });

  it("all actions of Elastic Load Balancing share the account's bucket", async () => {
    const { clock, aws, askMany } = world();
    void askMany("elasticloadbalancing:DescribeRules", 30);
    void askMany("elasticloadbalancing:CreateRule", 5);
    await clock.advance(0);
    expect(aws.asked).toHaveLength(30);
    await clock.advance(1_000);
    expect(aws.asked).toHaveLength(35);
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
    expect(aws.asked).toHaveLength(6);
    await clock.advance(1_500);
    expect(aws.asked).toHaveLength(8);
  });
});

describe("rate limit: waiting", () => {
  it("serves in the order of asking", async () => {
    const { clock, aws, ask, askMany } = world();
    void askMany("cloudwatch:PutMetricAlarm", 3);
    const order: number[] = [];
    for (const turn of [1, 2, 3]) void ask("cloudwatch:PutMetricAlarm").then(() => order.push(turn));
    await clock.advance(1_500);
    expect(order).toEqual([1, 2, 3]);
    expect(aws.asked).toHaveLength(6);
  });

  it("lets a read wait for its turn, however long", async () => {
    const { clock, aws, askMany } = world();
    void askMany("elasticloadbalancing:DescribeTargetHealth", 340);
    await clock.advance(30_400);
    expect(aws.asked).toHaveLength(329);
    await clock.advance(100);
    expect(aws.asked).toHaveLength(330);
  });

  it("lets a write wait as well: nothing is refused", async () => {
    const { clock, aws, askMany } = world();
    const answers = askMany("elasticloadbalancing:CreateLoadBalancer", 30);
    await clock.advance(100_500);
    expect(aws.asked).toHaveLength(30);
    expect((await answers).every(({ status }) => status === "fulfilled")).toBe(true);
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
    await clock.advance(824);
    expect(aws.asked).toHaveLength(4);
  });

  it("does not start for a caller who has given up already", async () => {
    const { aws, ask } = world();
    expect(await errorOf(ask("cloudwatch:DescribeAlarms", AbortSignal.abort()))).toMatchObject({
      code: "AbortError",
    });
    expect(aws.asked).toHaveLength(0);
  });

  it("what waits for one bucket holds no token of another, and loses none when it is given up", async () => {
    const { clock, aws, ask, askMany } = world();
    void askMany("elasticloadbalancing:CreateLoadBalancer", 10);
    await clock.advance(0);
    const caller = new AbortController();
    const given = Array.from({ length: 20 }, () =>
      errorOf(ask("elasticloadbalancing:CreateLoadBalancer", caller.signal)),
    );
    await clock.advance(0);
    const before = aws.asked.length;
    void askMany("elasticloadbalancing:DescribeRules", 20);
    await clock.advance(0);
    expect(aws.asked.length - before).toBe(20);
    caller.abort();
    await Promise.all(given);
    await clock.advance(5_500);
    void askMany("elasticloadbalancing:CreateLoadBalancer", 1);
    await clock.advance(0);
    expect(aws.asked.length - before).toBe(21);
  });
});

describe("rate limit: urgency", () => {
  const READ = "elasticloadbalancing:DescribeRules";

  it("serves what is more urgent first, and in the order of coming within one urgency", async () => {
    const { clock, ask, askMany } = world();
    void askMany(READ, 30);
    const order: string[] = [];
    for (const urgency of ["unhealthy", "suspicion", "verification", "person"] as const)
      for (const turn of [1, 2])
        void ask(READ, undefined, urgency).then(() => order.push(`${urgency} ${turn}`));
    await clock.advance(1_500);
    expect(order).toEqual([
      "person 1",
      "person 2",
      "verification 1",
      "verification 2",
      "suspicion 1",
      "suspicion 2",
      "unhealthy 1",
      "unhealthy 2",
    ]);
  });

  it("without an urgency a call is a person's", async () => {
    const { clock, aws, askMany, ask } = world();
    void askMany(READ, 30);
    await clock.advance(0);
    void askMany(READ, 5, "verification");
    let isServed = false;
    void ask(READ).then(() => {
      isServed = true;
    });
    await clock.advance(600);
    expect([aws.asked.length, isServed]).toEqual([31, true]);
  });

  it.each([
    [0.5, 20, 5],
    [0.1, 4, 1],
  ])("routine takes a share of %d: %i at once, and %i each second", async (apiShare, burst, perSecond) => {
    const { clock, aws, askMany } = world({ apiShare });
    void askMany(READ, burst + 4 * perSecond, "routine");
    await clock.advance(0);
    expect(aws.asked).toHaveLength(burst);
    await clock.advance(3_000);
    expect(aws.asked).toHaveLength(burst + 3 * perSecond);
  });

  it("what routine leaves is there for a person at once, however much routine waits", async () => {
    const { clock, aws, askMany } = world();
    void askMany(READ, 200, "routine");
    await clock.advance(5_000);
    const before = aws.asked.length;
    void askMany(READ, 10);
    await clock.advance(0);
    expect(aws.asked.length - before).toBeGreaterThanOrEqual(10);
  });

  it("routine is not starved: a tenth goes to whoever has waited longest", async () => {
    const { clock, budget, askMany } = world();
    void askMany(READ, 1_000);
    void askMany(READ, 100, "routine");
    await clock.advance(60_000);
    const [use] = budget.use("us-east-1");
    expect(use?.routineCallsPerSecond).toBeGreaterThan(0.8);
    expect(use?.routineCallsPerSecond).toBeLessThan(1.2);
    expect(use?.callsPerSecond).toBeGreaterThan(9.5);
  });

  it("tells who uses what", async () => {
    const { clock, budget, askMany } = world();
    void askMany(READ, 30);
    void askMany(READ, 2_000, "routine");
    void askMany("elasticloadbalancing:CreateLoadBalancer", 12);
    await clock.advance(59_000);
    const use = new Map(budget.use("us-east-1").map((row) => [row.bucket, row]));
    expect(use.get("elb")).toMatchObject({ burst: 40, refillPerSecond: 10, refillInForcePerSecond: 10 });
    expect(use.get("elb")?.routineCallsPerSecond).toBeLessThanOrEqual(5.4);
    expect(use.get("elb")?.waiting.routine).toBeGreaterThan(1_000);
    expect(use.get("elasticloadbalancing:CreateLoadBalancer")).toBeUndefined();
    expect(use.get("elb:resource-intensive")?.callsPerSecond).toBeCloseTo(12 / 60);
  });
});

describe("rate limit: what AWS shows", () => {
  it("leaves a throttled API in peace at once, and goes on slower", async () => {
    const { clock, aws, ask, askMany } = world();
    aws.outcome = failing("throttled", "Throttling");
    await errorOf(ask("cloudwatch:DescribeAlarms"));
    aws.outcome = () => new Promise(() => undefined);
    void askMany("cloudwatch:DescribeAlarms", 200);
    await clock.advance(999);
    expect(aws.asked).toHaveLength(1);
    await clock.advance(9_001);
    expect(aws.asked.length).toBeGreaterThan(40);
    expect(aws.asked.length).toBeLessThan(85);
  });

  it("a write that is throttled pauses reads of its API as well, and no other API", async () => {
    const { clock, aws, ask } = world();
    aws.outcome = failing("throttled", "Throttling");
    await errorOf(ask("elasticloadbalancing:CreateRule"));
    aws.outcome = async () => ({});
    void ask("elasticloadbalancing:DescribeRules");
    void ask("autoscaling:DescribePolicies");
    await clock.advance(900);
    expect(aws.asked.map(({ operation }) => operation)).toEqual([
      "elasticloadbalancing:CreateRule",
      "autoscaling:DescribePolicies",
    ]);
    await clock.advance(3_000);
    expect(aws.asked).toHaveLength(3);
  });

  it("what is free of others is not slowed with what is not", async () => {
    const { clock, aws, budget, ask, askMany } = world();
    void askMany("elasticloadbalancing:DescribeRules", 30);
    await clock.advance(0);
    aws.outcome = failing("throttled", "Throttling");
    await errorOf(clock.resolve(ask("elasticloadbalancing:CreateRule")));
    const inForce = new Map(budget.use("r").map((row) => [row.bucket, row.refillInForcePerSecond]));
    expect(inForce.get("elb")).toBeLessThan(10);
    expect(inForce.get("elb:mutating")).toBe(3);
  });

  it("comes back to the full rate in time", async () => {
    const { clock, aws, budget, ask } = world();
    aws.outcome = failing("throttled", "Throttling");
    await errorOf(ask("cloudwatch:DescribeAlarms"));
    expect(budget.use("r")[0]).toMatchObject({ throttledSince: "1970-01-01T00:00:00.000Z" });
    await clock.advance(3_600_000);
    budget.use("r");
    const [use] = budget.use("r");
    expect(use?.refillInForcePerSecond).toBe(9);
    expect(use?.throttledSince).toBeUndefined();
  });

  it("a failure that is no throttling shows nothing", async () => {
    const { aws, budget, ask } = world();
    aws.outcome = failing("transient");
    await errorOf(ask("cloudwatch:DescribeAlarms"));
    expect(budget.use("r")[0]).toMatchObject({ refillInForcePerSecond: 9 });
  });
});
