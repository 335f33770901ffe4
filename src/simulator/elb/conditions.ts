/** Conditions of listener rules: how AWS shows what it was given. */
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

/** elb/condition-echo */
export function shownCondition(condition: RuleCondition): RuleCondition {
  switch (condition.Field) {
    case "host-header":
      return hostOrPath(condition, "HostHeaderConfig");
    case "path-pattern":
      return hostOrPath(condition, "PathPatternConfig");
    default:
      return condition;
  }
}

function hostOrPath(
  condition: RuleCondition,
  config: "HostHeaderConfig" | "PathPatternConfig",
): RuleCondition {
  const { Field, Values: plain = [], RegexValues, [config]: given } = condition;
  const patterns = given?.RegexValues ?? RegexValues ?? [];
  if (patterns.length > 0) return { Field, RegexValues: patterns, [config]: { RegexValues: patterns } };
  const values = given?.Values?.length ? given.Values : plain;
  return { Field, Values: values, [config]: { Values: values } };
}
