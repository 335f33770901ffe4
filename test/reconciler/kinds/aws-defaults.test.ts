import { beforeAll, describe, expect, it } from "vitest";
import { isRecord } from "../../../src/model/value.ts";
import { ownerOf, ownerTags } from "../../../src/reconciler/core/names.ts";
import type { DesiredResource, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import { ABSENT, type FieldMeta, fieldsOf, META } from "../../../src/reconciler/kinds/field.ts";
import { desiredOf, KINDS } from "../../../src/reconciler/kinds/registry.ts";
import { tagList } from "../../../src/reconciler/kinds/tags.ts";
import { webServiceSpecSchema } from "../../../src/reconciler/kinds/web-service.ts";
import { observe } from "../../../src/reconciler/observe.ts";
import { exampleSpec, Installation, WEB_API } from "../../support/installation.ts";
import { loudOfBugs, somebody } from "../world.ts";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/abc-123";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";
const LAUNCH = "autoscaling:EC2_INSTANCE_LAUNCH";

/** What AWS demands, and nothing else. */
const LEAST = {
  region: "us-east-1",
  vpcId: "vpc-12345678",
  subnetIds: ["subnet-1a", "subnet-1b"],
  defaults: "AWS",
  loadBalancer: {
    listeners: [
      { port: 80, protocol: "HTTP", defaultAction: { redirect: { port: "443", statusCode: "HTTP_301" } } },
      {
        port: 443,
        protocol: "HTTPS",
        certificates: [CERTIFICATE],
        defaultAction: { forward: { targetGroups: [{ targetGroup: "web" }, { targetGroup: "grpc" }] } },
        rules: [
          {
            name: "teapot",
            priority: 1,
            conditions: [{ pathPattern: ["/tea"] }],
            action: { fixedResponse: { statusCode: "418" } },
          },
        ],
      },
    ],
  },
  targetGroups: {
    web: { protocol: "HTTP", port: 80 },
    grpc: { protocol: "HTTP", port: 81, protocolVersion: "GRPC" },
  },
  autoScalingGroups: {
    web: {
      minSize: 0,
      maxSize: 1,
      tags: { team: { value: "storefront" } },
      launchTemplate: { imageId: "ami-12345678", instanceType: "t3.micro" },
      scheduledActions: { daily: { recurrence: "0 8 * * *", minSize: 0 } },
      lifecycleHooks: { drain: { lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING" } },
      notifications: { alerts: { topicArn: TOPIC, notificationTypes: [LAUNCH] } },
      warmPool: {},
      scalingPolicies: {
        cpu: { targetTracking: { predefinedMetricType: "ASGAverageCPUUtilization", targetValue: 50 } },
        step: {
          stepScaling: {
            adjustmentType: "ChangeInCapacity",
            stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
          },
        },
      },
    },
  },
  alarms: {
    busy: {
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      statistic: "Average",
      period: 60,
      evaluationPeriods: 1,
      threshold: 80,
      comparisonOperator: "GreaterThanThreshold",
    },
  },
};

const service = {
  key: WEB_API,
  owner: ownerOf("holdfast", WEB_API),
  spec: admit(LEAST),
};

/** The tier of {@link LEAST}, made by AWS calls with nothing but what AWS demands. */
async function madeByHand(): Promise<Installation> {
  const installation = new Installation({ log: loudOfBugs });
  const desired = new Map(desiredOf(service).map((one) => [String(one.address), one]));
  const named = (address: string) => desired.get(address)!.name;
  const tags = (address: string) => tagList(ownerTags(service.owner, desired.get(address)!.address));
  const make = (operation: Parameters<typeof somebody>[1], input: object) =>
    somebody(installation, operation, input);

  const [loadBalancer] = (
    await make("elasticloadbalancing:CreateLoadBalancer", {
      Name: named("loadBalancer"),
      Subnets: LEAST.subnetIds,
      Tags: tags("loadBalancer"),
    })
  ).LoadBalancers;
  const targetGroupArns: string[] = [];
  for (const [child, { port, ...more }] of Object.entries(LEAST.targetGroups)) {
    const [made] = (
      await make("elasticloadbalancing:CreateTargetGroup", {
        Name: named(`targetGroups.${child}`),
        Protocol: "HTTP",
        Port: port,
        VpcId: LEAST.vpcId,
        ...("protocolVersion" in more ? { ProtocolVersion: more.protocolVersion } : {}),
        Tags: tags(`targetGroups.${child}`),
      })
    ).TargetGroups;
    targetGroupArns.push(made.TargetGroupArn);
  }
  const { LoadBalancerArn } = loadBalancer;
  await make("elasticloadbalancing:CreateListener", {
    LoadBalancerArn,
    Port: 80,
    Protocol: "HTTP",
    DefaultActions: [{ Type: "redirect", RedirectConfig: { Port: "443", StatusCode: "HTTP_301" } }],
    Tags: tags("loadBalancer.listeners.80"),
  });
  const [{ ListenerArn }] = (
    await make("elasticloadbalancing:CreateListener", {
      LoadBalancerArn,
      Port: 443,
      Protocol: "HTTPS",
      Certificates: [{ CertificateArn: CERTIFICATE }],
      DefaultActions: [
        {
          Type: "forward",
          ForwardConfig: { TargetGroups: targetGroupArns.map((TargetGroupArn) => ({ TargetGroupArn })) },
        },
      ],
      Tags: tags("loadBalancer.listeners.443"),
    })
  ).Listeners;
  await make("elasticloadbalancing:CreateRule", {
    ListenerArn,
    Priority: 1,
    Conditions: [{ Field: "path-pattern", Values: ["/tea"] }],
    Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "418" } }],
    Tags: tags("loadBalancer.listeners.443.rules.teapot"),
  });
  await make("ec2:CreateLaunchTemplate", {
    LaunchTemplateName: named("autoScalingGroups.web.launchTemplate"),
    LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.micro" },
    TagSpecifications: [
      { ResourceType: "launch-template", Tags: tags("autoScalingGroups.web.launchTemplate") },
    ],
  });
  const AutoScalingGroupName = named("autoScalingGroups.web");
  await make("autoscaling:CreateAutoScalingGroup", {
    AutoScalingGroupName,
    MinSize: 0,
    MaxSize: 1,
    VPCZoneIdentifier: LEAST.subnetIds.join(","),
    LaunchTemplate: {
      LaunchTemplateName: named("autoScalingGroups.web.launchTemplate"),
      Version: "1",
    },
    Tags: [...tags("autoScalingGroups.web"), { Key: "team", Value: "storefront" }],
  });
  const nameThere = (address: string) =>
    named(`autoScalingGroups.web.${address}`).slice(AutoScalingGroupName.length + 1);
  const policyName = (child: string) => nameThere(`scalingPolicies.${child}`);
  await make("autoscaling:PutScheduledUpdateGroupAction", {
    AutoScalingGroupName,
    ScheduledActionName: nameThere("scheduledActions.daily"),
    Recurrence: "0 8 * * *",
    MinSize: 0,
  });
  await make("autoscaling:PutLifecycleHook", {
    AutoScalingGroupName,
    LifecycleHookName: nameThere("lifecycleHooks.drain"),
    LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
  });
  await make("autoscaling:PutNotificationConfiguration", {
    AutoScalingGroupName,
    TopicARN: TOPIC,
    NotificationTypes: [LAUNCH],
  });
  await make("autoscaling:PutWarmPool", { AutoScalingGroupName });
  await make("autoscaling:PutScalingPolicy", {
    AutoScalingGroupName,
    PolicyName: policyName("cpu"),
    PolicyType: "TargetTrackingScaling",
    TargetTrackingConfiguration: {
      TargetValue: 50,
      PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
    },
  });
  await make("autoscaling:PutScalingPolicy", {
    AutoScalingGroupName,
    PolicyName: policyName("step"),
    PolicyType: "StepScaling",
    AdjustmentType: "ChangeInCapacity",
    StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
  });
  await make("cloudwatch:PutMetricAlarm", {
    AlarmName: named("alarms.busy"),
    Namespace: "AWS/EC2",
    MetricName: "CPUUtilization",
    Statistic: "Average",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 80,
    ComparisonOperator: "GreaterThanThreshold",
    Tags: tags("alarms.busy"),
  });
  await installation.clock.advance(300_000);
  return installation;
}

