import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import { type Example, example, forwardTo, SECOND_CERTIFICATE } from "../../support/example.ts";

function faultsOf(spec: unknown): { path: string; message: string; reason: string }[] {
  try {
    admit(spec);
  } catch (error) {
    if (error instanceof InvalidSpecError) return [...error.faults];
    throw error;
  }
  return [];
}

const ASG = "spec.autoScalingGroups.web";
const TG = "spec.targetGroups.web";
const ALARM = "spec.alarms.high-5xx";
const HTTPS = "spec.loadBalancer.listeners[1]";
const RULE = `${HTTPS}.rules[0]`;

type Change = (one: Example) => Example;

const policy =
  (value: Parameters<Example["withPolicy"]>[1]): Change =>
  (one) =>
    one.withPolicy("cpu", value);
const alarm =
  (fields: Parameters<Example["withAlarm"]>[1]): Change =>
  (one) =>
    one.withAlarm("high-5xx", fields);

const CASES: readonly [path: string, change: Change][] = [
  ["spec.region", (one) => one.with({ region: "Mars" })],
  ["spec.vpcId", (one) => one.with({ vpcId: undefined })],
  ["spec.subnetIds", (one) => one.with({ subnetIds: ["subnet-1a"] })],
  ["spec.subnetIds", (one) => one.with({ subnetIds: ["subnet-1a", "subnet-1a"] })],
  ["spec.tags.aws:x", (one) => one.with({ tags: { "aws:x": "y" } })],
  ["spec.tags.holdfast.dev/owner", (one) => one.with({ tags: { "holdfast.dev/owner": "me" } })],
  // @ts-expect-error: there is no such field
  ["spec.loadBalancer.schema", (one) => one.withLoadBalancer({ schema: "internal" })],
  // @ts-expect-error: there is no such scheme
  ["spec.loadBalancer.scheme", (one) => one.withLoadBalancer({ scheme: "public" })],
  [
    "spec.loadBalancer.attributes.idle_timeout",
    (one) => one.withLoadBalancer({ attributes: { idle_timeout: 1 } }),
  ],
  [
    'spec.loadBalancer.attributes["access_logs.s3.bucket"]',
    (one) => one.withLoadBalancer({ attributes: { "access_logs.s3.enabled": true } }),
  ],
  [
    "spec.loadBalancer.subnetMappings",
    (one) =>
      one.withLoadBalancer({
        subnetIds: ["subnet-1a", "subnet-1b"],
        subnetMappings: [{ subnetId: "subnet-1a" }, { subnetId: "subnet-1b" }],
      }),
  ],
  [
    "spec.loadBalancer.subnetMappings",
    (one) => one.withLoadBalancer({ subnetMappings: [{ subnetId: "subnet-1a" }, { subnetId: "subnet-1a" }] }),
  ],
  ["spec.loadBalancer.listeners", (one) => one.withListener(443, { port: 80 })],
  [`${HTTPS}.certificates`, (one) => one.withListener(443, { certificates: undefined })],
  [
    "spec.loadBalancer.listeners[0].sslPolicy",
    (one) => one.withListener(80, { sslPolicy: "ELBSecurityPolicy-2016-08" }),
  ],
  [
    "spec.loadBalancer.listeners[0].certificates",
    (one) => one.withListener(80, { certificates: [SECOND_CERTIFICATE] }),
  ],
  [
    `${HTTPS}.defaultAction`,
    (one) =>
      one.withListener(443, {
        defaultAction: { ...forwardTo("web"), fixedResponse: { statusCode: "200" } },
      }),
  ],
  [
    `${HTTPS}.defaultAction.forward.targetGroup`,
    (one) => one.withListener(443, { defaultAction: forwardTo("wbe") }),
  ],
  [
    `${HTTPS}.defaultAction.forward.targetGroup`,
    (one) => one.withListener(443, { defaultAction: { forward: {} } }),
  ],
  [
    `${HTTPS}.defaultAction.forward`,
    (one) =>
      one.withListener(443, {
        defaultAction: { forward: { targetGroup: "web", targetGroups: [{ targetGroup: "web" }] } },
      }),
  ],
  [
    `${HTTPS}.defaultAction.redirect`,
    (one) => one.withListener(443, { defaultAction: { redirect: { statusCode: "HTTP_301" } } }),
  ],
  [`${HTTPS}.rules`, (one) => one.withRule("second", { priority: 10 })],
  [`${HTTPS}.rules`, (one) => one.withRule("second", { name: "block-admin" })],
  [`${RULE}.priority`, (one) => one.withRule("block-admin", { priority: 0 })],
  [`${RULE}.conditions[0]`, (one) => one.withRule("block-admin", { conditions: [{}] })],
  [
    `${RULE}.conditions[0]`,
    (one) => one.withRule("block-admin", { conditions: [{ pathPattern: ["/admin/*"], hostHeader: ["x"] }] }),
  ],
  [
    `${RULE}.conditions`,
    (one) =>
      one.withRule("block-admin", {
        conditions: [{ hostHeader: ["a", "b", "c"] }, { pathPattern: ["a", "b", "c"] }],
      }),
  ],
  [
    `${RULE}.conditions`,
    (one) => one.withRule("block-admin", { conditions: [{ hostHeader: ["a"] }, { hostHeader: ["b"] }] }),
  ],
  [
    `${RULE}.conditions[0].sourceIp`,
    (one) => one.withRule("block-admin", { conditions: [{ sourceIp: ["10.0.0.1"] }] }),
  ],
  [
    `${RULE}.conditions[0].httpRequestMethod`,
    (one) => one.withRule("block-admin", { conditions: [{ httpRequestMethod: ["get"] }] }),
  ],
  [`${TG}.port`, (one) => one.withTargetGroup("web", { port: 70_000 })],
  [
    `${TG}.healthCheck.timeoutSeconds`,
    (one) => one.withTargetGroup("web", { healthCheck: { timeoutSeconds: 30 } }),
  ],
  [`${TG}.healthCheck.port`, (one) => one.withTargetGroup("web", { healthCheck: { port: "70000" } })],
  [
    `${TG}.healthCheck.matcher.httpCode`,
    (one) => one.withTargetGroup("web", { healthCheck: { matcher: { httpCode: "200-599" } } }),
  ],
  [
    `${TG}.healthCheck.matcher.grpcCode`,
    (one) => one.withTargetGroup("web", { healthCheck: { matcher: { grpcCode: "12" } } }),
  ],
  [
    `${TG}.attributes["slow_start.duration_seconds"]`,
    (one) => one.withTargetGroup("web", { attributes: { "slow_start.duration_seconds": 5 } }),
  ],
  [
    `${TG}.attributes["stickiness.app_cookie.cookie_name"]`,
    (one) => one.withTargetGroup("web", { attributes: { "stickiness.type": "app_cookie" } }),
  ],
  [`${ASG}.minSize`, (one) => one.withGroup("web", { minSize: 20 })],
  [`${ASG}.desiredCapacity`, (one) => one.withGroup("web", { desiredCapacity: 11 })],
  [`${ASG}.targetGroups`, (one) => one.withGroup("web", { targetGroups: ["nobody"] })],
  [
    `${ASG}.instanceRefresh.maxHealthyPercentage`,
    (one) =>
      one.withGroup("web", { instanceRefresh: { minHealthyPercentage: 50, maxHealthyPercentage: 200 } }),
  ],
  [`${ASG}.launchTemplate.imageId`, (one) => one.withLaunchTemplate({ imageId: undefined })],
  [`${ASG}.launchTemplate.iamInstanceProfile`, (one) => one.withLaunchTemplate({ iamInstanceProfile: {} })],
  [
    `${ASG}.launchTemplate.blockDeviceMappings`,
    (one) => one.withLaunchTemplate({ blockDeviceMappings: [{ deviceName: "a" }, { deviceName: "a" }] }),
  ],
  [`${ASG}.scalingPolicies.cpu`, policy({})],
  [`${ASG}.scalingPolicies.cpu.targetTracking`, policy({ targetTracking: { targetValue: 1 } })],
  [
    `${ASG}.scalingPolicies.cpu.targetTracking.resourceLabel`,
    policy({ targetTracking: { targetValue: 1, predefinedMetricType: "ALBRequestCountPerTarget" } }),
  ],
  [
    `${ASG}.scalingPolicies.cpu.targetTracking.resourceLabel`,
    policy({
      targetTracking: {
        targetValue: 1,
        predefinedMetricType: "ASGAverageCPUUtilization",
        resourceLabel: { ref: "targetGroups.web" },
      },
    }),
  ],
  [
    `${ASG}.scalingPolicies.cpu.targetTracking.resourceLabel.ref`,
    policy({
      targetTracking: {
        targetValue: 1,
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: { ref: "loadBalancer" },
      },
    }),
  ],
  [
    `${ASG}.scalingPolicies.cpu.stepScaling.stepAdjustments`,
    policy({
      stepScaling: {
        adjustmentType: "ChangeInCapacity",
        stepAdjustments: [
          { metricIntervalLowerBound: 0, metricIntervalUpperBound: 5, scalingAdjustment: 1 },
          { metricIntervalLowerBound: 10, scalingAdjustment: 2 },
        ],
      },
    }),
  ],
  [
    `${ASG}.scalingPolicies.cpu.stepScaling.minAdjustmentMagnitude`,
    policy({
      stepScaling: {
        adjustmentType: "ChangeInCapacity",
        minAdjustmentMagnitude: 1,
        stepAdjustments: [{ scalingAdjustment: 1 }],
      },
    }),
  ],
  [`${ALARM}.statistic`, alarm({ extendedStatistic: "p99" })],
  [`${ALARM}.period`, alarm({ period: 45 })],
  [`${ALARM}.evaluationPeriods`, alarm({ evaluationPeriods: 2000 })],
  [`${ALARM}.datapointsToAlarm`, alarm({ datapointsToAlarm: 3 })],
  [
    `${ALARM}.dimensions.LoadBalancer.ref`,
    alarm({ dimensions: { LoadBalancer: { ref: "autoScalingGroups.web.scalingPolicies.cpu" } } }),
  ],
  [
    `${ALARM}.dimensions.TargetGroup.ref`,
    alarm({ dimensions: { TargetGroup: { ref: "targetGroups.nobody" } } }),
  ],
  [`${ALARM}.alarmActions[0].ref`, alarm({ alarmActions: [{ ref: "loadBalancer" }] })],
  [
    `${ALARM}.alarmActions[0].ref`,
    alarm({ alarmActions: [{ ref: "autoScalingGroups.web.scalingPolicies.cpu" }] }),
  ],
  [
    `${ALARM}.alarmActions[0].ref`,
    alarm({ alarmActions: [{ ref: "autoScalingGroups.nobody.scalingPolicies.cpu" }] }),
  ],
];

