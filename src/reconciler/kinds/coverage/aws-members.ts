/**
 * Generated from the AWS SDK by `npm run docs`. Of the maps of a spec: the shape of AWS's that holds their members, and
 * what all of its members are called.
 */
export const AWS_MEMBERS: Readonly<Record<string, readonly [shape: string, members: string]>> = {
  "spec.loadBalancer": [
    "CreateLoadBalancer",
    "Name Subnets SubnetMappings SecurityGroups Scheme Tags Type IpAddressType CustomerOwnedIpv4Pool EnablePrefixForIpv6SourceNat IpamPools",
  ],
  "spec.loadBalancer.subnetMappings[]": [
    "SubnetMapping",
    "SubnetId AllocationId PrivateIPv4Address IPv6Address SourceNatIpv6Prefix",
  ],
  "spec.loadBalancer.listeners[]": [
    "CreateListener",
    "DefaultActions Protocol Port SslPolicy Certificates AlpnPolicy Tags MutualAuthentication",
  ],
  "spec.loadBalancer.listeners[].rules[]": ["CreateRule", "Conditions Priority Actions Tags Transforms"],
  "spec.loadBalancer.listeners[].rules[].conditions[]": [
    "RuleCondition",
    "Field Values HostHeaderConfig PathPatternConfig HttpHeaderConfig QueryStringConfig HttpRequestMethodConfig SourceIpConfig RegexValues",
  ],
  "spec.loadBalancer.listeners[].defaultAction": [
    "Action",
    "Type AuthenticateOidcConfig AuthenticateCognitoConfig Order RedirectConfig FixedResponseConfig ForwardConfig JwtValidationConfig",
  ],
  "spec.loadBalancer.listeners[].defaultAction.forward": [
    "ForwardActionConfig",
    "TargetGroups TargetGroupStickinessConfig",
  ],
  "spec.loadBalancer.listeners[].defaultAction.forward.targetGroups[]": ["TargetGroupTuple", "Weight"],
  "spec.loadBalancer.listeners[].defaultAction.redirect": [
    "RedirectActionConfig",
    "StatusCode Protocol Port Host Path Query",
  ],
  "spec.loadBalancer.listeners[].defaultAction.fixedResponse": [
    "FixedResponseActionConfig",
    "StatusCode MessageBody ContentType",
  ],
  "spec.loadBalancer.listeners[].rules[].action": [
    "Action",
    "Type AuthenticateOidcConfig AuthenticateCognitoConfig Order RedirectConfig FixedResponseConfig ForwardConfig JwtValidationConfig",
  ],
  "spec.loadBalancer.listeners[].rules[].action.forward": [
    "ForwardActionConfig",
    "TargetGroups TargetGroupStickinessConfig",
  ],
  "spec.loadBalancer.listeners[].rules[].action.forward.targetGroups[]": ["TargetGroupTuple", "Weight"],
  "spec.loadBalancer.listeners[].rules[].action.redirect": [
    "RedirectActionConfig",
    "StatusCode Protocol Port Host Path Query",
  ],
  "spec.loadBalancer.listeners[].rules[].action.fixedResponse": [
    "FixedResponseActionConfig",
    "StatusCode MessageBody ContentType",
  ],
  "spec.targetGroups.<name>": [
    "CreateTargetGroup",
    "Name Protocol ProtocolVersion Port VpcId HealthCheckProtocol HealthCheckPort HealthCheckEnabled HealthCheckPath HealthCheckIntervalSeconds HealthCheckTimeoutSeconds HealthyThresholdCount UnhealthyThresholdCount Matcher TargetType Tags IpAddressType TargetControlPort",
  ],
  "spec.targetGroups.<name>.healthCheck.matcher": ["Matcher", "HttpCode GrpcCode"],
  "spec.autoScalingGroups.<name>": [
    "CreateAutoScalingGroup",
    "AutoScalingGroupName MinSize MaxSize LaunchConfigurationName LaunchTemplate MixedInstancesPolicy InstanceId DesiredCapacity DefaultCooldown AvailabilityZones AvailabilityZoneIds LoadBalancerNames TargetGroupARNs HealthCheckType HealthCheckGracePeriod PlacementGroup VPCZoneIdentifier TerminationPolicies NewInstancesProtectedFromScaleIn CapacityRebalance LifecycleHookSpecificationList DeletionProtection Tags ServiceLinkedRoleARN MaxInstanceLifetime Context DesiredCapacityType DefaultInstanceWarmup TrafficSources InstanceMaintenancePolicy AvailabilityZoneDistribution AvailabilityZoneImpairmentPolicy SkipZonalShiftValidation CapacityReservationSpecification InstanceLifecyclePolicy Operator",
  ],
  "spec.autoScalingGroups.<name>.instanceRefresh": [
    "RefreshPreferences",
    "MinHealthyPercentage InstanceWarmup CheckpointPercentages CheckpointDelay SkipMatching AutoRollback ScaleInProtectedInstances StandbyInstances AlarmSpecification MaxHealthyPercentage BakeTime",
  ],
  "spec.autoScalingGroups.<name>.launchTemplate": [
    "RequestLaunchTemplateData",
    "KernelId EbsOptimized IamInstanceProfile BlockDeviceMappings NetworkInterfaces ImageId InstanceType KeyName Monitoring Placement RamDiskId DisableApiTermination InstanceInitiatedShutdownBehavior UserData TagSpecifications ElasticGpuSpecifications ElasticInferenceAccelerators SecurityGroupIds SecurityGroups InstanceMarketOptions CreditSpecification CpuOptions CapacityReservationSpecification LicenseSpecifications HibernationOptions MetadataOptions EnclaveOptions InstanceRequirements PrivateDnsNameOptions MaintenanceOptions DisableApiStop Operator NetworkPerformanceOptions SecondaryInterfaces",
  ],
  "spec.autoScalingGroups.<name>.launchTemplate.metadataOptions": [
    "LaunchTemplateInstanceMetadataOptionsRequest",
    "HttpTokens HttpPutResponseHopLimit HttpEndpoint HttpProtocolIpv6 InstanceMetadataTags",
  ],
  "spec.autoScalingGroups.<name>.launchTemplate.blockDeviceMappings[]": [
    "LaunchTemplateBlockDeviceMappingRequest",
    "DeviceName VirtualName Ebs NoDevice",
  ],
  "spec.autoScalingGroups.<name>.launchTemplate.blockDeviceMappings[].ebs": [
    "LaunchTemplateEbsBlockDeviceRequest",
    "Encrypted DeleteOnTermination Iops KmsKeyId SnapshotId VolumeSize VolumeType Throughput VolumeInitializationRate EbsCardIndex",
  ],
  "spec.autoScalingGroups.<name>.launchTemplate.networkInterfaces[]": [
    "LaunchTemplateInstanceNetworkInterfaceSpecificationRequest",
    "AssociateCarrierIpAddress AssociatePublicIpAddress DeleteOnTermination Description DeviceIndex Groups InterfaceType Ipv6AddressCount Ipv6Addresses NetworkInterfaceId PrivateIpAddress PrivateIpAddresses SecondaryPrivateIpAddressCount SubnetId NetworkCardIndex Ipv4Prefixes Ipv4PrefixCount Ipv6Prefixes Ipv6PrefixCount PrimaryIpv6 EnaSrdSpecification ConnectionTrackingSpecification EnaQueueCount",
  ],
  "spec.autoScalingGroups.<name>.launchTemplate.placement": [
    "LaunchTemplatePlacementRequest",
    "AvailabilityZone AvailabilityZoneId Affinity GroupName HostId Tenancy SpreadDomain HostResourceGroupArn PartitionNumber GroupId",
  ],
  "spec.autoScalingGroups.<name>.launchTemplate.instanceMarketOptions.spotOptions": [
    "LaunchTemplateSpotMarketOptionsRequest",
    "MaxPrice SpotInstanceType BlockDurationMinutes ValidUntil InstanceInterruptionBehavior",
  ],
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>": [
    "PutScalingPolicy",
    "AutoScalingGroupName PolicyName PolicyType AdjustmentType MinAdjustmentStep MinAdjustmentMagnitude ScalingAdjustment Cooldown MetricAggregationType StepAdjustments EstimatedInstanceWarmup TargetTrackingConfiguration Enabled PredictiveScalingConfiguration",
  ],
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>.stepScaling": [
    "PutScalingPolicy",
    "AutoScalingGroupName PolicyName PolicyType AdjustmentType MinAdjustmentStep MinAdjustmentMagnitude ScalingAdjustment Cooldown MetricAggregationType StepAdjustments EstimatedInstanceWarmup TargetTrackingConfiguration Enabled PredictiveScalingConfiguration",
  ],
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>.targetTracking": [
    "TargetTrackingConfiguration",
    "TargetValue PredefinedMetricSpecification CustomizedMetricSpecification DisableScaleIn",
  ],
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>.targetTracking.customizedMetric": [
    "CustomizedMetricSpecification",
    "MetricName Namespace Dimensions Statistic Unit Period Metrics",
  ],
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>.targetTracking.customizedMetric.metrics[]": [
    "TargetTrackingMetricDataQuery",
    "Id Expression MetricStat Label Period ReturnData",
  ],
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>.simpleScaling": [
    "PutScalingPolicy",
    "AutoScalingGroupName PolicyName PolicyType AdjustmentType MinAdjustmentStep MinAdjustmentMagnitude ScalingAdjustment Cooldown MetricAggregationType StepAdjustments EstimatedInstanceWarmup TargetTrackingConfiguration Enabled PredictiveScalingConfiguration",
  ],
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>.stepScaling.alarm": [
    "PutMetricAlarm",
    "AlarmName AlarmDescription ActionsEnabled OKActions AlarmActions InsufficientDataActions MetricName Namespace Statistic ExtendedStatistic Dimensions Period Unit EvaluationPeriods DatapointsToAlarm Threshold ComparisonOperator TreatMissingData EvaluateLowSampleCountPercentile Metrics Tags ThresholdMetricId EvaluationWindow WarmUpConfiguration EvaluationCriteria EvaluationInterval ActionConfiguration",
  ],
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>.simpleScaling.alarm": [
    "PutMetricAlarm",
    "AlarmName AlarmDescription ActionsEnabled OKActions AlarmActions InsufficientDataActions MetricName Namespace Statistic ExtendedStatistic Dimensions Period Unit EvaluationPeriods DatapointsToAlarm Threshold ComparisonOperator TreatMissingData EvaluateLowSampleCountPercentile Metrics Tags ThresholdMetricId EvaluationWindow WarmUpConfiguration EvaluationCriteria EvaluationInterval ActionConfiguration",
  ],
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>.predictiveScaling": [
    "PredictiveScalingConfiguration",
    "MetricSpecifications Mode SchedulingBufferTime MaxCapacityBreachBehavior MaxCapacityBuffer",
  ],
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>.predictiveScaling.metricSpecifications[]": [
    "PredictiveScalingMetricSpecification",
    "TargetValue PredefinedMetricPairSpecification PredefinedScalingMetricSpecification PredefinedLoadMetricSpecification CustomizedScalingMetricSpecification CustomizedLoadMetricSpecification CustomizedCapacityMetricSpecification",
  ],
  "spec.autoScalingGroups.<name>.warmPool": [
    "PutWarmPool",
    "AutoScalingGroupName MaxGroupPreparedCapacity MinSize PoolState InstanceReusePolicy",
  ],
  "spec.autoScalingGroups.<name>.warmPool.instanceReusePolicy": ["InstanceReusePolicy", "ReuseOnScaleIn"],
  "spec.autoScalingGroups.<name>.lifecycleHooks.<name>": [
    "PutLifecycleHook",
    "LifecycleHookName AutoScalingGroupName LifecycleTransition RoleARN NotificationTargetARN NotificationMetadata HeartbeatTimeout DefaultResult",
  ],
  "spec.autoScalingGroups.<name>.notifications.<name>": [
    "PutNotificationConfiguration",
    "AutoScalingGroupName TopicARN NotificationTypes",
  ],
  "spec.autoScalingGroups.<name>.scheduledActions.<name>": [
    "PutScheduledUpdateGroupAction",
    "AutoScalingGroupName ScheduledActionName Time StartTime EndTime Recurrence MinSize MaxSize DesiredCapacity TimeZone",
  ],
  "spec.alarms.<name>": [
    "PutMetricAlarm",
    "AlarmName AlarmDescription ActionsEnabled OKActions AlarmActions InsufficientDataActions MetricName Namespace Statistic ExtendedStatistic Dimensions Period Unit EvaluationPeriods DatapointsToAlarm Threshold ComparisonOperator TreatMissingData EvaluateLowSampleCountPercentile Metrics Tags ThresholdMetricId EvaluationWindow WarmUpConfiguration EvaluationCriteria EvaluationInterval ActionConfiguration",
  ],
  "spec.loadBalancer.attributes": [
    "LoadBalancerAttribute",
    "deletion_protection.enabled load_balancing.cross_zone.enabled access_logs.s3.enabled access_logs.s3.bucket access_logs.s3.prefix ipv6.deny_all_igw_traffic zonal_shift.config.enabled idle_timeout.timeout_seconds client_keep_alive.seconds connection_logs.s3.enabled connection_logs.s3.bucket connection_logs.s3.prefix health_check_logs.s3.enabled health_check_logs.s3.bucket health_check_logs.s3.prefix routing.http.desync_mitigation_mode routing.http.drop_invalid_header_fields.enabled routing.http.preserve_host_header.enabled routing.http.x_amzn_tls_version_and_cipher_suite.enabled routing.http.xff_client_port.enabled routing.http.xff_header_processing.mode routing.http2.enabled waf.fail_open.enabled dns_record.client_routing_policy secondary_ips.auto_assigned.per_subnet",
  ],
  "spec.targetGroups.<name>.attributes": [
    "TargetGroupAttribute",
    "deregistration_delay.timeout_seconds stickiness.enabled stickiness.type load_balancing.cross_zone.enabled target_group_health.dns_failover.minimum_healthy_targets.count target_group_health.dns_failover.minimum_healthy_targets.percentage target_group_health.unhealthy_state_routing.minimum_healthy_targets.count target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage load_balancing.algorithm.type load_balancing.algorithm.anomaly_mitigation slow_start.duration_seconds stickiness.app_cookie.cookie_name stickiness.app_cookie.duration_seconds stickiness.lb_cookie.duration_seconds lambda.multi_value_headers.enabled deregistration_delay.connection_termination.enabled preserve_client_ip.enabled proxy_protocol_v2.enabled target_health_state.unhealthy.connection_termination.enabled target_health_state.unhealthy.draining_interval_seconds target_failover.on_deregistration target_failover.on_unhealthy",
  ],
};
