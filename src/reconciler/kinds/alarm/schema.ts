import Type, { type Static } from "typebox";
import { UNITS } from "../../../model/metric-units.ts";
import { aws } from "../field.ts";
import { lookedUp } from "../lookups/places.ts";
import { pinnedNameSchema } from "../names/pinned.ts";
import { referenceSchema } from "../reference.ts";

const PUT = "cloudwatch:PutMetricAlarm";

const actionsSchema = (state: string, name: string) =>
  Type.Optional(
    Type.Array(Type.Union([Type.String(), referenceSchema], lookedUp("topic")), {
      ...aws(name, PUT, { owner: "structure" }),
      maxItems: 5,
      description: `What is done on ${state}: ARNs, or \`{ ref: autoScalingGroups.web.scalingPolicies.out }\`.`,
    }),
  );

export const alarmSchema = Type.Object(
  {
    name: pinnedNameSchema("AlarmName", 255),
    alarmDescription: Type.Optional(
      Type.String({ ...aws("AlarmDescription", PUT), maxLength: 1024, description: "For whoever it wakes." }),
    ),
    namespace: Type.String({
      ...aws("Namespace", PUT),
      minLength: 1,
      maxLength: 255,
      description: "Namespace of the metric, for example AWS/ApplicationELB.",
    }),
    metricName: Type.String({
      ...aws("MetricName", PUT),
      minLength: 1,
      maxLength: 255,
      description: "Name of the metric.",
    }),
    dimensions: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1, maxLength: 255 }),
        Type.Union([Type.String({ minLength: 1, maxLength: 1024 }), referenceSchema]),
        {
          ...aws("Dimensions", PUT, { owner: "structure" }),
          maxProperties: 30,
          additionalProperties: false,
          description:
            "Dimensions by name; `{ ref: loadBalancer }` stands for what CloudWatch calls the sibling.",
        },
      ),
    ),
    statistic: Type.Optional(
      Type.Enum(["SampleCount", "Average", "Sum", "Minimum", "Maximum"], {
        ...aws("Statistic", PUT),
        description: "Either this or `extendedStatistic`.",
      }),
    ),
    extendedStatistic: Type.Optional(
      Type.String({
        ...aws("ExtendedStatistic", PUT),
        description: "A percentile such as p99, or a trimmed statistic such as tm90 or TM(10%:90%).",
      }),
    ),
    period: Type.Integer({
      ...aws("Period", PUT),
      minimum: 10,
      default: 60,
      description: "Seconds that one datapoint covers: 10, 20, 30 or a multiple of 60.",
    }),
    evaluationPeriods: Type.Integer({
      ...aws("EvaluationPeriods", PUT),
      minimum: 1,
      default: 2,
      description: "How many of the last datapoints are looked at.",
    }),
    datapointsToAlarm: Type.Optional(
      Type.Integer({
        ...aws("DatapointsToAlarm", PUT),
        minimum: 1,
        description: "How many of them must breach. Default: all.",
      }),
    ),
    threshold: Type.Number({ ...aws("Threshold", PUT), description: "Value that is compared with." }),
    comparisonOperator: Type.Enum(
      [
        "GreaterThanOrEqualToThreshold",
        "GreaterThanThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
      ],
      { ...aws("ComparisonOperator", PUT), description: "How it is compared." },
    ),
    treatMissingData: Type.Enum(["missing", "notBreaching", "breaching", "ignore"], {
      ...aws("TreatMissingData", PUT, { absent: "missing" }),
      default: "missing",
      description: "What a datapoint that is not there counts as.",
    }),
    unit: Type.Optional(
      Type.Enum([...UNITS], {
        ...aws("Unit", PUT),
        description: "Unit of the metric; leave it out unless the metric has several.",
      }),
    ),
    actionsEnabled: Type.Boolean({
      ...aws("ActionsEnabled", PUT, { absent: true }),
      default: true,
      description: "Whether its actions are carried out.",
    }),
    alarmActions: actionsSchema("ALARM", "AlarmActions"),
    okActions: actionsSchema("OK", "OKActions"),
    insufficientDataActions: actionsSchema("INSUFFICIENT_DATA", "InsufficientDataActions"),
  },
  { additionalProperties: false },
);

export type AlarmSpec = Static<typeof alarmSchema>;

const { dimensions, alarmActions, ...others } = alarmSchema.properties;

/** The alarm that a step or simple policy is declared with. */
const policyAlarmProperties = Type.Object(
  {
    ...others,
    dimensions: Type.Optional({
      ...dimensions,
      description: "As of `spec.alarms.<name>`. Default: AutoScalingGroupName, with the name of the group.",
    }),
    alarmActions: Type.Optional({
      ...alarmActions,
      description:
        "What is done on ALARM beside setting off the policy: ARNs, or another policy of this spec.",
    }),
  },
  {
    additionalProperties: false,
    description: "The alarm that sets it off, as one of `spec.alarms`; it goes with the policy.",
  },
);

export const policyAlarmSchema = Type.Optional(
  Type.Unsafe<AlarmSpec>({ ...policyAlarmProperties, ...aws("", "never", { owner: "structure" }) }),
);
