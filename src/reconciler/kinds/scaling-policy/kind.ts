import {
  type Address,
  addressFrom,
  childNameOf,
  LOAD_BALANCER,
  scalingPolicyAddress,
} from "../../../model/address.ts";
import { type Value, valuesEqual } from "../../../model/value.ts";
import type { Input, Output } from "../../../ports.ts";
import { callOf } from "../../core/actions.ts";
import { joined, refTo, sortedSet } from "../../core/references.ts";
import type { Fields, ObservedResource, Seen } from "../../core/resource.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { membersAt, withForeignMembers } from "../coverage/foreign-members.ts";
import { flag, number, oneOf, optionalNumber, optionalText, record, records, text } from "../field-values.ts";
import { groupLook, theOne } from "../fresh-look.ts";
import type { Found, Item, Kind, Sought } from "../kind.ts";
import { nameOrPinned } from "../names/pinned.ts";
import { present, required } from "../required.ts";
import { memberOf } from "../spec-rule.ts";
import { addressIn } from "../tags.ts";
import { type ScalingPolicySpec, scalingPolicySchema, targetTrackingSchema } from "./schema.ts";

type ScalingPolicy = Item<"autoscaling:DescribePolicies", "ScalingPolicies">;
type TargetTracking = NonNullable<ScalingPolicy["TargetTrackingConfiguration"]>;
type Made = Output<"autoscaling:PutScalingPolicy">;

const PUT = "autoscaling:PutScalingPolicy";

const { predefinedMetricType: PREDEFINED, customizedMetric: CUSTOMIZED } = targetTrackingSchema.properties;
const { statistic: STATISTIC } = CUSTOMIZED.properties;

