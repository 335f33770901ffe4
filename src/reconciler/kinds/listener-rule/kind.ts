import { type Address, childNameOf, listenerAddress, ruleAddress } from "../../../model/address.ts";
import type { Output } from "../../../ports.ts";
import { type Call, callOf } from "../../core/actions.ts";
import type { Change } from "../../core/kind-rules.ts";
import { ownerTags } from "../../core/names.ts";
import { refTo } from "../../core/references.ts";
import type { Fields, Seen } from "../../core/resource.ts";
import { awsActions, desiredAction, observedAction, targetGroupArnsIn } from "../action/shape.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { number, text } from "../field-values.ts";
import { elbLook } from "../fresh-look.ts";
import type { Item, Kind, ServiceContext } from "../kind.ts";
import { present, required } from "../required.ts";
import { addressIn, elbTagCalls, tagFields, tagList, tagsIn } from "../tags.ts";
import { awsConditions, desiredConditions, observedConditions } from "./condition-shape.ts";
import { ruleSchema } from "./schema.ts";
import { hidden, type RuleSecrecy, revealed, secrecyOf, settingsOf } from "./secret-values.ts";

type Rule = Item<"elasticloadbalancing:DescribeRules", "Rules">;
type Made = Output<"elasticloadbalancing:CreateRule">;

const MODIFY = "elasticloadbalancing:ModifyRule";

export const rule: Kind<Rule, Made> = {
  name: "rule",
  title: "listener rule",
  family: "traffic",
  traits: { forwardField: "action", orderField: "priority", recognisedBy: ["priority", "conditions"] },
  schema: ruleSchema,
  tagSource: "elasticloadbalancing",
  sitsOn: "listener",
  quota: "rules",

  desired({ owner, spec }, before) {
    return before("listener").flatMap((listener) => {
      const wanted = spec.loadBalancer.listeners.find((candidate) => candidate.port === listener.fields.port);
      return (wanted?.rules ?? []).map((item) => {
        const address = ruleAddress(listener.address, item.name);
        const { parts, secrets } = hidden(
          { conditions: desiredConditions(item.conditions), action: desiredAction(item.action) },
          item.secret,
        );
        const fields: Fields = {
          priority: item.priority,
          ...parts,
          ...tagFields({ ...spec.tags, ...ownerTags(owner, address) }),
        };
        const settings = settingsOf(item.secret);
        const initial = { listener: refTo(listener.address, "arn") };
        return {
          address,
          kind: "rule",
          name: `${listener.name}/${item.name}`,
          fields,
          initial,
          secrets,
          settings,
        };
      });
    });
  },

  async list(reader, _service, listed) {
    const lists = (listed.get("listener") ?? []).map(async (parent) => {
      const items = await reader.list(
        "elasticloadbalancing:DescribeRules",
        { ListenerArn: parent.id, PageSize: 400 },
        (page) => page.Rules,
      );
      return items
        .filter((item) => item.IsDefault !== true)
        .map((item) => ({
          kind: "rule" as const,
          id: required(item.RuleArn, "RuleArn"),
          // AWS gives rules no names; ours stands in a tag.
          name: undefined,
          raw: item,
          parent,
        }));
    });
    return (await Promise.all(lists)).flat();
  },

  isNamedByUs({ parent }, tags) {
    const address = addressIn(tags);
    if (address === undefined) return false;
    const port = Number(present(parent?.name, "its listener's name").split(":").at(-1));
    return address === ruleAddress(listenerAddress(port), childNameOf(address));
  },

  async observe({ reader, found, tags, service, sought }) {
    const parent = present(found.parent, "its listener");
    const address = addressIn(tags);
    const child = address === undefined ? found.id : childNameOf(address);
    const name = `${present(parent.name, "its listener's name")}/${child}`;
    const secrecy = secrecyIn(service, parent.name, sought.places.get(found.id) ?? address, found.raw);
    const identity = { address, name, listenerArn: parent.id, secrecy };
    const answers = { "elasticloadbalancing:DescribeRules": found.raw };
    const members = toldMembersOf("rule", answers, secrecy === true);
    return { ...observed(found.raw, identity, tagFields(tags), reader.nowMs()), members };
  },

  /** Its name stands in its tags; where it sends requests does not. */
  glimpse({ raw, id, parent }, nowMs) {
    if (parent === undefined) return undefined;
    const identity = { address: undefined, name: id, listenerArn: parent.id, secrecy: undefined };
    return observed(raw, identity, {}, nowMs);
  },

  create(desired, fields) {
    const { conditions, action } = revealed(desired, fields);
    return callOf("elasticloadbalancing:CreateRule", {
      ListenerArn: text(fields, "listener"),
      Priority: number(fields, "priority"),
      Conditions: awsConditions(conditions),
      Actions: awsActions(action),
      Tags: tagList(tagsIn(fields)),
    });
  },

  created({ address, name, settings }, fields, { Rules: [made] = [] }, nowMs) {
    if (made?.RuleArn === undefined) return null;
    const identity = { address, name, listenerArn: text(fields, "listener"), secrecy: secrecyOf(settings) };
    return observed(made, identity, tagFields(tagsIn(fields)), nowMs);
  },

  update: changes,

  /** The priority first: at its former place it could get requests that others are to have. */
  become(change) {
    const { fields, observed: leaver, differences } = change;
    if (leaver.parent !== fields.listener) return undefined;
    const moves = differences.some(({ field }) => field === "priority");
    const RulePriorities = [{ RuleArn: leaver.id, Priority: number(fields, "priority") }];
    return [
      ...(moves ? [callOf("elasticloadbalancing:SetRulePriorities", { RulePriorities })] : []),
      ...changes(change),
    ];
  },

  remove({ id }) {
    return { calls: [callOf("elasticloadbalancing:DeleteRule", { RuleArn: id })], isLast: true };
  },

  lookAfresh: elbLook,

  tag: elbTagCalls,
  consequences: ({ differences }) =>
    differences === "removed"
      ? [{ effect: "interrupts", says: "requests that match it go by the rules that come after it" }]
      : [],
  refersTo: ({ parent, fields }) => [
    present(parent, "what it sits on"),
    ...targetGroupArnsIn(fields.action ?? null),
  ],
};

