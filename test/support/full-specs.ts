import { OTHER_TEMPLATE_OPTIONS, TEMPLATE_OPTIONS } from "../reconciler/kinds/template-options.ts";
import { type Example, example } from "./example.ts";

/** Every optional field of every kind is given in one of them. */
export const FULL_SPECS: readonly [Example, Example] = [
  example()
    .withListener(443, { sslPolicy: "ELBSecurityPolicy-2016-08" })
    .withGroup("web", { desiredCapacity: 3, defaultInstanceWarmup: 60, maxInstanceLifetime: 864_000 })
    .withGroup("web", {
      healthCheckType: "EBS,ELB",
      placementGroup: "spread",
      capacityReservationSpecification: {
        capacityReservationPreference: "capacity-reservations-first",
        capacityReservationTarget: {
          capacityReservationIds: ["cr-0123456789abcdef0"],
          capacityReservationResourceGroupArns: [
            "arn:aws:resource-groups:us-east-1:123456789012:group/reserved",
          ],
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
    })
    .withLaunchTemplate(TEMPLATE_OPTIONS)
    .withPolicy("cpu", {
      targetTracking: { predefinedMetricType: "ASGAverageCPUUtilization", targetValue: 70 },
      estimatedInstanceWarmup: 60,
    })
    .withAlarm("high-5xx", { alarmDescription: "x", datapointsToAlarm: 1, unit: "Count" }),
  example()
    .withLaunchTemplate({
      ...OTHER_TEMPLATE_OPTIONS,
      iamInstanceProfile: { arn: "arn:aws:iam::123456789012:instance-profile/holdfast" },
    })
    .withTargetGroup("web", { protocolVersion: "GRPC" })
    .withAlarm("high-5xx", { statistic: undefined, extendedStatistic: "p99" }),
];
