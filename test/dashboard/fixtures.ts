/** Services as they are met: well, degraded, drifting, held back, on their way out, not known. */

import type { Condition, ConditionStatus, ConditionType } from "../../src/model/conditions.ts";
import type { CoreEvent } from "../../src/model/events.ts";
import type { FleetBudget, Freshness, ReadClass } from "../../src/model/fleet/freshness.ts";
import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import type { FieldReport } from "../../src/model/ledger/verdicts.ts";
import type { WebService } from "../../src/model/object.ts";
import type { Reason } from "../../src/model/reasons.ts";
import type { InstanceRow, ResourceRow, ScorecardCheck, WebServiceStatus } from "../../src/model/status.ts";
import type { FleetModel, ServiceModel, ServiceSummary } from "../../src/model/status-page.ts";
import { example } from "../support/example.ts";

export const NOW = "2026-03-01T12:04:30.000Z";
const USER_DATA = "#!/bin/sh\nexport DB_PASSWORD=hunter2\nexec /opt/app/start\n";

/** So many seconds before {@link NOW}. */
export function ago(seconds: number): string {
  return new Date(Date.parse(NOW) - seconds * 1000).toISOString();
}

export function condition(
  type: ConditionType,
  status: ConditionStatus,
  reason: Reason,
  message: string,
  since = 86_400,
): Condition {
  return { type, status, reason, message, observedGeneration: 4, lastTransitionTime: ago(since) };
}

export const GOOD_CONDITIONS: Condition[] = [
  condition("Ready", "True", "Ready", "AWS equals the spec and the instances serve."),
  condition("Synced", "True", "InSync", "All 11 resources equal the spec."),
  condition("Healthy", "True", "Serving", "3 instances serve from 3 Availability Zones."),
  condition("Drifted", "False", "AsApplied", "Nothing has moved in AWS."),
  condition("Reconciling", "False", "Converged", "Nothing is left to do."),
  condition("Stalled", "False", "NotStalled", "Nothing stands in the way."),
];

export function instance(id: string, zone: string, over: Partial<InstanceRow> = {}): InstanceRow {
  return {
    instanceId: id,
    availabilityZone: zone,
    autoScalingGroup: "autoScalingGroups.web",
    launchTemplateVersion: "7",
    launchTime: ago(90_000),
    targetHealth: [{ targetGroup: "targetGroups.web", state: "healthy" }],
    autoScaling: { lifecycleState: "InService", healthStatus: "Healthy", protectedFromScaleIn: false },
    ec2: { state: "running", systemStatus: "ok", instanceStatus: "ok" },
    verdict: "Serving: target health, Auto Scaling and EC2 agree that it is healthy.",
    serving: "yes",
    ...over,
  };
}

const FAILING_INSTANCE = instance("i-0c9d1e77ab3320f41", "us-east-1c", {
  launchTime: ago(140),
  targetHealth: [
    {
      targetGroup: "targetGroups.web",
      state: "unhealthy",
      reason: "Target.ResponseCodeMismatch",
      description: "Health checks failed with these codes: [500]",
    },
  ],
  verdict:
    "Fails /health on targetGroups.web (Target.ResponseCodeMismatch) and will not be replaced before 12:07:10Z: grace period is 300 s (spec.autoScalingGroups.web.healthCheckGracePeriod).",
  serving: "no",
  flow: [
    { title: "Application fails", state: "done", detail: "It no longer answers /health as it should." },
    {
      title: "Load balancer marks it unhealthy",
      state: "done",
      detail: "3 failed checks, 30 s apart; then new requests go to the other targets.",
      expectedSeconds: 90,
    },
    {
      title: "Auto Scaling notices",
      state: "done",
      detail: "Health check type ELB: the group asks the load balancer about once a minute.",
      expectedSeconds: 60,
    },
    {
      title: "Grace period ends",
      state: "current",
      detail: "New instances are spared for 300 s; for this instance not before 12:07:10Z.",
      expectedSeconds: 300,
    },
    {
      title: "Instance is drained and terminated",
      state: "pending",
      detail: "Requests in flight have 30 s to finish (deregistration delay).",
      expectedSeconds: 30,
    },
    {
      title: "Replacement is launched",
      state: "pending",
      detail: "The group keeps 3 instances (desired capacity).",
    },
    {
      title: "Replacement serves",
      state: "pending",
      detail: "It starts, then has to pass 2 checks, 30 s apart.",
      expectedSeconds: 60,
    },
  ],
});

