/** AWS's answers with no more in them than the API references promise. */
import { describe, expect, it } from "vitest";
import { fieldsOf } from "../../src/reconciler/kinds/field.ts";
import { KINDS } from "../../src/reconciler/kinds/registry.ts";
import type { Call } from "../../src/simulator/faults/interceptors.ts";
import { DOCUMENTED_DEFAULTS, sparseAnswers } from "../../src/simulator/faults/sparse.ts";
import { type Example, example, forwardTo, ONE_MORE } from "../support/example.ts";
import { arnOf, converged, driftEvents, somebody, untilRepaired } from "./world.ts";

const HOUR_MS = 3_600_000;

/** Everything that can be declared as AWS has it anyway. */
function asAwsHasIt(): Example {
  return example()
    .withTargetGroup("web", {
      protocolVersion: "HTTP1",
      healthCheck: {
        path: "/",
        intervalSeconds: 30,
        timeoutSeconds: 5,
        healthyThresholdCount: 5,
        unhealthyThresholdCount: 2,
        matcher: { httpCode: "200" },
      },
    })
    .withRule("moved", { action: { redirect: { statusCode: "HTTP_302", host: "elsewhere.example.com" } } })
    .withRule("plain", { action: forwardTo("web") })
    .withGroup("web", { healthCheckGracePeriod: 0, terminationPolicies: ["Default"] })
    .withLaunchTemplate({
      metadataOptions: {
        httpTokens: "required",
        httpEndpoint: "enabled",
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "disabled",
      },
      monitoring: { enabled: false },
      ebsOptimized: false,
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { volumeSize: 20, encrypted: false, deleteOnTermination: true } },
      ],
    })
    .withPolicy("out", ONE_MORE)
    .withAlarm("high-5xx", { datapointsToAlarm: 2, treatMissingData: "missing", actionsEnabled: true });
}

describe("an answer that lacks what its reference calls optional", () => {
  it.each([
    ["the worked example", example(), []],
    ["what is declared as AWS has it anyway", asAwsHasIt(), []],
    ["a count of datapoints that AWS need not tell", asAwsHasIt(), ["MetricAlarm.DatapointsToAlarm"]],
    [
      "a GRPC target group",
      example()
        .withTargetGroup("web", { protocolVersion: "GRPC", healthCheck: { path: "/AWS.ALB/healthcheck" } })
        .withListener(80, { defaultAction: { fixedResponse: { statusCode: "404" } } }),
      [],
    ],
  ] as const)("means AWS's default: %s gets ready and stays quiet", async (_what, spec, also) => {
    const installation = await converged(spec.spec(), { interceptor: sparseAnswers(also) });
    const made = installation.mutations();
    await installation.clock.advance(HOUR_MS);
    expect(installation.mutations().slice(made.length)).toEqual([]);
    expect(driftEvents(installation)).toEqual([]);
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(installation.condition("Synced")).toMatchObject({ status: "True", reason: "InSync" });
  });

  it("shows what somebody has set to AWS's default as that, and it is put right", async () => {
    const installation = await converged(example().spec(), { interceptor: sparseAnswers() });
    await somebody(installation, "elasticloadbalancing:ModifyTargetGroup", {
      TargetGroupArn: arnOf(installation, "targetGroups.web"),
      HealthyThresholdCount: 5,
    });
    await untilRepaired(installation);
    expect(driftEvents(installation)).toMatchObject([
      { field: "healthCheck.healthyThresholdCount", before: 2, after: 5, state: "Corrected" },
    ]);
  });

  it("is taken for the same default by product and simulated account", () => {
    const types = {
      loadBalancer: "LoadBalancer",
      targetGroup: "TargetGroup",
      autoScalingGroup: "AutoScalingGroup",
      alarm: "MetricAlarm",
    };
    const compared = Object.entries(types).flatMap(([kind, type]) =>
      fieldsOf(KINDS.find(({ name }) => name === kind)!.schema)
        .filter(({ aws }) => Object.hasOwn(DOCUMENTED_DEFAULTS, `${type}.${aws}`))
        .map(({ aws, absent }) => [`${type}.${aws}`, absent] as const),
    );
    expect(compared.length).toBeGreaterThan(12);
    for (const [path, absent] of compared) {
      // Those of a health check depend on the protocol version: see the target group's kind.
      if (path !== "TargetGroup.HealthCheckPath") expect(absent, path).toEqual(DOCUMENTED_DEFAULTS[path]);
    }
  });
});

describe("an answer that lacks what makes a thing what it is", () => {
  const forward = (call: Call, output: object): object => {
    const { Listeners = [] } = output as { Listeners?: { Port: number }[] };
    if (call.operation !== "DescribeListeners") return output;
    const bare = (one: { Port: number }) =>
      one.Port === 443 ? { ...one, DefaultActions: [{ Type: "forward", Order: 1 }] } : one;
    return { ...output, Listeners: Listeners.map(bare) };
  };

  it("is malformed: a forward without a target group is not an empty ARN that is written back", async () => {
    let isBare = false;
    const installation = await converged(example().spec(), {
      interceptor: {
        after: (call, output) => (isBare ? { kind: "output", output: forward(call, output) } : undefined),
      },
    });
    const made = installation.mutations();
    isBare = true;
    await installation.clock.advance(600_000);
    expect(installation.mutations().slice(made.length)).toEqual([]);
    expect(driftEvents(installation)).toEqual([]);
    const synced = installation.condition("Synced");
    expect(synced?.status).toBe("Unknown");
    expect(synced?.message).toContain("AWS's answer lacks a target group of a forward");
    isBare = false;
    await installation.untilReady();
    expect(installation.mutations().slice(made.length)).toEqual([]);
  });
});
