import { describe, expect, it } from "vitest";
import type { Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import { attendedExample, forwardTo } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { addFault, converged, nameOf, resizeGroup, somebody } from "../world.ts";
import { approve, countOf, effectsIn, untilWaiting, waitingIn } from "./world.ts";

const EXAMPLE = attendedExample();
const INTERNAL = EXAMPLE.withLoadBalancer({ scheme: "internal" });
/** Its group has another key. */
const RENAMED = EXAMPLE.with({
  autoScalingGroups: { app: EXAMPLE.spec().autoScalingGroups?.web },
});

async function later(installation: Installation, minutes = 10): Promise<void> {
  await installation.clock.advance(minutes * 60_000);
}

async function groupIn(installation: Installation) {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups[0];
}

describe("a load balancer that is to be replaced", () => {
  it("waits for approval, and nothing of its replacement is begun", async () => {
    const installation = await converged(EXAMPLE.spec());
    const before = installation.mutations().length;
    installation.post(INTERNAL.spec());
    const digest = await untilWaiting(installation);
    await later(installation);
    expect(installation.mutations().slice(before)).toEqual([]);
    expect(effectsIn(installation)).toEqual(["loadBalancerReplaced loadBalancer"]);
    expect(waitingIn(installation)?.digest).toBe(digest);
    expect(installation.condition("Stalled")?.reason).toBe("ApprovalRequired");
    expect(installation.condition("Stalled")?.message).toContain("whose DNS name goes");
    expect(installation.condition("Healthy")?.status).toBe("True");
  });

  it("lets everything else go on, a removal of the same family among it", async () => {
    const installation = await converged(EXAMPLE.spec());
    const before = installation.mutations().length;
    installation.post(
      INTERNAL.withLaunchTemplate({ imageId: "ami-87654321" })
        .withPolicy("out", {
          targetTracking: { predefinedMetricType: "ASGAverageNetworkIn", targetValue: 1_000_000 },
        })
        .spec(),
    );
    await untilWaiting(installation);
    await later(installation, 60);
    const calls = installation.mutations().slice(before);
    expect(countOf(calls, "StartInstanceRefresh")).toBe(1);
    expect(countOf(calls, "PutScalingPolicy")).toBe(1);
    expect(countOf(calls, "CreateLoadBalancer") + countOf(calls, "CreateTargetGroup")).toBe(0);
  });

  it("is replaced with the approval, whose digest stays the same to the end", async () => {
    const installation = await converged(EXAMPLE.spec());
    const before = installation.mutations().length;
    installation.post(INTERNAL.spec());
    const digest = await untilWaiting(installation);
    approve(installation);
    const seen = new Set<string>();
    await installation.until(() => {
      const { plan, approval } = installation.get().status ?? {};
      if (approval !== undefined) seen.add(approval.digest);
      if (plan?.approval !== undefined && plan.approval.digest !== digest) seen.add(plan.approval.digest);
      return installation.condition("Ready")?.status === "True" && approval === undefined;
    });
    expect([...seen]).toEqual([digest]);
    const calls = installation.mutations().slice(before);
    expect(countOf(calls, "CreateLoadBalancer")).toBe(1);
    expect(countOf(calls, "DeleteLoadBalancer")).toBe(1);
    expect(installation.get().status?.approvedBefore?.digest).toBe(digest);
  });

  it("is not begun by a pass that could not read it", async () => {
    const installation = await converged(EXAMPLE.spec());
    const before = installation.mutations().length;
    installation.account.faults.add({
      service: "elasticloadbalancing",
      operation: "DescribeLoadBalancers",
      code: "ServiceUnavailable",
      times: 1_000,
    } as never);
    installation.post(INTERNAL.spec());
    await later(installation, 20);
    expect(installation.mutations().slice(before)).toEqual([]);
  });

  it("waits although the same edit says that nothing waits", async () => {
    const installation = await converged(EXAMPLE.spec());
    const before = installation.mutations().length;
    installation.post(INTERNAL.with({ approval: "Never" }).spec());
    await untilWaiting(installation);
    await later(installation);
    expect(installation.mutations().slice(before)).toEqual([]);
  });

  it("goes on with the edit after one that said that nothing waits", async () => {
    const installation = await converged(EXAMPLE.spec());
    installation.post(EXAMPLE.with({ approval: "Never" }).spec());
    await installation.untilReady();
    installation.post(INTERNAL.with({ approval: "Never" }).spec());
    await installation.untilReady();
  });
});

describe("a group with instances that is to go", () => {
  it("waits with what is to take over from it, and goes with the approval", async () => {
    const installation = await converged(EXAMPLE.spec());
    const before = installation.mutations().length;
    installation.post(RENAMED.spec());
    await untilWaiting(installation);
    await later(installation);
    expect(effectsIn(installation)).toEqual(["groupRemoved autoScalingGroups.web"]);
    expect(installation.mutations().slice(before)).toEqual([]);
    approve(installation);
    await installation.untilReady();
    expect(countOf(installation.mutations().slice(before), "DeleteAutoScalingGroup")).toBe(1);
    // To its end: also once it is empty, and to remove it destroys nothing more.
    const removing = installation.store
      .calls({ limit: 100 })
      .filter(({ removes }) => removes === "autoScalingGroup");
    expect(new Set(removing.map(({ cause }) => cause))).toEqual(new Set(["approved"]));
  });

  it("waits where an edit leaves it without any, and the rest of the edit is done", async () => {
    const installation = await converged(EXAMPLE.spec());
    installation.post(
      EXAMPLE.withGroup("web", { minSize: 0, maxSize: 0, healthCheckGracePeriod: 200 }).spec(),
    );
    await untilWaiting(installation);
    await later(installation);
    expect(effectsIn(installation)).toEqual(["groupEmptied autoScalingGroups.web"]);
    const { MaxSize, HealthCheckGracePeriod, Instances } = await groupIn(installation);
    expect({ MaxSize, HealthCheckGracePeriod, live: Instances.length }).toEqual({
      MaxSize: 10,
      HealthCheckGracePeriod: 200,
      live: 2,
    });
    approve(installation);
    await installation.until(() => waitingIn(installation) === undefined);
    await later(installation);
    expect((await groupIn(installation)).Instances).toEqual([]);
  });
});

describe("what serves and is to go", () => {
  const SECOND = EXAMPLE.withTargetGroup("api", { port: 8081, healthCheck: { path: "/health" } })
    .withGroup("web", { targetGroups: ["web", "api"] })
    .withRule("api", { action: forwardTo("api") });

  it("waits: a rule that forwards, and a target group that gets requests", async () => {
    const installation = await converged(SECOND.spec());
    const before = installation.mutations().length;
    installation.post(EXAMPLE.spec());
    await untilWaiting(installation);
    await later(installation);
    expect(effectsIn(installation).sort()).toEqual([
      "servingRemoved loadBalancer.listeners.443.rules.api",
      "servingRemoved targetGroups.api",
    ]);
    expect(installation.mutations().slice(before)).toEqual([]);
    approve(installation);
    await installation.untilReady();
    expect(countOf(installation.mutations().slice(before), "DeleteTargetGroup")).toBe(1);
  });

  it("waits: a listener, whatever it answers", async () => {
    const installation = await converged(EXAMPLE.spec());
    installation.post(EXAMPLE.withoutListener(80).spec());
    await untilWaiting(installation);
    expect(effectsIn(installation)).toEqual(["servingRemoved loadBalancer.listeners.80"]);
    approve(installation);
    await installation.untilReady();
  });

  it("stays where the approval is taken back before the call is sent", async () => {
    let takeBack: (() => void) | undefined;
    const interceptor: Interceptor = {
      before: ({ operation, input }) => {
        const { ResourceArns: [arn, ...others] = [] } = input as { ResourceArns?: string[] };
        if (operation === "DescribeTags" && others.length === 0 && arn?.includes(":listener/")) takeBack?.();
        return undefined;
      },
    };
    const installation = await converged(EXAMPLE.spec(), { interceptor });
    installation.post(EXAMPLE.withoutListener(80).spec());
    await untilWaiting(installation);
    takeBack = () => installation.annotate({});
    approve(installation);
    await later(installation);
    expect(installation.mutations()).not.toContain("elasticloadbalancing:DeleteListener");
    expect(effectsIn(installation)).toEqual(["servingRemoved loadBalancer.listeners.80"]);
  });

  it("waits: a target group that no group fills any more", async () => {
    const installation = await converged(EXAMPLE.spec());
    const before = installation.mutations().length;
    installation.post(EXAMPLE.withGroup("web", { targetGroups: [], healthCheckType: "EC2" }).spec());
    await untilWaiting(installation);
    await later(installation);
    expect(effectsIn(installation)).toEqual(["servingRemoved targetGroups.web"]);
    expect(countOf(installation.mutations().slice(before), "DetachLoadBalancerTargetGroups")).toBe(0);
  });

  it("needs none where another one takes over without a gap, and where nothing serves", async () => {
    const installation = await converged(EXAMPLE.withRule("teapot").spec());
    installation.post(EXAMPLE.withTargetGroup("web", { port: 9090 }).spec());
    await installation.untilReady();
    expect(waitingIn(installation)).toBeUndefined();
    const second = await converged(SECOND.spec());
    second.post(EXAMPLE.withRule("api", { action: forwardTo("web") }).spec());
    await second.untilReady();
  });
});

describe("a correction that would terminate instances", () => {
  it("waits, and goes on with the approval; the same again is asked for again", async () => {
    const installation = await converged(EXAMPLE.spec());
    const grow = async () => {
      await resizeGroup(installation, 14);
      const { AutoScalingGroupName } = await groupIn(installation);
      await somebody(installation, "autoscaling:SetDesiredCapacity", {
        AutoScalingGroupName,
        DesiredCapacity: 12,
      });
    };
    await grow();
    const first = await untilWaiting(installation);
    await later(installation);
    expect(effectsIn(installation)).toEqual(["instancesTerminated autoScalingGroups.web"]);
    expect((await groupIn(installation)).MaxSize).toBe(14);
    expect(waitingIn(installation)?.digest).toBe(first);
    approve(installation);
    await installation.untilReady();
    await later(installation, 30);
    expect((await groupIn(installation)).MaxSize).toBe(10);
    await grow();
    await installation.until(() => waitingIn(installation) !== undefined);
    await later(installation, 3);
    expect(waitingIn(installation)?.digest).not.toBe(first);
    expect((await groupIn(installation)).MaxSize).toBe(14);
    approve(installation);
    await installation.untilReady();
    expect((await groupIn(installation)).MaxSize).toBe(10);
  });

  it("is agreed to once, also while the rest of the service is not as it should be", async () => {
    const installation = await converged(EXAMPLE.spec());
    const refusal = { kind: "error", code: "ServiceUnavailable", message: "no", status: 503 } as const;
    addFault(installation, "cloudwatch:PutMetricAlarm", refusal, { times: 10_000 });
    const AlarmNames = [nameOf(installation, "alarms.high-5xx")];
    await somebody(installation, "cloudwatch:DeleteAlarms", { AlarmNames });
    const { AutoScalingGroupName } = await groupIn(installation);
    const grow = async () => {
      const sizes = { MaxSize: 15, DesiredCapacity: 12 };
      await somebody(installation, "autoscaling:UpdateAutoScalingGroup", { AutoScalingGroupName, ...sizes });
      await later(installation, 3);
    };
    await grow();
    const first = waitingIn(installation)?.digest;
    approve(installation);
    await later(installation, 30);
    expect((await groupIn(installation)).MaxSize).toBe(10);
    expect(installation.condition("Synced")?.status).not.toBe("True");
    await grow();
    expect((await groupIn(installation)).MaxSize).toBe(15);
    expect(waitingIn(installation)?.digest).not.toBe(first);
  });

  it("needs none where nothing is terminated, and an edit that has fewer needs none", async () => {
    const installation = await converged(EXAMPLE.withGroup("web", { minSize: 4 }).spec());
    await resizeGroup(installation, 14);
    await later(installation);
    expect((await groupIn(installation)).MaxSize).toBe(10);
    installation.post(EXAMPLE.withGroup("web", { minSize: 1, maxSize: 3 }).spec());
    await installation.untilReady();
    expect((await groupIn(installation)).MaxSize).toBe(3);
  });

  it("waits: a refresh that brings back what somebody has changed; an edit's rollout does not", async () => {
    const installation = await converged(EXAMPLE.spec());
    installation.post(EXAMPLE.withImage("ami-87654321").spec());
    await installation.untilReady();
    await later(installation);
    const { AutoScalingGroupName } = await groupIn(installation);
    const { LaunchTemplates } = await somebody(installation, "ec2:DescribeLaunchTemplates", {});
    await somebody(installation, "autoscaling:StartInstanceRefresh", {
      AutoScalingGroupName,
      DesiredConfiguration: {
        LaunchTemplate: { LaunchTemplateId: LaunchTemplates[0].LaunchTemplateId, Version: "1" },
      },
      Preferences: { MinHealthyPercentage: 50, InstanceWarmup: 0 },
    });
    await untilWaiting(installation);
    const before = installation.mutations().length;
    await later(installation, 60);
    expect(effectsIn(installation)).toEqual(["instancesTerminated autoScalingGroups.web"]);
    expect(countOf(installation.mutations().slice(before), "StartInstanceRefresh")).toBe(0);
    approve(installation);
    await installation.untilReady();
    expect(countOf(installation.mutations().slice(before), "StartInstanceRefresh")).toBe(1);
  });
});

describe("whoever deletes", () => {
  it("has agreed to what comes of it", async () => {
    const installation = await converged(EXAMPLE.spec());
    installation.remove();
    await installation.until(
      () => installation.store.get({ namespace: "default", name: "web-api" }) === undefined,
    );
  });
});
