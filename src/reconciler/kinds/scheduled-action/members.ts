import { elsewhere, heldByFields, type MemberTable, records } from "../coverage/member-table.ts";
import { fieldsOf } from "../field.ts";
import { scheduledActionSchema } from "./schema.ts";

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ScheduledUpdateGroupAction.html */
export const scheduledActionMembers: MemberTable = {
  answers: [
    {
      operation: "autoscaling:DescribeScheduledActions",
      at: "ScheduledUpdateGroupActions",
      rules: {
        ...heldByFields(fieldsOf(scheduledActionSchema)),
        ...records("ScheduledActionName", "ScheduledActionARN"),
        ...elsewhere("it sits on it", "AutoScalingGroupName"),
        ...elsewhere("AWS does not use it any more: it is the same as StartTime", "Time"),
      },
    },
  ],
  inputs: [{ operation: "autoscaling:PutScheduledUpdateGroupAction", rules: {} }],
};
