/**
 * What the record of a call says it was made on. The names are those of CloudTrail's `requestParameters`: the API's own, the
 * first letter small. docs.aws.amazon.com/elasticloadbalancing/latest/userguide/cloudtrail-logs.html,
 * docs.aws.amazon.com/autoscaling/ec2/userguide/logging-using-cloudtrail.html,
 * docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitor-with-cloudtrail.html,
 * docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html
 */
import type { KindName } from "../model/kind-name.ts";
import type { Subject } from "./hint.ts";
import { type Members, textsAt } from "./json.ts";

/** IAM's prefix, by CloudTrail's `eventSource`. */
export const API_OF_SOURCE: Readonly<Record<string, string>> = {
  "elasticloadbalancing.amazonaws.com": "elasticloadbalancing",
  "autoscaling.amazonaws.com": "autoscaling",
  "ec2.amazonaws.com": "ec2",
  "monitoring.amazonaws.com": "cloudwatch",
  "sqs.amazonaws.com": "sqs",
};

interface Place {
  /** In `requestParameters`; see `textsAt`. */
  readonly at: string;
  /** Of what is named and not identified. */
  readonly kind?: KindName;
  /** Where the name of its group stands. */
  readonly within?: string;
}

const LOAD_BALANCER: Place[] = [{ at: "loadBalancerArn" }];
const TARGET_GROUP: Place[] = [{ at: "targetGroupArn" }];
const LISTENER: Place[] = [{ at: "listenerArn" }];
const RULE: Place[] = [{ at: "ruleArn" }];
const TAGGED: Place[] = [{ at: "resourceArns[]" }];
const WITHIN = "autoScalingGroupName";
const GROUP: Place[] = [{ at: WITHIN, kind: "autoScalingGroup" }];
const onGroup = (kind: KindName, ...at: string[]): Place[] =>
  at.map((each) => ({ at: each, kind, within: WITHIN }));
const POLICY: Place[] = [{ at: "policyName", kind: "scalingPolicy", within: WITHIN }];
const HOOK = onGroup("lifecycleHook", "lifecycleHookName");
const ACTION = onGroup("scheduledAction", "scheduledActionName");
const ACTIONS = onGroup(
  "scheduledAction",
  "scheduledActionNames[]",
  "scheduledUpdateGroupActions[].scheduledActionName",
);
const NOTIFICATION = onGroup("notification", "topicARN");
const WARM_POOL: Place[] = [{ at: WITHIN, kind: "warmPool" }];
const ALARM: Place[] = [{ at: "alarmName", kind: "alarm" }];
const ALARMS: Place[] = [{ at: "alarmNames[]", kind: "alarm" }];
const template = (request: string): Place[] => [
  { at: `${request}.LaunchTemplateId` },
  { at: `${request}.LaunchTemplateName`, kind: "launchTemplate" },
  { at: "launchTemplateId" },
  { at: "launchTemplateName", kind: "launchTemplate" },
];
const EC2_TAGGED: Place[] = [{ at: "resourcesSet.items[].resourceId" }];

