/** A load balancer as AWS describes it, as its part of a spec. */
import { attributesFromAws } from "../attributes.ts";
import { fieldsOf } from "../field.ts";
import {
  held,
  inOrderOf,
  leavesFromAws,
  lostTags,
  notHeld,
  type Part,
  stated,
  type Written,
} from "../from-aws.ts";
import type { Item } from "../kind.ts";
import type { Tags } from "../tags.ts";
import { LOAD_BALANCER_ATTRIBUTES, loadBalancerSchema } from "./schema.ts";

type LoadBalancer = Item<"elasticloadbalancing:DescribeLoadBalancers", "LoadBalancers">;
type Attribute = Item<"elasticloadbalancing:DescribeLoadBalancerAttributes", "Attributes">;

export interface LoadBalancerAnswers {
  readonly item: LoadBalancer;
  readonly attributes: readonly Attribute[];
  readonly tags: Tags;
}

const FIELDS = fieldsOf(loadBalancerSchema);

/** Without its listeners; its subnets are those of the whole spec. */
export function loadBalancerFromAws({ item, attributes, tags }: LoadBalancerAnswers, shared: Tags): Written {
  const { LoadBalancerName: name } = item;
  if (name === undefined) return notHeld("AWS's answer lacks its name");
  const securityGroups = [...(item.SecurityGroups ?? [])].sort();
  const members: Part = {
    name,
    ...leavesFromAws(FIELDS, item),
    ...stated({ securityGroups: securityGroups.length === 0 ? undefined : securityGroups }),
    attributes: attributesFromAws(
      loadBalancerSchema.properties.attributes,
      LOAD_BALANCER_ATTRIBUTES,
      attributes,
    ),
  };
  return held(inOrderOf(loadBalancerSchema, members), lostTags(tags, shared));
}