describe("admission", () => {
  it("takes the example as it is", () => {
    expect(faultsOf(example().spec())).toEqual([]);
  });

  it.each(CASES)("finds what is wrong at %s, and nothing else", (path, change) => {
    const faults = faultsOf(change(example()).spec());
    expect([...new Set(faults.map((fault) => fault.path))]).toEqual([path]);
    for (const { message } of faults) expect(message.length).toBeGreaterThan(5);
  });

  it("tells every fault at once", () => {
    const changes = CASES.filter(([path]) => /region|minSize|period|priority|healthCheck.timeout/.test(path));
    const wrong = changes.reduce((one, [, change]) => change(one), example());
    const faults = faultsOf(wrong.spec());
    expect(faults.map((fault) => fault.path).sort()).toEqual(changes.map(([path]) => path).sort());
  });

  it("names the field that was meant", () => {
    // @ts-expect-error: there is no such field
    const typo = example().withTargetGroup("web", { healthCheck: { intervalSecond: 10 } });
    const [fault] = faultsOf(typo.spec());
    expect(fault).toMatchObject({
      reason: "FieldUnknown",
      message: expect.stringContaining("intervalSeconds"),
    });
  });

  it("never shows user data", () => {
    const tooLong = example().withLaunchTemplate({ userData: "PASSWORD=hunter2 ".repeat(2000) });
    const [fault] = faultsOf(tooLong.spec());
    expect(fault?.path).toBe(`${ASG}.launchTemplate.userData`);
    expect(fault?.message).not.toContain("hunter2");
  });

  it("does not let the Region change", () => {
    const spec = admit(example().spec());
    const stored = { spec } as unknown as Parameters<typeof admit>[1];
    expect(() => admit({ ...spec, region: "eu-west-1" }, stored)).toThrow(InvalidSpecError);
  });

  it("takes what it has filled in itself, and changes nothing about it", () => {
    const spec = admit(example().spec());
    expect(admit(structuredClone(spec))).toEqual(spec);
  });

  it.each([undefined, null, 5, "text", [], {}])("answers %j with faults, not with a crash", (given) => {
    expect(faultsOf(given).length).toBeGreaterThan(0);
  });
});
