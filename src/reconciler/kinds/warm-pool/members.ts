import { elsewhere, heldByFields, type MemberTable, records } from "../coverage/member-table.ts";
import { fieldsOf } from "../field.ts";
import { warmPoolSchema } from "./schema.ts";

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_WarmPoolConfiguration.html */
export const warmPoolMembers: MemberTable = {
  answers: [
    {
      operation: "autoscaling:DescribeWarmPool",
      at: "WarmPoolConfiguration",
      rules: { ...heldByFields(fieldsOf(warmPoolSchema)), ...records("Status") },
    },
  ],
  inputs: [
    {
      operation: "autoscaling:PutWarmPool",
      rules: elsewhere("it sits on it", "AutoScalingGroupName"),
    },
  ],
};
