import type { Value } from "../../../model/value.ts";
import {
  elsewhere,
  held,
  heldByFields,
  type MemberTable,
  notSupported,
  records,
} from "../coverage/member-table.ts";
import { fieldsOf } from "../field.ts";
import { autoScalingGroupSchema } from "./schema.ts";

const TEMPLATE = "the template's id says the same";
const CLASSIC = "Classic Load Balancers have no place in a spec";
const TRAFFIC_SOURCES = "the spec has no other sources of traffic than target groups yet";

/** Instances are told one by one in the status; the schema of the template is the template's. */
const { launchTemplate: _template, ...properties } = autoScalingGroupSchema.properties;

/** The role that the service makes for itself (docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html). */
function isUsualRole(role: Value): boolean {
  return typeof role === "string" && role.endsWith("/AWSServiceRoleForAutoScaling");
}

/** A target group, which stands among the target groups, too. */
function isTargetGroup(source: Value): boolean {
  return (
    typeof source === "string" &&
    source.includes(":targetgroup/") &&
    source.includes(":elasticloadbalancing:")
  );
}

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html */
export const autoScalingGroupMembers: MemberTable = {
  answers: [
    {
      operation: "autoscaling:DescribeAutoScalingGroups",
      at: "AutoScalingGroups",
      rules: {
        ...heldByFields(fieldsOf({ properties })),
        ...held("subnets", "VPCZoneIdentifier"),
        ...held("targetGroups", "TargetGroupARNs"),
        ...held("tags", "Tags[].Key", "Tags[].Value", "Tags[].PropagateAtLaunch"),
        // `$Latest` and `$Default` are held, too: they stand for the number of a version.
        ...held(
          "launchTemplate",
          "LaunchTemplate.LaunchTemplateId",
          "LaunchTemplate.Version",
          "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId",
          "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.Version",
        ),
        ...records(
          "AutoScalingGroupName",
          "AutoScalingGroupARN",
          "CreatedTime",
          "Status",
          "Instances",
          "WarmPoolSize",
          "PredictedCapacity",
          "Tags[].ResourceId",
          "Tags[].ResourceType",
        ),
        ...elsewhere("they follow from the subnets", "AvailabilityZones", "AvailabilityZoneIds"),
        ...elsewhere(
          TEMPLATE,
          "LaunchTemplate.LaunchTemplateName",
          "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateName",
        ),
        ...notSupported(
          { LaunchConfigurationName: undefined },
          "launch configurations have no place in a spec",
        ),
        ...notSupported({ LoadBalancerNames: undefined }, CLASSIC),
        ...notSupported(
          {
            "TrafficSources[].Identifier": isTargetGroup,
            "TrafficSources[].Type": "elbv2",
          },
          TRAFFIC_SOURCES,
        ),
        ...notSupported(
          {
            "MixedInstancesPolicy.LaunchTemplate.Overrides": undefined,
            "MixedInstancesPolicy.InstancesDistribution": undefined,
          },
          "the spec has no mixed instances yet",
        ),
        ...notSupported(
          { "SuspendedProcesses[].ProcessName": undefined },
          "the spec has no suspended processes yet",
        ),
        ...records("SuspendedProcesses[].SuspensionReason"),
        ...notSupported({ EnabledMetrics: undefined }, "the spec has no collection of group metrics yet"),
        ...notSupported({ WarmPoolConfiguration: undefined }, "the spec has no warm pools yet"),
        ...notSupported({
          PlacementGroup: undefined,
          ServiceLinkedRoleARN: isUsualRole,
          Context: undefined,
          // docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
          DesiredCapacityType: "units",
          DeletionProtection: "none",
          "InstanceMaintenancePolicy.MinHealthyPercentage": -1,
          "InstanceMaintenancePolicy.MaxHealthyPercentage": -1,
          "AvailabilityZoneDistribution.CapacityDistributionStrategy": "balanced-best-effort",
          "AvailabilityZoneImpairmentPolicy.ZonalShiftEnabled": false,
          "AvailabilityZoneImpairmentPolicy.ImpairedZoneHealthCheckBehavior": undefined,
          "CapacityReservationSpecification.CapacityReservationPreference": "default",
          "CapacityReservationSpecification.CapacityReservationTarget": undefined,
          "InstanceLifecyclePolicy.RetentionTriggers.TerminateHookAbandon": "terminate",
          "Operator.Principal": undefined,
        }),
      },
    },
  ],
  inputs: [
    {
      operation: "autoscaling:CreateAutoScalingGroup",
      rules: {
        ...notSupported(
          { InstanceId: undefined },
          "a group is made from a launch template, and not after an instance",
        ),
        ...notSupported({ LifecycleHookSpecificationList: undefined }, "the spec has no lifecycle hooks yet"),
        ...notSupported({ SkipZonalShiftValidation: undefined }),
      },
    },
    {
      operation: "autoscaling:UpdateAutoScalingGroup",
      rules: notSupported({ SkipZonalShiftValidation: undefined }),
    },
    {
      operation: "autoscaling:StartInstanceRefresh",
      at: "Preferences",
      rules: held(
        "instanceRefresh",
        "MinHealthyPercentage",
        "MaxHealthyPercentage",
        "InstanceWarmup",
        "SkipMatching",
        "CheckpointPercentages",
        "CheckpointDelay",
        "BakeTime",
        "ScaleInProtectedInstances",
        "StandbyInstances",
        "AutoRollback",
        "AlarmSpecification.Alarms",
      ),
    },
  ],
  ownCalls: {
    lifecycleHooks: {
      what: "lifecycle hooks",
      write: "autoscaling:PutLifecycleHook",
      unread: "autoscaling:DescribeLifecycleHooks",
    },
    scheduledActions: {
      what: "scheduled actions",
      write: "autoscaling:PutScheduledUpdateGroupAction",
      unread: "autoscaling:DescribeScheduledActions",
    },
    notifications: {
      what: "notifications",
      write: "autoscaling:PutNotificationConfiguration",
      unread: "autoscaling:DescribeNotificationConfigurations",
    },
    warmPool: { what: "warm pool", write: "autoscaling:PutWarmPool" },
    metricsCollection: { what: "collection of group metrics", write: "autoscaling:EnableMetricsCollection" },
    suspendedProcesses: { what: "suspended processes", write: "autoscaling:SuspendProcesses" },
  },
};
