/** Tags of an Auto Scaling group: unlike anybody else's, each says whether new instances get it too. */
import type { Value } from "../../model/value.ts";
import { ownerTags } from "../core/names.ts";
import type { Fields } from "../core/resource.ts";
import type { AutoScalingGroup } from "./instance-refresh.ts";

/** `tags.*` fields of a group: the tags of everything, the owner tags, and the group's own. */
export function groupTagFields(
  owner: string,
  address: string,
  shared: Readonly<Record<string, string>>,
  own: Readonly<Record<string, { value: string; propagateAtLaunch: boolean }>> | undefined,
): Fields {
  const ours = Object.entries({ ...shared, ...ownerTags(owner, address) }).map(
    ([name, value]) => [`tags.${name}`, { value, propagateAtLaunch: false }] as const,
  );
  return Object.fromEntries([
    ...ours,
    ...Object.entries(own ?? {}).map(([name, tag]) => [`tags.${name}`, { ...tag }] as const),
  ]);
}

/** The same fields from AWS's answer. */
export function observedTagFields(group: AutoScalingGroup): Fields {
  const tags = (group.Tags ?? []).filter((tag) => !tag.Key?.startsWith("aws:"));
  return Object.fromEntries(
    tags.map((tag) => [
      `tags.${tag.Key}`,
      { value: tag.Value ?? "", propagateAtLaunch: tag.PropagateAtLaunch === true },
    ]),
  );
}

/** All tags among some fields, as AWS wants them. */
export function groupTags(name: string, fields: Fields) {
  return Object.entries(fields)
    .filter(([field]) => field.startsWith("tags."))
    .map(([field, value]) => groupTag(name, field.slice("tags.".length), value));
}

/** One tag as AWS wants it. */
export function groupTag(name: string, Key: string, tag: Value) {
  const { value, propagateAtLaunch } = tag as { value: string; propagateAtLaunch: boolean };
  return {
    Key,
    Value: value,
    PropagateAtLaunch: propagateAtLaunch,
    ResourceId: name,
    ResourceType: "auto-scaling-group",
  };
}
