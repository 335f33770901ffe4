import { describe, expect, it } from "vitest";
import { exampleSpec, type Installation } from "../support/installation.ts";
import {
  arnOf,
  census,
  converged,
  type Draft,
  driftEvents,
  nameOf,
  somebody,
  specWith,
  watching,
} from "./world.ts";

const ELB = "elasticloadbalancing";
const DEF = "arn:aws:acm:us-east-1:123456789012:certificate/def-456";

interface Case {
  /** What the user changes in the spec. */
  readonly changes: string;
  readonly change: (spec: Draft) => void;
  /** The mutating calls that bring it to AWS, in order. */
  readonly calls: readonly string[];
  readonly from?: (spec: Draft) => void;
}

const rules = (...names: string[]) =>
  names.map((name, index) => ({
    name,
    priority: 10 * (index + 1),
    conditions: [{ pathPattern: [`/${name}`] }],
    action: { fixedResponse: { statusCode: "404" } },
  }));

const IN_PLACE: readonly Case[] = [
  {
    changes: "an attribute of the load balancer",
    change: (spec) => {
      spec.loadBalancer.attributes["idle_timeout.timeout_seconds"] = 90;
    },
    calls: [`${ELB}:ModifyLoadBalancerAttributes`],
  },
  {
    changes: "an attribute that is no longer declared, which goes back to its default",
    from: (spec) => {
      spec.loadBalancer.attributes["routing.http2.enabled"] = false;
    },
    change: () => {},
    calls: [`${ELB}:ModifyLoadBalancerAttributes`],
  },
  {
    changes: "subnets of the load balancer alone",
    change: (spec) => {
      spec.loadBalancer.subnetIds = ["subnet-1a", "subnet-1b"];
    },
    calls: [`${ELB}:SetSubnets`],
  },
  {
    changes: "security groups of the load balancer",
    change: (spec) => {
      spec.loadBalancer.securityGroups = ["sg-12345678"];
    },
    calls: [`${ELB}:SetSecurityGroups`],
  },
  {
    changes: "the address type",
    change: (spec) => {
      spec.loadBalancer.ipAddressType = "dualstack";
    },
    calls: [`${ELB}:SetIpAddressType`],
  },
  {
    changes: "the default action of a listener",
    change: (spec) => {
      spec.loadBalancer.listeners[0]!.defaultAction = { forward: { targetGroup: "web" } };
    },
    calls: [`${ELB}:ModifyListener`],
  },
  {
    changes: "the TLS policy",
    change: (spec) => {
      spec.loadBalancer.listeners[1]!.sslPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";
    },
    calls: [`${ELB}:ModifyListener`],
  },
  {
    changes: "a listener from HTTPS to HTTP",
    change: (spec) => {
      spec.loadBalancer.listeners[1]!.protocol = "HTTP";
      delete spec.loadBalancer.listeners[1]!.certificates;
    },
    calls: [`${ELB}:ModifyListener`],
  },
  {
    changes: "a certificate more",
    change: (spec) => spec.loadBalancer.listeners[1]!.certificates?.push(DEF),
    calls: [`${ELB}:AddListenerCertificates`],
  },
  {
    changes: "a certificate less",
    from: (spec) => spec.loadBalancer.listeners[1]!.certificates?.push(DEF),
    change: () => {},
    calls: [`${ELB}:RemoveListenerCertificates`],
  },
  {
    changes: "a new listener",
    change: (spec) =>
      spec.loadBalancer.listeners.push({
        port: 8443,
        protocol: "HTTP",
        defaultAction: { fixedResponse: { statusCode: "404" } },
      }),
    calls: [`${ELB}:CreateListener`],
  },
  {
    changes: "a listener less",
    change: (spec) => spec.loadBalancer.listeners.shift(),
    calls: [`${ELB}:DeleteListener`],
  },
  {
    changes: "the conditions of a rule",
    change: (spec) => {
      spec.loadBalancer.listeners[1]!.rules![0]!.conditions = [{ pathPattern: ["/admin"] }];
    },
    calls: [`${ELB}:ModifyRule`],
  },
  {
    changes: "the action of a rule",
    change: (spec) => {
      spec.loadBalancer.listeners[1]!.rules![0]!.action = { forward: { targetGroup: "web" } };
    },
    calls: [`${ELB}:ModifyRule`],
  },
  {
    changes: "a rule more",
    change: (spec) => spec.loadBalancer.listeners[1]!.rules?.push(...rules("x", "extra").slice(1)),
    calls: [`${ELB}:CreateRule`],
  },
  {
    changes: "a rule less",
    change: (spec) => delete spec.loadBalancer.listeners[1]!.rules,
    calls: [`${ELB}:DeleteRule`],
  },
  {
    changes: "the order of three rules",
    from: (spec) => {
      spec.loadBalancer.listeners[1]!.rules = rules("a", "b", "c");
    },
    change: (spec) => {
      spec.loadBalancer.listeners[1]!.rules = rules("c", "a", "b");
    },
    calls: [`${ELB}:SetRulePriorities`],
  },
  {
    changes: "a rule for another one at the same priority",
    change: (spec) => {
      spec.loadBalancer.listeners[1]!.rules = rules("new");
    },
    calls: [`${ELB}:ModifyRule`, `${ELB}:AddTags`],
  },
  {
    changes: "the health check",
    change: (spec) => {
      spec.targetGroups.web.healthCheck.path = "/";
      spec.targetGroups.web.healthCheck.matcher = { httpCode: "200-299" };
    },
    calls: [`${ELB}:ModifyTargetGroup`],
  },
  {
    changes: "the deregistration delay",
    change: (spec) => {
      spec.targetGroups.web.attributes["deregistration_delay.timeout_seconds"] = 60;
    },
    calls: [`${ELB}:ModifyTargetGroupAttributes`],
  },
  {
    changes: "a target group more",
    change: (spec) => {
      spec.targetGroups.other = { port: 9090 };
    },
    calls: [`${ELB}:CreateTargetGroup`, `${ELB}:ModifyTargetGroupAttributes`],
  },
  {
    changes: "the bounds of the group",
    change: (spec) => {
      spec.autoScalingGroups.web.maxSize = 12;
    },
    calls: ["autoscaling:UpdateAutoScalingGroup"],
  },
  {
    changes: "the grace period, and a lifetime",
    change: (spec) => {
      spec.autoScalingGroups.web.healthCheckGracePeriod = 120;
      spec.autoScalingGroups.web.maxInstanceLifetime = 864_000;
    },
    calls: ["autoscaling:UpdateAutoScalingGroup"],
  },
  {
    changes: "settings of the group that are no longer declared",
    from: (spec) => {
      spec.autoScalingGroups.web.defaultInstanceWarmup = 60;
      spec.autoScalingGroups.web.maxInstanceLifetime = 864_000;
    },
    change: () => {},
    calls: ["autoscaling:UpdateAutoScalingGroup"],
  },
  {
    changes: "a scaling policy's target",
    change: (spec) => {
      spec.autoScalingGroups.web.scalingPolicies.cpu!.targetTracking!.targetValue = 50;
    },
    calls: ["autoscaling:PutScalingPolicy"],
  },
  {
    changes: "a scaling policy for one of another type",
    change: (spec) => {
      spec.autoScalingGroups.web.scalingPolicies.cpu = {
        stepScaling: {
          adjustmentType: "ChangeInCapacity",
          stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
        },
      };
    },
    calls: ["autoscaling:PutScalingPolicy", "autoscaling:DeletePolicy"],
  },
  {
    changes: "a policy that counts requests, and an alarm that sets off a step",
    change: (spec) => {
      spec.autoScalingGroups.web.scalingPolicies = {
        requests: {
          targetTracking: {
            predefinedMetricType: "ALBRequestCountPerTarget",
            resourceLabel: { ref: "targetGroups.web" },
            targetValue: 1000,
          },
        },
        out: {
          stepScaling: {
            adjustmentType: "ChangeInCapacity",
            stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
          },
        },
      };
      spec.alarms["high-5xx"]!.alarmActions = [{ ref: "autoScalingGroups.web.scalingPolicies.out" }];
      spec.loadBalancer.listeners[0]!.defaultAction = { forward: { targetGroup: "web" } };
    },
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
    change: (spec) => {
      spec.alarms["high-5xx"]!.threshold = 20;
    },
    calls: ["cloudwatch:PutMetricAlarm"],
  },
  {
    changes: "an alarm less",
    change: (spec) => {
      spec.alarms = {};
    },
    calls: ["cloudwatch:DeleteAlarms"],
  },
  {
    changes: "a tag that only the group has",
    change: (spec) => {
      spec.autoScalingGroups.web.tags = { role: { value: "web", propagateAtLaunch: true } };
    },
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
  it.each(IN_PLACE)("brings $changes to AWS by exactly the right calls", async ({ change, from, calls }) => {
    const installation = await converged(from === undefined ? exampleSpec() : specWith(from));
    const before = installation.mutations().length;
    installation.post(specWith(change));
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(installation.mutations().slice(before)).toEqual(calls);
    expect(driftEvents(installation)).toEqual([]);
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(installation.get().status?.resources.every((row) => row.state === "InSync")).toBe(true);
  });

  it("back to what it was leaves the account as it was", async () => {
    const installation = await converged();
    const before = await census(installation);
    installation.post(
      specWith((spec) => {
        spec.loadBalancer.attributes["idle_timeout.timeout_seconds"] = 90;
        spec.loadBalancer.listeners[1]!.rules = rules("a", "b");
        spec.autoScalingGroups.web.maxSize = 12;
        spec.alarms["high-5xx"]!.threshold = 20;
        spec.tags = { Environment: "production", Owner: "us" };
      }),
    );
    await installation.untilReady();
    await installation.clock.advance(1_800_000);
    installation.post(exampleSpec());
    await installation.untilReady();
    await installation.clock.advance(3_600_000);
    expect(withoutVersions(await census(installation))).toEqual(withoutVersions(before));
  });

  it("takes a tag back, and does not say that it is left alone", async () => {
    const installation = await converged();
    installation.post(
      specWith((spec) => {
        spec.tags = {};
      }),
    );
    await installation.clock.advance(1_500);
    expect(installation.get().status?.unowned).toEqual([]);
    await installation.untilReady();
    const told = installation.store.events({ limit: 100 }).items.map(({ reason }) => reason);
    expect(told).not.toContain("UnownedResource");
  });

  it("that was drifting is not drift any more: the old event is superseded", async () => {
    const installation = await converged();
    installation.annotate({ "holdfast.dev/paused": "true" });
    await somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
      MaxSize: 3,
    });
    await installation.until(() => driftEvents(installation).length === 1);
    installation.post(
      specWith((spec) => {
        spec.autoScalingGroups.web.maxSize = 3;
      }),
    );
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
    installation.post(
      specWith((spec) => {
        spec.targetGroups.web.port = 9090;
      }),
    );
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
    installation.post(
      specWith((spec) => {
        spec.targetGroups.web.port = 9090;
        spec.targetGroups.web.healthCheck.matcher = { httpCode: "418" };
      }),
    );
    for (let step = 0; step < 180; step += 1) {
      await installation.clock.advance(20_000);
      expect(servingTargets(installation)).toBeGreaterThanOrEqual(2);
    }
    expect(installation.condition("Ready")?.status).toBe("False");
    installation.post(exampleSpec());
    await installation.untilReady();
    await installation.clock.advance(600_000);
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups).toHaveLength(1);
  });

  it("of a load balancer whose scheme changes: the new one stands before the old one goes", async () => {
    const installation = await converged();
    const old = arnOf(installation, "loadBalancer");
    installation.post(
      specWith((spec) => {
        spec.loadBalancer.scheme = "internal";
      }),
    );
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
  const image = (imageId: string) =>
    specWith((spec) => {
      spec.autoScalingGroups.web.launchTemplate.imageId = imageId;
    });
  const groupOf = async (installation: Installation) =>
    (await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {})).AutoScalingGroups[0];
  const refreshesOf = async (installation: Installation) =>
    (
      await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
        AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
      })
    ).InstanceRefreshes;

  it("becomes a new version and an instance refresh that never goes below the least healthy share", async () => {
    const spec = image("ami-87654321");
    spec.autoScalingGroups.web.minSize = 4;
    const first = exampleSpec() as unknown as Draft;
    first.autoScalingGroups.web.minSize = 4;
    const installation = await converged(first);
    const calls = installation.mutations().length;
    installation.post(spec);
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
    installation.post(image("ami-0bad0bad"));
    await installation.until(() => installation.condition("Stalled")?.status === "True", 6 * 3_600_000);
    expect(installation.condition("Stalled")).toMatchObject({ reason: "InstanceRefreshFailed" });
    expect(installation.condition("Ready")?.status).toBe("False");
    await installation.clock.advance(2 * 3_600_000);
    expect(
      installation
        .mutations()
        .slice(calls)
        .filter((one) => one.endsWith("StartInstanceRefresh")),
    ).toHaveLength(1);
    expect(installation.condition("Stalled")?.reason).toBe("InstanceRefreshFailed");
    installation.post(exampleSpec());
    await installation.until(() => installation.condition("Ready")?.status === "True", 6 * 3_600_000);
    for (const instance of (await groupOf(installation)).Instances)
      expect(instance.LaunchTemplate.Version).toBe("1");
    expect(installation.condition("Stalled")?.status).toBe("False");
  });

  it("twice: the refresh under way is cancelled and another one started", async () => {
    const installation = await converged();
    const calls = installation.mutations().length;
    installation.post(image("ami-87654321"));
    await installation.clock.advance(60_000);
    installation.post(image("ami-0abcdef1234567890"));
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
    await somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
      MaxSize: 3,
    });
    installation.post(image("ami-87654321"));
    await installation.untilReady();
    expect(await groupOf(installation)).toMatchObject({ MaxSize: 10, LaunchTemplate: { Version: "2" } });
    expect(driftEvents(installation).map((event) => [event.field, event.state])).toEqual([
      ["maxSize", "Corrected"],
    ]);
  });

  it("cancelled by somebody is started again", async () => {
    const installation = await converged();
    installation.post(image("ami-87654321"));
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
    installation.post(image("ami-87654321"));
    await installation.clock.advance(60_000);
    await installation.restart({ lost: true });
    installation.post(image("ami-87654321"));
    await installation.untilReady();
    expect(installation.account.calls.counts()["autoscaling:StartInstanceRefresh"]).toBe(1);
    expect(calls).toBe(10);
  });
});
