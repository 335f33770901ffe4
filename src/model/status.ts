/** What was last seen of a WebService: the `status` of the object, and so of `/status` in all its forms. */
import type { CallerAccount } from "./account.ts";
import type { Condition } from "./conditions.ts";
import type { BehindRow, RolloutRow } from "./ledger/rollout.ts";
import type { FieldVerdict } from "./ledger/verdicts.ts";
import type { LookupRow } from "./lookups.ts";
import type { Value } from "./value.ts";

export type ResourceState =
  /** AWS has it and it equals the spec. */
  | "InSync"
  /** AWS has it and it differs from the spec. */
  | "OutOfSync"
  /** Wanted, and AWS does not have it. */
  | "Missing"
  /** AWS has it and is still making it ready. */
  | "Provisioning"
  /** Ours, and no longer wanted. */
  | "Surplus"
  /** It had its time, and AWS has dropped it: it is not made again. */
  | "Fired"
  /** Wanted, waits for another resource. */
  | "Blocked"
  /** Could not be read, so nothing is claimed. */
  | "Unknown";

/** One AWS resource of the service. */
export interface ResourceRow {
  /** Address in the spec, for example `targetGroups.web`. */
  key: string;
  kind: string;
  /** Physical name in AWS. */
  name: string;
  arn?: string;
  state: ResourceState;
  /** Why it is in this state, when that is not obvious. */
  message?: string;
  /** Where only a person can help: the word for it, as `Stalled` has them. */
  reason?: string;
  /** Where it stands while traffic moves: `warming up: 1 of 2 healthy`. Absent when nothing moves. */
  cutover?: string;
  /** Of a group: whose its sizes are. */
  owners?: OwnerRow[];
  /** Names of what AWS makes and keeps for it: the alarms of a target tracking policy. Nobody's to touch. */
  derived?: string[];
  /** When AWS was last asked and answered. */
  observedAt?: string;
}

/**
 * - `Scaling`: policies, and whoever else sets a desired capacity within the band.
 * - `Others`: a rule of the spec leaves it to them.
 */
export type FieldOwner = "Spec" | "ScheduledAction" | "Forecast" | "Scaling" | "Others";

/** Whose one of the sizes of a group is, and why. */
export interface OwnerRow {
  /** `minSize`, `maxSize`, `desiredCapacity`. */
  field: string;
  owner: FieldOwner;
  why: string;
  /** What AWS has. */
  value: number;
  /** What the spec says; absent where it says nothing. */
  declared?: number;
}

interface TargetHealthRow {
  /** Address of the target group in the spec. */
  targetGroup: string;
  /** AWS's target health state: initial, healthy, unhealthy, unused, draining, unavailable. */
  state: string;
  /** AWS's reason code, for example `Target.ResponseCodeMismatch`. */
  reason?: string;
  description?: string;
}

/** One of the seven steps from a failing application to a healthy replacement. */
export interface FlowStep {
  title: string;
  /** `blocked`: it will not come to this while the setting in `detail` stands. */
  state: "done" | "current" | "pending" | "blocked";
  /** What happens in it, and the setting that decides how long it takes. */
  detail: string;
  /** How long it takes by the configuration; absent where nothing configures it. */
  expectedSeconds?: number;
}

/** One instance with the three health checks side by side. */
export interface InstanceRow {
  instanceId: string;
  availabilityZone: string;
  /** Address of its group in the spec. */
  autoScalingGroup: string;
  launchTemplateVersion?: string;
  launchTime?: string;
  /** 1. the load balancer's view, one entry for each target group of the group. Empty: not registered. Absent: not read. */
  targetHealth?: TargetHealthRow[];
  /** 2. the group's view. */
  autoScaling: { lifecycleState: string; healthStatus: string; protectedFromScaleIn: boolean };
  /** 3. EC2's view; absent when it could not be read. */
  ec2?: { state: string; systemStatus: string; instanceStatus: string };
  /** What the three together mean, in one sentence, with the setting that explains it. */
  verdict: string;
  serving: "yes" | "no" | "unknown";
  /**
   * Where it stands in its life. `starting`: it does not serve yet, and has time left to. `failing`: it should serve, and
   * does not. `leaving`: it is drained or terminated. `apart`: on standby, detached, in the warm pool. Absent in what
   * an older version of Holdfast has stored.
   */
  phase?: "serving" | "starting" | "failing" | "leaving" | "apart" | "unknown";
  /** Only of one whose group could not be read this time: when it was last seen as it stands here. */
  lastSeenAt?: string;
  /** Only of an instance that is being replaced for its health, or that replaces one. */
  flow?: FlowStep[];
}

/** An Availability Zone that the load balancer or a group is to use, or that has an instance. */
export interface ZoneRow {
  name: string;
  /** Those that are leaving are not counted. */
  instances: number;
  serving: number;
  unknown: number;
}

