/** What of a spec follows the requests of the target group `web`: a policy that scales by them, and an alarm. */
interface Followed {
  autoScalingGroups: Record<"web", { scalingPolicies: Record<string, object> }>;
  alarms: Record<string, object>;
}

export function followedByRequests({ autoScalingGroups, alarms }: Followed): void {
  autoScalingGroups.web.scalingPolicies.requests = {
    targetTracking: {
      predefinedMetricType: "ALBRequestCountPerTarget",
      resourceLabel: { ref: "targetGroups.web" },
      targetValue: 600,
    },
  };
  alarms.hosts = {
    namespace: "AWS/ApplicationELB",
    metricName: "HealthyHostCount",
    dimensions: { LoadBalancer: { ref: "loadBalancer" }, TargetGroup: { ref: "targetGroups.web" } },
    statistic: "Minimum",
    threshold: 1,
    comparisonOperator: "LessThanThreshold",
  };
}
