/** One very resource, read right before it is deleted: see guards/fresh-ownership.ts. */
import { CloudError } from "../../model/errors.ts";
import type { ReadingCloud, ReadOperation } from "../../ports.ts";
import { TAG_OWNER } from "../core/names.ts";
import type { FreshLook } from "../core/observation.ts";
import type { ObservedResource } from "../core/resource.ts";
import type { ExactReader, Kind } from "./kind.ts";
import { required } from "./required.ts";
import { tagsFromList } from "./tags.ts";

type Shown = Extract<FreshLook, { is: "there" }>;

interface ListedTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Reads it once more; never throws what AWS answers. */
export async function freshLook(
  cloud: ReadingCloud,
  kind: Kind,
  observed: ObservedResource,
): Promise<FreshLook> {
  try {
    return await kind.lookAfresh({ call: (operation, input) => cloud.call(operation, input) }, observed);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    if (error.category === "notFound") return { is: "gone" };
    return { is: "unread", what: `${observed.name}, right before its deletion,` };
  }
}

/** What an answer shows of it. */
export function shown(id: string, tags: readonly ListedTag[] | undefined): Shown {
  return { is: "there", id, owner: tagsFromList(tags)[TAG_OWNER] };
}

/** The one that was asked for. @throws CloudError `notFound` when AWS answers with none */
export function theOne<T>(operation: ReadOperation, items: readonly T[] | undefined, what: string): T {
  const [item] = required(items, what);
  if (item !== undefined) return item;
  const message = `AWS does not show ${what}`;
  throw new CloudError({ operation, code: "NotFound", category: "notFound", message });
}

/** Load balancers, target groups, listeners and rules are named by ARNs that no other one ever gets. */
export async function elbLook(reader: ExactReader, { id }: { readonly id: string }): Promise<Shown> {
  const { TagDescriptions } = await reader.call("elasticloadbalancing:DescribeTags", { ResourceArns: [id] });
  const found = required(
    TagDescriptions?.find(({ ResourceArn }) => ResourceArn === id),
    `the tags of ${id}`,
  );
  return shown(id, found.Tags);
}

/** A group is named by its name, which another one may have by now; its ARN is its own. */
export async function groupLook(reader: ExactReader, name: string, arn: string | undefined): Promise<Shown> {
  const operation = "autoscaling:DescribeAutoScalingGroups";
  const answer = await reader.call(operation, { AutoScalingGroupNames: [name], MaxRecords: 1 });
  const group = theOne(operation, answer.AutoScalingGroups, `Auto Scaling group ${name}`);
  const isTheSame = arn === undefined || group.AutoScalingGroupARN === arn;
  return shown(isTheSame ? name : required(group.AutoScalingGroupARN, "AutoScalingGroupARN"), group.Tags);
}