/** Scaling policies have no tags: their names say whose they are, and they sit on a group that carries our tag. */
export const scalingPolicy: Kind<ScalingPolicy, Made> = {
  name: "scalingPolicy",
  title: "scaling policy",
  family: "compute",
  traits: {},
  isWhole: true,
  schema: scalingPolicySchema,
  tagSource: "parent",
  sitsOn: "autoScalingGroup",
  quota: "scalingPolicies",
  inSpec: (field) =>
    field === "metric"
      ? [
          "targetTracking.predefinedMetricType",
          "targetTracking.resourceLabel",
          "targetTracking.customizedMetric",
        ]
      : [`targetTracking.${field}`, `stepScaling.${field}`],

  desired({ owner, spec }, before) {
    return before("autoScalingGroup").flatMap((group) => {
      const policies = memberOf(spec.autoScalingGroups, childNameOf(group.address))?.scalingPolicies ?? {};
      return Object.entries(policies).map(([name, wanted]) => ({
        address: scalingPolicyAddress(group.address, name),
        kind: "scalingPolicy" as const,
        ...nameOrPinned(
          wanted.name === undefined ? undefined : nameIn(group.name, wanted.name),
          nameIn(group.name, policyName(owner, name, typeOf(wanted))),
        ),
        immutable: { policyType: TYPES[typeOf(wanted)] },
        fields: desiredFields(wanted),
        initial: {
          autoScalingGroup: refTo(group.address, "name"),
          policyName: wanted.name ?? policyName(owner, name, typeOf(wanted)),
        },
        // AWS refuses the request count of a target group that no load balancer uses yet.
        after:
          wanted.targetTracking?.resourceLabel === undefined
            ? []
            : before("listener").map((listener) => listener.address),
      }));
    });
  },

  async list(reader, _service, listed) {
    const lists = (listed.get("autoScalingGroup") ?? []).map(async (parent) => {
      const group = present(parent.name, "its name");
      const items = await reader.list(
        "autoscaling:DescribePolicies",
        { AutoScalingGroupName: group, MaxRecords: 100 },
        (page) => page.ScalingPolicies,
      );
      return items.map((item) => {
        const policy = required(item.PolicyName, "PolicyName");
        return {
          kind: "scalingPolicy" as const,
          id: required(item.PolicyARN, "PolicyARN"),
          name: nameIn(group, policy),
          raw: item,
          parent,
        };
      });
    });
    return (await Promise.all(lists)).flat();
  },

  /** docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html */
  excludedBy: (fields, other) =>
    fields.metric !== undefined && valuesEqual(fields.metric, other.fields.metric)
      ? "one target tracking policy for a metric"
      : undefined,

  /**
   * AWS has no tags for it: that its name begins with our owner, is one that the spec asks for, or that it is known to us, on
   * a group of ours, is what makes it claim to be ours.
   */
  isNamedByUs: () => true,

  async observe({ reader, found, service, sought }) {
    const parent = present(found.parent, "its group");
    const identity = {
      address: addressOf(found, addressIn(parent.tags ?? {}), service.owner, sought),
      name: present(found.name, "its name"),
      group: present(parent.name, "its group's name"),
    };
    const members = toldMembersOf("scalingPolicy", { "autoscaling:DescribePolicies": found.raw });
    return { ...observed(found.raw, identity, reader.nowMs()), members };
  },

  create(_desired, fields) {
    return callOf(PUT, {
      ...inputOf(fields),
      AutoScalingGroupName: text(fields, "autoScalingGroup"),
      PolicyName: text(fields, "policyName"),
    });
  },

  created({ address, name }, fields, { PolicyARN }, nowMs) {
    if (PolicyARN === undefined) return null;
    const group = text(fields, "autoScalingGroup");
    const item: ScalingPolicy = {
      ...inputOf(fields),
      PolicyARN,
      AutoScalingGroupName: group,
      PolicyName: text(fields, "policyName"),
    };
    return observed(item, { address, name, group }, nowMs);
  },

  update({ fields, observed: now }) {
    return [callOf(PUT, { ...inputOf(fields), ...nameInAws(now) })];
  },

  consequences: ({ differences }) =>
    differences === "removed"
      ? [{ effect: "interrupts", says: "its group is not scaled by it any more" }]
      : [],

  remove(now) {
    return { calls: [callOf("autoscaling:DeletePolicy", nameInAws(now))], isLast: true };
  },

  /** AWS has no tags for it: those of its group speak for it. */
  async lookAfresh(reader, now) {
    const operation = "autoscaling:DescribePolicies";
    const { AutoScalingGroupName, PolicyName } = nameInAws(now);
    const [answer, { owner }] = await Promise.all([
      reader.call(operation, { AutoScalingGroupName, PolicyNames: [PolicyName] }),
      groupLook(reader, AutoScalingGroupName, undefined),
    ]);
    const policy = theOne(operation, answer.ScalingPolicies, `scaling policy ${PolicyName}`);
    return { is: "there", id: required(policy.PolicyARN, "PolicyARN"), owner };
  },
};

/** By what AWS takes the policy in a call. */
function nameInAws({ parent, attributes }: ObservedResource) {
  return {
    AutoScalingGroupName: present(parent, "its group"),
    PolicyName: present(attributes.name, "its PolicyName"),
  };
}

/** Where a policy stands in the spec, as its name and its group's tag say; one of somebody else's stands nowhere. */
function addressOf(
  { id, name = "", raw }: Found<ScalingPolicy>,
  group: Address | undefined,
  owner: string,
  { wanted, known }: Sought,
): Address | undefined {
  if (group === undefined) return undefined;
  const own = wanted.get(name) ?? known.get(id)?.address;
  if (own !== undefined || raw.PolicyName?.startsWith(`${owner}/`) !== true) return own;
  return scalingPolicyAddress(group, raw.PolicyName.slice(owner.length + 1).replace(/@(step|target)$/, ""));
}

/** A policy's name is its group's alone. */
function nameIn(group: string, policy: string): string {
  return `${group}:${policy}`;
}

const TYPES = { target: "TargetTrackingScaling", step: "StepScaling" } as const;

function typeOf(policy: ScalingPolicySpec): "target" | "step" {
  return policy.targetTracking === undefined ? "step" : "target";
}

