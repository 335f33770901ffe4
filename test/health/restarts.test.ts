/** An instance that restarts in a loop, and instances that fail all at once. */
import { describe, expect, it } from "vitest";
import { healthOf } from "../../src/health/tier.ts";
import type { GroupFact } from "../../src/model/health.ts";
import { groupFact, instanceFact, NOW_MS, tierFacts } from "./fixtures.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const failing = (instanceId: string, launchedAtMs: number, reason = "Target.Timeout") =>
  instanceFact({
    ...{ instanceId, launchedAtMs },
    targets: [{ targetGroup: "targetGroups.web", state: "unhealthy", reason }],
  });
const replaced = (minutesAgo: number) => ({
  timeMs: NOW_MS - minutesAgo * MINUTE_MS,
  status: "Successful",
  description: "Terminating EC2 instance: i-x",
  cause:
    "At 2026-03-01T11:50:00Z an instance was taken out of service in response to an ELB system health check failure.",
});
const health = (over: Partial<GroupFact>) => healthOf(tierFacts({ groups: [groupFact(over)] }));
const others = [instanceFact(), instanceFact({ instanceId: "i-0b", availabilityZone: "us-east-1b" })];

describe("an instance that restarts in a loop", () => {
  const fresh = failing("i-new", NOW_MS - 2 * MINUTE_MS);
  const loop = { instances: [...others, fresh], activities: [2, 8, 14, 20].map(replaced) };

  it("is called that, with how often, and the grace period that each of them outlasts by nothing", () => {
    const { status, reason, message } = health(loop);
    expect({ status, reason }).toEqual({ status: "False", reason: "RestartLoop" });
    expect(message).toContain("restart in a loop: 4 were replaced for their health within half an hour");
    expect(message).toContain("now with Target.Timeout; 2 of 3 serve");
    expect(message).toContain("Each is given up when its grace period of 300 s has passed");
    expect(message).toContain("spec.autoScalingGroups.web.healthCheckGracePeriod");
  });

  it("is another thing where each lasts longer than its grace period", () => {
    const { message } = health({ ...loop, activities: [1, 13, 25].map(replaced) });
    expect(message).toContain("Each lasts longer than its grace period of 300 s before it fails");
    expect(message).not.toContain("Raise spec");
  });

  it("says the same while the next one is starting", () => {
    const starting = { ...fresh, targets: [{ targetGroup: "targetGroups.web", state: "initial" }] };
    expect(health({ ...loop, instances: [...others, starting] }).reason).toBe("RestartLoop");
  });

  it("is over when all serve, and is none with two replacements", () => {
    expect(health({ ...loop, instances: [...others, instanceFact({ instanceId: "i-c" })] }).reason).toBe(
      "Serving",
    );
    expect(health({ ...loop, activities: [2, 8].map(replaced) }).reason).not.toBe("RestartLoop");
  });
});

describe("instances that fail all at once", () => {
  it("are called that, with what they have in common: old ones by what they share", () => {
    const instances = [1, 2, 3].map((index) => failing(`i-${index}`, NOW_MS - 5 * HOUR_MS));
    const { reason, message } = health({ instances });
    expect(reason).toBe("NoHealthyTargets");
    expect(message).toContain(
      "All 3 instances of autoScalingGroups.web fail at once, each with Target.Timeout.",
    );
    expect(message).toContain("3 have run for more than an hour: look at what they share");
  });

  it("are called that: new ones by what was deployed, and the grace period", () => {
    const instances = [1, 2].map((index) => failing(`i-${index}`, NOW_MS - 20 * MINUTE_MS));
    const { message } = health({ instances, desiredCapacity: 2 });
    expect(message).toContain("All were launched within the last hour: look at what was deployed");
    expect(message).toContain("grace period of 300 s");
  });

  it("are not told by an age that nobody knows, and one alone is no pattern", () => {
    const unknown = [1, 2].map((index) => {
      const { launchedAtMs: _unread, ...rest } = failing(`i-${index}`, 0);
      return rest;
    });
    const { message } = health({ instances: unknown, desiredCapacity: 2 });
    expect(message).toContain("fail at once");
    expect(message).not.toMatch(/hour/);
    expect(
      health({ instances: [failing("i-1", NOW_MS - HOUR_MS)], minSize: 1, desiredCapacity: 1 }).message,
    ).not.toContain("at once");
  });
});
