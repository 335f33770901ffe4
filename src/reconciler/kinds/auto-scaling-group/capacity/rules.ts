/** What a spec must not say of the sizes of a group, beside their ranges. */
import { AUTO_SCALING_API, AUTO_SCALING_GUIDE, HOLDFAST, type SpecRule } from "../../spec-rule.ts";
import type { AutoScalingGroupSpec } from "../schema.ts";
import { scalingPoliciesIn } from "./owners.ts";
import { isFixed } from "./sizes.ts";

const SCHEDULED = `${AUTO_SCALING_GUIDE}/ec2-auto-scaling-scheduled-scaling.html` as const;

const actionsOf = ({ scheduledActions = {} }: AutoScalingGroupSpec) => Object.entries(scheduledActions);
const fixedOf = (group: AutoScalingGroupSpec): number | undefined =>
  isFixed(group) ? group.desiredCapacity : undefined;

/** A forecast may raise the maximum to whatever it comes to. */
const isRaised = ({ scalingPolicies = {} }: AutoScalingGroupSpec): boolean =>
  Object.values(scalingPolicies).some(
    ({ predictiveScaling: predictive }) => predictive?.maxCapacityBreachBehavior === "IncreaseMaxCapacity",
  );

export const capacityRules: readonly SpecRule<AutoScalingGroupSpec>[] = [
  {
    at: "minSize",
    must: "not be above `maxSize`",
    when: ({ minSize, maxSize }) => minSize > maxSize,
    says: ({ minSize, maxSize }) => `must not be above maxSize (${maxSize}); was ${minSize}`,
    source: `${AUTO_SCALING_API}/API_CreateAutoScalingGroup.html`,
  },
  {
    at: "desiredCapacity",
    must: "be from `minSize` to `maxSize`",
    when: ({ desiredCapacity: wanted, minSize, maxSize }) =>
      wanted !== undefined && (wanted < minSize || wanted > maxSize),
    says: ({ desiredCapacity, minSize, maxSize }) =>
      `must be from minSize (${minSize}) to maxSize (${maxSize}); was ${desiredCapacity}`,
    source: `${AUTO_SCALING_API}/API_CreateAutoScalingGroup.html`,
  },
  {
    at: "desiredCapacity",
    must: "be given with `desiredCapacityPolicy` Fixed",
    when: (group) => isFixed(group) && group.desiredCapacity === undefined,
    says: "is required with desiredCapacityPolicy Fixed",
    reason: "FieldValueRequired",
    source: HOLDFAST,
  },
  {
    at: "scheduledActions",
    must: "leave a capacity alone that is fixed: set no `desiredCapacity`, and no `minSize` above or `maxSize` below it",
    each: (group) => {
      const fixed = fixedOf(group);
      if (fixed === undefined) return [];
      return actionsOf(group).flatMap(([name, { minSize, maxSize, desiredCapacity }]) => [
        ...(desiredCapacity === undefined
          ? []
          : [
              {
                at: `scheduledActions.${name}.desiredCapacity`,
                says: "must not be set with desiredCapacityPolicy Fixed: leave it out, or make the policy Initial",
              },
            ]),
        ...(minSize === undefined || minSize <= fixed
          ? []
          : [
              {
                at: `scheduledActions.${name}.minSize`,
                says: `must not be above the fixed desiredCapacity (${fixed}); was ${minSize}`,
              },
            ]),
        ...(maxSize === undefined || maxSize >= fixed
          ? []
          : [
              {
                at: `scheduledActions.${name}.maxSize`,
                says: `must not be below the fixed desiredCapacity (${fixed}); was ${maxSize}`,
              },
            ]),
      ]);
    },
    source: HOLDFAST,
  },
  {
    at: "scalingPolicies",
    must: "have none that scales with `desiredCapacityPolicy` Fixed",
    each: (group) =>
      isFixed(group)
        ? scalingPoliciesIn(group).map((name) => ({
            at: `scalingPolicies.${name}`,
            says: "would scale what desiredCapacityPolicy Fixed puts back: take it out, set `enabled: false`, or make the policy Initial",
          }))
        : [],
    source: HOLDFAST,
  },
  {
    at: "scheduledActions",
    must: "set no `desiredCapacity` that no size of the group and its actions allows",
    each: (group) => {
      const actions = actionsOf(group);
      const least = Math.min(group.minSize, ...actions.map(([, { minSize = group.minSize }]) => minSize));
      const most = isRaised(group)
        ? Number.POSITIVE_INFINITY
        : Math.max(group.maxSize, ...actions.map(([, { maxSize = group.maxSize }]) => maxSize));
      return actions.flatMap(([name, { desiredCapacity: wanted }]) =>
        wanted === undefined || (wanted >= least && wanted <= most)
          ? []
          : [
              {
                at: `scheduledActions.${name}.desiredCapacity`,
                says: `must be from ${least} to ${most === Number.POSITIVE_INFINITY ? "what a forecast raises" : most}, which is all that the group and its scheduled actions allow; was ${wanted}`,
              },
            ],
      );
    },
    source: SCHEDULED,
  },
];
