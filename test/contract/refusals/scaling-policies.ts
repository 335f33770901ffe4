/** Calls that Auto Scaling refuses of simple and predictive policies, and of metric maths. */
import { type Case, type Cases, long, times } from "./ground.ts";

const putting = (more: object): Case => [
  "autoscaling:PutScalingPolicy",
  () => ({ AutoScalingGroupName: "web", PolicyName: "new", ...more }),
];

const PAIR = { PredefinedMetricPairSpecification: { PredefinedMetricType: "ASGCPUUtilization" } };
const SPECIFICATION = { TargetValue: 40, ...PAIR };

const forecasting = (configuration: object, more: object = {}): Case =>
  putting({
    PolicyType: "PredictiveScaling",
    PredictiveScalingConfiguration: { MetricSpecifications: [SPECIFICATION], ...configuration },
    ...more,
  });
const specified = (...MetricSpecifications: object[]): Case => forecasting({ MetricSpecifications });

const METRIC = { Namespace: "App", MetricName: "m" };
const M1 = { Id: "m1", MetricStat: { Metric: METRIC, Stat: "Average" }, ReturnData: false };
const SUM = { Id: "e1", Expression: "SUM([m1])" };

const maths = (Metrics: object[], beside: object = {}): Case =>
  putting({
    PolicyType: "TargetTrackingScaling",
    TargetTrackingConfiguration: {
      TargetValue: 1,
      CustomizedMetricSpecification: { Metrics, ...beside },
    },
  });
const stat = (more: object): Case =>
  maths([{ Id: "m1", MetricStat: { Metric: METRIC, Stat: "Average", ...more } }]);
const loaded = (queries: object[]): Case =>
  specified({
    TargetValue: 1,
    CustomizedLoadMetricSpecification: { MetricDataQueries: queries },
    CustomizedScalingMetricSpecification: { MetricDataQueries: [{ ...M1, ReturnData: true }] },
  });

const forecastAsked = (more: object): Case => [
  "autoscaling:GetPredictiveScalingForecast",
  ({ lab }) => {
    const nowMs = lab.clock.nowMs();
    const times = { StartTime: new Date(nowMs), EndTime: new Date(nowMs + 3_600_000) };
    return { AutoScalingGroupName: "web", PolicyName: "cpu", ...times, ...more };
  },
];

export const SCALING_POLICY_CASES: Cases = {
  "autoscaling/forecast-range-missing": forecastAsked({ EndTime: undefined }),
  "autoscaling/forecast-range-order": forecastAsked({ EndTime: new Date(0) }),
  "autoscaling/forecast-range-length": forecastAsked({ EndTime: new Date("2099-01-01T00:00:00Z") }),
  "autoscaling/forecast-range-age": forecastAsked({ StartTime: new Date(0), EndTime: new Date(1) }),
  "autoscaling/forecast-policy": forecastAsked({}),
  "autoscaling/customized-twofold": maths([M1, SUM], { Statistic: "Average" }),
  "autoscaling/predictive-missing": putting({ PolicyType: "PredictiveScaling" }),
  "autoscaling/predictive-of-others": putting({
    PolicyType: "SimpleScaling",
    AdjustmentType: "ChangeInCapacity",
    ScalingAdjustment: 1,
    PredictiveScalingConfiguration: { MetricSpecifications: [SPECIFICATION] },
  }),
  "autoscaling/adjustment-of-predictive": forecasting({}, { ScalingAdjustment: 1 }),
  "autoscaling/warmup-of-predictive": forecasting({}, { EstimatedInstanceWarmup: 60 }),
  "autoscaling/predictive-one-specification": specified(SPECIFICATION, SPECIFICATION),
  "autoscaling/predictive-mode": forecasting({ Mode: "Forecast" }),
  "autoscaling/predictive-buffer-time": forecasting({ SchedulingBufferTime: 3_600 }),
  "autoscaling/predictive-breach-behavior": forecasting({ MaxCapacityBreachBehavior: "Raise" }),
  "autoscaling/predictive-buffer": forecasting({
    MaxCapacityBreachBehavior: "IncreaseMaxCapacity",
    MaxCapacityBuffer: 101,
  }),
  "autoscaling/predictive-buffer-behavior": forecasting({ MaxCapacityBuffer: 10 }),
  "autoscaling/predictive-metrics": specified({
    TargetValue: 40,
    PredefinedLoadMetricSpecification: { PredefinedMetricType: "ASGTotalCPUUtilization" },
  }),
  "autoscaling/predictive-target-missing": specified(PAIR),
  "autoscaling/predictive-predefined": specified({
    TargetValue: 40,
    PredefinedMetricPairSpecification: { PredefinedMetricType: "CPU" },
  }),
  "autoscaling/predictive-label-missing": specified({
    TargetValue: 40,
    PredefinedMetricPairSpecification: { PredefinedMetricType: "ALBRequestCount" },
  }),
  "autoscaling/predictive-label-of-others": specified({
    TargetValue: 40,
    PredefinedMetricPairSpecification: { PredefinedMetricType: "ASGNetworkIn", ResourceLabel: "a" },
  }),
  "autoscaling/predictive-capacity-metric": specified({
    TargetValue: 40,
    PredefinedLoadMetricSpecification: { PredefinedMetricType: "ASGTotalCPUUtilization" },
    PredefinedScalingMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
    CustomizedCapacityMetricSpecification: { MetricDataQueries: [{ ...M1, ReturnData: true }] },
  }),
  "autoscaling/query-id": loaded([{ ...M1, Id: "M1", ReturnData: true }]),
  "autoscaling/query-id-twice": maths([M1, { ...SUM, Id: "m1" }]),
  "autoscaling/query-one-of": maths([{ ...M1, Expression: "1", ReturnData: true }]),
  "autoscaling/query-return-data": maths([M1, { ...SUM, ReturnData: false }]),
  "autoscaling/query-expression-length": loaded([M1, { ...SUM, Expression: `m1${long(1_022)}` }]),
  "autoscaling/query-label-length": maths([M1, { ...SUM, Label: long(2_048) }]),
  "autoscaling/query-unit": stat({ Unit: "Requests" }),
  "autoscaling/query-metric": stat({ Metric: { Namespace: "App" } }),
  "autoscaling/query-stat": stat({ Stat: "Mean" }),
  "autoscaling/query-dimensions": stat({
    Metric: { ...METRIC, Dimensions: times(31, (index) => ({ Name: `d${index}`, Value: "1" })) },
  }),
  "autoscaling/query-period": stat({ Period: 20 }),
  "autoscaling/query-count": maths([...times(10, (index) => ({ ...M1, Id: `m${index}` })), SUM]),
  "autoscaling/query-expression": maths([M1, { ...SUM, Expression: "SUM([m2])" }]),
};

/** Calls that AWS takes: what the cases change. */
export const SCALING_POLICIES_TAKEN: readonly Case[] = [
  forecasting({}),
  forecasting({ MaxCapacityBreachBehavior: "IncreaseMaxCapacity", MaxCapacityBuffer: 0 }),
  maths([M1, { ...SUM, Expression: "FILL(m1, 0) / MAX([m1, 1])" }]),
  loaded([{ ...M1, ReturnData: true }]),
];
