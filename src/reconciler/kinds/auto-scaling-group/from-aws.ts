/** An Auto Scaling group as AWS describes it, as its part of a spec. */
import { childNameOf } from "../../../model/address.ts";
import {
  held,
  inOrderOf,
  type Lost,
  leavesFromAws,
  nested,
  notHeld,
  type Part,
  type Places,
  stated,
  type Written,
} from "../from-aws.ts";
import type { Tags } from "../tags.ts";
import { type AutoScalingGroup, namedTemplate } from "./fleet.ts";
import { FIELDS } from "./kind.ts";
import { MIXED_FIELDS, observedPolicy, SEGMENTS } from "./mixed/fields.ts";
import { autoScalingGroupSchema } from "./schema.ts";

/** Why no group of a spec can stand for this one; `undefined` when one can. */
export function whyNoGroup(group: AutoScalingGroup): string | undefined {
  if (group.Status !== undefined) return `it is being deleted (${group.Status})`;
  if (group.LaunchConfigurationName !== undefined)
    return `it launches by the launch configuration ${group.LaunchConfigurationName}; the spec holds launch templates alone, to which AWS asks everybody to move`;
  if (namedTemplate(group) === undefined) return "it has no launch template";
  if (subnetsOf(group).length === 0) return "it names no subnets (VPCZoneIdentifier), which the spec needs";
  return undefined;
}

function subnetsOf({ VPCZoneIdentifier: list = "" }: AutoScalingGroup): string[] {
  return list
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "")
    .sort();
}

/** Of every target group that it is attached to, by either way that Auto Scaling has to say so. */
export function targetGroupsOf({
  TargetGroupARNs: arns = [],
  TrafficSources: sources = [],
}: AutoScalingGroup): string[] {
  const others = sources.filter(({ Type }) => Type === "elbv2").map(({ Identifier }) => Identifier ?? "");
  return [...new Set([...arns, ...others])].filter((arn) => arn !== "").sort();
}

interface Around {
  readonly places: Places;
  /** `spec.tags`, and `spec.subnetIds`. */
  readonly sharedTags: Tags;
  readonly subnetIds: readonly string[];
}

/** Without its launch template and its policies. */
export function groupFromAws(group: AutoScalingGroup, { places, sharedTags, subnetIds }: Around): Written {
  const why = whyNoGroup(group);
  if (why !== undefined) return notHeld(why);
  const attached = targetGroupsOf(group).map((arn) => ({ arn, address: places.targetGroup(arn) }));
  const outside = attached.find(({ address }) => address === undefined);
  if (outside !== undefined) return notHeld(`it is attached to ${outside.arn}, which is not in the manifest`);
  const subnets = subnetsOf(group);
  const { tags, lost } = tagsOf(group, sharedTags);
  const part: Part = {
    name: group.AutoScalingGroupName,
    targetGroups: attached
      .flatMap(({ address }) => (address === undefined ? [] : [childNameOf(address)]))
      .sort(),
    ...stated({ subnetIds: sameTexts(subnets, subnetIds) ? undefined : subnets }),
    ...leavesFromAws(FIELDS, group),
    ...policyFromAws(group),
    ...stated({
      ...settingsFromAws(group),
      desiredCapacity: group.DesiredCapacity,
      tags: Object.keys(tags).length === 0 ? undefined : tags,
    }),
  };
  return held(inOrderOf(autoScalingGroupSchema, part), lost);
}

/** As AWS has it, its defaults included; what says nothing is left out. */
function policyFromAws({ MixedInstancesPolicy: policy }: AutoScalingGroup): Part {
  const fields = Object.entries(observedPolicy(policy)).filter(
    ([field, value]) => value !== "" && !(field === SEGMENTS && Array.isArray(value) && value.length === 0),
  );
  return nested(MIXED_FIELDS, Object.fromEntries(fields));
}

/** What is suspended is left out where nothing is: then it stays the business of people on call. */
function settingsFromAws({ SuspendedProcesses = [], EnabledMetrics = [] }: AutoScalingGroup): Part {
  const metrics = EnabledMetrics.flatMap(({ Metric }) => Metric ?? []).sort();
  const processes = SuspendedProcesses.flatMap(({ ProcessName }) => ProcessName ?? []).sort();
  return {
    suspendedProcesses: processes.length === 0 ? undefined : processes,
    metricsCollection: metrics.length === 0 ? undefined : { granularity: "1Minute", metrics },
  };
}

/** The group's own tags. One of `spec.tags` that its instances get too says so itself. */
function tagsOf({ Tags: list = [] }: AutoScalingGroup, shared: Tags): { tags: Part; lost: Lost[] } {
  const tags: Part = {};
  const lost: Lost[] = [];
  for (const { Key: key = "", Value: value = "", PropagateAtLaunch: propagates = false } of list) {
    if (/^aws:/i.test(key))
      lost.push({ path: `Tags[${key}]`, value, why: "a tag of AWS's own, which nobody else can write" });
    else if (key.startsWith("holdfast.dev/"))
      lost.push({ path: `Tags[${key}]`, value, why: "a tag of Holdfast's own" });
    else if (shared[key] !== value || propagates) tags[key] = { value, propagateAtLaunch: propagates };
  }
  return { tags, lost };
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}
