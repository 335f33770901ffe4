/** Scheduled actions: they set min, max and desired when their time comes. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../account/aws-error.ts";
import { uuidFrom } from "../account/ids.ts";
import { pageOf } from "../account/paging.ts";
import { pageSize } from "./activities.ts";
import { setDesired } from "./converge.ts";
import { nextTime, parseCron } from "./cron.ts";
import {
  anyGroupNamed,
  type Group,
  groupNamed,
  invalid,
  isSuspended,
  QUOTAS,
  required,
  type ScheduledAction,
  type State,
} from "./state.ts";

export function scheduleOperations(state: State) {
  return {
    PutScheduledUpdateGroupAction(input: asg.PutScheduledUpdateGroupActionType): object {
      put(state, groupNamed(state, input.AutoScalingGroupName), input);
      return {};
    },
    DescribeScheduledActions(input: asg.DescribeScheduledActionsType): asg.ScheduledActionsType {
      const groups =
        input.AutoScalingGroupName === undefined
          ? [...state.groups.values()]
          : [anyGroupNamed(state, input.AutoScalingGroupName)];
      const names = input.ScheduledActionNames ?? [];
      const actions = groups
        .flatMap((group) => [...group.scheduled.values()].map((action) => shown(group, action)))
        .filter((action) => names.length === 0 || names.includes(action.ScheduledActionName ?? ""))
        .filter((action) => input.StartTime === undefined || action.StartTime! >= input.StartTime)
        .filter((action) => input.EndTime === undefined || action.StartTime! <= input.EndTime);
      const page = pageOf(
        actions,
        (action) => action.ScheduledActionARN ?? "",
        { token: input.NextToken, size: pageSize(input.MaxRecords, 100, 50) },
        "InvalidNextToken",
      );
      return { ScheduledUpdateGroupActions: [...page.items], NextToken: page.next };
    },
    DeleteScheduledAction(input: asg.DeleteScheduledActionType): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const action = group.scheduled.get(input.ScheduledActionName ?? "");
      if (action === undefined)
        throw invalid(`Scheduled action name not found: ${input.ScheduledActionName}`);
      action.cancel();
      group.scheduled.delete(action.name);
      return {};
    },
  };
}

function put(state: State, group: Group, input: asg.PutScheduledUpdateGroupActionType): void {
  const name = input.ScheduledActionName;
  required(name, "scheduledActionName");
  const present = group.scheduled.get(name);
  if (present === undefined && group.scheduled.size >= QUOTAS.scheduledActions) {
    throw new AwsError("LimitExceeded", `At most ${QUOTAS.scheduledActions} scheduled actions per group.`);
  }
  const nextAtMs = firstTime(input, state.context.clock.nowMs());
  if (nextAtMs === undefined) throw invalid(`Given recurrence string: ${input.Recurrence} is invalid`);
  present?.cancel();
  const { accountId, region } = state.context;
  const action: ScheduledAction = {
    name,
    arn:
      present?.arn ??
      `arn:aws:autoscaling:${region}:${accountId}:scheduledUpdateGroupAction:${uuidFrom(state.context)}:autoScalingGroupName/${group.name}:scheduledActionName/${name}`,
    input,
    nextAtMs,
    cancel: () => undefined,
  };
  group.scheduled.set(name, action);
  wait(state, group, action);
}

/** When an input that {@link SCHEDULE_RULES} let through is due first. */
export function firstTime(input: asg.PutScheduledUpdateGroupActionType, nowMs: number): number | undefined {
  const startMs = (input.StartTime ?? input.Time)?.getTime();
  if (input.Recurrence === undefined) return startMs;
  // A start time is the first at which the recurrence counts. autoscaling/scheduled-recurrence
  const zone = input.TimeZone ?? "Etc/UTC";
  return nextTime(parseCron(input.Recurrence), zone, (startMs ?? nowMs + 1) - 1);
}

function wait(state: State, group: Group, action: ScheduledAction): void {
  const delayMs = action.nextAtMs - state.context.clock.nowMs();
  action.cancel = state.context.clock.schedule(delayMs, () => fire(state, group, action));
}

function fire(state: State, group: Group, action: ScheduledAction): void {
  // What falls into a suspension is not made up for. autoscaling/suspended-schedule
  if (!isSuspended(group, "ScheduledActions")) apply(state, group, action.input);
  const { Recurrence, TimeZone, EndTime } = action.input;
  const next =
    Recurrence === undefined
      ? undefined
      : nextTime(parseCron(Recurrence), TimeZone ?? "Etc/UTC", state.context.clock.nowMs());
  // autoscaling/scheduled-once
  if (next === undefined || next > (EndTime?.getTime() ?? Number.POSITIVE_INFINITY)) {
    group.scheduled.delete(action.name);
    return;
  }
  action.nextAtMs = next;
  wait(state, group, action);
}

/** autoscaling/scheduled-sets-sizes */
function apply(state: State, group: Group, input: asg.PutScheduledUpdateGroupActionType): void {
  const min = input.MinSize ?? group.minSize;
  const max = Math.max(min, input.MaxSize ?? group.maxSize);
  const desired = Math.min(max, Math.max(min, input.DesiredCapacity ?? group.desired));
  const grows = desired > group.desired;
  group.minSize = min;
  group.maxSize = max;
  if (isSuspended(group, grows ? "Launch" : "Terminate")) return;
  setDesired(
    state,
    group,
    desired,
    `a scheduled action update of AutoScalingGroup constraints to min: ${min}, max: ${max}, desired: ${desired}`,
  );
}

function shown(group: Group, action: ScheduledAction): asg.ScheduledUpdateGroupAction {
  const next = new Date(action.nextAtMs);
  return {
    AutoScalingGroupName: group.name,
    ScheduledActionName: action.name,
    ScheduledActionARN: action.arn,
    Time: next,
    StartTime: next,
    EndTime: action.input.EndTime,
    Recurrence: action.input.Recurrence,
    MinSize: action.input.MinSize,
    MaxSize: action.input.MaxSize,
    DesiredCapacity: action.input.DesiredCapacity,
    TimeZone: action.input.TimeZone,
  };
}
