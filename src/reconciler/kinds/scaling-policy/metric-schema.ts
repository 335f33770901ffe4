/** Metrics of CloudWatch's as a policy names them: alone, or as queries with an expression over them. */
import Type, { type Static } from "typebox";
import { UNITS } from "../../../model/metric-units.ts";
import { absentAs } from "../field.ts";
import { referenceSchema } from "../reference.ts";

/** docs.aws.amazon.com/autoscaling/ec2/userguide/policy-creating-high-resolution-metrics.html */
const PERIODS = [10, 30, 60] as const;
/** What AWS takes for a period that nobody gives. */
export const USUAL_PERIOD = 60;
/** docs.aws.amazon.com/autoscaling/ec2/userguide/predictive-scaling-customized-metric-specification.html */
const MOST_QUERIES = 10;

export const metricIdentity = {
  namespace: Type.String({ minLength: 1, maxLength: 255, description: "Namespace of the metric." }),
  metricName: Type.String({ minLength: 1, maxLength: 255, description: "Name of the metric." }),
  dimensions: Type.Optional(
    Type.Record(
      Type.String({ minLength: 1, maxLength: 255 }),
      Type.Union([Type.String({ minLength: 1, maxLength: 1024 }), referenceSchema]),
      {
        maxProperties: 30,
        additionalProperties: false,
        description:
          "Dimensions, by name; `{ ref: autoScalingGroups.web }` stands for what CloudWatch calls it.",
      },
    ),
  ),
};

export const unitSchema = Type.Optional(
  Type.Enum([...UNITS], { description: "Unit of the metric; leave it out unless it has several." }),
);

export const periodSchema = Type.Optional(
  Type.Enum([...PERIODS], {
    description: "Seconds that one datapoint covers; below 60 for a metric of high resolution. Default: 60.",
  }),
);

const metricSchema = Type.Object(metricIdentity, {
  additionalProperties: false,
  description: "The metric.",
});

const statSchema = Type.String({
  minLength: 1,
  maxLength: 100,
  description: "Statistic: Average, Sum, p99, TM(10%:90%) and the like.",
});

function ofQuery(limits: { id: number; expression: number }) {
  return {
    id: Type.String({
      pattern: "^[a-z][A-Za-z0-9_]*$",
      maxLength: limits.id,
      description: "Name of the result, by which expressions speak of it.",
    }),
    expression: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: limits.expression,
        description: "Metric maths over the results of others. Either this or `metricStat`.",
      }),
    ),
    label: Type.Optional(
      Type.String({ maxLength: 2047, description: "What the result is called on graphs." }),
    ),
    returnData: Type.Boolean({
      ...absentAs(true),
      default: true,
      description: "Whether the policy goes by this result: true of exactly one.",
    }),
  };
}

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TargetTrackingMetricDataQuery.html */
export const trackingQueriesSchema = Type.Array(
  Type.Object(
    {
      ...ofQuery({ id: 64, expression: 2047 }),
      metricStat: Type.Optional(
        Type.Object(
          { metric: metricSchema, stat: statSchema, unit: unitSchema, period: periodSchema },
          { additionalProperties: false, description: "A metric and its statistic." },
        ),
      ),
      period: periodSchema,
    },
    { additionalProperties: false },
  ),
  {
    minItems: 1,
    maxItems: MOST_QUERIES,
    description: "Metrics, and an expression over them, in place of a single metric.",
  },
);

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_MetricDataQuery.html */
export const forecastQueriesSchema = Type.Array(
  Type.Object(
    {
      ...ofQuery({ id: 255, expression: 1023 }),
      metricStat: Type.Optional(
        Type.Object(
          { metric: metricSchema, stat: statSchema, unit: unitSchema },
          { additionalProperties: false, description: "A metric and its statistic." },
        ),
      ),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: MOST_QUERIES, description: "Metrics, and an expression over them." },
);

export type QuerySpec =
  | Static<typeof trackingQueriesSchema>[number]
  | Static<typeof forecastQueriesSchema>[number];
