/** What a policy does to the desired capacity when its alarm, or a user, asks. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { isCoolingDown, setDesired } from "./converge.ts";
import { forecastFloor } from "./forecasts/follow.ts";
import { refuseInCooldown, warmMembers } from "./instance-operations.ts";
import { isAtSize } from "./mixed/markets.ts";
import { capacityOf, isWeighted } from "./mixed/units.ts";
import {
  type Group,
  hasPending,
  invalid,
  isSuspended,
  isTerminating,
  liveMembers,
  type Policy,
  type State,
} from "./state.ts";

interface Alarm {
  readonly name: string;
  readonly metricValue: number;
  readonly threshold: number;
}

/** An alarm has this policy as its action. Never throws: CloudWatch would not hear it. */
export function executeByAlarm(state: State, group: Group, policy: Policy, alarm: Alarm): void {
  // autoscaling/suspended-alarms
  if (group.deleting || policy.input.Enabled === false || isSuspended(group, "AlarmNotification")) return;
  const who = `a monitor alarm ${alarm.name} in state ALARM triggered policy ${policy.name}`;
  switch (policy.type) {
    case "TargetTrackingScaling":
      track(state, group, policy, alarm, who);
      return;
    case "StepScaling": {
      const step = stepOf(policy.input.StepAdjustments ?? [], alarm.metricValue - alarm.threshold);
      if (step !== undefined) scaleByStep(state, group, policy, step.ScalingAdjustment ?? 0, who);
      return;
    }
    case "PredictiveScaling":
      return;
    case "SimpleScaling": {
      // autoscaling/simple-cooldown
      const isBusy = isOffSize(group) || hasPending(group);
      if (!isBusy && !isCoolingDown(state, group)) scaleSimply(state, group, policy, who);
      return;
    }
  }
}

/** @throws AwsError where ExecutePolicy does */
export function executeByUser(
  state: State,
  group: Group,
  policy: Policy,
  input: asg.ExecutePolicyType,
): void {
  const who = `a user request executed policy ${policy.name}`;
  switch (policy.type) {
    case "TargetTrackingScaling":
    case "PredictiveScaling":
      throw invalid(`ExecutePolicy is not supported for policies of type ${policy.type}.`);
    case "StepScaling": {
      if (input.HonorCooldown !== undefined) {
        throw invalid("HonorCooldown is only supported for policies of type SimpleScaling.");
      }
      if (input.MetricValue === undefined || input.BreachThreshold === undefined) {
        throw invalid("MetricValue and BreachThreshold are required for policies of type StepScaling.");
      }
      const step = stepOf(policy.input.StepAdjustments ?? [], input.MetricValue - input.BreachThreshold);
      if (step === undefined)
        throw invalid("No step adjustment found for the metric value and the breach threshold.");
      scaleByStep(state, group, policy, step.ScalingAdjustment ?? 0, who);
      return;
    }
    case "SimpleScaling":
      if (input.HonorCooldown === true) refuseInCooldown(state, group);
      scaleSimply(state, group, policy, who);
      return;
  }
}

/** The step whose bounds hold the breach. autoscaling/step-inclusive */
function stepOf(steps: readonly asg.StepAdjustment[], breach: number): asg.StepAdjustment | undefined {
  return steps.find((step) => {
    const lower = step.MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
    const upper = step.MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY;
    return breach >= 0 ? lower <= breach && breach < upper : lower < breach && breach <= upper;
  });
}

/** autoscaling/step-current-capacity */
function scaleByStep(state: State, group: Group, policy: Policy, adjustment: number, who: string): void {
  const warm = warmCapacity(state, group, policy);
  const isExact = policy.input.AdjustmentType === "ExactCapacity";
  const isOut = isExact ? adjustment > group.desired : adjustment > 0;
  if (isOut) {
    const wanted = adjusted(policy.input, warm, adjustment);
    if (wanted > group.desired) change(state, group, wanted, who);
    return;
  }
  if (isScalingOut(state, group, policy)) return;
  const present = capacityOf(
    [...group.members.values()].filter((member) => member.lifecycle === "InService" || isTerminating(member)),
  );
  const wanted = adjusted(policy.input, present, adjustment);
  if (wanted < group.desired) change(state, group, wanted, who);
}

