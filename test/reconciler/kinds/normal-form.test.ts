import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Value } from "../../../src/model/value.ts";
import { resolved } from "../../../src/reconciler/core/references.ts";
import type { ActionSpec } from "../../../src/reconciler/kinds/action/schema.ts";
import { awsActions, desiredAction, observedAction } from "../../../src/reconciler/kinds/action/shape.ts";
import type { ConditionSpec } from "../../../src/reconciler/kinds/listener-rule/condition-schema.ts";
import {
  awsConditions,
  desiredConditions,
  observedConditions,
} from "../../../src/reconciler/kinds/listener-rule/condition-shape.ts";
import { example } from "../../support/example.ts";
import { converged, somebody } from "../world.ts";
import { TEMPLATE_OPTIONS } from "./template-options.ts";

const text = fc.stringMatching(/^[a-z0-9*?/.-]{1,12}$/);
const texts = fc.uniqueArray(text, { minLength: 1, maxLength: 5 });

const targets = fc.uniqueArray(
  fc.record({ targetGroup: fc.stringMatching(/^[a-z]{1,5}$/), weight: fc.nat(999) }),
  {
    selector: ({ targetGroup }) => targetGroup,
    minLength: 1,
    maxLength: 5,
  },
);

const action: fc.Arbitrary<ActionSpec> = fc.oneof(
  targets.map((targetGroups) => ({ forward: { targetGroups } })),
  fc.record({
    forward: fc.record({
      targetGroups: targets,
      stickiness: fc.record({ enabled: fc.boolean(), durationSeconds: fc.integer({ min: 1, max: 604_800 }) }),
    }),
  }),
  fc.record({
    redirect: fc.record({
      protocol: fc.constantFrom("HTTP" as const, "HTTPS" as const, "#{protocol}" as const),
      host: text,
      port: fc.constantFrom("443", "#{port}"),
      path: text,
      query: text,
      statusCode: fc.constantFrom("HTTP_301" as const, "HTTP_302" as const),
    }),
  }),
  fc.record({
    fixedResponse: fc.record(
      {
        statusCode: fc.constantFrom("200", "403", "503"),
        contentType: fc.constantFrom("text/plain" as const, "text/html" as const),
        messageBody: fc.string({ maxLength: 20 }),
      },
      { requiredKeys: ["statusCode", "contentType"] },
    ),
  }),
);

const condition: fc.Arbitrary<ConditionSpec> = fc.oneof(
  texts.map((hostHeader) => ({ hostHeader })),
  texts.map((pathPattern) => ({ pathPattern })),
  texts.map((httpRequestMethod) => ({ httpRequestMethod })),
  texts.map((sourceIp) => ({ sourceIp })),
  fc.record({ name: text, values: texts }).map((httpHeader) => ({ httpHeader })),
  fc
    .array(fc.record({ key: text, value: text }, { requiredKeys: ["value"] }), { minLength: 1, maxLength: 5 })
    .map((queryString) => ({ queryString })),
);

const inAwsTerms = (value: Value): Value => resolved(value, (address) => `arn:${address}`)!;

