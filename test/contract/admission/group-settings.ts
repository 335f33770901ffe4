import { bounds, formless, long, type Row, row } from "./row.ts";

const ASG = "autoScalingGroups.web";
const RESERVATION = `${ASG}.capacityReservationSpecification`;
const RESERVED = `${RESERVATION}.capacityReservationTarget`;
const IMPAIRMENT = `${ASG}.availabilityZoneImpairmentPolicy`;
const MAINTENANCE = `${ASG}.instanceMaintenancePolicy`;

export const GROUP_SETTING_ROWS: readonly Row[] = [
  row(`${ASG}.placementGroup`, "ours", long(256), long(255)),
  row(`${RESERVATION}.capacityReservationPreference`, "autoscaling/capacity-preference", "first", "none"),
  row(`${RESERVED}.capacityReservationIds[0]`, "ours", ["r-1"], ["cr-1"], {
    set: `${RESERVED}.capacityReservationIds`,
  }),
  row(
    `${RESERVED}.capacityReservationResourceGroupArns[0]`,
    "ours",
    ["reserved"],
    ["arn:aws:resource-groups:us-east-1:123456789012:group/reserved"],
    { set: `${RESERVED}.capacityReservationResourceGroupArns` },
  ),
  row(
    `${ASG}.availabilityZoneDistribution.capacityDistributionStrategy`,
    "autoscaling/zone-distribution",
    "balanced",
    "balanced-only",
  ),
  row(
    `${IMPAIRMENT}.impairedZoneHealthCheckBehavior`,
    "autoscaling/zone-impairment",
    "Replace",
    "ReplaceUnhealthy",
    { beside: { [`${IMPAIRMENT}.zonalShiftEnabled`]: true } },
  ),
  row(`${IMPAIRMENT}.impairedZoneHealthCheckBehavior`, "ours", undefined, "IgnoreUnhealthy", {
    beside: { [`${IMPAIRMENT}.zonalShiftEnabled`]: true },
  }),
  ...bounds(`${MAINTENANCE}.minHealthyPercentage`, "autoscaling/maintenance-percentages", 0, 100, {
    beside: { [`${MAINTENANCE}.maxHealthyPercentage`]: 100 },
  }),
  ...bounds(`${MAINTENANCE}.maxHealthyPercentage`, "autoscaling/maintenance-percentages", 100, 200, {
    beside: { [`${MAINTENANCE}.minHealthyPercentage`]: 100 },
  }),
  row(`${MAINTENANCE}.maxHealthyPercentage`, "autoscaling/maintenance-percentages", 151, 150, {
    beside: { [`${MAINTENANCE}.minHealthyPercentage`]: 50 },
  }),
  row(
    `${ASG}.instanceLifecyclePolicy.retentionTriggers.terminateHookAbandon`,
    "autoscaling/retention-action",
    "keep",
    "retain",
  ),
  row(`${ASG}.deletionProtection`, "autoscaling/deletion-protection", "all", "prevent-all-deletion"),
  row(
    `${ASG}.serviceLinkedRoleArn`,
    "ours",
    "autoscaling",
    "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_a",
  ),
  formless(
    row(`${ASG}.suspendedProcesses[0]`, "ours", ["Sleep"], ["AZRebalance"], {
      set: `${ASG}.suspendedProcesses`,
    }),
  ),
  formless(row(`${ASG}.metricsCollection.granularity`, "ours", "5Minutes", "1Minute")),
  formless(
    row(`${ASG}.metricsCollection.metrics[0]`, "ours", ["GroupSize"], ["GroupMinSize"], {
      set: `${ASG}.metricsCollection.metrics`,
    }),
  ),
];