/** Something that the last pass asked AWS for, and got no answer that it could use. */
export interface UnreadRow {
  /** A kind of resource; `instance`: EC2's side of the instances; `activity`: the groups' activities. */
  kind: string;
  /** Name of the one that could not be read; absent where it is all of them. */
  name?: string;
  /** Operation and error code; or that AWS's answer lacks what was there before, and a second read decides. */
  reason: string;
}

export interface ScorecardCheck {
  /** Stable id, for example `AutoScaling.2` where AWS Security Hub has the same control, or `minimum-instances`. */
  id: string;
  title: string;
  result: "pass" | "fail" | "unknown";
  /** What was seen that decides it. */
  evidence: string;
  /** What to change in the spec; only when it fails. */
  remedy?: string;
  /** The same as a JSON merge patch of the object, where there is one answer. */
  patch?: string;
}

export interface AlarmRow {
  key: string;
  name: string;
  /** AWS's state: OK, ALARM, INSUFFICIENT_DATA. */
  state: string;
  reason?: string;
  since?: string;
  /** All that it does is to set off scaling policies: in ALARM it does its work, and is no complaint. */
  onlyScales?: true;
}

/** Whether an alarm complains: one that only scales does its work when it rings. */
export function isRinging({ state, onlyScales }: AlarmRow): boolean {
  return state === "ALARM" && onlyScales !== true;
}

/** Something of somebody else's on a resource of ours: shown, never touched. */
export interface UnownedRow {
  kind: string;
  /** Address of our resource on which it sits, or that it says it is. */
  on: string;
  /** ARN, or the tag's key. */
  id: string;
  description: string;
  /** It carries our owner tag, and is not ours. */
  isClaim?: true;
}

export interface ActivityRow {
  time: string;
  autoScalingGroup: string;
  status: string;
  description: string;
  cause: string;
}

/** One step of a plan, as shown to people and programs. */
export interface PlanRow {
  /** adopt, create, update, reorder, delete, release, wait, stop. */
  verb: string;
  key: string;
  kind: string;
  name: string;
  reason: string;
  /** IAM actions that will be called, in order. */
  calls: string[];
  differences: { field: string; desired: Value; observed: Value }[];
  /** What it waits for: addresses, or a sentence; empty when it can be done now. */
  blockedBy: string[];
  /** What it replaces, interrupts and cannot undo; absent where that is nothing. */
  consequences?: Consequence[];
}

/** What comes of an action for whoever uses the service. */
export interface Consequence {
  /** `replaces`: another resource takes its place. `interrupts`: for a time. `cannotUndo`: for good. `keeps`: it stays. */
  effect: "replaces" | "interrupts" | "cannotUndo" | "keeps";
  says: string;
}

/** One AWS call of a plan, in the order in which they are sent. */
export interface PlanStep {
  number: number;
  /** Calls of one round are sent at the same time, as far as each resource's own come one after the other. */
  round: number;
  /** IAM action. */
  call: string;
  /** Address of what it is for, as `key` of its row. */
  key: string;
  verb: string;
  /** What has to come about before it: only time, AWS or a person decides when. */
  waitsFor?: string;
}

/** What of a plan waits for a person: nothing, what destroys, or everything but our own tags. */
export type ApprovalPolicy = "Never" | "Destructive" | "Always";

/** Something that a person is to agree to, or has. */
export interface ConsentRow {
  /** Address in the spec, or where it stood. */
  key: string;
  /** AWS's id; empty of what is still to be made. */
  id: string;
  /**
   * Why it needs consent: `defaultsChanged`, `adoptionChanges`, `loadBalancerReplaced`, `loadBalancerRemoved`, `groupRemoved`,
   * `groupEmptied`, `servingRemoved`, `instancesTerminated`, `everyChange`.
   */
  effect: string;
}

/** What a plan waits for a person to agree to. */
export interface ApprovalView {
  /** The annotation that says so. */
  annotation: string;
  /** Its value. */
  digest: string;
  effects: ConsentRow[];
}

export interface PlanView {
  /** Digest of the plan: equal plans have equal digests. Where one waits for approval, what is to be approved. */
  digest: string;
  approval?: ApprovalView;
  rows: PlanRow[];
  /**
   * Every call to the end, as long as all goes well: in answers to `dryRun=All` and `GET …/plan`. Rows of what comes later
   * stand behind those of now.
   */
  steps?: PlanStep[];
  /** There is more than `steps` tells. */
  cut?: boolean;
  summary: { create: number; update: number; delete: number; blocked: number };
}

