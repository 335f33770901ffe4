import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import { webServiceSpecSchema } from "../../../src/reconciler/kinds/web-service.ts";
import { schemaAsWritten } from "../../../src/reconciler/kinds/written-forms.ts";
import { Installation, WEB_API } from "../../support/installation.ts";
import { converged, type Draft, loudOfBugs, specWith } from "../world.ts";

const tg = (spec: Draft) => spec.targetGroups.web;
const asg = (spec: Draft) => spec.autoScalingGroups.web;
const rules = (spec: Draft) => spec.loadBalancer.listeners[1]!.rules!;

interface Written {
  readonly name: string;
  /** As our own examples have it. */
  readonly plain: (spec: Draft) => void;
  /** As AWS, CloudFormation or Terraform have it. */
  readonly otherwise: (spec: Draft) => void;
}

const devices =
  (...list: object[]) =>
  (spec: Draft) => {
    asg(spec).launchTemplate.blockDeviceMappings = list;
  };
const inCheck = (part: object) => (spec: Draft) => Object.assign(tg(spec).healthCheck, part);
const inTargets = (part: object) => (spec: Draft) => Object.assign(tg(spec).attributes, part);
const inBalancer = (part: object) => (spec: Draft) => Object.assign(spec.loadBalancer.attributes, part);
const inGroup = (part: object) => (spec: Draft) => Object.assign(asg(spec), part);
const redirect = (parts: object) => (spec: Draft) =>
  Object.assign(spec.loadBalancer.listeners[0]!, { defaultAction: { redirect: parts } });
const answer = (statusCode: unknown) => (spec: Draft) =>
  Object.assign(rules(spec)[0]!, { action: { fixedResponse: { statusCode } } });

const WRITTEN: readonly Written[] = [
  {
    name: "the port of a health check",
    plain: inCheck({ port: "8081" }),
    otherwise: inCheck({ port: 8081 }),
  },
  {
    name: "the codes of a health check",
    plain: inCheck({ matcher: { httpCode: "200" } }),
    otherwise: inCheck({ matcher: { httpCode: 200 } }),
  },
  {
    name: "a redirect",
    plain: redirect({ port: "8443", protocol: "HTTPS", statusCode: "HTTP_302" }),
    otherwise: redirect({ port: 8443, protocol: "HTTPS", statusCode: 302 }),
  },
  {
    name: "the status of a redirect as text",
    plain: redirect({ protocol: "HTTPS", statusCode: "HTTP_301" }),
    otherwise: redirect({ protocol: "HTTPS", statusCode: "301" }),
  },
  { name: "a fixed response", plain: answer("404"), otherwise: answer(404) },
  {
    name: "attributes of a target group",
    plain: inTargets({
      "deregistration_delay.timeout_seconds": 60,
      "stickiness.enabled": true,
      "load_balancing.cross_zone.enabled": "true",
      "target_group_health.dns_failover.minimum_healthy_targets.count": 2,
    }),
    otherwise: inTargets({
      "deregistration_delay.timeout_seconds": "60",
      "stickiness.enabled": "true",
      "load_balancing.cross_zone.enabled": true,
      "target_group_health.dns_failover.minimum_healthy_targets.count": "2",
    }),
  },
  {
    name: "attributes of a load balancer",
    plain: inBalancer({ "idle_timeout.timeout_seconds": 60, "routing.http2.enabled": false }),
    otherwise: inBalancer({ "idle_timeout.timeout_seconds": "60", "routing.http2.enabled": "false" }),
  },
  {
    name: "a device that is left out",
    plain: devices({ deviceName: "/dev/sdb", noDevice: "" }),
    otherwise: devices({ deviceName: "/dev/sdb", noDevice: {} }),
  },
  {
    name: "a device that is left out, as Terraform has it",
    plain: devices({ deviceName: "/dev/sdb", noDevice: "" }),
    otherwise: devices({ deviceName: "/dev/sdb", noDevice: true }),
  },
  {
    name: "numbers of a volume that are none",
    plain: devices({ deviceName: "/dev/sdb", ebs: { volumeType: "gp2", volumeSize: 8 } }),
    otherwise: devices({
      deviceName: "/dev/sdb",
      noDevice: false,
      ebs: { volumeType: "gp2", volumeSize: 8, iops: 0, throughput: 0 },
    }),
  },
  {
    name: "times of a group that are none",
    plain: inGroup({}),
    otherwise: inGroup({ maxInstanceLifetime: 0, defaultInstanceWarmup: -1 }),
  },
];

/** What admission says of a spec. */
function faultsOf(change: (spec: Draft) => void): string[] {
  try {
    admit(specWith(change));
  } catch (error) {
    if (error instanceof InvalidSpecError)
      return error.faults.map(({ path, message }) => `${path} ${message}`);
    throw error;
  }
  return [];
}

