/**
 * What a schema cannot say: rules between fields. What AWS would refuse half-way is refused before the first call.
 * The rules are their kinds' (`SpecRule`); here stands which part of the spec has which, and how they are asked.
 */
import type { Fault } from "../../model/errors.ts";
import { actionRules } from "./action/rules.ts";
import { alarmActionRules, alarmRules, dimensionRules, policyAlarmRules } from "./alarm/rules.ts";
import { mixedInstancesPolicyRules, overrideRules } from "./auto-scaling-group/mixed/rules.ts";
import { autoScalingGroupRules } from "./auto-scaling-group/rules.ts";
import { memberPath } from "./field-path.ts";
import { requirementRules } from "./instance-requirements/rules.ts";
import { launchTemplateRules } from "./launch-template/rules.ts";
import { lifecycleHookRules } from "./lifecycle-hook/rules.ts";
import { listenerRules } from "./listener/rules.ts";
import { conditionListRules, conditionRules, ruleListRules } from "./listener-rule/rules.ts";
import { loadBalancerRules } from "./load-balancer/rules.ts";
import { notificationRules } from "./notification/rules.ts";
import { customizedMetricRules, queryListRules, queryRules } from "./scaling-policy/metric-rules.ts";
import {
  metricSpecificationRules,
  predefinedMetricRules,
  predictiveScalingRules,
} from "./scaling-policy/predictive-rules.ts";
import {
  resourceLabelRules,
  scalingPolicyRules,
  simpleScalingRules,
  stepScalingRules,
  targetTrackingRules,
} from "./scaling-policy/rules.ts";
import { scheduledActionRules, scheduleRules } from "./scheduled-action/rules.ts";
import { givenAt } from "./shown.ts";
import type { Around, SpecRule } from "./spec-rule.ts";
import { targetGroupRules } from "./target-group/rules.ts";
import { warmPoolRules } from "./warm-pool/rules.ts";
import type { WebServiceSpec } from "./web-service.ts";
import { webServiceRules } from "./web-service-rules.ts";
import { windowRules, windowsRules } from "./windows/rules.ts";

/** A part of the spec, its rules, and the parts in it. Faults are told in this order. */
interface Ruled<At extends string, Part, Above> {
  readonly at: At;
  readonly rules: readonly SpecRule<Part, Above>[];
  readonly parts?: readonly PartOf<Part, Above>[];
}

/** A member of a part; with `[]` each item of the list that it is, with `.<name>` each value of the map that it is. */
type PartOf<Part, Above> = {
  [Name in keyof Part & string]: Member<Name, NonNullable<Part[Name]>, Above>;
}[keyof Part & string];

type Member<Name extends string, Value, Above> =
  | Ruled<Name, Value, Above>
  | (Value extends readonly (infer Item)[] ? Ruled<`${Name}[]`, Item, Above & InOne<Name, Item>> : never)
  | (string extends keyof Value
      ? Ruled<`${Name}.<name>`, Value[string & keyof Value], Above & InOne<Name, Value[string & keyof Value]>>
      : never);

/** What stands in one of the `listeners` can look at its `listener`. */
type InOne<Name extends string, Item> = { readonly [Key in Singular<Name>]: Item };
type Singular<Name extends string> = Name extends `${infer Stem}ies`
  ? `${Stem}y`
  : Name extends `${infer Stem}s`
    ? Stem
    : Name;

/** In a query of a policy: the dimensions of its metric. */
const QUERY_PARTS = [
  {
    at: "metricStat",
    rules: [],
    parts: [{ at: "metric", rules: [], parts: [{ at: "dimensions.<name>", rules: dimensionRules }] }],
  },
] as const;

const FORECAST_QUERIES = [
  { at: "metricDataQueries", rules: queryListRules },
  { at: "metricDataQueries[]", rules: queryRules, parts: QUERY_PARTS },
] as const;

const LABEL = [{ at: "resourceLabel", rules: resourceLabelRules }] as const;