/** A member of a resource: a field of the spec, or by AWS's own name what no field stands for. */
export interface CoverageMember {
  member: string;
  reason: string;
  /** Absent: not compared. */
  verdict?: FieldVerdict;
  /** As AWS has it, cut short where it is long; what may be secret is a digest. */
  value?: Value;
  /** What the spec asks for, where it does. */
  desired?: Value;
}

/** A field that is not as the spec asks for. */
export interface CoverageDifference {
  member: string;
  desired: Value;
  observed: Value;
  /** Absent in what an older version of Holdfast has stored. */
  verdict?: FieldVerdict;
  why?: string;
}

/** How much of one wanted resource is compared with the spec. */
export interface CoverageRow {
  kind: string;
  /** Name in AWS. */
  name: string;
  /** Address in the spec. */
  address: string;
  /** Members that are compared: declared in the spec, or not declared and at AWS's documented default. */
  compared: number;
  /** Of those, how many are as the spec says, or by AWS's default where it says nothing. */
  equal: number;
  /** The others of those. */
  different: CoverageDifference[];
  /** Set, and not held by the spec: what it does not declare, what is used at the beginning only, tags of others. */
  leftToOthers: CoverageMember[];
  /** What cannot be compared, with the reason. */
  notCompared: CoverageMember[];
  /** How many more members there are in the three lists together. */
  more?: number;
  /** Why nothing of it is compared, and what that comes to. */
  reason?: string;
  verdict?: FieldVerdict;
}

/** How much of what AWS holds of a service is compared with its spec. */
export interface Coverage {
  /** Nothing differs, everything was read, and what is not compared is named. */
  complete: boolean;
  compared: number;
  equal: number;
  different: number;
  leftToOthers: number;
  notCompared: number;
  resources: CoverageRow[];
  /** How many more resources there are. */
  more?: number;
}

export interface WebServiceStatus {
  observedGeneration: number;
  conditions: Condition[];
  /** The AWS account that it was first reconciled in, and stays in. */
  account?: CallerAccount;
  /** The load balancer's DNS name, once AWS has given it. */
  dnsName?: string;
  resources: ResourceRow[];
  instances: InstanceRow[];
  /** Absent in what an older version of Holdfast has stored. */
  zones?: ZoneRow[];
  /** What the last pass could not read, or missed and does not believe to be gone; absent when that is nothing. */
  unread?: UnreadRow[];
  /** What the spec looks up, and what it stands for; absent when it looks nothing up. */
  lookups?: LookupRow[];
  alarms: AlarmRow[];
  unowned: UnownedRow[];
  activities: ActivityRow[];
  scorecard: ScorecardCheck[];
  /** The newest rollout of each group; absent where there was none, and in what an older version of Holdfast has stored. */
  rollouts?: RolloutRow[];
  /** Groups of which instances run another version than the one that is wanted; absent where there are none. */
  behind?: BehindRow[];
  /** Absent while nothing is wanted, and in what an older version of Holdfast has stored. */
  coverage?: Coverage;
  /** End of the last pass that read everything it needed. */
  observedAt?: string;
  /** While deleting: since when every read has shown that AWS holds nothing of this service. */
  emptySince?: string;
  /** When the next pass is due at the latest, and what it waits for. */
  nextPassAt?: string;
  waitingFor?: string[];
  /**
   * Only in answers to `dryRun=All`, and while changes are held back: paused, waiting for approval, or observed only (then
   * what would be done after `management: Manage`), or while what runs is adopted or released.
   */
  plan?: PlanView;
  /** The defaults that AWS's resources follow. Absent in what an older version of Holdfast has stored. */
  defaults?: "Recommended" | "AWS";
  /** While it is being carried out: what was approved, by its digest, and whose token it was where tokens are demanded. */
  approval?: { digest: string; generation: number; effects: ConsentRow[]; actor?: string };
  /** What was approved last, and has been done. */
  approvedBefore?: { digest: string; generation: number };
  /**
   * The last generation that AWS has held to the end, and its `spec.approval`, by which the next edit is judged as well; 0 of
   * one that was never held. Absent in what an older version of Holdfast has stored.
   */
  settled?: { generation: number; approval: ApprovalPolicy };
  /** It is only observed; or was, and nothing has been written since, or agreed to. */
  onlyObserved?: boolean;
  /** The epoch on AWS that nothing is written before a person has confirmed: the value of `holdfast.dev/confirmed-epoch`. */
  foreignEpoch?: string;
  /** The last value of `holdfast.dev/correction-requested-at`, and when a pass first saw it. */
  correctionRequested?: { value: string; time: string };
}

/** Of what no pass has looked at yet. */
export const NO_STATUS: WebServiceStatus = {
  observedGeneration: 0,
  conditions: [],
  resources: [],
  instances: [],
  alarms: [],
  unowned: [],
  activities: [],
  scorecard: [],
};
