import { type Address, childNameOf, scalingPolicyAddress } from "../../../model/address.ts";
import { valuesEqual } from "../../../model/value.ts";
import type { Input, Output } from "../../../ports.ts";
import { callOf } from "../../core/actions.ts";
import { refTo } from "../../core/references.ts";
import type { Fields, ObservedResource, Seen } from "../../core/resource.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { flag, optionalNumber, text } from "../field-values.ts";
import { groupLook, theOne } from "../fresh-look.ts";
import type { Found, Kind, Sought } from "../kind.ts";
import { nameOrPinned } from "../names/pinned.ts";
import { present, required } from "../required.ts";
import { memberOf } from "../spec-rule.ts";
import { addressIn } from "../tags.ts";
import {
  given,
  observedSimple,
  observedSteps,
  simpleFields,
  simpleInput,
  stepFields,
  stepInput,
} from "./adjustments.ts";
import { hasLabel, observedPredictive, predictiveFields, predictiveInput } from "./predictive.ts";
import { type ScalingPolicySpec, scalingPolicySchema } from "./schema.ts";
import { observedTracking, trackingFields, trackingInput } from "./tracking.ts";
import { childIn, isOfType, policyName, type ScalingPolicy, typeOf, typeWanted } from "./type.ts";

type Made = Output<"autoscaling:PutScalingPolicy">;

const PUT = "autoscaling:PutScalingPolicy";

const FORMS = ["targetTracking", "stepScaling", "simpleScaling", "predictiveScaling"] as const;

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
      : FORMS.map((form) => `${form}.${field}`),

  desired({ owner, spec }, before) {
    return before("autoScalingGroup").flatMap((group) => {
      const policies = memberOf(spec.autoScalingGroups, childNameOf(group.address))?.scalingPolicies ?? {};
      return Object.entries(policies).map(([name, wanted]) => ({
        address: scalingPolicyAddress(group.address, name),
        kind: "scalingPolicy" as const,
        ...nameOrPinned(
          wanted.name === undefined ? undefined : nameIn(group.name, wanted.name),
          nameIn(group.name, policyName(owner, name, wanted)),
        ),
        immutable: { policyType: typeWanted(wanted) },
        fields: desiredFields(wanted),
        initial: {
          autoScalingGroup: refTo(group.address, "name"),
          policyName: wanted.name ?? policyName(owner, name, wanted),
        },
        after: countsRequests(wanted) ? before("listener").map((listener) => listener.address) : [],
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
  if (own !== undefined) return own;
  const child = childIn(owner, raw.PolicyName);
  return child === undefined ? undefined : scalingPolicyAddress(group, child);
}

/** A policy's name is its group's alone. */
function nameIn(group: string, policy: string): string {
  return `${group}:${policy}`;
}

function desiredFields(policy: ScalingPolicySpec): Fields {
  const { enabled, estimatedInstanceWarmup, targetTracking, stepScaling, simpleScaling } = policy;
  return {
    enabled,
    ...given({ estimatedInstanceWarmup }),
    ...(targetTracking === undefined ? {} : trackingFields(targetTracking)),
    ...(stepScaling === undefined ? {} : stepFields(stepScaling)),
    ...(simpleScaling === undefined ? {} : simpleFields(simpleScaling)),
    ...(policy.predictiveScaling === undefined ? {} : predictiveFields(policy.predictiveScaling)),
  };
}

/** AWS refuses the request count of a target group that no load balancer uses yet. */
function countsRequests({ targetTracking, predictiveScaling }: ScalingPolicySpec): boolean {
  if (predictiveScaling !== undefined) return hasLabel(predictiveScaling);
  return targetTracking?.resourceLabel !== undefined;
}

type PolicyInput = Omit<Input<"autoscaling:PutScalingPolicy">, "AutoScalingGroupName" | "PolicyName">;

/** The call replaces the whole policy. */
function inputOf(fields: Fields): PolicyInput {
  const warmup = optionalNumber(fields, "estimatedInstanceWarmup");
  return {
    Enabled: flag(fields, "enabled"),
    ...(warmup === undefined ? {} : { EstimatedInstanceWarmup: warmup }),
    ...inputOfType(fields),
  };
}

function inputOfType(fields: Fields): PolicyInput {
  if (fields.stepAdjustments !== undefined) return stepInput(fields);
  if (fields.scalingAdjustment !== undefined) return simpleInput(fields);
  return fields.metricSpecifications === undefined ? trackingInput(fields) : predictiveInput(fields);
}

/** AWS's answer as fields. The alarms that a target tracking policy makes for itself are AWS's own and not read. */
function observed(
  item: ScalingPolicy,
  identity: { address: Address | undefined; name: string; group: string },
  nowMs: number,
): Seen {
  const arn = required(item.PolicyARN, "PolicyARN");
  return {
    kind: "scalingPolicy",
    id: arn,
    name: identity.name,
    address: identity.address,
    fields: {
      enabled: item.Enabled ?? true,
      ...given({ estimatedInstanceWarmup: item.EstimatedInstanceWarmup }),
      ...observedOfType(item),
    },
    immutable: { policyType: typeOf(item) },
    attributes: { arn, name: item.PolicyName ?? "" },
    refersTo: [identity.group],
    parent: identity.group,
    ...derivedAlarms(item),
    lifecycle: "ready",
    observedAtMs: nowMs,
  };
}

/** AWS makes them, keeps them, and wants nobody to touch them (…/ec2/userguide/as-scaling-target-tracking.html). */
function derivedAlarms(item: ScalingPolicy): Pick<Seen, "derived"> {
  if (item.TargetTrackingConfiguration === undefined) return {};
  const derived = (item.Alarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []).sort();
  return derived.length === 0 ? {} : { derived };
}

function observedOfType(item: ScalingPolicy): Fields {
  const { TargetTrackingConfiguration: tracking, PredictiveScalingConfiguration: predictive } = item;
  if (tracking !== undefined) return observedTracking(tracking);
  if (predictive !== undefined) return observedPredictive(predictive);
  return isOfType(item, "simple") ? observedSimple(item) : observedSteps(item);
}
