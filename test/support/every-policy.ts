/** Scaling policies of every type, which together give every member of theirs. */
import type { Example } from "./example.ts";

type Policy = Parameters<Example["withPolicy"]>[1];

const GROUP = "autoScalingGroups.web";
const REQUESTS = { resourceLabel: { ref: "targetGroups.web" } };

/** Two metrics, one of them of the group, and an expression over them; what the policy follows is the expression. */
const BACKLOG = [
  {
    id: "waiting",
    returnData: false,
    metricStat: {
      metric: { namespace: "Shop", metricName: "Waiting", dimensions: { Queue: "orders" } },
      stat: "Sum",
      unit: "Count" as const,
    },
  },
  {
    id: "instances",
    returnData: false,
    metricStat: {
      metric: {
        namespace: "AWS/AutoScaling",
        metricName: "GroupInServiceInstances",
        dimensions: { AutoScalingGroupName: { ref: GROUP } },
      },
      stat: "Average",
    },
  },
];
const EACH = { id: "each", expression: "waiting / instances", label: "waiting for each" };

export const EVERY_POLICY = {
  simple: {
    simpleScaling: {
      adjustmentType: "PercentChangeInCapacity",
      scalingAdjustment: 20,
      cooldown: 0,
      minAdjustmentMagnitude: 2,
    },
  },
  raising: {
    predictiveScaling: {
      mode: "ForecastAndScale",
      schedulingBufferTime: 600,
      maxCapacityBreachBehavior: "IncreaseMaxCapacity",
      maxCapacityBuffer: 10,
      metricSpecifications: [
        { targetValue: 100, predefinedMetricPair: { predefinedMetricType: "ALBRequestCount", ...REQUESTS } },
      ],
    },
  },
  apart: {
    predictiveScaling: {
      metricSpecifications: [
        {
          targetValue: 100,
          predefinedScalingMetric: { predefinedMetricType: "ALBRequestCountPerTarget", ...REQUESTS },
          predefinedLoadMetric: { predefinedMetricType: "ALBTargetGroupRequestCount", ...REQUESTS },
        },
      ],
    },
  },
  forecast: {
    predictiveScaling: {
      metricSpecifications: [
        {
          targetValue: 10,
          customizedScalingMetric: { metricDataQueries: [...BACKLOG, EACH] },
          customizedLoadMetric: { metricDataQueries: [...BACKLOG, EACH] },
          customizedCapacityMetric: { metricDataQueries: [...BACKLOG, EACH] },
        },
      ],
    },
  },
  backlog: {
    targetTracking: {
      targetValue: 100,
      customizedMetric: {
        metrics: [
          ...BACKLOG.map((query) => ({ ...query, metricStat: { ...query.metricStat, period: 30 as const } })),
          { ...EACH, period: 30 },
        ],
      },
    },
  },
  quick: {
    targetTracking: {
      targetValue: 50,
      customizedMetric: { namespace: "Shop", metricName: "Busy", statistic: "Average", period: 10 },
    },
  },
} satisfies Record<string, Policy>;

export function withEveryPolicy(example: Example): Example {
  return Object.entries(EVERY_POLICY).reduce(
    (grown, [name, policy]) => grown.withPolicy(name, policy),
    example,
  );
}
