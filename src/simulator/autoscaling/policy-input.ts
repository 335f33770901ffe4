/** Reading PutScalingPolicy. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import type { MetricDataQuery, StandardUnit } from "@aws-sdk/client-cloudwatch";
import { invalid, type Policy } from "./state.ts";

/** The metric that a target tracking policy follows, as its alarms watch it. */
export interface TrackedMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { Name: string; Value: string }[];
  readonly statistic: string;
  readonly period: number;
  /** In place of one metric: queries, whose result nobody evaluates here. */
  readonly queries?: MetricDataQuery[];
}

export function policyTypeOf(input: asg.PutScalingPolicyType): Policy["type"] {
  switch (input.PolicyType) {
    case "TargetTrackingScaling":
    case "StepScaling":
    case "PredictiveScaling":
      return input.PolicyType;
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

/** @throws AwsError for a type of metric that AWS does not have */
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
  const { Metrics: queries } = given;
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
    ...(queries === undefined ? {} : { queries: queries.map(watched) }),
  };
}

/** As an alarm has it: a query of a policy has a period of a minute unless it says another. */
function watched({ MetricStat: stat, ...query }: asg.TargetTrackingMetricDataQuery): MetricDataQuery {
  return {
    ...query,
    ...(stat === undefined
      ? {}
      : {
          MetricStat: {
            ...stat,
            Metric: stat.Metric,
            Unit: stat.Unit as StandardUnit | undefined,
            Period: stat.Period ?? 60,
          },
        }),
  };
}