function resource(key: string, kind: string, name: string, over: Partial<ResourceRow> = {}): ResourceRow {
  const arn = `arn:aws:elasticloadbalancing:us-east-1:123456789012:${kind}/${name}`;
  return { key, kind, name, arn, state: "InSync", observedAt: ago(12), ...over };
}

const RESOURCES: ResourceRow[] = [
  resource("loadBalancer", "loadBalancer", "web-api-5f0c21aa"),
  resource("loadBalancer.listeners.80", "listener", "web-api-5f0c21aa:80"),
  resource("loadBalancer.listeners.443", "listener", "web-api-5f0c21aa:443"),
  resource("loadBalancer.listeners.443.rules.block-admin", "rule", "web-api-5f0c21aa:443/block-admin"),
  resource("targetGroups.web", "targetGroup", "web-api-web-91b0e3d2"),
  resource("autoScalingGroups.web.launchTemplate", "launchTemplate", "web-api-web-1a77c0de"),
  resource("autoScalingGroups.web", "autoScalingGroup", "web-api-web-77aa01fe"),
  resource("autoScalingGroups.web.scalingPolicies.cpu", "scalingPolicy", "web-api-web-77aa01fe/cpu"),
  resource("alarms.high-5xx", "alarm", "web-api-high-5xx-0d00ff12"),
  resource("alarms.unhealthy-hosts", "alarm", "web-api-unhealthy-hosts-3fa2bb10"),
];

const SCORECARD: ScorecardCheck[] = [
  {
    id: "health-check-path",
    title: "Health checks ask a path of their own, such as /health",
    result: "pass",
    evidence: "targetGroups.web: path is /health",
  },
  {
    id: "AutoScaling.1",
    title: "Auto Scaling groups behind a load balancer use its health checks",
    result: "pass",
    evidence: "autoScalingGroups.web: health check type is ELB",
  },
  {
    id: "AutoScaling.2",
    title: "Auto Scaling groups cover several Availability Zones",
    result: "pass",
    evidence: "autoScalingGroups.web: us-east-1a, us-east-1b, us-east-1c",
  },
  {
    id: "alarms-have-actions",
    title: "Every alarm tells somebody",
    result: "fail",
    evidence: "alarms.high-5xx: has no action; alarms.unhealthy-hosts: has no action",
    remedy:
      "Name a topic in spec.alarms.high-5xx.alarmActions. Name a topic in spec.alarms.unhealthy-hosts.alarmActions.",
  },
  {
    id: "ELB.5",
    title: "Access logs are kept",
    result: "fail",
    evidence: "access_logs.s3.enabled is false.",
    remedy:
      'Set spec.loadBalancer.attributes["access_logs.s3.enabled"] to "true" and "access_logs.s3.bucket" to a bucket that the load balancer may write to.',
  },
  {
    id: "target-tracking",
    title: "A target tracking policy sets the capacity",
    result: "unknown",
    evidence: "autoScalingGroups.web: the kind of its policies was not read",
  },
];

const SPEC = example().withLaunchTemplate({ userData: USER_DATA }).spec();

