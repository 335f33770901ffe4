import {
  attributeMembers,
  elsewhere,
  held,
  heldByFields,
  heldWithDefault,
  type MemberTable,
  notSupported,
  records,
} from "../coverage/member-table.ts";
import { fieldsOf } from "../field.ts";
import { TARGET_GROUP_ATTRIBUTES, targetGroupSchema } from "./schema.ts";

const OTHER_TYPES = "target groups of Application Load Balancers with instances do not have it";

/** docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html */
export const targetGroupMembers: MemberTable = {
  answers: [
    {
      operation: "elasticloadbalancing:DescribeTargetGroups",
      at: "TargetGroups",
      rules: {
        ...heldByFields(fieldsOf(targetGroupSchema)),
        // docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html
        ...heldWithDefault("healthCheck.matcher.httpCode", "Matcher.HttpCode", "200"),
        ...heldWithDefault("healthCheck.matcher.grpcCode", "Matcher.GrpcCode", "12"),
        ...held("vpcId", "VpcId"),
        ...records("TargetGroupArn", "TargetGroupName"),
        ...elsewhere("listeners and rules say who sends it requests", "LoadBalancerArns"),
        ...notSupported({ TargetControlPort: undefined }),
      },
    },
    {
      operation: "elasticloadbalancing:DescribeTargetGroupAttributes",
      at: "Attributes",
      isKeyed: true,
      // docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
      rules: attributeMembers(
        TARGET_GROUP_ATTRIBUTES,
        {
          "lambda.multi_value_headers.enabled": "false",
          "deregistration_delay.connection_termination.enabled": "false",
          "preserve_client_ip.enabled": undefined,
          "proxy_protocol_v2.enabled": "false",
          "target_health_state.unhealthy.connection_termination.enabled": "true",
          "target_health_state.unhealthy.draining_interval_seconds": "0",
          "target_failover.on_deregistration": "no_rebalance",
          "target_failover.on_unhealthy": "no_rebalance",
        },
        OTHER_TYPES,
      ),
    },
  ],
  inputs: [
    {
      operation: "elasticloadbalancing:CreateTargetGroup",
      rules: { ...held("name", "Name"), ...held("tags", "Tags[].Key", "Tags[].Value") },
    },
    { operation: "elasticloadbalancing:ModifyTargetGroup", rules: records("TargetGroupArn") },
  ],
};
