import { describe, expect, it } from "vitest";
import { healthOf } from "../../src/health/tier.ts";
import {
  FAILING,
  groupFact,
  instanceFact,
  loadBalancerFact,
  NOW_MS,
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
      message:
        "2 instances serve, from one Availability Zone: us-east-1a, and none from us-east-1b and us-east-1c.",
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
        "Every target of targetGroups.web fails /health: the load balancer fails open and sends requests to all of them. All 2 instances of autoScalingGroups.web fail at once, each with Target.ResponseCodeMismatch. 2 have run for more than an hour: look at what they share, a database or the health check itself, before what was deployed.",
    });
  });

  it("when requests go to a target group without targets that no group fills, and not where it gets none", () => {
    const { targetGroups = [] } = tierFacts();
    const tier = (fact: object) =>
      tierFacts({ targetGroups: [...targetGroups, targetGroupFact({ key: "targetGroups.api", ...fact })] });
    const requestedBy = ["listeners.443.rules.api"];
    expect(healthOf(tier({ inUse: true, requestedBy, targets: 0 }))).toMatchObject({
      status: "False",
      reason: "NoTargets",
      message:
        "Requests go to targetGroups.api (from listeners.443.rules.api), without any target and filled by no group: they are answered with 503.",
    });
    for (const fact of [{ inUse: false, targets: 0 }, { inUse: true, targets: 1 }, { inUse: true }])
      expect(healthOf(tier(fact)).reason).toBe("Serving");
  });

  it("when the first instances are starting", () => {
    const tier = tierFacts({ groups: [groupFact({ instances: [starting, starting] })] });
    expect(healthOf(tier)).toMatchObject({
      status: "False",
      reason: "InstancesStarting",
      message: "0 of at least 2 instances of autoScalingGroups.web serve; 2 are starting.",
    });
  });

  it("when a group has yet to launch what it wants", () => {
    const tier = tierFacts({ groups: [groupFact({ instances: [instanceFact()] })] });
    expect(healthOf(tier)).toMatchObject({
      reason: "LaunchAwaited",
      message: "1 of at least 2 instances of autoScalingGroups.web serves; the group has yet to launch 2.",
    });
  });

  it("when what is needed cannot start: in AWS's words, or by the process that is suspended", () => {
    const failed = {
      timeMs: NOW_MS - 60_000,
      status: "Failed",
      description: "Launching a new EC2 instance.  Status Reason: The image id '[ami-1]' does not exist.",
      cause: "",
    };
    const short = { instances: [instanceFact()] };
    const said = (over: Parameters<typeof groupFact>[0]) =>
      healthOf(tierFacts({ groups: [groupFact({ ...short, ...over })] }));
    expect(said({ activities: [failed] })).toMatchObject({
      reason: "LaunchFailing",
      message:
        "1 of at least 2 instances of autoScalingGroups.web serves; the last launch failed: The image id '[ami-1]' does not exist (the image is not there, is not ready, or does not go with the instance type: mend imageId).",
    });
    expect(said({ suspendedProcesses: ["Launch"] })).toMatchObject({
      reason: "LaunchSuspended",
      message:
        "1 of at least 2 instances of autoScalingGroups.web serves; none is launched: process Launch of shop-web is suspended.",
    });
    const later = { ...failed, timeMs: NOW_MS, status: "Successful", description: "Launching: i-1" };
    expect(said({ activities: [later, failed] }).reason).toBe("LaunchAwaited");
    expect(said({ activities: [failed], instances: [instanceFact(), starting] }).reason).toBe(
      "InstancesStarting",
    );
    const { activities: _unread, ...unread } = groupFact(short);
    expect(healthOf(tierFacts({ groups: [unread] })).message).toContain("could not be read");
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

  it("names a zone in which nobody serves while others do", () => {
    const group = groupFact();
    const dark = instanceFact({
      instanceId: "i-bad",
      availabilityZone: "us-east-1c",
      healthStatus: "Unhealthy",
    });
    const tier = tierFacts({ groups: [{ ...group, instances: [...group.instances.slice(0, 2), dark] }] });
    expect(healthOf(tier).message).toMatch(/i-bad .*; none in us-east-1c serves\.$/);
  });

  it("while a rollout brings instances of which none becomes healthy", () => {
    const rollout = {
      status: "InProgress",
      startedAtMs: NOW_MS - 1_200_000,
      percentageComplete: 0,
      generation: 5,
      stoppedBy: ["unhealthy"],
      undoneBy: "AWS" as const,
      changes: [{ field: "imageId", from: "ami-1", to: "ami-2" }],
    };
    const fresh = instanceFact({ instanceId: "i-new", targets: FAILING, isOfRollout: true });
    const before = instanceFact({ instanceId: "i-old" });
    const of = (...instances: ReturnType<typeof instanceFact>[]) =>
      healthOf(tierFacts({ groups: [groupFact({ desiredCapacity: 2, rollout, instances })] }));
    expect(of(before, fresh)).toMatchObject({
      status: "False",
      reason: "RolloutFailing",
      message:
        "The rollout of generation 5 to autoScalingGroups.web fails: it changes imageId from ami-1 to ami-2. " +
        "No instance that it brings becomes healthy: unhealthy in targetGroups.web (Target.ResponseCodeMismatch); 1 of 2 serve, all from before. " +
        "AWS gives it up after about an hour without progress, around 12:40:00Z, or as soon as unhealthy rings; then AWS brings back what ran before. " +
        "To go back, set spec.autoScalingGroups.web.launchTemplate to imageId: ami-1: the refresh is stopped, and the new instances are replaced.",
    });
    const booting = { ...fresh, launchedAtMs: NOW_MS - 50_000 };
    expect(of(before, booting).reason).toBe("InstancesStarting");
    expect(of(before, instanceFact({ isOfRollout: true }), fresh).reason).toBe("UnhealthyTargets");
  });

  it("is said although something else could not be read", () => {
    const tier = tierFacts({
      loadBalancer: undefined,
      groups: [groupFact({ instances: [instanceFact({ targets: FAILING }), instanceFact()] })],
    });
    expect(healthOf(tier)).toMatchObject({ status: "False", reason: "UnhealthyTargets" });
  });
});

