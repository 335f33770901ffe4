/**
 * Every reason that a condition, an obstacle or an event can give: one CamelCase word for programs, and what it means
 * for people. The tables of docs/operations.md and docs/errors.md, the explanations on the pages, the labels of the
 * metrics and the enumeration of OpenAPI come from here; the sentence of the case itself is the condition's `message`.
 */
import { EVENT } from "./event-reasons.ts";
import { MADE_ANEW, NOTHING, READ_AGAIN, type ReasonEntry, WAIT } from "./reason-entry.ts";

/** Where it is not the reason of another condition. */
const READY = {
  Ready: { meaning: "In sync, and serving", remedy: NOTHING },
  DatabaseFault: {
    meaning: "The database takes nothing, so that the status may be old; the message says why",
    remedy:
      "Free the disk, end what holds the file, or put it back; [`/readyz`](#probes-and-metrics) says when it is over",
  },
  Deleting: { meaning: "The service is being deleted", remedy: "Wait; see `Stalled` if it takes long" },
} as const satisfies Record<string, ReasonEntry>;

/** Of `Synced`, and where they are in the way, of `Ready` and `Reconciling`. */
const SYNCED = {
  InSync: { meaning: "AWS holds what the spec asks for", remedy: NOTHING },
  Applying: { meaning: "Calls were made; the next read verifies them", remedy: WAIT },
  Confirming: {
    meaning: "A difference was seen once, or right after a write of ours",
    remedy: "Wait for the second read",
  },
  Waiting: {
    meaning:
      "An action waits for another resource or for AWS; the message names both. `the new target group of … has not enough healthy targets yet`: the traffic stays with those who serve it. `… takes over, and … of … of its instances are healthy`: the old group stays until the new one can do its work",
    remedy:
      "Wait. If it lasts, look at the resource that it names. A target group that lasts: see [a target group that gets no traffic](#a-target-group-that-gets-no-traffic); a group: [a child under another key](#a-child-under-another-key)",
  },
  RefreshActive: {
    meaning:
      "A target group is to be attached, or a warm pool put, and AWS takes neither while it refreshes the instances of the group",
    remedy: "Wait: it is done when the refresh is over. What could be done before it was",
  },
  Provisioning: {
    meaning: "AWS holds the settings and is still at work on a resource; the message says which",
    remedy: WAIT,
  },
  Failed: {
    meaning: "AWS gave up on a resource; the message has its reason",
    remedy: MADE_ANEW,
  },
  Removing: { meaning: "Resources that the spec does not ask for are going", remedy: WAIT },
  OutOfSync: {
    meaning: "AWS differs and nothing is being done at this moment",
    remedy: "Wait for the next pass. If it lasts, see the rows in `status.resources`",
  },
  ObserveOnly: {
    meaning:
      "The service is only observed (`management: Observe`), so that nothing is written; of `Synced`: AWS differs, and nobody here puts it right",
    remedy: "Change AWS or the spec; `management: Manage` [takes it over](#taking-over-what-runs)",
  },
  Adopting: {
    meaning: "Our tags are written on what runs, and nothing else before they all are",
    remedy: WAIT,
  },
  Releasing: {
    meaning: "The service is only observed from now on: our tags are taken off, and nothing else is written",
    remedy: WAIT,
  },
  Paused: {
    meaning: "AWS differs and the service is paused, or everything is; the message says which",
    remedy:
      "See `status.plan`; [unpause](#pausing), or [unpause all](#pausing-everything) where the message says so",
  },
  CannotRead: {
    meaning: "A list or resource could not be read, so nothing is claimed or deleted",
    remedy: READ_AGAIN,
  },
  CallFailed: {
    meaning: "AWS refused a call, for a reason that may pass",
    remedy:
      "Tried again with backoff. `alreadyExists` that lasts: somebody else's group or template has the name; remove it, or [take it over](#taking-over-what-runs)",
  },
} as const satisfies Record<string, ReasonEntry>;

