/** What Auto Scaling tells EventBridge of its groups. events/of-groups */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { derivedUuid } from "../account/ids.ts";
import type { Group, HookStep, LifecycleAction, Member, Refresh, State } from "./state.ts";

/** By the name that notifications have for the same, where they have one. */
const DETAIL_TYPES = {
  detached: "EC2 Instance Detach Successful",
  "autoscaling:EC2_INSTANCE_LAUNCH": "EC2 Instance Launch Successful",
  "autoscaling:EC2_INSTANCE_LAUNCH_ERROR": "EC2 Instance Launch Unsuccessful",
  "autoscaling:EC2_INSTANCE_TERMINATE": "EC2 Instance Terminate Successful",
  "autoscaling:EC2_INSTANCE_TERMINATE_ERROR": "EC2 Instance Terminate Unsuccessful",
} as const;

/** How the name of a refresh's event ends. events/of-refreshes */
export type RefreshEvent =
  | "Started"
  | "Started Baking"
  | "Checkpoint Reached"
  | "Succeeded"
  | "Failed"
  | "Cancelled"
  | "Rollback Started"
  | "Rollback Succeeded"
  | "Rollback Failed";

const ENDS: Readonly<Partial<Record<asg.InstanceRefreshStatus, RefreshEvent>>> = {
  Successful: "Succeeded",
  Failed: "Failed",
  Cancelled: "Cancelled",
  RollbackSuccessful: "Rollback Succeeded",
  RollbackFailed: "Rollback Failed",
};

export function tellScaling(
  state: State,
  group: Group,
  event: keyof typeof DETAIL_TYPES,
  activity: asg.Activity,
  instanceId: string | undefined,
): void {
  const { region, accountId } = state.context;
  const isLaunch = event.startsWith("autoscaling:EC2_INSTANCE_LAUNCH");
  tell(
    state,
    DETAIL_TYPES[event],
    [
      group.arn,
      ...(instanceId === undefined ? [] : [`arn:aws:ec2:${region}:${accountId}:instance/${instanceId}`]),
    ],
    () => ({
      // What has succeeded says of itself that it is under way.
      StatusCode: event.endsWith("_ERROR") ? activity.StatusCode : "InProgress",
      Description: activity.Description,
      AutoScalingGroupName: group.name,
      ActivityId: activity.ActivityId,
      Details: JSON.parse(activity.Details ?? "{}") as object,
      RequestId: derivedUuid(`request ${activity.ActivityId}`),
      StatusMessage: activity.StatusMessage ?? "",
      EndTime: activity.EndTime,
      EC2InstanceId: instanceId ?? "",
      StartTime: activity.StartTime,
      Cause: activity.Cause,
      Origin: isLaunch ? "EC2" : "AutoScalingGroup",
      Destination: isLaunch ? "AutoScalingGroup" : "EC2",
    }),
  );
}

export function tellLifecycle(
  state: State,
  group: Group,
  member: Member,
  action: LifecycleAction,
  step: HookStep,
): void {
  const verb = step.transition === "autoscaling:EC2_INSTANCE_LAUNCHING" ? "launch" : "terminate";
  tell(state, `EC2 Instance-${verb} Lifecycle Action`, [group.arn], () => ({
    LifecycleActionToken: action.token,
    AutoScalingGroupName: group.name,
    LifecycleHookName: action.hook.name,
    EC2InstanceId: member.instanceId,
    LifecycleTransition: step.transition,
    ...(action.hook.metadata !== undefined && { NotificationMetadata: action.hook.metadata }),
    Origin: step.origin,
    Destination: step.destination,
  }));
}

/** @param more of a checkpoint: which, and how long it waits there */
export function tellRefresh(
  state: State,
  group: Group,
  refresh: Refresh,
  event: RefreshEvent,
  more: Readonly<Record<string, string>> = {},
): void {
  tell(state, `EC2 Auto Scaling Instance Refresh ${event}`, [group.arn], () => ({
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: group.name,
    ...more,
  }));
}

export function tellRefreshEnd(state: State, group: Group, refresh: Refresh): void {
  const event = ENDS[refresh.status];
  if (event !== undefined) tellRefresh(state, group, refresh, event);
}

function tell(state: State, detailType: string, resources: readonly string[], detail: () => object): void {
  state.parts.events.emit({ kind: "service", source: "aws.autoscaling", detailType, resources, detail });
}
