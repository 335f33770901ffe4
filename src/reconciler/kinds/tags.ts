/** Tags between AWS's lists and our fields: `core/tags.ts` says what a tag is as a field, this what AWS makes of one. */
import { type Address, addressFrom } from "../../model/address.ts";
import type { Value } from "../../model/value.ts";
import { type Call, callOf } from "../core/actions.ts";
import { ownerTags, TAG_EPOCH, TAG_RESOURCE } from "../core/names.ts";
import type { Fields, ObservedResource } from "../core/resource.ts";
import { tagField, tagsAmong } from "../core/tags.ts";
import { asRecord, flag, text } from "./field-values.ts";

/** Name → value. */
export type Tags = Readonly<Record<string, string>>;

interface ListedTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** AWS's own tags, which nobody else may write. */
const RESERVED = "aws:";

/** A set of tags as fields, without AWS's own, and without what says nothing of what is wanted. */
export function tagFields(tags: Tags): Fields {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([name, value]) =>
      name.startsWith(RESERVED) || name === TAG_EPOCH ? [] : [[tagField(name), value]],
    ),
  );
}

/** The tags among some fields. */
export function tagsIn(fields: Fields): Tags {
  return textsOf(tagsAmong(fields));
}

/** Values of tags, as AWS takes them. */
export function textsOf(tags: Readonly<Record<string, Value>>): Tags {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value)]));
}

/** In the shape that most of AWS's inputs want. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The tags of a list that carries them. AWS leaves the member out when there are none. */
export function tagsFromList(list: readonly ListedTag[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""]));
}

/** Where a resource stands in the spec, as its tag says. */
export function addressIn(tags: Tags): Address | undefined {
  const address = tags[TAG_RESOURCE];
  return address === undefined ? undefined : addressFrom(address);
}

/** AWS's quota, its own tags not counted (docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html). */
const TAGS_PER_RESOURCE = 50;

/** What is written comes first, unless there is no room for it before something has gone. */
export function tagCallsInOrder(
  observed: ObservedResource,
  write: Readonly<Record<string, Value>>,
  writing: readonly Call[],
  removing: readonly Call[],
): Call[] {
  const live = tagsAmong(observed.fields);
  const fresh = Object.keys(write).filter((name) => live[name] === undefined);
  const there = Object.keys(live).length + (observed.epoch === undefined ? 0 : 1);
  const hasRoom = there + fresh.length <= TAGS_PER_RESOURCE;
  return hasRoom ? [...writing, ...removing] : [...removing, ...writing];
}

/** Tags of load balancers, listeners, rules and target groups are written by the same two calls. */
export function elbTagCalls(
  observed: ObservedResource,
  write: Readonly<Record<string, Value>>,
  remove: readonly string[],
): Call[] {
  const ResourceArns = [observed.id];
  const Tags = tagList(textsOf(write));
  const adding = Tags.length === 0 ? [] : [callOf("elasticloadbalancing:AddTags", { ResourceArns, Tags })];
  const removing = (TagKeys: string[]) =>
    TagKeys.length === 0 ? [] : [callOf("elasticloadbalancing:RemoveTags", { ResourceArns, TagKeys })];
  if (crowdsOutEpoch(observed, write, remove)) return [...removing([...remove, TAG_EPOCH]), ...adding];
  return tagCallsInOrder(observed, write, adding, removing([...remove]));
}

/** The tags that somebody wants come first. */
function crowdsOutEpoch(
  { epoch, fields }: ObservedResource,
  write: Readonly<Record<string, Value>>,
  remove: readonly string[],
): boolean {
  if (epoch === undefined || write[TAG_EPOCH] !== undefined) return false;
  const names = new Set([...Object.keys(tagsAmong(fields)), ...Object.keys(write)]);
  for (const name of remove) names.delete(name);
  return Object.keys(write).length > 0 && names.size >= TAGS_PER_RESOURCE;
}

/** Whether AWS takes none beside these. */
export function isFullOfTags(tags: readonly unknown[] = []): boolean {
  return tags.length >= TAGS_PER_RESOURCE;
}

interface ListedGroupTag extends ListedTag {
  readonly PropagateAtLaunch?: boolean | undefined;
}

const GROUP = "auto-scaling-group";

/**
 * The tag fields of an Auto Scaling group: the tags of everything, the owner tags, and the group's own. Unlike anybody
 * else's, each says whether new instances get it too.
 */
export function groupTagFields(
  owner: string,
  address: Address,
  shared: Tags,
  own: Readonly<Record<string, { value: string; propagateAtLaunch: boolean }>> | undefined,
): Fields {
  const ours = Object.entries({ ...shared, ...ownerTags(owner, address) }).map(
    ([name, value]) => [tagField(name), { value, propagateAtLaunch: false }] as const,
  );
  return Object.fromEntries([
    ...ours,
    ...Object.entries(own ?? {}).map(([name, tag]) => [tagField(name), { ...tag }] as const),
  ]);
}

/** The same fields from AWS's answer. */
export function observedGroupTagFields(list: readonly ListedGroupTag[] | undefined): Fields {
  const tags = (list ?? []).filter((tag) => !tag.Key?.startsWith(RESERVED));
  return Object.fromEntries(
    tags.map((tag) => [
      tagField(String(tag.Key)),
      { value: tag.Value ?? "", propagateAtLaunch: tag.PropagateAtLaunch === true },
    ]),
  );
}

/** Tags of a group as AWS wants them. */
export function groupTagList(group: string, tags: Readonly<Record<string, Value>>) {
  return Object.entries(tags).map(([Key, value]) => {
    const tag = asRecord(value, Key);
    return {
      Key,
      Value: text(tag, "value"),
      PropagateAtLaunch: flag(tag, "propagateAtLaunch"),
      ResourceId: group,
      ResourceType: GROUP,
    };
  });
}

/** The calls that write and remove tags of a group. */
export function groupTagCalls(
  observed: ObservedResource,
  write: Readonly<Record<string, Value>>,
  remove: readonly string[],
): Call[] {
  const { id } = observed;
  const Tags = groupTagList(id, write);
  const keys = remove.map((Key) => ({ Key, ResourceId: id, ResourceType: GROUP }));
  return tagCallsInOrder(
    observed,
    write,
    Tags.length === 0 ? [] : [callOf("autoscaling:CreateOrUpdateTags", { Tags })],
    keys.length === 0 ? [] : [callOf("autoscaling:DeleteTags", { Tags: keys })],
  );
}
