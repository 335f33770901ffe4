/** What AWS refuses of listener rules: their conditions, priorities and transforms. */
import { isIP } from "node:net";
import type {
  CreateRuleCommandInput,
  ModifyRuleCommandInput,
  RuleCondition,
  SetRulePrioritiesCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  constraint,
  firstOf,
  hasTwice,
  isNoneOf,
  isOutside,
  type RefusalRule,
} from "../../account/refusals.ts";
import type { ElbState } from "../state.ts";
import { apiPage, guidePage, ofPage } from "./of-page.ts";

type RuleInput = CreateRuleCommandInput & ModifyRuleCommandInput;

/** The configuration that belongs to each field. */
const CONFIGS = {
  "host-header": "HostHeaderConfig",
  "path-pattern": "PathPatternConfig",
  "http-header": "HttpHeaderConfig",
  "http-request-method": "HttpRequestMethodConfig",
  "query-string": "QueryStringConfig",
  "source-ip": "SourceIpConfig",
} as const;

/** Of these a rule has one each. */
const ONCE = ["host-header", "path-pattern", "http-request-method", "source-ip"];

const conditions = (input: RuleInput): readonly RuleCondition[] => input.Conditions ?? [];

/** The strings that a condition compares with, without regular expressions. */
function valuesOf(condition: RuleCondition): readonly string[] {
  const { Field: field = "" } = condition;
  if (field === "query-string") {
    return (condition.QueryStringConfig?.Values ?? []).map(({ Value: value = "" }) => value);
  }
  const own = CONFIGS[field as Exclude<keyof typeof CONFIGS, "query-string">];
  const values = own === undefined ? [] : (condition[own]?.Values ?? []);
  return values.length > 0 ? values : (condition.Values ?? []);
}

function patternsOf(condition: RuleCondition): readonly string[] {
  return (
    condition.RegexValues ??
    condition.HostHeaderConfig?.RegexValues ??
    condition.PathPatternConfig?.RegexValues ??
    condition.HttpHeaderConfig?.RegexValues ??
    []
  );
}

/** What is said of the values of conditions of one field. */
function ofField(
  field: keyof typeof CONFIGS,
  said: (value: string) => string | boolean | undefined,
): (input: RuleInput) => string | boolean | undefined {
  return (input) =>
    firstOf(
      conditions(input).filter((one) => one.Field === field),
      (one) => firstOf(valuesOf(one), said),
    );
}

const badValue = (field: string, value: string): string =>
  `Condition value '${value}' contains a character that is not valid for the field '${field}'`;

const OPERATIONS = ["CreateRule", "ModifyRule"];

const SHAPE_RULES = ofPage<RuleInput>(apiPage("RuleCondition"), OPERATIONS, [
  [
    "condition-field",
    "The field of a condition is one of the reference's.",
    (input) =>
      firstOf(
        conditions(input),
        ({ Field: field }) =>
          !Object.hasOwn(CONFIGS, field ?? "") &&
          `Condition field '${field}' must be one of '[${Object.keys(CONFIGS).join(", ")}]'`,
      ),
  ],
  [
    "condition-config",
    "A condition has the configuration of its field, and no other.",
    (input) =>
      firstOf(conditions(input), (one) =>
        firstOf(
          Object.entries(CONFIGS),
          ([field, config]) =>
            field !== one.Field &&
            one[config] !== undefined &&
            `'${config}' cannot be specified for the condition field '${one.Field}'`,
        ),
      ),
  ],
  [
    "condition-values-twofold",
    "Values that are given both plainly and in the configuration are the same.",
    (input) =>
      firstOf(
        conditions(input),
        ({ Values: plain = [], HostHeaderConfig: host, PathPatternConfig: path }) => {
          const configured = host?.Values ?? path?.Values ?? [];
          return plain.length > 0 && configured.length > 0 && plain.join("\n") !== configured.join("\n");
        },
      ),
  ],
  [
    "condition-plain-values",
    "Only host and path conditions have plain values.",
    (input) =>
      firstOf(
        conditions(input),
        ({ Field: field = "", Values = [] }) =>
          Values.length > 0 &&
          !["host-header", "path-pattern"].includes(field) &&
          `'Values' cannot be specified for the condition field '${field}'`,
      ),
  ],
  [
    "condition-empty",
    "A condition has a value.",
    (input) =>
      firstOf(
        conditions(input),
        (one) => valuesOf(one).length + patternsOf(one).length === 0 && "A condition value must be specified",
      ),
  ],
  [
    "condition-regex-field",
    "Only host, path and header conditions compare with regular expressions.",
    (input) =>
      firstOf(
        conditions(input),
        ({ Field: field = "", RegexValues = [] }) =>
          RegexValues.length > 0 && !["host-header", "path-pattern", "http-header"].includes(field),
      ),
  ],
  [
    "condition-value-length",
    "A condition's value has 1 to 128 characters; a method at most 40.",
    (input) =>
      firstOf(conditions(input), (one) => {
        const most = one.Field === "http-request-method" ? 40 : 128;
        return firstOf(
          [...valuesOf(one), ...patternsOf(one)],
          (value) =>
            (value === "" || value.length > most) &&
            `Condition value '${value}' must have between '1' and '${most}' characters`,
        );
      }),
  ],
]);

