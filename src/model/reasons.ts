/**
 * Every reason that a condition, an obstacle or an event can give: one CamelCase word for programs, and what it means
 * for people. The tables of docs/operations.md, the explanations on the pages and the label values of the metrics come
 * from here; the sentence of the case itself is the condition's `message`.
 */
interface ReasonEntry {
  /** What it says, in one sentence. */
  readonly meaning: string;
  /** What a person does about it; Markdown, links relative to docs/operations.md. */
  readonly remedy: string;
}

/** Reasons of `Synced`, of `Stalled` and, where they are in the way, of `Ready` and `Reconciling`. */
export const SYNC_REASONS = {
  InSync: { meaning: "AWS holds what the spec asks for", remedy: "Nothing" },
  Applying: { meaning: "Calls were made; the next read verifies them", remedy: "Wait" },
  Confirming: {
    meaning: "A difference was seen once, or right after a write of ours",
    remedy: "Wait for the second read",
  },
  Waiting: {
    meaning:
      "An action waits for another resource or for AWS; the message names both. `the new target group of … has not enough healthy targets yet`: the traffic stays with those who serve it",
    remedy:
      "Wait. If it lasts, look at the resource that it names. A target group that lasts: see [below](#a-target-group-that-gets-no-traffic)",
  },
  Provisioning: {
    meaning: "AWS holds the settings and is still at work on a resource; the message says which",
    remedy: "Wait",
  },
  Failed: {
    meaning: "AWS gave up on a resource; the message has its reason",
    remedy: "As for `LoadBalancerFailed` below",
  },
  Removing: { meaning: "Resources that the spec does not ask for are going", remedy: "Wait" },
  OutOfSync: {
    meaning: "AWS differs and nothing is being done at this moment",
    remedy: "Wait for the next pass. If it lasts, see the rows in `status.resources`",
  },
  Paused: {
    meaning: "AWS differs and the service is paused",
    remedy: "See `status.plan`; [unpause](#pausing)",
  },
  CannotRead: {
    meaning: "A list or resource could not be read, so nothing is claimed or deleted",
    remedy:
      "The message names the operation and the code: permissions, throttling, an outage. See [errors.md](errors.md#aws-errors)",
  },
  CallFailed: {
    meaning: "AWS refused a call, for a reason that may pass",
    remedy:
      "Tried again with backoff. `alreadyExists` that lasts: somebody else's group or template has the name; remove it, or [hand it over](#handing-a-resource-over)",
  },
  RefusedByAws: {
    meaning:
      "AWS refused a call, and repeating it does not help: invalid, quota, conflict, no permission, not supported",
    remedy: "Read the message; change the spec, the quota or the policy. Looked at again every few minutes",
  },
  NotOurs: {
    meaning: "A resource without our owner tag has a name that is needed",
    remedy: "Remove it, or [hand it over](#handing-a-resource-over)",
  },
  PriorityHeldByAnother: {
    meaning: "A listener rule of somebody else's has a priority that the spec wants",
    remedy: "Choose another priority, or remove that rule",
  },
  Contested: {
    meaning:
      "One field was put right five times within ten minutes and moved again each time: somebody or something else writes it",
    remedy:
      "Find who (CloudTrail) and stop that, or change the spec. It is tried again once ten minutes have passed",
  },
  DeletionProtected: {
    meaning: "A load balancer that should go has deletion protection",
    remedy: "[Deleting](#deleting)",
  },
  InstanceRefreshFailed: {
    meaning: "AWS gave up on replacing the instances; the message has its reason",
    remedy:
      "Mend the image, user data or health check, and change the launch template in the spec. The same version is not tried again",
  },
  NotStalled: { meaning: "Nothing needs a person", remedy: "Nothing" },
} as const satisfies Record<string, ReasonEntry>;