describe("what AWS makes with nothing but what it demands", () => {
  let installation: Installation;
  let observed: readonly ObservedResource[];
  const desired = desiredOf(service);

  beforeAll(async () => {
    installation = await madeByHand();
    const { clock, cloud } = installation;
    const { signal } = new AbortController();
    const nowMs = () => clock.nowMs();
    const observation = await clock.resolve(
      observe({
        readsMeant: false,
        managerTags: [],
        made: [],
        cloud,
        kinds: KINDS,
        service,
        desired,
        nowMs,
        signal,
      }),
    );
    expect(observation.unreadable).toEqual([]);
    observed = observation.resources;
  });

  const pairsOf = (kind: string): [DesiredResource, ObservedResource][] =>
    desired
      .filter((one) => one.kind === kind)
      .map((one) => [one, observed.find((two) => two.address === one.address && two.kind === kind)!]);

  it.each(KINDS)("leaves no field of a $name out of the comparison", ({ name, schema }) => {
    const pairs = pairsOf(name);
    expect(pairs.length).toBeGreaterThan(0);
    for (const [wanted, there] of pairs) {
      expect(there, wanted.address).toBeDefined();
      const uncompared = fieldsOf(schema)
        .filter(({ owner }) => owner !== "initial")
        .map(({ path }) => path)
        .filter((path) => !OF_THE_ACCOUNT.includes(path))
        .filter((path) => there.fields[path] !== undefined && wanted.fields[path] === undefined);
      expect(uncompared, wanted.address).toEqual([]);
    }
  });

  it("equals a spec that gives nothing else and declines our defaults, so that no call is made", async () => {
    installation.post(LEAST);
    await installation.until(() => installation.condition("Synced")?.status === "True");
    await installation.clock.advance(180_000);
    expect(installation.condition("Synced")).toMatchObject({ status: "True", reason: "InSync" });
    expect(installation.mutations()).toEqual([]);
    const { coverage } = installation.get().status ?? {};
    expect(coverage).toMatchObject({ complete: true, different: 0 });
    // What no field stands for has AWS's documented default, and is told as that.
    const set = coverage?.resources.flatMap(({ notCompared }) =>
      notCompared.filter(({ value }) => value !== undefined),
    );
    expect(set).toEqual([]);
  });
});

