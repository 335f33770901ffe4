/** What Auto Scaling refuses of notifications. */
import type { PutNotificationConfigurationType } from "@aws-sdk/client-auto-scaling";
import { enumeration, firstOf, isNoneOf, type RefusalRule, refusals } from "../../account/refusals.ts";
import { NOTIFICATION_TYPES } from "../notifications/operations.ts";
import type { State } from "../state.ts";

export const NOTIFICATION_RULES: readonly RefusalRule<State>[] = refusals<
  PutNotificationConfigurationType,
  State
>(
  {
    prefix: "autoscaling",
    operations: ["PutNotificationConfiguration"],
    code: "ValidationError",
    page: "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutNotificationConfiguration.html",
  },
  [
    [
      "notification-topic",
      "Notifications go to an SNS topic, named by its ARN of at most 255 characters.",
      ({ TopicARN: topic = "" }) =>
        topic !== "" &&
        (topic.length > 255 || !/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/.test(topic)) &&
        `Invalid SNS topic: ${topic}`,
    ],
    [
      "notification-types-missing",
      "A topic is told of one event at least.",
      ({ NotificationTypes: types = [] }) => types.length === 0,
    ],
    [
      "notification-type",
      "The events that a topic is told of are AWS's.",
      ({ NotificationTypes: types }) =>
        firstOf(
          types,
          (type) =>
            isNoneOf(type, NOTIFICATION_TYPES) && enumeration("notificationTypes", type, NOTIFICATION_TYPES),
        ),
    ],
  ],
);
