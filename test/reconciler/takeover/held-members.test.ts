/** What the tables call held is compared indeed: whatever of it AWS's answer shows otherwise is not told as equal. */
import { beforeAll, describe, expect, it } from "vitest";
import { MEMBER_TABLES } from "../../../src/reconciler/kinds/coverage/answer-members.ts";
import type { Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import { withEveryPolicy } from "../../support/every-policy.ts";
import { example, forwardTo, ONE_MORE } from "../../support/example.ts";
import { GROUP_SETTINGS } from "../../support/group-settings.ts";
import { Installation } from "../../support/installation.ts";
import { OTHER_TEMPLATE_OPTIONS, TEMPLATE_OPTIONS } from "../kinds/template-options.ts";
import { loudOfBugs, somebody } from "../world.ts";

const PUBLIC_KEY = new TextEncoder().encode(
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPx8bS9Mg6FO1GgHzVEYXvwCzwZfPH6GAjYYwMhVbpNS ops",
);

/** A group without instances, for what cannot stand beside other options of its launch template. */
const group = (options: typeof TEMPLATE_OPTIONS) => ({
  targetGroups: [],
  minSize: 0,
  maxSize: 1,
  launchTemplate: { imageId: "ami-12345678", instanceType: "t3.medium", ...options },
});

/** What is counted cannot be listed, too. */
const INTERFACES = [
  {
    deviceIndex: 0,
    associateCarrierIpAddress: true,
    subnetId: "subnet-1a",
    privateIpAddress: "10.0.0.9",
    secondaryPrivateIpAddressCount: 1,
    ipv6AddressCount: 1,
    primaryIpv6: true,
    ipv4PrefixCount: 1,
    ipv6PrefixCount: 1,
    connectionTrackingSpecification: { udpStreamTimeout: 100, udpTimeout: 40 },
    enaQueueCount: 2,
  },
  {
    deviceIndex: 1,
    privateIpAddresses: [{ privateIpAddress: "10.0.0.10", primary: true }],
    ipv6Addresses: [{ ipv6Address: "2001:db8::9" }],
    ipv4Prefixes: [{ ipv4Prefix: "10.0.0.0/28" }],
    ipv6Prefixes: [{ ipv6Prefix: "2001:db8::/80" }],
  },
];
const RESTORED = {
  deviceName: "/dev/sdf",
  ebs: {
    snapshotId: "snap-0123456789abcdef0",
    volumeType: "gp3" as const,
    volumeInitializationRate: 100,
    ebsCardIndex: 0,
  },
};

/** A service with everything that a spec can hold. */
const RICH = example()
  .withTargetGroup("web", { healthCheck: { path: "/health", matcher: { httpCode: "200" } } })
  .withTargetGroup("grpc", {
    port: 9000,
    protocolVersion: "GRPC",
    healthCheck: { path: "/grpc.health", matcher: { grpcCode: "0" } },
  })
  .withRule("shared", {
    conditions: [
      { hostHeader: ["shop.example.com"] },
      { httpHeader: { name: "X-Proxy", values: ["yes"] } },
      { httpRequestMethod: ["GET"] },
      { queryString: [{ key: "version", value: "2" }] },
      { sourceIp: ["10.0.0.0/8"] },
    ],
    action: {
      forward: {
        targetGroups: [
          { targetGroup: "web", weight: 3 },
          { targetGroup: "grpc", weight: 1 },
        ],
        stickiness: { enabled: true, durationSeconds: 600 },
      },
    },
  })
  .withCertificate("arn:aws:acm:us-east-1:123456789012:certificate/def-456")
  .withListener(443, {
    defaultAction: {
      forward: {
        targetGroups: [
          { targetGroup: "web", weight: 9 },
          { targetGroup: "grpc", weight: 1 },
        ],
        stickiness: { enabled: true, durationSeconds: 600 },
      },
    },
  })
  .withListener(8080, {
    protocol: "HTTP",
    defaultAction: { fixedResponse: { statusCode: "404", messageBody: "Not here." } },
  })
  .withRule("moved", { action: { redirect: { statusCode: "HTTP_302", host: "elsewhere.example.com" } } })
  .withRule("closed", { action: { fixedResponse: { statusCode: "403", messageBody: "No." } } })
  .withRule("plain", { action: forwardTo("web") })
  .withGroup("web", { defaultInstanceWarmup: 60, maxInstanceLifetime: 86_400, ...GROUP_SETTINGS })
  .withGroup("web", {
    scheduledActions: {
      daily: {
        recurrence: "0 8 * * *",
        timeZone: "Europe/Berlin",
        endTime: "2098-01-01T00:00:00Z",
        ...{ minSize: 2, maxSize: 8, desiredCapacity: 4 },
      },
    },
    lifecycleHooks: {
      drain: {
        lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        notificationTargetArn: "arn:aws:sns:us-east-1:123456789012:alerts",
        roleArn: "arn:aws:iam::123456789012:role/hooks",
        notificationMetadata: "x",
      },
    },
    notifications: {
      alerts: {
        topicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
        notificationTypes: ["autoscaling:EC2_INSTANCE_LAUNCH"],
      },
    },
  })
  .withGroup("options", group({ ...TEMPLATE_OPTIONS, keyName: "ops" }))
  .withGroup("spot", group(OTHER_TEMPLATE_OPTIONS))
  .withGroup("addresses", group({ networkInterfaces: INTERFACES, blockDeviceMappings: [RESTORED] }))
  .withLaunchTemplate({
    keyName: "ops",
    iamInstanceProfile: { name: "holdfast" },
    userData: "#!/bin/sh\n",
    metadataOptions: {
      httpTokens: "required",
      httpEndpoint: "enabled",
      httpPutResponseHopLimit: 2,
      instanceMetadataTags: "enabled",
    },
    monitoring: { enabled: true },
    ebsOptimized: true,
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: {
          volumeSize: 20,
          volumeType: "gp3",
          iops: 3000,
          throughput: 125,
          encrypted: true,
          deleteOnTermination: true,
        },
      },
      { deviceName: "/dev/sdb", virtualName: "ephemeral0" },
      { deviceName: "/dev/sdc", noDevice: "" },
      {
        deviceName: "/dev/sdd",
        ebs: {
          snapshotId: "snap-0123456789abcdef0",
          volumeSize: 20,
          encrypted: true,
          kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/abc",
        },
      },
    ],
  })
  .withPolicy("out", ONE_MORE)
  .withPolicy("percent", {
    stepScaling: {
      adjustmentType: "PercentChangeInCapacity",
      minAdjustmentMagnitude: 2,
      stepAdjustments: [
        { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 10 },
        { metricIntervalLowerBound: 10, scalingAdjustment: 20 },
      ],
    },
  })
  .withPolicy("requests", {
    targetTracking: {
      predefinedMetricType: "ALBRequestCountPerTarget",
      resourceLabel: { ref: "targetGroups.web" },
      targetValue: 100,
    },
  })
  .withPolicy("queue", {
    estimatedInstanceWarmup: 90,
    targetTracking: {
      customizedMetric: {
        namespace: "Shop",
        metricName: "Waiting",
        dimensions: { Queue: "orders" },
        statistic: "Average",
        unit: "Count",
      },
      targetValue: 10,
    },
  })
  .withAlarm("slow", {
    namespace: "AWS/ApplicationELB",
    metricName: "TargetResponseTime",
    dimensions: { LoadBalancer: { ref: "loadBalancer" } },
    extendedStatistic: "p99",
    threshold: 2,
    comparisonOperator: "GreaterThanThreshold",
  })
  .withAlarm("high-5xx", {
    alarmDescription: "Look at the application.",
    datapointsToAlarm: 1,
    unit: "Count",
    alarmActions: ["arn:aws:sns:us-east-1:123456789012:ops"],
    okActions: ["arn:aws:sns:us-east-1:123456789012:ops"],
    insufficientDataActions: ["arn:aws:sns:us-east-1:123456789012:ops"],
  });

