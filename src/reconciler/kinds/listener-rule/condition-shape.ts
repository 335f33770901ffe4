/** Rule conditions in comparable shape: AWS's form of them with its mirrored `Values` removed. */
import type { Value } from "../../../model/value.ts";
import { sortedSet } from "../../core/references.ts";
import type { Fields } from "../../core/resource.ts";
import { asRecords, optionalText, records, text, texts } from "../field-values.ts";
import type { Item } from "../kind.ts";
import { required } from "../required.ts";
import type { ConditionSpec } from "./condition-schema.ts";

interface Texts {
  readonly Values?: string[] | undefined;
  readonly RegexValues?: string[] | undefined;
}

type RuleCondition = NonNullable<Item<"elasticloadbalancing:DescribeRules", "Rules">["Conditions"]>[number];

/** Conditions are all required, so neither their order nor that of their values means anything. */
export function desiredConditions(conditions: readonly ConditionSpec[]): Value {
  return sortedSet(conditions.map(desiredCondition));
}

function desiredCondition(condition: ConditionSpec): Value {
  if (condition.httpHeader !== undefined) {
    return {
      field: "http-header",
      name: condition.httpHeader.name,
      values: sortedSet(condition.httpHeader.values),
    };
  }
  if (condition.queryString !== undefined) {
    const pairs = condition.queryString.map(
      ({ key, value }): Value => (key === undefined ? { value } : { key, value }),
    );
    return { field: "query-string", values: sortedSet(pairs) };
  }
  for (const [field, list] of Object.entries({
    "host-header": condition.hostHeader,
    "path-pattern": condition.pathPattern,
    "http-request-method": condition.httpRequestMethod,
    "source-ip": condition.sourceIp,
  })) {
    if (list !== undefined) return { field, values: sortedSet(list) };
  }
  return { field: "" };
}

export function observedConditions(conditions: readonly RuleCondition[]): Value {
  return sortedSet(conditions.map(observedCondition));
}

/** @throws CloudError `malformed` for a condition that lacks what it is about: a rule is not one without it */
function observedCondition(condition: RuleCondition): Value {
  const field = required(condition.Field, "Field of a condition");
  // The spec has no regular expressions: a condition with some is like none that is wanted.
  const textsOf = (config: Texts | undefined, mirrored: Texts = {}): Fields => {
    const regexes = config?.RegexValues ?? mirrored.RegexValues ?? [];
    const none = regexes.length > 0 ? [] : undefined;
    const values = required(config?.Values ?? mirrored.Values ?? none, `the values of a ${field} condition`);
    return {
      values: sortedSet(values),
      ...(regexes.length > 0 ? { regexValues: sortedSet(regexes) } : {}),
    };
  };
  switch (field) {
    case "http-header": {
      const config = condition.HttpHeaderConfig;
      return { field, name: required(config?.HttpHeaderName, "HttpHeaderName"), ...textsOf(config) };
    }
    case "query-string": {
      const values = required(condition.QueryStringConfig?.Values, "the values of a query-string condition");
      const pairs = values.map(
        ({ Key, Value: text }): Value =>
          Key === undefined ? { value: text ?? "" } : { key: Key, value: text ?? "" },
      );
      return { field, values: sortedSet(pairs) };
    }
    case "host-header":
      return { field, ...textsOf(condition.HostHeaderConfig, condition) };
    case "path-pattern":
      return { field, ...textsOf(condition.PathPatternConfig, condition) };
    case "http-request-method":
      return { field, ...textsOf(condition.HttpRequestMethodConfig) };
    case "source-ip":
      return { field, ...textsOf(condition.SourceIpConfig) };
    default:
      return { field };
  }
}

/** Conditions in comparable shape, as AWS wants them. */
export function awsConditions(conditions: Value | undefined): RuleCondition[] {
  return asRecords(conditions, "conditions").map(awsCondition);
}

function awsCondition(condition: Fields): RuleCondition {
  const Field = text(condition, "field");
  if (Field === "query-string") {
    const Values = records(condition, "values").map((pair) => {
      const key = optionalText(pair, "key");
      const Value = text(pair, "value");
      return key === undefined ? { Value } : { Key: key, Value };
    });
    return { Field, QueryStringConfig: { Values } };
  }
  const Values = texts(condition, "values");
  switch (Field) {
    case "http-header":
      return { Field, HttpHeaderConfig: { HttpHeaderName: text(condition, "name"), Values } };
    case "host-header":
      return { Field, HostHeaderConfig: { Values } };
    case "path-pattern":
      return { Field, PathPatternConfig: { Values } };
    case "http-request-method":
      return { Field, HttpRequestMethodConfig: { Values } };
    default:
      return { Field, SourceIpConfig: { Values } };
  }
}