const PLACES: Readonly<Record<string, readonly Place[]>> = {
  "elasticloadbalancing:SetSubnets": LOAD_BALANCER,
  "elasticloadbalancing:SetSecurityGroups": LOAD_BALANCER,
  "elasticloadbalancing:SetIpAddressType": LOAD_BALANCER,
  "elasticloadbalancing:ModifyLoadBalancerAttributes": LOAD_BALANCER,
  "elasticloadbalancing:DeleteLoadBalancer": LOAD_BALANCER,
  "elasticloadbalancing:ModifyTargetGroup": TARGET_GROUP,
  "elasticloadbalancing:ModifyTargetGroupAttributes": TARGET_GROUP,
  "elasticloadbalancing:DeleteTargetGroup": TARGET_GROUP,
  "elasticloadbalancing:RegisterTargets": TARGET_GROUP,
  "elasticloadbalancing:DeregisterTargets": TARGET_GROUP,
  "elasticloadbalancing:ModifyListener": LISTENER,
  "elasticloadbalancing:ModifyListenerAttributes": LISTENER,
  "elasticloadbalancing:AddListenerCertificates": LISTENER,
  "elasticloadbalancing:RemoveListenerCertificates": LISTENER,
  "elasticloadbalancing:DeleteListener": LISTENER,
  "elasticloadbalancing:ModifyRule": RULE,
  "elasticloadbalancing:DeleteRule": RULE,
  "elasticloadbalancing:SetRulePriorities": [{ at: "rulePriorities[].ruleArn" }],
  "elasticloadbalancing:AddTags": TAGGED,
  "elasticloadbalancing:RemoveTags": TAGGED,

  "autoscaling:UpdateAutoScalingGroup": GROUP,
  "autoscaling:SetDesiredCapacity": GROUP,
  "autoscaling:SuspendProcesses": GROUP,
  "autoscaling:ResumeProcesses": GROUP,
  "autoscaling:EnableMetricsCollection": GROUP,
  "autoscaling:DisableMetricsCollection": GROUP,
  "autoscaling:AttachLoadBalancerTargetGroups": GROUP,
  "autoscaling:DetachLoadBalancerTargetGroups": GROUP,
  "autoscaling:AttachTrafficSources": GROUP,
  "autoscaling:DetachTrafficSources": GROUP,
  "autoscaling:AttachInstances": GROUP,
  "autoscaling:DetachInstances": GROUP,
  "autoscaling:EnterStandby": GROUP,
  "autoscaling:ExitStandby": GROUP,
  "autoscaling:SetInstanceProtection": GROUP,
  "autoscaling:StartInstanceRefresh": GROUP,
  "autoscaling:CancelInstanceRefresh": GROUP,
  "autoscaling:RollbackInstanceRefresh": GROUP,
  "autoscaling:DeleteAutoScalingGroup": GROUP,
  "autoscaling:CreateOrUpdateTags": [{ at: "tags[].resourceId", kind: "autoScalingGroup" }],
  "autoscaling:DeleteTags": [{ at: "tags[].resourceId", kind: "autoScalingGroup" }],
  "autoscaling:PutScalingPolicy": POLICY,
  "autoscaling:DeletePolicy": [...POLICY, { at: "policyName" }],
  "autoscaling:PutLifecycleHook": HOOK,
  "autoscaling:DeleteLifecycleHook": HOOK,
  "autoscaling:PutScheduledUpdateGroupAction": ACTION,
  "autoscaling:BatchPutScheduledUpdateGroupAction": ACTIONS,
  "autoscaling:DeleteScheduledAction": ACTION,
  "autoscaling:BatchDeleteScheduledAction": ACTIONS,
  "autoscaling:PutNotificationConfiguration": NOTIFICATION,
  "autoscaling:DeleteNotificationConfiguration": NOTIFICATION,
  "autoscaling:PutWarmPool": WARM_POOL,
  "autoscaling:DeleteWarmPool": WARM_POOL,

  "ec2:CreateLaunchTemplateVersion": template("CreateLaunchTemplateVersionRequest"),
  "ec2:ModifyLaunchTemplate": template("ModifyLaunchTemplateRequest"),
  "ec2:DeleteLaunchTemplate": template("DeleteLaunchTemplateRequest"),
  "ec2:DeleteLaunchTemplateVersions": template("DeleteLaunchTemplateVersionsRequest"),
  "ec2:CreateTags": EC2_TAGGED,
  "ec2:DeleteTags": EC2_TAGGED,

  "cloudwatch:PutMetricAlarm": ALARM,
  "cloudwatch:DeleteAlarms": ALARMS,
  "cloudwatch:EnableAlarmActions": ALARMS,
  "cloudwatch:DisableAlarmActions": ALARMS,
  "cloudwatch:TagResource": [{ at: "resourceARN" }],
  "cloudwatch:UntagResource": [{ at: "resourceARN" }],
};

/** IAM's names of the operations whose resource is known. */
export const KNOWN_OPERATIONS: readonly string[] = Object.keys(PLACES);

/** What a call was made on; nothing of one that is not known here, for which a look is all that it is good for. */
export function subjectsOf(operation: string, parameters: Members): Subject[] {
  const places = Object.hasOwn(PLACES, operation) ? PLACES[operation]! : [];
  return places.flatMap(({ at, kind, within }) => {
    const group = within === undefined ? undefined : textsAt(parameters, within)[0];
    return textsAt(parameters, at).map((id) => ({
      id,
      ...(kind === undefined ? {} : { kind }),
      ...(group === undefined ? {} : { within: group }),
    }));
  });
}
