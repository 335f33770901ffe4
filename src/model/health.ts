/** What is known of the running tier: the input of `health/`, filled by the reconciler from one observation. */

export interface TargetFact {
  /** Address of the target group in the spec, for example `targetGroups.web`. */
  targetGroup: string;
  state: string;
  reason?: string;
  description?: string;
}

export interface InstanceFact {
  instanceId: string;
  availabilityZone: string;
  lifecycleState: string;
  healthStatus: string;
  protectedFromScaleIn: boolean;
  launchTemplateVersion?: string;
  launchedAtMs?: number;
  /** Absent when EC2 could not be read. */
  ec2?: { state: string; systemStatus: string; instanceStatus: string };
  /** Absent when target health could not be read; empty when it is registered nowhere. */
  targets?: TargetFact[];
}

export interface GroupFact {
  /** Address in the spec, for example `autoScalingGroups.web`. */
  key: string;
  name: string;
  minSize: number;
  maxSize: number;
  desiredCapacity: number;
  healthCheckType: string;
  healthCheckGracePeriodSeconds: number;
  availabilityZones: string[];
  suspendedProcesses: string[];
  /** Addresses of the target groups that the spec attaches to it. */
  targetGroups: string[];
  scalingPolicies: number;
  /** How many of them track a target; absent when that was not read. */
  targetTrackingPolicies?: number;
  /** Whether it launches from a launch template; absent when that was not read. */
  usesLaunchTemplate?: boolean;
  httpTokensRequired: boolean;
  instances: InstanceFact[];
  activities: { timeMs: number; status: string; description: string; cause: string }[];
  /** The instance refresh in progress or last ended, when one was read. */
  refresh?: { status: string; percentageComplete?: number; reason?: string };
}

export interface TargetGroupFact {
  /** Address in the spec, for example `targetGroups.web`. */
  key: string;
  name: string;
  healthCheck: {
    path?: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    healthyThresholdCount: number;
    unhealthyThresholdCount: number;
  };
  deregistrationDelaySeconds: number;
  /** Whether a listener or rule forwards to it. */
  inUse: boolean;
}

export interface LoadBalancerFact {
  name: string;
  /** provisioning, active, active_impaired, failed; `absent` when a read showed that AWS has none. */
  state: string;
  stateReason?: string;
  scheme: string;
  availabilityZones: string[];
  attributes: Record<string, string>;
}

export interface ListenerFact {
  key: string;
  port: number;
  protocol: string;
  defaultAction: "forward" | "redirect" | "fixedResponse";
  /** Where a redirect leads: `HTTPS`, `HTTP` or `#{protocol}`; absent when that was not read. */
  redirectProtocol?: string;
}

export interface AlarmFact {
  key: string;
  name: string;
  namespace: string;
  metricName: string;
  state: string;
  hasActions: boolean;
}

/** A member is `undefined` when it could not be read: unknown, which is not the same as empty. */
export interface TierFacts {
  nowMs: number;
  loadBalancer?: LoadBalancerFact;
  listeners?: ListenerFact[];
  targetGroups?: TargetGroupFact[];
  groups?: GroupFact[];
  alarms?: AlarmFact[];
}
