/** What Auto Scaling refuses of policies because of their group. */
import type { PutScalingPolicyType } from "@aws-sdk/client-auto-scaling";
import { firstOf, type RefusalRule, refusals } from "../../account/refusals.ts";
import { dimensionsOfLabel, trackedMetric } from "../policy-input.ts";
import type { State } from "../state.ts";
import { predefinedOf } from "./predictive.ts";

const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";

type Put = PutScalingPolicyType;

const PUT = { prefix: "autoscaling", operations: ["PutScalingPolicy"], code: "ValidationError" };

/** Of metrics that count the requests of a target group. */
function labelsOf(input: Put): string[] {
  const tracked = input.TargetTrackingConfiguration?.PredefinedMetricSpecification;
  return [
    ...(tracked?.PredefinedMetricType === "ALBRequestCountPerTarget" ? [tracked.ResourceLabel ?? ""] : []),
    ...predefinedOf(input).flatMap(({ label, countsRequests }) => (countsRequests ? [label] : [])),
  ];
}

/** What depends on the group and its other policies: autoscaling/resource-label, autoscaling/one-policy-per-metric. */
export const POLICY_GROUP_RULES: readonly RefusalRule<State>[] = refusals<Put, State>(
  { ...PUT, page: `${GUIDE}/as-scaling-target-tracking.html` },
  [
    [
      "resource-label-routed",
      "A resource label names a load balancer and a target group of it that the group fills.",
      (input, state) => {
        const group = state.groups.get(input.AutoScalingGroupName ?? "");
        if (group === undefined) return false;
        return firstOf(labelsOf(input), (label) => {
          const { targetGroup } = dimensionsOfLabel(label);
          const isAttached = [...group.attachments.keys()].some((arn) => arn.endsWith(`:${targetGroup}`));
          return (
            !(state.parts.elb.resourceLabelIsValid(label) && isAttached) &&
            `Invalid resource label ${label}: the load balancer does not route traffic to the target group, or the target group is not attached to the Auto Scaling group.`
          );
        });
      },
    ],
    [
      "one-policy-per-metric",
      "A group has one target tracking policy for a metric.",
      (input, state) => {
        const tracking = input.TargetTrackingConfiguration;
        const group = state.groups.get(input.AutoScalingGroupName ?? "");
        if (tracking === undefined || group === undefined) return false;
        const metric = JSON.stringify(trackedMetric(group.name, tracking));
        return firstOf([...group.policies.values()], (policy) => {
          const own = policy.input.TargetTrackingConfiguration;
          return (
            policy.name !== input.PolicyName &&
            own !== undefined &&
            JSON.stringify(trackedMetric(group.name, own)) === metric &&
            "Only one TargetTrackingScaling policy for a given metric specification is allowed."
          );
        });
      },
    ],
  ],
);
