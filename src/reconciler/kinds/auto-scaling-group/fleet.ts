/** The instances that an Auto Scaling group keeps, and what it keeps them by: AWS's answer in our words. */
import type { Fields, Fleet, FleetInstance, TemplateVersion } from "../../core/resource.ts";
import { number, text } from "../field-values.ts";
import type { Found, Item, Listed } from "../kind.ts";
import { required } from "../required.ts";
import { poolOf } from "../warm-pool/draining.ts";
import { isWeighted, mixedAmong, observedPolicy, templatesOfOverrides } from "./mixed/fields.ts";
import type { MixedInstancesPolicySpec } from "./mixed/schema.ts";
import { type Answered, isAlias, numbered, templateIn, wholeTemplateOf } from "./template-version.ts";

export type AutoScalingGroup = Item<"autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups">;

/** The template of its own that a group names, in either of AWS's two ways. */
export function namedTemplate({
  LaunchTemplate,
  MixedInstancesPolicy,
}: Partial<Pick<AutoScalingGroup, "LaunchTemplate" | "MixedInstancesPolicy">>): Answered | undefined {
  return LaunchTemplate ?? MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
}

/**
 * @param listed by which a version that the group does not name by its number gets one
 * @param wanted the policy that the spec asks for
 */
export function fleetOf(
  group: AutoScalingGroup,
  listed: Listed = new Map(),
  wanted?: MixedInstancesPolicySpec,
): Fleet {
  const named = wholeTemplateOf(namedTemplate(group));
  const { WarmPoolConfiguration: pool } = group;
  const policy = observedPolicy(group.MixedInstancesPolicy, wanted);
  const instances = instancesOf(group);
  return {
    minSize: required(group.MinSize, "MinSize"),
    maxSize: required(group.MaxSize, "MaxSize"),
    desiredCapacity: required(group.DesiredCapacity, "DesiredCapacity"),
    healthCheckType: group.HealthCheckType ?? "EC2",
    healthCheckGracePeriodSeconds: group.HealthCheckGracePeriod ?? 0,
    availabilityZones: group.AvailabilityZones ?? [],
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []),
    template: named && numbered(named, listed),
    ...(named !== undefined && isAlias(named) ? { alias: named.version } : {}),
    usesLaunchTemplate: group.LaunchTemplate !== undefined || group.MixedInstancesPolicy !== undefined,
    ...(Object.keys(policy).length === 0 ? {} : { policy }),
    ...(hasWeights(group) ? { isWeighted: true } : {}),
    instances,
    ...(pool === undefined ? {} : { pool: poolOf(pool, group.WarmPoolSize ?? 0) }),
  };
}

/** What a new group will be, as far as it was asked for. */
export function fleetToBe(fields: Fields): Fleet {
  const policy = mixedAmong(fields);
  return {
    minSize: number(fields, "minSize"),
    maxSize: number(fields, "maxSize"),
    desiredCapacity: number(fields, "desiredCapacity"),
    healthCheckType: text(fields, "healthCheckType"),
    healthCheckGracePeriodSeconds: number(fields, "healthCheckGracePeriod"),
    availabilityZones: [],
    suspendedProcesses: [],
    template: templateIn(fields.launchTemplate),
    usesLaunchTemplate: true,
    ...(Object.keys(policy).length === 0 ? {} : { policy }),
    ...(isWeighted(fields) ? { isWeighted: true } : {}),
    instances: [],
  };
}

/** What is there keeps its weight, also where the group has none any more. */
function hasWeights({
  Instances = [],
  MixedInstancesPolicy: policy,
  DesiredCapacityType,
}: AutoScalingGroup): boolean {
  const desiredCapacityType = DesiredCapacityType ?? "units";
  return (
    isWeighted({ ...observedPolicy(policy), desiredCapacityType }) ||
    Instances.some(({ WeightedCapacity }) => WeightedCapacity !== undefined)
  );
}

export function instancesOf(group: AutoScalingGroup): FleetInstance[] {
  const { Instances = [], MixedInstancesPolicy: policy } = group;
  const others = templatesOfOverrides(policy);
  const own = wholeTemplateOf(namedTemplate(group));
  const weights = new Map(
    (policy?.LaunchTemplate?.Overrides ?? []).map(({ InstanceType, WeightedCapacity }) => [
      InstanceType,
      WeightedCapacity,
    ]),
  );
  return Instances.map((instance) => ({
    instanceId: required(instance.InstanceId, "InstanceId"),
    availabilityZone: required(instance.AvailabilityZone, "AvailabilityZone"),
    lifecycleState: required(instance.LifecycleState, "LifecycleState"),
    healthStatus: required(instance.HealthStatus, "HealthStatus"),
    protectedFromScaleIn: instance.ProtectedFromScaleIn === true,
    template: wholeTemplateOf(instance.LaunchTemplate),
    ...(isOfOther(instance.LaunchTemplate, own, others) ? { isOfOther: true } : {}),
    ...unitsTold(instance.WeightedCapacity ?? weights.get(instance.InstanceType)),
  }));
}

function isOfOther(
  template: Answered | undefined,
  own: TemplateVersion | undefined,
  others: ReadonlySet<string>,
): boolean {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = template ?? {};
  if (id !== undefined && id === own?.id) return false;
  return [id, name].some((one) => one !== undefined && others.has(one));
}

function unitsTold(weight: string | undefined): { units?: number } {
  const units = Number(weight);
  return weight === undefined || Number.isNaN(units) ? {} : { units };
}

/** The version of a template that a listed group runs, by its number; undefined where none of them uses it. */
export function versionInUse(listed: Listed, template: string): string | undefined {
  const groups = required(
    listed.get("autoScalingGroup"),
    "the groups that use it",
  ) as readonly Found<AutoScalingGroup>[];
  const named = groups
    .map(({ raw }) => wholeTemplateOf(namedTemplate(raw)))
    .find((one) => one?.id === template);
  return named && numbered(named, listed).version;
}
