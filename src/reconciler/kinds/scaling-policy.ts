import type { Value } from "../../model/value.ts";
import type { Input, Output } from "../../ports.ts";
import { TAG_RESOURCE } from "../core/names.ts";
import { joined, sortedSet } from "../core/references.ts";
import { type Fields, refTo, type Seen } from "../core/resource.ts";
import { required } from "./elb.ts";
import { callOf, type Item, type Kind } from "./kind.ts";
import { type ScalingPolicySpec, scalingPolicySchema } from "./scaling-policy/schema.ts";

type MetricType = NonNullable<
  NonNullable<
    Input<"autoscaling:PutScalingPolicy">["TargetTrackingConfiguration"]
  >["PredefinedMetricSpecification"]
>["PredefinedMetricType"];
type ScalingPolicy = Item<"autoscaling:DescribePolicies", "ScalingPolicies">;

const PUT = "autoscaling:PutScalingPolicy";

function scalingPolicyKey(group: string, name: string): string {
  return `autoScalingGroups.${group}.scalingPolicies.${name}`;
}

/** Scaling policies have no tags: their names say whose they are, and they sit on a group that carries our tag. */
export const scalingPolicy: Kind = {
  name: "scalingPolicy",
  title: "scaling policy",
  family: "compute",
  isWhole: true,
  schema: scalingPolicySchema,
  tagSource: "parent",
  sitsOn: "autoScalingGroup",

  desired({ owner, spec }, before) {
    return before("autoScalingGroup").flatMap((group) => {
      const child = group.key.slice("autoScalingGroups.".length);
      return Object.entries(spec.autoScalingGroups[child]?.scalingPolicies ?? {}).map(([name, wanted]) => ({
        key: scalingPolicyKey(child, name),
        kind: "scalingPolicy",
        // AWS cannot turn a policy of one type into the other, so the type is part of the name.
        name: `${group.name}:${policyName(owner, name, typeOf(wanted))}`,
        fields: desiredFields(wanted),
        initial: {
          autoScalingGroup: refTo(group.key, "name"),
          policyName: policyName(owner, name, typeOf(wanted)),
        },
        // AWS refuses the request count of a target group that no load balancer uses yet.
        after:
          wanted.targetTracking?.resourceLabel === undefined
            ? []
            : before("listener").map((listener) => listener.key),
      }));
    });
  },

  async list(reader, _tier, found) {
    const lists = (found.get("autoScalingGroup") ?? []).map(async (parent) => {
      const items = await reader.list<"autoscaling:DescribePolicies", ScalingPolicy>(
        "autoscaling:DescribePolicies",
        { AutoScalingGroupName: parent.name, MaxRecords: 100 },
        (page) => page.ScalingPolicies,
      );
      return items.map((item) => {
        const policy = required(item.PolicyName, "PolicyName");
        return {
          kind: "scalingPolicy",
          id: required(item.PolicyARN, "PolicyARN"),
          name: `${parent.name}:${policy}`,
          raw: item,
          parent,
        };
      });
    });
    return (await Promise.all(lists)).flat();
  },

  async observe(reader, found, _tags, { owner }) {
    const item = found.raw as ScalingPolicy;
    const parent = required(found.parent, "the policy's group");
    const child = parent.tags?.[TAG_RESOURCE]?.slice("autoScalingGroups.".length);
    const isOurs = item.PolicyName?.startsWith(`${owner}/`) === true;
    const name = item.PolicyName?.slice(owner.length + 1).replace(/@(step|target)$/, "") ?? "";
    const key = child === undefined || !isOurs ? undefined : scalingPolicyKey(child, name);
    return observed(item, { key, name: found.name, group: parent.name }, reader.nowMs());
  },

  create(_desired, fields) {
    return callOf(PUT, {
      ...inputOf(fields),
      AutoScalingGroupName: String(fields.autoScalingGroup),
      PolicyName: String(fields.policyName),
    });
  },

  created(desired, fields, output, nowMs) {
    const arn = (output as Output<"autoscaling:PutScalingPolicy">).PolicyARN;
    if (arn === undefined) return null;
    const group = String(fields.autoScalingGroup);
    const item: ScalingPolicy = {
      ...inputOf(fields),
      PolicyARN: arn,
      AutoScalingGroupName: group,
      PolicyName: String(fields.policyName),
    };
    return observed(item, { key: desired.key, name: desired.name, group }, nowMs);
  },

  update({ fields, observed: { detail } }) {
    const { AutoScalingGroupName, PolicyName } = detail as ScalingPolicyDetail;
    return [callOf(PUT, { ...inputOf(fields), AutoScalingGroupName, PolicyName })];
  },

  remove({ detail }) {
    const { AutoScalingGroupName, PolicyName } = detail as ScalingPolicyDetail;
    return [callOf("autoscaling:DeletePolicy", { AutoScalingGroupName, PolicyName })];
  },
};

