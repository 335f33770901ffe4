/** How a group launches, checks, keeps and spares its instances: settings that UpdateAutoScalingGroup changes as wholes. */
import Type from "typebox";
import { absentAs, aws } from "../field.ts";

const UPDATE = "autoscaling:UpdateAutoScalingGroup";

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html */
const DELETION_PROTECTION = ["none", "prevent-force-deletion", "prevent-all-deletion"] as const;
/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AvailabilityZoneDistribution.html */
const DISTRIBUTION = ["balanced-best-effort", "balanced-only", "reservations-then-balanced"] as const;
/** docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html */
const METRICS = [
  ...["Group", "WarmPool", "GroupAndWarmPool"].flatMap((of) => [
    `${of}DesiredCapacity`,
    `${of}TotalCapacity`,
  ]),
  ...["InService", "Pending", "Standby", "Terminating"].flatMap((state) => [
    `Group${state}Instances`,
    `Group${state}Capacity`,
  ]),
  ...["Warmed", "Pending", "Terminating"].map((state) => `WarmPool${state}Capacity`),
  ...["GroupMinSize", "GroupMaxSize", "GroupTotalInstances"],
].sort();

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CapacityReservationSpecification.html */
const RESERVATION = ["default", "none", "capacity-reservations-first", "capacity-reservations-only"] as const;

