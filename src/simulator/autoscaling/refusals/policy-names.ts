/** What Auto Scaling refuses of the names of policies. */
import type { PutScalingPolicyType } from "@aws-sdk/client-auto-scaling";
import { constraint, type RefusalRule, refusals } from "../../account/refusals.ts";
import type { State } from "../state.ts";

const PAGE = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html";

export const POLICY_NAME_RULES: readonly RefusalRule<State>[] = refusals<PutScalingPolicyType, State>(
  { prefix: "autoscaling", operations: ["PutScalingPolicy"], code: "ValidationError", page: PAGE },
  [
    [
      "policy-name",
      "The name of a policy has 1 to 255 characters.",
      ({ PolicyName: name = "" }) =>
        (name === "" || name.length > 255) &&
        constraint("policyName", name, "Member must have length between 1 and 255"),
    ],
    [
      "policy-name-characters",
      "The name of a policy has no control characters but tabs and ends of lines.",
      ({ PolicyName: name = "" }) =>
        !/^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\r\n\t]*$/u.test(name) &&
        constraint(
          "policyName",
          name,
          "Member must satisfy regular expression pattern: [\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*",
        ),
    ],
  ],
);
