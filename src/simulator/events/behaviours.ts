/** What the simulated account promises to do with EventBridge's calls and events as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const GUIDE = "https://docs.aws.amazon.com/eventbridge/latest/userguide";
const API = "https://docs.aws.amazon.com/eventbridge/latest/APIReference";
const REFERENCE = "https://docs.aws.amazon.com/eventbridge/latest/ref";

export const EVENTS_BEHAVIOURS: readonly Behaviour[] = documented("events", "events", [
  ["pattern", "A pattern that is not valid is InvalidEventPatternException.", `${API}/API_PutRule.html`],
  [
    "matching",
    "Every member of a pattern has to match, of its lists one filter: a value, prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, exists, $or.",
    `${GUIDE}/eb-create-pattern-operators.html`,
  ],
  ["exists", "Exists speaks of leaves of the event only.", `${GUIDE}/eb-create-pattern-operators.html`],
  [
    "put-overwrites",
    "To put a rule again replaces all that was said of it, and keeps its targets and tags.",
    `${API}/API_PutRule.html`,
  ],
  [
    "delete-rule",
    "A rule that has targets cannot be deleted; to delete one that is not there is no error.",
    `${API}/API_DeleteRule.html`,
  ],
  ["quotas", "There are at most 300 rules, and five targets of each.", `${GUIDE}/eb-quota.html`],
  ["envelope", "Every event has the same members around its detail.", `${GUIDE}/eb-events-structure.html`],
  [
    "reads-on-request",
    "Of CloudTrail's events, calls that begin with Describe, Get or List come only to a rule in the state that asks for all management events.",
    `${GUIDE}/eb-service-event-cloudtrail-management.html`,
  ],
  [
    "needs-a-trail",
    "CloudTrail's events come only while a trail logs.",
    `${GUIDE}/eb-service-event-cloudtrail.html`,
  ],
  [
    "of-instances",
    "EC2 tells of every new state of an instance.",
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html",
  ],
  [
    "of-spot-instances",
    "EC2 tells that it recommends to replace a Spot Instance, and two minutes before it takes one back.",
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html",
  ],
  [
    "of-groups",
    "Auto Scaling tells of launches, terminations and detached instances, of lifecycle actions and of instance refreshes.",
    `${REFERENCE}/events-ref-autoscaling.html`,
  ],
  [
    "of-refreshes",
    "An instance refresh tells that it has started, reached a checkpoint, bakes, succeeded, failed, was cancelled, or rolls back and how that ended.",
    "https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-eventbridge-events.html",
  ],
  [
    "of-alarms",
    "CloudWatch tells of every new state of an alarm, and when one is created, updated or deleted.",
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html",
  ],
]);
