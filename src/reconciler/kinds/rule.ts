import type { Output } from "../../ports.ts";
import { ownerTags, TAG_RESOURCE } from "../core/names.ts";
import { type Fields, refTo, type Seen } from "../core/resource.ts";
import { awsActions, desiredAction, observedAction, targetGroupArnsIn } from "./action.ts";
import { awsConditions, desiredConditions, observedConditions } from "./condition.ts";
import { elbTagCalls, required } from "./elb.ts";
import { callOf, type Item, type Kind, tagFields, tagList, tagsIn } from "./kind.ts";
import { ruleSchema } from "./listener-rule/schema.ts";

type Rule = Item<"elasticloadbalancing:DescribeRules", "Rules">;

const MODIFY = "elasticloadbalancing:ModifyRule";

/** What a rule needs to know beyond its fields, to be put in order: see `core/priorities.ts`. */
interface RuleDetail {
  readonly listenerArn: string;
}

export const rule: Kind = {
  name: "rule",
  title: "listener rule",
  family: "traffic",
  schema: ruleSchema,
  tagSource: "elasticloadbalancing",
  sitsOn: "listener",

  desired({ owner, spec }, before) {
    return before("listener").flatMap((listener) => {
      const wanted = spec.loadBalancer.listeners.find((candidate) => candidate.port === listener.fields.port);
      return (wanted?.rules ?? []).map((item) => {
        const key = `${listener.key}.rules.${item.name}`;
        const fields: Fields = {
          priority: item.priority,
          conditions: desiredConditions(item.conditions),
          action: desiredAction(item.action),
          ...tagFields({ ...spec.tags, ...ownerTags(owner, key) }),
        };
        const initial = { listener: refTo(listener.key, "arn") };
        return { key, kind: "rule", name: `${listener.name}/${item.name}`, fields, initial };
      });
    });
  },

  async list(reader, _tier, found) {
    const lists = (found.get("listener") ?? []).map(async (parent) => {
      const items = await reader.list<"elasticloadbalancing:DescribeRules", Rule>(
        "elasticloadbalancing:DescribeRules",
        { ListenerArn: parent.id, PageSize: 400 },
        (page) => page.Rules,
      );
      return items
        .filter((item) => item.IsDefault !== true)
        .map((item) => ({
          kind: "rule",
          id: required(item.RuleArn, "RuleArn"),
          name: "",
          raw: item,
          parent,
        }));
    });
    return (await Promise.all(lists)).flat();
  },

  async observe(reader, found, tags) {
    const parent = required(found.parent, "the rule's listener");
    const key = tags[TAG_RESOURCE];
    const name = `${parent.name}/${key?.split(".").at(-1) ?? found.id}`;
    return observed(
      found.raw as Rule,
      { key, name, listenerArn: parent.id },
      tagFields(tags),
      reader.nowMs(),
    );
  },

  create(_desired, fields) {
    return callOf("elasticloadbalancing:CreateRule", {
      ListenerArn: String(fields.listener),
      Priority: fields.priority as number,
      Conditions: awsConditions(fields.conditions),
      Actions: awsActions(fields.action),
      Tags: tagList(tagsIn(fields)),
    });
  },

  created(desired, fields, output, nowMs) {
    const [made] = (output as Output<"elasticloadbalancing:CreateRule">).Rules ?? [];
    if (made?.RuleArn === undefined) return null;
    const identity = { key: desired.key, name: desired.name, listenerArn: String(fields.listener) };
    return observed(made, identity, tagFields(tagsIn(fields)), nowMs);
  },

  /** The priority is not among what ModifyRule takes: all rules of a listener are put in order by one call. */
  update({ fields, observed: { id }, differences }) {
    const conditions = differences.some(({ field }) => field === "conditions");
    const action = differences.some(({ field }) => field === "action");
    if (!conditions && !action) return [];
    return [
      callOf(MODIFY, {
        RuleArn: id,
        ...(conditions ? { Conditions: awsConditions(fields.conditions) } : {}),
        ...(action ? { Actions: awsActions(fields.action) } : {}),
      }),
    ];
  },

  remove({ id }) {
    return [callOf("elasticloadbalancing:DeleteRule", { RuleArn: id })];
  },

  tag: elbTagCalls,
};

function observed(
  item: Rule,
  { key, name, listenerArn }: { key: string | undefined; name: string; listenerArn: string },
  more: Fields,
  nowMs: number,
): Seen {
  const arn = required(item.RuleArn, "RuleArn");
  const action = observedAction(required(item.Actions, "Actions"));
  const detail: RuleDetail = { listenerArn };
  return {
    kind: "rule",
    id: arn,
    name,
    key,
    fields: {
      priority: Number(required(item.Priority, "Priority")),
      conditions: observedConditions(required(item.Conditions, "Conditions")),
      action,
      ...more,
    },
    attributes: { arn, name },
    refersTo: [listenerArn, ...targetGroupArnsIn(action)],
    parent: listenerArn,
    lifecycle: "ready",
    detail,
    observedAtMs: nowMs,
  };
}
