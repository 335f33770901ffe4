import type { Value } from "../../model/value.ts";
import type { Input } from "../../ports.ts";
import { ownerTags, TAG_RESOURCE } from "../core/names.ts";
import { setOf, sortedSet } from "../core/references.ts";
import { type Fields, refTo, type Seen } from "../core/resource.ts";
import { alarmSchema } from "./alarm/schema.ts";
import { required } from "./elb.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "./field.ts";
import { callOf, type Item, type Kind, tagFields, tagList, tagsIn } from "./kind.ts";
import { isReference, type ReferenceSpec } from "./reference.ts";

type MetricAlarm = Item<"cloudwatch:DescribeAlarms", "MetricAlarms">;

const PUT = "cloudwatch:PutMetricAlarm";

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
