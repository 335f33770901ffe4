import type { Example } from "./example.ts";

/** Settings of a group that the worked example leaves out. */
export const GROUP_SETTINGS: Parameters<Example["withGroup"]>[1] = {
  healthCheckType: "EBS,ELB",
  placementGroup: "spread",
  capacityReservationSpecification: {
    capacityReservationPreference: "capacity-reservations-first",
    capacityReservationTarget: {
      capacityReservationIds: ["cr-0123456789abcdef0"],
      capacityReservationResourceGroupArns: ["arn:aws:resource-groups:us-east-1:123456789012:group/reserved"],
    },
  },
  availabilityZoneDistribution: { capacityDistributionStrategy: "balanced-best-effort" },
  availabilityZoneImpairmentPolicy: {
    zonalShiftEnabled: false,
    impairedZoneHealthCheckBehavior: "ReplaceUnhealthy",
  },
  instanceMaintenancePolicy: { minHealthyPercentage: 90, maxHealthyPercentage: 110 },
  instanceLifecyclePolicy: { retentionTriggers: { terminateHookAbandon: "terminate" } },
  deletionProtection: "none",
  serviceLinkedRoleArn:
    "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
  suspendedProcesses: ["AZRebalance"],
  metricsCollection: { metrics: ["GroupInServiceInstances", "GroupTotalInstances"] },
};