export const groupSettingsSchema = {
  placementGroup: Type.Optional(
    Type.String({
      ...aws("PlacementGroup", UPDATE),
      minLength: 1,
      maxLength: 255,
      description:
        "Placement group that instances are launched into. One of strategy `cluster` is in one zone.",
    }),
  ),
  capacityReservationSpecification: Type.Optional(
    Type.Object(
      {
        capacityReservationPreference: Type.Optional(
          Type.Enum([...RESERVATION], {
            ...aws("CapacityReservationSpecification.CapacityReservationPreference", UPDATE, {
              absent: "default",
            }),
            description:
              "`default`: as the launch template says. `none`: never into a reservation. `capacity-reservations-first`: into the reservations below, then without. `capacity-reservations-only`: into the reservations below or not at all.",
          }),
        ),
        capacityReservationTarget: Type.Optional(
          Type.Object(
            {
              capacityReservationIds: Type.Optional(
                Type.Array(Type.String({ pattern: "^cr-[0-9a-z]+$" }), {
                  ...aws(
                    "CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationIds",
                    UPDATE,
                    { set: true },
                  ),
                  minItems: 1,
                  uniqueItems: true,
                  description: "Ids of reservations.",
                }),
              ),
              capacityReservationResourceGroupArns: Type.Optional(
                Type.Array(Type.String({ pattern: "^arn:" }), {
                  ...aws(
                    "CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationResourceGroupArns",
                    UPDATE,
                    { set: true },
                  ),
                  minItems: 1,
                  uniqueItems: true,
                  description: "ARNs of resource groups of reservations.",
                }),
              ),
            },
            { additionalProperties: false, description: "Reservations that instances are launched into." },
          ),
        ),
      },
      {
        ...absentAs({ capacityReservationPreference: "default" }),
        additionalProperties: false,
        description: "Whether instances are launched into reserved capacity.",
      },
    ),
  ),
  availabilityZoneDistribution: Type.Optional(
    Type.Object(
      {
        capacityDistributionStrategy: Type.Enum([...DISTRIBUTION], {
          ...aws("AvailabilityZoneDistribution.CapacityDistributionStrategy", UPDATE, {
            absent: "balanced-best-effort",
          }),
          description:
            "`balanced-best-effort`: where a zone has no room, another one is taken. `balanced-only`: it waits for room. `reservations-then-balanced`: reserved capacity first.",
        }),
      },
      {
        ...absentAs({ capacityDistributionStrategy: "balanced-best-effort" }),
        additionalProperties: false,
        description: "How instances are spread over the zones.",
      },
    ),
  ),
  availabilityZoneImpairmentPolicy: Type.Optional(
    Type.Object(
      {
        zonalShiftEnabled: Type.Boolean({
          ...aws("AvailabilityZoneImpairmentPolicy.ZonalShiftEnabled", UPDATE, { absent: false }),
          description: "Whether a zonal shift takes the group out of a zone.",
        }),
        impairedZoneHealthCheckBehavior: Type.Optional(
          Type.Enum(["ReplaceUnhealthy", "IgnoreUnhealthy"], {
            ...aws("AvailabilityZoneImpairmentPolicy.ImpairedZoneHealthCheckBehavior", UPDATE),
            description: "What becomes of unhealthy instances in a zone that traffic is shifted away from.",
          }),
        ),
      },
      {
        ...absentAs({ zonalShiftEnabled: false }),
        additionalProperties: false,
        description: "What the group does about an impaired zone.",
      },
    ),
  ),
  instanceMaintenancePolicy: Type.Optional(
    Type.Object(
      {
        minHealthyPercentage: Type.Integer({
          ...aws("InstanceMaintenancePolicy.MinHealthyPercentage", UPDATE),
          minimum: 0,
          maximum: 100,
          description: "Share of the desired capacity that stays in service while an instance is replaced.",
        }),
        maxHealthyPercentage: Type.Integer({
          ...aws("InstanceMaintenancePolicy.MaxHealthyPercentage", UPDATE),
          minimum: 100,
          maximum: 200,
          description: "Share that the group may grow to meanwhile, at most 100 above the other.",
        }),
      },
      {
        additionalProperties: false,
        description:
          "Whether a replacement is launched before or after what it replaces goes: for health checks, rebalancing, the maximum lifetime, and refreshes that say nothing of their own.",
      },
    ),
  ),
  instanceLifecyclePolicy: Type.Optional(
    Type.Object(
      {
        retentionTriggers: Type.Object(
          {
            terminateHookAbandon: Type.Enum(["terminate", "retain"], {
              ...aws("InstanceLifecyclePolicy.RetentionTriggers.TerminateHookAbandon", UPDATE, {
                absent: "terminate",
              }),
              description:
                "What becomes of an instance whose termination hook was abandoned or ran out of time. What is retained costs until somebody terminates it.",
            }),
          },
          { additionalProperties: false, description: "When an instance is kept instead of terminated." },
        ),
      },
      {
        ...absentAs({ retentionTriggers: { terminateHookAbandon: "terminate" } }),
        additionalProperties: false,
        description: "Whether instances are kept for a look at what went wrong.",
      },
    ),
  ),
  deletionProtection: Type.Optional(
    Type.Enum([...DELETION_PROTECTION], {
      ...aws("DeletionProtection", UPDATE, { absent: "none" }),
      description:
        "`prevent-force-deletion`: AWS deletes the group only when it is empty. `prevent-all-deletion`: not at all; a deletion of this object stops and says so.",
    }),
  ),
  serviceLinkedRoleArn: Type.Optional(
    Type.String({
      ...aws("ServiceLinkedRoleARN", UPDATE),
      pattern: "^arn:[^:]+:iam::[0-9]{12}:role/aws-service-role/.+$",
      description:
        "Role by which Auto Scaling acts, for example for a key of its own. Default: `AWSServiceRoleForAutoScaling`.",
    }),
  ),
  suspendedProcesses: Type.Optional(
    Type.Array(
      Type.Enum([
        "Launch",
        "Terminate",
        "AddToLoadBalancer",
        "AlarmNotification",
        "AZRebalance",
        "HealthCheck",
        "InstanceRefresh",
        "ReplaceUnhealthy",
        "ScheduledActions",
      ]),
      {
        ...aws("SuspendedProcesses", "autoscaling:SuspendProcesses", { owner: "structure" }),
        uniqueItems: true,
        description:
          "Processes that the group does not run; `[]`: it runs all of them. Not given: what people on call suspend is told and left alone.",
      },
    ),
  ),
  metricsCollection: Type.Optional(
    Type.Object(
      {
        granularity: Type.Enum(["1Minute"], {
          ...absentAs("1Minute"),
          default: "1Minute",
          description: "How often: `1Minute`.",
        }),
        metrics: Type.Array(Type.Enum(METRICS), {
          ...absentAs(METRICS),
          minItems: 1,
          uniqueItems: true,
          default: METRICS,
          description: "Which ones. Default: all of them.",
        }),
      },
      {
        ...aws("EnabledMetrics", "autoscaling:EnableMetricsCollection", { owner: "structure" }),
        additionalProperties: false,
        description: "Metrics of the group itself in CloudWatch (`AWS/AutoScaling`), at no charge.",
      },
    ),
  ),
};
