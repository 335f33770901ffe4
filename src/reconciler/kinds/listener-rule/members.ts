import { actionMembers } from "../action/members.ts";
import {
  below,
  elsewhere,
  held,
  type MemberTable,
  notSupported,
  records,
  secretly,
} from "../coverage/member-table.ts";

const REGEX = "the spec has no regular expressions in conditions yet";

/** docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Rule.html */
export const ruleMembers: MemberTable = {
  answers: [
    {
      operation: "elasticloadbalancing:DescribeRules",
      at: "Rules",
      rules: {
        ...held("priority", "Priority"),
        ...below("Conditions[]", {
          ...held(
            "conditions",
            "Field",
            "Values",
            "HostHeaderConfig.Values",
            "PathPatternConfig.Values",
            "HttpHeaderConfig.HttpHeaderName",
            "HttpRequestMethodConfig.Values",
            "QueryStringConfig.Values[].Key",
            "QueryStringConfig.Values[].Value",
            "SourceIpConfig.Values",
          ),
          ...secretly(held("conditions", "HttpHeaderConfig.Values")),
          ...notSupported(
            {
              RegexValues: undefined,
              "HostHeaderConfig.RegexValues": undefined,
              "PathPatternConfig.RegexValues": undefined,
            },
            REGEX,
          ),
          ...secretly(notSupported({ "HttpHeaderConfig.RegexValues": undefined }, REGEX)),
          ...notSupported({ "SourceIpConfig.IpAddressType": undefined }),
        }),
        ...actionMembers("Actions", "action"),
        ...records("RuleArn"),
        ...elsewhere("the default rule is the listener's default action", "IsDefault"),
        ...notSupported({ Transforms: undefined }, "the spec has no rewriting of hosts and URLs yet"),
      },
    },
  ],
  inputs: [
    {
      operation: "elasticloadbalancing:CreateRule",
      rules: { ...records("ListenerArn"), ...held("tags", "Tags[].Key", "Tags[].Value") },
    },
    {
      operation: "elasticloadbalancing:ModifyRule",
      rules: notSupported({ ResetTransforms: undefined }, "the spec has no rewriting of hosts and URLs yet"),
    },
  ],
};
