/** Tags of groups. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { pageOf } from "../account/paging.ts";
import { pageSize } from "./activities.ts";
import { shownTags } from "./group-output.ts";
import { type Group, groupNamed, invalid, required, type State } from "./state.ts";

export function tagOperations(state: State) {
  return {
    CreateOrUpdateTags(input: asg.CreateOrUpdateTagsType): object {
      const tags = input.Tags ?? [];
      const groups = tags.map((tag) => groupOfTag(state, tag));
      tags.forEach((tag, index) => void set(groups[index]!, tag));
      return {};
    },
    /** A tag that is not there is no error. */
    DeleteTags(input: asg.DeleteTagsType): object {
      const tags = input.Tags ?? [];
      const groups = tags.map((tag) => groupOfTag(state, tag));
      tags.forEach((tag, index) => {
        const present = groups[index]!.tags.get(tag.Key ?? "");
        // autoscaling/delete-tag-by-value
        if (tag.Value === undefined || tag.Value === present?.value)
          groups[index]!.tags.delete(tag.Key ?? "");
      });
      return {};
    },
    DescribeTags(input: asg.DescribeTagsType): asg.TagsType {
      const tags = [...state.groups.values()]
        .flatMap(shownTags)
        .filter((tag) => (input.Filters ?? []).every((filter) => passes(tag, filter)));
      const page = pageOf(
        tags,
        (tag) => `${tag.ResourceId}/${tag.Key}`,
        { token: input.NextToken, size: pageSize(input.MaxRecords, 100, 50) },
        "InvalidNextToken",
      );
      return { Tags: [...page.items], NextToken: page.next };
    },
  };
}

function groupOfTag(state: State, tag: asg.Tag): Group {
  required(tag.ResourceId, "tags.resourceId");
  return groupNamed(state, tag.ResourceId);
}

function passes(tag: asg.TagDescription, filter: asg.Filter): boolean {
  const values = filter.Values ?? [];
  switch (filter.Name) {
    case "auto-scaling-group":
      return values.includes(tag.ResourceId ?? "");
    case "key":
      return values.includes(tag.Key ?? "");
    case "value":
      return values.includes(tag.Value ?? "");
    case "propagate-at-launch":
      return values.includes(String(tag.PropagateAtLaunch));
    default:
      throw invalid(`Filter name ${filter.Name} is not valid.`);
  }
}

/** The tags of a group that is being created. */
export function putTags(group: Group, tags: readonly asg.Tag[]): void {
  for (const tag of tags) set(group, tag);
}

function set(group: Group, tag: asg.Tag): void {
  group.tags.set(tag.Key ?? "", { value: tag.Value ?? "", propagate: tag.PropagateAtLaunch ?? false });
}