/** Of `Stalled`: only a person can help. All but the first and the last are also the reason of `Synced`. */
const STALLED = {
  RefusedByAws: {
    meaning:
      "AWS refused a call, and repeating it does not help: invalid, quota, conflict, no permission, not supported",
    remedy: "Read the message; change the spec, the quota or the policy. Looked at again every few minutes",
  },
  OutsideBand: {
    meaning:
      "A size of a group is to be written that lies outside of what a scheduled action or a forecast has set beside it: AWS takes no minimum above the maximum, and no fixed capacity outside of both. The message has the numbers",
    remedy: "Wait until that has moved, give another size, or edit the other one as well",
  },
  TimePassed: {
    meaning:
      "A scheduled action that was due once has another time in AWS, or other sizes, and its own time has passed: AWS takes no time that has",
    remedy: "Give it another `startTime`, or take it out of the spec",
  },
  NotOurs: {
    meaning:
      "A resource without our owner tag has a name that is needed; or one that we have not made, under a name that we do not give, carries our owner tag. It is left alone",
    remedy:
      "The first: remove it, or [take it over](#taking-over-what-runs). The second: take the tags `holdfast.dev/owner` and `holdfast.dev/resource` off it",
  },
  ManagedElsewhere: {
    meaning:
      "What is to be adopted carries a tag by which somebody else manages it: another installation, CloudFormation, Kubernetes, Elastic Beanstalk, ECS, EKS, or one of `--manager-tags`. Nothing of the service is adopted",
    remedy:
      "Take it out of the other's hands first. Then name the manager, as the message does, in the annotation `holdfast.dev/no-longer-managed-by`: see [taking over what runs](#taking-over-what-runs)",
  },
  ImmutableDiffers: {
    meaning:
      "What has a name that the spec pins differs in something that AWS cannot change in place; the message names the fields, what is there and what the spec asks for. It is left alone, and nothing is made beside it",
    remedy:
      "Set the spec to what is there; or change or remove `name`, so that a replacement is made beside it: see [Names](#names)",
  },
  QuotaExceeded: {
    meaning:
      "The spec asks for more of something in one place than AWS allows there; the message names the quota. What has no place is not tried, everything else goes on",
    remedy: "Ask AWS for a higher quota, or the spec for less: see [What a plan says](#what-a-plan-says)",
  },
  PriorityHeldByAnother: {
    meaning: "A listener rule of somebody else's has a priority that the spec wants",
    remedy: "Choose another priority, or remove that rule",
  },
  Contested: {
    meaning:
      "A field, or a whole resource, was put right five times and came back each time within the hour: somebody or something else writes it. The message has how often, when and with which values",
    remedy:
      "Find who (CloudTrail) and stop that, change the spec, or leave the field to others: see [What keeps coming back](#what-keeps-coming-back)",
  },
  Ineffective: {
    meaning:
      "AWS answered more than once that a field was set, and no read has shown it since: AWS drops it, or makes something else of it. Nobody else is blamed",
    remedy:
      "Take the field out of the spec, or set it to what AWS holds; AWS Support knows the request id. It is tried four times at most, after longer and longer waits, and then once with each change of the spec",
  },
  DeletionProtected: {
    meaning: "A load balancer that should go has deletion protection",
    remedy:
      'Set `attributes["deletion_protection.enabled"]: false` in the spec, or switch the protection off in AWS: see [Deleting](#deleting)',
  },
  DeletionTakesLong: {
    meaning:
      "A deletion that was asked for an hour ago or longer is not over; the message says what AWS still holds, and what that waits for",
    remedy:
      "Read the message: a lifecycle hook to complete, somebody else's resource that uses ours. `holdfast.dev/force-delete` waits for no instance: see [Deleting](#deleting)",
  },
  InstanceRefreshFailed: {
    meaning:
      "AWS gave up on replacing the instances, and nothing brings back what ran before (`autoRollback: false`); the message has its reason",
    remedy:
      "Mend the image, user data or health check, and change the launch template in the spec. The same content is [not tried again](#a-rollout-that-fails)",
  },
  RollingBack: {
    meaning: "A rollout has failed, and what ran before is being brought back; the message says what failed",
    remedy: "Wait. Then see [a rollout that fails](#a-rollout-that-fails)",
  },
  RolloutRolledBack: {
    meaning:
      "A rollout has failed, and what ran before runs again: the launch template in the spec is not rolled out. The message says which instances failed which check",
    remedy:
      "Mend the image, user data or health check, and change the launch template in the spec; or ask for another try: [a rollout that fails](#a-rollout-that-fails)",
  },
  LaunchTemplateGone: {
    meaning:
      "A rollout has failed, and somebody has deleted the launch template, or its version, that ran before: AWS can launch no instance from it",
    remedy:
      "Post the spec with the launch template as it was, or with one that works. The message has image and digest of the user data that ran; [an earlier generation](#steering-accept-correct-ignore-roll-back) has all of it",
  },
  RollbackFailed: {
    meaning: "A rollout has failed, and what ran before could not be brought back either",
    remedy:
      "Look at the activities of the group. Then change the launch template in the spec, or ask for another try: [a rollout that fails](#a-rollout-that-fails)",
  },
  ProtectedInstances: {
    meaning:
      "Instances that are protected from scale-in would not be replaced: AWS waits an hour for them and gives the rollout up. It is not begun; the message names them",
    remedy:
      "Declare `instanceRefresh.scaleInProtectedInstances`: `Refresh`, `Ignore` or `Wait`; or take the protection away in AWS",
  },
  ProcessesSuspended: {
    meaning:
      "AWS replaces no instance while `Launch`, `Terminate` or `InstanceRefresh` of the group is suspended, and would give a rollout up after an hour. It is not begun; the message names the processes",
    remedy:
      "Resume them: take them out of `suspendedProcesses` in the spec, or `aws autoscaling resume-processes`; or ask whoever suspended them",
  },
  StandbyInstances: {
    meaning:
      "Instances on standby would not be replaced: AWS waits an hour for them and gives the rollout up. It is not begun; the message names them",
    remedy:
      "Declare `instanceRefresh.standbyInstances`: `Terminate`, `Ignore` or `Wait`; or return them to service in AWS",
  },
  ApprovalRequired: {
    meaning:
      "Something that was asked for needs a person's consent; the message says what and why, and names the digest. Nothing of it is begun, and everything else goes on",
    remedy:
      "Read `status.plan`, and annotate the service with `holdfast.dev/approved-plan: <digest>`: see [approval](#approval). Or take the edit back",
  },
  DeletionsFrozen: {
    meaning:
      "Corrections and edits would delete more of a kind of resource within an hour, over all services, than a tenth of what is owned of it, and than ten: nothing more of that kind is deleted",
    remedy:
      "Find out why so many are to go (`status.plan`). Take the edits back; or lift it with `DELETE /apis/holdfast.dev/v1/freezes/<kind>`: see [guards](#guards)",
  },
  WrongAccount: {
    meaning:
      "The credentials in use are of another AWS account than the one that the service was first reconciled in (`status.account`). Nothing is read into its ledger, and nothing is written",
    remedy:
      "Run with credentials of its account: see [one account](#one-account). Services of another account belong into another database",
  },
  OlderDatabase: {
    meaning:
      "The load balancer carries an epoch of this very database that is later than all that it knows of: it was restored from an older copy, and AWS holds what it has forgotten. Nothing is written",
    remedy:
      "Read `status.plan`, which would take AWS back. Edit the spec to what is wanted, and annotate the service with `holdfast.dev/confirmed-epoch` as the message says: see [a restored copy](#a-restored-copy)",
  },
  AnotherDatabase: {
    meaning:
      "The load balancer carries the epoch of another database, and AWS is not as the spec asks for: another installation may write it as well, or the database was lost in the middle of something. Nothing is written",
    remedy:
      "See that no other daemon manages the service. Then annotate it with `holdfast.dev/confirmed-epoch` as the message says: see [a restored copy](#a-restored-copy)",
  },
  NotStalled: { meaning: "Nothing needs a person", remedy: NOTHING },
} as const satisfies Record<string, ReasonEntry>;

