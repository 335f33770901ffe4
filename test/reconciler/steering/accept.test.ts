import { describe, expect, it } from "vitest";
import { ApiError } from "../../../src/api/error.ts";
import { accept } from "../../../src/api/steering/accept.ts";
import type { DriftDecided } from "../../../src/api/steering/decision.ts";
import { ANNOTATION_PAUSED } from "../../../src/model/object.ts";
import { exampleSpec, type Installation, WEB_API } from "../../support/installation.ts";
import { arnOf, converged, driftEvents, nameOf, somebody } from "../world.ts";

const ANNA = { name: "anna", mayWrite: true };
const PAUSED = { [ANNOTATION_PAUSED]: "true" };

/** A service that only looks, of which somebody has changed something, and the ledger knows. */
async function moved(
  change: (installation: Installation) => Promise<unknown>,
  spec: unknown = exampleSpec(),
): Promise<Installation> {
  const installation = await converged(spec);
  installation.annotate(PAUSED);
  await installation.clock.advance(60_000);
  await change(installation);
  installation.controller.request(WEB_API);
  await installation.until(() => driftEvents(installation).length > 0);
  await installation.clock.advance(60_000);
  return installation;
}

function accepted(
  installation: Installation,
  selected: { resource?: string; field?: string } = {},
): Promise<DriftDecided> {
  return installation.waiting(
    accept(installation.steering(), { ...WEB_API, ...selected }, { actor: ANNA, reason: "load test" }),
  );
}

async function refusalOf(answer: Promise<unknown>): Promise<{ code: number; text: string }> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error(`it is not refused: ${error}`);
  return { code: error.code, text: `${error.message} ${JSON.stringify(error.extras.causes)}` };
}

/** Resumed, and left alone for an hour: what is written to AWS then. */
async function writesAfter(installation: Installation): Promise<string[]> {
  const before = installation.mutations().length;
  installation.annotate({});
  await installation.clock.advance(3_600_000);
  return installation.mutations().slice(before);
}

const healthCheck = (installation: Installation, HealthCheckIntervalSeconds = 25) =>
  somebody(installation, "elasticloadbalancing:ModifyTargetGroup", {
    TargetGroupArn: arnOf(installation, "targetGroups.web"),
    HealthCheckIntervalSeconds,
  });

type Json = Record<string, unknown>;
const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce((part, step) => (part as Json)[step], value);

