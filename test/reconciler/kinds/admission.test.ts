import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import { withDefaults } from "../../../src/reconciler/kinds/defaults.ts";
import { brokenRules, rulesByPath } from "../../../src/reconciler/kinds/validation.ts";
import { type WebServiceSpec, webServiceSpecSchema } from "../../../src/reconciler/kinds/web-service.ts";
import { type Draft, specWith } from "../world.ts";

function faultsOf(spec: unknown): { path: string; message: string; reason: string }[] {
  try {
    admit(spec);
  } catch (error) {
    if (error instanceof InvalidSpecError) return [...error.faults];
    throw error;
  }
  return [];
}

const tg = (spec: Draft) => spec.targetGroups.web;
const asg = (spec: Draft) => spec.autoScalingGroups.web;
const https = (spec: Draft) => spec.loadBalancer.listeners[1]!;
const rule = (spec: Draft) => https(spec).rules![0]!;
const alarm = (spec: Draft) => spec.alarms["high-5xx"]!;
const policy = (spec: Draft, value: object) => {
  asg(spec).scalingPolicies = { cpu: value };
};
const forwardTwice = () => ({ forward: { targetGroups: [{ targetGroup: "web" }, { targetGroup: "web" }] } });
const ASG = "spec.autoScalingGroups.web";
const HTTPS = "spec.loadBalancer.listeners[1]";
const RULE = `${HTTPS}.rules[0]`;

