/** Reading PutScalingPolicy. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { invalid, type Policy } from "./state.ts";

/** The metric that a target tracking policy follows, as its alarms watch it. */
export interface TrackedMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { Name: string; Value: string }[];
  readonly statistic: string;
  readonly period: number;
}

/** @throws AwsError for a type that this account does not model */
export function policyTypeOf(input: asg.PutScalingPolicyType): Policy["type"] {
  switch (input.PolicyType) {
    case "TargetTrackingScaling":
    case "StepScaling":
      return input.PolicyType;
    case "PredictiveScaling":
      throw invalid("The simulated account does not model predictive scaling.");
    default:
      return "SimpleScaling";
  }
}

export function dimensionsOfLabel(label: string): { loadBalancer: string; targetGroup: string } {
  const at = label.indexOf("/targetgroup/");
  return at < 0
    ? { loadBalancer: label, targetGroup: "" }
    : { loadBalancer: label.slice(0, at), targetGroup: label.slice(at + 1) };
}

/** @throws AwsError for a type of metric that AWS does not have, or that is not modelled */
export function trackedMetric(
  groupName: string,
  configuration: asg.TargetTrackingConfiguration,
): TrackedMetric {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } =
    configuration;
  const ofGroup = [{ Name: "AutoScalingGroupName", Value: groupName }];
  const ec2 = { namespace: "AWS/EC2", dimensions: ofGroup, statistic: "Average", period: 60 };
  switch (predefined?.PredefinedMetricType) {
    case "ASGAverageCPUUtilization":
    case "ASGAverageCPUUtilizationHighResolution":
      return { ...ec2, metricName: "CPUUtilization" };
    case "ASGAverageNetworkIn":
      return { ...ec2, metricName: "NetworkIn" };
    case "ASGAverageNetworkOut":
      return { ...ec2, metricName: "NetworkOut" };
    case "ALBRequestCountPerTarget": {
      const { loadBalancer, targetGroup } = dimensionsOfLabel(predefined.ResourceLabel ?? "");
      return {
        namespace: "AWS/ApplicationELB",
        metricName: "RequestCountPerTarget",
        dimensions: [
          { Name: "LoadBalancer", Value: loadBalancer },
          { Name: "TargetGroup", Value: targetGroup },
        ],
        statistic: "Sum",
        period: 60,
      };
    }
    case undefined:
      return customMetric(customized ?? {});
    default:
      throw invalid(`Invalid metric type: ${String(predefined?.PredefinedMetricType)}.`);
  }
}

function customMetric(given: asg.CustomizedMetricSpecification): TrackedMetric {
  if (given.Metrics !== undefined) throw invalid("The simulated account does not model metric math.");
  const dimensions = (given.Dimensions ?? []).map(({ Name, Value }) => ({
    Name: Name ?? "",
    Value: Value ?? "",
  }));
  return {
    namespace: given.Namespace ?? "",
    metricName: given.MetricName ?? "",
    dimensions,
    statistic: given.Statistic ?? "",
    period: given.Period ?? 60,
  };
}