const STATUS: WebServiceStatus = {
  observedGeneration: 4,
  conditions: GOOD_CONDITIONS,
  dnsName: "web-api-5f0c21aa-1834502311.us-east-1.elb.amazonaws.com",
  resources: RESOURCES,
  instances: [
    instance("i-0a1b2c3d4e5f60718", "us-east-1a"),
    instance("i-0b77f1c2d3e4a5b69", "us-east-1b"),
    instance("i-0c11d2e3f4a5b6c7d", "us-east-1c", { launchTime: ago(4_000) }),
  ],
  alarms: [
    { key: "alarms.high-5xx", name: "web-api-high-5xx-0d00ff12", state: "OK", since: ago(70_000) },
    {
      key: "alarms.unhealthy-hosts",
      name: "web-api-unhealthy-hosts-3fa2bb10",
      state: "OK",
      since: ago(3_900),
    },
  ],
  unowned: [
    {
      kind: "tag",
      on: "loadBalancer",
      id: "CostCenter",
      description: "Tag CostCenter=4711 was set by somebody else.",
    },
  ],
  activities: [
    {
      time: ago(4_000),
      autoScalingGroup: "autoScalingGroups.web",
      status: "Successful",
      description: "Launching a new EC2 instance: i-0c11d2e3f4a5b6c7d",
      cause:
        "At 2026-03-01T10:57:50Z an instance was launched in response to an unhealthy instance needing to be replaced.",
    },
    {
      time: ago(4_100),
      autoScalingGroup: "autoScalingGroups.web",
      status: "Successful",
      description: "Terminating EC2 instance: i-0deadbeef00000001",
      cause:
        "At 2026-03-01T10:56:10Z an instance was taken out of service in response to an ELB system health check failure.",
    },
  ],
  scorecard: SCORECARD,
  coverage: {
    complete: true,
    compared: 61,
    equal: 61,
    different: 0,
    leftToOthers: 2,
    notCompared: 2,
    resources: [
      {
        kind: "autoScalingGroup",
        name: "web-api-web-77aa01fe",
        address: "autoScalingGroups.web",
        compared: 18,
        equal: 18,
        different: [],
        leftToOthers: [
          {
            member: "desiredCapacity",
            reason: "used when the resource is made, and then left to others",
            value: 3,
          },
        ],
        notCompared: [
          { member: "PlacementGroup", reason: "the spec has no field for it yet", value: "rack-7" },
          {
            member: "lifecycle hooks",
            reason: "not read: autoscaling:DescribeLifecycleHooks is not called",
          },
        ],
        more: 1,
      },
    ],
  },
  observedAt: ago(12),
  nextPassAt: ago(-48),
  waitingFor: [],
};

export function service(
  over: Partial<WebService["metadata"]> = {},
  status?: Partial<WebServiceStatus>,
): WebService {
  return {
    apiVersion: "holdfast.dev/v1",
    kind: "WebService",
    metadata: {
      name: "web-api",
      namespace: "default",
      uid: "0b6f2f1e-0000-4000-8000-000000000001",
      labels: { team: "storefront" },
      generation: 4,
      resourceVersion: "1042",
      creationTimestamp: ago(400_000),
      finalizers: ["holdfast.dev/aws"],
      ...over,
    },
    spec: SPEC,
    status: { ...STATUS, ...status },
  };
}

export function drift(name: string, over: Partial<DriftEvent> = {}): DriftEvent {
  return {
    apiVersion: "holdfast.dev/v1",
    kind: "DriftEvent",
    metadata: {
      name,
      namespace: "default",
      uid: `uid-${name}`,
      generation: 1,
      resourceVersion: "900",
      creationTimestamp: ago(600),
    },
    service: "web-api",
    resource: "targetGroups.web",
    resourceKind: "targetGroup",
    resourceName: "web-api-web-91b0e3d2",
    field: "healthCheck.path",
    change: "Modified",
    desired: "/health",
    before: "/health",
    after: "/healthz",
    state: "Corrected",
    firstSeenTime: ago(620),
    lastSeenTime: ago(600),
    closedTime: ago(560),
    timeToRepairSeconds: 60,
    attempts: 1,
    correction: { operation: "elasticloadbalancing:ModifyTargetGroup", requestId: "req-1", time: ago(600) },
    ...over,
  };
}

export function open(name: string, over: Partial<DriftEvent> = {}): DriftEvent {
  const {
    closedTime: _closed,
    timeToRepairSeconds: _seconds,
    correction: _correction,
    ...rest
  } = drift(name);
  return { ...rest, state: "Open", attempts: 0, firstSeenTime: ago(40), lastSeenTime: ago(12), ...over };
}

export function event(name: string, over: Partial<CoreEvent> = {}): CoreEvent {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name,
      namespace: "default",
      uid: `uid-${name}`,
      generation: 1,
      resourceVersion: "901",
      creationTimestamp: ago(600),
    },
    involvedObject: {
      apiVersion: "holdfast.dev/v1",
      kind: "WebService",
      namespace: "default",
      name: "web-api",
      uid: "0b6f2f1e-0000-4000-8000-000000000001",
    },
    type: "Normal",
    reason: "DriftCorrected",
    message: "targetGroups.web healthCheck.path was /healthz and is /health again.",
    count: 1,
    firstTimestamp: ago(560),
    lastTimestamp: ago(560),
    source: { component: "holdfast" },
    ...over,
  };
}

