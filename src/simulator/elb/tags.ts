/** Tags of load balancers, target groups, listeners and rules. */
import type {
  AddTagsCommandInput,
  DescribeTagsCommandInput,
  RemoveTagsCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import type { OperationTable } from "../services.ts";
import {
  atMost,
  type ElbState,
  invalid,
  listenerOf,
  loadBalancerOf,
  ruleOf,
  tagMap,
  targetGroupOf,
} from "./state.ts";

export function buildElbTagOperations(state: ElbState): OperationTable {
  const tagsOf = (arn: string): Map<string, string> => {
    requireResource(state, arn);
    const tags = state.tags.get(arn) ?? new Map<string, string>();
    state.tags.set(arn, tags);
    return tags;
  };
  return {
    AddTags: (input: AddTagsCommandInput) => {
      const added = tagMap(input.Tags);
      const all = (input.ResourceArns ?? []).map(tagsOf);
      for (const tags of all) {
        if (new Set([...tags.keys(), ...added.keys()]).size > 50) {
          throw new AwsError("TooManyTags", "The maximum number of tags has been exceeded");
        }
      }
      for (const tags of all) for (const [key, value] of added) tags.set(key, value);
      return {};
    },
    RemoveTags: (input: RemoveTagsCommandInput) => {
      const all = (input.ResourceArns ?? []).map(tagsOf);
      for (const tags of all) for (const key of input.TagKeys ?? []) tags.delete(key);
      return {};
    },
    // elb/describe-tags-batch
    DescribeTags: (input: DescribeTagsCommandInput) => {
      atMost(input.ResourceArns, 20, "resources");
      return {
        TagDescriptions: (input.ResourceArns ?? []).map((arn) => ({
          ResourceArn: arn,
          Tags: [...tagsOf(arn)].map(([Key, Value]) => ({ Key, Value })),
        })),
      };
    },
  };
}

function requireResource(state: ElbState, arn: string): void {
  if (arn.includes(":loadbalancer/")) loadBalancerOf(state, arn);
  else if (arn.includes(":targetgroup/")) targetGroupOf(state, arn);
  else if (arn.includes(":listener/")) listenerOf(state, arn);
  else if (arn.includes(":listener-rule/")) ruleOf(state, arn);
  else throw invalid(`'${arn}' is not a valid resource ARN`);
}