/** The account's own, which AWS makes with its first group: no spec can know it before. */
const OF_THE_ACCOUNT = ["serviceLinkedRoleArn"];

/** AWS demands them of whoever makes the resource: there is nothing to fall back on. */
const DEMANDED = [
  "targetGroups.<name>.protocol",
  "autoScalingGroups.<name>.minSize",
  "autoScalingGroups.<name>.maxSize",
  "alarms.<name>.period",
  "alarms.<name>.evaluationPeriods",
];
/** The same of the alarms that policies are declared with. */
const DEMANDED_OF_POLICIES = ["stepScaling", "simpleScaling"].flatMap((form) =>
  ["period", "evaluationPeriods"].map(
    (field) => `autoScalingGroups.<name>.scalingPolicies.<name>.${form}.alarm.${field}`,
  ),
);
/** AWS decides by the account, the image or a policy of the group; nothing is sent, and nothing expected. */
const LEFT_TO_AWS = [
  "autoScalingGroups.<name>.instanceRefresh.minHealthyPercentage",
  "autoScalingGroups.<name>.launchTemplate.metadataOptions.httpTokens",
];
/** They depend on the rest of the spec. */
const COMPUTED = ["targetGroups.<name>.healthCheck.path"];
/** AWS demands it where stickiness is on: a rule says so. */
const RULED = /stickiness\.durationSeconds$/;

interface Node {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly [META]?: FieldMeta;
  readonly [ABSENT]?: unknown;
}

function nodesOf(node: Node, path = ""): [string, Node][] {
  const inner: [string, Node][] = [
    ...Object.entries(node.properties ?? {}).map(([name, member]): [string, Node] => [
      path === "" ? name : `${path}.${name}`,
      member,
    ]),
    ...Object.values(node.patternProperties ?? {}).map((member): [string, Node] => [
      `${path}.<name>`,
      member,
    ]),
    ...(node.items === undefined ? [] : [[`${path}[]`, node.items] as [string, Node]]),
  ];
  return inner.flatMap(([at, member]) => [[at, member] as [string, Node], ...nodesOf(member, at)]);
}

