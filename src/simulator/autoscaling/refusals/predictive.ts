/** What Auto Scaling refuses of predictive policies. */
import type {
  PredictiveScalingMetricSpecification,
  PutScalingPolicyType,
} from "@aws-sdk/client-auto-scaling";
import { isNoneOf, isOutside, type RefusalRule, refusals } from "../../account/refusals.ts";
import type { State } from "../state.ts";

const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";

type Put = PutScalingPolicyType;

const PAIRS = ["ASGCPUUtilization", "ASGNetworkIn", "ASGNetworkOut", "ALBRequestCount"];
const SCALINGS = [
  "ASGAverageCPUUtilization",
  "ASGAverageNetworkIn",
  "ASGAverageNetworkOut",
  "ALBRequestCountPerTarget",
];
const LOADS = [
  "ASGTotalCPUUtilization",
  "ASGTotalNetworkIn",
  "ASGTotalNetworkOut",
  "ALBTargetGroupRequestCount",
];
const MODES = ["ForecastOnly", "ForecastAndScale"];
const BEHAVIOURS = ["HonorMaxCapacity", "IncreaseMaxCapacity"];
/** Seconds: less than the interval of a forecast. */
const LONGEST_BUFFER = 3_599;

const isPredictive = (input: Put): boolean => input.PolicyType === "PredictiveScaling";

function specificationsOf(input: Put): readonly PredictiveScalingMetricSpecification[] {
  return input.PredictiveScalingConfiguration?.MetricSpecifications ?? [];
}

/** The predefined metrics of a predictive policy. */
export function predefinedOf(input: Put) {
  return specificationsOf(input).flatMap((one) => [
    ...metricsOf(one.PredefinedMetricPairSpecification, PAIRS),
    ...metricsOf(one.PredefinedScalingMetricSpecification, SCALINGS),
    ...metricsOf(one.PredefinedLoadMetricSpecification, LOADS),
  ]);
}

function metricsOf(
  metric: { PredefinedMetricType?: string | undefined; ResourceLabel?: string | undefined } | undefined,
  known: readonly string[],
): { type: string; label: string; isKnown: boolean; countsRequests: boolean }[] {
  if (metric === undefined) return [];
  const { PredefinedMetricType: type = "", ResourceLabel: label = "" } = metric;
  return [{ type, label, isKnown: known.includes(type), countsRequests: type.startsWith("ALB") }];
}

const count = (...metrics: readonly unknown[]): number =>
  metrics.filter((metric) => metric !== undefined).length;

const PUT = { prefix: "autoscaling", operations: ["PutScalingPolicy"], code: "ValidationError" };

const POLICY_RULES = refusals<Put, State>({ ...PUT, page: `${API}/API_PutScalingPolicy.html` }, [
  [
    "predictive-missing",
    "A predictive policy has its configuration.",
    (input) =>
      isPredictive(input) &&
      input.PredictiveScalingConfiguration === undefined &&
      "PredictiveScalingConfiguration must be specified for policy type PredictiveScaling.",
  ],
  [
    "predictive-of-others",
    "Only a predictive policy has its configuration.",
    (input) =>
      !isPredictive(input) &&
      input.PredictiveScalingConfiguration !== undefined &&
      "PredictiveScalingConfiguration is only supported for policy type PredictiveScaling.",
  ],
  [
    "adjustment-of-predictive",
    "A predictive policy has no adjustment.",
    (input) =>
      isPredictive(input) &&
      ((input.AdjustmentType ?? "") !== "" ||
        (input.ScalingAdjustment ?? 0) !== 0 ||
        (input.StepAdjustments ?? []).length > 0) &&
      "AdjustmentType, ScalingAdjustment and StepAdjustments are not supported for policy type PredictiveScaling.",
  ],
  [
    "warmup-of-predictive",
    "A predictive policy has no warm-up.",
    (input) =>
      isPredictive(input) &&
      (input.EstimatedInstanceWarmup ?? 0) !== 0 &&
      "EstimatedInstanceWarmup is not supported for policy type PredictiveScaling.",
  ],
]);

