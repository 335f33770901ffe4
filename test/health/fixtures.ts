/** The tier of the worked example, healthy; each test bends what it is about. */
import type {
  GroupFact,
  InstanceFact,
  LoadBalancerFact,
  TargetGroupFact,
  TierFacts,
} from "../../src/model/health.ts";

export const NOW_MS = Date.parse("2026-03-01T12:00:00.000Z");

export function instanceFact(over: Partial<InstanceFact> = {}): InstanceFact {
  return {
    instanceId: "i-0a",
    availabilityZone: "us-east-1a",
    lifecycleState: "InService",
    healthStatus: "Healthy",
    protectedFromScaleIn: false,
    launchedAtMs: NOW_MS - 3_600_000,
    ec2: { state: "running", systemStatus: "ok", instanceStatus: "ok" },
    targets: [{ targetGroup: "targetGroups.web", state: "healthy" }],
    ...over,
  };
}

export function groupFact(over: Partial<GroupFact> = {}): GroupFact {
  return {
    key: "autoScalingGroups.web",
    name: "shop-web",
    minSize: 2,
    maxSize: 10,
    desiredCapacity: 3,
    healthCheckType: "ELB",
    healthCheckGracePeriodSeconds: 300,
    availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    suspendedProcesses: [],
    targetGroups: ["targetGroups.web"],
    scalingPolicies: 1,
    targetTrackingPolicies: 1,
    usesLaunchTemplate: true,
    httpTokensRequired: true,
    instances: [
      instanceFact(),
      instanceFact({ instanceId: "i-0b", availabilityZone: "us-east-1b" }),
      instanceFact({ instanceId: "i-0c", availabilityZone: "us-east-1c" }),
    ],
    activities: [],
    ...over,
  };
}

export function targetGroupFact(over: Partial<TargetGroupFact> = {}): TargetGroupFact {
  return {
    key: "targetGroups.web",
    name: "shop-web-1a2b",
    healthCheck: {
      path: "/health",
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
    },
    deregistrationDelaySeconds: 30,
    inUse: true,
    ...over,
  };
}

export function loadBalancerFact(over: Partial<LoadBalancerFact> = {}): LoadBalancerFact {
  return {
    name: "shop",
    state: "active",
    scheme: "internet-facing",
    availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    attributes: {
      "routing.http.drop_invalid_header_fields.enabled": "true",
      "access_logs.s3.enabled": "true",
      "deletion_protection.enabled": "true",
      "routing.http.desync_mitigation_mode": "defensive",
    },
    ...over,
  };
}

export function tierFacts(over: Partial<TierFacts> = {}): TierFacts {
  return {
    nowMs: NOW_MS,
    loadBalancer: loadBalancerFact(),
    listeners: [
      {
        key: "loadBalancer.listeners.80",
        port: 80,
        protocol: "HTTP",
        defaultAction: "redirect",
        redirectProtocol: "HTTPS",
      },
      { key: "loadBalancer.listeners.443", port: 443, protocol: "HTTPS", defaultAction: "forward" },
    ],
    targetGroups: [targetGroupFact()],
    groups: [groupFact()],
    alarms: [
      {
        key: "alarms.high-5xx",
        name: "shop-high-5xx",
        namespace: "AWS/ApplicationELB",
        metricName: "HTTPCode_Target_5XX_Count",
        state: "OK",
        hasActions: true,
      },
      {
        key: "alarms.unhealthy-hosts",
        name: "shop-unhealthy-hosts",
        namespace: "AWS/ApplicationELB",
        metricName: "UnHealthyHostCount",
        state: "OK",
        hasActions: true,
      },
    ],
    ...over,
  };
}

/** AWS's words for an instance that was replaced because the load balancer said so. */
export function replacementActivity(minutesAgo: number) {
  return {
    timeMs: NOW_MS - minutesAgo * 60_000,
    status: "Successful",
    description: "Terminating EC2 instance: i-0dead",
    cause:
      "At 2026-03-01T11:50:00Z an instance was taken out of service in response to an ELB system health check failure.",
  };
}

export const FAILING = [
  { targetGroup: "targetGroups.web", state: "unhealthy", reason: "Target.ResponseCodeMismatch" },
];
