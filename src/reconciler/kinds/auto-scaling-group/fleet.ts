/** The instances that an Auto Scaling group keeps, and what it keeps them by: AWS's answer in our words. */
import type { Fields, Fleet, FleetInstance } from "../../core/resource.ts";
import { number, text } from "../field-values.ts";
import type { Item } from "../kind.ts";
import { required } from "../required.ts";
import { templateIn, wholeTemplateOf } from "./template-version.ts";

export type AutoScalingGroup = Item<"autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups">;

export function fleetOf(group: AutoScalingGroup): Fleet {
  return {
    minSize: required(group.MinSize, "MinSize"),
    maxSize: required(group.MaxSize, "MaxSize"),
    desiredCapacity: required(group.DesiredCapacity, "DesiredCapacity"),
    healthCheckType: group.HealthCheckType ?? "EC2",
    healthCheckGracePeriodSeconds: group.HealthCheckGracePeriod ?? 0,
    availabilityZones: group.AvailabilityZones ?? [],
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []),
    template: wholeTemplateOf(group.LaunchTemplate),
    usesLaunchTemplate: group.LaunchTemplate !== undefined || group.MixedInstancesPolicy !== undefined,
    instances: instancesOf(group),
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

export function instancesOf({ Instances = [] }: AutoScalingGroup): FleetInstance[] {
  return Instances.map((instance) => ({
    instanceId: required(instance.InstanceId, "InstanceId"),
    availabilityZone: required(instance.AvailabilityZone, "AvailabilityZone"),
    lifecycleState: required(instance.LifecycleState, "LifecycleState"),
    healthStatus: required(instance.HealthStatus, "HealthStatus"),
    protectedFromScaleIn: instance.ProtectedFromScaleIn === true,
    template: wholeTemplateOf(instance.LaunchTemplate),
  }));
}
