import type { ReadClass } from "../model/fleet/freshness.ts";
import type { ReadOperation } from "../ports.ts";

/** Whether what is there serves. */
const HEALTH: readonly ReadOperation[] = [
  "elasticloadbalancing:DescribeTargetHealth",
  "ec2:DescribeInstances",
  "ec2:DescribeInstanceStatus",
  "autoscaling:DescribeScalingActivities",
];

/** What is there, and how it hangs together. */
const STRUCTURE: readonly ReadOperation[] = [
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeTags",
  "ec2:DescribeLaunchTemplates",
  "ec2:DescribeLaunchTemplateVersions",
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribePolicies",
  "autoscaling:DescribeScheduledActions",
  "autoscaling:DescribeInstanceRefreshes",
  "cloudwatch:DescribeAlarms",
];

const CLASS_OF: ReadonlyMap<ReadOperation, ReadClass> = new Map([
  ...HEALTH.map((operation) => [operation, "health"] as const),
  ...STRUCTURE.map((operation) => [operation, "structure"] as const),
]);

/** The class of what an operation tells; what is neither health nor structure is an attribute of something. */
export function readClassOf(operation: ReadOperation): ReadClass {
  return CLASS_OF.get(operation) ?? "attributes";
}
