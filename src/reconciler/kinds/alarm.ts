import Type, { type Static } from "typebox";
import { type Address, addressFrom, alarmAddress } from "../../model/address.ts";
import type { Value } from "../../model/value.ts";
import type { Input } from "../../ports.ts";
import { callOf } from "../core/actions.ts";
import { ownerTags } from "../core/names.ts";
import { refTo, setOf, sortedSet } from "../core/references.ts";
import type { AlarmState, Fields, Seen } from "../core/resource.ts";
import { isTag } from "../core/tags.ts";
import { aws, fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "./field.ts";
import { choice, number, records, text, texts } from "./field-values.ts";
import type { Item, Kind } from "./kind.ts";
import { isReference, referenceSchema } from "./reference.ts";
import { required } from "./required.ts";
import { addressIn, tagFields, tagList, tagsIn, textsOf } from "./tags.ts";

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
type ActionsField = keyof typeof ACTIONS;

export const alarm: Kind<MetricAlarm> = {
  name: "alarm",
  title: "alarm",
  family: "alarms",
  traits: {},
  isWhole: true,
  schema: alarmSchema,
  tagSource: "cloudwatch",

  desired({ owner, spec }, before) {
    const groups = new Set(before("autoScalingGroup").map(({ address }) => address));
    // What CloudWatch calls the sibling: a group by its name, the others by the end of their ARNs.
    const dimension = (sibling: Address) => refTo(sibling, groups.has(sibling) ? "name" : "dimension");
    return Object.entries(spec.alarms).map(([child, wanted]) => {
      const address = alarmAddress(child);
      const dimensions = Object.entries(wanted.dimensions ?? {}).map(([name, value]) => ({
        name,
        value: isReference(value) ? dimension(addressFrom(value.ref)) : value,
      }));
      const fields: Fields = {
        ...fieldsFromSpec(FIELDS, wanted),
        dimensions: setOf(dimensions),
        alarmActions: setOf(actionsOf(wanted.alarmActions)),
        okActions: setOf(actionsOf(wanted.okActions)),
        insufficientDataActions: setOf(actionsOf(wanted.insufficientDataActions)),
        ...tagFields({ ...spec.tags, ...ownerTags(owner, address) }),
      };
      return { address, kind: "alarm", name: `${owner}/${child}`, fields };
    });
  },

  async list(reader, { owner }) {
    const mine = await reader.list(
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

  async observe({ reader, found, tags }) {
    return observed(found.raw, found.id, tagFields(tags), addressIn(tags), reader.nowMs());
  },

  create(desired, fields) {
    return callOf(PUT, inputOf(desired.name, fields));
  },

  /** AWS answers with nothing; the ARN comes with the next read. */
  created(desired, fields, _output, nowMs) {
    const { Tags: _tags, ...item } = inputOf(desired.name, fields);
    return observed(item, desired.name, tagFields(tagsIn(fields)), desired.address, nowMs);
  },

  /**
   * The call replaces the whole alarm, so that it carries every field. The tags it ignores
   * (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, Tags), unless the alarm has gone
   * since it was read: then it makes a new one, and without its tags that would be nobody's.
   */
  update({ fields, observed: { name }, differences }) {
    if (differences.every(({ field }) => isTag(field))) return [];
    return [callOf(PUT, inputOf(name, fields))];
  },

  remove({ name }) {
    return { calls: [callOf("cloudwatch:DeleteAlarms", { AlarmNames: [name] })], isLast: true };
  },

  tag({ id }, write, remove) {
    return [
      ...(Object.keys(write).length === 0
        ? []
        : [callOf("cloudwatch:TagResource", { ResourceARN: id, Tags: tagList(textsOf(write)) })]),
      ...(remove.length === 0
        ? []
        : [callOf("cloudwatch:UntagResource", { ResourceARN: id, TagKeys: [...remove] })]),
    ];
  },
};

function actionsOf(list: AlarmSpec[ActionsField] = []): Value[] {
  return list.map((item) => (isReference(item) ? refTo(addressFrom(item.ref), "arn") : item));
}

function inputOf(name: string, fields: Fields): Input<"cloudwatch:PutMetricAlarm"> {
  return {
    ...inputFrom(FIELDS, fields),
    AlarmName: name,
    EvaluationPeriods: number(fields, "evaluationPeriods"),
    ComparisonOperator: choice(fields, "comparisonOperator", alarmSchema.properties.comparisonOperator.enum),
    Dimensions: records(fields, "dimensions").map((dimension) => ({
      Name: text(dimension, "name"),
      Value: text(dimension, "value"),
    })),
    AlarmActions: texts(fields, "alarmActions"),
    OKActions: texts(fields, "okActions"),
    InsufficientDataActions: texts(fields, "insufficientDataActions"),
    Tags: tagList(tagsIn(fields)),
  };
}

function observed(
  item: MetricAlarm,
  arn: string,
  more: Fields,
  address: Address | undefined,
  nowMs: number,
): Seen {
  const actions = Object.entries(ACTIONS).map(
    ([field, name]) => [field, sortedSet(item[name] ?? [])] as const,
  );
  const dimensions = (item.Dimensions ?? []).map(({ Name, Value }) => ({
    name: Name ?? "",
    value: Value ?? "",
  }));
  const fields = fieldsFromAws(FIELDS, item);
  return {
    kind: "alarm",
    id: arn,
    name: required(item.AlarmName, "AlarmName"),
    address,
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
    observedAtMs: nowMs,
    alarmState: stateOf(item),
  };
}

function stateOf(item: MetricAlarm): AlarmState {
  return {
    state: item.StateValue ?? "INSUFFICIENT_DATA",
    ...(item.StateReason === undefined ? {} : { reason: item.StateReason }),
    ...(item.StateTransitionedTimestamp === undefined
      ? {}
      : { sinceMs: item.StateTransitionedTimestamp.getTime() }),
    hasActions: (item.AlarmActions ?? []).length > 0,
  };
}