const FIELDS: FieldReport = {
  apiVersion: "holdfast.dev/v1",
  kind: "FieldReport",
  metadata: { namespace: "default", name: "web-api", generation: 7 },
  observedGeneration: 7,
  observedAt: ago(12),
  items: [
    {
      ...{ resource: "targetGroups.web", kind: "targetGroup", field: "healthCheck.path", verdict: "drifted" },
      ...{ lastApplied: "/health", desired: "/health", observed: "/healthz" },
    },
    {
      ...{ resource: "targetGroups.web", kind: "targetGroup", field: "port", verdict: "same" },
      ...{ lastApplied: 8080, desired: 8080, observed: 8080 },
    },
    {
      ...{ resource: "autoScalingGroups.web", kind: "autoScalingGroup", field: "PlacementGroup" },
      ...{ verdict: "not compared", observed: "rack-7", why: "the spec has no field for it yet" },
    },
  ],
  atDefault: 4,
  more: 0,
};

export function serviceModel(over: Partial<ServiceModel> = {}): ServiceModel {
  return {
    now: NOW,
    cloud: "simulated",
    speed: 60,
    version: "0.1.0",
    resyncSeconds: 60,
    service: service(),
    fields: FIELDS,
    drift: [
      drift("web-api.2"),
      drift("web-api.1", {
        resource: "autoScalingGroups.web.scalingPolicies.cpu",
        resourceKind: "scalingPolicy",
        resourceName: "web-api-web-77aa01fe/cpu",
        field: "",
        change: "Missing",
        firstSeenTime: ago(90_000),
        closedTime: ago(89_960),
        timeToRepairSeconds: 40,
        correction: { operation: "autoscaling:PutScalingPolicy", requestId: "req-0", time: ago(89_970) },
      }),
    ],
    events: [
      event("e3"),
      event("e2", {
        type: "Warning",
        reason: "DriftDetected",
        message: "targetGroups.web healthCheck.path is /healthz, and the spec wants /health.",
        count: 3,
        lastTimestamp: ago(620),
      }),
      event("e1", { reason: "Ready", message: "The service is ready.", lastTimestamp: ago(86_400) }),
    ],
    revisions: [
      {
        ...{ generation: 2, time: ago(600), actor: "alice", cause: "larger", isCurrent: true },
        differences: [
          { path: "spec.autoScalingGroups.web.maxSize", change: "changed", before: 4, after: 10 },
        ],
      },
      { generation: 1, time: ago(86_400), isCurrent: false },
    ],
    calls: [
      {
        id: 41,
        time: ago(600),
        endTime: ago(599),
        generation: 4,
        plan: "9f8e7d6c5b4a",
        resource: "targetGroups.web",
        operation: "elasticloadbalancing:ModifyTargetGroup",
        outcome: "succeeded",
        requestId: "6f1c1f3e-9a3e-4c0a-9a7b-3f6d1b2c4d5e",
      },
      {
        id: 40,
        time: ago(601),
        endTime: ago(600),
        generation: 4,
        plan: "9f8e7d6c5b4a",
        resource: "targetGroups.web",
        operation: "elasticloadbalancing:ModifyTargetGroup",
        outcome: "failed",
        requestId: "1b2c4d5e-9a3e-4c0a-9a7b-3f6d6f1c1f3e",
        errorCode: "Throttling",
        errorMessage: "Rate exceeded",
      },
    ],
    ...over,
  };
}

export const degraded = (): ServiceModel =>
  serviceModel({
    service: service(
      {},
      {
        conditions: [
          condition(
            "Ready",
            "False",
            "UnhealthyTargets",
            "1 of 3 instances of autoScalingGroups.web fails: i-0c9d1e77ab3320f41 (Target.ResponseCodeMismatch).",
            75,
          ),
          GOOD_CONDITIONS[1]!,
          condition(
            "Healthy",
            "False",
            "UnhealthyTargets",
            "1 of 3 instances of autoScalingGroups.web fails: i-0c9d1e77ab3320f41 (Target.ResponseCodeMismatch).",
            75,
          ),
          ...GOOD_CONDITIONS.slice(3),
        ],
        instances: [...STATUS.instances.slice(0, 2), FAILING_INSTANCE],
        alarms: [
          { ...STATUS.alarms[0]!, state: "OK" },
          {
            ...STATUS.alarms[1]!,
            state: "ALARM",
            since: ago(60),
            reason:
              "Threshold Crossed: 2 datapoints [1.0, 1.0] were greater than or equal to the threshold (1.0).",
          },
        ],
      },
    ),
  });

