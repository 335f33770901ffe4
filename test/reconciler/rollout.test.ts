import { describe, expect, it } from "vitest";
import { type Example, example, forwardTo, ONE_MORE, SECOND_CERTIFICATE } from "../support/example.ts";
import type { Installation } from "../support/installation.ts";
import { arnOf, census, converged, driftEvents, nameOf, resizeGroup, somebody, watching } from "./world.ts";

const ELB = "elasticloadbalancing";

interface Case {
  /** What the user changes in the spec. */
  readonly changes: string;
  /** Before, where it is not the example as it is. */
  readonly from?: Example;
  readonly to: Example;
  /** The mutating calls that bring it to AWS, in order. */
  readonly calls: readonly string[];
}

const IN_PLACE: readonly Case[] = [
  {
    changes: "an attribute of the load balancer",
    to: example().withLoadBalancer({ attributes: { "idle_timeout.timeout_seconds": 90 } }),
    calls: [`${ELB}:ModifyLoadBalancerAttributes`],
  },
  {
    changes: "an attribute that is no longer declared, which goes back to its default",
    from: example().withLoadBalancer({ attributes: { "routing.http2.enabled": false } }),
    to: example(),
    calls: [`${ELB}:ModifyLoadBalancerAttributes`],
  },
  {
    changes: "subnets of the load balancer alone",
    to: example().withLoadBalancer({ subnetIds: ["subnet-1a", "subnet-1b"] }),
    calls: [`${ELB}:SetSubnets`],
  },
  {
    changes: "security groups of the load balancer",
    to: example().withLoadBalancer({ securityGroups: ["sg-12345678"] }),
    calls: [`${ELB}:SetSecurityGroups`],
  },
  {
    changes: "the address type",
    to: example().withLoadBalancer({ ipAddressType: "dualstack" }),
    calls: [`${ELB}:SetIpAddressType`],
  },
  {
    changes: "the default action of a listener",
    to: example().withListener(80, { defaultAction: forwardTo("web") }),
    calls: [`${ELB}:ModifyListener`],
  },
  {
    changes: "the TLS policy",
    to: example().withListener(443, { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" }),
    calls: [`${ELB}:ModifyListener`],
  },
  {
    changes: "a listener from HTTPS to HTTP",
    to: example().withListener(443, { protocol: "HTTP", certificates: undefined }),
    calls: [`${ELB}:ModifyListener`],
  },
  {
    changes: "a certificate more",
    to: example().withCertificate(SECOND_CERTIFICATE),
    calls: [`${ELB}:AddListenerCertificates`],
  },
  {
    changes: "a certificate less",
    from: example().withCertificate(SECOND_CERTIFICATE),
    to: example(),
    calls: [`${ELB}:RemoveListenerCertificates`],
  },
  {
    changes: "a new listener",
    to: example().withListener(8443, {
      protocol: "HTTP",
      defaultAction: { fixedResponse: { statusCode: "404" } },
    }),
    calls: [`${ELB}:CreateListener`],
  },
  {
    changes: "a listener less",
    to: example().withoutListener(80),
    calls: [`${ELB}:DeleteListener`],
  },
  {
    changes: "the conditions of a rule",
    to: example().withRule("block-admin", { conditions: [{ pathPattern: ["/admin"] }] }),
    calls: [`${ELB}:ModifyRule`],
  },
  {
    changes: "the action of a rule",
    to: example().withRule("block-admin", { action: forwardTo("web") }),
    calls: [`${ELB}:ModifyRule`],
  },
  {
    changes: "a rule more",
    to: example().withRule("extra"),
    calls: [`${ELB}:CreateRule`],
  },
  {
    changes: "a rule less",
    to: example().withoutRule("block-admin"),
    calls: [`${ELB}:DeleteRule`],
  },
  {
    changes: "the order of three rules",
    from: example().withRules("a", "b", "c"),
    to: example().withRules("c", "a", "b"),
    calls: [`${ELB}:SetRulePriorities`],
  },
  {
    changes: "a rule for another one at the same priority",
    to: example().withRules("new"),
    calls: [`${ELB}:ModifyRule`, `${ELB}:AddTags`],
  },
  {
    changes: "the health check",
    to: example().withTargetGroup("web", { healthCheck: { path: "/", matcher: { httpCode: "200-299" } } }),
    calls: [`${ELB}:ModifyTargetGroup`],
  },
  {
    changes: "the deregistration delay",
    to: example().withTargetGroup("web", { attributes: { "deregistration_delay.timeout_seconds": 60 } }),
    calls: [`${ELB}:ModifyTargetGroupAttributes`],
  },
  {
    changes: "a target group more",
    to: example().withTargetGroup("other", { port: 9090 }),
    calls: [`${ELB}:CreateTargetGroup`, `${ELB}:ModifyTargetGroupAttributes`],
  },
  {
    changes: "the bounds of the group",
    to: example().withGroup("web", { maxSize: 12 }),
    calls: ["autoscaling:UpdateAutoScalingGroup"],
  },
  {
    changes: "the grace period, and a lifetime",
    to: example().withGroup("web", { healthCheckGracePeriod: 120, maxInstanceLifetime: 864_000 }),
    calls: ["autoscaling:UpdateAutoScalingGroup"],
  },
  {
    changes: "settings of the group that are no longer declared",
    from: example().withGroup("web", { defaultInstanceWarmup: 60, maxInstanceLifetime: 864_000 }),
    to: example(),
    calls: ["autoscaling:UpdateAutoScalingGroup"],
  },
  {
    changes: "a scaling policy's target",
    to: example().withPolicy("cpu", {
      targetTracking: { predefinedMetricType: "ASGAverageCPUUtilization", targetValue: 50 },
    }),
    calls: ["autoscaling:PutScalingPolicy"],
  },
  {
    changes: "a scaling policy for one of another type",
    to: example().withPolicy("cpu", ONE_MORE),
    calls: ["autoscaling:PutScalingPolicy", "autoscaling:DeletePolicy"],
  },
  {
    changes: "a policy that counts requests, and an alarm that sets off a step",
    to: example()
      .withGroup("web", { scalingPolicies: { out: ONE_MORE } })
      .withPolicy("requests", {
        targetTracking: {
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel: { ref: "targetGroups.web" },
          targetValue: 1000,
        },
      })
      .withAlarm("high-5xx", { alarmActions: [{ ref: "autoScalingGroups.web.scalingPolicies.out" }] })
      .withListener(80, { defaultAction: forwardTo("web") }),
    calls: [
      `${ELB}:ModifyListener`,
      "autoscaling:PutScalingPolicy",
      "autoscaling:PutScalingPolicy",
      "cloudwatch:PutMetricAlarm",
      "autoscaling:DeletePolicy",
    ],
  },
  {
    changes: "an alarm's threshold",
    to: example().withAlarm("high-5xx", { threshold: 20 }),
    calls: ["cloudwatch:PutMetricAlarm"],
  },
  {
    changes: "an alarm less",
    to: example().with({ alarms: {} }),
    calls: ["cloudwatch:DeleteAlarms"],
  },
  {
    changes: "a tag that only the group has",
    to: example().withGroup("web", { tags: { role: { value: "web", propagateAtLaunch: true } } }),
    calls: ["autoscaling:CreateOrUpdateTags"],
  },
];

/** A version of a launch template stays for good; which one is the default is in the group's instances. */
function withoutVersions(account: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(account).filter(([, resource]) => !Object.hasOwn(resource as object, "versions")),
  );
}

describe("a changed spec", () => {
  it.each(IN_PLACE)(
    "brings $changes to AWS by exactly the right calls",
    async ({ from = example(), to, calls }) => {
      const installation = await converged(from.spec());
      const before = installation.mutations().length;
      installation.post(to.spec());
      await installation.untilReady();
      await installation.clock.advance(600_000);
      expect(installation.mutations().slice(before)).toEqual(calls);
      expect(driftEvents(installation)).toEqual([]);
      expect(installation.condition("Ready")?.status).toBe("True");
      expect(installation.get().status?.resources.every((row) => row.state === "InSync")).toBe(true);
    },
  );

  it("back to what it was leaves the account as it was", async () => {
    const installation = await converged();
    const before = await census(installation);
    const other = example()
      .withLoadBalancer({ attributes: { "idle_timeout.timeout_seconds": 90 } })
      .withRules("a", "b")
      .withGroup("web", { maxSize: 12 })
      .withAlarm("high-5xx", { threshold: 20 })
      .with({ tags: { Environment: "production", Owner: "us" } });
    installation.post(other.spec());
    await installation.untilReady();
    await installation.clock.advance(1_800_000);
    installation.post(example().spec());
    await installation.untilReady();
    await installation.clock.advance(3_600_000);
    expect(withoutVersions(await census(installation))).toEqual(withoutVersions(before));
  });

  it("takes a tag back, and does not say that it is left alone", async () => {
    const installation = await converged();
    installation.post(example().with({ tags: {} }).spec());
    await installation.clock.advance(1_500);
    expect(installation.get().status?.unowned).toEqual([]);
    await installation.untilReady();
    const told = installation.store.events({ limit: 100 }).items.map(({ reason }) => reason);
    expect(told).not.toContain("UnownedResource");
  });

  it("that was drifting is not drift any more: the old event is superseded", async () => {
    const installation = await converged();
    installation.annotate({ "holdfast.dev/paused": "true" });
    await resizeGroup(installation, 3);
    await installation.until(() => driftEvents(installation).length === 1);
    installation.post(example().withGroup("web", { maxSize: 3 }).spec());
    await installation.until(() => driftEvents(installation)[0]?.state !== "Open");
    expect(driftEvents(installation)[0]?.state).toBe("Superseded");
  });
});

/** Healthy targets behind everything that the listener's default action sends traffic to, and behind the rest. */
function servingTargets(installation: Installation): number {
  const { elb } = installation.account.parts;
  const balancers = elb.loadBalancers();
  return Math.max(
    0,
    ...balancers.flatMap((balancer) =>
      balancer.targetGroups.map(
        ({ arn }) => elb.targets(arn).filter((target) => target.health.state === "healthy").length,
      ),
    ),
  );
}

describe("replacement without a gap", () => {
  it("of a target group whose port changes: traffic moves when the new one has as many healthy targets", async () => {
    const installation = await converged();
    const old = arnOf(installation, "targetGroups.web");
    installation.post(example().withTargetGroup("web", { port: 9090 }).spec());
    await watching(installation, async () => {
      const listener = installation.account.parts.elb;
      const { Listeners } = await somebody(installation, `${ELB}:DescribeListeners`, {
        LoadBalancerArn: arnOf(installation, "loadBalancer"),
      });
      const https = Listeners.find((one: { Port: number }) => one.Port === 443);
      const weighted = https?.DefaultActions[0]?.ForwardConfig.TargetGroups.filter((one) => one.Weight > 0);
      const healthy = (weighted ?? []).map(
        (one) =>
          listener.targets(one.TargetGroupArn).filter((target) => target.health.state === "healthy").length,
      );
      expect(Math.max(...healthy)).toBeGreaterThanOrEqual(2);
    });
    expect(arnOf(installation, "targetGroups.web")).not.toBe(old);
    await installation.clock.advance(600_000);
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups.map((one) => one.Port)).toEqual([9090]);
    const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
    expect(AutoScalingGroups[0]).toMatchObject({
      HealthCheckType: "ELB",
      TargetGroupARNs: [TargetGroups[0].TargetGroupArn],
    });
    expect(driftEvents(installation)).toEqual([]);
  });

  it("of a target group whose successor never becomes healthy: the old one goes on serving", async () => {
    const installation = await converged();
    const deaf = { port: 9090, healthCheck: { matcher: { httpCode: "418" } } };
    installation.post(example().withTargetGroup("web", deaf).spec());
    for (let step = 0; step < 180; step += 1) {
      await installation.clock.advance(20_000);
      expect(servingTargets(installation)).toBeGreaterThanOrEqual(2);
    }
    expect(installation.condition("Ready")?.status).toBe("False");
    installation.post(example().spec());
    await installation.untilReady();
    await installation.clock.advance(600_000);
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups).toHaveLength(1);
  });

  it("of a load balancer whose scheme changes: the new one stands before the old one goes", async () => {
    const installation = await converged();
    const old = arnOf(installation, "loadBalancer");
    installation.post(example().withLoadBalancer({ scheme: "internal" }).spec());
    await watching(installation, () => {
      expect(servingTargets(installation)).toBeGreaterThanOrEqual(2);
    });
    await installation.clock.advance(900_000);
    const { LoadBalancers } = await somebody(installation, `${ELB}:DescribeLoadBalancers`, {});
    expect(LoadBalancers.map((one) => [one.Scheme, one.LoadBalancerArn === old])).toEqual([
      ["internal", false],
    ]);
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups).toHaveLength(1);
    expect(installation.condition("Ready")?.status).toBe("True");
  });
});

