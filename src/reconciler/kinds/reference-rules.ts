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
  const [collection, name = "", , policy = ""] = ref.split(".");
  if (collection === "targetGroups") {
    return memberOf(targetGroups, name) === undefined ? [missing("target group", name, targetGroups)] : [];
  }
  if (collection !== "autoScalingGroups") return [];
  const group = memberOf(autoScalingGroups, name);
  if (group === undefined) return [missing("Auto Scaling group", name, autoScalingGroups)];
  const { scalingPolicies = {} } = group;
  return policy === "" || memberOf(scalingPolicies, policy) !== undefined
    ? []
    : [missing(`scaling policy of ${name}`, policy, scalingPolicies)];
}
