/** Groups and instances in the shape of AWS's answers. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { shownPolicy, shownTemplate } from "./mixed/policy.ts";
import { type Group, isOfPool, type Member, type State, type WarmPool, zonesOf } from "./state.ts";

export function shownGroup(state: State, group: Group, withInstances: boolean): asg.AutoScalingGroup {
  const targetGroups = [...group.attachments.values()]
    .filter((attachment) => attachment.removing === undefined)
    .map((attachment) => attachment.arn);
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    LaunchTemplate: group.mixed === undefined ? shownTemplate(group.template) : undefined,
    MixedInstancesPolicy: shownPolicy(group),
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desired,
    DefaultCooldown: group.defaultCooldown,
    AvailabilityZones: [...zonesOf(state, group).keys()].sort(),
    LoadBalancerNames: [],
    TargetGroupARNs: targetGroups,
    TrafficSources: targetGroups.map((arn) => ({ Identifier: arn, Type: "elbv2" })),
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.healthCheckGracePeriod,
    Instances: withInstances ? shownInstances(group) : [],
    CreatedTime: new Date(group.createdAtMs),
    SuspendedProcesses: [...group.suspended].map(([ProcessName, SuspensionReason]) => ({
      ProcessName,
      SuspensionReason,
    })),
    PlacementGroup: group.placementGroup,
    VPCZoneIdentifier: group.vpcZoneIdentifier,
    EnabledMetrics: [...group.enabledMetrics].map((Metric) => ({ Metric, Granularity: "1Minute" })),
    Status: group.deleting ? "Delete in progress" : undefined,
    Tags: shownTags(group),
    TerminationPolicies: group.terminationPolicies,
    NewInstancesProtectedFromScaleIn: group.protectNewInstances,
    ServiceLinkedRoleARN: group.serviceLinkedRole,
    MaxInstanceLifetime: group.maxInstanceLifetime,
    CapacityRebalance: group.capacityRebalance,
    Context: group.context,
    DesiredCapacityType: group.desiredCapacityType,
    DefaultInstanceWarmup: group.defaultInstanceWarmup,
    InstanceMaintenancePolicy: group.maintenance,
    DeletionProtection: group.deletionProtection,
    AvailabilityZoneDistribution: group.zoneDistribution ?? {
      CapacityDistributionStrategy: "balanced-best-effort",
    },
    AvailabilityZoneImpairmentPolicy: group.zoneImpairmentPolicy,
    CapacityReservationSpecification: group.capacityReservations,
    InstanceLifecyclePolicy: group.lifecyclePolicy,
    // autoscaling/pool-described
    WarmPoolConfiguration: group.warmPool && shownPool(group.warmPool),
    WarmPoolSize: group.warmPool === undefined ? undefined : group.warm.size,
  };
}

/** Those of the warm pool are not among them. autoscaling/pool-described */
function shownInstances(group: Group): asg.Instance[] {
  const retained = [...group.retained.values()].filter((member) => !isOfPool(member));
  return [...group.members.values(), ...retained].map(shownMember);
}

export function shownPool(pool: WarmPool): asg.WarmPoolConfiguration {
  return {
    MaxGroupPreparedCapacity: pool.preparedCapacity,
    MinSize: pool.minSize,
    PoolState: pool.poolState,
    Status: pool.deleting ? "PendingDelete" : undefined,
    InstanceReusePolicy: pool.reuse,
  };
}

export function shownMember(member: Member): asg.Instance {
  return {
    InstanceId: member.instanceId,
    InstanceType: member.instanceType,
    AvailabilityZone: member.availabilityZone,
    LifecycleState: member.lifecycle,
    HealthStatus: member.unhealthy === undefined ? "Healthy" : "Unhealthy",
    LaunchTemplate: member.from === undefined ? undefined : shownTemplate(member.from),
    ImageId: member.imageId,
    ProtectedFromScaleIn: member.protectedFromScaleIn,
    WeightedCapacity: member.units === undefined ? undefined : String(member.units),
  };
}

export function shownTags(group: Group): asg.TagDescription[] {
  return [...group.tags]
    .map(([Key, tag]) => ({
      ResourceId: group.name,
      ResourceType: "auto-scaling-group",
      Key,
      Value: tag.value,
      PropagateAtLaunch: tag.propagate,
    }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}