/** What somebody does, and where the spec says it afterwards. */
const CHANGES: readonly [what: string, (installation: Installation) => Promise<unknown>, string, unknown][] =
  [
    [
      "an attribute of the load balancer",
      (installation) =>
        somebody(installation, "elasticloadbalancing:ModifyLoadBalancerAttributes", {
          LoadBalancerArn: arnOf(installation, "loadBalancer"),
          Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "99" }],
        }),
      "loadBalancer.attributes",
      { "idle_timeout.timeout_seconds": 99 },
    ],
    [
      "the subnets of the load balancer",
      (installation) =>
        somebody(installation, "elasticloadbalancing:SetSubnets", {
          LoadBalancerArn: arnOf(installation, "loadBalancer"),
          Subnets: ["subnet-1a", "subnet-1b"],
        }),
      "loadBalancer.subnetIds",
      ["subnet-1a", "subnet-1b"],
    ],
    [
      "a health check",
      (installation) => healthCheck(installation),
      "targetGroups.web.healthCheck.intervalSeconds",
      25,
    ],
    [
      "a default action",
      (installation) =>
        somebody(installation, "elasticloadbalancing:ModifyListener", {
          ListenerArn: arnOf(installation, "loadBalancer.listeners.80"),
          DefaultActions: [{ Type: "forward", TargetGroupArn: arnOf(installation, "targetGroups.web") }],
        }),
      "loadBalancer.listeners.0.defaultAction",
      { forward: { targetGroup: "web" } },
    ],
    [
      "the conditions of a rule",
      (installation) =>
        somebody(installation, "elasticloadbalancing:ModifyRule", {
          RuleArn: arnOf(installation, "loadBalancer.listeners.443.rules.block-admin"),
          Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/private/*"] } }],
        }),
      "loadBalancer.listeners.1.rules.0.conditions",
      [{ pathPattern: ["/private/*"] }],
    ],
    [
      "the size of a group",
      (installation) =>
        somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
          AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
          MaxSize: 17,
        }),
      "autoScalingGroups.web.maxSize",
      17,
    ],
    [
      "a tag of a group",
      (installation) =>
        somebody(installation, "autoscaling:CreateOrUpdateTags", {
          Tags: [
            {
              Key: "Environment",
              Value: "staging",
              PropagateAtLaunch: false,
              ResourceType: "auto-scaling-group",
              ResourceId: nameOf(installation, "autoScalingGroups.web"),
            },
          ],
        }),
      "autoScalingGroups.web.tags.Environment",
      { value: "staging", propagateAtLaunch: false },
    ],
    [
      "the target of a policy",
      (installation) =>
        somebody(installation, "autoscaling:PutScalingPolicy", {
          AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
          PolicyName: nameOf(installation, "autoScalingGroups.web.scalingPolicies.cpu").split(":").at(-1),
          PolicyType: "TargetTrackingScaling",
          TargetTrackingConfiguration: {
            PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
            TargetValue: 55,
          },
        }),
      "autoScalingGroups.web.scalingPolicies.cpu.targetTracking.targetValue",
      55,
    ],
    [
      "the threshold of an alarm, whose dimension stays a reference",
      async (installation) => {
        const { MetricAlarms } = await somebody(installation, "cloudwatch:DescribeAlarms", {
          AlarmNames: [nameOf(installation, "alarms.high-5xx")],
        });
        const { StateValue, StateReason, AlarmArn, ...alarm } = MetricAlarms[0];
        const known = Object.entries(alarm).filter(([name]) => !/State|Timestamp/.test(name));
        return somebody(installation, "cloudwatch:PutMetricAlarm", {
          ...Object.fromEntries(known),
          Threshold: 42,
        });
      },
      "alarms.high-5xx",
      expect.objectContaining({ threshold: 42, dimensions: { LoadBalancer: { ref: "loadBalancer" } } }),
    ],
  ];

describe("what is accepted", () => {
  it.each(CHANGES)(
    "becomes the spec, and nothing is written to AWS: %s",
    async (_what, change, path, value) => {
      const installation = await moved(change);
      const { generation } = installation.get().metadata;
      const answer = await accepted(installation);
      expect(answer.events.map(({ state, decision }) => [state, decision?.verb, decision?.actor])).toEqual(
        answer.events.map(() => ["Superseded", "accept", "anna"]),
      );
      expect(at(installation.get().spec, path)).toEqual(value);
      expect(installation.get().metadata.generation).toBe(generation + 1);
      expect(await writesAfter(installation)).toEqual([]);
      expect(installation.condition("Drifted")?.status).toBe("False");
      expect(installation.condition("Ready")?.status).toBe("True");
    },
  );

  it("is a revision with who and why, an event and a closed drift event", async () => {
    const installation = await moved(healthCheck);
    const { differences, isRevised } = await accepted(installation, { resource: "targetGroups.web" });
    expect([isRevised, differences]).toEqual([
      true,
      [
        {
          path: "spec.targetGroups.web.healthCheck.intervalSeconds",
          change: "changed",
          before: 30,
          after: 25,
        },
      ],
    ]);
    const [newest] = installation.store.revisions(WEB_API);
    expect([newest?.actor, newest?.cause]).toEqual([
      "anna",
      "accepts what AWS has in targetGroups.web: healthCheck.intervalSeconds: load test",
    ]);
    const told = installation.store
      .events({ limit: 100 })
      .items.find(({ reason }) => reason === "DriftAccepted");
    expect(told?.message).toMatch(/^anna has accepted .*generation 2\): load test$/);
  });

  it("is accepted once: to say it again of the event is answered with what was decided, and of the service with that nothing is open", async () => {
    const installation = await moved(healthCheck);
    const { events } = await accepted(installation);
    const { generation } = installation.get().metadata;
    const event = events[0]?.metadata.name ?? "";
    const again = await installation.waiting(
      accept(installation.steering(), { namespace: "default", event }, { actor: ANNA }),
    );
    expect([again.isRevised, again.isDecidedBefore, again.events.length]).toEqual([false, true, 1]);
    const { code, text } = await refusalOf(accepted(installation));
    expect([code, text]).toEqual([409, expect.stringContaining("there is nothing to accept")]);
    expect(text).toContain(`the last was ${event}`);
    expect(text).toContain("anna decided");
    expect(installation.get().metadata.generation).toBe(generation);
  });

  it("is shown by a dry run with the spec and the plan that would follow, and is not done by it", async () => {
    const installation = await moved(healthCheck);
    const before = installation.get();
    const asked = { actor: ANNA, isDryRun: true };
    const shown = await installation.waiting(accept(installation.steering(), WEB_API, asked));
    expect(shown).toMatchObject({ isDryRun: true, isRevised: true, generation: 2 });
    expect(shown.differences.map(({ before: was, after }) => [was, after])).toEqual([[30, 25]]);
    expect(shown.object?.status?.plan?.rows).toEqual([]);
    expect(installation.get().metadata).toEqual(before.metadata);
    expect(installation.get().spec).toEqual(before.spec);
    expect(installation.store.revisions(WEB_API)).toHaveLength(1);
    expect(driftEvents(installation).map(({ state, decision }) => [state, decision])).toEqual([
      ["Open", undefined],
    ]);
    expect(await accepted(installation)).toMatchObject({ isDryRun: false, differences: shown.differences });
  });

  it("is what AWS holds at that moment: where that is not what the event says, nothing is", async () => {
    const installation = await moved(healthCheck);
    await healthCheck(installation, 20);
    expect(await refusalOf(accepted(installation))).toEqual({
      code: 409,
      text: expect.stringContaining("AWS holds 20 by now, and the event says 25"),
    });
    await healthCheck(installation, 30);
    const { code, text } = await refusalOf(accepted(installation));
    expect([code, text]).toEqual([409, expect.stringContaining("AWS holds what is wanted again")]);
    expect(installation.get().metadata.generation).toBe(1);
  });
});

describe("what is gone", () => {
  it("is taken out of the spec where the spec can do without it", async () => {
    const installation = await moved((world) =>
      somebody(world, "cloudwatch:DeleteAlarms", { AlarmNames: [nameOf(world, "alarms.high-5xx")] }),
    );
    await accepted(installation);
    expect(Object.keys(installation.get().spec.alarms as object)).not.toContain("high-5xx");
    expect(await writesAfter(installation)).toEqual([]);
  });

  it("goes with all that stands on it: a listener with its rules", async () => {
    const installation = await moved((world) =>
      somebody(world, "elasticloadbalancing:DeleteListener", {
        ListenerArn: arnOf(world, "loadBalancer.listeners.443"),
      }),
    );
    await accepted(installation);
    const { listeners } = installation.get().spec.loadBalancer as { listeners: Json[] };
    expect(listeners.map(({ port }) => port)).toEqual([80]);
    expect(await writesAfter(installation)).toEqual([]);
  });

  it("is refused with everything that refers to it", async () => {
    const spec = exampleSpec() as {
      targetGroups: Json;
      loadBalancer: { listeners: { port: number; rules?: Json[] }[] };
    };
    spec.targetGroups.api = { protocol: "HTTP", port: 8081 };
    spec.loadBalancer.listeners
      .find(({ port }) => port === 443)
      ?.rules?.push({
        name: "api",
        priority: 40,
        conditions: [{ pathPattern: ["/api/*"] }],
        // No group fills it: it is named, and gets no requests.
        action: {
          forward: {
            targetGroups: [
              { targetGroup: "web", weight: 1 },
              { targetGroup: "api", weight: 0 },
            ],
          },
        },
      });
    const installation = await moved(async (world) => {
      await somebody(world, "elasticloadbalancing:DeleteRule", {
        RuleArn: arnOf(world, "loadBalancer.listeners.443.rules.api"),
      });
      await somebody(world, "elasticloadbalancing:DeleteTargetGroup", {
        TargetGroupArn: arnOf(world, "targetGroups.api"),
      });
    }, spec);
    const { code, text } = await refusalOf(accepted(installation, { resource: "targetGroups.api" }));
    expect([code, text]).toEqual([422, expect.stringContaining("rules[1].action")]);
    expect((await accepted(installation)).events).toHaveLength(2);
    expect(await writesAfter(installation)).toEqual([]);
  });

  it("stays in a spec that cannot be without it", async () => {
    const installation = await moved((world) =>
      somebody(world, "elasticloadbalancing:DeleteLoadBalancer", {
        LoadBalancerArn: arnOf(world, "loadBalancer"),
      }),
    );
    const { code, text } = await refusalOf(accepted(installation, { resource: "loadBalancer" }));
    expect([code, text]).toEqual([422, expect.stringContaining("a service cannot be without it")]);
  });
});

describe("what no spec can say", () => {
  it("is refused, with the way out: a tag of one resource alone", async () => {
    const installation = await moved((world) =>
      somebody(world, "elasticloadbalancing:AddTags", {
        ResourceArns: [arnOf(world, "targetGroups.web")],
        Tags: [{ Key: "Environment", Value: "staging" }],
      }),
    );
    const { code, text } = await refusalOf(accepted(installation));
    expect(code).toBe(422);
    expect(text).toContain("to accept is to change nothing there");
    expect(installation.get().metadata.generation).toBe(1);
  });

  it("is refused, with the way out: a secret, and what a version is made by", async () => {
    const installation = await moved(async (world) => {
      const LaunchTemplateId = arnOf(world, "autoScalingGroups.web.launchTemplate");
      const { LaunchTemplateVersions: versions } = await somebody(
        world,
        "ec2:DescribeLaunchTemplateVersions",
        {
          LaunchTemplateId,
          Versions: ["$Default"],
        },
      );
      const data = (versions[0] as unknown as { LaunchTemplateData: Json }).LaunchTemplateData;
      await somebody(world, "ec2:CreateLaunchTemplateVersion", {
        LaunchTemplateId,
        LaunchTemplateData: { ...data, UserData: Buffer.from("#!/bin/sh\nexec other\n").toString("base64") },
      });
      await somebody(world, "ec2:ModifyLaunchTemplate", { LaunchTemplateId, DefaultVersion: "2" });
    });
    const { code, text } = await refusalOf(accepted(installation));
    expect(code).toBe(422);
    expect(text).toContain("it is a secret");
    expect(text).not.toContain("exec other");
    expect(text).toContain("a spec has no place for it");
  });
});
