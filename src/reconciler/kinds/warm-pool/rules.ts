/** What AWS refuses of a warm pool because of the launch template of its group. */
import type { AutoScalingGroupSpec } from "../auto-scaling-group/schema.ts";
import { AUTO_SCALING_GUIDE, type SpecRule } from "../spec-rule.ts";

const LIMITATIONS = `${AUTO_SCALING_GUIDE}/ec2-auto-scaling-warm-pools.html` as const;

/** Of a template that is others' own the spec does not say what it holds. */
export const warmPoolRules: readonly SpecRule<AutoScalingGroupSpec>[] = [
  {
    at: "warmPool",
    must: "not be given with a launch template that asks for Spot Instances",
    when: ({ warmPool, launchTemplate }) =>
      warmPool !== undefined && launchTemplate.instanceMarketOptions?.marketType === "spot",
    says: "cannot be had with launchTemplate.instanceMarketOptions.marketType spot: AWS keeps no Spot Instances warm",
    source: LIMITATIONS,
  },
  {
    at: "warmPool.poolState",
    must: "be `Hibernated` only with `launchTemplate.hibernationOptions.configured`",
    when: ({ warmPool, launchTemplate }) =>
      warmPool?.poolState === "Hibernated" &&
      launchTemplate.shared === undefined &&
      launchTemplate.hibernationOptions?.configured !== true,
    says: "is Hibernated, which needs launchTemplate.hibernationOptions.configured: true",
    source: LIMITATIONS,
  },
];