describe("a changed launch template", () => {
  const groupOf = async (installation: Installation) =>
    (await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {})).AutoScalingGroups[0];
  const refreshesOf = async (installation: Installation) =>
    (
      await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
        AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
      })
    ).InstanceRefreshes;

  it("becomes a new version and an instance refresh that never goes below the least healthy share", async () => {
    const ofFour = example().withGroup("web", { minSize: 4 });
    const installation = await converged(ofFour.spec());
    const calls = installation.mutations().length;
    installation.post(ofFour.withImage("ami-87654321").spec());
    let least = 4;
    await watching(installation, () => {
      least = Math.min(least, servingTargets(installation));
    });
    expect(installation.mutations().slice(calls)).toEqual([
      "ec2:CreateLaunchTemplateVersion",
      "ec2:ModifyLaunchTemplate",
      "autoscaling:StartInstanceRefresh",
    ]);
    expect(least).toBeGreaterThanOrEqual(3);
    expect(await groupOf(installation)).toMatchObject({ LaunchTemplate: { Version: "2" } });
    for (const instance of (await groupOf(installation)).Instances)
      expect(instance.LaunchTemplate.Version).toBe("2");
    expect(
      (await refreshesOf(installation)).map((one) => [
        one.Status,
        one.DesiredConfiguration.LaunchTemplate.Version,
      ]),
    ).toEqual([["Successful", "2"]]);
    expect(driftEvents(installation)).toEqual([]);
    await installation.clock.advance(3_600_000);
    expect(installation.mutations().slice(calls)).toHaveLength(3);
  });

  it("that AWS gives up on stalls the service, is not tried again, and ends with another spec", async () => {
    const installation = await converged();
    const calls = installation.mutations().length;
    installation.post(example().withImage("ami-0bad0bad").spec());
    await installation.until(() => installation.condition("Stalled")?.status === "True", 6 * 3_600_000);
    expect(installation.condition("Ready")?.status).toBe("False");
    await installation.clock.advance(2 * 3_600_000);
    expect(
      installation
        .mutations()
        .slice(calls)
        .filter((one) => one.endsWith("StartInstanceRefresh")),
    ).toHaveLength(1);
    expect(installation.condition("Stalled")?.reason).toBe("RolloutRolledBack");
    installation.post(example().spec());
    await installation.until(() => installation.condition("Ready")?.status === "True", 6 * 3_600_000);
    for (const instance of (await groupOf(installation)).Instances)
      expect(instance.LaunchTemplate.Version).toBe("1");
    expect(installation.condition("Stalled")?.status).toBe("False");
  });

  it("twice: the refresh under way is cancelled and another one started", async () => {
    const installation = await converged();
    const calls = installation.mutations().length;
    installation.post(example().withImage("ami-87654321").spec());
    await installation.clock.advance(60_000);
    installation.post(example().withImage("ami-0abcdef1234567890").spec());
    await installation.untilReady();
    expect(
      installation
        .mutations()
        .slice(calls)
        .map((one) => one.split(":")[1]),
    ).toEqual([
      "CreateLaunchTemplateVersion",
      "ModifyLaunchTemplate",
      "StartInstanceRefresh",
      "CreateLaunchTemplateVersion",
      "ModifyLaunchTemplate",
      "CancelInstanceRefresh",
      "StartInstanceRefresh",
    ]);
    for (const instance of (await groupOf(installation)).Instances)
      expect(instance.LaunchTemplate.Version).toBe("3");
    expect((await refreshesOf(installation)).map((one) => one.Status)).toEqual(["Successful", "Cancelled"]);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("together with drift of the group: both are put right", async () => {
    const installation = await converged();
    await resizeGroup(installation, 3);
    installation.post(example().withImage("ami-87654321").spec());
    await installation.untilReady();
    expect(await groupOf(installation)).toMatchObject({ MaxSize: 10, LaunchTemplate: { Version: "2" } });
    expect(driftEvents(installation).map((event) => [event.field, event.state])).toEqual([
      ["maxSize", "Corrected"],
    ]);
  });

  it("cancelled by somebody is started again", async () => {
    const installation = await converged();
    installation.post(example().withImage("ami-87654321").spec());
    await installation.clock.advance(60_000);
    await somebody(installation, "autoscaling:CancelInstanceRefresh", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
    });
    await installation.untilReady();
    for (const instance of (await groupOf(installation)).Instances)
      expect(instance.LaunchTemplate.Version).toBe("2");
  });

  it("of which nobody tells the group keeps its record over a restart", async () => {
    const installation = await converged();
    const calls = installation.mutations().length;
    installation.post(example().withImage("ami-87654321").spec());
    await installation.clock.advance(60_000);
    await installation.restart({ lost: true });
    installation.post(example().withImage("ami-87654321").spec());
    await installation.untilReady();
    expect(installation.account.calls.counts()["autoscaling:StartInstanceRefresh"]).toBe(1);
    expect(calls).toBe(10);
  });
});
