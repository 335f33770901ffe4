import Type, { type Static } from "typebox";
import type { Value } from "../../model/value.ts";
import type { Input } from "../../ports.ts";
import { ownerTags, TAG_RESOURCE } from "../core/names.ts";
import { setOf, sortedSet } from "../core/references.ts";
import { type Fields, refTo, type Seen } from "../core/resource.ts";
import { required } from "./elb.ts";
import { aws, fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "./field.ts";
import { callOf, type Item, type Kind, tagFields, tagList, tagsIn } from "./kind.ts";
import { isReference, type ReferenceSpec, referenceSchema } from "./reference.ts";

type MetricAlarm = Item<"cloudwatch:DescribeAlarms", "MetricAlarms">;

const PUT = "cloudwatch:PutMetricAlarm";

const actionsSchema = (state: string, name: string) =>
  Type.Optional(
    Type.Array(Type.Union([Type.String({ pattern: "^arn:" }), referenceSchema]), {
      ...aws(name, PUT, { owner: "structure" }),
      maxItems: 5,
      description: `What is done on ${state}: ARNs, or \`{ ref: autoScalingGroups.web.scalingPolicies.out }\`.`,
    }),
  );

export const alarmSchema = Type.Object(
  {
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
        pattern: "^(p|tm|tc|ts|wm|PR|TM|TC|TS|WM|IQM)",
        description: "A percentile such as p99.",
      }),
    ),
    period: Type.Integer({
      ...aws("Period", PUT),
      minimum: 10,
      maximum: 86_400,
      default: 60,
      description: "Seconds that one datapoint covers: 10, 20, 30 or a multiple of 60.",
    }),
    evaluationPeriods: Type.Integer({
      ...aws("EvaluationPeriods", PUT),
      minimum: 1,
      maximum: 8640,
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
      ...aws("TreatMissingData", PUT),
      default: "missing",
      description: "What a datapoint that is not there counts as.",
    }),
    unit: Type.Optional(
      Type.String({
        ...aws("Unit", PUT),
        description: "Unit of the metric; leave it out unless the metric has several.",
      }),
    ),
    actionsEnabled: Type.Boolean({
      ...aws("ActionsEnabled", PUT),
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

const FIELDS = fieldsOf(alarmSchema);
const ACTIONS = {
  alarmActions: "AlarmActions",
  okActions: "OKActions",
  insufficientDataActions: "InsufficientDataActions",
} as const;

function alarmKey(name: string): string {
  return `alarms.${name}`;
}

/** What CloudWatch calls a sibling in a dimension, or as an action. */
function pointer({ ref }: ReferenceSpec, use: "dimension" | "action"): Value {
  if (use === "action") return refTo(ref, "arn");
  return refTo(ref, ref.startsWith("autoScalingGroups.") ? "name" : "dimension");
}

export const alarm: Kind = {
  name: "alarm",
  title: "alarm",
  family: "alarms",
  isWhole: true,
  schema: alarmSchema,
  tagSource: "cloudwatch",

  desired({ owner, spec }) {
    return Object.entries(spec.alarms).map(([child, wanted]) => {
      const address = alarmKey(child);
      const dimensions = Object.entries(wanted.dimensions ?? {}).map(([name, value]) => ({
        name,
        value: isReference(value) ? pointer(value, "dimension") : value,
      }));
      const actions = Object.keys(ACTIONS).map((field) => {
        const list = wanted[field as keyof typeof ACTIONS] ?? [];
        return [
          field,
          setOf(list.map((item) => (isReference(item) ? pointer(item, "action") : item))),
        ] as const;
      });
      const fields: Fields = {
        ...fieldsFromSpec(FIELDS, wanted),
        dimensions: setOf(dimensions),
        ...Object.fromEntries(actions),
        ...tagFields({ ...spec.tags, ...ownerTags(owner, address) }),
      };
      return { key: address, kind: "alarm", name: `${owner}/${child}`, fields };
    });
  },

  async list(reader, { owner }) {
    const mine = await reader.list<"cloudwatch:DescribeAlarms", MetricAlarm>(
      "cloudwatch:DescribeAlarms",
      { AlarmNamePrefix: `${owner}/`, AlarmTypes: ["MetricAlarm"], MaxRecords: 100 },
      (page) => page.MetricAlarms,
    );
    return mine.map((item) => ({
      kind: "alarm",
      id: required(item.AlarmArn, "AlarmArn"),
      name: required(item.AlarmName, "AlarmName"),
      raw: item,
    }));
  },

  async observe(reader, found, tags) {
    return observed(found.raw as MetricAlarm, found.id, tagFields(tags), tags[TAG_RESOURCE], reader.nowMs());
  },

  create(desired, fields) {
    return callOf(PUT, inputOf(desired.name, fields));
  },

  /** AWS answers with nothing; the ARN comes with the next read. */
  created(desired, fields, _output, nowMs) {
    const { Tags: _tags, ...item } = inputOf(desired.name, fields);
    return observed(item, desired.name, tagFields(tagsIn(fields)), desired.key, nowMs);
  },

  /**
   * The call replaces the whole alarm, so that it carries every field. The tags it ignores
   * (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, Tags), unless the alarm has gone
   * since it was read: then it makes a new one, and without its tags that would be nobody's.
   */
  update({ fields, observed: { name }, differences }) {
    if (differences.every(({ field }) => field.startsWith("tags."))) return [];
    return [callOf(PUT, inputOf(name, fields))];
  },

  remove({ name }) {
    return [callOf("cloudwatch:DeleteAlarms", { AlarmNames: [name] })];
  },

  tag({ id }, write, remove) {
    const texts = Object.fromEntries(Object.entries(write).map(([name, value]) => [name, String(value)]));
    return [
      ...(Object.keys(write).length === 0
        ? []
        : [callOf("cloudwatch:TagResource", { ResourceARN: id, Tags: tagList(texts) })]),
      ...(remove.length === 0
        ? []
        : [callOf("cloudwatch:UntagResource", { ResourceARN: id, TagKeys: [...remove] })]),
    ];
  },
};

export interface AlarmDetail {
  readonly state: string;
  readonly reason?: string;
  readonly sinceMs?: number;
  readonly hasActions: boolean;
}

function inputOf(name: string, fields: Fields): Input<"cloudwatch:PutMetricAlarm"> {
  const dimensions = fields.dimensions as { name: string; value: string }[];
  return {
    ...inputFrom(FIELDS, fields),
    AlarmName: name,
    EvaluationPeriods: fields.evaluationPeriods as number,
    ComparisonOperator: fields.comparisonOperator as "GreaterThanThreshold",
    Dimensions: dimensions.map((dimension) => ({ Name: dimension.name, Value: dimension.value })),
    AlarmActions: fields.alarmActions as string[],
    OKActions: fields.okActions as string[],
    InsufficientDataActions: fields.insufficientDataActions as string[],
    Tags: tagList(tagsIn(fields)),
  };
}

function observed(
  item: MetricAlarm,
  arn: string,
  more: Fields,
  key: string | undefined,
  nowMs: number,
): Seen {
  const actions = Object.entries(ACTIONS).map(
    ([field, name]) => [field, sortedSet(item[name] ?? [])] as const,
  );
  const dimensions = (item.Dimensions ?? []).map(({ Name, Value }) => ({
    name: Name ?? "",
    value: Value ?? "",
  }));
  const detail: AlarmDetail = {
    state: item.StateValue ?? "INSUFFICIENT_DATA",
    ...(item.StateReason === undefined ? {} : { reason: item.StateReason }),
    ...(item.StateTransitionedTimestamp === undefined
      ? {}
      : { sinceMs: item.StateTransitionedTimestamp.getTime() }),
    hasActions: (item.AlarmActions ?? []).length > 0,
  };
  const fields = fieldsFromAws(FIELDS, item);
  return {
    kind: "alarm",
    id: arn,
    name: required(item.AlarmName, "AlarmName"),
    key,
    // AWS leaves the default of TreatMissingData out of its answers.
    fields: {
      treatMissingData: "missing",
      ...fields,
      dimensions: sortedSet(dimensions),
      ...Object.fromEntries(actions),
      ...more,
    },
    attributes: { name: item.AlarmName ?? "", arn },
    refersTo: (item.AlarmActions ?? []).filter((action) => action.includes(":scalingPolicy:")),
    lifecycle: "ready",
    detail,
    observedAtMs: nowMs,
  };
}