interface ScalingPolicyDetail {
  readonly AutoScalingGroupName: string;
  readonly PolicyName: string;
}

function typeOf(policy: ScalingPolicySpec): "target" | "step" {
  return policy.targetTracking === undefined ? "step" : "target";
}

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
                resourceLabel: joined([refTo("loadBalancer", "dimension"), "/", refTo(label, "dimension")]),
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

function inputOf(fields: Fields) {
  const shared = {
    Enabled: fields.enabled as boolean,
    ...(fields.estimatedInstanceWarmup === undefined
      ? {}
      : { EstimatedInstanceWarmup: fields.estimatedInstanceWarmup as number }),
  };
  if (fields.stepAdjustments !== undefined) {
    const steps = fields.stepAdjustments as {
      metricIntervalLowerBound?: number;
      metricIntervalUpperBound?: number;
      scalingAdjustment: number;
    }[];
    return {
      ...shared,
      PolicyType: "StepScaling",
      AdjustmentType: String(fields.adjustmentType),
      MetricAggregationType: String(fields.metricAggregationType),
      ...(fields.minAdjustmentMagnitude === undefined
        ? {}
        : { MinAdjustmentMagnitude: fields.minAdjustmentMagnitude as number }),
      StepAdjustments: steps.map((step) => ({
        MetricIntervalLowerBound: step.metricIntervalLowerBound,
        MetricIntervalUpperBound: step.metricIntervalUpperBound,
        ScalingAdjustment: step.scalingAdjustment,
      })),
    };
  }
  const metric = fields.metric as { predefined?: string; resourceLabel?: string } & Record<string, Value>;
  return {
    ...shared,
    PolicyType: "TargetTrackingScaling",
    TargetTrackingConfiguration: {
      TargetValue: fields.targetValue as number,
      DisableScaleIn: fields.disableScaleIn as boolean,
      ...(metric.predefined === undefined
        ? {
            CustomizedMetricSpecification: {
              Namespace: String(metric.namespace),
              MetricName: String(metric.metricName),
              Statistic: metric.statistic as "Average",
              ...(metric.unit === undefined ? {} : { Unit: String(metric.unit) }),
              Dimensions: (metric.dimensions as { name: string; value: string }[]).map(({ name, value }) => ({
                Name: name,
                Value: value,
              })),
            },
          }
        : {
            PredefinedMetricSpecification: {
              PredefinedMetricType: metric.predefined as MetricType,
              ...(metric.resourceLabel === undefined ? {} : { ResourceLabel: metric.resourceLabel }),
            },
          }),
    },
  };
}

/** AWS's answer as fields. The alarms that a target tracking policy makes for itself are AWS's own and not read. */
function observed(
  item: ScalingPolicy,
  identity: { key: string | undefined; name: string; group: string },
  nowMs: number,
): Seen {
  const arn = required(item.PolicyARN, "PolicyARN");
  const fields: Fields = {
    enabled: item.Enabled ?? true,
    ...(item.EstimatedInstanceWarmup === undefined
      ? {}
      : { estimatedInstanceWarmup: item.EstimatedInstanceWarmup }),
  };
  const tracking = item.TargetTrackingConfiguration;
  if (tracking !== undefined) {
    fields.targetValue = tracking.TargetValue ?? 0;
    fields.disableScaleIn = tracking.DisableScaleIn ?? false;
    fields.metric = observedMetric(tracking);
  } else {
    fields.adjustmentType = item.AdjustmentType ?? "";
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
  const detail: ScalingPolicyDetail = {
    AutoScalingGroupName: identity.group,
    PolicyName: item.PolicyName ?? "",
  };
  return {
    kind: "scalingPolicy",
    id: arn,
    name: identity.name,
    key: identity.key,
    fields,
    attributes: { arn, name: item.PolicyName ?? "" },
    refersTo: [identity.group],
    parent: identity.group,
    lifecycle: "ready",
    detail,
    observedAtMs: nowMs,
  };
}

function observedMetric(tracking: NonNullable<ScalingPolicy["TargetTrackingConfiguration"]>): Value {
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
    namespace: custom.Namespace ?? "",
    metricName: custom.MetricName ?? "",
    statistic: custom.Statistic ?? "",
    ...(custom.Unit === undefined ? {} : { unit: custom.Unit }),
    dimensions: sortedSet(dimensions),
  };
}
