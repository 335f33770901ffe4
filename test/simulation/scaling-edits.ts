/** Edits of what scales a group, and of what its instances go through; scenarios ask for them. */
import type { Spec } from "./specs.ts";

type Json = Record<string, unknown>;

const TIME_ZONE = "Europe/Berlin";
const LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING";
const TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING";

/** The simulated account has it from the beginning. */
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";
const LAUNCH = "autoscaling:EC2_INSTANCE_LAUNCH";
const LAUNCH_ERROR = "autoscaling:EC2_INSTANCE_LAUNCH_ERROR";

/** Every group, whatever it is called by now. */
function groups(spec: Spec, fields: Json): void {
  for (const group of Object.values(spec.autoScalingGroups)) Object.assign(group, fields);
}

/** Defaults are given: the oracle knows none. */
const BUSY = {
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  statistic: "Average",
  period: 60,
  evaluationPeriods: 3,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "missing",
  actionsEnabled: true,
};

function withPolicy(spec: Spec, policy: Json): void {
  for (const { scalingPolicies } of Object.values(spec.autoScalingGroups))
    Object.assign(scalingPolicies, { surge: policy });
}

function withPolicyAlarm(spec: Spec, alarm: Json | undefined): void {
  withPolicy(spec, {
    stepScaling: {
      adjustmentType: "ChangeInCapacity",
      stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
      ...(alarm === undefined ? {} : { alarm: { ...BUSY, ...alarm } }),
    },
  });
}

export const SCALING_EDITS = {
  /** None of them is due within a history. */
  "scheduled actions": (spec: Spec) =>
    groups(spec, {
      scheduledActions: {
        morning: { recurrence: "0 22 * * *", timeZone: TIME_ZONE, minSize: 3, desiredCapacity: 3 },
        evening: { recurrence: "0 23 * * *", timeZone: TIME_ZONE, minSize: 2 },
      },
    }),
  "a scheduled action moved, and one removed": (spec: Spec) =>
    groups(spec, {
      scheduledActions: { morning: { recurrence: "30 21 * * *", timeZone: TIME_ZONE, minSize: 3 } },
    }),
  "no scheduled actions": (spec: Spec) => groups(spec, { scheduledActions: undefined }),
  /** The maximum is moved without an activity of the group that would tell of it. */
  "scheduled actions that are soon due": (spec: Spec) =>
    groups(spec, {
      scheduledActions: {
        often: { recurrence: "*/15 * * * *", maxSize: 5 },
        hourly: { recurrence: "25 * * * *", minSize: 3 },
      },
    }),
  "lifecycle hooks": (spec: Spec) =>
    groups(spec, {
      lifecycleHooks: {
        start: { lifecycleTransition: LAUNCHING, heartbeatTimeout: 30, defaultResult: "CONTINUE" },
        stop: { lifecycleTransition: TERMINATING, heartbeatTimeout: 45, defaultResult: "CONTINUE" },
      },
    }),
  "a lifecycle hook changed": (spec: Spec) => {
    for (const { lifecycleHooks } of Object.values(spec.autoScalingGroups)) {
      const { start } = (lifecycleHooks ?? {}) as Record<string, Json>;
      if (start !== undefined) Object.assign(start, { heartbeatTimeout: 60 });
    }
  },
  notifications: (spec: Spec) =>
    groups(spec, {
      notifications: { alerts: { topicArn: TOPIC, notificationTypes: [LAUNCH, LAUNCH_ERROR] } },
    }),
  "a notification changed": (spec: Spec) =>
    groups(spec, { notifications: { alerts: { topicArn: TOPIC, notificationTypes: [LAUNCH_ERROR] } } }),
  "no notifications": (spec: Spec) => groups(spec, { notifications: undefined }),
  "warm pool": (spec: Spec) => groups(spec, { warmPool: { minSize: 1, maxGroupPreparedCapacity: 4 } }),
  "no warm pool": (spec: Spec) => groups(spec, { warmPool: undefined }),
  "a policy with its alarm": (spec: Spec) => withPolicyAlarm(spec, { threshold: 95 }),
  "the alarm of a policy changed": (spec: Spec) => withPolicyAlarm(spec, { threshold: 90, period: 120 }),
  "a policy without its alarm": (spec: Spec) => withPolicyAlarm(spec, undefined),
  "a policy of another type with its alarm": (spec: Spec) =>
    withPolicy(spec, {
      simpleScaling: {
        adjustmentType: "ChangeInCapacity",
        scalingAdjustment: 1,
        alarm: { ...BUSY, threshold: 95 },
      },
    }),
  /** With it nothing else may scale. */
  "capacity fixed": (spec: Spec) => {
    groups(spec, { desiredCapacity: 3, desiredCapacityPolicy: "Fixed" });
    for (const { scalingPolicies } of Object.values(spec.autoScalingGroups)) {
      delete scalingPolicies.cpu;
      Object.assign(scalingPolicies.out as Json, { enabled: false });
    }
  },
} satisfies Record<string, (spec: Spec) => void>;
