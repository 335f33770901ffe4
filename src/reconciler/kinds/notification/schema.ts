import Type, { type Static } from "typebox";
import { LIMITS } from "../../../model/limits.ts";
import { aws } from "../field.ts";
import { lookedUp } from "../lookups/places.ts";

const PUT = "autoscaling:PutNotificationConfiguration";

export const notificationSchema = Type.Object(
  {
    topicArn: Type.String({
      ...aws("TopicARN", "replace", { owner: "identity" }),
      ...lookedUp("topic"),
      maxLength: 255,
      pattern: "^arn:[^:]+:sns:[^:]+:[0-9]{12}:[^:]+$",
      description: "Topic of SNS that is told. AWS sends it a test message.",
    }),
    notificationTypes: Type.Array(
      Type.Enum([
        "autoscaling:EC2_INSTANCE_LAUNCH",
        "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
        "autoscaling:EC2_INSTANCE_TERMINATE",
        "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
        "autoscaling:TEST_NOTIFICATION",
      ]),
      {
        ...aws("NotificationTypes", PUT, { set: true }),
        minItems: 1,
        uniqueItems: true,
        description: "What it is told of.",
      },
    ),
  },
  { additionalProperties: false, description: "A topic is told what becomes of instances." },
);

export const notificationMapSchema = Type.Optional(
  Type.Record(Type.String({ pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }), notificationSchema, {
    ...aws("NotificationConfigurations", "never", { owner: "structure" }),
    maxProperties: LIMITS.notificationsPerGroup,
    additionalProperties: false,
    description: "Notifications to topics of SNS, by name.",
  }),
);

export type NotificationSpec = Static<typeof notificationSchema>;
