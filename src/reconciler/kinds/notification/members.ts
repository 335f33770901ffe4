import { elsewhere, held, type MemberTable, records } from "../coverage/member-table.ts";

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_NotificationConfiguration.html */
export const notificationMembers: MemberTable = {
  answers: [
    {
      operation: "autoscaling:DescribeNotificationConfigurations",
      at: "NotificationConfigurations",
      rules: {
        ...held("notificationTypes", "NotificationType"),
        ...records("TopicARN"),
        ...elsewhere("it sits on it", "AutoScalingGroupName"),
      },
    },
  ],
  inputs: [
    {
      operation: "autoscaling:PutNotificationConfiguration",
      rules: held("notificationTypes", "NotificationTypes"),
    },
  ],
};
