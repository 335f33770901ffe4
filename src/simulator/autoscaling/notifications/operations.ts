/** Notifications of a group: which topic is told of what. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../account/aws-error.ts";
import { pageOf } from "../../account/paging.ts";
import { pageSize } from "../activities.ts";
import { groupNamed, invalid, QUOTAS, required, type State } from "../state.ts";
import { EVENTS, publishTest, TEST_NOTIFICATION } from "./publish.ts";

export const NOTIFICATION_TYPES: readonly string[] = [...Object.keys(EVENTS), TEST_NOTIFICATION];

export function notificationOperations(state: State) {
  return {
    // autoscaling/notification-overwrites
    PutNotificationConfiguration(input: asg.PutNotificationConfigurationType): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const { TopicARN: topic } = input;
      required(topic, "topicARN");
      if (!group.notifications.has(topic) && group.notifications.size >= QUOTAS.topics) {
        throw new AwsError("LimitExceeded", `At most ${QUOTAS.topics} SNS topics per Auto Scaling group.`);
      }
      if (!state.parts.sns.hasTopic(topic)) {
        throw invalid(`Unable to publish to notification topic: ${topic}. Please check that it exists.`);
      }
      group.notifications.set(topic, [...new Set(input.NotificationTypes)]);
      publishTest(state, group, topic);
      return {};
    },
    DescribeNotificationConfigurations(
      input: asg.DescribeNotificationConfigurationsType,
    ): asg.DescribeNotificationConfigurationsAnswer {
      const names = input.AutoScalingGroupNames ?? [];
      const all = [...state.groups.values()]
        .filter((group) => names.length === 0 || names.includes(group.name))
        .flatMap((group) =>
          [...group.notifications].flatMap(([TopicARN, types]) =>
            types.map((NotificationType) => ({
              AutoScalingGroupName: group.name,
              TopicARN,
              NotificationType,
            })),
          ),
        );
      const page = pageOf(
        all,
        (one) => [one.AutoScalingGroupName, one.TopicARN, one.NotificationType].join(" "),
        { token: input.NextToken, size: pageSize(input.MaxRecords, 100, 50) },
        "InvalidNextToken",
      );
      return { NotificationConfigurations: [...page.items], NextToken: page.next };
    },
    DeleteNotificationConfiguration(input: asg.DeleteNotificationConfigurationType): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      required(input.TopicARN, "topicARN");
      group.notifications.delete(input.TopicARN);
      return {};
    },
    DescribeAutoScalingNotificationTypes(): asg.DescribeAutoScalingNotificationTypesAnswer {
      return { AutoScalingNotificationTypes: [...NOTIFICATION_TYPES] };
    },
  };
}
