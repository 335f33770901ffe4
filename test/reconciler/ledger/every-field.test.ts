/**
 * Every field of every kind that the spec owns, changed from outside: one event with the right before and after, put
 * right, and closed. The fields are those that are compared of specs which give every field of the schema: one that is
 * added is among them, and has to be told how somebody else would change it.
 */
import { describe, expect, it } from "vitest";
import type { Address } from "../../../src/model/address.ts";
import type { DriftEvent } from "../../../src/model/ledger/drift.ts";
import { secretDigest } from "../../../src/model/secrets.ts";
import { type Value, valuesEqual } from "../../../src/model/value.ts";
import { withOwnership } from "../../../src/reconciler/core/belonging/ownership.ts";
import { OWN_TAGS } from "../../../src/reconciler/core/names.ts";
import { tagField } from "../../../src/reconciler/core/tags.ts";
import type { AttributeRule } from "../../../src/reconciler/kinds/attributes.ts";
import { OVERRIDES } from "../../../src/reconciler/kinds/auto-scaling-group/mixed/fields.ts";
import { fieldsOf, setMember } from "../../../src/reconciler/kinds/field.ts";
import { launchTemplateSchema } from "../../../src/reconciler/kinds/launch-template/schema.ts";
import { LOAD_BALANCER_ATTRIBUTES } from "../../../src/reconciler/kinds/load-balancer/schema.ts";
import { desiredOf, KINDS, kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { TARGET_GROUP_ATTRIBUTES } from "../../../src/reconciler/kinds/target-group/schema.ts";
import { specIn } from "../../../src/reconciler/kinds/web-service.ts";
import { observe } from "../../../src/reconciler/observe.ts";
import { contextOf } from "../../../src/reconciler/service-context.ts";
import { example, ONE_MORE, SECOND_CERTIFICATE } from "../../support/example.ts";
import { FULL_SPECS } from "../../support/full-specs.ts";
import { type Installation, WEB_API } from "../../support/installation.ts";
import { converged } from "../world.ts";

/** What AWS cannot change in place: nobody can. */
const FIXED = new Set([
  // Goes with its buffer: never a change of one field.
  "scalingPolicy maxCapacityBreachBehavior",
  // The simulated account has no reserved capacity to put first.
  "autoScalingGroup mixedInstancesPolicy.instancesDistribution.distributionSegments",
  // Refused of targets that are instances.
  "targetGroup healthCheck.enabled",
  // It takes its certificates and its policy along: never a change of one field.
  "listener protocol",
  ...["loadBalancer scheme", "listener port"],
  ...["protocol", "port", "protocolVersion", "targetType", "ipAddressType", "vpcId"].map(
    (field) => `targetGroup ${field}`,
  ),
]);
/** What somebody else makes of it is taken for what AWS has made of it. */
const LEFT = new Set([
  "one with every type of policy autoScalingGroup maxSize",
  // It takes the number of pools along.
  "one with several instance types autoScalingGroup mixedInstancesPolicy.instancesDistribution.spotAllocationStrategy",
]);
/** Not AWS's, and moved by whoever makes a version: told with what the version holds. */
const AUTHOR = "launchTemplate madeBy";

const TAG = "somebody-else";

/** Kind and field → what somebody else makes of it. A number becomes one more, and a switch is turned. */
const OTHERS: Readonly<Record<string, Value>> = {
  "loadBalancer subnets": ["subnet-1a", "subnet-1b"],
  "loadBalancer securityGroups": ["sg-12345678"],
  "loadBalancer ipAddressType": "dualstack",
  "loadBalancer attributes.routing.http.desync_mitigation_mode": "strictest",
  "loadBalancer attributes.routing.http.xff_header_processing.mode": "remove",
  "loadBalancer attributes.access_logs.s3.bucket": "others-logs",
  "loadBalancer attributes.access_logs.s3.prefix": "others",
  "loadBalancer attributes.connection_logs.s3.bucket": "others-logs",
  "loadBalancer attributes.connection_logs.s3.prefix": "others",
  "targetGroup healthCheck.protocol": "HTTPS",
  "targetGroup healthCheck.port": "8081",
  "targetGroup healthCheck.path": "/others",
  "targetGroup healthCheck.matcher.httpCode": "200-299",
  "targetGroup healthCheck.matcher.grpcCode": "0",
  "targetGroup attributes.target_group_health.dns_failover.minimum_healthy_targets.percentage": "50",
  "targetGroup attributes.target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage":
    "50",
  "targetGroup attributes.slow_start.duration_seconds": "30",
  "targetGroup attributes.stickiness.type": "app_cookie",
  "targetGroup attributes.stickiness.app_cookie.cookie_name": "others",
  "targetGroup attributes.load_balancing.algorithm.type": "least_outstanding_requests",
  "targetGroup attributes.load_balancing.algorithm.anomaly_mitigation": "on",
  "targetGroup attributes.load_balancing.cross_zone.enabled": "true",
  "listener sslPolicy": "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "listener defaultCertificate": SECOND_CERTIFICATE,
  "listener defaultAction": { type: "fixed-response", statusCode: "503", contentType: "text/plain" },
  "rule conditions": [{ field: "path-pattern", values: ["/others/*"] }],
  "rule action": { type: "fixed-response", statusCode: "404", contentType: "text/plain" },
  "launchTemplate imageId": "ami-87654321",
  "launchTemplate instanceType": "t3.large",
  "launchTemplate securityGroupIds": ["sg-alb-12345678"],
  "launchTemplate keyName": "others",
  ...Object.fromEntries(
    Object.entries({
      cpuManufacturers: ["amd"],
      excludedInstanceTypes: ["m5.*"],
      allowedInstanceTypes: ["m5.*"],
      instanceGenerations: ["previous"],
      bareMetal: "included",
      burstablePerformance: "excluded",
      localStorage: "excluded",
      localStorageTypes: ["hdd"],
      acceleratorTypes: ["inference"],
      acceleratorManufacturers: ["amd"],
      acceleratorNames: ["v100"],
      "baselinePerformanceFactors.cpu.references": [{ instanceFamily: "c5" }],
    }).map(([name, value]) => [`launchTemplate instanceRequirements.${name}`, value]),
  ),
  "autoScalingGroup mixedInstancesPolicy.instancesDistribution.onDemandAllocationStrategy": "lowest-price",
  "autoScalingGroup mixedInstancesPolicy.instancesDistribution.spotAllocationStrategy": "capacity-optimized",
  "autoScalingGroup mixedInstancesPolicy.instancesDistribution.spotMaxPrice": "0.06",
  "autoScalingGroup desiredCapacityType": "memory-mib",
  "launchTemplate iamInstanceProfile.name": "others",
  "launchTemplate iamInstanceProfile.arn": "arn:aws:iam::123456789012:instance-profile/others",
  "launchTemplate metadataOptions.httpTokens": "optional",
  "launchTemplate metadataOptions.httpEndpoint": "disabled",
  "launchTemplate metadataOptions.instanceMetadataTags": "disabled",
  "launchTemplate instanceTags": { Name: "others" },
  "launchTemplate metadataOptions.httpProtocolIpv6": "disabled",
  "launchTemplate monitoring.metricCategoryIds": ["mc-2"],
  "launchTemplate cpuOptions.amdSevSnp": "enabled",
  "launchTemplate cpuOptions.nestedVirtualization": "enabled",
  "launchTemplate creditSpecification.cpuCredits": "unlimited",
  "launchTemplate placement.availabilityZone": "us-east-1b",
  "launchTemplate placement.availabilityZoneId": "use1-az2",
  "launchTemplate placement.tenancy": "dedicated",
  "launchTemplate placement.affinity": "host",
  "launchTemplate placement.hostId": "h-87654321",
  "launchTemplate placement.hostResourceGroupArn":
    "arn:aws:resource-groups:us-east-1:123456789012:group/others",
  "launchTemplate placement.groupName": "others",
  "launchTemplate placement.groupId": "pg-87654321",
  "launchTemplate capacityReservationSpecification.capacityReservationPreference":
    "capacity-reservations-only",
  "launchTemplate capacityReservationSpecification.capacityReservationTarget.capacityReservationId":
    "cr-87654321",
  "launchTemplate capacityReservationSpecification.capacityReservationTarget.capacityReservationResourceGroupArn":
    "arn:aws:resource-groups:us-east-1:123456789012:group/others",
  "launchTemplate maintenanceOptions.autoRecovery": "default",
  "launchTemplate privateDnsNameOptions.hostnameType": "ip-name",
  "launchTemplate networkPerformanceOptions.bandwidthWeighting": "ebs-1",
  "launchTemplate licenseSpecifications": [
    { licenseConfigurationArn: "arn:aws:license-manager:us-east-1:123456789012:license-configuration:lic-2" },
  ],
  "launchTemplate kernelId": "aki-87654321",
  "launchTemplate ramDiskId": "ari-87654321",
  "launchTemplate instanceInitiatedShutdownBehavior": "stop",
  "launchTemplate networkInterfaces": [
    { deviceIndex: 0, networkCardIndex: 0, interfaceType: "interface", groups: ["sg-alb-12345678"] },
  ],
  "launchTemplate instanceMarketOptions.marketType": "capacity-block",
  "launchTemplate instanceMarketOptions.spotOptions.maxPrice": "0.06",
  "launchTemplate instanceMarketOptions.spotOptions.spotInstanceType": "persistent",
  "launchTemplate instanceMarketOptions.spotOptions.instanceInterruptionBehavior": "stop",
  "launchTemplate tagSpecifications.volume": { backup: "never" },
  "launchTemplate tagSpecifications.network-interface": { net: "others" },
  "launchTemplate tagSpecifications.spot-instances-request": { market: "others" },
  "autoScalingGroup healthCheckType": "EC2",
  "autoScalingGroup placementGroup": "others",
  "autoScalingGroup capacityReservationSpecification.capacityReservationPreference":
    "capacity-reservations-only",
  "autoScalingGroup capacityReservationSpecification.capacityReservationTarget.capacityReservationIds": [
    "cr-others",
  ],
  "autoScalingGroup capacityReservationSpecification.capacityReservationTarget.capacityReservationResourceGroupArns":
    ["arn:aws:resource-groups:us-east-1:123456789012:group/others"],
  "autoScalingGroup availabilityZoneDistribution.capacityDistributionStrategy": "balanced-only",
  "autoScalingGroup availabilityZoneImpairmentPolicy.impairedZoneHealthCheckBehavior": "IgnoreUnhealthy",
  "autoScalingGroup instanceLifecyclePolicy.retentionTriggers.terminateHookAbandon": "retain",
  "autoScalingGroup deletionProtection": "prevent-force-deletion",
  "autoScalingGroup serviceLinkedRoleArn":
    "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_others",
  "autoScalingGroup suspendedProcesses": ["AZRebalance", "ScheduledActions"],
  "autoScalingGroup enabledMetrics": ["GroupMinSize", "GroupTotalInstances"],
  "autoScalingGroup terminationPolicies": ["OldestInstance"],
  "autoScalingGroup subnets": ["subnet-1a", "subnet-1b"],
  "autoScalingGroup targetGroups": [],
  "autoScalingGroup tags.Environment": { value: TAG, propagateAtLaunch: true },
  "launchTemplate userData": secretDigest("others"),
  "autoScalingGroup launchTemplate": { name: "others", version: "1" },
  "scalingPolicy adjustmentType": "ExactCapacity",
  "scalingPolicy metricAggregationType": "Maximum",
  "scalingPolicy stepAdjustments": [{ metricIntervalLowerBound: 0, scalingAdjustment: 2 }],
  "alarm period": 120,
  "scalingPolicy mode": "ForecastAndScale",
  "scalingPolicy metricSpecifications": [
    { targetValue: 41, predefinedMetricPair: { predefinedMetricType: "ASGNetworkIn" } },
  ],
  "scalingPolicy metric": { predefined: "ASGAverageNetworkIn" },
  "lifecycleHook lifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
  "lifecycleHook defaultResult": "ABANDON",
  "lifecycleHook notificationTargetArn": "arn:aws:sns:us-east-1:123456789012:others",
  "lifecycleHook roleArn": "arn:aws:iam::123456789012:role/others",
  "lifecycleHook notificationMetadata": "others",
  "notification notificationTypes": ["autoscaling:EC2_INSTANCE_TERMINATE"],
  "warmPool poolState": "Stopped",
  "scheduledAction recurrence": "0 10 * * MON-FRI",
  "scheduledAction timeZone": "America/New_York",
  "scheduledAction startTime": "2098-07-01T06:00:00Z",
  "scheduledAction endTime": "2098-12-31T00:00:00Z",
  "alarm alarmDescription": "others",
  "alarm namespace": "Others",
  "alarm metricName": "Others",
  "alarm statistic": "Average",
  "alarm extendedStatistic": "p90",
  "alarm comparisonOperator": "LessThanThreshold",
  "alarm treatMissingData": "breaching",
  "alarm unit": "Percent",
  "alarm dimensions": [{ name: "LoadBalancer", value: "app/others/0123456789abcdef" }],
  "alarm alarmActions": ["arn:aws:sns:us-east-1:123456789012:others"],
  "alarm okActions": ["arn:aws:sns:us-east-1:123456789012:others"],
  "alarm insufficientDataActions": ["arn:aws:sns:us-east-1:123456789012:others"],
};

function somebodyElses(kind: string, field: string, value: Value | undefined): Value {
  // Attributes go on as attributes, and weights as weights.
  if (field === OVERRIDES)
    return JSON.stringify(value).includes("vCpuCount")
      ? [{ instanceRequirements: { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } } }]
      : [...(value as Value[]), { instanceType: "m5.xlarge", weightedCapacity: "4" }];
  const told = OTHERS[`${kind} ${field}`];
  if (told !== undefined) return told;
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (value === "true" || value === "false") return String(value !== "true");
  if (typeof value === "string" && /^\d+$/.test(value)) return String(Number(value) + 1);
  if (field.startsWith("tags.")) return TAG;
  throw new Error(
    `say in OTHERS what somebody else could make of ${kind} ${field}: ${JSON.stringify(value)}`,
  );
}

