/** A rule as AWS describes it, as its part of a spec. */
import { actionFromAws } from "../action/from-aws.ts";
import { held, inOrderOf, lostTags, notHeld, type Part, type Places, type Written } from "../from-aws.ts";
import type { Item } from "../kind.ts";
import type { Tags } from "../tags.ts";
import { ruleSchema } from "./schema.ts";

type Rule = Item<"elasticloadbalancing:DescribeRules", "Rules">;
type Condition = NonNullable<Rule["Conditions"]>[number];

export interface RuleAnswers {
  readonly item: Rule;
  readonly tags: Tags;
}

/** @param name what the spec calls it: AWS gives rules no names */
export function ruleFromAws(
  { item, tags }: RuleAnswers,
  name: string,
  places: Places,
  shared: Tags,
): Written {
  const why = whyNoConditions(item);
  if (why !== undefined) return notHeld(why);
  const action = actionFromAws(item.Actions ?? [], places);
  if (action.is === "not held") return action;
  const conditions = (item.Conditions ?? []).map(conditionOf).filter((condition) => condition !== undefined);
  const part = { name, priority: Number(item.Priority), conditions, action: action.part };
  return held(inOrderOf(ruleSchema, part), lostTags(tags, shared));
}

/** Why no conditions of a spec can say the same as these; `undefined` when some can. */
export function whyNoConditions({
  Conditions: conditions = [],
  Transforms: transforms = [],
}: Rule): string | undefined {
  if (transforms.length > 0) return "it rewrites requests (Transforms), which the spec cannot hold yet";
  const odd = conditions.find((condition) => conditionOf(condition) === undefined);
  return odd === undefined
    ? undefined
    : `it has a condition on ${odd.Field ?? "something"} that the spec cannot hold yet`;
}

/** A condition of the spec; `undefined` of one that it has no place for, such as regular expressions. */
function conditionOf(condition: Condition): Part | undefined {
  const { Field, Values: mirrored, RegexValues } = condition;
  if ((RegexValues ?? []).length > 0) return undefined;
  const listed = (
    config: { Values?: string[] | undefined; RegexValues?: string[] | undefined } | undefined,
    member: string,
  ) => {
    const values = config?.Values ?? mirrored ?? [];
    const isPlain = (config?.RegexValues ?? []).length === 0 && values.length > 0;
    return isPlain ? { [member]: [...values] } : undefined;
  };
  switch (Field) {
    case "host-header":
      return listed(condition.HostHeaderConfig, "hostHeader");
    case "path-pattern":
      return listed(condition.PathPatternConfig, "pathPattern");
    case "http-request-method":
      return listed(condition.HttpRequestMethodConfig, "httpRequestMethod");
    case "source-ip":
      return listed(condition.SourceIpConfig, "sourceIp");
    case "http-header": {
      const {
        HttpHeaderName: name,
        Values: values = [],
        RegexValues: patterns = [],
      } = condition.HttpHeaderConfig ?? {};
      const isPlain = name !== undefined && values.length > 0 && patterns.length === 0;
      return isPlain ? { httpHeader: { name, values: [...values] } } : undefined;
    }
    case "query-string": {
      const pairs = condition.QueryStringConfig?.Values ?? [];
      const queryString = pairs.map(({ Key, Value = "" }) =>
        Key === undefined ? { value: Value } : { key: Key, value: Value },
      );
      return pairs.length === 0 ? undefined : { queryString };
    }
    default:
      return undefined;
  }
}