/** Drift that is seen and not put right: the service is paused, and shows what it would do. */
export const drifting = (): ServiceModel =>
  serviceModel({
    service: service(
      { annotations: { "holdfast.dev/paused": "true" } },
      {
        conditions: [
          GOOD_CONDITIONS[0]!,
          condition(
            "Synced",
            "False",
            "Paused",
            "AWS differs from the spec in targetGroups.web and alarms.5xx. The service is paused.",
            40,
          ),
          GOOD_CONDITIONS[2]!,
          condition(
            "Drifted",
            "True",
            "AwsMoved",
            "targetGroups.web healthCheck.path; alarms.high-5xx is missing.",
            40,
          ),
          ...GOOD_CONDITIONS.slice(4),
        ],
        resources: RESOURCES.map((row) => {
          if (row.key === "targetGroups.web")
            return { ...row, state: "OutOfSync" as const, message: "healthCheck.path" };
          return row.key === "alarms.high-5xx" ? { ...row, state: "Missing" as const } : row;
        }),
        plan: {
          digest: "5b4a9f8e7d6c00112233",
          summary: { create: 1, update: 1, delete: 0, blocked: 0 },
          rows: [
            {
              verb: "update",
              key: "targetGroups.web",
              kind: "targetGroup",
              name: "web-api-web-91b0e3d2",
              reason: "AWS differs from the spec.",
              calls: ["elasticloadbalancing:ModifyTargetGroup"],
              differences: [{ field: "healthCheck.path", desired: "/health", observed: "/healthz" }],
              blockedBy: [],
            },
            {
              verb: "create",
              key: "alarms.high-5xx",
              kind: "alarm",
              name: "web-api-high-5xx-0d00ff12",
              reason: "AWS does not have it.",
              calls: ["cloudwatch:PutMetricAlarm"],
              differences: [],
              blockedBy: [],
            },
          ],
        },
      },
    ),
    drift: [
      open("web-api.4", {
        resource: "alarms.high-5xx",
        resourceKind: "alarm",
        resourceName: "web-api-high-5xx-0d00ff12",
        field: "",
        change: "Missing",
      }),
      open("web-api.3"),
      ...serviceModel().drift,
    ],
  });

export const deleting = (): ServiceModel =>
  serviceModel({
    service: service(
      { deletionTimestamp: ago(90) },
      {
        resources: RESOURCES.slice(0, 3).map((row) => ({ ...row, state: "Surplus" as const })),
        instances: [],
        conditions: [
          condition("Ready", "False", "Deleting", "The service is being deleted.", 90),
          condition(
            "Stalled",
            "True",
            "DeletionProtected",
            "Set deletion_protection.enabled to false in the spec.",
            60,
          ),
        ],
      },
    ),
  });

export const unseen = (): ServiceModel => {
  const { status: _status, ...bare } = service({ generation: 1, creationTimestamp: ago(1) });
  return serviceModel({ service: bare, drift: [], events: [], calls: [], revisions: [] });
};

export const unknown = (): ServiceModel =>
  serviceModel({
    service: service(
      {},
      {
        conditions: [
          condition("Ready", "Unknown", "NotObserved", "AWS could not be asked about the target groups.", 30),
          condition(
            "Synced",
            "Unknown",
            "NotObserved",
            "AWS could not be asked about the target groups.",
            30,
          ),
          condition(
            "Healthy",
            "Unknown",
            "NotObserved",
            "AWS could not be asked about the target groups.",
            30,
          ),
        ],
        resources: RESOURCES.map((row) =>
          row.key === "targetGroups.web" ? { ...row, state: "Unknown" as const, message: "Throttling" } : row,
        ),
        instances: [
          instance("i-0a1b2c3d4e5f60718", "us-east-1a", {
            targetHealth: [],
            serving: "unknown",
            verdict: "The load balancer's target health could not be read, so whether it serves is unknown.",
          }),
        ],
      },
    ),
  });

/** Compared so many seconds ago in each class, or not yet. */
export function comparedAgo(
  ages: Partial<Record<ReadClass, number>>,
  promised: Readonly<Record<ReadClass, number>> = { health: 60, structure: 75, attributes: 300 },
): Freshness {
  const of = (readClass: ReadClass) => {
    const { [readClass]: seconds } = ages;
    return {
      promisedSeconds: promised[readClass],
      ...(seconds !== undefined && { comparedAt: ago(seconds) }),
    };
  };
  return { health: of("health"), structure: of("structure"), attributes: of("attributes") };
}