async function look(installation: Installation) {
  const { store, cloud, clock } = installation;
  const object = store.get(WEB_API)!;
  const service = contextOf("holdfast", WEB_API, specIn(object, []));
  const desired = desiredOf(service);
  const made = store.made(WEB_API);
  const seen = await clock.resolve(
    observe({
      ...{ cloud: cloud as never, kinds: KINDS, service, desired, made, readsMeant: false, managerTags: [] },
      nowMs: () => clock.nowMs(),
      signal: new AbortController().signal,
    }),
  );
  const { resources } = withOwnership({
    ...{ kindNamed, observation: seen, desired, made, isObserved: false },
    isSettling: () => false,
  });
  return { desired, resources };
}

/** What is not one call for one field. */
const DEEDS: Readonly<
  Record<string, (installation: Installation, id: string, after: Value) => Promise<Value>>
> = {
  "rule priority": async (installation, RuleArn, after) => {
    const RulePriorities = [{ RuleArn, Priority: Number(after) }];
    await installation.aws("elasticloadbalancing:SetRulePriorities", { RulePriorities });
    return after;
  },
  "lifecycleHook notificationTargetArn": async (installation, _id, after) => {
    await installation.aws("sns:CreateTopic" as never, { Name: "others" } as never);
    const hook = (await look(installation)).resources.find(({ kind }) => kind === "lifecycleHook")!;
    await installation.aws("autoscaling:PutLifecycleHook", {
      AutoScalingGroupName: hook.parent!,
      LifecycleHookName: hook.attributes.name!,
      NotificationTargetARN: String(after),
    });
    return after;
  },
  "autoScalingGroup launchTemplate": async (installation, AutoScalingGroupName) => {
    const ours = (await look(installation)).resources.find(({ kind }) => kind === "launchTemplate")!.id;
    const { LaunchTemplate } = await installation.aws("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: "others",
      LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.medium" },
    });
    const id = LaunchTemplate!.LaunchTemplateId!;
    const LaunchTemplateSpecification = { LaunchTemplateId: id, Version: "1" };
    const { AutoScalingGroups: [group] = [] } = await installation.aws(
      "autoscaling:DescribeAutoScalingGroups",
      { AutoScalingGroupNames: [AutoScalingGroupName] },
    );
    await installation.aws("autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName,
      ...(group!.MixedInstancesPolicy === undefined
        ? { LaunchTemplate: LaunchTemplateSpecification }
        : { MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification } } }),
    });
    // Its instances are of the one that it was.
    return { id, version: `1, 1 of ${ours}` };
  },
};

