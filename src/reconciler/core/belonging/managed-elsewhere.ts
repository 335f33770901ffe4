/**
 * Tags by which other programs say that a resource is theirs. Two that both put right what the other writes are worse than
 * none, so that nothing of it is adopted before a person says that nobody else manages it any more. Pure.
 */
import type { Address } from "../../../model/address.ts";
import type { ManagerTag } from "../../../model/managed-by.ts";
import type { Obstacle } from "../actions.ts";
import { TAG_OWNER } from "../names.ts";
import type { Claimant, ObservedResource } from "../resource.ts";

/** Lists, with commas, the managers of {@link managersOf} that manage the service's resources no more. */
export const ANNOTATION_NO_LONGER_MANAGED_BY = "holdfast.dev/no-longer-managed-by";

/** Name → value, as AWS has them, its own among them. */
type Tags = Readonly<Record<string, string>>;

/** What the annotation calls another installation of this program. */
const ANOTHER_HOLDFAST = "another-holdfast";

/**
 * Who else is known by their tags: exact names, and prefixes that end in `:` or `/`.
 * - docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
 * - kubernetes-sigs.github.io/aws-load-balancer-controller (elbv2.k8s.aws/cluster, ingress.k8s.aws/*, service.k8s.aws/*)
 * - kubernetes.io/cluster/<name>: docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 * - docs.aws.amazon.com/elasticbeanstalk/latest/dg/applications-tagging-resources.html
 * - AmazonECSManaged: docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
 * - eks:nodegroup-name, eks:cluster-name: docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
 */
const KNOWN: readonly { readonly manager: string; readonly tags: readonly string[] }[] = [
  { manager: "cloudformation", tags: ["aws:cloudformation:"] },
  {
    manager: "kubernetes",
    tags: ["elbv2.k8s.aws/", "ingress.k8s.aws/", "service.k8s.aws/", "kubernetes.io/", "k8s.io/"],
  },
  { manager: "elastic-beanstalk", tags: ["elasticbeanstalk:"] },
  { manager: "ecs", tags: ["AmazonECSManaged", "aws:ecs:"] },
  { manager: "eks", tags: ["eks:", "aws:eks:"] },
];

/** Everybody who says by a tag that the resource is theirs, each once. */
export function managersOf(tags: Tags, owner: string, listed: readonly ManagerTag[]): Claimant[] {
  const found: Claimant[] = [];
  for (const [tag, value] of Object.entries(tags)) {
    if (tag === TAG_OWNER && value !== owner) {
      found.push({ manager: ANOTHER_HOLDFAST, tag, says: `another Holdfast or service (${value})` });
    }
    for (const { manager, tags: theirs } of KNOWN)
      if (theirs.some((one) => isTag(tag, one))) found.push({ manager, tag });
    for (const one of listed) {
      const isSame = one.tag === tag && (one.value === undefined || one.value === value);
      if (isSame)
        found.push({ manager: one.manager, tag: one.value === undefined ? tag : `${tag}=${value}` });
    }
  }
  return found.filter(
    ({ manager }, index) => found.findIndex((other) => other.manager === manager) === index,
  );
}

function isTag(tag: string, known: string): boolean {
  return known.endsWith(":") || known.endsWith("/") ? tag.startsWith(known) : tag === known;
}

/** The managers that a person has named in the annotation. */
export function formerManagersIn(annotation: string | undefined): ReadonlySet<string> {
  return new Set(
    (annotation ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  );
}

/** Why it is not adopted; `undefined` where nobody else claims it, or no longer does. */
export function managedElsewhere(
  address: Address,
  { name, managedBy = [] }: Pick<ObservedResource, "name" | "managedBy">,
  former: ReadonlySet<string>,
): Obstacle | undefined {
  const [first] = managedBy.filter(({ manager }) => !former.has(manager));
  if (first === undefined) return undefined;
  const all = [...new Set([...former, ...managedBy.map(({ manager }) => manager)])].sort().join(",");
  return {
    address,
    reason: "ManagedElsewhere",
    message:
      `${name} carries the tag ${first.tag}, so that ${first.says ?? first.manager} manages it: it is not adopted. ` +
      `Once nobody else manages it any more, say so with the annotation ${ANNOTATION_NO_LONGER_MANAGED_BY}: ${all}.`,
  };
}