const CONFIGURATION_RULES = refusals<Put, State>(
  { ...PUT, page: `${API}/API_PredictiveScalingConfiguration.html` },
  [
    [
      "predictive-one-specification",
      "A predictive policy has one metric specification.",
      (input) =>
        input.PredictiveScalingConfiguration !== undefined &&
        specificationsOf(input).length !== 1 &&
        "Exactly one metric specification must be specified.",
    ],
    [
      "predictive-mode",
      "The mode is ForecastOnly or ForecastAndScale.",
      ({ PredictiveScalingConfiguration: given }) =>
        isNoneOf(given?.Mode, MODES) && `Invalid mode ${given?.Mode}: use ${MODES.join(", ")}.`,
    ],
    [
      "predictive-buffer-time",
      "Instances are launched less than an hour before they are needed.",
      ({ PredictiveScalingConfiguration: given }) =>
        isOutside(given?.SchedulingBufferTime, 0, LONGEST_BUFFER),
    ],
    [
      "predictive-breach-behavior",
      "The behaviour at the maximum is HonorMaxCapacity or IncreaseMaxCapacity.",
      ({ PredictiveScalingConfiguration: given }) =>
        isNoneOf(given?.MaxCapacityBreachBehavior, BEHAVIOURS) &&
        `Invalid behavior ${given?.MaxCapacityBreachBehavior}: use ${BEHAVIOURS.join(", ")}.`,
    ],
    [
      "predictive-buffer",
      "The buffer above the forecast is 0 to 100 percent.",
      ({ PredictiveScalingConfiguration: given }) => isOutside(given?.MaxCapacityBuffer, 0, 100),
    ],
    [
      "predictive-buffer-behavior",
      "A buffer above the forecast is given with IncreaseMaxCapacity, and only with it.",
      ({ PredictiveScalingConfiguration: given }) =>
        given !== undefined &&
        (given.MaxCapacityBreachBehavior === "IncreaseMaxCapacity") !==
          (given.MaxCapacityBuffer !== undefined) &&
        "MaxCapacityBuffer must be specified with IncreaseMaxCapacity, and cannot be specified otherwise.",
    ],
  ],
);

const METRIC_RULES = refusals<Put, State>(
  { ...PUT, page: `${API}/API_PredictiveScalingMetricSpecification.html` },
  [
    [
      "predictive-metrics",
      "A predictive policy has a metric pair, or one load metric and one scaling metric.",
      (input) =>
        specificationsOf(input).some((one) => {
          const loads = count(one.PredefinedLoadMetricSpecification, one.CustomizedLoadMetricSpecification);
          const scalings = count(
            one.PredefinedScalingMetricSpecification,
            one.CustomizedScalingMetricSpecification,
          );
          return one.PredefinedMetricPairSpecification === undefined
            ? loads !== 1 || scalings !== 1
            : loads + scalings > 0;
        }) && "Specify either a metric pair, or a load metric and a scaling metric.",
    ],
    [
      "predictive-target-missing",
      "A metric specification has a target.",
      (input) =>
        specificationsOf(input).some(({ TargetValue }) => TargetValue === undefined) &&
        "TargetValue must be specified.",
    ],
    [
      "predictive-predefined",
      "A predefined metric of a forecast is one of the reference's.",
      (input) => {
        const wrong = predefinedOf(input).find(({ isKnown }) => !isKnown);
        return wrong !== undefined && `Invalid metric type: ${wrong.type}.`;
      },
    ],
  ],
);

const LABEL_RULES = refusals<Put, State>(
  { ...PUT, page: `${API}/API_PredictiveScalingPredefinedMetricPair.html` },
  [
    [
      "predictive-label-missing",
      "A forecast of requests has a resource label.",
      (input) =>
        predefinedOf(input).some(({ label, countsRequests }) => countsRequests && label === "") &&
        "ResourceLabel must be specified for metrics of an Application Load Balancer.",
    ],
    [
      "predictive-label-of-others",
      "Only a forecast of requests has a resource label.",
      (input) =>
        predefinedOf(input).some(({ label, countsRequests }) => !countsRequests && label !== "") &&
        "ResourceLabel is only supported for metrics of an Application Load Balancer.",
    ],
  ],
);

const CAPACITY_RULES = refusals<Put, State>(
  { ...PUT, page: `${GUIDE}/predictive-scaling-customized-metric-specification.html` },
  [
    [
      "predictive-capacity-metric",
      "A capacity metric goes with a customized load metric.",
      (input) =>
        specificationsOf(input).some(
          (one) =>
            one.CustomizedCapacityMetricSpecification !== undefined &&
            one.CustomizedLoadMetricSpecification === undefined,
        ) && "CustomizedCapacityMetricSpecification requires CustomizedLoadMetricSpecification.",
    ],
  ],
);

export const PREDICTIVE_RULES: readonly RefusalRule<State>[] = [
  ...POLICY_RULES,
  ...CONFIGURATION_RULES,
  ...METRIC_RULES,
  ...LABEL_RULES,
  ...CAPACITY_RULES,
];