/** Members that the schema does not name: of the default version, with what is in the way taken out. */
const MEMBERS: Readonly<Record<string, (data: Record<string, unknown>) => void>> = {
  userData: (data) => Object.assign(data, { UserData: btoa("others") }),
  // Volumes go with their instances, unless they have tags of their own.
  instanceTags: (data) => {
    const [ofInstances, ofVolumes] = ["instance", "volume"].map((type) => tagsIn(data, type));
    const others = [{ Key: "Name", Value: "others" }];
    setTags(data, "instance", others);
    if (valuesEqual(ofInstances ?? null, ofVolumes ?? null)) setTags(data, "volume", others);
  },
  "tagSpecifications.volume": (data) => setTags(data, "volume", [{ Key: "backup", Value: "never" }]),
  "tagSpecifications.network-interface": (data) =>
    setTags(data, "network-interface", [{ Key: "net", Value: "others" }]),
  "tagSpecifications.spot-instances-request": (data) =>
    setTags(data, "spot-instances-request", [{ Key: "market", Value: "others" }]),
  networkInterfaces: (data) =>
    Object.assign(data, { NetworkInterfaces: [{ DeviceIndex: 0, Groups: ["sg-alb-12345678"] }] }),
  licenseSpecifications: (data) =>
    Object.assign(data, {
      LicenseSpecifications: [
        {
          LicenseConfigurationArn:
            "arn:aws:license-manager:us-east-1:123456789012:license-configuration:lic-2",
        },
      ],
    }),
};

