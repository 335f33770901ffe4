import { type Case, type Cases, type Ground, long, times } from "./ground.ts";

const on = (operation: string, input: (ground: Ground) => object): Case => [
  `autoscaling:${operation}`,
  input,
];

const group = ({ template }: Ground, more: object = {}): object => ({
  AutoScalingGroupName: "new",
  LaunchTemplate: { LaunchTemplateId: template, Version: "1" },
  MinSize: 0,
  MaxSize: 2,
  VPCZoneIdentifier: "subnet-1a",
  ...more,
});
const policy = (more: object = {}): object => ({
  AutoScalingGroupName: "web",
  PolicyName: "new",
  PolicyType: "StepScaling",
  AdjustmentType: "ChangeInCapacity",
  StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
  ...more,
});
const SIMPLE = { PolicyType: "SimpleScaling", StepAdjustments: undefined, ScalingAdjustment: 1 };
const tracking = (configuration: object = {}, more: object = {}): object => ({
  AutoScalingGroupName: "web",
  PolicyName: "new",
  PolicyType: "TargetTrackingScaling",
  TargetTrackingConfiguration: {
    PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageNetworkIn" },
    TargetValue: 50,
    ...configuration,
  },
  ...more,
});
const METRIC = { MetricName: "m", Namespace: "App", Statistic: "Average" };

const making = (more: object): Case => on("CreateAutoScalingGroup", (ground) => group(ground, more));
const putting = (more: object): Case => on("PutScalingPolicy", () => policy(more));
const stepping = (...steps: (readonly [lower?: number, upper?: number])[]): Case =>
  putting({
    StepAdjustments: steps.map(([MetricIntervalLowerBound, MetricIntervalUpperBound]) => ({
      MetricIntervalLowerBound,
      MetricIntervalUpperBound,
      ScalingAdjustment: 1,
    })),
  });
const following = (configuration: object): Case => on("PutScalingPolicy", () => tracking(configuration));
const custom = (more: object): Case =>
  following({
    PredefinedMetricSpecification: undefined,
    CustomizedMetricSpecification: { ...METRIC, ...more },
  });
const refreshing = (Preferences: object): Case =>
  on("StartInstanceRefresh", () => ({ AutoScalingGroupName: "web", Preferences }));
const HOOK = "autoscaling:EC2_INSTANCE_LAUNCHING";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";
const ROLE = "arn:aws:iam::123456789012:role/notifier";
const hooking = (more: object): Case =>
  on("PutLifecycleHook", () => ({
    AutoScalingGroupName: "web",
    LifecycleHookName: "warm",
    LifecycleTransition: HOOK,
    ...more,
  }));
const pooling = (more: object): Case => on("PutWarmPool", () => ({ AutoScalingGroupName: "web", ...more }));
const notifying = (more: object): Case =>
  on("PutNotificationConfiguration", () => ({
    AutoScalingGroupName: "web",
    TopicARN: TOPIC,
    NotificationTypes: ["autoscaling:EC2_INSTANCE_LAUNCH"],
    ...more,
  }));
const completing = (more: object): Case =>
  on("CompleteLifecycleAction", () => ({
    AutoScalingGroupName: "web",
    LifecycleHookName: "warm",
    LifecycleActionResult: "CONTINUE",
    InstanceId: "i-00000000000000000",
    ...more,
  }));
const scheduling = (more: object): Case =>
  on("PutScheduledUpdateGroupAction", () => ({
    AutoScalingGroupName: "web",
    ScheduledActionName: "new",
    Recurrence: "0 8 * * *",
    MinSize: 1,
    ...more,
  }));
const tagged = (...Tags: object[]): Case => making({ Tags });

