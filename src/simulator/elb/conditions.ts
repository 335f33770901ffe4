/**
 * Conditions of listener rules: what AWS refuses, and how it shows what it was given.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { type ElbState, invalid } from "./state.ts";

type Checked = { shown: RuleCondition; values: readonly string[] };

/** Of these a rule can have one each: elb/condition-fields. */
const ONCE = ["host-header", "path-pattern", "http-request-method", "source-ip"];

/** @throws AwsError */
export function checkedConditions(
  state: ElbState,
  conditions: readonly RuleCondition[] | undefined,
): RuleCondition[] {
  const given = conditions ?? [];
  if (given.length === 0) throw invalid("A rule must have at least one condition");
  const checked = given.map(checkedCondition);
  for (const field of ONCE) {
    if (given.filter((one) => one.Field === field).length > 1) {
      throw invalid(`A rule can have only one '${field}' condition`);
    }
  }
  const values = checked.flatMap((one) => one.values);
  // elb/condition-quotas
  const { conditionValuesPerRule, conditionWildcardsPerRule } = state.quotas;
  if (values.length > conditionValuesPerRule) {
    throw invalid(`A rule can only have '${conditionValuesPerRule}' condition values`);
  }
  if (values.join("").replace(/[^*?]/g, "").length > conditionWildcardsPerRule) {
    throw invalid(`A rule can only have '${conditionWildcardsPerRule}' wildcards in its condition values`);
  }
  return checked.map((one) => one.shown);
}

function checkedCondition(condition: RuleCondition): Checked {
  switch (condition.Field) {
    case "host-header":
      return hostOrPath(condition, "HostHeaderConfig", /^[A-Za-z0-9.*?:-]{1,128}$/);
    case "path-pattern":
      return hostOrPath(condition, "PathPatternConfig", /^[A-Za-z0-9_\-.$/~"'@:+&*?]{1,128}$/);
    case "http-request-method": {
      const values = required(condition.HttpRequestMethodConfig?.Values, condition.Field, /^[A-Z_-]{1,40}$/);
      return { shown: { Field: condition.Field, HttpRequestMethodConfig: { Values: values } }, values };
    }
    case "source-ip": {
      const values = required(condition.SourceIpConfig?.Values, condition.Field, /^[0-9a-fA-F.:]+\/\d{1,3}$/);
      return { shown: { Field: condition.Field, SourceIpConfig: { Values: values } }, values };
    }
    case "http-header": {
      const name = condition.HttpHeaderConfig?.HttpHeaderName ?? "";
      if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40}$/.test(name))
        throw invalid(`The HTTP header name '${name}' is not valid`);
      const config = condition.HttpHeaderConfig;
      const patterns = config?.RegexValues ?? [];
      const values =
        patterns.length > 0 ? patterns : required(config?.Values, condition.Field, /^[\s\S]{1,128}$/);
      return { shown: { Field: condition.Field, ...(config && { HttpHeaderConfig: config }) }, values };
    }
    case "query-string": {
      const config = condition.QueryStringConfig;
      const values = (config?.Values ?? []).map((one) => one.Value ?? "");
      required(values, condition.Field, /^[\s\S]{1,128}$/);
      return { shown: { Field: condition.Field, ...(config && { QueryStringConfig: config }) }, values };
    }
    default:
      throw invalid(`The condition field '${condition.Field}' is not valid`);
  }
}

/** elb/condition-echo */
function hostOrPath(
  condition: RuleCondition,
  config: "HostHeaderConfig" | "PathPatternConfig",
  allowed: RegExp,
): Checked {
  const old = condition.Values ?? [];
  const current = condition[config]?.Values ?? [];
  const patterns = condition[config]?.RegexValues ?? condition.RegexValues ?? [];
  if (old.length > 0 && current.length > 0 && old.join("\n") !== current.join("\n")) {
    throw invalid(`The values of a '${condition.Field}' condition are given twice and differ`);
  }
  if (patterns.length > 0) {
    return {
      shown: { Field: condition.Field, RegexValues: patterns, [config]: { RegexValues: patterns } },
      values: patterns,
    };
  }
  const values = required(current.length > 0 ? current : old, condition.Field ?? "", allowed);
  return { shown: { Field: condition.Field, Values: values, [config]: { Values: values } }, values };
}

function required(values: readonly string[] | undefined, field: string, allowed: RegExp): string[] {
  if (values === undefined || values.length === 0) throw invalid(`A '${field}' condition must have a value`);
  const bad = values.find((value) => !allowed.test(value));
  if (bad !== undefined) throw invalid(`The value '${bad}' of a '${field}' condition is not valid`);
  return [...values];
}