describe("a value that AWS and its tools write in another way", () => {
  it.each(WRITTEN)("changes nothing in AWS: $name", async ({ plain, otherwise }) => {
    const installation = await converged(specWith(plain));
    const before = installation.mutations().length;
    const wanted = specWith(otherwise);
    expect((await installation.plan(wanted)).rows).toEqual([]);
    installation.post(wanted);
    await installation.clock.advance(300_000);
    expect(installation.mutations().slice(before)).toEqual([]);
    expect(installation.condition("Synced")?.status).toBe("True");
  });

  it.each(WRITTEN)("is stored as it was written: $name", ({ otherwise }) => {
    const installation = new Installation();
    const sent = JSON.parse(JSON.stringify(specWith(otherwise)));
    installation.post(specWith(otherwise));
    expect(installation.get(WEB_API).spec).toMatchObject(sent);
  });

  it.each([
    ["healthCheck.port", inCheck({ port: 70_000 })],
    ["attributes", inTargets({ "deregistration_delay.timeout_seconds": "3601" })],
    ["attributes", inTargets({ "deregistration_delay.timeout_seconds": "soon" })],
    ["statusCode", redirect({ protocol: "HTTPS", statusCode: 307 })],
    ["statusCode", answer(301)],
    ["slow_start", inTargets({ "slow_start.duration_seconds": "5" })],
  ])("is judged like any other: %s", (part, change) => {
    const faults = faultsOf(change);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(part);
  });

  it("is described to clients", () => {
    const text = JSON.stringify(schemaAsWritten(webServiceSpecSchema));
    expect(text).toContain('"anyOf":[{"type":"string"},{"type":"integer"}]');
    expect(text).not.toContain("x-holdfast-written");
  });
});

describe("what AWS has, admission takes", () => {
  it.each([
    "us-east-1",
    "eusc-de-east-1",
    "us-gov-west-1",
    "cn-north-1",
    "us-isob-east-1",
    "ap-southeast-7",
    "mx-central-1",
  ])("the Region %s", (region) => {
    const certificate = `arn:aws:acm:${region}:123456789012:certificate/abc-123`;
    const faults = faultsOf((spec) => {
      Object.assign(spec, { region });
      spec.loadBalancer.listeners[1]!.certificates = [certificate];
    });
    expect(faults).toEqual([]);
  });

  it.each(["eu-mars-1x", "aws-global", "eusc-fr-east-1", "us_east_1"])("and not %s", (region) => {
    expect(faultsOf((spec) => Object.assign(spec, { region })).join()).toContain("spec.region");
  });

  it("eleven Auto Scaling groups", () => {
    const faults = faultsOf((spec) => {
      const { web } = spec.autoScalingGroups;
      const groups = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`g${n}`, web]));
      Object.assign(spec, { autoScalingGroups: groups });
    });
    expect(faults).toEqual([]);
  });

  it("an image that a parameter names, and instances run from what it names", async () => {
    const installation = new Installation({ log: loudOfBugs });
    installation.post(
      specWith((spec) => Object.assign(asg(spec).launchTemplate, { imageId: "resolve:ssm:/golden/web" })),
    );
    await installation.untilReady();
    const { Reservations } = await installation.aws("ec2:DescribeInstances", {});
    const images = Reservations!.flatMap(({ Instances }) => Instances!.map(({ ImageId }) => ImageId));
    expect(new Set(images)).toEqual(new Set(["ami-12345678"]));
    expect(installation.mutations().filter((call) => call === "ec2:CreateLaunchTemplateVersion")).toEqual([]);
  });
});

describe("a field that the schema does not know", () => {
  it.each([
    [
      "targetGroups.web.targetControlPort",
      "is a real member of AWS's CreateTargetGroup that Holdfast does not support yet; take it out (docs/not-supported-yet.md lists all of them)",
    ],
    ["loadBalancer.listeners[1].mutualAuthentication", "is a real member of AWS's CreateListener that"],
    ["loadBalancer.listeners[1].rules[0].transforms", "is a real member of AWS's CreateRule that"],
    ["autoScalingGroups.web.trafficSources", "is a real member of AWS's CreateAutoScalingGroup that"],
    [
      "autoScalingGroups.web.launchTemplate.secondaryInterfaces",
      "is a real member of AWS's RequestLaunchTemplateData that",
    ],
    ["autoScalingGroups.web.launchTemplate.placement.spreadDomain", "does not support yet"],
    ["autoScalingGroups.web.launchTemplate.instanceMarketOptions.spotOptions.validUntil", "not support yet"],
    ["alarms.high-5xx.metrics", "is a real member of AWS's PutMetricAlarm that"],
    ["alarms.high-5xx.thresholdMetricId", "is a real member of AWS's PutMetricAlarm that"],
    [
      'loadBalancer.attributes["health_check_logs.s3.enabled"]',
      "is a real member of AWS's LoadBalancerAttribute that",
    ],
    [
      "autoScalingGroups.web.scalingPolicies.cpu.minAdjustmentStep",
      "is a real member of AWS's PutScalingPolicy that Holdfast does not support yet",
    ],
    [
      "loadBalancer.listeners[1].attributes",
      "is AWS's listener attributes (elasticloadbalancing:ModifyListenerAttributes), which Holdfast does not support yet; take it out (docs/not-supported-yet.md",
    ],
    ["targetGroups.web.healthCheckPath", "what AWS calls HealthCheckPath is healthCheck.path here"],
    ["targetGroups.web.Port", "what AWS calls Port is port here"],
    ["targetGroups.web.vpcId", "it is vpcId at the top of the spec"],
    ["autoScalingGroups.web.vpcZoneIdentifier", "what AWS calls VPCZoneIdentifier is subnetIds here"],
    ["targetGroups.web.healthCheck.intervalSecond", "did you mean intervalSeconds?"],
    ["alarms.high-5xx.colour", "known are "],
  ])("%s: %s", (path, words) => {
    const steps = [...path.matchAll(/\["([^"]+)"\]|[^.[\]]+/g)].map(([step, quoted]) => quoted ?? step);
    const faults = faultsOf((spec) => {
      const last = steps.at(-1)!;
      let node = spec as unknown as Record<string, unknown>;
      for (const step of steps.slice(0, -1)) {
        node[step] ??= {};
        node = node[step] as Record<string, unknown>;
      }
      node[last] = {};
    });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`spec.${path} `);
    expect(faults[0]).toContain(words);
  });
});
