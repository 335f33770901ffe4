/**
 * Lists that AWS gives for the whole account, and what of them answers a read that asks for one service's part. A part is
 * taken from a list that was read to its end, so that what is not in it was not there.
 */
import { ListWalk } from "../model/fleet/list-walk.ts";
import type { CallOptions, ReadingCloud, ReadOperation } from "../ports.ts";

/** A part of a list: what stands under one key. */
export interface Part {
  /** What is asked for the whole list. */
  readonly whole: object;
  readonly member: string;
  /** Absent: all of it. */
  readonly under?: Under;
}

interface Under {
  readonly key: string;
  /** What the keys are. */
  readonly by: string;
  /** The keys that an item of the list stands under. */
  readonly keysOf: (item: object) => readonly (string | undefined)[];
  /** AWS refuses what is not there: a list that lacks it does not answer for it. */
  readonly isNamed?: true;
}

interface Tagged {
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
}

type PartOf = (input: Record<string, unknown>) => Part | undefined;

const SHARED: Partial<Record<ReadOperation, PartOf>> = {
  "elasticloadbalancing:DescribeLoadBalancers": allOrOne("LoadBalancers", "LoadBalancerArn"),
  "elasticloadbalancing:DescribeTargetGroups": allOrOne("TargetGroups", "TargetGroupArn"),
  "autoscaling:DescribeAutoScalingGroups": byOwnTag("AutoScalingGroups"),
  "ec2:DescribeLaunchTemplates": byOwnTag("LaunchTemplates"),
  "autoscaling:DescribePolicies": byGroup("ScalingPolicies"),
  "autoscaling:DescribeScheduledActions": byGroup("ScheduledUpdateGroupActions"),
  "cloudwatch:DescribeAlarms": byPrefix("MetricAlarms"),
};

/** The part of a whole list that a read asks for; `undefined` where it asks for something else. */
export function partOf(operation: ReadOperation, input: object): Part | undefined {
  return SHARED[operation]?.(input as Record<string, unknown>);
}

/** The page size of what is read whole: docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html */
const PAGE_SIZE = 400;

/** All, or one by its ARN. */
function allOrOne(member: string, id: string): PartOf {
  return ({ PageSize: size = PAGE_SIZE, [`${id}s`]: ids, ...rest }) => {
    if (Object.keys(rest).length > 0) return undefined;
    const whole = { PageSize: size };
    if (ids === undefined) return { whole, member };
    const [key, ...more] = ids as readonly string[];
    if (key === undefined || more.length > 0) return undefined;
    const keysOf = (item: object) => [(item as Record<string, string>)[id]];
    return { whole, member, under: { key, by: id, keysOf, isNamed: true } };
  };
}

/** One filter `tag:<key>` with one value: a part of what carries the tag at all. */
function byOwnTag(member: string): PartOf {
  return ({ Filters, ...rest }) => {
    const [filter, ...more] = (Filters ?? []) as readonly { Name?: string; Values?: readonly string[] }[];
    const [value, ...others] = filter?.Values ?? [];
    const tag = /^tag:(.+)$/.exec(filter?.Name ?? "")?.[1];
    if (tag === undefined || value === undefined || more.length + others.length > 0) return undefined;
    return {
      whole: { ...rest, Filters: [{ Name: "tag-key", Values: [tag] }] },
      member,
      under: { key: value, by: tag, keysOf: (item) => valuesOf(item, tag) },
    };
  };
}

function valuesOf(item: object, tag: string): (string | undefined)[] {
  return ((item as Tagged).Tags ?? []).filter(({ Key }) => Key === tag).map(({ Value }) => Value);
}

/** One group's: a part of what all groups have. */
function byGroup(member: string): PartOf {
  return ({ AutoScalingGroupName: group, ...rest }) => {
    if (typeof group !== "string" || Object.keys(rest).some((name) => name !== "MaxRecords"))
      return undefined;
    const keysOf = (item: object) => [(item as { AutoScalingGroupName?: string }).AutoScalingGroupName];
    return { whole: rest, member, under: { key: group, by: "group", keysOf } };
  };
}

/** `<installation>/<namespace>/<name>/`: a part of what the installation has. */
function byPrefix(member: string): PartOf {
  return ({ AlarmNamePrefix: prefix, ...rest }) => {
    if (typeof prefix !== "string") return undefined;
    const [installation, ...below] = prefix.split("/");
    if (below.length !== 3 || below.at(-1) !== "") return undefined;
    const keysOf = (item: object) => {
      const name = (item as { AlarmName?: string }).AlarmName ?? "";
      return [`${name.split("/").slice(0, 3).join("/")}/`];
    };
    const whole = { ...rest, AlarmNamePrefix: `${installation}/` };
    return { whole, member, under: { key: prefix, by: "prefix", keysOf } };
  };
}

/** A list that was read to its end. */
export interface WholeList {
  readonly items: readonly object[];
  readonly pages: number;
  /** The last answer, without its items. */
  readonly rest: object;
  /** What the keys are → key → what stands under it; made when it is first asked for. */
  readonly indexes: Map<string, ReadonlyMap<string, readonly object[]>>;
}

/**
 * Reads a list to its end.
 * @throws CloudError the failure of any of its pages; `malformed` when a page lacks the list, or the pages do not end
 */
export async function readWhole(
  cloud: ReadingCloud,
  operation: ReadOperation,
  part: Part,
  options: CallOptions,
): Promise<WholeList> {
  const walk = new ListWalk<object>(operation);
  let position: object | undefined = {};
  let rest: object = {};
  while (position !== undefined) {
    const page: object = await cloud.call(operation, { ...part.whole, ...position } as never, options);
    position = walk.take(page, (page as Record<string, readonly object[] | undefined>)[part.member]);
    rest = without(page, part.member);
  }
  return { items: walk.items, pages: walk.pages, rest, indexes: new Map() };
}

/** As AWS would have answered it, on one page; `undefined` where the list does not answer for it. */
export function answerOf({ items, rest, indexes }: WholeList, { under, member }: Part): object | undefined {
  if (under === undefined) return { ...rest, [member]: items };
  const index = indexes.get(under.by) ?? indexed(items, under);
  indexes.set(under.by, index);
  const found = index.get(under.key);
  if (found === undefined && under.isNamed === true) return undefined;
  return { ...rest, [member]: found ?? [] };
}

function indexed(items: readonly object[], { keysOf }: Under): ReadonlyMap<string, readonly object[]> {
  const index = new Map<string, object[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      if (key === undefined) continue;
      const under = index.get(key);
      if (under === undefined) index.set(key, [item]);
      else under.push(item);
    }
  }
  return index;
}

function without(page: object, member: string): object {
  const { [member]: _items, ...rest } = page as Record<string, unknown>;
  return rest;
}
