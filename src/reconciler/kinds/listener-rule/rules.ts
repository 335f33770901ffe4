import { isIP } from "node:net";
import { shown } from "../shown.ts";
import { duplicates, ELB_API, ELB_GUIDE, HOLDFAST, type SpecRule } from "../spec-rule.ts";
import type { ConditionSpec } from "./condition-schema.ts";
import type { RuleSpec } from "./schema.ts";

/** AWS allows a rule so many values, over all its conditions. */
const VALUES_PER_RULE = 5;
/** And so many `*` and `?` in them. */
const WILDCARDS_PER_RULE = 6;

/** Conditions of these types stand at most once in a rule. */
const SINGLE = ["hostHeader", "pathPattern", "httpRequestMethod", "sourceIp"] as const;

const QUOTAS = `${ELB_GUIDE}/load-balancer-limits.html` as const;
const TYPES = `${ELB_GUIDE}/rule-condition-types.html` as const;

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
    source: QUOTAS,
  },
  {
    at: "",
    must: `hold at most ${WILDCARDS_PER_RULE} wildcards together`,
    when: (conditions) => wildcardsIn(conditions) > WILDCARDS_PER_RULE,
    says: (conditions) =>
      `hold ${wildcardsIn(conditions)} wildcards; a rule takes ${WILDCARDS_PER_RULE} over all its conditions`,
    source: QUOTAS,
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
    at: "hostHeader",
    must: "consist of letters, digits, `-`, `.`, and the wildcards `*` and `?`",
    each: ({ hostHeader = [] }) =>
      hostHeader
        .filter((host) => !/^[A-Za-z0-9.*?:-]*$/.test(host))
        .map((host) => `takes letters, digits, - and ., with the wildcards * and ?; was ${shown(host)}`),
    source: TYPES,
  },
  {
    at: "hostHeader",
    must: "have a dot, and only letters and wildcards after its last one",
    each: ({ hostHeader = [] }) =>
      hostHeader
        .filter((host) => !isDotted(host))
        .map(
          (host) =>
            `takes names with a dot, and only letters and wildcards after its last one; was ${shown(host)}`,
        ),
    source: TYPES,
  },
  {
    at: "pathPattern",
    must: "consist of letters, digits, `_-.$/~\"'@:+&`, and the wildcards `*` and `?`",
    each: ({ pathPattern = [] }) =>
      pathPattern
        .filter((path) => !/^[A-Za-z0-9_\-.$/~"'@:+&*?]*$/.test(path))
        .map(
          (path) => `takes letters, digits and _-.$/~"'@:+&, with the wildcards * and ?; was ${shown(path)}`,
        ),
    source: TYPES,
  },
  {
    at: "httpRequestMethod",
    must: "consist of capitals, `-` and `_`",
    each: ({ httpRequestMethod = [] }) =>
      httpRequestMethod
        .filter((method) => !/^[A-Z_-]+$/.test(method))
        .map((method) => `takes capitals, - and _; was ${shown(method)}`),
    source: `${ELB_API}/API_HttpRequestMethodConditionConfig.html`,
  },
  {
    at: "httpHeader.name",
    must: "consist of the characters of a header's name (RFC 7230), without wildcards",
    when: ({ httpHeader }) =>
      httpHeader !== undefined && !/^[!#$%&'+\-.^_`|~0-9A-Za-z]*$/.test(httpHeader.name),
    source: `${ELB_API}/API_HttpHeaderConditionConfig.html`,
  },
  {
    at: "httpHeader.name",
    must: "not be Host, which `hostHeader` compares",
    when: ({ httpHeader }) => httpHeader?.name.toLowerCase() === "host",
    says: "must not be Host; use a hostHeader condition",
    source: `${ELB_API}/API_HttpHeaderConditionConfig.html`,
  },
  {
    at: "sourceIp",
    must: "be blocks of addresses in CIDR form",
    each: ({ sourceIp = [] }) =>
      sourceIp
        .filter((address) => !isCidr(address))
        .map((address) => `takes addresses in CIDR form such as 10.0.0.0/8; was ${shown(address)}`),
    source: `${ELB_API}/API_SourceIpConditionConfig.html`,
  },
];

/** A port may follow. */
function isDotted(host: string): boolean {
  const labels = host.replace(/:[\d*?]*$/, "").split(".");
  return labels.length > 1 && /^[A-Za-z*?]+$/.test(labels.at(-1) ?? "");
}

function isCidr(block: string): boolean {
  const [address = "", bits = "", ...rest] = block.split("/");
  const most = { 4: 32, 6: 128 }[isIP(address)];
  return rest.length === 0 && most !== undefined && /^[0-9]{1,3}$/.test(bits) && Number(bits) <= most;
}

/** With a backslash before it a wildcard is a plain character. */
function wildcardsIn(conditions: readonly ConditionSpec[]): number {
  const texts = conditions.flatMap((condition) => [
    ...(condition.hostHeader ?? []),
    ...(condition.pathPattern ?? []),
    ...(condition.httpHeader?.values ?? []),
    ...(condition.queryString ?? []).map(({ value }) => value),
  ]);
  return texts
    .join("")
    .replaceAll(/\\[*?]/g, "")
    .replaceAll(/[^*?]/g, "").length;
}

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
