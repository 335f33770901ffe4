/** Where a group registers its instances: its subnets and its target groups, as calls want them. */
import { type Call, callOf } from "../../core/actions.ts";
import { batches } from "../../core/batches.ts";
import type { Fields, ObservedResource } from "../../core/resource.ts";
import { texts } from "../field-values.ts";

/** A quota that AWS does not raise (docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html). */
export const TARGET_GROUPS_PER_GROUP = 50;
/** AWS attaches and detaches in batches of at most this many. */
const TARGET_GROUPS_PER_CALL = 10;

export function subnetList(fields: Fields): string {
  return texts(fields, "subnets").join(",");
}

export function attachments(now: ObservedResource, wanted: readonly string[]): Call[] {
  const there = texts(now.fields, "targetGroups");
  const change = (
    operation: "autoscaling:AttachLoadBalancerTargetGroups" | "autoscaling:DetachLoadBalancerTargetGroups",
    arns: string[],
  ) =>
    batches(arns, TARGET_GROUPS_PER_CALL).map((TargetGroupARNs) =>
      callOf(operation, { AutoScalingGroupName: now.id, TargetGroupARNs }, ["targetGroups"]),
    );
  const missing = wanted.filter((arn) => !there.includes(arn));
  const surplus = there.filter((arn) => !wanted.includes(arn));
  const attach = change("autoscaling:AttachLoadBalancerTargetGroups", missing);
  const detach = change("autoscaling:DetachLoadBalancerTargetGroups", surplus);
  const hasPlaces = there.length + missing.length <= TARGET_GROUPS_PER_GROUP;
  return hasPlaces ? [...attach, ...detach] : [...detach, ...attach];
}
