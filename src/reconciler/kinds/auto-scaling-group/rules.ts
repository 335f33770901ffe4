import { AUTO_SCALING_API, HOLDFAST, missing, type SpecRule } from "../spec-rule.ts";
import type { AutoScalingGroupSpec } from "./schema.ts";

const CREATE = `${AUTO_SCALING_API}/API_CreateAutoScalingGroup.html` as const;

export const autoScalingGroupRules: readonly SpecRule<AutoScalingGroupSpec>[] = [
  {
    at: "minSize",
    must: "not be above `maxSize`",
    when: ({ minSize, maxSize }) => minSize > maxSize,
    says: ({ minSize, maxSize }) => `must not be above maxSize (${maxSize}); was ${minSize}`,
    source: CREATE,
  },
  {
    at: "desiredCapacity",
    must: "be from `minSize` to `maxSize`",
    when: ({ desiredCapacity: wanted, minSize, maxSize }) =>
      wanted !== undefined && (wanted < minSize || wanted > maxSize),
    says: ({ desiredCapacity, minSize, maxSize }) =>
      `must be from minSize (${minSize}) to maxSize (${maxSize}); was ${desiredCapacity}`,
    source: CREATE,
  },
  {
    at: "targetGroups",
    must: "name target groups of this spec",
    each: ({ targetGroups = [] }, { spec }) =>
      targetGroups
        .filter((name) => spec.targetGroups[name] === undefined)
        .map((name) => missing("target group", name, spec.targetGroups)),
    reason: "FieldValueNotFound",
    source: HOLDFAST,
  },
  {
    at: "instanceRefresh.maxHealthyPercentage",
    must: "not be more than 100 above `minHealthyPercentage`",
    when: ({ instanceRefresh: { maxHealthyPercentage: most, minHealthyPercentage: least } }) =>
      most !== undefined && most - least > 100,
    says: ({ instanceRefresh: { maxHealthyPercentage: most, minHealthyPercentage: least } }) =>
      `must not be more than 100 above minHealthyPercentage (${least}); was ${most}`,
    source: `${AUTO_SCALING_API}/API_RefreshPreferences.html`,
  },
];