interface TagSpecification {
  readonly ResourceType: string;
  readonly Tags: { Key: string; Value: string }[];
}

function tagsIn({ TagSpecifications: all }: Record<string, unknown>, type: string) {
  return (all as TagSpecification[]).find(({ ResourceType }) => ResourceType === type)?.Tags;
}

function setTags(data: Record<string, unknown>, type: string, Tags: TagSpecification["Tags"]): void {
  const others = (data.TagSpecifications as TagSpecification[]).filter(
    ({ ResourceType }) => ResourceType !== type,
  );
  Object.assign(data, { TagSpecifications: [...others, { ResourceType: type, Tags }] });
}

/** A version that holds something else in one field, and is the default one. */
async function newVersion(
  installation: Installation,
  LaunchTemplateId: string,
  field: string,
  after: Value,
): Promise<Value> {
  const { LaunchTemplateVersions: [current] = [] } = await installation.aws(
    "ec2:DescribeLaunchTemplateVersions",
    { LaunchTemplateId, Versions: ["$Default"] },
  );
  const data: Record<string, unknown> = structuredClone({ ...current!.LaunchTemplateData });
  const info = fieldsOf(launchTemplateSchema).find(({ path }) => path === field);
  const change = MEMBERS[field] ?? (() => setMember(data, info!.aws.split("."), after));
  change(data);
  const { LaunchTemplateVersion } = await installation.aws("ec2:CreateLaunchTemplateVersion", {
    LaunchTemplateId,
    LaunchTemplateData: data as never,
  });
  const DefaultVersion = String(LaunchTemplateVersion!.VersionNumber);
  await installation.aws("ec2:ModifyLaunchTemplate", { LaunchTemplateId, DefaultVersion });
  return after;
}