/** Of `Healthy`. */
const HEALTHY = {
  Serving: { meaning: "Enough instances serve, from several zones", remedy: NOTHING },
  ScaledToZero: {
    meaning: "Nothing serves, and nothing is meant to: every group has `minSize: 0` and wants no instance",
    remedy: NOTHING,
  },
  ServingFromOneZone: {
    meaning: "Enough serve, all from one zone",
    remedy: "Look why the other zones have none: `status.activities`",
  },
  GrowthFailing: {
    meaning:
      "Enough serve; a group wants more, and its last launch failed: capacity, quota, image, instance profile, Spot. The message has AWS's own words, which it reports nowhere but in the group's activities",
    remedy:
      "Mend what it names; the message says what helps where the words are known. AWS tries again by itself",
  },
  ScalingBehind: {
    meaning:
      "Enough serve; an alarm that asks for more instances goes on ringing, and scaling cannot keep up: the group is at its maximum, the warm-up is longer than the rise, or the policies are too slow. The message says which, with the numbers",
    remedy:
      "What the message names: a higher maximum, a schedule, a predictive policy, a warm pool, larger steps",
  },
  RestartLoop: {
    meaning:
      "Instance after instance is replaced for its health, at least three within half an hour, and the group is not whole: the application does not start, or is given up before it has",
    remedy:
      "A longer `healthCheckGracePeriod` if it only needs longer; otherwise the application's log and that of its user data",
  },
  LoadBalancerMissing: { meaning: "AWS has no load balancer yet, or no more", remedy: "See `Synced`" },
  AutoScalingGroupMissing: {
    meaning: "AWS has no Auto Scaling group yet, or no more",
    remedy: "See `Synced`",
  },
  LoadBalancerProvisioning: { meaning: "AWS is setting the load balancer up", remedy: "Wait a few minutes" },
  LoadBalancerImpaired: {
    meaning: "The load balancer routes, and AWS cannot scale it",
    remedy: "Free addresses in its subnets",
  },
  LoadBalancerFailed: {
    meaning: "AWS could not set the load balancer up",
    remedy: MADE_ANEW,
  },
  NothingForwarded: {
    meaning: "No listener or rule forwards to a target group",
    remedy: "Give one a `forward` action",
  },
  ForwardedElsewhere: {
    meaning:
      "Requests go only to target groups that the spec does not have, where `spec.drift` leaves that to others; their targets are not read",
    remedy: "Nothing, or declare the target group: see [fields left to others](#fields-left-to-others)",
  },
  NoHealthyTargets: {
    meaning: "Every target fails its check, so the load balancer sends requests to all of them",
    remedy: "Look at the application, the check's path or port, or a security group",
  },
  NoTargets: {
    meaning:
      "Requests go to a target group that no group of the service fills and that has no targets: the load balancer answers them with 503",
    remedy:
      "Name it in `targetGroups` of a group, register targets, or send the requests elsewhere; with weight 0 it gets none",
  },
  UnhealthyTargets: {
    meaning: "Some instances in service fail",
    remedy: "See the verdicts in `status.instances`: they name the setting that decides what happens next",
  },
  RolloutFailing: {
    meaning:
      "An instance refresh is under way, and none of its new instances becomes healthy; what was there before goes on serving. The message says what it changes, when AWS gives up, and who brings back what ran before",
    remedy:
      "Go back: post the spec with the launch template as it was, or with one that works. Holdfast stops the refresh and replaces the new instances. Or wait for AWS to give up; an alarm in `instanceRefresh.alarmSpecification` ends the next one within minutes. A longer grace period mends no image",
  },
  InstancesStarting: { meaning: "Fewer than the minimum serve, and others are starting", remedy: WAIT },
  LaunchAwaited: {
    meaning: "Fewer than the minimum serve; the group has yet to launch others, and has not failed to",
    remedy: "Wait. If it lasts, look at the group's activities in AWS",
  },
  LaunchFailing: {
    meaning: "Fewer than the minimum serve, and the group's last launch failed; the message has AWS's reason",
    remedy: "Mend what it names: quota, capacity, image, permissions. AWS tries again by itself",
  },
  LaunchSuspended: {
    meaning: "Fewer than the minimum serve, and the group launches none: its process `Launch` is suspended",
    remedy: "Resume the process (`aws autoscaling resume-processes`), or ask whoever suspended it",
  },
  BelowMinimum: {
    meaning: "Fewer than the minimum serve, and the group wants no others",
    remedy: "See the verdicts in `status.instances`: on standby, taken out of a target group",
  },
  Unconfirmed: {
    meaning:
      "AWS's answers lack something that was there before, and the answer may be an old one: until a second read nobody says that it is gone. The message names it",
    remedy: "Wait for the second read",
  },
  NotObserved: {
    meaning: "Something that would be needed to say more could not be read",
    remedy: READ_AGAIN,
  },
} as const satisfies Record<string, ReasonEntry>;