describe("condition Healthy while something is replaced", () => {
  it("counts the instances of a group whose successor is not able to take over", () => {
    const app = groupFact({ key: "autoScalingGroups.app", desiredCapacity: 2, instances: [starting] });
    const web = groupFact({ isLeaving: true, successor: "autoScalingGroups.app" });
    expect(healthOf(tierFacts({ groups: [app, web] })).status).toBe("True");
    expect(healthOf(tierFacts({ groups: [app] })).reason).toBe("InstancesStarting");
  });

  it("sees the requests that go to a target group which is to go", () => {
    const old = targetGroupFact({ key: "shop-web-old", isLeaving: true });
    const targets = [
      { targetGroup: "shop-web-old", state: "healthy" },
      { targetGroup: "targetGroups.web", state: "initial" },
    ];
    const instances = [instanceFact({ targets }), instanceFact({ instanceId: "i-2", targets })];
    const group = groupFact({ desiredCapacity: 2, otherTargetGroups: ["shop-web-old"], instances });
    const targetGroups = [targetGroupFact({ inUse: false }), old];
    expect(healthOf(tierFacts({ groups: [group], targetGroups })).status).toBe("True");
  });
});

describe("a group that is scaled to nothing", () => {
  const empty = { desiredCapacity: 0, instances: [] };

  it("needs nobody where the spec lets it be empty", () => {
    const tier = tierFacts({ groups: [groupFact({ ...empty, minSize: 0 })] });
    expect(healthOf(tier)).toMatchObject({ status: "True", reason: "ScaledToZero" });
  });

  it("is not meant to be empty where AWS is deleting it", () => {
    const tier = tierFacts({ groups: [groupFact({ ...empty, minSize: 0, isBeingDeleted: true })] });
    expect(healthOf(tier)).toMatchObject({ status: "False", reason: "BelowMinimum" });
  });

  it("is below its minimum where it does not", () => {
    const tier = tierFacts({ groups: [groupFact({ ...empty, minSize: 1 })] });
    expect(healthOf(tier)).toMatchObject({ status: "False", reason: "BelowMinimum" });
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

  it("says what a list lacks that was there, and not that AWS could not be asked", () => {
    const { loadBalancer: _lacking, ...tier } = tierFacts();
    const unconfirmed = [{ kind: "loadBalancer" as const, text: "load balancer shop" }];
    expect(healthOf({ ...tier, unconfirmed })).toMatchObject({
      status: "Unknown",
      reason: "Unconfirmed",
      message: "AWS's answers lack load balancer shop; a second read decides.",
    });
    const failing = groupFact({ instances: [instanceFact({ targets: FAILING }), instanceFact()] });
    expect(healthOf({ ...tier, unconfirmed, groups: [failing] }).reason).toBe("UnhealthyTargets");
    const alarm = [{ kind: "alarm" as const, text: "alarm high" }];
    expect(healthOf({ ...tier, unconfirmed: alarm }).reason).toBe("NotObserved");
    expect(healthOf(tierFacts({ unconfirmed: alarm })).status).toBe("True");
  });

  it("counts a group that leaves, while no target group says which group takes over from it", () => {
    const app = groupFact({ key: "autoScalingGroups.app", instances: [starting], desiredCapacity: 2 });
    const leaving = groupFact({ isLeaving: true });
    expect(healthOf(tierFacts({ groups: [app, leaving] })).reason).toBe("InstancesStarting");
    const { targetGroups: _unread, ...tier } = tierFacts({ groups: [app, leaving] });
    expect(healthOf(tier).status).toBe("Unknown");
    const unread = targetGroupFact({ isUnread: true });
    expect(healthOf(tierFacts({ groups: [app, leaving], targetGroups: [unread] })).status).toBe("Unknown");
  });

  it("says of one part that it is unknown, and goes by the others", () => {
    const { inUse: _inUse, ...unclear } = targetGroupFact();
    expect(healthOf(tierFacts({ targetGroups: [unclear] })).message).toBe(
      "AWS could not be asked about the listeners and rules.",
    );
    const unread = targetGroupFact({ key: "targetGroups.api", isUnread: true });
    const web = groupFact({ instances: [instanceFact({ targets: FAILING }), instanceFact()] });
    expect(healthOf(tierFacts({ groups: [web], targetGroups: [targetGroupFact(), unread] })).reason).toBe(
      "UnhealthyTargets",
    );
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