describe("what AWS echoes of our own input equals what we wanted", () => {
  it("for every action", () => {
    fc.assert(
      fc.property(action, (spec) => {
        const wanted = inAwsTerms(desiredAction(spec));
        expect(observedAction(awsActions(wanted))).toEqual(wanted);
      }),
    );
  });

  it("for every set of conditions, in whatever order AWS gives them and their values", () => {
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 5 }), (conditions) => {
        const wanted = desiredConditions(conditions);
        expect(observedConditions(awsConditions(wanted).toReversed())).toEqual(wanted);
        expect(desiredConditions(conditions.toReversed())).toEqual(wanted);
      }),
    );
  });

  it("although AWS mirrors a single target group, and fills in what a redirect leaves open", () => {
    expect(observedAction([{ Type: "forward", TargetGroupArn: "arn:targetGroups.web" }])).toEqual(
      inAwsTerms(desiredAction({ forward: { targetGroup: "web" } })),
    );
    expect(
      observedAction([{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", Protocol: "HTTPS" } }]),
    ).toMatchObject({
      host: "#{host}",
      path: "/#{path}",
      port: "#{port}",
      query: "#{query}",
    });
    expect(observedConditions([{ Field: "path-pattern", Values: ["/a"] }])).toEqual(
      desiredConditions([{ pathPattern: ["/a"] }]),
    );
  });
});

const OPS = "arn:aws:sns:us-east-1:123456789012:ops";

const EVERYTHING = example()
  .withLoadBalancer({
    attributes: {
      "client_keep_alive.seconds": 120,
      "routing.http.desync_mitigation_mode": "strictest",
      "routing.http.drop_invalid_header_fields.enabled": true,
      "routing.http2.enabled": false,
    },
  })
  .withRules()
  .withRule("r0", {
    priority: 100,
    conditions: [{ hostHeader: ["*.example.com"] }, { httpRequestMethod: ["GET", "POST"] }],
    action: {
      forward: {
        targetGroups: [
          { targetGroup: "web", weight: 1 },
          { targetGroup: "other", weight: 3 },
        ],
        stickiness: { enabled: true },
      },
    },
  })
  .withRule("r1", {
    priority: 99,
    conditions: [{ httpHeader: { name: "X-Test", values: ["b", "a"] } }, { sourceIp: ["10.0.0.0/8"] }],
    action: { redirect: { host: "example.com", statusCode: "HTTP_302" } },
  })
  .withRule("r2", {
    priority: 98,
    conditions: [{ queryString: [{ value: "v" }, { key: "k", value: "w" }] }],
    action: { fixedResponse: { statusCode: "200", contentType: "application/json", messageBody: "{}" } },
  })
  .withTargetGroup("other", {
    port: 9090,
    attributes: {
      "stickiness.enabled": true,
      "stickiness.type": "app_cookie",
      "stickiness.app_cookie.cookie_name": "session",
      "load_balancing.algorithm.type": "least_outstanding_requests",
    },
  })
  .withGroup("web", {
    defaultInstanceWarmup: 60,
    maxInstanceLifetime: 864_000,
    terminationPolicies: ["OldestLaunchTemplate", "Default"],
    targetGroups: ["web", "other"],
    tags: { role: { value: "web" } },
  })
  .withLaunchTemplate({
    ...TEMPLATE_OPTIONS,
    blockDeviceMappings: [
      { deviceName: "/dev/xvda", ebs: { volumeSize: 20, volumeType: "gp3", encrypted: true } },
    ],
    tags: { role: "web" },
  })
  .withPolicy("own", {
    targetTracking: {
      targetValue: 10,
      customizedMetric: {
        namespace: "App",
        metricName: "Queue",
        statistic: "Average",
        dimensions: { a: "b" },
      },
    },
  })
  .withPolicy("out", {
    stepScaling: {
      adjustmentType: "PercentChangeInCapacity",
      minAdjustmentMagnitude: 1,
      stepAdjustments: [
        { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 10 },
        { metricIntervalLowerBound: 10, scalingAdjustment: 30 },
      ],
    },
  })
  .withAlarm("slow", {
    namespace: "AWS/ApplicationELB",
    metricName: "TargetResponseTime",
    dimensions: { TargetGroup: { ref: "targetGroups.web" }, LoadBalancer: { ref: "loadBalancer" } },
    extendedStatistic: "p99",
    threshold: 0.5,
    comparisonOperator: "GreaterThanThreshold",
    alarmActions: [{ ref: "autoScalingGroups.web.scalingPolicies.out" }, OPS],
    okActions: [OPS],
    treatMissingData: "notBreaching",
  });

describe("every setting that a spec can hold", () => {
  it("comes back from the account as it was sent: the second pass changes nothing", async () => {
    const installation = await converged(EVERYTHING.spec());
    const calls = installation.mutations().length;
    await installation.clock.advance(1_200_000);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(installation.condition("Synced")?.status).toBe("True");
    const { TargetGroups } = await somebody(installation, "elasticloadbalancing:DescribeTargetGroups", {});
    expect(TargetGroups).toHaveLength(2);
  });
});
