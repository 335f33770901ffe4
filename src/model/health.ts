/** What is known of the running tier: the input of `health/`, filled by the reconciler from one observation. */
import type { KindName } from "./kind-name.ts";
import type { Value } from "./value.ts";

export interface TargetFact {
  /** Key of its {@link TargetGroupFact}. */
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
  /** In the target groups whose health was read; absent when that is none, empty when it is registered nowhere. */
  targets?: TargetFact[];
  /** For so many units of its group's sizes it counts; absent: for one, and of a weighted group it is not known. */
  units?: number;
  /** It runs the version that the rollout under way brings. */
  isOfRollout?: true;
}

/** What AWS says that a group did, or could not do. */
export interface ActivityFact {
  timeMs: number;
  status: string;
  description: string;
  cause: string;
  /** AWS's reason, of one that failed. */
  message?: string;
}

/** A launch template's version on its way to the instances: an instance refresh under way. */
export interface RolloutFact {
  /** AWS's status of the refresh. */
  status: string;
  startedAtMs?: number;
  percentageComplete?: number;
  /** Generation of the spec that began it; absent when it was not begun by a call that is still known. */
  generation?: number;
  /** What was seen of its instances so far, that failed; the first of it first. */
  seen?: string[];
  /** Names of alarms that end it when they ring. */
  stoppedBy?: string[];
  /** Who brings back what ran before, once it has failed; absent where that is not known. */
  undoneBy?: "AWS" | "Holdfast" | "nobody";
  /** What differs between the two versions; empty when one of them could not be read. */
  changes: { field: string; from: Value; to: Value }[];
}

/** An alarm that is in ALARM and sets off a policy which adds instances. */
export interface RingingFact {
  alarm: string;
  policy: string;
  sinceMs: number;
}

export interface GroupFact {
  /** Address in the spec, for example `autoScalingGroups.web`; of one that is leaving, where it stood. */
  key: string;
  name: string;
  /** The spec does not ask for it any more, and it serves until it is gone. */
  isLeaving?: true;
  /** Address of the group that takes over from it, while that is not able to. */
  successor?: string;
  /** AWS is deleting it: its sizes are nobody's wish any more. */
  isBeingDeleted?: true;
  minSize: number;
  maxSize: number;
  desiredCapacity: number;
  /** Its sizes count units, of which an instance may be several. */
  isWeighted?: true;
  healthCheckType: string;
  healthCheckGracePeriodSeconds: number;
  availabilityZones: string[];
  suspendedProcesses: string[];
  /** Addresses of the target groups that the spec attaches to it. */
  targetGroups: string[];
  /** Keys of other target groups that AWS has attached to it: those that are leaving, for one. */
  otherTargetGroups?: string[];
  /** Absent when they were not read. */
  scalingPolicies?: number;
  /** How many of them track a target; absent when that was not read. */
  targetTrackingPolicies?: number;
  /** What asks for more instances now; absent when that was not read. */
  ringing?: RingingFact[];
  /** Seconds until a new instance counts for scaling; absent where nothing says. */
  warmupSeconds?: number;
  /** What there is of it against a rise in what is asked. */
  preparations?: { schedule?: boolean; prediction?: boolean; warmPool?: boolean };
  /** Whether it launches from a launch template; absent when that was not read. */
  usesLaunchTemplate?: boolean;
  /** Absent when its launch template was not read. */
  httpTokensRequired?: boolean;
  instances: InstanceFact[];
  /** Absent when they were not read. */
  activities?: ActivityFact[];
  /** Absent when none is under way. */
  rollout?: RolloutFact;
}

export interface TargetGroupFact {
  /** Address in the spec, for example `targetGroups.web`; of one that is leaving, its name in AWS. */
  key: string;
  name: string;
  /** The spec does not ask for it any more. */
  isLeaving?: true;
  healthCheck: {
    path?: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    healthyThresholdCount: number;
    unhealthyThresholdCount: number;
  };
  /** Absent when its attributes could not be read. */
  deregistrationDelaySeconds?: number;
  /** Whether a listener or rule sends it requests, which one that names it with weight 0 does not; absent when that is not known. */
  inUse?: boolean;
  /** Addresses of the listeners and rules that send it requests, as far as they are known. */
  requestedBy?: string[];
  /** How many targets are registered in it; absent when they could not be read. */
  targets?: number;
  /** Its targets could not be read. */
  isUnread?: true;
}

export interface LoadBalancerFact {
  name: string;
  /** provisioning, active, active_impaired, failed; `absent` when a read showed that AWS has none. */
  state: string;
  stateReason?: string;
  /** Name of the one that is to take its place, and does not yet. */
  successor?: string;
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
  /** All that it does is to set off scaling policies: it rings where it does its work. */
  onlyScales?: true;
}

/** Something of ours that AWS's answers lack, and that no second look has shown to be gone. */
interface UnconfirmedFact {
  kind: KindName;
  /** For people: its kind and its name. */
  text: string;
}

/**
 * A member is `undefined` when it could not be read, or is not believed yet: unknown, which is not the same as empty.
 */
export interface TierFacts {
  nowMs: number;
  /** Absent when nothing is doubted. */
  unconfirmed?: UnconfirmedFact[];
  /** ARNs of target groups that are not ours, and get requests where the spec leaves that to others. */
  forwardsElsewhere?: string[];
  loadBalancer?: LoadBalancerFact;
  listeners?: ListenerFact[];
  targetGroups?: TargetGroupFact[];
  groups?: GroupFact[];
  alarms?: AlarmFact[];
}