/** Reasons of `Healthy`. */
export const HEALTH_REASONS = {
  Serving: { meaning: "Enough instances serve, from several zones", remedy: "Nothing" },
  ServingFromOneZone: {
    meaning: "Enough serve, all from one zone",
    remedy: "Look why the other zones have none: `status.activities`",
  },
  LoadBalancerMissing: { meaning: "AWS has no load balancer yet, or no more", remedy: "See `Synced`" },
  AutoScalingGroupMissing: {
    meaning: "AWS has no Auto Scaling group yet, or no more",
    remedy: "See `Synced`",
  },
  LoadBalancerProvisioning: { meaning: "AWS is setting it up", remedy: "Wait a few minutes" },
  LoadBalancerImpaired: {
    meaning: "It routes, and AWS cannot scale it",
    remedy: "Free addresses in its subnets",
  },
  LoadBalancerFailed: {
    meaning: "AWS could not set it up",
    remedy: "Read the message; AWS Support. Deleting it in AWS makes Holdfast create it anew",
  },
  NothingForwarded: {
    meaning: "No listener or rule forwards to a target group",
    remedy: "Give one a `forward` action",
  },
  NoHealthyTargets: {
    meaning: "Every target fails its check, so the load balancer sends requests to all of them",
    remedy: "The application, the check's path or port, or a security group",
  },
  UnhealthyTargets: {
    meaning: "Some instances in service fail",
    remedy: "See the verdicts in `status.instances`: they name the setting that decides what happens next",
  },
  InstancesStarting: { meaning: "Fewer than the minimum serve, and more are starting", remedy: "Wait" },
  BelowMinimum: {
    meaning: "Fewer than the minimum serve, and none is starting",
    remedy:
      "`status.activities` says why launches fail: quota, capacity, image, permissions; or a process is suspended",
  },
  NotObserved: {
    meaning: "Something that would be needed to say more could not be read",
    remedy: "As for `CannotRead`",
  },
} as const satisfies Record<string, ReasonEntry>;

/** Reasons that only `Ready`, `Drifted` and `Reconciling` have. */
export const OTHER_REASONS = {
  Ready: { meaning: "In sync, and serving", remedy: "Nothing" },
  Deleting: { meaning: "The service is being deleted", remedy: "Wait; see `Stalled` if it takes long" },
  AwsMoved: { meaning: "Somebody changed AWS", remedy: "See [the drift ledger](#the-drift-ledger)" },
  AsApplied: { meaning: "AWS holds what was last applied", remedy: "Nothing" },
  Converged: { meaning: "There is nothing to do", remedy: "Nothing" },
  /** In the plan of a dry run: what could not be read. */
  Unknown: {
    meaning: "A dry run cannot say anything of it, because it could not be read",
    remedy: "As for `CannotRead`",
  },
} as const satisfies Record<string, ReasonEntry>;

/** Reasons of events beside those of conditions. */
export const EVENT_REASONS = {
  Created: { meaning: "What was made, and why", remedy: "Nothing" },
  Updated: { meaning: "What was changed, and why", remedy: "Nothing" },
  Reordered: { meaning: "Which listener's rules were put in order", remedy: "Nothing" },
  Deleted: { meaning: "What was removed, and why; also the end of a deletion", remedy: "Nothing" },
  Released: { meaning: "What was given up, and left in AWS", remedy: "Nothing" },
  DriftDetected: { meaning: "Somebody moved a field or removed a resource", remedy: "Find who (CloudTrail)" },
  DriftCorrected: { meaning: "It was put right by us", remedy: "Nothing" },
  DriftReverted: { meaning: "It was put right by somebody else", remedy: "Nothing" },
  DriftSuperseded: { meaning: "It was overtaken by the spec", remedy: "Nothing" },
  UnownedResource: { meaning: "Somebody put something on a resource of ours", remedy: "Nothing" },
  NotReady: { meaning: "The service is ready no more", remedy: "See the conditions" },
} as const satisfies Record<string, ReasonEntry>;

/** Reason of a condition or an obstacle. */
export type Reason = keyof typeof SYNC_REASONS | keyof typeof HEALTH_REASONS | keyof typeof OTHER_REASONS;
/** Reason of an event. */
export type EventReason = Reason | keyof typeof EVENT_REASONS;