const ALARM_PARTS = [
  { at: "dimensions.<name>", rules: dimensionRules },
  { at: "alarmActions[]", rules: alarmActionRules },
  { at: "okActions[]", rules: alarmActionRules },
  { at: "insufficientDataActions[]", rules: alarmActionRules },
] as const;

const OWN_ALARM = [{ at: "alarm", rules: [...alarmRules, ...policyAlarmRules], parts: ALARM_PARTS }] as const;

const SPEC: Ruled<"spec", WebServiceSpec, object> = {
  at: "spec",
  rules: webServiceRules,
  parts: [
    {
      at: "windows",
      rules: windowsRules,
      parts: [
        { at: "allow[]", rules: windowRules },
        { at: "deny[]", rules: windowRules },
      ],
    },
    {
      at: "loadBalancer",
      rules: loadBalancerRules,
      parts: [
        {
          at: "listeners[]",
          rules: listenerRules,
          parts: [
            { at: "defaultAction", rules: actionRules },
            { at: "rules", rules: ruleListRules },
            {
              at: "rules[]",
              rules: [],
              parts: [
                { at: "conditions[]", rules: conditionRules },
                { at: "conditions", rules: conditionListRules },
                { at: "action", rules: actionRules },
              ],
            },
          ],
        },
      ],
    },
    { at: "targetGroups.<name>", rules: targetGroupRules },
    {
      at: "autoScalingGroups.<name>",
      rules: [...autoScalingGroupRules, ...warmPoolRules],
      parts: [
        {
          at: "launchTemplate",
          rules: launchTemplateRules,
          parts: [{ at: "instanceRequirements", rules: requirementRules }],
        },
        {
          at: "mixedInstancesPolicy",
          rules: mixedInstancesPolicyRules,
          parts: [
            {
              at: "launchTemplate",
              rules: [],
              parts: [
                {
                  at: "overrides[]",
                  rules: overrideRules,
                  parts: [{ at: "instanceRequirements", rules: requirementRules }],
                },
              ],
            },
          ],
        },
        {
          at: "scalingPolicies.<name>",
          rules: scalingPolicyRules,
          parts: [
            {
              at: "targetTracking",
              rules: targetTrackingRules,
              parts: [
                { at: "resourceLabel", rules: resourceLabelRules },
                {
                  at: "customizedMetric",
                  rules: customizedMetricRules,
                  parts: [
                    { at: "dimensions.<name>", rules: dimensionRules },
                    { at: "metrics", rules: queryListRules },
                    { at: "metrics[]", rules: queryRules, parts: QUERY_PARTS },
                  ],
                },
              ],
            },
            { at: "stepScaling", rules: stepScalingRules, parts: OWN_ALARM },
            { at: "simpleScaling", rules: simpleScalingRules, parts: OWN_ALARM },
            {
              at: "predictiveScaling",
              rules: predictiveScalingRules,
              parts: [
                {
                  at: "metricSpecifications[]",
                  rules: metricSpecificationRules,
                  parts: [
                    { at: "predefinedMetricPair", rules: predefinedMetricRules, parts: LABEL },
                    { at: "predefinedScalingMetric", rules: predefinedMetricRules, parts: LABEL },
                    { at: "predefinedLoadMetric", rules: predefinedMetricRules, parts: LABEL },
                    { at: "customizedScalingMetric", rules: [], parts: FORECAST_QUERIES },
                    { at: "customizedLoadMetric", rules: [], parts: FORECAST_QUERIES },
                    { at: "customizedCapacityMetric", rules: [], parts: FORECAST_QUERIES },
                  ],
                },
              ],
            },
          ],
        },
        { at: "scheduledActions", rules: scheduleRules },
        { at: "scheduledActions.<name>", rules: scheduledActionRules },
        { at: "lifecycleHooks.<name>", rules: lifecycleHookRules },
        { at: "notifications", rules: notificationRules },
      ],
    },
    {
      at: "alarms.<name>",
      rules: alarmRules,
      parts: ALARM_PARTS,
    },
  ],
};

