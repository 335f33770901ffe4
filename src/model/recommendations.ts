/**
 * What a tier is advised to have beside plain settings: what a short spec gets, and what the scorecard offers to whoever
 * has declined it. Whole, so that it can be taken as it is with any defaults.
 */
import { LOAD_BALANCER } from "./address.ts";
import type { Value } from "./value.ts";

type Parts = Readonly<Record<string, { readonly [field: string]: Value }>>;

/** `spec.autoScalingGroups.<name>.scalingPolicies`. */
export const RECOMMENDED_POLICIES: Parts = {
  cpu: { targetTracking: { predefinedMetricType: "ASGAverageCPUUtilization", targetValue: 70 } },
};

const ALARM = {
  namespace: "AWS/ApplicationELB",
  period: 60,
  evaluationPeriods: 2,
  comparisonOperator: "GreaterThanThreshold",
} as const;

/** Of `spec.alarms`, on answers of the targets. */
export const ERROR_ALARM: Parts = {
  "high-5xx": {
    alarmDescription: "The targets answer with 5XX errors.",
    ...ALARM,
    metricName: "HTTPCode_Target_5XX_Count",
    dimensions: { LoadBalancer: { ref: LOAD_BALANCER } },
    statistic: "Sum",
    threshold: 10,
    treatMissingData: "notBreaching",
  },
};

/** Of `spec.alarms`, on the health of targets. @param targetGroup its address */
export function healthAlarm(targetGroup: string): Parts {
  return {
    "unhealthy-hosts": {
      alarmDescription: "At least one target fails its health check.",
      ...ALARM,
      metricName: "UnHealthyHostCount",
      dimensions: { LoadBalancer: { ref: LOAD_BALANCER }, TargetGroup: { ref: targetGroup } },
      statistic: "Maximum",
      threshold: 0,
    },
  };
}
