/** What Auto Scaling of the simulated account promises to do as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";
import { FORECAST_BEHAVIOURS } from "./forecasts/behaviours.ts";
import { HOOK_BEHAVIOURS } from "./hooks/behaviours.ts";
import { MIXED_BEHAVIOURS } from "./mixed/behaviours.ts";
import { NOTIFICATION_BEHAVIOURS } from "./notifications/behaviours.ts";
import { WARM_POOL_BEHAVIOURS } from "./warm-pool/behaviours.ts";

const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";
const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";

const GROUP_BEHAVIOURS: readonly Behaviour[] = documented("autoscaling", "autoscaling", [
  [
    "defaults",
    "A new group has a cooldown of 300 s, no grace period, EC2 health checks and a desired capacity equal to its minimum unless told otherwise.",
    `${API}/API_CreateAutoScalingGroup.html`,
  ],
  [
    "template-launchable",
    "A group, and a refresh, are given only a template that a launch would take at that moment.",
    `${GUIDE}/create-launch-template.html`,
  ],
  [
    "groups-by-zone",
    "A group that names zones and no subnets launches into the default subnet of each zone.",
    `${API}/API_CreateAutoScalingGroup.html`,
  ],
  [
    "activity-filters",
    "DescribeScalingActivities filters by start time, and within one group by status.",
    `${API}/API_Filter.html`,
  ],
  [
    "template-default-version",
    "A launch template without a version means its default version.",
    `${API}/API_LaunchTemplateSpecification.html`,
  ],
  [
    "template-id-and-name",
    "A group and its instances show both the id and the name of their launch template; an instance shows the version as a number.",
    `${API}/API_LaunchTemplateSpecification.html`,
  ],
  [
    "describe-filters",
    "Groups can be described by tag:<key>, tag-key and tag-value; unknown names are left out without an error.",
    `${API}/API_DescribeAutoScalingGroups.html`,
  ],
  [
    "update-moves-desired",
    "A minimum above the desired capacity raises it, and a maximum below lowers it.",
    `${API}/API_UpdateAutoScalingGroup.html`,
  ],
  [
    "delete-needs-empty",
    "A group with instances or activities under way is deleted only with ForceDelete.",
    `${API}/API_DeleteAutoScalingGroup.html`,
  ],
  [
    "force-delete",
    "ForceDelete terminates the instances without waiting for them to drain.",
    `${API}/API_DeleteAutoScalingGroup.html`,
  ],
  [
    "deletion-protection",
    "Deletion protection refuses forced deletion, or all deletion.",
    `${API}/API_CreateAutoScalingGroup.html`,
  ],
  [
    "delete-group-alarms",
    "With a group go its policies, their alarm actions, and alarms that have no other action.",
    `${API}/API_DeleteAutoScalingGroup.html`,
  ],
  [
    "tags-propagate",
    "Tags marked for it are given to instances at their launch, with the name of the group.",
    `${GUIDE}/ec2-auto-scaling-tagging.html`,
  ],
  [
    "delete-tag-by-value",
    "A tag is deleted by its key, and only with the given value when one is given.",
    `${API}/API_DeleteTags.html`,
  ],
  [
    "zone-balance",
    "New instances go to the zone of the group that has fewest.",
    `${GUIDE}/ec2-auto-scaling-availability-zone-balanced.html`,
  ],
  [
    "zone-fallback",
    "When a zone cannot take an instance, the launch is tried in another.",
    `${GUIDE}/ec2-auto-scaling-availability-zone-balanced.html`,
  ],
  [
    "failed-launch",
    "A launch that fails is a failed activity with the reason, and is tried again later; no call fails for it.",
    `${GUIDE}/CHAP_Troubleshooting.html`,
  ],
  [
    "activities-of-deleted-groups",
    "Activities of six weeks can be read, also those of deleted groups when asked for.",
    `${API}/API_DescribeScalingActivities.html`,
  ],
  [
    "register-then-in-service",
    "An instance is registered with the group's target groups and is then in service.",
    `${GUIDE}/attach-load-balancer-asg.html`,
  ],
  [
    "terminate-after-draining",
    "An instance is deregistered, and terminated only when its connections have drained.",
    `${GUIDE}/ec2-auto-scaling-health-checks.html`,
  ],
  [
    "rebalance-launch-first",
    "Rebalancing launches in the zone with fewest instances before it terminates elsewhere.",
    `${GUIDE}/ec2-auto-scaling-availability-zone-balanced.html`,
  ],
  [
    "rebalance-over-maximum",
    "Rebalancing may exceed the maximum by one instance for a short time.",
    `${GUIDE}/ec2-auto-scaling-availability-zone-balanced.html`,
  ],
  [
    "not-running-at-once",
    "An instance that is not running is unhealthy at once, also within the grace period.",
    `${GUIDE}/ec2-auto-scaling-health-checks.html`,
  ],
  [
    "impaired-tolerated",
    "A failing status check is tolerated for a few minutes.",
    `${GUIDE}/ec2-auto-scaling-health-checks.html`,
  ],
  [
    "grace-from-in-service",
    "The grace period begins when the instance comes into service.",
    `${GUIDE}/health-check-grace-period.html`,
  ],
  [
    "elb-after-in-service",
    "ELB's health checks replace instances only after one instance of the attachment has passed them.",
    `${GUIDE}/load-balancer-status.html`,
  ],
  [
    "attachment-states",
    "An attachment is adding, added and in service; given at the group's creation it is in service from the start, and without ELB health checks it stays added.",
    `${API}/API_DescribeLoadBalancerTargetGroups.html`,
  ],
  [
    "traffic-sources",
    "A target group is attached and detached as a traffic source of type elbv2 exactly as by its ARN, ten in a call.",
    `${API}/API_AttachTrafficSources.html`,
  ],
  [
    "attach-ten",
    "At most ten target groups are attached or detached in one call.",
    `${GUIDE}/ec2-auto-scaling-quotas.html`,
  ],
  [
    "replace-a-tenth",
    "Unhealthy instances that still run are replaced a tenth of the group at a time, or one by one.",
    `${GUIDE}/ec2-auto-scaling-health-checks.html`,
  ],
  [
    "user-health",
    "SetInstanceHealth replaces an instance at once, and respects the grace period unless told not to.",
    `${API}/API_SetInstanceHealth.html`,
  ],
  [
    "standby",
    "An instance on standby is deregistered and does not count; its way back raises the desired capacity.",
    `${GUIDE}/as-enter-exit-standby.html`,
  ],
  [
    "standby-unchecked",
    "Instances on standby are not health checked.",
    `${GUIDE}/as-enter-exit-standby.html`,
  ],
  [
    "detach",
    "A detached instance leaves its group and target groups and goes on running.",
    `${GUIDE}/ec2-auto-scaling-detach-attach-instances.html`,
  ],
  [
    "maximum-lifetime",
    "Instances older than the maximum lifetime are replaced, one after the other.",
    `${GUIDE}/asg-max-instance-lifetime.html`,
  ],
  [
    "termination-zone-first",
    "Scale-in takes from the zone with most instances, whatever the termination policy.",
    `${GUIDE}/ec2-auto-scaling-termination-policies.html`,
  ],
  [
    "termination-default",
    "The default policy takes the oldest launch template, then the one closest to the next billing hour, then any.",
    `${GUIDE}/ec2-auto-scaling-termination-policies.html`,
  ],
  [
    "termination-order",
    "Termination policies apply in their order, and Default comes last.",
    `${GUIDE}/ec2-auto-scaling-termination-policies.html`,
  ],
  [
    "scale-in-protection",
    "A protected instance is never taken by scale-in.",
    `${GUIDE}/ec2-auto-scaling-instance-protection.html`,
  ],
  [
    "placement-group-cleared",
    "An empty placement group takes the group out of the one that it has.",
    `${API}/API_UpdateAutoScalingGroup.html`,
  ],
  [
    "suspend-all",
    "Without names, all processes are suspended or resumed.",
    `${API}/API_SuspendProcesses.html`,
  ],
  [
    "suspended-launch",
    "With Launch suspended nothing is launched, and alarms and schedules do not scale out.",
    `${GUIDE}/as-suspend-resume-processes.html`,
  ],
  [
    "suspended-terminate",
    "With Terminate suspended nothing is terminated, and alarms and schedules do not scale in.",
    `${GUIDE}/as-suspend-resume-processes.html`,
  ],
  [
    "suspended-replace",
    "With ReplaceUnhealthy or Terminate suspended, unhealthy instances are marked and kept.",
    `${GUIDE}/as-suspend-resume-processes.html`,
  ],
  [
    "predictive-described",
    "A predictive policy is described with the defaults of what was not given, and no alarm and no user executes it.",
    `${API}/API_PredictiveScalingConfiguration.html`,
  ],
  [
    "suspended-alarms",
    "With AlarmNotification suspended, policies do not run.",
    `${GUIDE}/as-suspend-resume-processes.html`,
  ],
  [
    "suspended-schedule",
    "A scheduled action that falls into a suspension is not made up for.",
    `${GUIDE}/as-suspend-resume-processes.html`,
  ],
  [
    "suspended-refresh",
    "With InstanceRefresh suspended, a refresh pauses.",
    `${GUIDE}/as-suspend-resume-processes.html`,
  ],
  [
    "one-refresh",
    "A group has one active refresh, and target groups cannot be attached while it is active.",
    `${API}/API_StartInstanceRefresh.html`,
  ],
  [
    "refresh-bounds",
    "A refresh keeps the minimum healthy share, and replaces one at a time where the share leaves no room.",
    `${GUIDE}/asg-instance-refresh.html`,
  ],
  [
    "refresh-launch-first",
    "With a maximum healthy percentage, new instances are launched before old ones are terminated.",
    `${API}/API_RefreshPreferences.html`,
  ],
  [
    "refresh-warmup",
    "A new instance counts after it passes its checks and its warmup is over.",
    `${API}/API_RefreshPreferences.html`,
  ],
  [
    "refresh-skip-matching",
    "With skip matching, instances that have the wanted template version stay.",
    `${GUIDE}/asg-instance-refresh-skip-matching.html`,
  ],
  [
    "refresh-protected",
    "Protected and standby instances make a refresh wait up to an hour, unless preferences say otherwise.",
    `${API}/API_RefreshPreferences.html`,
  ],
  [
    "refresh-checkpoints",
    "A refresh pauses at each checkpoint, and replaces no more than the last one says.",
    `${GUIDE}/asg-adding-checkpoints-instance-refresh.html`,
  ],
  [
    "refresh-scale-out",
    "What is launched during a refresh has the desired configuration.",
    `${GUIDE}/instance-refresh-overview.html`,
  ],
  [
    "refresh-template-on-success",
    "The group shows the desired template only once the refresh has succeeded.",
    `${GUIDE}/instance-refresh-overview.html`,
  ],
  [
    "refresh-cancel",
    "Cancelling a refresh starts no further replacement and undoes none.",
    `${API}/API_CancelInstanceRefresh.html`,
  ],
  [
    "refresh-rollback",
    "A rollback puts the earlier template back; it needs a desired configuration, numbered versions, and an image that is no Systems Manager parameter.",
    `${GUIDE}/instance-refresh-rollback.html`,
  ],
  [
    "refresh-rollback-progress",
    "While a refresh is rolled back its percentage goes back to zero, and the instances that it had not come to are told as left.",
    `${API}/API_InstanceRefresh.html`,
  ],
  [
    "refresh-alarms-ring",
    "An alarm that rings fails a refresh, also at a checkpoint and while it bakes.",
    `${API}/API_RefreshPreferences.html`,
  ],
  [
    "refresh-longest",
    "A refresh that replaces for 14 days fails.",
    `${GUIDE}/instance-refresh-overview.html`,
  ],
  [
    "step-bounds",
    "Step adjustments must not overlap or leave gaps, and end open where they begin beyond zero.",
    `${GUIDE}/as-scaling-simple-step.html`,
  ],
  [
    "step-inclusive",
    "Above the threshold a step holds its lower bound, below it its upper bound.",
    `${GUIDE}/as-scaling-simple-step.html`,
  ],
  [
    "step-current-capacity",
    "A step scales out from the instances that are warmed up, and in from those that still run.",
    `${GUIDE}/as-scaling-simple-step.html`,
  ],
  [
    "scale-in-after-scale-out",
    "No policy scales in while a scale-out is in progress.",
    `${GUIDE}/as-scaling-simple-step.html`,
  ],
  [
    "percent-rounding",
    "A percentage is rounded towards zero, but to no less than one instance.",
    `${GUIDE}/as-scaling-simple-step.html`,
  ],
  [
    "simple-cooldown",
    "A simple policy waits for the activity before it, and then for the cooldown.",
    `${GUIDE}/ec2-auto-scaling-scaling-cooldowns.html`,
  ],
  [
    "warmup-default",
    "A policy without a warmup uses the group's default instance warmup, or else its cooldown.",
    `${API}/API_PutScalingPolicy.html`,
  ],
  [
    "one-policy-per-metric",
    "Two target tracking policies of a group must not follow the same metric.",
    `${GUIDE}/as-scaling-target-tracking.html`,
  ],
  [
    "resource-label",
    "ALBRequestCountPerTarget needs the label of a target group that the load balancer routes to and that is attached.",
    `${API}/API_PredefinedMetricSpecification.html`,
  ],
  [
    "target-tracking-alarms",
    "A target tracking policy keeps two alarms of its own, and none for scale-in when that is disabled.",
    `${GUIDE}/as-scaling-target-tracking.html`,
  ],
  [
    "target-tracking-out",
    "Target tracking scales out in proportion to the metric, rounding up.",
    `${GUIDE}/as-scaling-target-tracking.html`,
  ],
  [
    "target-tracking-in",
    "Target tracking scales in gradually, and only when all of the group's tracking policies would.",
    `${GUIDE}/as-scaling-target-tracking.html`,
  ],
  [
    "delete-policy-leaves-alarm",
    "Deleting a step or simple policy takes the action from its alarm and leaves the alarm.",
    `${API}/API_DeletePolicy.html`,
  ],
  [
    "scheduled-sets-sizes",
    "A scheduled action overwrites the minimum, maximum and desired capacity that it names.",
    `${GUIDE}/ec2-auto-scaling-scheduled-scaling.html`,
  ],
  [
    "scheduled-recurrence",
    "A recurring action runs by its cron expression in its time zone, from its start time to its end time.",
    `${GUIDE}/ec2-auto-scaling-scheduled-scaling.html`,
  ],
  [
    "scheduled-once",
    "A scheduled action that does not recur is gone after it has run.",
    `${GUIDE}/ec2-auto-scaling-scheduled-scaling.html`,
  ],
]);

export const AUTO_SCALING_BEHAVIOURS: readonly Behaviour[] = [
  ...GROUP_BEHAVIOURS,
  ...HOOK_BEHAVIOURS,
  ...WARM_POOL_BEHAVIOURS,
  ...MIXED_BEHAVIOURS,
  ...NOTIFICATION_BEHAVIOURS,
  ...FORECAST_BEHAVIOURS,
];