/** AWS tells a warm pool with its group, whose table it is not. */
const POOL = ["MinSize", "MaxGroupPreparedCapacity", "PoolState", "InstanceReusePolicy.ReuseOnScaleIn"];

/** AWS says them twice, and what it says in the other place is compared. */
const MIRRORED = ["DefaultActions[].TargetGroupArn", "Actions[].TargetGroupArn", "Conditions[].Values"];

/** One of two that exclude each other; and a single action has no order. */
const NOT_SHOWN = [
  "listener DefaultActions[].Order",
  "rule Actions[].Order",
  "launchTemplate LaunchTemplateData.IamInstanceProfile.Arn",
  ...POOL.map((member) => `warmPool ${member}`),
];

/** A group has a template or a policy, a template a type or attributes: ledger/every-field.test.ts has the others. */
const OTHER_WAY =
  /^(autoScalingGroup (MixedInstancesPolicy\.|DesiredCapacityType$)|launchTemplate LaunchTemplateData\.InstanceRequirements\.)/;

/** A pass, and some more. */
const RESYNC_MS = 70_000;

interface Target {
  readonly kind: string;
  readonly operation: string;
  readonly at: string;
  readonly path: string;
  readonly isKeyed: boolean;
}

const HELD: Target[] = Object.entries(MEMBER_TABLES).flatMap(([kind, { answers }]) =>
  answers.flatMap(({ operation, at, rules, isKeyed = false }) =>
    Object.entries(rules)
      .filter(([, { is, isInitial }]) => is === "held" && isInitial !== true)
      .filter(([path]) => !MIRRORED.includes(path))
      .map(([path]) => ({ kind, operation: operation.split(":")[1] ?? "", at, path, isKeyed })),
  ),
);

