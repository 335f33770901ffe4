import type { Value } from "../../../model/value.ts";
import {
  below,
  elsewhere,
  held,
  heldByFields,
  heldItems,
  type MemberTable,
  notSupported,
  records,
} from "../coverage/member-table.ts";
import { fieldsOf } from "../field.ts";
import { OVERRIDES, SEGMENTS } from "./mixed/fields.ts";
import { autoScalingGroupSchema } from "./schema.ts";

const POLICY = autoScalingGroupSchema.properties.mixedInstancesPolicy.properties;
const OVERRIDE = POLICY.launchTemplate.properties.overrides.items;
const SEGMENT = POLICY.instancesDistribution.properties.distributionSegments.items;

const TEMPLATE = "the template's id says the same";
const CLASSIC = "Classic Load Balancers have no place in a spec";
const UNVALIDATED = "what AWS refuses for the balance of the zones is not forced upon it";
const TRAFFIC_SOURCES =
  "target groups stand among the target groups; Classic Load Balancers and VPC Lattice bring the requests of another entrance than the load balancer of the spec";

/** Instances are told one by one in the status; the schema of the template is the template's. */
const { launchTemplate: _template, ...properties } = autoScalingGroupSchema.properties;

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
        ...below("MixedInstancesPolicy.LaunchTemplate.Overrides[]", heldItems(OVERRIDES, OVERRIDE)),
        ...below(
          "MixedInstancesPolicy.InstancesDistribution.DistributionSegments[]",
          heldItems(SEGMENTS, SEGMENT),
        ),
        ...held("suspendedProcesses", "SuspendedProcesses[].ProcessName"),
        ...records("SuspendedProcesses[].SuspensionReason"),
        ...held("metricsCollection", "EnabledMetrics[].Metric"),
        // docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnabledMetric.html
        ...notSupported({ "EnabledMetrics[].Granularity": "1Minute" }, "AWS collects them once a minute"),
        ...elsewhere("the warm pool is told by itself", "WarmPoolConfiguration"),
        ...notSupported({ Context: undefined }, "AWS reserves it"),
        ...notSupported({ "Operator.Principal": undefined }, "somebody else's service manages it"),
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
        ...elsewhere("each hook is told by itself", "LifecycleHookSpecificationList"),
        ...notSupported({ SkipZonalShiftValidation: undefined }, UNVALIDATED),
      },
    },
    {
      operation: "autoscaling:UpdateAutoScalingGroup",
      rules: notSupported({ SkipZonalShiftValidation: undefined }, UNVALIDATED),
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
};