/** One type cannot become the other, so the type is part of the name. */
function policyName(owner: string, name: string, type: "target" | "step"): string {
  return `${owner}/${name}@${type}`;
}

function desiredFields(policy: ScalingPolicySpec): Fields {
  const warmup: Fields =
    policy.estimatedInstanceWarmup === undefined
      ? {}
      : { estimatedInstanceWarmup: policy.estimatedInstanceWarmup };
  const shared = { enabled: policy.enabled, ...warmup };
  const { targetTracking: tracking, stepScaling: step } = policy;
  if (step !== undefined) {
    return {
      ...shared,
      adjustmentType: step.adjustmentType,
      metricAggregationType: step.metricAggregationType,
      ...(step.minAdjustmentMagnitude === undefined
        ? {}
        : { minAdjustmentMagnitude: step.minAdjustmentMagnitude }),
      stepAdjustments: sortedSet(step.stepAdjustments.map((adjustment) => ({ ...adjustment }))),
    };
  }
  const custom = tracking?.customizedMetric;
  const label = tracking?.resourceLabel?.ref;
  const metric: Value =
    custom === undefined
      ? {
          predefined: tracking?.predefinedMetricType ?? "",
          ...(label === undefined
            ? {}
            : {
                resourceLabel: joined([
                  refTo(LOAD_BALANCER, "dimension"),
                  "/",
                  refTo(addressFrom(label), "dimension"),
                ]),
              }),
        }
      : {
          ...custom,
          dimensions: sortedSet(
            Object.entries(custom.dimensions ?? {}).map(([name, value]) => ({ name, value })),
          ),
        };
  return {
    ...shared,
    targetValue: tracking?.targetValue ?? 0,
    disableScaleIn: tracking?.disableScaleIn ?? false,
    metric,
  };
}

type PolicyInput = Omit<Input<"autoscaling:PutScalingPolicy">, "AutoScalingGroupName" | "PolicyName">;

/**
 * What PutScalingPolicy takes and the spec does not say
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CustomizedMetricSpecification.html).
 */
const OTHER_MEMBERS = [
  "TargetTrackingConfiguration.CustomizedMetricSpecification.Metrics",
  "TargetTrackingConfiguration.CustomizedMetricSpecification.Period",
];

/** The call replaces the whole policy, what the spec cannot say of it included. */
function inputOf(fields: Fields): PolicyInput {
  return withForeignMembers(declaredInput(fields), fields);
}

function declaredInput(fields: Fields): PolicyInput {
  const warmup = optionalNumber(fields, "estimatedInstanceWarmup");
  const shared = {
    Enabled: flag(fields, "enabled"),
    ...(warmup === undefined ? {} : { EstimatedInstanceWarmup: warmup }),
  };
  if (fields.stepAdjustments === undefined) {
    return {
      ...shared,
      PolicyType: "TargetTrackingScaling",
      TargetTrackingConfiguration: {
        TargetValue: number(fields, "targetValue"),
        DisableScaleIn: flag(fields, "disableScaleIn"),
        ...metricOf(record(fields, "metric")),
      },
    };
  }
  const magnitude = optionalNumber(fields, "minAdjustmentMagnitude");
  return {
    ...shared,
    PolicyType: "StepScaling",
    AdjustmentType: text(fields, "adjustmentType"),
    MetricAggregationType: text(fields, "metricAggregationType"),
    ...(magnitude === undefined ? {} : { MinAdjustmentMagnitude: magnitude }),
    StepAdjustments: records(fields, "stepAdjustments").map((step) => ({
      MetricIntervalLowerBound: optionalNumber(step, "metricIntervalLowerBound"),
      MetricIntervalUpperBound: optionalNumber(step, "metricIntervalUpperBound"),
      ScalingAdjustment: number(step, "scalingAdjustment"),
    })),
  };
}