const CASES: readonly [path: string, change: (spec: Draft) => void][] = [
  ["spec.region", (spec) => Object.assign(spec, { region: "Mars" })],
  ["spec.vpcId", (spec) => Object.assign(spec, { vpcId: undefined })],
  ["spec.subnetIds", (spec) => Object.assign(spec, { subnetIds: ["subnet-1a"] })],
  ["spec.subnetIds", (spec) => Object.assign(spec, { subnetIds: ["subnet-1a", "subnet-1a"] })],
  ["spec.tags.aws:x", (spec) => Object.assign(spec.tags, { "aws:x": "y" })],
  ["spec.tags.holdfast.dev/owner", (spec) => Object.assign(spec.tags, { "holdfast.dev/owner": "me" })],
  ["spec.loadBalancer.schema", (spec) => Object.assign(spec.loadBalancer, { schema: "internal" })],
  ["spec.loadBalancer.scheme", (spec) => Object.assign(spec.loadBalancer, { scheme: "public" })],
  [
    "spec.loadBalancer.attributes.idle_timeout",
    (spec) => Object.assign(spec.loadBalancer.attributes, { idle_timeout: 1 }),
  ],
  [
    'spec.loadBalancer.attributes["access_logs.s3.bucket"]',
    (spec) => Object.assign(spec.loadBalancer.attributes, { "access_logs.s3.enabled": true }),
  ],
  [
    'spec.loadBalancer.attributes["connection_logs.s3.bucket"]',
    (spec) => Object.assign(spec.loadBalancer.attributes, { "connection_logs.s3.enabled": true }),
  ],
  [
    "spec.loadBalancer.subnetMappings",
    (spec) =>
      Object.assign(spec.loadBalancer, {
        subnetIds: ["subnet-1a", "subnet-1b"],
        subnetMappings: [{ subnetId: "subnet-1a" }, { subnetId: "subnet-1b" }],
      }),
  ],
  [
    "spec.loadBalancer.subnetMappings",
    (spec) =>
      Object.assign(spec.loadBalancer, {
        subnetMappings: [{ subnetId: "subnet-1a" }, { subnetId: "subnet-1a" }],
      }),
  ],
  [
    "spec.loadBalancer.listeners",
    (spec) => {
      https(spec).port = 80;
    },
  ],
  [
    "spec.loadBalancer.listeners",
    (spec) => {
      https(spec).rules = Array.from({ length: 51 }, (_, n) => ({
        ...rule(spec),
        name: `r${n}`,
        priority: n + 1,
      }));
      spec.loadBalancer.listeners.push({ ...https(spec), port: 8443 });
    },
  ],
  [`${HTTPS}.certificates`, (spec) => delete https(spec).certificates],
  [
    "spec.loadBalancer.listeners[0].sslPolicy",
    (spec) => Object.assign(spec.loadBalancer.listeners[0]!, { sslPolicy: "ELBSecurityPolicy-2016-08" }),
  ],
  [
    "spec.loadBalancer.listeners[0].certificates",
    (spec) => Object.assign(spec.loadBalancer.listeners[0]!, { certificates: https(spec).certificates }),
  ],
  [
    `${HTTPS}.defaultAction`,
    (spec) => Object.assign(https(spec).defaultAction, { fixedResponse: { statusCode: "200" } }),
  ],
  [
    `${HTTPS}.defaultAction.forward.targetGroup`,
    (spec) => Object.assign(https(spec), { defaultAction: { forward: { targetGroup: "wbe" } } }),
  ],
  [
    `${HTTPS}.defaultAction.forward.targetGroup`,
    (spec) => Object.assign(https(spec), { defaultAction: { forward: {} } }),
  ],
  [
    `${HTTPS}.defaultAction.forward`,
    (spec) =>
      Object.assign(https(spec), {
        defaultAction: { forward: { targetGroup: "web", targetGroups: [{ targetGroup: "web" }] } },
      }),
  ],
  [
    `${HTTPS}.defaultAction.forward.targetGroups`,
    (spec) => Object.assign(https(spec), { defaultAction: forwardTwice() }),
  ],
  [`${RULE}.action.forward.targetGroups`, (spec) => Object.assign(rule(spec), { action: forwardTwice() })],
  [
    `${HTTPS}.defaultAction.redirect`,
    (spec) => Object.assign(https(spec), { defaultAction: { redirect: { statusCode: "HTTP_301" } } }),
  ],
  [`${HTTPS}.rules`, (spec) => https(spec).rules!.push({ ...rule(spec), name: "second" })],
  [`${HTTPS}.rules`, (spec) => https(spec).rules!.push({ ...rule(spec), priority: 11 })],
  [`${RULE}.priority`, (spec) => Object.assign(rule(spec), { priority: 0 })],
  [`${RULE}.conditions[0]`, (spec) => Object.assign(rule(spec), { conditions: [{}] })],
  [`${RULE}.conditions[0]`, (spec) => Object.assign(rule(spec).conditions[0]!, { hostHeader: ["x"] })],
  [
    `${RULE}.conditions`,
    (spec) =>
      Object.assign(rule(spec), {
        conditions: [{ hostHeader: ["a", "b", "c"] }, { pathPattern: ["a", "b", "c"] }],
      }),
  ],
  [
    `${RULE}.conditions`,
    (spec) => Object.assign(rule(spec), { conditions: [{ hostHeader: ["a"] }, { hostHeader: ["b"] }] }),
  ],
  [
    `${RULE}.conditions[0].sourceIp`,
    (spec) => Object.assign(rule(spec), { conditions: [{ sourceIp: ["10.0.0.1"] }] }),
  ],
  [
    `${RULE}.conditions[0].httpRequestMethod`,
    (spec) => Object.assign(rule(spec), { conditions: [{ httpRequestMethod: ["get"] }] }),
  ],
  ["spec.targetGroups.web.port", (spec) => Object.assign(tg(spec), { port: 70_000 })],
  [
    "spec.targetGroups.web.healthCheck.timeoutSeconds",
    (spec) => Object.assign(tg(spec).healthCheck, { timeoutSeconds: 30 }),
  ],
  [
    "spec.targetGroups.web.healthCheck.port",
    (spec) => Object.assign(tg(spec).healthCheck, { port: "70000" }),
  ],
  [
    "spec.targetGroups.web.healthCheck.matcher.httpCode",
    (spec) => Object.assign(tg(spec).healthCheck, { matcher: { httpCode: "200-599" } }),
  ],
  [
    "spec.targetGroups.web.healthCheck.matcher.grpcCode",
    (spec) => Object.assign(tg(spec).healthCheck, { matcher: { grpcCode: "12" } }),
  ],
  [
    "spec.targetGroups.web.healthCheck.matcher.httpCode",
    (spec) => {
      Object.assign(tg(spec), { protocolVersion: "GRPC" });
      Object.assign(tg(spec).healthCheck, { matcher: { httpCode: "200" } });
    },
  ],
  [
    'spec.targetGroups.web.attributes["slow_start.duration_seconds"]',
    (spec) => Object.assign(tg(spec).attributes, { "slow_start.duration_seconds": 5 }),
  ],
  [
    'spec.targetGroups.web.attributes["stickiness.app_cookie.cookie_name"]',
    (spec) => Object.assign(tg(spec).attributes, { "stickiness.type": "app_cookie" }),
  ],
  [`${ASG}.minSize`, (spec) => Object.assign(asg(spec), { minSize: 20 })],
  [`${ASG}.desiredCapacity`, (spec) => Object.assign(asg(spec), { desiredCapacity: 11 })],
  [`${ASG}.targetGroups`, (spec) => Object.assign(asg(spec), { targetGroups: ["nobody"] })],
  [
    `${ASG}.instanceRefresh.maxHealthyPercentage`,
    (spec) =>
      Object.assign(asg(spec), { instanceRefresh: { minHealthyPercentage: 50, maxHealthyPercentage: 200 } }),
  ],
  [`${ASG}.launchTemplate.imageId`, (spec) => delete asg(spec).launchTemplate.imageId],
  [
    `${ASG}.launchTemplate.iamInstanceProfile`,
    (spec) => Object.assign(asg(spec).launchTemplate, { iamInstanceProfile: {} }),
  ],
  [
    `${ASG}.launchTemplate.blockDeviceMappings`,
    (spec) =>
      Object.assign(asg(spec).launchTemplate, {
        blockDeviceMappings: [{ deviceName: "a" }, { deviceName: "a" }],
      }),
  ],
  [`${ASG}.scalingPolicies.cpu`, (spec) => policy(spec, {})],
  [
    `${ASG}.scalingPolicies.cpu.targetTracking`,
    (spec) => policy(spec, { targetTracking: { targetValue: 1 } }),
  ],
  [
    `${ASG}.scalingPolicies.cpu.targetTracking.resourceLabel`,
    (spec) =>
      policy(spec, { targetTracking: { targetValue: 1, predefinedMetricType: "ALBRequestCountPerTarget" } }),
  ],
  [
    `${ASG}.scalingPolicies.cpu.targetTracking.resourceLabel`,
    (spec) =>
      policy(spec, {
        targetTracking: {
          targetValue: 1,
          predefinedMetricType: "ASGAverageCPUUtilization",
          resourceLabel: { ref: "targetGroups.web" },
        },
      }),
  ],
  [
    `${ASG}.scalingPolicies.cpu.targetTracking.resourceLabel.ref`,
    (spec) =>
      policy(spec, {
        targetTracking: {
          targetValue: 1,
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel: { ref: "loadBalancer" },
        },
      }),
  ],
  [
    `${ASG}.scalingPolicies.cpu.targetTracking.resourceLabel.ref`,
    (spec) =>
      policy(spec, {
        targetTracking: {
          targetValue: 1,
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel: { ref: "targetGroups.nobody" },
        },
      }),
  ],
  [
    `${ASG}.scalingPolicies.cpu.stepScaling.stepAdjustments`,
    (spec) =>
      policy(spec, {
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
    (spec) =>
      policy(spec, {
        stepScaling: {
          adjustmentType: "ChangeInCapacity",
          minAdjustmentMagnitude: 1,
          stepAdjustments: [{ scalingAdjustment: 1 }],
        },
      }),
  ],
  ["spec.alarms.high-5xx.statistic", (spec) => Object.assign(alarm(spec), { extendedStatistic: "p99" })],
  ["spec.alarms.high-5xx.period", (spec) => Object.assign(alarm(spec), { period: 45 })],
  [
    "spec.alarms.high-5xx.evaluationPeriods",
    (spec) => Object.assign(alarm(spec), { evaluationPeriods: 2000 }),
  ],
  ["spec.alarms.high-5xx.datapointsToAlarm", (spec) => Object.assign(alarm(spec), { datapointsToAlarm: 3 })],
  [
    "spec.alarms.high-5xx.dimensions.LoadBalancer.ref",
    (spec) =>
      Object.assign(alarm(spec), {
        dimensions: { LoadBalancer: { ref: "autoScalingGroups.web.scalingPolicies.cpu" } },
      }),
  ],
  [
    "spec.alarms.high-5xx.dimensions.TargetGroup.ref",
    (spec) => Object.assign(alarm(spec), { dimensions: { TargetGroup: { ref: "targetGroups.nobody" } } }),
  ],
  [
    "spec.alarms.high-5xx.alarmActions[0].ref",
    (spec) => Object.assign(alarm(spec), { alarmActions: [{ ref: "loadBalancer" }] }),
  ],
  [
    "spec.alarms.high-5xx.alarmActions[0].ref",
    (spec) =>
      Object.assign(alarm(spec), { alarmActions: [{ ref: "autoScalingGroups.web.scalingPolicies.cpu" }] }),
  ],
  [
    "spec.alarms.high-5xx.alarmActions[0].ref",
    (spec) =>
      Object.assign(alarm(spec), { alarmActions: [{ ref: "autoScalingGroups.nobody.scalingPolicies.cpu" }] }),
  ],
];

/** What a spec breaks, whether or not its form is whole. */
function brokenBy(change: (spec: Draft) => void, stored?: WebServiceSpec) {
  return brokenRules(withDefaults(specWith(change)) as WebServiceSpec, stored);
}

interface Node {
  readonly properties?: Record<string, Node>;
  readonly items?: Node;
  readonly patternProperties?: Record<string, Node>;
  readonly anyOf?: Node[];
}

/** The schema of `spec.targetGroups.<name>.attributes["stickiness.type"]`. */
function schemaAt(path: string): Node | undefined {
  const [, ...steps] = [...path.matchAll(/\["([^"]+)"\]|\[\]|[^.[\]]+/g)].map(
    ([step, quoted]) => quoted ?? step,
  );
  const root: object = webServiceSpecSchema;
  return steps.reduce<Node | undefined>((node, step) => {
    const forms = [node, ...(node?.anyOf ?? [])];
    if (step === "[]") return node?.items;
    if (step === "<name>") return Object.values(node?.patternProperties ?? {})[0];
    return forms.map((form) => form?.properties?.[step]).find((found) => found !== undefined);
  }, root as Node);
}

describe("the rules between fields", () => {
  it("are each broken by a case", () => {
    const elsewhere = admit({ ...(specWith(() => undefined) as object), region: "eu-west-1" });
    const broken = [
      ...CASES.flatMap(([, change]) => brokenBy(change)),
      ...brokenBy(() => undefined, elsewhere),
    ];
    const seen = new Set(broken.map(({ rule }) => rule));
    const unbroken = rulesByPath().filter(({ rule }) => !seen.has(rule));
    expect(unbroken.map(({ path, rule }) => `${path} must ${rule.must}`)).toEqual([]);
  });

  it("each speak of a field that there is", () => {
    const unknown = rulesByPath().filter(({ path }) => schemaAt(path) === undefined);
    expect(unknown.map(({ path }) => path)).toEqual([]);
  });
});

describe("admission", () => {
  it("tells each break of each rule, in the order of the spec: where, what was given, what is allowed", () => {
    const faults = faultsOf(
      specWith((spec) => {
        alarm(spec).period = 45;
        Object.assign(tg(spec).healthCheck, { matcher: { httpCode: "100,200-599" } });
        Object.assign(tg(spec).attributes, { "slow_start.duration_seconds": 5 });
        https(spec).rules!.push({ ...rule(spec), action: { forward: { targetGroup: "wbe" } } });
        rule(spec).conditions = [{ sourceIp: ["10.0.0.1", "10.0.0.0/8", "all"] }, {}];
      }),
    );
    const TG = "spec.targetGroups.web";
    expect(faults.map(({ path, message }) => `${path} ${message}`)).toEqual([
      `${HTTPS}.rules two rules have priority 10`,
      `${HTTPS}.rules two rules are called block-admin`,
      `${RULE}.conditions[0].sourceIp takes addresses in CIDR form such as 10.0.0.0/8; was 10.0.0.1`,
      `${RULE}.conditions[0].sourceIp takes addresses in CIDR form such as 10.0.0.0/8; was all`,
      `${RULE}.conditions[1] must be exactly one of hostHeader, pathPattern, httpHeader, httpRequestMethod, queryString, sourceIp; was none`,
      `${HTTPS}.rules[1].action.forward.targetGroup there is no target group called "wbe" in this spec; there is web`,
      `${TG}.healthCheck.matcher.httpCode takes codes from 200 to 499; was 100`,
      `${TG}.healthCheck.matcher.httpCode takes codes from 200 to 499; was 599`,
      `${TG}.attributes["slow_start.duration_seconds"] must be 0 or from 30 to 900; was 5`,
      "spec.alarms.high-5xx.period must be 10, 20, 30 or a multiple of 60; was 45",
    ]);
  });

  it.each([
    ["targetGroups", { Web: {} }],
    ["autoScalingGroups", { Web: { minSize: 9, maxSize: 1 } }],
    ["alarms", { Web: { period: 45 } }],
  ])(
    "says of a child of %s only that its name is not allowed: nothing else is known of it",
    (children, more) => {
      const faults = faultsOf(specWith((spec) => Object.assign(spec[children as "alarms"], more)));
      expect(faults).toEqual([
        expect.objectContaining({
          path: `spec.${children}.Web`,
          message: expect.stringContaining("is not a name that is allowed here"),
        }),
      ]);
    },
  );

  it("takes the example as it is", () => {
    expect(faultsOf(specWith(() => undefined))).toEqual([]);
  });

  it.each(CASES)("finds what is wrong at %s, and nothing else", (path, change) => {
    const faults = faultsOf(specWith(change));
    expect([...new Set(faults.map((fault) => fault.path))]).toEqual([path]);
    for (const { message } of faults) expect(message.length).toBeGreaterThan(5);
  });

  it("tells every fault at once", () => {
    const changes = CASES.filter(([path]) => /region|minSize|period|priority|healthCheck.timeout/.test(path));
    const faults = faultsOf(specWith((spec) => changes.forEach(([, change]) => void change(spec))));
    expect(faults.map((fault) => fault.path).sort()).toEqual(changes.map(([path]) => path).sort());
  });

  it("names the field that was meant", () => {
    const [fault] = faultsOf(specWith((spec) => Object.assign(tg(spec).healthCheck, { intervalSecond: 10 })));
    expect(fault).toMatchObject({
      reason: "FieldUnknown",
      message: expect.stringContaining("intervalSeconds"),
    });
  });

  it("never shows user data", () => {
    const [fault] = faultsOf(
      specWith((spec) =>
        Object.assign(asg(spec).launchTemplate, { userData: "PASSWORD=hunter2 ".repeat(2000) }),
      ),
    );
    expect(fault?.path).toBe(`${ASG}.launchTemplate.userData`);
    expect(fault?.message).not.toContain("hunter2");
  });

  it("does not let the Region change", () => {
    const spec = admit(specWith(() => undefined));
    const stored = { spec } as unknown as Parameters<typeof admit>[1];
    expect(() => admit({ ...spec, region: "eu-west-1" }, stored)).toThrow(InvalidSpecError);
  });

  it("takes what it has filled in itself, and changes nothing about it", () => {
    const spec = admit(specWith(() => undefined));
    expect(admit(structuredClone(spec))).toEqual(spec);
  });

  it.each([undefined, null, 5, "text", [], {}])("answers %j with faults, not with a crash", (given) => {
    expect(faultsOf(given).length).toBeGreaterThan(0);
  });
});