/** Scale-in waits for what scale-out has begun. autoscaling/scale-in-after-scale-out */
function isScalingOut(state: State, group: Group, policy: Policy): boolean {
  const live = liveMembers(group);
  const warm = warmMembers(group, warmupOf(group, policy), state.context.clock.nowMs());
  return capacityOf(live) < group.desired || warm.length < live.length;
}

/** Units of capacity that are past their warm-up. */
function warmCapacity(state: State, group: Group, policy: Policy): number {
  return capacityOf(warmMembers(group, warmupOf(group, policy), state.context.clock.nowMs()));
}

/** Instances that do not count, and those on their way out, included. */
function isOffSize(group: Group): boolean {
  return isWeighted(group) ? !isAtSize(group) : group.members.size !== group.desired;
}

function scaleSimply(state: State, group: Group, policy: Policy, who: string): void {
  const seconds = policy.input.Cooldown ?? group.defaultCooldown;
  const wanted = adjusted(policy.input, group.desired, policy.input.ScalingAdjustment ?? 0);
  if (!change(state, group, wanted, who)) return;
  group.cooldown = { seconds, startedAtMs: undefined };
}

/** @returns whether the desired capacity moved */
function change(state: State, group: Group, wanted: number, who: string): boolean {
  const least = wanted < group.desired ? Math.min(group.desired, forecastFloor(state, group)) : 0;
  const desired = Math.min(group.maxSize, Math.max(group.minSize, wanted, least));
  if (desired === group.desired) return false;
  // autoscaling/suspended-launch, autoscaling/suspended-terminate
  if (isSuspended(group, desired > group.desired ? "Launch" : "Terminate")) return false;
  setDesired(state, group, desired, who);
  return true;
}

/** autoscaling/percent-rounding */
function adjusted(input: asg.PutScalingPolicyType, capacity: number, adjustment: number): number {
  switch (input.AdjustmentType) {
    case "ExactCapacity":
      return adjustment;
    case "PercentChangeInCapacity": {
      const exact = (capacity * adjustment) / 100;
      const rounded = Math.abs(exact) < 1 ? Math.sign(exact) : Math.trunc(exact);
      const least = input.MinAdjustmentMagnitude ?? 0;
      return capacity + Math.sign(adjustment) * Math.max(Math.abs(rounded), adjustment === 0 ? 0 : least);
    }
    default:
      return capacity + adjustment;
  }
}

/** autoscaling/warmup-default */
function warmupOf(group: Group, policy: Policy): number {
  return policy.input.EstimatedInstanceWarmup ?? group.defaultInstanceWarmup ?? group.defaultCooldown;
}

function track(state: State, group: Group, policy: Policy, alarm: Alarm, who: string): void {
  const configuration = policy.input.TargetTrackingConfiguration;
  const target = configuration?.TargetValue ?? 0;
  if (target <= 0) return;
  if (alarm.name === policy.alarms?.high) {
    // Proportionally, and rounded up. autoscaling/target-tracking-out
    const warm = warmCapacity(state, group, policy);
    const wanted = Math.ceil((warm * alarm.metricValue) / target);
    if (wanted > group.desired) change(state, group, wanted, who);
  } else if (alarm.name === policy.alarms?.low)
    trackIn(state, group, policy, alarm.metricValue / target, who);
}

/** Gradually, when every tracking policy agrees. autoscaling/target-tracking-in */
function trackIn(state: State, group: Group, policy: Policy, share: number, who: string): void {
  const isBusy = isOffSize(group) || isScalingOut(state, group, policy);
  if (isBusy || !allTrackersAreLow(state, group)) return;
  const capacity = group.desired;
  const surplus = capacity - Math.ceil(capacity * share);
  const atOnce = Math.max(1, Math.floor(capacity / 10));
  if (surplus > 0) change(state, group, capacity - Math.min(surplus, atOnce), who);
}

function allTrackersAreLow(state: State, group: Group): boolean {
  return [...group.policies.values()].every(
    ({ alarms, input }) =>
      alarms?.low === undefined ||
      input.Enabled === false ||
      state.parts.cloudWatch.alarmState(alarms.low) === "ALARM",
  );
}
