import type { Output } from "../../ports.ts";
import { nameStem, ownerTags, physicalName, TAG_RESOURCE } from "../core/names.ts";
import type { Fields, Seen } from "../core/resource.ts";
import {
  attributeDefault,
  attributeFields,
  attributeInputs,
  initialAttributeFields,
  observedAttributeFields,
} from "./attributes.ts";
import { elbTagCalls, required } from "./elb.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "./field.ts";
import { callOf, type Item, type Kind, tagFields, tagList, tagsIn } from "./kind.ts";
import { loadBalancerIdentity } from "./load-balancer.ts";
import { TARGET_GROUP_ATTRIBUTES, targetGroupSchema } from "./target-group/schema.ts";

type TargetGroup = Item<"elasticloadbalancing:DescribeTargetGroups", "TargetGroups">;
type TargetHealthDescription = Item<"elasticloadbalancing:DescribeTargetHealth", "TargetHealthDescriptions">;

const MODIFY = "elasticloadbalancing:ModifyTargetGroup";
const NAME_LIMIT = 32;

const FIELDS = fieldsOf(targetGroupSchema);

export interface TargetGroupDetail {
  readonly targets: readonly { instanceId: string; state: string; reason?: string; description?: string }[];
  readonly loadBalancerArns: readonly string[];
}

export function targetGroupKey(name: string): string {
  return `targetGroups.${name}`;
}

export const targetGroup: Kind = {
  name: "targetGroup",
  title: "target group",
  family: "traffic",
  schema: targetGroupSchema,
  tagSource: "elasticloadbalancing",

  desired({ key, owner, spec }) {
    return Object.entries(spec.targetGroups).map(([child, wanted]) => {
      const address = targetGroupKey(child);
      const replaced = FIELDS.filter((info) => info.change === "replace");
      const name = physicalName({
        service: key.name,
        child,
        limit: NAME_LIMIT,
        owner,
        resource: address,
        immutable: { ...fieldsFromSpec(replaced, wanted), loadBalancer: loadBalancerIdentity(spec) },
      });
      const fields: Fields = {
        ...fieldsFromSpec(FIELDS, wanted),
        vpcId: spec.vpcId,
        ...attributeFields(wanted.attributes),
        ...tagFields({ ...spec.tags, ...ownerTags(owner, address) }),
      };
      return { key: address, kind: "targetGroup", name, fields };
    });
  },

  async list(reader, { key }) {
    const all = await reader.list<"elasticloadbalancing:DescribeTargetGroups", TargetGroup>(
      "elasticloadbalancing:DescribeTargetGroups",
      { PageSize: 400 },
      (page) => page.TargetGroups,
    );
    const stem = nameStem(key.name, NAME_LIMIT);
    return all
      .filter((item) => item.TargetGroupName?.startsWith(stem))
      .map((item) => ({
        kind: "targetGroup",
        id: required(item.TargetGroupArn, "TargetGroupArn"),
        name: required(item.TargetGroupName, "TargetGroupName"),
        raw: item,
      }));
  },

  async observe(reader, found, tags) {
    const [attributes, health] = await Promise.all([
      reader.call("elasticloadbalancing:DescribeTargetGroupAttributes", { TargetGroupArn: found.id }),
      reader.call("elasticloadbalancing:DescribeTargetHealth", { TargetGroupArn: found.id }),
    ]);
    const more = {
      ...observedAttributeFields(required(attributes.Attributes, "Attributes")),
      ...tagFields(tags),
    };
    const targets = required(health.TargetHealthDescriptions, "TargetHealthDescriptions");
    return observed(found.raw as TargetGroup, more, tags[TAG_RESOURCE], targets, reader.nowMs());
  },

  create(desired, fields) {
    return callOf("elasticloadbalancing:CreateTargetGroup", {
      ...inputFrom(FIELDS, fields),
      Name: desired.name,
      VpcId: String(fields.vpcId),
      Tags: tagList(tagsIn(fields)),
    });
  },

  created(desired, fields, output, nowMs) {
    const [made] = (output as Output<"elasticloadbalancing:CreateTargetGroup">).TargetGroups ?? [];
    if (made?.TargetGroupArn === undefined) return null;
    return observed(
      made,
      { ...initialAttributeFields(TARGET_GROUP_ATTRIBUTES), ...tagFields(tagsIn(fields)) },
      desired.key,
      [],
      nowMs,
    );
  },

  update({ fields, observed: { id }, differences }) {
    const calls = attributeInputs(differences).map((Attributes) =>
      callOf("elasticloadbalancing:ModifyTargetGroupAttributes", { TargetGroupArn: id, Attributes }),
    );
    const changed = FIELDS.filter((info) => info.change === MODIFY);
    if (differences.some(({ field }) => changed.some((info) => info.path === field))) {
      calls.push(callOf(MODIFY, { ...inputFrom(changed, fields), TargetGroupArn: id }));
    }
    return calls;
  },

  remove({ id }) {
    return [callOf("elasticloadbalancing:DeleteTargetGroup", { TargetGroupArn: id })];
  },

  tag: elbTagCalls,
  defaultOf: (field) => attributeDefault(TARGET_GROUP_ATTRIBUTES, field),

  /**
   * A target group is itself ready at once; what takes time is its targets' first health check, or, where somebody
   * waits for it, so many of them to become healthy.
   */
  probe({ id, detail }, _nowMs, needed) {
    const { targets } = detail as TargetGroupDetail;
    const isChecked = targets.length > 0 && targets.every((target) => target.state !== "initial");
    if (isChecked && needed === undefined) return undefined;
    return {
      call: callOf("elasticloadbalancing:DescribeTargetHealth", { TargetGroupArn: id }),
      firstAfterMs: 10_000,
      everyMs: 15_000,
      isSettled: (answer) => {
        const list =
          (answer as Output<"elasticloadbalancing:DescribeTargetHealth">).TargetHealthDescriptions ?? [];
        const states = list.map((target) => target.TargetHealth?.State);
        return needed === undefined
          ? states.length > 0 && !states.includes("initial")
          : states.filter((state) => state === "healthy").length >= needed;
      },
    };
  },
};

function observed(
  item: TargetGroup,
  more: Fields,
  key: string | undefined,
  targets: readonly TargetHealthDescription[],
  nowMs: number,
): Seen {
  const arn = required(item.TargetGroupArn, "TargetGroupArn");
  const name = required(item.TargetGroupName, "TargetGroupName");
  const loadBalancerArns = item.LoadBalancerArns ?? [];
  const detail: TargetGroupDetail = {
    loadBalancerArns,
    targets: targets.map(({ Target, TargetHealth }) => ({
      instanceId: Target?.Id ?? "",
      state: TargetHealth?.State ?? "unknown",
      ...(TargetHealth?.Reason === undefined ? {} : { reason: TargetHealth.Reason }),
      ...(TargetHealth?.Description === undefined ? {} : { description: TargetHealth.Description }),
    })),
  };
  return {
    kind: "targetGroup",
    id: arn,
    name,
    key,
    fields: {
      ...fieldsFromAws(FIELDS, item),
      ...(item.VpcId === undefined ? {} : { vpcId: item.VpcId }),
      ...more,
    },
    attributes: { arn, name, dimension: arn.slice(arn.indexOf("targetgroup/")) },
    refersTo: [],
    lifecycle: "ready",
    detail,
    observedAtMs: nowMs,
  };
}
