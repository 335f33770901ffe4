/** What a group tells topics. */
import { uuidFrom } from "../../account/ids.ts";
import type { Group, State } from "../state.ts";

export const TEST_NOTIFICATION = "autoscaling:TEST_NOTIFICATION";

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