/** Somebody else sets one field, with calls for that field alone. Answers what AWS holds then. */
async function set(
  installation: Installation,
  address: Address,
  field: string,
  after: Value,
): Promise<Value> {
  const { desired, resources } = await look(installation);
  const wanted = desired.find((resource) => resource.address === address)!;
  const there = resources.find((resource) => resource.address === address)!;
  const deed = DEEDS[`${there.kind} ${field}`];
  if (deed !== undefined) return deed(installation, there.id, after);
  const kind = kindNamed(there.kind);
  if (there.kind === "launchTemplate" && !field.startsWith("tags.")) {
    return newVersion(installation, there.id, field, after);
  }
  const calls = field.startsWith("tags.")
    ? kind.tag!(there, { [field.slice("tags.".length)]: after }, [])
    : kind.update({
        desired: { ...wanted, secrets: { ...there.secrets, [secretDigest("others")]: "others" } },
        fields: { ...there.fields, [field]: after },
        observed: there,
        differences: [{ field, desired: after, observed: there.fields[field] ?? null }],
      });
  expect(calls.length, `${address} ${field}: nobody can change it`).toBeGreaterThan(0);
  for (const { operation, input } of calls) await installation.aws(operation, input);
  return after;
}

function eventsOf({ store }: Installation): readonly DriftEvent[] {
  return store.driftEvents({ limit: 10_000 }).items;
}

