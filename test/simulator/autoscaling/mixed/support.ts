import type * as asg from "@aws-sdk/client-auto-scaling";
import type { Lab } from "../../support.ts";
import { GROUP, groupLab } from "../support.ts";

export const OWN = { LaunchTemplateName: "web", Version: "1" };

/** A policy over some types, each given as AWS's override or by its name. */
export function policyOf(
  overrides: readonly (string | asg.LaunchTemplateOverrides)[],
  distribution: asg.InstancesDistribution = {},
): asg.MixedInstancesPolicy {
  return {
    LaunchTemplate: {
      LaunchTemplateSpecification: OWN,
      Overrides: overrides.map((one) => (typeof one === "string" ? { InstanceType: one } : one)),
    },
    InstancesDistribution: distribution,
  };
}

/** A group with a policy that has come to rest. */
export function mixedLab(
  policy: asg.MixedInstancesPolicy,
  input: Partial<asg.CreateAutoScalingGroupType> = {},
  images?: string[],
): Promise<Lab> {
  return groupLab({ ...GROUP, LaunchTemplate: undefined, MixedInstancesPolicy: policy, ...input }, images);
}
