/** Scaling that cannot keep up with what is asked: which of its reasons it is, with the numbers and what would help. */
import { describe, expect, it } from "vitest";
import { healthOf } from "../../src/health/tier.ts";
import type { GroupFact } from "../../src/model/health.ts";
import { groupFact, instanceFact, NOW_MS, tierFacts } from "./fixtures.ts";

const MINUTE_MS = 60_000;
const rungFor = (minutes: number) => [
  { alarm: "TargetTracking-shop-AlarmHigh-1", policy: "cpu", sinceMs: NOW_MS - minutes * MINUTE_MS },
];
const serving = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    instanceFact({
      instanceId: `i-${index}`,
      availabilityZone: index % 2 === 0 ? "us-east-1a" : "us-east-1b",
    }),
  );
const health = (over: Partial<GroupFact>) =>
  healthOf(tierFacts({ groups: [groupFact({ warmupSeconds: 300, preparations: {}, ...over })] }));
const scaled = (from: number, to: number, minutesAgo: number) => ({
  timeMs: NOW_MS - minutesAgo * MINUTE_MS,
  status: "Successful",
  description: "Launching a new EC2 instance: i-1",
  cause: `At 2026-03-01T11:50:00Z a monitor alarm TargetTracking-shop-AlarmHigh-1 in state ALARM triggered policy cpu changing the desired capacity from ${from} to ${to}.`,
});

describe("a group at its maximum that is asked for more", () => {
  const atMost = { desiredCapacity: 4, maxSize: 4, instances: serving(4), ringing: rungFor(6) };

  it("says so, with the numbers and what would help, and is no less healthy for it", () => {
    const { status, reason, message } = health(atMost);
    expect({ status, reason }).toEqual({ status: "True", reason: "ScalingBehind" });
    expect(message).toContain("autoScalingGroups.web is at its maximum of 4");
    expect(message).toContain("TargetTracking-shop-AlarmHigh-1 has asked for more for 6 min");
    expect(message).toContain("a higher spec.autoScalingGroups.web.maxSize");
    expect(message).toContain("a scheduled action that raises the maximum");
  });

  it("is not told to prepare what it has", () => {
    const { message } = health({ ...atMost, preparations: { schedule: true, prediction: true } });
    expect(message).toMatch(/What would help: a higher spec\.autoScalingGroups\.web\.maxSize\.$/);
  });

  it("says nothing while nothing rings, and while nobody has asked", () => {
    expect(health({ ...atMost, ringing: [] }).reason).toBe("Serving");
    const { ringing: _unread, ...unasked } = atMost;
    expect(health(unasked).reason).toBe("Serving");
  });

  it("says nothing of one that leaves", () => {
    expect(health({ ...atMost, isLeaving: true }).reason).toBe("Serving");
  });
});

describe("a group whose new instances take longer than the rise", () => {
  const young = (seconds: number) =>
    instanceFact({ instanceId: "i-new", launchedAtMs: NOW_MS - seconds * 1000 });
  const warming = { desiredCapacity: 4, instances: [...serving(3), young(60)], ringing: rungFor(6) };

  it("says so once the alarm has rung for longer than a warm-up", () => {
    const { reason, message } = health(warming);
    expect(reason).toBe("ScalingBehind");
    expect(message).toContain(
      "the warm-up of autoScalingGroups.web is longer than the rise: 1 of 4 instances do not count yet, each needs 300 s",
    );
    expect(message).toContain("What would help: a warm pool, a scheduled action");
  });

  it("is given the time of a warm-up, and is not told to have the pool that it has", () => {
    expect(health({ ...warming, ringing: rungFor(4) }).reason).toBe("Serving");
    expect(health({ ...warming, preparations: { warmPool: true } }).message).not.toContain("a warm pool");
    const { warmupSeconds: _unknown, ...unknown } = groupFact({ ...warming, preparations: {} });
    expect(healthOf(tierFacts({ groups: [unknown] })).reason).toBe("Serving");
  });
});

describe("policies that are too slow", () => {
  const slow = {
    ...{ desiredCapacity: 5, instances: serving(5), ringing: rungFor(22) },
    activities: [scaled(4, 5, 3), scaled(3, 4, 12), scaled(2, 3, 20), scaled(1, 2, 50)],
  };

  it("are told with what they have added, what they still may, and for how long that has not been enough", () => {
    const { status, reason, message } = health(slow);
    expect({ status, reason }).toEqual({ status: "True", reason: "ScalingBehind" });
    expect(message).toContain("they have added to it 3 times within 30 min, from 2 to 5, 5 more are allowed");
    expect(message).toContain("has asked for more for 22 min");
    expect(message).toContain("larger steps or a lower target of cpu");
  });

  it("have ten minutes", () => {
    expect(health({ ...slow, ringing: rungFor(9) }).reason).toBe("Serving");
  });

  it("are told without what was not read", () => {
    const { activities: _unread, ...rest } = groupFact({ ...slow, preparations: {} });
    expect(healthOf(tierFacts({ groups: [rest] })).message).toContain("5 instances are wanted by now");
  });
});

describe("a group that cannot grow", () => {
  const failed = {
    timeMs: NOW_MS - MINUTE_MS,
    status: "Failed",
    description: "Launching a new EC2 instance.  Status Reason: no capacity",
    cause: "",
    message: "We currently do not have sufficient t3.medium capacity in the Availability Zone you requested.",
  };

  it("says in AWS's words why, though enough serve", () => {
    const { status, reason, message } = health({
      ...{ desiredCapacity: 6, instances: serving(3), activities: [failed], ringing: rungFor(6) },
    });
    expect({ status, reason }).toEqual({ status: "True", reason: "GrowthFailing" });
    expect(message).toContain("3 instances serve");
    expect(message).toContain("autoScalingGroups.web wants 6 instances, and the last launch failed");
    expect(message).toContain("We currently do not have sufficient t3.medium capacity");
    expect(message).toContain("allow another zone or another instance type");
  });

  it("is told beside instances that fail meanwhile, and not twice where too few serve", () => {
    const bad = instanceFact({ instanceId: "i-bad", healthStatus: "Unhealthy" });
    const both = health({ desiredCapacity: 6, instances: [...serving(3), bad], activities: [failed] });
    expect(both).toMatchObject({ status: "False", reason: "UnhealthyTargets" });
    expect(both.message).toContain("the last launch failed");
    const few = health({ desiredCapacity: 6, instances: serving(1), activities: [failed] });
    expect(few.reason).toBe("LaunchFailing");
    expect(few.message.split("the last launch failed")).toHaveLength(2);
  });
});
