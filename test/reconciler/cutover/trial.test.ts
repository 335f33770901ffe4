import { describe, expect, it } from "vitest";
import { followedByRequests } from "../../support/followed-by-requests.ts";
import type { Installation } from "../../support/installation.ts";
import { addFault, arnOf, converged, type Draft, driftEvents, nameOf, somebody, specWith } from "../world.ts";

const ELB = "elasticloadbalancing";
const L443 = "loadBalancer.listeners.443";

/** Another port, and a health check that nobody passes: the successor stays on trial. */
const onTrial = (spec: Draft) => {
  spec.targetGroups.web.port = 9090;
  spec.targetGroups.web.healthCheck.matcher = { httpCode: "404" };
};
const sticky = (spec: Draft) => {
  spec.targetGroups.web.attributes["stickiness.enabled"] = true;
  spec.targetGroups.web.attributes["stickiness.lb_cookie.duration_seconds"] = 600;
};

const specOf = (...changes: ((spec: Draft) => void)[]): Draft =>
  specWith((spec) => {
    for (const change of changes) change(spec);
  });

interface Forward {
  readonly TargetGroups: { TargetGroupArn: string; Weight: number }[];
  readonly TargetGroupStickinessConfig?: { Enabled: boolean; DurationSeconds?: number };
}

async function forwardOf(installation: Installation): Promise<Forward> {
  const { Listeners } = await somebody(installation, `${ELB}:DescribeListeners`, {
    ListenerArns: [arnOf(installation, L443)],
  });
  return Listeners[0].DefaultActions[0]?.ForwardConfig as Forward;
}

async function untilOnTrial(installation: Installation): Promise<void> {
  for (let seconds = 0; seconds < 600; seconds += 5) {
    await installation.clock.advance(5_000);
    if ((await forwardOf(installation)).TargetGroups.length > 1) return;
  }
  throw new Error("no trial begins");
}

const waitsFor = (installation: Installation) => installation.get().status?.waitingFor ?? [];

/** The end of the ARN by which CloudWatch and Auto Scaling call each target group that policy and alarm speak of. */
async function spokenOf(installation: Installation): Promise<string[]> {
  const { ScalingPolicies } = await somebody(installation, "autoscaling:DescribePolicies", {
    AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
  });
  const { MetricAlarms } = await somebody(installation, "cloudwatch:DescribeAlarms", {
    AlarmNames: [nameOf(installation, "alarms.hosts")],
  });
  const text = JSON.stringify([
    ScalingPolicies.filter((one) => one.PolicyName.includes("requests")),
    MetricAlarms,
  ]);
  return [...new Set(text.match(/targetgroup\/[a-z0-9-]+\/[0-9a-f]+/g))];
}

const dimensionOf = (arn: string) => arn.slice(arn.indexOf("targetgroup/"));

