import { bounds, formless, long, type Row, row } from "./row.ts";

const ASG = "autoScalingGroups.web";
const RESERVATION = `${ASG}.capacityReservationSpecification`;
const IMPAIRMENT = `${ASG}.availabilityZoneImpairmentPolicy`;
const MAINTENANCE = `${ASG}.instanceMaintenancePolicy`;

export const GROUP_SETTING_ROWS: readonly Row[] = [
  row(`${ASG}.placementGroup`, "ours", long(256), long(255)),
  row(`${RESERVATION}.capacityReservationPreference`, "autoscaling/capacity-preference", "first", "none"),
  row(`${RESERVATION}.capacityReservationTarget.capacityReservationIds`, "ours", ["r-1"], ["cr-1"]),
  row(
    `${RESERVATION}.capacityReservationTarget.capacityReservationResourceGroupArns`,
    "ours",
    ["reserved"],
    ["arn:aws:resource-groups:us-east-1:123456789012:group/reserved"],
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
    "autoscaling/retention",
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
  formless(row(`${ASG}.suspendedProcesses`, "ours", ["Sleep"], ["Launch"])),
  formless(row(`${ASG}.metricsCollection.granularity`, "ours", "5Minutes", "1Minute")),
  formless(row(`${ASG}.metricsCollection.metrics`, "ours", ["GroupSize"], ["GroupMinSize"])),
];