export const AUTO_SCALING_CASES: Cases = {
  "autoscaling/hook-name": hooking({ LifecycleHookName: "no dots." }),
  "autoscaling/hook-transition": hooking({ LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCH" }),
  "autoscaling/hook-transition-missing": hooking({ LifecycleTransition: undefined }),
  "autoscaling/hook-heartbeat": making({
    LifecycleHookSpecificationList: [
      { LifecycleHookName: "warm", LifecycleTransition: HOOK, HeartbeatTimeout: 29 },
    ],
  }),
  "autoscaling/hook-default-result": hooking({ DefaultResult: "continue" }),
  "autoscaling/hook-metadata": hooking({ NotificationMetadata: "é" }),
  "autoscaling/hook-target": hooking({ NotificationTargetARN: "alerts", RoleARN: ROLE }),
  "autoscaling/hook-role-missing": hooking({ NotificationTargetARN: TOPIC }),
  "autoscaling/hook-role-without-target": hooking({ RoleARN: ROLE }),
  "autoscaling/hook-names-count": on("DescribeLifecycleHooks", () => ({
    AutoScalingGroupName: "web",
    LifecycleHookNames: times(51, (index) => `hook-${index}`),
  })),
  "autoscaling/action-token": completing({ LifecycleActionToken: "short" }),
  "autoscaling/action-subject-missing": completing({ InstanceId: undefined }),
  "autoscaling/action-result": completing({ LifecycleActionResult: "RETRY" }),
  "autoscaling/pool-prepared-capacity": pooling({ MaxGroupPreparedCapacity: -2 }),
  "autoscaling/pool-min-size": pooling({ MinSize: -1 }),
  "autoscaling/pool-state": pooling({ PoolState: "stopped" }),
  "autoscaling/pool-spot": pooling({ AutoScalingGroupName: "spot" }),
  "autoscaling/pool-hibernation": pooling({ PoolState: "Hibernated" }),
  "autoscaling/notification-topic": notifying({ TopicARN: "alerts" }),
  "autoscaling/notification-types-missing": notifying({ NotificationTypes: [] }),
  "autoscaling/notification-type": notifying({ NotificationTypes: ["autoscaling:EC2_INSTANCE_LAUNCHING"] }),
  "autoscaling/retention-action": making({
    InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: "keep" } },
  }),
  "autoscaling/group-name-length": making({ AutoScalingGroupName: long(256) }),
  "autoscaling/group-name-characters": making({ AutoScalingGroupName: "a:b" }),
  "autoscaling/min-size-missing": making({ MinSize: undefined }),
  "autoscaling/max-size-missing": making({ MaxSize: undefined }),
  "autoscaling/launch-source-missing": making({ LaunchTemplate: undefined }),
  "autoscaling/place-missing": making({ VPCZoneIdentifier: undefined }),
  "autoscaling/traffic-source-type": making({ TrafficSources: [{ Identifier: "a", Type: "elbv3" }] }),
  "autoscaling/size-numbers": making({ MinSize: -1 }),
  "autoscaling/min-above-max": on("UpdateAutoScalingGroup", () => ({
    AutoScalingGroupName: "web",
    MinSize: 5,
  })),
  "autoscaling/desired-outside": making({ DesiredCapacity: 3 }),
  "autoscaling/template-twofold": making({
    LaunchTemplate: { LaunchTemplateId: "lt-1", LaunchTemplateName: "web" },
  }),
  "autoscaling/launch-source-twofold": making({ LaunchConfigurationName: "old" }),
  "autoscaling/zones-twofold": making({
    AvailabilityZones: ["us-east-1a"],
    AvailabilityZoneIds: ["use1-az1"],
  }),
  "autoscaling/health-check-type": making({ HealthCheckType: "ELB,PING" }),
  "autoscaling/grace-period": making({ HealthCheckGracePeriod: -1 }),
  "autoscaling/cooldown": making({ DefaultCooldown: -1 }),
  "autoscaling/instance-lifetime": making({ MaxInstanceLifetime: 86_399 }),
  "autoscaling/instance-warmup": making({ DefaultInstanceWarmup: -2 }),
  "autoscaling/termination-policy": making({ TerminationPolicies: ["Newest"] }),
  "autoscaling/termination-default-last": making({ TerminationPolicies: ["Default", "OldestInstance"] }),
  "autoscaling/termination-function-first": making({
    TerminationPolicies: ["OldestInstance", "arn:aws:lambda:us-east-1:123456789012:function:f:a"],
  }),
  "autoscaling/maintenance-both": making({ InstanceMaintenancePolicy: { MinHealthyPercentage: 90 } }),
  "autoscaling/maintenance-percentages": making({
    InstanceMaintenancePolicy: { MinHealthyPercentage: 50, MaxHealthyPercentage: 151 },
  }),
  "autoscaling/deletion-protection": making({ DeletionProtection: "all" }),
  "autoscaling/zone-distribution": making({
    AvailabilityZoneDistribution: { CapacityDistributionStrategy: "random" },
  }),
  "autoscaling/zone-impairment": making({
    AvailabilityZoneImpairmentPolicy: { ImpairedZoneHealthCheckBehavior: "Wait" },
  }),
  "autoscaling/capacity-type": making({ DesiredCapacityType: "cores" }),
  "autoscaling/capacity-type-attributes": making({ DesiredCapacityType: "vcpu" }),
  "autoscaling/tag-key-length": tagged({ Key: long(129), Value: "1" }),
  "autoscaling/tag-value-length": tagged({ Key: "a", Value: long(257) }),
  "autoscaling/tag-characters": tagged({ Key: "a\u0001", Value: "1" }),
  "autoscaling/tag-reserved": tagged({ Key: "AWS:a", Value: "1" }),
  "autoscaling/tag-twice": tagged({ Key: "a", Value: "1" }, { Key: "a", Value: "2" }),
  "autoscaling/tag-resource-type": on("CreateOrUpdateTags", () => ({
    Tags: [{ ResourceId: "web", ResourceType: "instance", Key: "a", Value: "1" }],
  })),
  "autoscaling/tag-count": on("CreateOrUpdateTags", () => ({
    Tags: times(51, (index) => ({ ResourceId: "web", Key: `k${index}`, Value: "1" })),
  })),
  "autoscaling/policy-name": putting({ PolicyName: long(256) }),
  "autoscaling/policy-name-characters": putting({ PolicyName: "a\u0001" }),
  "autoscaling/policy-type": putting({ PolicyType: "Stepping" }),
  "autoscaling/adjustment-type-missing": putting({ AdjustmentType: undefined }),
  "autoscaling/adjustment-type": putting({ AdjustmentType: "Change" }),
  "autoscaling/adjustment-of-tracking": on("PutScalingPolicy", () =>
    tracking({}, { AdjustmentType: "ChangeInCapacity" }),
  ),
  "autoscaling/adjustment-magnitude": putting({ MinAdjustmentMagnitude: 2 }),
  "autoscaling/simple-adjustment-missing": putting({ ...SIMPLE, ScalingAdjustment: undefined }),
  "autoscaling/adjustment-exact-negative": putting({
    ...SIMPLE,
    AdjustmentType: "ExactCapacity",
    ScalingAdjustment: -1,
  }),
  "autoscaling/steps-of-simple": putting({ PolicyType: "SimpleScaling", ScalingAdjustment: 1 }),
  "autoscaling/adjustment-of-step": putting({ ScalingAdjustment: 1 }),
  "autoscaling/policy-cooldown": putting({ Cooldown: 60 }),
  "autoscaling/policy-cooldown-negative": putting({ ...SIMPLE, Cooldown: -1 }),
  "autoscaling/aggregation-type": putting({ MetricAggregationType: "Sum" }),
  "autoscaling/aggregation-of-others": putting({ ...SIMPLE, MetricAggregationType: "Average" }),
  "autoscaling/warmup-of-simple": putting({ ...SIMPLE, EstimatedInstanceWarmup: 60 }),
  "autoscaling/warmup-negative": putting({ EstimatedInstanceWarmup: -1 }),
  "autoscaling/steps-missing": putting({ StepAdjustments: [] }),
  "autoscaling/steps-count": stepping(
    ...times(21, (index) => [index, index === 20 ? undefined : index + 1] as const),
  ),
  "autoscaling/step-adjustment-missing": putting({ StepAdjustments: [{ MetricIntervalLowerBound: 0 }] }),
  "autoscaling/step-unbounded-below-twice": stepping([undefined, 0], [undefined, 10]),
  "autoscaling/step-unbounded-above-twice": stepping([0], [10]),
  "autoscaling/step-unbounded": stepping([]),
  "autoscaling/step-bounds-order": stepping([10, 5], [10]),
  "autoscaling/steps-overlap": stepping([0, 20], [10]),
  "autoscaling/steps-gap": stepping([0, 10], [20]),
  "autoscaling/steps-open-below": stepping([-20, -10], [-10, 0]),
  "autoscaling/steps-open-above": stepping([0, 10]),
  "autoscaling/tracking-missing": on("PutScalingPolicy", () =>
    tracking({}, { TargetTrackingConfiguration: undefined }),
  ),
  "autoscaling/tracking-of-others": putting({ TargetTrackingConfiguration: { TargetValue: 1 } }),
  "autoscaling/tracking-one-metric": following({ CustomizedMetricSpecification: METRIC }),
  "autoscaling/target-value-missing": following({ TargetValue: undefined }),
  "autoscaling/target-value": following({ TargetValue: 0 }),
  "autoscaling/predefined-metric": following({
    PredefinedMetricSpecification: { PredefinedMetricType: "CPU" },
  }),
  "autoscaling/resource-label-missing": following({
    PredefinedMetricSpecification: { PredefinedMetricType: "ALBRequestCountPerTarget" },
  }),
  "autoscaling/resource-label-of-others": following({
    PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageNetworkIn", ResourceLabel: "a" },
  }),
  "autoscaling/customized-metric": custom({ Namespace: undefined }),
  "autoscaling/customized-statistic": custom({ Statistic: "p99" }),
  "autoscaling/customized-period": custom({ Period: 300 }),
  "autoscaling/customized-unit": custom({ Unit: "Requests" }),
  "autoscaling/customized-dimensions": custom({
    Dimensions: times(31, (index) => ({ Name: `d${index}`, Value: "1" })),
  }),
  "autoscaling/resource-label-routed": following({
    PredefinedMetricSpecification: {
      PredefinedMetricType: "ALBRequestCountPerTarget",
      ResourceLabel: "app/web/1/targetgroup/other/2",
    },
  }),
  "autoscaling/one-policy-per-metric": following({
    PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
  }),
  "autoscaling/refresh-strategy": on("StartInstanceRefresh", () => ({
    AutoScalingGroupName: "web",
    Strategy: "Fast",
  })),
  "autoscaling/refresh-min-healthy": refreshing({ MinHealthyPercentage: 101 }),
  "autoscaling/refresh-max-healthy": refreshing({ MinHealthyPercentage: 90, MaxHealthyPercentage: 99 }),
  "autoscaling/refresh-max-without-min": refreshing({ MaxHealthyPercentage: 110 }),
  "autoscaling/refresh-healthy-apart": refreshing({ MinHealthyPercentage: 50, MaxHealthyPercentage: 151 }),
  "autoscaling/refresh-warmup": refreshing({ InstanceWarmup: -1 }),
  "autoscaling/refresh-checkpoints": refreshing({ CheckpointPercentages: [50, 20] }),
  "autoscaling/refresh-checkpoint-delay": refreshing({
    CheckpointPercentages: [100],
    CheckpointDelay: 172_801,
  }),
  "autoscaling/refresh-delay-without-checkpoints": refreshing({ CheckpointDelay: 60 }),
  "autoscaling/refresh-bake-time": refreshing({ BakeTime: 172_801 }),
  "autoscaling/refresh-protected": refreshing({ ScaleInProtectedInstances: "Skip" }),
  "autoscaling/refresh-standby": refreshing({ StandbyInstances: "Refresh" }),
  "autoscaling/refresh-alarms": refreshing({
    AlarmSpecification: { Alarms: times(11, (index) => `a${index}`) },
  }),
  "autoscaling/scheduled-name": scheduling({ ScheduledActionName: long(256) }),
  "autoscaling/scheduled-name-characters": scheduling({ ScheduledActionName: "a\u0001" }),
  "autoscaling/scheduled-sizes-missing": scheduling({ MinSize: undefined }),
  "autoscaling/scheduled-min-above-max": scheduling({ MinSize: 3, MaxSize: 2 }),
  "autoscaling/scheduled-desired-outside": scheduling({ MinSize: 1, DesiredCapacity: 0 }),
  "autoscaling/scheduled-recurrence-length": scheduling({ Recurrence: long(256) }),
  "autoscaling/scheduled-recurrence": scheduling({ Recurrence: "0 0 31 2 *" }),
  "autoscaling/scheduled-time-zone": scheduling({ TimeZone: "Nowhere/Land" }),
  "autoscaling/scheduled-start-past": scheduling({ StartTime: new Date(0) }),
  "autoscaling/scheduled-end-order": scheduling({ EndTime: new Date(0) }),
  "autoscaling/scheduled-time-missing": scheduling({ Recurrence: undefined }),
  "autoscaling/scheduled-unique-time": scheduling({ Recurrence: "0 7 * * *" }),
};

