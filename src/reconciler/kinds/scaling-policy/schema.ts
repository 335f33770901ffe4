import Type, { type Static } from "typebox";
import { LIMITS } from "../../../model/limits.ts";
import { policyAlarmSchema } from "../alarm/schema.ts";
import { absentAs, aws } from "../field.ts";
import { pinnedNameSchema } from "../names/pinned.ts";
import { referenceSchema } from "../reference.ts";
import { alsoWritten } from "../written-forms.ts";
import { metricIdentity, periodSchema, trackingQueriesSchema, unitSchema } from "./metric-schema.ts";
import { predictiveScalingSchema } from "./predictive-schema.ts";

const PUT = "autoscaling:PutScalingPolicy";

export const targetTrackingSchema = Type.Object(
  {
    predefinedMetricType: Type.Optional(
      Type.Enum(
        [
          "ASGAverageCPUUtilization",
          "ASGAverageCPUUtilizationHighResolution",
          "ASGAverageNetworkIn",
          "ASGAverageNetworkOut",
          "ALBRequestCountPerTarget",
        ],
        {
          description: "A metric that AWS defines. Either this or `customizedMetric`.",
        },
      ),
    ),
    resourceLabel: Type.Optional(
      Type.Unsafe<Static<typeof referenceSchema>>({
        ...referenceSchema,
        description: "ALBRequestCountPerTarget only: `{ ref: targetGroups.web }`.",
      }),
    ),
    customizedMetric: Type.Optional(
      Type.Object(
        {
          namespace: Type.Optional(metricIdentity.namespace),
          metricName: Type.Optional(metricIdentity.metricName),
          dimensions: metricIdentity.dimensions,
          statistic: Type.Optional(
            Type.Enum(["Average", "Minimum", "Maximum", "SampleCount", "Sum"], {
              description: "Statistic of the metric.",
            }),
          ),
          unit: unitSchema,
          period: periodSchema,
          metrics: Type.Optional(trackingQueriesSchema),
        },
        {
          additionalProperties: false,
          description:
            "A metric of your own that falls as the group grows: `namespace`, `metricName` and `statistic`, or `metrics`.",
        },
      ),
    ),
    targetValue: Type.Number({
      exclusiveMinimum: 0,
      description: "Value that is held, for example 70 for 70 % CPU.",
    }),
    disableScaleIn: Type.Boolean({
      ...absentAs(false),
      default: false,
      description: "Whether the policy only ever adds instances.",
    }),
  },
  { additionalProperties: false, description: "Holds a metric at a value." },
);

const adjustmentTypeSchema = Type.Enum(["ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"], {
  description: "What the adjustments mean.",
});

const minAdjustmentMagnitudeSchema = Type.Optional(
  Type.Integer({
    ...alsoWritten("zeroForNone"),
    minimum: 1,
    description: "PercentChangeInCapacity only: at least so many instances; 0 is none.",
  }),
);

const stepScalingSchema = Type.Object(
  {
    adjustmentType: adjustmentTypeSchema,
    metricAggregationType: Type.Enum(["Average", "Minimum", "Maximum"], {
      ...absentAs("Average"),
      default: "Average",
      description: "How datapoints are combined.",
    }),
    minAdjustmentMagnitude: minAdjustmentMagnitudeSchema,
    stepAdjustments: Type.Array(
      Type.Object(
        {
          metricIntervalLowerBound: Type.Optional(
            Type.Number({ description: "From here, relative to the alarm's threshold." }),
          ),
          metricIntervalUpperBound: Type.Optional(
            Type.Number({ description: "Up to here, relative to the alarm's threshold." }),
          ),
          scalingAdjustment: Type.Integer({ description: "How much." }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 20, description: "Steps without gaps or overlaps." },
    ),
    alarm: policyAlarmSchema,
  },
  {
    additionalProperties: false,
    description: "Steps that an alarm sets off: its own, or one of `spec.alarms`.",
  },
);

/** AWS's default for a policy that says no type: API_PutScalingPolicy.html, PolicyType. */
const simpleScalingSchema = Type.Object(
  {
    adjustmentType: adjustmentTypeSchema,
    scalingAdjustment: Type.Integer({ description: "How much; negative to scale in." }),
    cooldown: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_147_483_647,
        description:
          "Seconds in which nothing else scales afterwards. Default: the group's `defaultCooldown`.",
      }),
    ),
    minAdjustmentMagnitude: minAdjustmentMagnitudeSchema,
    alarm: policyAlarmSchema,
  },
  {
    additionalProperties: false,
    description: "One adjustment that an alarm sets off: its own, or one of `spec.alarms`.",
  },
);

export const scalingPolicySchema = Type.Object(
  {
    name: pinnedNameSchema("PolicyName", 255),
    targetTracking: Type.Optional(
      Type.Unsafe<Static<typeof targetTrackingSchema>>({
        ...targetTrackingSchema,
        ...aws("TargetTrackingConfiguration", PUT, { owner: "structure" }),
      }),
    ),
    stepScaling: Type.Optional(
      Type.Unsafe<Static<typeof stepScalingSchema>>({
        ...stepScalingSchema,
        ...aws("StepAdjustments", PUT, { owner: "structure" }),
      }),
    ),
    simpleScaling: Type.Optional(
      Type.Unsafe<Static<typeof simpleScalingSchema>>({
        ...simpleScalingSchema,
        ...aws("ScalingAdjustment", PUT, { owner: "structure" }),
      }),
    ),
    predictiveScaling: Type.Optional(
      Type.Unsafe<Static<typeof predictiveScalingSchema>>({
        ...predictiveScalingSchema,
        ...aws("PredictiveScalingConfiguration", PUT, { owner: "structure" }),
      }),
    ),
    estimatedInstanceWarmup: Type.Optional(
      Type.Integer({
        ...aws("EstimatedInstanceWarmup", PUT),
        minimum: 0,
        maximum: 2_147_483_647,
        description: "Seconds until a new instance counts; of target tracking and step scaling only.",
      }),
    ),
    enabled: Type.Boolean({
      ...aws("Enabled", PUT, { absent: true }),
      default: true,
      description: "Whether the policy acts.",
    }),
  },
  {
    additionalProperties: false,
    description: "Exactly one of targetTracking, stepScaling, simpleScaling and predictiveScaling.",
  },
);

export const scalingPolicyMapSchema = Type.Optional(
  Type.Record(Type.String({ pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }), scalingPolicySchema, {
    ...aws("ScalingPolicies", "never", { owner: "structure" }),
    maxProperties: LIMITS.scalingPoliciesPerGroup,
    additionalProperties: false,
    description: "Scaling policies, by name. Default: `cpu`, which holds the CPU at 70 %.",
  }),
);

export type ScalingPolicySpec = Static<typeof scalingPolicySchema>;