type Json = Record<string, unknown>;

/** Another value of the same type. */
function another(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return `1${value}`;
  if (value instanceof Date) return new Date(value.getTime() + 86_400_000);
  return Array.isArray(value) ? value.map(another) : value;
}

/** Changes a member wherever it is; how many places that was. */
function change(item: Json, [name = "", ...rest]: readonly string[]): number {
  if (name.endsWith("[]")) {
    const list = (item[name.slice(0, -2)] ?? []) as Json[];
    return list.reduce((count, one) => count + change(one, rest), 0);
  }
  if (item[name] === undefined) return 0;
  if (rest.length > 0) return change(item[name] as Json, rest);
  item[name] = another(item[name]);
  return 1;
}

describe("a member that the tables call held", () => {
  let installation: Installation;
  let target: Target | undefined;
  let changed = 0;
  const altering: Interceptor = {
    after({ operation }, output) {
      if (target === undefined || operation !== target.operation) return undefined;
      const copy = structuredClone(output) as Record<string, Json[]>;
      for (const item of copy[target.at] ?? []) {
        if (!target.isKeyed) changed += change(item, target.path.split("."));
        else if (item.Key === target.path) changed += change(item, ["Value"]);
      }
      return { kind: "output", output: copy };
    },
  };
  const told = (kind: string) =>
    JSON.stringify(installation.get().status?.coverage?.resources.filter((row) => row.kind === kind));

  beforeAll(async () => {
    installation = new Installation({ log: loudOfBugs, interceptor: altering });
    await somebody(installation, "ec2:ImportKeyPair", { KeyName: "ops", PublicKeyMaterial: PUBLIC_KEY });
    installation.post(withEveryPolicy(RICH).spec());
    await installation.until(() => installation.condition("Synced")?.status === "True");
    installation.annotate({ "holdfast.dev/paused": "true" });
    await installation.clock.advance(180_000);
  });

  it("is compared: what AWS's answer shows otherwise is not told as equal", async () => {
    const equal = new Map(HELD.map(({ kind }) => [kind, told(kind)]));
    const silent: string[] = [];
    const absent: string[] = [];
    for (const one of HELD.filter(({ kind, path }) => !OTHER_WAY.test(`${kind} ${path}`))) {
      changed = 0;
      target = one;
      await installation.clock.advance(RESYNC_MS);
      if (changed === 0) absent.push(`${one.kind} ${one.path}`);
      else if (told(one.kind) === equal.get(one.kind)) silent.push(`${one.kind} ${one.path}`);
    }
    target = undefined;
    await installation.clock.advance(RESYNC_MS);
    for (const [kind, before] of equal) expect(told(kind)).toBe(before);
    expect(silent).toEqual([]);
    expect(absent).toEqual(NOT_SHOWN);
  }, 120_000);
});