/** The metric as AWS wants it. One that AWS has and our schema has not may still stand here: AWS judges it. */
function metricOf(metric: Fields): Omit<TargetTracking, "TargetValue"> {
  if (metric.predefined !== undefined) {
    const label = optionalText(metric, "resourceLabel");
    return {
      PredefinedMetricSpecification: {
        PredefinedMetricType: oneOf(metric, "predefined", PREDEFINED.enum),
        ...(label === undefined ? {} : { ResourceLabel: label }),
      },
    };
  }
  const unit = optionalText(metric, "unit");
  return {
    CustomizedMetricSpecification: {
      Namespace: text(metric, "namespace"),
      MetricName: text(metric, "metricName"),
      Statistic: oneOf(metric, "statistic", STATISTIC.enum),
      ...(unit === undefined ? {} : { Unit: unit }),
      Dimensions: records(metric, "dimensions").map((dimension) => ({
        Name: text(dimension, "name"),
        Value: text(dimension, "value"),
      })),
    },
  };
}

/** AWS's answer as fields. The alarms that a target tracking policy makes for itself are AWS's own and not read. */
function observed(
  item: ScalingPolicy,
  identity: { address: Address | undefined; name: string; group: string },
  nowMs: number,
): Seen {
  const arn = required(item.PolicyARN, "PolicyARN");
  const fields: Fields = {
    enabled: item.Enabled ?? true,
    ...(item.EstimatedInstanceWarmup === undefined
      ? {}
      : { estimatedInstanceWarmup: item.EstimatedInstanceWarmup }),
    ...membersAt(item, OTHER_MEMBERS),
  };
  const tracking = item.TargetTrackingConfiguration;
  if (tracking !== undefined) {
    fields.targetValue = tracking.TargetValue ?? 0;
    fields.disableScaleIn = tracking.DisableScaleIn ?? false;
    fields.metric = observedMetric(tracking);
  } else {
    if (item.AdjustmentType !== undefined) fields.adjustmentType = item.AdjustmentType;
    fields.metricAggregationType = item.MetricAggregationType ?? "Average";
    if (item.MinAdjustmentMagnitude !== undefined)
      fields.minAdjustmentMagnitude = item.MinAdjustmentMagnitude;
    fields.stepAdjustments = sortedSet(
      (item.StepAdjustments ?? []).map((step) => ({
        ...(step.MetricIntervalLowerBound === undefined
          ? {}
          : { metricIntervalLowerBound: step.MetricIntervalLowerBound }),
        ...(step.MetricIntervalUpperBound === undefined
          ? {}
          : { metricIntervalUpperBound: step.MetricIntervalUpperBound }),
        scalingAdjustment: step.ScalingAdjustment ?? 0,
      })),
    );
  }
  return {
    kind: "scalingPolicy",
    id: arn,
    name: identity.name,
    address: identity.address,
    fields,
    immutable: { policyType: item.PolicyType ?? TYPES[tracking === undefined ? "step" : "target"] },
    attributes: { arn, name: item.PolicyName ?? "" },
    refersTo: [identity.group],
    parent: identity.group,
    lifecycle: "ready",
    observedAtMs: nowMs,
  };
}

function observedMetric(tracking: TargetTracking): Value {
  const { CustomizedMetricSpecification: custom, PredefinedMetricSpecification: predefined } = tracking;
  if (custom === undefined) {
    return {
      predefined: predefined?.PredefinedMetricType ?? "",
      ...(predefined?.ResourceLabel === undefined ? {} : { resourceLabel: predefined.ResourceLabel }),
    };
  }
  const dimensions = (custom.Dimensions ?? []).map(({ Name, Value }) => ({
    name: Name ?? "",
    value: Value ?? "",
  }));
  return {
    ...(custom.Namespace === undefined ? {} : { namespace: custom.Namespace }),
    ...(custom.MetricName === undefined ? {} : { metricName: custom.MetricName }),
    ...(custom.Statistic === undefined ? {} : { statistic: custom.Statistic }),
    ...(custom.Unit === undefined ? {} : { unit: custom.Unit }),
    dimensions: sortedSet(dimensions),
  };
}
