/** The instances that an Auto Scaling group keeps, and what it keeps them by: AWS's answer in our words. */
import type { Fields, Fleet, FleetInstance } from "../../core/resource.ts";
import { number, text } from "../field-values.ts";
import type { Found, Item, Listed } from "../kind.ts";
import { required } from "../required.ts";
import { poolOf } from "../warm-pool/draining.ts";
import { isAlias, numbered, templateIn, wholeTemplateOf } from "./template-version.ts";

export type AutoScalingGroup = Item<"autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups">;

/** @param listed by which a version that the group does not name by its number gets one */
export function fleetOf(group: AutoScalingGroup, listed: Listed = new Map()): Fleet {
  const named = wholeTemplateOf(group.LaunchTemplate);
  const { WarmPoolConfiguration: pool } = group;
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
    instances: instancesOf(group),
    ...(pool === undefined ? {} : { pool: poolOf(pool, group.WarmPoolSize ?? 0) }),
  };
}

/** What a new group will be, as far as it was asked for. */
export function fleetToBe(fields: Fields): Fleet {
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
    instances: [],
  };
}

export function instancesOf({ Instances = [] }: Pick<AutoScalingGroup, "Instances">): FleetInstance[] {
  return Instances.map((instance) => ({
    instanceId: required(instance.InstanceId, "InstanceId"),
    availabilityZone: required(instance.AvailabilityZone, "AvailabilityZone"),
    lifecycleState: required(instance.LifecycleState, "LifecycleState"),
    healthStatus: required(instance.HealthStatus, "HealthStatus"),
    protectedFromScaleIn: instance.ProtectedFromScaleIn === true,
    template: wholeTemplateOf(instance.LaunchTemplate),
  }));
}

/** The version of a template that a listed group runs, by its number; undefined where none of them uses it. */
export function versionInUse(listed: Listed, template: string): string | undefined {
  const groups = required(
    listed.get("autoScalingGroup"),
    "the groups that use it",
  ) as readonly Found<AutoScalingGroup>[];
  const named = groups
    .map(({ raw }) => wholeTemplateOf(raw.LaunchTemplate))
    .find((one) => one?.id === template);
  return named && numbered(named, listed).version;
}
