/** Scaling policies: put, described, deleted; and the alarms that a target tracking policy keeps for itself. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../account/aws-error.ts";
import { uuidFrom } from "../account/ids.ts";
import { pageOf } from "../account/paging.ts";
import { pageSize } from "./activities.ts";
import { beginForecasts } from "./forecasts/follow.ts";
import { executeByUser } from "./policy-execution.ts";
import { policyTypeOf, trackedMetric } from "./policy-input.ts";
import {
  anyGroupNamed,
  type Group,
  groupNamed,
  invalid,
  type Policy,
  QUOTAS,
  required,
  type State,
} from "./state.ts";

/** Scale-in begins when the metric stays below this share of the target. Typical; AWS documents no figure. */
const LOW_SHARE = 0.7;
/** Minutes that the metric must be above, or below, before a target tracking policy acts. Typical. */
const HIGH_PERIODS = 3;
const LOW_PERIODS = 15;

export function policyOperations(state: State) {
  return {
    PutScalingPolicy(input: asg.PutScalingPolicyType): asg.PolicyARNType {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const policy = putPolicy(state, group, input);
      return { PolicyARN: policy.arn, Alarms: alarmsOf(state, policy) };
    },
    DescribePolicies(input: asg.DescribePoliciesType): asg.PoliciesType {
      const groups =
        input.AutoScalingGroupName === undefined
          ? [...state.groups.values()]
          : [anyGroupNamed(state, input.AutoScalingGroupName)];
      const names = input.PolicyNames ?? [];
      const types = input.PolicyTypes ?? [];
      const policies = groups
        .flatMap((group) => [...group.policies.values()].map((policy) => ({ group, policy })))
        .filter(
          ({ policy }) => names.length === 0 || names.includes(policy.name) || names.includes(policy.arn),
        )
        .filter(({ policy }) => types.length === 0 || types.includes(policy.type));
      const page = pageOf(
        policies,
        ({ policy }) => policy.arn,
        { token: input.NextToken, size: pageSize(input.MaxRecords, 100, 50) },
        "InvalidNextToken",
      );
      return {
        ScalingPolicies: page.items.map(({ group, policy }) => shown(state, group, policy)),
        NextToken: page.next,
      };
    },
    DeletePolicy(input: asg.DeletePolicyType): object {
      const { group, policy } = policyNamed(state, input.AutoScalingGroupName, input.PolicyName);
      group.policies.delete(policy.name);
      policy.forecast?.cancel();
      removeAlarms(state, policy);
      // The alarm of a step or simple policy stays, without the action. autoscaling/delete-policy-leaves-alarm
      state.parts.cloudWatch.removeAction(policy.arn, []);
      return {};
    },
    ExecutePolicy(input: asg.ExecutePolicyType): object {
      const { group, policy } = policyNamed(state, input.AutoScalingGroupName, input.PolicyName);
      executeByUser(state, group, policy, input);
      return {};
    },
  };
}

/** By name within a group, or by ARN anywhere. @throws AwsError */
function policyNamed(
  state: State,
  groupName: string | undefined,
  name: string | undefined,
): { group: Group; policy: Policy } {
  required(name, "policyName");
  const groups = groupName === undefined ? [...state.groups.values()] : [groupNamed(state, groupName)];
  for (const group of groups) {
    for (const policy of group.policies.values()) {
      if (policy.arn === name || (policy.name === name && groupName !== undefined)) return { group, policy };
    }
  }
  throw invalid(`Policy ${name} not found.`);
}

function putPolicy(state: State, group: Group, input: asg.PutScalingPolicyType): Policy {
  const type = policyTypeOf(input);
  const name = input.PolicyName!;
  const present = group.policies.get(name);
  if (present === undefined && group.policies.size >= QUOTAS.policies) {
    throw new AwsError(
      "LimitExceeded",
      `At most ${QUOTAS.policies} scaling policies per Auto Scaling group.`,
    );
  }
  const arn = present?.arn ?? arnOf(state, group, name);
  const configuration = input.TargetTrackingConfiguration;
  const isTracking = type === "TargetTrackingScaling" && configuration !== undefined;
  if (present?.alarms !== undefined && !isTracking) removeAlarms(state, present);
  const alarms = isTracking ? putAlarms(state, group, arn, configuration, present) : undefined;
  const policy: Policy = { name, arn, type, input, alarms };
  group.policies.set(name, policy);
  if (type === "PredictiveScaling") policy.forecast = beginForecasts(state, group, policy, present?.forecast);
  else present?.forecast?.cancel();
  return policy;
}

function arnOf(state: State, group: Group, name: string): string {
  const { accountId, region } = state.context;
  return `arn:aws:autoscaling:${region}:${accountId}:scalingPolicy:${uuidFrom(state.context)}:autoScalingGroupName/${group.name}:policyName/${name}`;
}