/** {@link Ruled}, whose types have done their work: that each rule is asked of the part it speaks of. */
interface AnyRuled {
  readonly at: string;
  readonly rules: readonly SpecRule<never, never>[];
  readonly parts?: readonly AnyRuled[];
}

/** A rule, and one break of it. */
interface BrokenRule {
  readonly rule: SpecRule<never, never>;
  readonly fault: Fault;
}

/**
 * Every fault of meaning, with the rule that it breaks.
 * @param stored the stored spec, for what may not change
 * @param unread paths of members that no schema knows: nothing is known of their form either, so no rule is asked of them
 */
export function brokenRules(
  spec: WebServiceSpec,
  stored?: WebServiceSpec,
  unread: ReadonlySet<string> = new Set(),
): BrokenRule[] {
  return brokenIn(SPEC, spec, SPEC.at, { spec, stored }, unread);
}

/** A rule, and the path of the field it speaks of, with lists as `[]` and maps as `.<name>`. */
interface RuleAt {
  readonly path: string;
  readonly rule: SpecRule<never, never>;
}

/** Every rule, at each place that it is asked of. */
export function rulesByPath(): RuleAt[] {
  const within = (place: AnyRuled, path: string): RuleAt[] => [
    ...place.rules.map((rule) => ({ path: joined(path, rule.at), rule })),
    ...(place.parts ?? []).flatMap((inner) => within(inner, joined(path, inner.at))),
  ];
  return within(SPEC, SPEC.at);
}

function brokenIn(
  place: AnyRuled,
  part: unknown,
  path: string,
  around: Around,
  unread: ReadonlySet<string>,
): BrokenRule[] {
  if (unread.has(path)) return [];
  const own = place.rules.flatMap((rule) => {
    const { reason = "FieldValueInvalid" } = rule;
    return violationsOf(rule as SpecRule<unknown>, part, around).map(({ at, says }) => ({
      rule,
      fault: { path: joined(path, at), message: says, reason },
    }));
  });
  const inner = (place.parts ?? []).flatMap((next) =>
    membersAt(next.at, part).flatMap(({ at, member, above }) =>
      brokenIn(next, member, joined(path, at), { ...around, ...above }, unread),
    ),
  );
  return [...own, ...inner];
}

function violationsOf(
  rule: SpecRule<unknown>,
  part: unknown,
  around: Around,
): { at: string; says: string }[] {
  const { at } = rule;
  if ("each" in rule) {
    return rule.each(part, around).map((one) => (typeof one === "string" ? { at, says: one } : one));
  }
  if (!rule.when(part, around)) return [];
  const { says = `must ${rule.must.replaceAll("`", "")}; ${givenAt(at, valueAt(at, part))}` } = rule;
  return [{ at, says: typeof says === "string" ? says : says(part, around) }];
}

/** The members that a place speaks of, with their paths, and what those in an item may look at. */
function membersAt(at: string, part: unknown): { at: string; member: unknown; above: object }[] {
  const name = at.replace(/(\[\]|\.<name>)$/, "");
  const value = (part as Record<string, unknown>)[name] ?? undefined;
  if (value === undefined) return [];
  if (name === at) return [{ at, member: value, above: {} }];
  const items = Object.entries(value as object);
  const singular = name.replace(/ies$/, "y").replace(/s$/, "");
  return items.map(([key, member]: [string, unknown]) => ({
    at: at.endsWith("[]") ? `${name}[${key}]` : memberPath(name, key),
    member,
    above: { [singular]: member },
  }));
}

function joined(path: string, at: string): string {
  return at === "" ? path : `${path}.${at}`;
}

/** Of `healthCheck.port` or `attributes["slow_start.duration_seconds"]`. */
function valueAt(at: string, part: unknown): unknown {
  const names = [...at.matchAll(/\["([^"]+)"\]|[^.[\]]+/g)].map(([name, quoted]) => quoted ?? name);
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], part);
}
