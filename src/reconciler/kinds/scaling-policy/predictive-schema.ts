import Type, { type Static } from "typebox";
import { absentAs } from "../field.ts";
import { referenceSchema } from "../reference.ts";
import { forecastQueriesSchema } from "./metric-schema.ts";

function predefined<const Name extends string>(types: Name[], what: string) {
  return Type.Optional(
    Type.Object(
      {
        predefinedMetricType: Type.Unsafe<Name>(
          Type.Enum(types, { description: "A metric that AWS defines." }),
        ),
        resourceLabel: Type.Optional(
          Type.Unsafe<Static<typeof referenceSchema>>({
            ...referenceSchema,
            description: "Of requests only: `{ ref: targetGroups.web }`.",
          }),
        ),
      },
      { additionalProperties: false, description: what },
    ),
  );
}

function customized(what: string) {
  return Type.Optional(
    Type.Object(
      { metricDataQueries: forecastQueriesSchema },
      { additionalProperties: false, description: what },
    ),
  );
}

const PAIRS = ["ASGCPUUtilization", "ASGNetworkIn", "ASGNetworkOut", "ALBRequestCount"] as const;
const SCALING_METRICS = [
  "ASGAverageCPUUtilization",
  "ASGAverageNetworkIn",
  "ASGAverageNetworkOut",
  "ALBRequestCountPerTarget",
] as const;
const LOAD_METRICS = [
  "ASGTotalCPUUtilization",
  "ASGTotalNetworkIn",
  "ASGTotalNetworkOut",
  "ALBTargetGroupRequestCount",
] as const;

/** Every predefined metric that a forecast can go by. */
export const FORECAST_METRICS: readonly string[] = [...PAIRS, ...SCALING_METRICS, ...LOAD_METRICS];

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredictiveScalingMetricSpecification.html */
const specificationSchema = Type.Object(
  {
    targetValue: Type.Number({
      exclusiveMinimum: 0,
      description: "Value of the scaling metric at which the capacity is right.",
    }),
    predefinedMetricPair: predefined([...PAIRS], "A load metric and a scaling metric that belong together."),
    predefinedScalingMetric: predefined([...SCALING_METRICS], "What is held at the target value."),
    predefinedLoadMetric: predefined([...LOAD_METRICS], "What is forecast."),
    customizedScalingMetric: customized("A scaling metric of your own, per instance."),
    customizedLoadMetric: customized("A load metric of your own, of the group as a whole."),
    customizedCapacityMetric: customized(
      "How many instances there were, where AWS cannot tell by the group.",
    ),
  },
  { additionalProperties: false },
);

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredictiveScalingConfiguration.html */
export const predictiveScalingSchema = Type.Object(
  {
    mode: Type.Enum(["ForecastOnly", "ForecastAndScale"], {
      ...absentAs("ForecastOnly"),
      default: "ForecastOnly",
      description: "Whether the group is scaled by the forecast, or only forecast.",
    }),
    schedulingBufferTime: Type.Integer({
      ...absentAs(300),
      default: 300,
      minimum: 0,
      maximum: 3_599,
      description: "Seconds by which instances are launched before they are needed.",
    }),
    maxCapacityBreachBehavior: Type.Enum(["HonorMaxCapacity", "IncreaseMaxCapacity"], {
      ...absentAs("HonorMaxCapacity"),
      default: "HonorMaxCapacity",
      description:
        "Whether AWS may raise the group's `maxSize` to what it forecasts. What it has raised is left as it is.",
    }),
    maxCapacityBuffer: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100,
        description: "IncreaseMaxCapacity only, and then required: percent above the forecast.",
      }),
    ),
    metricSpecifications: Type.Array(specificationSchema, {
      minItems: 1,
      maxItems: 1,
      description:
        "A target value, and a metric pair or a load metric and a scaling metric: one, as AWS has it.",
    }),
  },
  { additionalProperties: false, description: "Scales ahead of a load that repeats." },
);

export type PredictiveScalingSpec = Static<typeof predictiveScalingSchema>;
export type MetricSpecificationSpec = PredictiveScalingSpec["metricSpecifications"][number];