describe("while a target group is on trial", () => {
  it("group stickiness is on where its targets, or those beside it, are sticky", async () => {
    const installation = await converged(specOf(sticky));
    expect((await forwardOf(installation)).TargetGroupStickinessConfig).toEqual({ Enabled: false });
    installation.post(specOf(sticky, onTrial));
    await untilOnTrial(installation);
    expect((await forwardOf(installation)).TargetGroupStickinessConfig).toEqual({
      Enabled: true,
      DurationSeconds: 600,
    });
    await installation.clock.advance(600_000);
    expect(driftEvents(installation)).toEqual([]);
    expect(installation.condition("Stalled")?.status).toBe("False");
  });

  it("group stickiness goes with it, when the requests have moved", async () => {
    const installation = await converged(specOf(sticky));
    installation.post(
      specOf(sticky, (spec) => {
        spec.targetGroups.web.port = 9090;
      }),
    );
    await untilOnTrial(installation);
    await installation.untilReady();
    expect(await forwardOf(installation)).toMatchObject({
      TargetGroups: [{ TargetGroupArn: arnOf(installation, "targetGroups.web") }],
      TargetGroupStickinessConfig: { Enabled: false },
    });
  });

  it("group stickiness is off where nothing is sticky", async () => {
    const installation = await converged(specOf());
    installation.post(specOf(onTrial));
    await untilOnTrial(installation);
    expect((await forwardOf(installation)).TargetGroupStickinessConfig).toEqual({ Enabled: false });
  });

  it("policies and alarms follow the one that serves, and go over with the requests", async () => {
    const installation = await converged(specOf(followedByRequests));
    const old = dimensionOf(arnOf(installation, "targetGroups.web"));
    expect(await spokenOf(installation)).toEqual([old]);
    installation.post(specOf(followedByRequests, onTrial));
    await untilOnTrial(installation);
    await installation.clock.advance(600_000);
    expect(await spokenOf(installation)).toEqual([old]);
    expect(driftEvents(installation)).toEqual([]);
    installation.post(
      specOf(followedByRequests, (spec) => {
        spec.targetGroups.web.port = 9090;
      }),
    );
    await installation.untilReady();
    expect(await spokenOf(installation)).toEqual([dimensionOf(arnOf(installation, "targetGroups.web"))]);
    expect(await spokenOf(installation)).not.toEqual([old]);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("policies and alarms follow the one that serves under its former key, and go over with the requests", async () => {
    const installation = await converged(specOf(followedByRequests));
    const old = dimensionOf(arnOf(installation, "targetGroups.web"));
    const underAnotherKey = (spec: Draft) => {
      const text = JSON.stringify(spec.loadBalancer).replaceAll('"targetGroup":"web"', '"targetGroup":"app"');
      spec.loadBalancer = JSON.parse(text);
      spec.targetGroups = { app: spec.targetGroups.web } as unknown as Draft["targetGroups"];
      spec.autoScalingGroups.web.targetGroups = ["app"];
      for (const alarm of Object.values(spec.alarms) as { dimensions?: Record<string, unknown> }[])
        if (alarm.dimensions?.TargetGroup !== undefined)
          alarm.dimensions.TargetGroup = { ref: "targetGroups.app" };
      spec.autoScalingGroups.web.scalingPolicies.requests!.targetTracking!.resourceLabel = {
        ref: "targetGroups.app",
      };
    };
    installation.post(specOf(followedByRequests, onTrial, underAnotherKey));
    await untilOnTrial(installation);
    await installation.clock.advance(600_000);
    expect(await spokenOf(installation)).toEqual([old]);
    expect(waitsFor(installation).join()).toContain("(0 of 2)");
    installation.post(specOf(followedByRequests, underAnotherKey));
    await installation.untilReady();
    expect(await spokenOf(installation)).toEqual([dimensionOf(arnOf(installation, "targetGroups.app"))]);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("the same load keeps the same capacity", async () => {
    const installation = await converged(
      specOf(followedByRequests, (spec) => {
        Object.assign(spec.autoScalingGroups.web, { minSize: 1, maxSize: 6, desiredCapacity: 4 });
        spec.autoScalingGroups.web.defaultInstanceWarmup = 30;
        delete spec.autoScalingGroups.web.scalingPolicies.cpu;
      }),
    );
    const { account } = installation;
    account.parts.load.set(arnOf(installation, "loadBalancer"), { requestsPerSecond: 38, errorRate: 0 });
    await installation.clock.advance(600_000);
    const desired = () => account.parts.autoScaling.groups()[0]?.desiredCapacity;
    const before = desired();
    installation.post(
      specOf(followedByRequests, onTrial, (spec) => {
        Object.assign(spec.autoScalingGroups.web, { minSize: 1, maxSize: 6, desiredCapacity: 4 });
        spec.autoScalingGroups.web.defaultInstanceWarmup = 30;
        delete spec.autoScalingGroups.web.scalingPolicies.cpu;
      }),
    );
    await untilOnTrial(installation);
    await installation.clock.advance(2_400_000);
    expect(desired()).toBe(before);
  });

  it("an alarm that is new, and speaks of it, is made when it gets requests", async () => {
    const installation = await converged(specOf());
    const deaf = (httpCode: string) => (spec: Draft) => {
      spec.targetGroups.api = { port: 9090, healthCheck: { matcher: { httpCode } } };
      spec.autoScalingGroups.web.targetGroups = ["web", "api"];
      spec.loadBalancer.listeners[1]!.defaultAction = { forward: { targetGroup: "api" } };
      followedByRequests(spec);
      (spec.alarms.hosts as { dimensions: object }).dimensions = {
        LoadBalancer: { ref: "loadBalancer" },
        TargetGroup: { ref: "targetGroups.api" },
      };
      spec.autoScalingGroups.web.scalingPolicies.requests!.targetTracking!.resourceLabel = {
        ref: "targetGroups.api",
      };
    };
    installation.post(specOf(deaf("404")));
    await untilOnTrial(installation);
    await installation.clock.advance(300_000);
    const alarms = async () =>
      (await somebody(installation, "cloudwatch:DescribeAlarms", {})).MetricAlarms.filter((one) =>
        one.AlarmName.endsWith("/hosts"),
      ).length;
    expect(await alarms()).toBe(0);
    installation.post(specOf(deaf("200")));
    await installation.untilReady();
    expect(await alarms()).toBe(1);
  });

  it("what is waited for is told with numbers, names and reasons", async () => {
    const installation = await converged(specOf());
    installation.post(specOf(onTrial));
    await untilOnTrial(installation);
    await installation.clock.advance(300_000);
    const ids = installation.account.parts.autoScaling
      .groups()
      .flatMap(({ instances }) => instances.map(({ instanceId }) => instanceId))
      .sort();
    expect(waitsFor(installation).join()).toContain(
      `not enough healthy targets yet (0 of 2); ${ids.join(", ")}: unhealthy (Health checks failed with these codes: [200])`,
    );
    expect(installation.condition("Synced")?.message).toContain("(0 of 2)");
  });
});

describe("a target that somebody has registered by hand in the old target group", () => {
  async function withHandMade(installation: Installation): Promise<string> {
    const { Instances } = (await somebody(installation, "ec2:RunInstances", {
      ImageId: "ami-12345678",
      InstanceType: "t3.micro",
      SubnetId: "subnet-1a",
      MinCount: 1,
      MaxCount: 1,
    })) as unknown as { Instances: { InstanceId: string }[] };
    const id = Instances[0]?.InstanceId ?? "";
    await installation.clock.advance(120_000);
    await somebody(installation, `${ELB}:RegisterTargets`, {
      TargetGroupArn: arnOf(installation, "targetGroups.web"),
      Targets: [{ Id: id }],
    });
    await installation.clock.advance(120_000);
    return id;
  }
  const port = (spec: Draft) => {
    spec.targetGroups.web.port = 9090;
  };

  it("is not waited for: no group of ours brings it along", async () => {
    const installation = await converged(specOf());
    await withHandMade(installation);
    installation.post(specOf(port));
    await installation.untilReady();
    expect((await forwardOf(installation)).TargetGroups).toHaveLength(1);
  });

  it("is named as long as the rest is waited for", async () => {
    const installation = await converged(specOf());
    const id = await withHandMade(installation);
    installation.post(specOf(onTrial));
    await untilOnTrial(installation);
    await installation.clock.advance(300_000);
    expect(waitsFor(installation).join()).toContain("(0 of 2)");
    expect(waitsFor(installation).join()).toContain(
      `registered in the old one by hand, by no group of the spec: ${id}`,
    );
  });

  it("keeps its requests where it is all that serves, until somebody registers it in the new one", async () => {
    const unfilled = (spec: Draft) => {
      spec.autoScalingGroups.web.targetGroups = [];
    };
    const installation = await converged(specOf());
    const id = await withHandMade(installation);
    installation.post(specOf(unfilled));
    await installation.clock.advance(1_200_000);
    installation.post(specOf(unfilled, port));
    await untilOnTrial(installation);
    await installation.clock.advance(1_200_000);
    expect(waitsFor(installation).join()).toContain(
      "(0 of 1); it has no targets; registered in the old one by hand",
    );
    await somebody(installation, `${ELB}:RegisterTargets`, {
      TargetGroupArn: arnOf(installation, "targetGroups.web"),
      Targets: [{ Id: id }],
    });
    await installation.clock.advance(600_000);
    expect((await forwardOf(installation)).TargetGroups).toHaveLength(1);
  });
});

describe("what follows the traffic", () => {
  it("stays where it is while nobody can say where the requests go", async () => {
    const installation = await converged(specOf(followedByRequests));
    const old = await spokenOf(installation);
    addFault(installation, `${ELB}:DescribeRules`, {
      kind: "error",
      code: "InternalFailure",
      message: "x",
      status: 500,
    });
    installation.post(specOf(followedByRequests, onTrial));
    await installation.clock.advance(900_000);
    expect(await spokenOf(installation)).toEqual(old);
  });
});