describe("a spec that declines our defaults", () => {
  it("has an answer for each of them: AWS's default, AWS's demand, or nothing at all", () => {
    const root: object = webServiceSpecSchema;
    const open = nodesOf(root as Node)
      .filter(([, node]) => node.default !== undefined)
      .filter(([, { default: ours }]) => !(isRecord(ours) && Object.keys(ours).length === 0))
      .filter(([, node]) => node[META]?.aws !== "")
      .filter(([, node]) => node[META]?.absent === undefined && node[ABSENT] === undefined)
      .map(([path]) => path)
      .filter((path) => !RULED.test(path));
    expect(open.toSorted()).toEqual(
      [...DEMANDED, ...DEMANDED_OF_POLICIES, ...LEFT_TO_AWS, ...COMPUTED].toSorted(),
    );
  });

  it("must give what AWS demands", () => {
    const { targetGroups, autoScalingGroups, alarms } = LEAST;
    const { protocol: _, ...web } = targetGroups.web;
    const { minSize: _min, maxSize: _max, ...group } = autoScalingGroups.web;
    const { period: _period, evaluationPeriods: _periods, ...busy } = alarms.busy;
    const spec = {
      ...LEAST,
      targetGroups: { ...targetGroups, web },
      autoScalingGroups: { web: group },
      alarms: { busy },
    };
    const missing = DEMANDED.map((path) => `spec.${path.replace("alarms.<name>", "alarms.busy")}`);
    expect(pathsOf(() => admit(spec)).toSorted()).toEqual(
      missing.map((path) => path.replace("<name>", "web")).toSorted(),
    );
  });

  it("gets no alarm, no policy, no listener and no attribute that it does not give", () => {
    const { region, vpcId, subnetIds, targetGroups } = LEAST;
    const launchTemplate = { imageId: "ami-12345678", instanceType: "t3.micro" };
    const spec = admit({
      ...{ region, vpcId, subnetIds, targetGroups, defaults: "AWS" },
      autoScalingGroups: { web: { minSize: 1, maxSize: 1, launchTemplate } },
    });
    expect(desiredOf({ ...service, spec }).map(({ address }) => address)).toEqual([
      "loadBalancer",
      "targetGroups.web",
      "targetGroups.grpc",
      "autoScalingGroups.web.launchTemplate",
      "autoScalingGroups.web",
    ]);
    expect(spec.autoScalingGroups.web).toMatchObject({ healthCheckType: "EC2", healthCheckGracePeriod: 0 });
    expect(spec.autoScalingGroups.web?.targetGroups).toBeUndefined();
    const [, web] = desiredOf({ ...service, spec });
    expect(Object.keys(web!.fields).filter((field) => field.startsWith("attributes."))).toEqual([]);
  });

  it("keeps what it has when it takes ours, and the other way round: a stored spec is whole", () => {
    const ours = admit(exampleSpec());
    const { autoScalingGroups, ...rest } = admit({ ...ours, defaults: "AWS" });
    const { scaleInProtectedInstances, standbyInstances, ...refresh } =
      autoScalingGroups.web!.instanceRefresh;
    expect([scaleInProtectedInstances, standbyInstances]).toEqual(["Wait", "Wait"]);
    const { desiredCapacityPolicy, ...web } = autoScalingGroups.web!;
    expect(desiredCapacityPolicy).toBe("Initial");
    expect({ ...web, instanceRefresh: refresh }).toEqual({
      ...ours.autoScalingGroups.web,
      availabilityZoneDistribution: { capacityDistributionStrategy: "balanced-best-effort" },
      availabilityZoneImpairmentPolicy: { zonalShiftEnabled: false },
      capacityReservationSpecification: { capacityReservationPreference: "default" },
      instanceLifecyclePolicy: { retentionTriggers: { terminateHookAbandon: "terminate" } },
      deletionProtection: "none",
      desiredCapacityType: "units",
    });
    expect(rest.targetGroups).toEqual(ours.targetGroups);
    expect(rest.alarms).toEqual(ours.alarms);
    const theirs = admit(LEAST);
    const { instanceRefresh, launchTemplate } = theirs.autoScalingGroups.web!;
    const back = admit({ ...theirs, defaults: "Recommended" });
    expect(back.autoScalingGroups.web).toEqual({
      ...theirs.autoScalingGroups.web,
      targetGroups: ["web", "grpc"],
      instanceRefresh: { ...instanceRefresh, minHealthyPercentage: 90 },
      launchTemplate: { ...launchTemplate, metadataOptions: { httpTokens: "required" } },
    });
  });
});

function pathsOf(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    return (error as { faults: { path: string }[] }).faults.map(({ path }) => path);
  }
  return [];
}
