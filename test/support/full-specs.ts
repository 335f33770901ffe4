import { OTHER_TEMPLATE_OPTIONS, TEMPLATE_OPTIONS } from "../reconciler/kinds/template-options.ts";
import { type Example, example } from "./example.ts";
import { GROUP_SETTINGS } from "./group-settings.ts";
import { BY_ATTRIBUTES, WEIGHTED } from "./mixed-specs.ts";

/** Every optional field of every kind is given in one of them. */
export const FULL_SPECS: readonly [Example, Example, Example, Example] = [
  example()
    .withListener(443, { sslPolicy: "ELBSecurityPolicy-2016-08" })
    .withGroup("web", { desiredCapacity: 3, defaultInstanceWarmup: 60, maxInstanceLifetime: 864_000 })
    .withGroup("web", GROUP_SETTINGS)
    .withGroup("web", {
      warmPool: {
        minSize: 1,
        maxGroupPreparedCapacity: 4,
        poolState: "Running",
        instanceReusePolicy: { reuseOnScaleIn: true },
      },
      lifecycleHooks: {
        boot: {
          lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
          heartbeatTimeout: 60,
          defaultResult: "CONTINUE",
          notificationTargetArn: "arn:aws:sns:us-east-1:123456789012:alerts",
          roleArn: "arn:aws:iam::123456789012:role/hooks",
          notificationMetadata: "ours",
        },
      },
      notifications: {
        alerts: {
          topicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
          notificationTypes: ["autoscaling:EC2_INSTANCE_LAUNCH"],
        },
      },
      scheduledActions: {
        season: {
          recurrence: "0 8 * * MON-FRI",
          timeZone: "Europe/Berlin",
          startTime: "2098-06-02T06:00:00Z",
          endTime: "2098-12-01T00:00:00Z",
          minSize: 2,
          maxSize: 8,
          desiredCapacity: 4,
        },
      },
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
  WEIGHTED,
  BY_ATTRIBUTES,
];
