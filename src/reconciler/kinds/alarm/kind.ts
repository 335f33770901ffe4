import {
  type Address,
  addressFrom,
  alarmAddress,
  childNameOf,
  policyOfAlarm,
} from "../../../model/address.ts";
import type { Value } from "../../../model/value.ts";
import type { Input } from "../../../ports.ts";
import { callOf } from "../../core/actions.ts";
import { batches } from "../../core/batches.ts";
import { ownerTags } from "../../core/names.ts";
import { refTo, setOf, sortedSet } from "../../core/references.ts";
import type { AlarmState, Fields, Seen } from "../../core/resource.ts";
import { isTag } from "../../core/tags.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { membersAt, withForeignMembers } from "../coverage/foreign-members.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "../field.ts";
import { choice, number, records, text, texts } from "../field-values.ts";
import { shown } from "../fresh-look.ts";
import type { Item, Kind } from "../kind.ts";
import { nameOrPinned } from "../names/pinned.ts";
import { isReference } from "../reference.ts";
import { required } from "../required.ts";
import { addressIn, tagCallsInOrder, tagFields, tagList, tagsIn, textsOf } from "../tags.ts";
import { declaredAlarms } from "./declared.ts";
import { alarmNameAt } from "./name.ts";
import { type AlarmSpec, alarmSchema } from "./schema.ts";

export type MetricAlarm = Item<"cloudwatch:DescribeAlarms", "MetricAlarms">;

const PUT = "cloudwatch:PutMetricAlarm";
/** docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html, AlarmNames */
const NAMES_PER_CALL = 100;
const DATAPOINTS = "datapointsToAlarm";

export const FIELDS = fieldsOf(alarmSchema);
export const ACTIONS = {
  alarmActions: "AlarmActions",
  okActions: "OKActions",
  insufficientDataActions: "InsufficientDataActions",
} as const;
type ActionsField = keyof typeof ACTIONS;
const SCALING_POLICY = /^arn:[^:]+:autoscaling:[^:]*:[^:]*:scalingPolicy:/;

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
    return declaredAlarms(spec).map(({ address, alarm: wanted }) => {
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
      return { address, kind: "alarm", ...nameOrPinned(wanted.name, alarmNameAt(owner, address)), fields };
    });
  },

  /** By the beginning of the names that we give, and by the names that are or were pinned. */
  async list(reader, { owner }, _listed, { pinned, known }) {
    const listBy = (input: Input<"cloudwatch:DescribeAlarms">) =>
      reader.list(
        "cloudwatch:DescribeAlarms",
        { ...input, AlarmTypes: ["MetricAlarm"], MaxRecords: 100 },
        (page) => page.MetricAlarms,
      );
    const prefix = `${owner}/`;
    const names = [...pinned, ...[...known.values()].map(({ name }) => name)];
    const others = new Set(names.filter((name) => !name.startsWith(prefix)));
    const lists = await Promise.all([
      listBy({ AlarmNamePrefix: prefix }),
      ...batches([...others], NAMES_PER_CALL).map((AlarmNames) => listBy({ AlarmNames })),
    ]);
    return lists.flat().map((item) => ({
      kind: "alarm",
      id: required(item.AlarmArn, "AlarmArn"),
      name: required(item.AlarmName, "AlarmName"),
      raw: item,
    }));
  },

  isNamedByUs({ name }, tags, { owner }) {
    const address = addressIn(tags);
    if (address === undefined) return false;
    const isOne = policyOfAlarm(address) !== undefined || address === alarmAddress(childNameOf(address));
    return isOne && name === alarmNameAt(owner, address);
  },
  idComesWithRead: true,

  async observe({ reader, found, tags }) {
    const members = toldMembersOf("alarm", { "cloudwatch:DescribeAlarms": found.raw });
    return { ...observed(found.raw, found.id, tagFields(tags), addressIn(tags), reader.nowMs()), members };
  },

  glimpse: ({ raw, id }, nowMs) => observed(raw, id, {}, undefined, nowMs),

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
  update({ desired, fields, observed: { name }, differences }) {
    if (differences.every(({ field }) => isTag(field))) return [];
    // What the spec leaves to CloudWatch is left to it again: said out loud it would stand in every answer.
    const { datapointsToAlarm, ...others } = fields;
    const isDeclared = desired.fields.datapointsToAlarm !== undefined;
    const written = isDeclared && datapointsToAlarm !== undefined ? { ...others, datapointsToAlarm } : others;
    return [callOf(PUT, inputOf(name, written))];
  },

  /** See {@link fieldsOfItem}. */
  defaultOf: (field, desired): Value | undefined =>
    field === DATAPOINTS && desired[DATAPOINTS] !== undefined ? desired.evaluationPeriods : undefined,

  consequences: ({ differences }) =>
    differences === "removed" ? [{ effect: "interrupts", says: "nobody is told any more what it told" }] : [],
  refersTo: ({ fields }) => policiesIn(texts(fields, "alarmActions")),

  remove({ name }) {
    return { calls: [callOf("cloudwatch:DeleteAlarms", { AlarmNames: [name] })], isLast: true };
  },

  async lookAfresh(reader, { id }) {
    const { Tags } = await reader.call("cloudwatch:ListTagsForResource", { ResourceARN: id });
    return shown(id, required(Tags, "the tags of an alarm"));
  },

  tag(observed, write, remove) {
    const ResourceARN = observed.id;
    const Tags = tagList(textsOf(write));
    return tagCallsInOrder(
      observed,
      write,
      Tags.length === 0 ? [] : [callOf("cloudwatch:TagResource", { ResourceARN, Tags })],
      remove.length === 0 ? [] : [callOf("cloudwatch:UntagResource", { ResourceARN, TagKeys: [...remove] })],
    );
  },
};

