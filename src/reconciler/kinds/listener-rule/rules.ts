import { duplicates, ELB_API, ELB_GUIDE, HOLDFAST, type SpecRule } from "../spec-rule.ts";
import type { ConditionSpec } from "./condition-schema.ts";
import type { RuleSpec } from "./schema.ts";

/** AWS allows a rule so many values, over all its conditions. */
const VALUES_PER_RULE = 5;

/** Conditions of these types stand at most once in a rule. */
const SINGLE = ["hostHeader", "pathPattern", "httpRequestMethod", "sourceIp"] as const;

/** What holds among the rules of one listener. */
export const ruleListRules: readonly SpecRule<readonly RuleSpec[]>[] = [
  {
    at: "",
    must: "have each priority once",
    each: (rules) =>
      duplicates(rules.map(({ priority }) => priority)).map(
        (priority) => `two rules have priority ${priority}`,
      ),
    reason: "FieldValueDuplicate",
    source: `${ELB_API}/API_CreateRule.html`,
  },
  {
    at: "",
    must: "have each name once",
    each: (rules) => duplicates(rules.map(({ name }) => name)).map((name) => `two rules are called ${name}`),
    reason: "FieldValueDuplicate",
    source: HOLDFAST,
  },
];

/** What holds among the conditions of one rule. */
export const conditionListRules: readonly SpecRule<readonly ConditionSpec[]>[] = [
  {
    at: "",
    must: `hold at most ${VALUES_PER_RULE} values together`,
    when: (conditions) => valuesIn(conditions) > VALUES_PER_RULE,
    says: (conditions) =>
      `hold ${valuesIn(conditions)} values; a rule takes ${VALUES_PER_RULE} over all its conditions`,
    source: `${ELB_GUIDE}/load-balancer-limits.html`,
  },
  {
    at: "",
    must: `hold at most one of each of ${SINGLE.map((type) => `\`${type}\``).join(", ")}`,
    each: (conditions) =>
      SINGLE.filter((type) => conditions.filter((one) => one[type] !== undefined).length > 1).map(
        (type) => `hold two ${type} conditions; put the values into one`,
      ),
    reason: "FieldValueDuplicate",
    source: `${ELB_API}/API_RuleCondition.html`,
  },
];

const CIDR = /^([0-9]{1,3}(\.[0-9]{1,3}){3}\/([0-9]|[12][0-9]|3[0-2])|[0-9a-fA-F:]+\/[0-9]{1,3})$/;

export const conditionRules: readonly SpecRule<ConditionSpec>[] = [
  {
    at: "",
    must: "be exactly one of its types",
    when: (condition) => Object.keys(condition).length !== 1,
    says: (condition) =>
      `must be exactly one of hostHeader, pathPattern, httpHeader, httpRequestMethod, queryString, sourceIp; was ${Object.keys(condition).join(" and ") || "none"}`,
    source: `${ELB_API}/API_RuleCondition.html`,
  },
  {
    at: "httpRequestMethod",
    must: "consist of capitals, `-` and `_`",
    each: ({ httpRequestMethod = [] }) =>
      httpRequestMethod
        .filter((method) => !/^[A-Z_-]+$/.test(method))
        .map((method) => `takes capitals, - and _; was ${method}`),
    source: `${ELB_API}/API_HttpRequestMethodConditionConfig.html`,
  },
  {
    at: "sourceIp",
    must: "be addresses in CIDR form",
    each: ({ sourceIp = [] }) =>
      sourceIp
        .filter((address) => !CIDR.test(address))
        .map((address) => `takes addresses in CIDR form such as 10.0.0.0/8; was ${address}`),
    source: `${ELB_API}/API_SourceIpConditionConfig.html`,
  },
];

function valuesIn(conditions: readonly ConditionSpec[]): number {
  const lists = conditions.flatMap((condition) => [
    condition.hostHeader,
    condition.pathPattern,
    condition.httpRequestMethod,
    condition.sourceIp,
    condition.httpHeader?.values,
    condition.queryString,
  ]);
  return lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
}