/** A Region whose bucket is too small for what is wished. */
export function strained(over: Partial<FleetBudget> = {}): FleetBudget {
  return {
    region: "us-east-1",
    apiShare: 0.5,
    services: 60,
    wishedSeconds: 60,
    promisedSeconds: { health: 60, structure: 75, attributes: 300 },
    limit: { bucket: "elb", wishedShare: 1.12 },
    shares: [{ bucket: "elb", share: 0.5 }],
    oldest: {
      health: { namespace: "default", name: "web-api", comparedAt: ago(48) },
      structure: { namespace: "default", name: "checkout", comparedAt: ago(200) },
    },
    ...over,
  };
}

function served(serving: number, total: number, unknown = 0): ServiceSummary["instances"] {
  return { serving, starting: 0, apart: 0, unknown, total };
}

export function summary(name: string, over: Partial<ServiceSummary> = {}): ServiceSummary {
  return {
    namespace: "default",
    name,
    region: "us-east-1",
    labels: { team: "storefront" },
    creationTimestamp: ago(400_000),
    generation: 4,
    observedGeneration: 4,
    conditions: GOOD_CONDITIONS,
    dnsName: `${name}.us-east-1.elb.amazonaws.com`,
    resources: { InSync: 10 },
    instances: served(3, 3, 0),
    unread: [],
    ringingAlarms: [],
    openDrift: 0,
    failedChecks: 2,
    observedAt: ago(12),
    nextPassAt: ago(-48),
    deleting: false,
    paused: false,
    ...over,
  };
}

export function fleetModel(over: Partial<FleetModel> = {}): FleetModel {
  return {
    now: NOW,
    cloud: "simulated",
    speed: 60,
    version: "0.1.0",
    resyncSeconds: 60,
    services: [
      summary("web-api"),
      summary("catalogue", {
        labels: { team: "catalogue", tier: "gold" },
        instances: served(12, 12, 0),
      }),
      summary("checkout", {
        conditions: degraded().service.status!.conditions,
        instances: served(2, 3, 0),
      }),
      summary("search", {
        namespace: "internal",
        region: "eu-west-1",
        conditions: drifting().service.status!.conditions,
        resources: { InSync: 8, OutOfSync: 1, Missing: 1 },
        openDrift: 2,
        paused: true,
      }),
      summary("legacy", {
        conditions: deleting().service.status!.conditions,
        deleting: true,
        resources: { Surplus: 3 },
        instances: served(0, 0, 0),
      }),
      summary("reports", {
        conditions: unknown().service.status!.conditions,
        resources: { InSync: 9, Unknown: 1 },
        instances: served(0, 2, 2),
        observedAt: ago(310),
      }),
      summary("brand-new", {
        conditions: [
          condition(
            "Ready",
            "False",
            "LoadBalancerProvisioning",
            "AWS is still setting the load balancer up.",
            20,
          ),
          condition("Reconciling", "True", "Applying", "6 resources are being made.", 20),
        ],
        resources: { Provisioning: 1, Missing: 3, Blocked: 5, InSync: 1 },
        instances: served(0, 0, 0),
        generation: 2,
        observedGeneration: 1,
      }),
    ],
    budgets: [],
    clouds: [
      {
        region: "us-east-1",
        api: "elasticloadbalancing",
        circuit: "closed",
        calls: 18_231,
        throttledCalls: 42,
        failedCalls: 3,
      },
      {
        region: "us-east-1",
        api: "autoscaling",
        circuit: "closed",
        calls: 6_114,
        throttledCalls: 0,
        failedCalls: 0,
      },
      {
        region: "us-east-1",
        api: "ec2",
        circuit: "half-open",
        since: ago(8),
        calls: 4_020,
        throttledCalls: 0,
        failedCalls: 12,
      },
      {
        region: "eu-west-1",
        api: "cloudwatch",
        circuit: "open",
        since: ago(31),
        calls: 911,
        throttledCalls: 4,
        failedCalls: 27,
      },
    ],
    queue: { waiting: 1, running: 2, scheduled: 4 },
    drift: drifting().drift,
    events: serviceModel().events,
    ...over,
  };
}
