import { referenceIn } from "../../model/address.ts";
import { isReference } from "./reference.ts";
import { HOLDFAST, memberOf, missing, type SpecRule } from "./spec-rule.ts";
import type { WebServiceSpec } from "./web-service.ts";

/**
 * What a reference names stands in the spec.
 * @param isAllowed whether a reference of this form has a place here; what has none is told by a rule of its own
 */
export function siblingExists(isAllowed: (ref: string) => boolean): SpecRule<unknown> {
  return {
    at: "ref",
    must: "name something of this spec",
    each: (part, { spec }) => (isReference(part) && isAllowed(part.ref) ? absentSibling(part.ref, spec) : []),
    reason: "FieldValueNotFound",
    source: HOLDFAST,
  };
}

function absentSibling(ref: string, { targetGroups, autoScalingGroups }: WebServiceSpec): string[] {
  const reference = referenceIn(ref);
  switch (reference?.to) {
    case "targetGroup":
      return memberOf(targetGroups, reference.name) === undefined
        ? [missing("target group", reference.name, targetGroups)]
        : [];
    case "autoScalingGroup":
      return memberOf(autoScalingGroups, reference.name) === undefined
        ? [missing("Auto Scaling group", reference.name, autoScalingGroups)]
        : [];
    case "scalingPolicy": {
      const { autoScalingGroup, name } = reference;
      const group = memberOf(autoScalingGroups, autoScalingGroup);
      if (group === undefined) return [missing("Auto Scaling group", autoScalingGroup, autoScalingGroups)];
      const { scalingPolicies = {} } = group;
      return memberOf(scalingPolicies, name) === undefined
        ? [missing(`scaling policy of ${autoScalingGroup}`, name, scalingPolicies)]
        : [];
    }
    case "loadBalancer":
    case undefined:
      return [];
  }
}