/** Calls that AWS takes: what the cases change. */
export const AUTO_SCALING_TAKEN: readonly Case[] = [
  notifying({ NotificationTypes: ["autoscaling:TEST_NOTIFICATION"] }),
  pooling({ MaxGroupPreparedCapacity: -1, MinSize: 0, InstanceReusePolicy: { ReuseOnScaleIn: true } }),
  hooking({ HeartbeatTimeout: 7200, DefaultResult: "CONTINUE", NotificationTargetARN: TOPIC, RoleARN: ROLE }),
  making({
    LifecycleHookSpecificationList: [{ LifecycleHookName: "a/b_c-1", LifecycleTransition: HOOK }],
    InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: "retain" } },
  }),
  on("CreateAutoScalingGroup", (ground) =>
    group(ground, { TerminationPolicies: ["arn:aws:lambda:us-east-1:123456789012:function:f:a", "Default"] }),
  ),
  on("UpdateAutoScalingGroup", () => ({ AutoScalingGroupName: "web", MaxInstanceLifetime: 0 })),
  on("PutScalingPolicy", () => policy({ Cooldown: 0, ScalingAdjustment: 0 })),
  on("PutScalingPolicy", () => policy({ ...SIMPLE, Cooldown: 60 })),
  on("PutScalingPolicy", () => tracking()),
  on("PutScalingPolicy", ({ label }) =>
    tracking(
      {
        PredefinedMetricSpecification: {
          PredefinedMetricType: "ALBRequestCountPerTarget",
          ResourceLabel: label,
        },
      },
      { PolicyName: "requests" },
    ),
  ),
  on("PutScalingPolicy", () =>
    tracking(
      { PredefinedMetricSpecification: undefined, CustomizedMetricSpecification: METRIC },
      { PolicyName: "custom" },
    ),
  ),
  on("CreateOrUpdateTags", () => ({ Tags: [{ ResourceId: "web", Key: "a", Value: "1" }] })),
  on("StartInstanceRefresh", () => ({
    AutoScalingGroupName: "web",
    Preferences: { MinHealthyPercentage: 90, MaxHealthyPercentage: 110, CheckpointPercentages: [50, 100] },
  })),
];