/** Of `Drifted`. */
const DRIFTED = {
  AwsMoved: { meaning: "Somebody changed AWS", remedy: "See [the drift ledger](#the-drift-ledger)" },
  Reported: {
    meaning: "Somebody changed AWS, where `spec.drift` says that this is reported and not corrected",
    remedy:
      "See [fields left to others](#fields-left-to-others): set the spec to what AWS has, or edit it so that it is written",
  },
  AsApplied: { meaning: "AWS holds what was last applied, or last seen to equal the spec", remedy: NOTHING },
} as const satisfies Record<string, ReasonEntry>;

/** Of `Reconciling`. */
const RECONCILING = {
  Converged: { meaning: "There is nothing to do", remedy: NOTHING },
} as const satisfies Record<string, ReasonEntry>;

/** Of a row `stop` in the plan of a dry run. */
const DRY_RUN = {
  Unknown: {
    meaning: "A dry run cannot say anything of it, because it could not be read",
    remedy: READ_AGAIN,
  },
} as const satisfies Record<string, ReasonEntry>;

/** The reasons by what gives them; each word stands once. */
export const REASONS = {
  Ready: READY,
  Synced: SYNCED,
  Stalled: STALLED,
  Healthy: HEALTHY,
  Drifted: DRIFTED,
  Reconciling: RECONCILING,
  dryRun: DRY_RUN,
  event: EVENT,
} as const;

