import { addressFrom, childNameOf, referenceIn } from "../../../model/address.ts";
import { memberPath } from "../field-path.ts";
import { nameRule } from "../names/rule.ts";
import { isReference, type ReferenceSpec } from "../reference.ts";
import { siblingExists } from "../reference-rules.ts";
import { shown } from "../shown.ts";
import {
  AUTO_SCALING_GUIDE,
  CLOUDWATCH_API,
  duplicates,
  HOLDFAST,
  memberOf,
  type SpecRule,
} from "../spec-rule.ts";
import type { WebServiceSpec } from "../web-service.ts";
import type { AlarmSpec } from "./schema.ts";
import { isExtendedStatistic } from "./statistic.ts";

const PUT = `${CLOUDWATCH_API}/API_PutMetricAlarm.html` as const;
const DIMENSION = `${CLOUDWATCH_API}/API_Dimension.html` as const;
const ARN = /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/;
/** As many can an alarm have in a state. */
const ACTIONS_OF_ALARM = 5;
/** Seconds, of metrics of high resolution. */
const SHORT_PERIODS = [10, 20, 30];
const HOUR = 3600;
const DAY = 24 * HOUR;

export const alarmRules: readonly SpecRule<AlarmSpec>[] = [
  nameRule({ must: "have no control characters", isAllowed: (name) => !/\p{Cc}/u.test(name), source: PUT }),
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
    when: ({ period }) => !SHORT_PERIODS.includes(period) && period % 60 !== 0,
    source: PUT,
  },
  {
    at: "period",
    must: "be at least 60 with a `namespace` of AWS's own",
    when: ({ period, namespace }) => SHORT_PERIODS.includes(period) && namespace.startsWith("AWS/"),
    says: ({ period, namespace }) =>
      `must be at least 60: ${namespace} has no metrics of high resolution; was ${period}`,
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
  {
    at: "namespace",
    must: "not begin with a colon",
    when: ({ namespace }) => namespace.startsWith(":"),
    source: PUT,
  },
  {
    at: "extendedStatistic",
    must: "be one of CloudWatch's; bounds in percent from 10 to 90",
    when: ({ extendedStatistic: name }) => name !== undefined && !isExtendedStatistic(name),
    says: ({ extendedStatistic }) =>
      `takes p99, tm90, IQM, TM(10%:90%), PR(:300) and the like, with bounds in percent from 10 to 90; was ${shown(extendedStatistic)}`,
    source: PUT,
  },
  {
    at: "dimensions",
    must: "have names of printable ASCII characters that do not begin with a colon",
    each: ({ dimensions = {} }) =>
      Object.keys(dimensions)
        .filter((name) => !isAscii(name) || name.startsWith(":"))
        .map((name) => ({
          at: memberPath("dimensions", name),
          says: "has a name that is not of printable ASCII characters, or begins with a colon",
        })),
    source: DIMENSION,
  },
  ...(["alarmActions", "okActions", "insufficientDataActions"] as const).map(
    (list): SpecRule<AlarmSpec> => ({
      at: list,
      must: "hold each action once",
      each: (alarm) =>
        duplicates((alarm[list] ?? []).map((action) => JSON.stringify(action))).map(
          (action) => `holds ${action} twice`,
        ),
      reason: "FieldValueDuplicate",
      source: PUT,
    }),
  ),
];

export const dimensionRules: readonly SpecRule<string | ReferenceSpec>[] = [
  {
    at: "",
    must: "be of printable ASCII characters, not only spaces",
    when: (value) => typeof value === "string" && !isAscii(value),
    source: DIMENSION,
  },
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
    at: "",
    must: "be an ARN, of at most 1024 characters",
    when: (action) => typeof action === "string" && (!ARN.test(action) || action.length > 1024),
    says: (action) => `must be an ARN, or { ref: <path of a scaling policy> }; was ${shown(action)}`,
    source: PUT,
  },
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
            `names ${childNameOf(addressFrom(action.ref))}, a target tracking policy: AWS gives it alarms of its own; an alarm can set off a step or simple policy`,
          ]
        : [],
    source: `${AUTO_SCALING_GUIDE}/as-scaling-target-tracking.html`,
  },
  {
    at: "ref",
    must: "not name a predictive policy, which goes by its forecast",
    each: (action, { spec }) =>
      isReference(action) && policyAt(action.ref, spec)?.predictiveScaling !== undefined
        ? [
            `names ${childNameOf(addressFrom(action.ref))}, a predictive policy, which goes by its forecast; an alarm can set off a step or simple policy`,
          ]
        : [],
    source: `${AUTO_SCALING_GUIDE}/ec2-auto-scaling-predictive-scaling.html`,
  },
];

interface OfPolicy {
  readonly scalingPolicy: unknown;
}

/** Of the alarm that a policy is declared with, beside the others. */
export const policyAlarmRules: readonly SpecRule<AlarmSpec, OfPolicy>[] = [
  {
    at: "alarmActions",
    must: `have at most ${ACTIONS_OF_ALARM - 1} items beside the policy, which is one of them`,
    when: ({ alarmActions = [] }, { spec, scalingPolicy }) =>
      alarmActions.filter((action) => !isReference(action) || policyAt(action.ref, spec) !== scalingPolicy)
        .length >= ACTIONS_OF_ALARM,
    says: `must have at most ${ACTIONS_OF_ALARM - 1} items: the policy is one of the ${ACTIONS_OF_ALARM} that an alarm can have`,
    source: PUT,
  },
];

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && text.trim() !== "";
}

function longestFor(period: number): number {
  return period < HOUR ? DAY : 7 * DAY;
}

function namesPolicy(ref: string): boolean {
  return referenceIn(ref)?.to === "scalingPolicy";
}

function policyAt(ref: string, { autoScalingGroups }: WebServiceSpec) {
  const reference = referenceIn(ref);
  return reference?.to === "scalingPolicy"
    ? memberOf(memberOf(autoScalingGroups, reference.autoScalingGroup)?.scalingPolicies, reference.name)
    : undefined;
}