/** Specs that give every field, every attribute among them. */
const SPECS = {
  "the first": FULL_SPECS[0].withAlarm("high-5xx", { evaluationPeriods: 3 }),
  "the second": FULL_SPECS[1],
  "one with several instance types": FULL_SPECS[2],
  "one that chooses types by attributes": FULL_SPECS[3],
  "one with every attribute": example()
    .withLoadBalancer({
      attributes: allOf(LOAD_BALANCER_ATTRIBUTES, {
        "access_logs.s3.bucket": "logs",
        "connection_logs.s3.bucket": "logs",
      }),
    })
    .withTargetGroup("web", {
      attributes: allOf(TARGET_GROUP_ATTRIBUTES, {
        "stickiness.app_cookie.cookie_name": "ours",
        // Not with stickiness: see the next one.
        "load_balancing.algorithm.anomaly_mitigation": "",
      }),
    })
    .withPolicy("out", ONE_MORE),
  "one with every type of policy": example()
    .withPolicy("simple", {
      simpleScaling: { adjustmentType: "PercentChangeInCapacity", scalingAdjustment: 20, cooldown: 60 },
    })
    .withPolicy("surge", {
      stepScaling: {
        adjustmentType: "ChangeInCapacity",
        stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
        alarm: {
          alarmDescription: "busy",
          namespace: "AWS/EC2",
          metricName: "CPUUtilization",
          statistic: "Maximum",
          evaluationPeriods: 3,
          datapointsToAlarm: 1,
          threshold: 90,
          comparisonOperator: "GreaterThanThreshold",
          unit: "Count",
        },
      },
    })
    .withPolicy("ahead", {
      predictiveScaling: {
        // It scales not: what it raises is nobody's change.
        mode: "ForecastOnly",
        schedulingBufferTime: 600,
        maxCapacityBreachBehavior: "IncreaseMaxCapacity",
        maxCapacityBuffer: 10,
        metricSpecifications: [
          { targetValue: 40, predefinedMetricPair: { predefinedMetricType: "ASGCPUUtilization" } },
        ],
      },
    })
    .withPolicy("maths", {
      targetTracking: {
        targetValue: 10,
        customizedMetric: {
          metrics: [
            {
              id: "m1",
              metricStat: { metric: { namespace: "App", metricName: "queue" }, stat: "Sum", period: 30 },
              returnData: false,
            },
            { id: "e1", expression: "m1 / 2", label: "half" },
          ],
        },
      },
    }),
  "one with a fixed capacity": example().withGroup("web", {
    ...{ desiredCapacity: 3, desiredCapacityPolicy: "Fixed", scalingPolicies: {} },
  }),
  "one with weights": example().withTargetGroup("web", {
    attributes: {
      "load_balancing.algorithm.type": "weighted_random",
      "load_balancing.algorithm.anomaly_mitigation": "off",
    },
  }),
};

/** Each at AWS's own default, so that somebody else can turn it. */
function allOf(
  rules: Readonly<Record<string, AttributeRule>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([name, { default: initially }]) => {
      const value = given[name] ?? initially;
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
}

describe.each(Object.entries(SPECS))("of %s, every field of", (name, spec) => {
  it.each(KINDS.map(({ name }) => name))(
    "a %s that somebody else changes is one event, and put right",
    async (kind) => {
      const installation = await converged(spec.spec());
      const { desired, resources } = await look(installation);
      const wrong: unknown[] = [];
      let known = new Set(eventsOf(installation).map(({ metadata }) => metadata.name));
      for (const { address, fields } of desired.filter((resource) => resource.kind === kind)) {
        const there = resources.find((resource) => resource.address === address)!;
        for (const field of Object.keys(fields)) {
          if (OWN_TAGS.some((name) => field === tagField(name))) continue;
          if (FIXED.has(`${kind} ${field}`) || `${kind} ${field}` === AUTHOR) continue;
          if (LEFT.has(`${name} ${kind} ${field}`)) continue;
          const before = there.fields[field] ?? null;
          const meant = somebodyElses(kind, field, before);
          expect(valuesEqual(before, meant), `${kind} ${field}`).toBe(false);
          const after = await set(installation, address, field, meant);
          await installation.clock.advance(180_000);
          const fresh = eventsOf(installation).filter(
            ({ metadata, field: moved }) => !known.has(metadata.name) && `${kind} ${moved}` !== AUTHOR,
          );
          known = new Set(eventsOf(installation).map(({ metadata }) => metadata.name));
          const told = fresh.map(({ resource, field, before, after, desired, state, correction }) => ({
            ...{
              resource,
              field,
              before,
              after,
              desired,
              state,
              isAnswered: correction?.requestId !== undefined,
            },
          }));
          const right = {
            resource: address,
            field,
            before,
            after,
            desired: before,
            state: "Corrected",
            isAnswered: true,
          };
          if (!valuesEqual(told as unknown as Value, [right] as unknown as Value))
            wrong.push({ right, told });
        }
      }
      expect(wrong).toEqual([]);
    },
  );
});