const VALUE_RULES = ofPage<RuleInput>(guidePage("rule-condition-types"), OPERATIONS, [
  [
    "condition-once",
    "A rule has at most one host, path, method and source address condition.",
    (input) => {
      const fields = conditions(input).flatMap(({ Field = "" }) => (ONCE.includes(Field) ? [Field] : []));
      const twice = fields.find((field, index) => fields.indexOf(field) < index);
      return twice !== undefined && `A rule can only have one '${twice}' condition`;
    },
  ],
  [
    "host-characters",
    "A host has letters, digits, hyphens, dots and the wildcards * and ? only.",
    ofField("host-header", (value) => !/^[A-Za-z0-9.*?:-]*$/.test(value) && badValue("host-header", value)),
  ],
  [
    "host-dot",
    "A host has a dot, and only letters and wildcards after its last one.",
    ofField("host-header", (value) => {
      const end =
        value
          .replace(/:[\d*?]*$/, "")
          .split(".")
          .at(-1) ?? "";
      return (
        (!value.includes(".") || !/^[A-Za-z*?]+$/.test(end)) &&
        `Condition value '${value}' must include at least one '.' character, and only alphabetical characters after the final '.' character`
      );
    }),
  ],
  [
    "path-characters",
    "A path has the characters of the reference only.",
    ofField(
      "path-pattern",
      (value) => !/^[A-Za-z0-9_\-.$/~"'@:+&*?]*$/.test(value) && badValue("path-pattern", value),
    ),
  ],
  [
    "method-characters",
    "A method has capital letters, hyphens and underscores only.",
    ofField(
      "http-request-method",
      (value) => !/^[A-Z_-]*$/.test(value) && badValue("http-request-method", value),
    ),
  ],
  [
    "header-name",
    "The name of a header has 1 to 40 characters of RFC 7230, and no wildcards.",
    (input) =>
      firstOf(conditions(input), ({ Field, HttpHeaderConfig: config }) => {
        const name = config?.HttpHeaderName ?? "";
        return (
          Field === "http-header" &&
          !/^[!#$%&'+\-.^_`|~0-9A-Za-z]{1,40}$/.test(name) &&
          `The HTTP header name '${name}' is not valid`
        );
      }),
  ],
  [
    "header-host",
    "The host is compared by a host condition, not as a header.",
    (input) =>
      firstOf(
        conditions(input),
        ({ HttpHeaderConfig: config }) =>
          config?.HttpHeaderName?.toLowerCase() === "host" &&
          "You cannot use an 'http-header' condition to specify the host header. Use a 'host-header' condition instead",
      ),
  ],
  [
    "source-address",
    "A source address is a block of IPv4 or IPv6 addresses in CIDR notation.",
    ofField("source-ip", (value) => !isCidr(value) && `Condition value '${value}' is not a valid CIDR block`),
  ],
  [
    "source-address-type",
    "Address types are compared by Network Load Balancers only.",
    (input) =>
      firstOf(
        conditions(input),
        ({ SourceIpConfig: config }) =>
          (config as { IpAddressType?: string } | undefined)?.IpAddressType !== undefined,
      ),
  ],
]);

/** `10.0.0.0/8`, `2001:db8::/32` */
function isCidr(value: string): boolean {
  const [address = "", bits = "", ...rest] = value.split("/");
  const version = isIP(address);
  return (
    rest.length === 0 && version !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  );
}

const QUOTA_RULES = ofPage<RuleInput>(guidePage("load-balancer-limits"), OPERATIONS, [
  [
    "condition-value-count",
    "The conditions of a rule hold at most 5 values.",
    (input, { quotas }) => {
      const count = conditions(input).flatMap((one) => [...valuesOf(one), ...patternsOf(one)]).length;
      const most = quotas.conditionValuesPerRule;
      return count > most && `A rule can only have '${most}' condition values`;
    },
  ],
  [
    "condition-wildcards",
    "The conditions of a rule hold at most 6 wildcards.",
    (input, { quotas }) => {
      const wildcards = conditions(input)
        .flatMap(valuesOf)
        .map((value) => value.replace(/\\[*?]/g, "").replace(/[^*?]/g, "").length);
      const most = quotas.conditionWildcardsPerRule;
      return (
        wildcards.reduce((sum, count) => sum + count, 0) > most &&
        `A rule can only have '${most}' condition wildcards`
      );
    },
  ],
]);

const CREATE_RULES = ofPage<CreateRuleCommandInput>(
  apiPage("CreateRule"),
  ["CreateRule"],
  [
    [
      "rule-without-condition",
      "A rule has a condition.",
      ({ Conditions = [] }) => Conditions.length === 0 && "A rule must have at least one condition",
    ],
    [
      "rule-without-action",
      "A rule has an action.",
      ({ Actions = [] }) => Actions.length === 0 && "A rule must have at least one action",
    ],
    [
      "rule-priority",
      "The priority of a rule is 1 to 50000.",
      ({ Priority: priority }) =>
        isOutside(priority, 1, 50_000) &&
        constraint("priority", priority, "Member must have value between 1 and 50000"),
    ],
  ],
);

const PRIORITY_RULES = ofPage<SetRulePrioritiesCommandInput>(
  apiPage("SetRulePriorities"),
  ["SetRulePriorities"],
  [
    [
      "priorities-empty",
      "At least one priority is set.",
      ({ RulePriorities = [] }) => RulePriorities.length === 0 && "A rule priority must be specified",
    ],
    [
      "priorities-rule-twice",
      "A rule is given one priority.",
      ({ RulePriorities = [] }) =>
        hasTwice(RulePriorities.map(({ RuleArn }) => RuleArn)) && "A rule ARN can only be specified once",
    ],
    [
      "priorities-range",
      "The priority of a rule is 1 to 50000.",
      ({ RulePriorities }) =>
        firstOf(
          RulePriorities,
          ({ Priority: priority }) =>
            isOutside(priority ?? 0, 1, 50_000) &&
            constraint(
              "rulePriorities.1.member.priority",
              priority,
              "Member must have value between 1 and 50000",
            ),
        ),
    ],
  ],
);

const TRANSFORM_RULES = ofPage<RuleInput>(apiPage("RuleTransform"), OPERATIONS, [
  [
    "transform-type",
    "A transform rewrites the host header or the URL.",
    ({ Transforms }) =>
      firstOf(
        Transforms,
        ({ Type: type }) =>
          isNoneOf(type, ["host-header-rewrite", "url-rewrite"]) &&
          `The transform type '${type}' is not valid`,
      ),
  ],
  [
    "transform-once",
    "A rule has at most one transform of each type.",
    ({ Transforms = [] }) => hasTwice(Transforms.map(({ Type }) => Type)),
  ],
  [
    "transform-rewrites",
    "A transform has a regular expression and its replacement, of at most 1024 characters each.",
    ({ Transforms }) =>
      firstOf(Transforms, ({ HostHeaderRewriteConfig: host, UrlRewriteConfig: url }) => {
        const rewrites = (host ?? url)?.Rewrites ?? [];
        return (
          rewrites.length === 0 ||
          rewrites.some(
            ({ Regex = "", Replace }) =>
              Regex === "" || Regex.length > 1_024 || Replace === undefined || Replace.length > 1_024,
          )
        );
      }),
  ],
  [
    "transform-reset",
    "Transforms are either given or reset.",
    ({ Transforms = [], ResetTransforms }) => ResetTransforms === true && Transforms.length > 0,
  ],
]);

export const RULE_RULES: readonly RefusalRule<ElbState>[] = [
  ...CREATE_RULES,
  ...SHAPE_RULES,
  ...VALUE_RULES,
  ...QUOTA_RULES,
  ...PRIORITY_RULES,
  ...TRANSFORM_RULES,
];