/** The priority is not among what ModifyRule takes: all rules of a listener are put in order by one call. */
function changes({ desired, fields, observed: { id }, differences }: Change): Call[] {
  const differs = (name: string) => differences.some(({ field }) => field === name);
  if (!differs("conditions") && !differs("action")) return [];
  const { conditions, action } = revealed(desired, fields);
  return [
    callOf(MODIFY, {
      RuleArn: id,
      ...(differs("conditions") ? { Conditions: awsConditions(conditions) } : {}),
      ...(differs("action") ? { Actions: awsActions(action) } : {}),
    }),
  ];
}

/** What the spec says of the rule at an address, or of the one with this priority: a renamed rule has its old address. */
function secrecyIn(
  { spec }: ServiceContext,
  listenerName: string | undefined,
  address: Address | undefined,
  { Priority: priority }: Rule,
): RuleSecrecy {
  const port = Number(listenerName?.split(":").at(-1));
  const rules = spec.loadBalancer.listeners.find((listener) => listener.port === port)?.rules ?? [];
  const found =
    rules.find(({ name }) => ruleAddress(listenerAddress(port), name) === address) ??
    rules.find((candidate) => String(candidate.priority) === priority);
  return found?.secret;
}

interface Identity {
  readonly address: Address | undefined;
  readonly name: string;
  readonly listenerArn: string;
  readonly secrecy: RuleSecrecy;
}

function observed(
  item: Rule,
  { address, name, listenerArn, secrecy }: Identity,
  more: Fields,
  nowMs: number,
): Seen {
  const arn = required(item.RuleArn, "RuleArn");
  const { parts, secrets } = hidden(
    {
      conditions: observedConditions(required(item.Conditions, "Conditions")),
      action: observedAction(required(item.Actions, "Actions")),
    },
    secrecy,
  );
  return {
    kind: "rule",
    id: arn,
    name,
    address,
    fields: {
      priority: Number(required(item.Priority, "Priority")),
      ...parts,
      ...more,
    },
    attributes: { arn, name },
    ...(Object.keys(secrets).length === 0 ? {} : { secrets }),
    refersTo: [listenerArn, ...targetGroupArnsIn(parts.action)],
    parent: listenerArn,
    lifecycle: "ready",
    observedAtMs: nowMs,
  };
}
