/** The four types of policies. One cannot become another, so the type is part of the name. */
import type { Item } from "../kind.ts";
import type { ScalingPolicySpec } from "./schema.ts";

export type ScalingPolicy = Item<"autoscaling:DescribePolicies", "ScalingPolicies">;

const TYPES = {
  target: "TargetTrackingScaling",
  step: "StepScaling",
  simple: "SimpleScaling",
  predictive: "PredictiveScaling",
} as const;

type Word = keyof typeof TYPES;

const ENDING = new RegExp(`@(${Object.keys(TYPES).join("|")})$`);

function wordOf(policy: ScalingPolicySpec): Word {
  if (policy.targetTracking !== undefined) return "target";
  if (policy.predictiveScaling !== undefined) return "predictive";
  return policy.simpleScaling === undefined ? "step" : "simple";
}

/** AWS's name of the type that a spec asks for. */
export function typeWanted(policy: ScalingPolicySpec): string {
  return TYPES[wordOf(policy)];
}

/** The name that we give: `<owner>/<child>@<type>`. */
export function policyName(owner: string, child: string, policy: ScalingPolicySpec): string {
  return `${owner}/${child}@${wordOf(policy)}`;
}

/** The child's name in one of ours; `undefined` of another name. */
export function childIn(owner: string, name: string | undefined): string | undefined {
  return name?.startsWith(`${owner}/`) === true
    ? name.slice(owner.length + 1).replace(ENDING, "")
    : undefined;
}

/**
 * The type of a policy that AWS describes, who need not say it: simple is its default
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ScalingPolicy.html).
 */
export function typeOf(policy: ScalingPolicy): string {
  if (policy.PolicyType !== undefined) return policy.PolicyType;
  if (policy.TargetTrackingConfiguration !== undefined) return TYPES.target;
  if (policy.PredictiveScalingConfiguration !== undefined) return TYPES.predictive;
  return (policy.StepAdjustments ?? []).length > 0 ? TYPES.step : TYPES.simple;
}

export function isOfType(policy: ScalingPolicy, word: Word): boolean {
  return typeOf(policy) === TYPES[word];
}
