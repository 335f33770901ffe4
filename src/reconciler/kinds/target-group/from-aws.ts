/** A target group as AWS describes it, as its part of a spec. */
import { attributesFromAws } from "../attributes.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf } from "../field.ts";
import { held, inOrderOf, lostTags, nested, notHeld, type Part, type Written } from "../from-aws.ts";
import type { Item } from "../kind.ts";
import type { Tags } from "../tags.ts";
import { healthCheckOfAws, TARGET_GROUP_ATTRIBUTES, targetGroupSchema } from "./schema.ts";

type TargetGroup = Item<"elasticloadbalancing:DescribeTargetGroups", "TargetGroups">;
type Attribute = Item<"elasticloadbalancing:DescribeTargetGroupAttributes", "Attributes">;

export interface TargetGroupAnswers {
  readonly item: TargetGroup;
  readonly attributes: readonly Attribute[];
  readonly tags: Tags;
}

const FIELDS = fieldsOf(targetGroupSchema);
const { protocol: PROTOCOL, targetType: TARGET_TYPE } = targetGroupSchema.properties;

/** Why no target group of a spec can stand for this one; `undefined` when one can. */
export function whyNoTargetGroup({
  Protocol: protocol,
  TargetType: type = "instance",
}: TargetGroup): string | undefined {
  if (!TARGET_TYPE.enum.some((known) => known === type))
    return `its targets are of the type ${type}; the spec holds target groups of instances alone`;
  if (!PROTOCOL.enum.some((known) => known === protocol))
    return `its protocol is ${protocol ?? "unknown"}; the spec holds ${PROTOCOL.enum.join(" and ")}`;
  return undefined;
}

export function targetGroupFromAws({ item, attributes, tags }: TargetGroupAnswers, shared: Tags): Written {
  const why = whyNoTargetGroup(item);
  if (why !== undefined) return notHeld(why);
  const fields = {
    ...fieldsFromSpec(FIELDS, { healthCheck: healthCheckOfAws(item.ProtocolVersion) }),
    ...fieldsFromAws(FIELDS, item),
  };
  const members: Part = {
    name: item.TargetGroupName,
    ...nested(FIELDS, fields),
    attributes: attributesFromAws(
      targetGroupSchema.properties.attributes,
      TARGET_GROUP_ATTRIBUTES,
      attributes,
    ),
  };
  return held(inOrderOf(targetGroupSchema, members), lostTags(tags, shared));
}