/** autoscaling/target-tracking-alarms */
function putAlarms(
  state: State,
  group: Group,
  policyArn: string,
  configuration: asg.TargetTrackingConfiguration,
  present: Policy | undefined,
): NonNullable<Policy["alarms"]> {
  const metric = trackedMetric(group.name, configuration);
  const target = configuration.TargetValue ?? 0;
  const high = present?.alarms?.high ?? `TargetTracking-${group.name}-AlarmHigh-${uuidFrom(state.context)}`;
  const low = present?.alarms?.low ?? `TargetTracking-${group.name}-AlarmLow-${uuidFrom(state.context)}`;
  const shared = {
    ...metric,
    alarmActions: [policyArn],
    description: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policyArn}.`,
  };
  state.parts.cloudWatch.putServiceAlarm({
    ...shared,
    name: high,
    evaluationPeriods: HIGH_PERIODS,
    threshold: target,
    comparisonOperator: "GreaterThanThreshold",
  });
  if (configuration.DisableScaleIn === true) {
    if (present?.alarms?.low !== undefined) state.parts.cloudWatch.deleteServiceAlarm(present.alarms.low);
    return { high, low: undefined };
  }
  state.parts.cloudWatch.putServiceAlarm({
    ...shared,
    name: low,
    evaluationPeriods: LOW_PERIODS,
    threshold: target * LOW_SHARE,
    comparisonOperator: "LessThanThreshold",
  });
  return { high, low };
}

function removeAlarms(state: State, policy: Policy): void {
  if (policy.alarms === undefined) return;
  state.parts.cloudWatch.deleteServiceAlarm(policy.alarms.high);
  if (policy.alarms.low !== undefined) state.parts.cloudWatch.deleteServiceAlarm(policy.alarms.low);
}

/** With its group go a policy, its alarm actions, and the alarms that have no other. autoscaling/delete-group-alarms */
export function removePolicies(state: State, group: Group, policies: readonly Policy[]): void {
  for (const policy of policies) {
    group.policies.delete(policy.name);
    policy.forecast?.cancel();
    removeAlarms(state, policy);
    const names = state.parts.cloudWatch.alarmsWithAction(policy.arn).map((alarm) => alarm.name);
    state.parts.cloudWatch.removeAction(policy.arn, names);
  }
}

function alarmsOf(state: State, policy: Policy): asg.Alarm[] {
  return state.parts.cloudWatch
    .alarmsWithAction(policy.arn)
    .map((alarm) => ({ AlarmName: alarm.name, AlarmARN: alarm.arn }));
}

function shown(state: State, group: Group, policy: Policy): asg.ScalingPolicy {
  const { input } = policy;
  const isStep = policy.type === "StepScaling";
  const isSimple = policy.type === "SimpleScaling";
  return {
    AutoScalingGroupName: group.name,
    PolicyName: policy.name,
    PolicyARN: policy.arn,
    PolicyType: policy.type,
    AdjustmentType: input.AdjustmentType,
    MinAdjustmentStep: input.MinAdjustmentStep,
    MinAdjustmentMagnitude: input.MinAdjustmentMagnitude,
    // Of other policies clients send 0, which means nothing.
    ScalingAdjustment: isSimple ? input.ScalingAdjustment : undefined,
    Cooldown: isSimple ? input.Cooldown : undefined,
    StepAdjustments: input.StepAdjustments ?? [],
    MetricAggregationType: isStep ? (input.MetricAggregationType ?? "Average") : undefined,
    EstimatedInstanceWarmup: input.EstimatedInstanceWarmup,
    Alarms: alarmsOf(state, policy),
    TargetTrackingConfiguration:
      input.TargetTrackingConfiguration === undefined
        ? undefined
        : {
            ...input.TargetTrackingConfiguration,
            DisableScaleIn: input.TargetTrackingConfiguration.DisableScaleIn ?? false,
          },
    PredictiveScalingConfiguration: shownForecast(input.PredictiveScalingConfiguration),
    Enabled: input.Enabled ?? true,
  };
}

/** With the defaults of what was not given. autoscaling/predictive-described */
function shownForecast(
  given: asg.PredictiveScalingConfiguration | undefined,
): asg.PredictiveScalingConfiguration | undefined {
  return given === undefined
    ? undefined
    : {
        ...given,
        Mode: given.Mode ?? "ForecastOnly",
        SchedulingBufferTime: given.SchedulingBufferTime ?? 300,
        MaxCapacityBreachBehavior: given.MaxCapacityBreachBehavior ?? "HonorMaxCapacity",
      };
}
