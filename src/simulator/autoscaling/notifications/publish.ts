/** What a group tells topics. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { uuidFrom } from "../../account/ids.ts";
import { tellScaling } from "../group-events.ts";
import type { Group, State } from "../state.ts";

export const TEST_NOTIFICATION = "autoscaling:TEST_NOTIFICATION";

/** What may be told of a group, and how the subject of a message calls it. autoscaling/notification-events */
export const EVENTS = {
  "autoscaling:EC2_INSTANCE_LAUNCH": "launch",
  "autoscaling:EC2_INSTANCE_LAUNCH_ERROR": "failed launch",
  "autoscaling:EC2_INSTANCE_TERMINATE": "termination",
  "autoscaling:EC2_INSTANCE_TERMINATE_ERROR": "failed termination",
} as const;

/** One message, with what every message of Auto Scaling says of its group. autoscaling/message-form */
export function publish(
  state: State,
  group: Group,
  topicArn: string,
  subject: string,
  members: Readonly<Record<string, unknown>>,
): void {
  state.parts.sns.publish(topicArn, subject, {
    Service: "AWS Auto Scaling",
    Time: new Date(state.context.clock.nowMs()).toISOString(),
    RequestId: uuidFrom(state.context),
    AccountId: state.context.accountId,
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    ...members,
  });
}

/** autoscaling/test-notification */
export function publishTest(state: State, group: Group, topicArn: string): void {
  publish(state, group, topicArn, `Auto Scaling: test notification for group "${group.name}"`, {
    Event: TEST_NOTIFICATION,
  });
}

/** Tells EventBridge, and every topic that is to be told of the event. */
export function notify(
  state: State,
  group: Group,
  event: keyof typeof EVENTS,
  activity: asg.Activity,
  instanceId?: string,
): void {
  tellScaling(state, group, event, activity, instanceId);
  // What has succeeded is told as it ends, and says of itself that it is under way.
  const isOver = event.endsWith("_ERROR");
  for (const [topicArn, types] of group.notifications) {
    if (!types.includes(event)) continue;
    publish(state, group, topicArn, `Auto Scaling: ${EVENTS[event]} for group "${group.name}"`, {
      Event: event,
      ActivityId: activity.ActivityId,
      Description: activity.Description,
      Cause: activity.Cause,
      StartTime: activity.StartTime,
      EndTime: activity.EndTime,
      StatusCode: isOver ? activity.StatusCode : "InProgress",
      StatusMessage: activity.StatusMessage ?? "",
      Progress: isOver ? activity.Progress : 50,
      EC2InstanceId: instanceId ?? "",
      Details: JSON.parse(activity.Details ?? "{}") as object,
    });
  }
}
