/** Which of its own metrics a group reports. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { groupNamed, invalid, type State } from "./state.ts";

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnableMetricsCollection.html */
const GROUP_METRICS = [
  "GroupMinSize",
  "GroupMaxSize",
  "GroupDesiredCapacity",
  "GroupInServiceInstances",
  "GroupPendingInstances",
  "GroupStandbyInstances",
  "GroupTerminatingInstances",
  "GroupTotalInstances",
  "GroupInServiceCapacity",
  "GroupPendingCapacity",
  "GroupStandbyCapacity",
  "GroupTerminatingCapacity",
  "GroupTotalCapacity",
  "WarmPoolDesiredCapacity",
  "WarmPoolWarmedCapacity",
  "WarmPoolPendingCapacity",
  "WarmPoolTerminatingCapacity",
  "WarmPoolTotalCapacity",
  "GroupAndWarmPoolDesiredCapacity",
  "GroupAndWarmPoolTotalCapacity",
];

export function metricsCollectionOperations(state: State) {
  return {
    EnableMetricsCollection(input: asg.EnableMetricsCollectionQuery): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      if (input.Granularity !== "1Minute") throw invalid("The only valid value of Granularity is 1Minute.");
      for (const metric of metricsOf(input.Metrics)) group.enabledMetrics.add(metric);
      return {};
    },
    DisableMetricsCollection(input: asg.DisableMetricsCollectionQuery): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      for (const metric of metricsOf(input.Metrics)) group.enabledMetrics.delete(metric);
      return {};
    },
  };
}

function metricsOf(named: readonly string[] | undefined): readonly string[] {
  const unknown = (named ?? []).find((metric) => !GROUP_METRICS.includes(metric));
  if (unknown !== undefined)
    throw invalid(`The metric ${unknown} is not valid: use ${GROUP_METRICS.join(", ")}.`);
  return named === undefined || named.length === 0 ? GROUP_METRICS : named;
}