function policiesIn(actions: readonly string[]): string[] {
  return actions.filter((action) => action.includes(":scalingPolicy:"));
}

function actionsOf(list: AlarmSpec[ActionsField] = []): Value[] {
  return list.map((item) => (isReference(item) ? refTo(addressFrom(item.ref), "arn") : item));
}

/** What PutMetricAlarm takes and the spec does not say (API_PutMetricAlarm.html). */
const OTHER_MEMBERS = ["EvaluateLowSampleCountPercentile"];
/** As where nobody says anything of it. */
const EVALUATED = "evaluate";

function inputOf(name: string, fields: Fields): Input<"cloudwatch:PutMetricAlarm"> {
  return {
    ...withForeignMembers(inputFrom(FIELDS, fields), fields),
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
  const fields = fieldsOfItem(item);
  return {
    kind: "alarm",
    id: arn,
    name: required(item.AlarmName, "AlarmName"),
    address,
    fields: {
      ...fields,
      dimensions: sortedSet(dimensions),
      ...Object.fromEntries(actions),
      ...(item.EvaluateLowSampleCountPercentile === EVALUATED ? {} : membersAt(item, OTHER_MEMBERS)),
      ...more,
    },
    attributes: { name: item.AlarmName ?? "", arn },
    refersTo: policiesIn(item.AlarmActions ?? []),
    lifecycle: "ready",
    observedAtMs: nowMs,
    alarmState: stateOf(item),
  };
}

/** As many datapoints as are evaluated: CloudWatch takes it so where nobody says it (API_PutMetricAlarm.html). */
export function fieldsOfItem(item: MetricAlarm): Fields {
  const { [DATAPOINTS]: datapoints, ...fields } = fieldsFromAws(FIELDS, item);
  const saysNothing = datapoints === undefined || datapoints === fields.evaluationPeriods;
  return saysNothing ? fields : { ...fields, [DATAPOINTS]: datapoints };
}

function stateOf(item: MetricAlarm): AlarmState {
  const actions = item.AlarmActions ?? [];
  // Where its actions are switched off, it does nothing but ring.
  const isActive = item.ActionsEnabled ?? true;
  return {
    state: item.StateValue ?? "INSUFFICIENT_DATA",
    ...(item.StateReason === undefined ? {} : { reason: item.StateReason }),
    ...(item.StateTransitionedTimestamp === undefined
      ? {}
      : { sinceMs: item.StateTransitionedTimestamp.getTime() }),
    hasActions: actions.length > 0,
    onlyScales: isActive && actions.length > 0 && actions.every((action) => SCALING_POLICY.test(action)),
  };
}