type WordsOf<Groups> = { [Group in keyof Groups]: keyof Groups[Group] }[keyof Groups];
/** Reason of a condition or an obstacle. */
export type Reason = WordsOf<Omit<typeof REASONS, "event">>;
/** Reason of an event. */
export type EventReason = WordsOf<typeof REASONS>;

const ENTRIES = new Map<string, ReasonEntry>(
  Object.values(REASONS).flatMap((group) => Object.entries<ReasonEntry>(group)),
);

/** What the table says of a word; `undefined` of one that a row of the database has from another version of Holdfast. */
export function entryOf(word: string): ReasonEntry | undefined {
  return ENTRIES.get(word);
}

/** Whether a word from the database is a reason of a condition today. */
export function isReason(word: string): word is Reason {
  return ENTRIES.has(word) && !Object.hasOwn(EVENT, word);
}

/** Reasons by which something that should serve does not, and that do not pass by waiting. */
const FAULTS: ReadonlySet<string> = new Set<Reason>([
  "Failed",
  "LoadBalancerImpaired",
  "LoadBalancerFailed",
  "NoHealthyTargets",
  "NoTargets",
  "UnhealthyTargets",
  "RolloutFailing",
  "LaunchFailing",
  "LaunchSuspended",
  "BelowMinimum",
]);

/** Whether a condition with this reason is a fault, even while Holdfast is at work. */
export function isFault(reason: string): boolean {
  return FAULTS.has(reason);
}

/** Every {@link Reason}, in the order of the table. */
export const CONDITION_REASONS: readonly Reason[] = [...ENTRIES.keys()].filter(isReason);

/** Where a reason is explained in docs/operations.md: in lower case like the anchors of headings, and told apart from them. */
export function reasonAnchor(reason: string): string {
  return `reason-${reason.toLowerCase()}`;
}
