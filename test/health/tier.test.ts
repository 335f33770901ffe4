import { describe, expect, it } from "vitest";
import { healthOf } from "../../src/health/tier.ts";
import {
  FAILING,
  groupFact,
  instanceFact,
  loadBalancerFact,
  targetGroupFact,
  tierFacts,
} from "./fixtures.ts";

const starting = instanceFact({
  instanceId: "i-new",
  targets: [{ targetGroup: "targetGroups.web", state: "initial" }],
});

describe("condition Healthy: True", () => {
  it("needs every read to say so", () => {
    expect(healthOf(tierFacts())).toEqual({
      type: "Healthy",
      status: "True",
      reason: "Serving",
      message: "3 instances serve from 3 Availability Zones.",
    });
  });

  it("stays while more capacity than the minimum is starting", () => {
    const group = groupFact({ desiredCapacity: 4 });
    const tier = tierFacts({ groups: [{ ...group, instances: [...group.instances, starting] }] });
    expect(healthOf(tier).status).toBe("True");
  });

  it("says when one Availability Zone carries everything", () => {
    const tier = tierFacts({ groups: [groupFact({ instances: [instanceFact(), instanceFact()] })] });
    expect(healthOf(tier)).toMatchObject({
      status: "True",
      reason: "ServingFromOneZone",
      message: "2 instances serve, from one Availability Zone: us-east-1a.",
    });
  });
});

describe("condition Healthy: False", () => {
  it.each([
    ["absent", "LoadBalancerMissing", "AWS has no load balancer for this service."],
    ["provisioning", "LoadBalancerProvisioning", "AWS is still setting the load balancer up."],
    ["active_impaired", "LoadBalancerImpaired", "The load balancer routes, but AWS cannot scale it: no IPs."],
    ["failed", "LoadBalancerFailed", "AWS could not set the load balancer up: no IPs."],
  ])("load balancer %s", (state, reason, message) => {
    const tier = tierFacts({ loadBalancer: loadBalancerFact({ state, stateReason: "no IPs" }) });
    expect(healthOf(tier)).toMatchObject({ status: "False", reason, message });
  });

  it("when nothing forwards to a target group", () => {
    const tier = tierFacts({ targetGroups: [targetGroupFact({ inUse: false })] });
    expect(healthOf(tier)).toMatchObject({ status: "False", reason: "NothingForwarded" });
  });

  it("when AWS has no group", () => {
    expect(healthOf(tierFacts({ groups: [] }))).toMatchObject({
      status: "False",
      reason: "AutoScalingGroupMissing",
    });
  });

  it("when an instance in service fails, though the minimum is met", () => {
    const group = groupFact();
    const bad = instanceFact({ instanceId: "i-bad", targets: FAILING });
    const tier = tierFacts({ groups: [{ ...group, instances: [...group.instances, bad] }] });
    expect(healthOf(tier)).toMatchObject({
      status: "False",
      reason: "UnhealthyTargets",
      message: "1 of 4 instances of autoScalingGroups.web fails: i-bad (Target.ResponseCodeMismatch).",
    });
  });

  it("names no more than three of many", () => {
    const bad = ["i-1", "i-2", "i-3", "i-4"].map((instanceId) =>
      instanceFact({ instanceId, healthStatus: "Unhealthy" }),
    );
    const tier = tierFacts({ groups: [groupFact({ instances: bad })] });
    expect(healthOf(tier).message).toBe(
      "4 of 4 instances of autoScalingGroups.web fail: i-1 (marked Unhealthy by its group), i-2 (marked Unhealthy by its group), i-3 (marked Unhealthy by its group), and 1 more.",
    );
  });

  it("when every target fails: the load balancer fails open", () => {
    const tier = tierFacts({
      groups: [
        groupFact({ instances: [instanceFact({ targets: FAILING }), instanceFact({ targets: FAILING })] }),
      ],
    });
    expect(healthOf(tier)).toMatchObject({
      status: "False",
      reason: "NoHealthyTargets",
      message:
        "Every target of targetGroups.web fails /health: the load balancer fails open and sends requests to all of them.",
    });
  });

  it("when the first instances are starting", () => {
    const tier = tierFacts({ groups: [groupFact({ instances: [starting, starting] })] });
    expect(healthOf(tier)).toMatchObject({
      status: "False",
      reason: "InstancesStarting",
      message: "0 of at least 2 instances of autoScalingGroups.web serve; more are starting.",
    });
  });

  it("when a group has yet to launch what it wants", () => {
    const tier = tierFacts({ groups: [groupFact({ instances: [instanceFact()] })] });
    expect(healthOf(tier)).toMatchObject({ reason: "InstancesStarting" });
  });

  it("when fewer serve than the minimum and none is coming", () => {
    const tier = tierFacts({
      groups: [
        groupFact({
          desiredCapacity: 2,
          instances: [instanceFact(), instanceFact({ lifecycleState: "Standby", targets: [] })],
        }),
      ],
    });
    expect(healthOf(tier)).toMatchObject({
      status: "False",
      reason: "BelowMinimum",
      message: "1 of at least 2 instances of autoScalingGroups.web serves.",
    });
  });

  it("when a group is scaled to nothing", () => {
    const tier = tierFacts({ groups: [groupFact({ minSize: 0, desiredCapacity: 0, instances: [] })] });
    expect(healthOf(tier)).toMatchObject({ status: "False", reason: "BelowMinimum" });
  });

  it("is said although something else could not be read", () => {
    const tier = tierFacts({
      loadBalancer: undefined,
      groups: [groupFact({ instances: [instanceFact({ targets: FAILING }), instanceFact()] })],
    });
    expect(healthOf(tier)).toMatchObject({ status: "False", reason: "UnhealthyTargets" });
  });
});

describe("condition Healthy: Unknown", () => {
  it.each([
    ["loadBalancer", "AWS could not be asked about the load balancer."],
    ["targetGroups", "AWS could not be asked about the target groups."],
    ["groups", "AWS could not be asked about the Auto Scaling groups."],
  ] as const)("without %s", (member, message) => {
    expect(healthOf(tierFacts({ [member]: undefined }))).toMatchObject({
      status: "Unknown",
      reason: "NotObserved",
      message,
    });
  });

  it.each([
    ["target health", { targets: undefined }],
    ["EC2's checks", { ec2: undefined }],
  ])("when %s of one instance could not be read", (_what, over) => {
    const group = groupFact();
    const instances = [...group.instances.slice(1), instanceFact(over)];
    expect(healthOf(tierFacts({ groups: [{ ...group, instances }] }))).toMatchObject({
      status: "Unknown",
      reason: "NotObserved",
      message: "AWS could not be asked about the health of some instances.",
    });
  });
});
