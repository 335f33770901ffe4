import { elsewhere, heldByFields, type MemberTable, records } from "../coverage/member-table.ts";
import { fieldsOf } from "../field.ts";
import { lifecycleHookSchema } from "./schema.ts";

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LifecycleHook.html */
export const lifecycleHookMembers: MemberTable = {
  answers: [
    {
      operation: "autoscaling:DescribeLifecycleHooks",
      at: "LifecycleHooks",
      rules: {
        ...heldByFields(fieldsOf(lifecycleHookSchema)),
        ...records("LifecycleHookName", "GlobalTimeout"),
        ...elsewhere("it sits on it", "AutoScalingGroupName"),
      },
    },
  ],
  inputs: [{ operation: "autoscaling:PutLifecycleHook", rules: {} }],
};
