import { isReference, type ReferenceSpec } from "../reference.ts";
import { siblingExists } from "../reference-rules.ts";
import { AUTO_SCALING_GUIDE, CLOUDWATCH_API, HOLDFAST, type SpecRule } from "../spec-rule.ts";
import type { WebServiceSpec } from "../web-service.ts";
import type { AlarmSpec } from "./schema.ts";

const PUT = `${CLOUDWATCH_API}/API_PutMetricAlarm.html` as const;
const HOUR = 3600;
const DAY = 24 * HOUR;

export const alarmRules: readonly SpecRule<AlarmSpec>[] = [
  {
    at: "statistic",
    must: "be given unless `extendedStatistic` is, and not beside it",
    when: ({ statistic, extendedStatistic }) =>
      (statistic === undefined) === (extendedStatistic === undefined),
    says: "takes exactly one of statistic and extendedStatistic",
    reason: "FieldValueRequired",
    source: PUT,
  },
  {
    at: "period",
    must: "be 10, 20, 30 or a multiple of 60",
    when: ({ period }) => ![10, 20, 30].includes(period) && period % 60 !== 0,
    source: PUT,
  },
  {
    at: "evaluationPeriods",
    must: `not be above ${DAY} seconds when multiplied by \`period\`; ${7 * DAY} where that is an hour or more`,
    when: ({ period, evaluationPeriods }) => period * evaluationPeriods > longestFor(period),
    says: ({ period, evaluationPeriods }) =>
      `times period must not be above ${longestFor(period)} seconds; was ${period * evaluationPeriods}`,
    source: PUT,
  },
  {
    at: "datapointsToAlarm",
    must: "not be above `evaluationPeriods`",
    when: ({ datapointsToAlarm, evaluationPeriods }) =>
      datapointsToAlarm !== undefined && datapointsToAlarm > evaluationPeriods,
    says: ({ datapointsToAlarm, evaluationPeriods }) =>
      `must not be above evaluationPeriods (${evaluationPeriods}); was ${datapointsToAlarm}`,
    source: "github.com/hashicorp/terraform/issues/24070",
  },
];

export const dimensionRules: readonly SpecRule<string | ReferenceSpec>[] = [
  {
    at: "ref",
    must: "not name a scaling policy",
    when: (value) => isReference(value) && namesPolicy(value.ref),
    says: "a scaling policy is not a dimension",
    source: HOLDFAST,
  },
  siblingExists((ref) => !namesPolicy(ref)),
];

export const alarmActionRules: readonly SpecRule<string | ReferenceSpec>[] = [
  {
    at: "ref",
    must: "name a scaling policy",
    each: (action) =>
      isReference(action) && !namesPolicy(action.ref)
        ? [`only a scaling policy can be an action; was ${action.ref}`]
        : [],
    source: PUT,
  },
  siblingExists(namesPolicy),
  {
    at: "ref",
    must: "not name a target tracking policy, which AWS gives alarms of its own",
    each: (action, { spec }) =>
      isReference(action) && policyAt(action.ref, spec)?.targetTracking !== undefined
        ? [
            `names ${action.ref.split(".")[3]}, a target tracking policy: AWS gives it alarms of its own; an alarm can set off a step policy`,
          ]
        : [],
    source: `${AUTO_SCALING_GUIDE}/as-scaling-target-tracking.html`,
  },
];

function longestFor(period: number): number {
  return period < HOUR ? DAY : 7 * DAY;
}

function namesPolicy(ref: string): boolean {
  return ref.includes(".scalingPolicies.");
}

function policyAt(ref: string, { autoScalingGroups }: WebServiceSpec) {
  const [collection, group = "", , policy = ""] = ref.split(".");
  return collection === "autoScalingGroups" && namesPolicy(ref)
    ? autoScalingGroups[group]?.scalingPolicies?.[policy]
    : undefined;
}
