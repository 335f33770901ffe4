/**
 * Every operation that the daemon may call, as the SDK has it. The compiler refuses a row too few, a row too many,
 * and a command that takes another operation's input.
 */
import * as asg from "@aws-sdk/client-auto-scaling";
import * as cw from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Input, OperationName, Output } from "../ports.ts";
import {
  AUTO_SCALING,
  type Bucket,
  callsPerSecond,
  EC2_READ,
  EC2_TAGS,
  EC2_TEMPLATE_VERSION,
  EC2_WRITE,
  ELB_INTENSIVE,
  ELB_READ,
  ELB_WRITE,
} from "./buckets.ts";

/** IAM service prefix: one SDK client each. */
export type ApiName = ApiOf<OperationName>;
type ApiOf<O extends string> = O extends `${infer Api}:${string}` ? Api : never;

export interface OperationRow<O extends OperationName> {
  readonly Command: new (input: Input<O>) => { readonly input: Input<O> };
  /** A call takes a token from each, in this order. */
  readonly buckets: readonly Bucket[];
  /** How long a call may take, and how long it may wait for its tokens. */
  readonly timeLimitSeconds: number;
  /** A member that AWS never leaves out: without it, the answer is empty or cut off. Absent: the answer has no members. */
  readonly answers?: keyof Output<O> & string;
}

const elbRead = { buckets: ELB_READ, timeLimitSeconds: 15 };
const elbWrite = { buckets: ELB_WRITE, timeLimitSeconds: 30 };
const elbIntensive = { buckets: ELB_INTENSIVE, timeLimitSeconds: 60 };
const ec2Read = { buckets: EC2_READ, timeLimitSeconds: 15 };
const ec2Write = { buckets: EC2_WRITE, timeLimitSeconds: 30 };
const ec2TemplateVersion = { buckets: EC2_TEMPLATE_VERSION, timeLimitSeconds: 30 };
const ec2Tags = { buckets: EC2_TAGS, timeLimitSeconds: 30 };
const autoScalingRead = { buckets: AUTO_SCALING, timeLimitSeconds: 15 };
const autoScalingWrite = { buckets: AUTO_SCALING, timeLimitSeconds: 30 };
const cloudWatchRead = { timeLimitSeconds: 15 };
const cloudWatchWrite = { timeLimitSeconds: 30 };

export const OPERATIONS: { readonly [O in OperationName]: OperationRow<O> } = {
  "elasticloadbalancing:DescribeLoadBalancers": {
    ...elbRead,
    Command: elb.DescribeLoadBalancersCommand,
    answers: "LoadBalancers",
  },
  "elasticloadbalancing:DescribeLoadBalancerAttributes": {
    ...elbRead,
    Command: elb.DescribeLoadBalancerAttributesCommand,
    answers: "Attributes",
  },
  "elasticloadbalancing:DescribeListeners": {
    ...elbRead,
    Command: elb.DescribeListenersCommand,
    answers: "Listeners",
  },
  "elasticloadbalancing:DescribeListenerCertificates": {
    ...elbRead,
    Command: elb.DescribeListenerCertificatesCommand,
    answers: "Certificates",
  },
  "elasticloadbalancing:DescribeRules": { ...elbRead, Command: elb.DescribeRulesCommand, answers: "Rules" },
  "elasticloadbalancing:DescribeTargetGroups": {
    ...elbRead,
    Command: elb.DescribeTargetGroupsCommand,
    answers: "TargetGroups",
  },
  "elasticloadbalancing:DescribeTargetGroupAttributes": {
    ...elbRead,
    Command: elb.DescribeTargetGroupAttributesCommand,
    answers: "Attributes",
  },
  "elasticloadbalancing:DescribeTargetHealth": {
    ...elbRead,
    Command: elb.DescribeTargetHealthCommand,
    answers: "TargetHealthDescriptions",
  },
  "elasticloadbalancing:DescribeTags": {
    ...elbRead,
    Command: elb.DescribeTagsCommand,
    answers: "TagDescriptions",
  },
  "elasticloadbalancing:CreateLoadBalancer": {
    ...elbIntensive,
    Command: elb.CreateLoadBalancerCommand,
    answers: "LoadBalancers",
  },
  "elasticloadbalancing:SetSubnets": {
    ...elbIntensive,
    Command: elb.SetSubnetsCommand,
    answers: "AvailabilityZones",
  },
  "elasticloadbalancing:ModifyLoadBalancerAttributes": {
    ...elbWrite,
    Command: elb.ModifyLoadBalancerAttributesCommand,
    answers: "Attributes",
  },
  "elasticloadbalancing:SetSecurityGroups": {
    ...elbWrite,
    Command: elb.SetSecurityGroupsCommand,
    answers: "SecurityGroupIds",
  },
  "elasticloadbalancing:SetIpAddressType": {
    ...elbWrite,
    Command: elb.SetIpAddressTypeCommand,
    answers: "IpAddressType",
  },
  "elasticloadbalancing:DeleteLoadBalancer": { ...elbWrite, Command: elb.DeleteLoadBalancerCommand },
  "elasticloadbalancing:CreateListener": {
    ...elbWrite,
    Command: elb.CreateListenerCommand,
    answers: "Listeners",
  },
  "elasticloadbalancing:ModifyListener": {
    ...elbWrite,
    Command: elb.ModifyListenerCommand,
    answers: "Listeners",
  },
  "elasticloadbalancing:AddListenerCertificates": {
    ...elbWrite,
    Command: elb.AddListenerCertificatesCommand,
    answers: "Certificates",
  },
  "elasticloadbalancing:RemoveListenerCertificates": {
    ...elbWrite,
    Command: elb.RemoveListenerCertificatesCommand,
  },
  "elasticloadbalancing:DeleteListener": { ...elbWrite, Command: elb.DeleteListenerCommand },
  "elasticloadbalancing:CreateRule": { ...elbWrite, Command: elb.CreateRuleCommand, answers: "Rules" },
  "elasticloadbalancing:ModifyRule": { ...elbWrite, Command: elb.ModifyRuleCommand, answers: "Rules" },
  "elasticloadbalancing:SetRulePriorities": {
    ...elbWrite,
    Command: elb.SetRulePrioritiesCommand,
    answers: "Rules",
  },
  "elasticloadbalancing:DeleteRule": { ...elbWrite, Command: elb.DeleteRuleCommand },
  "elasticloadbalancing:CreateTargetGroup": {
    ...elbWrite,
    Command: elb.CreateTargetGroupCommand,
    answers: "TargetGroups",
  },
  "elasticloadbalancing:ModifyTargetGroup": {
    ...elbWrite,
    Command: elb.ModifyTargetGroupCommand,
    answers: "TargetGroups",
  },
  "elasticloadbalancing:ModifyTargetGroupAttributes": {
    ...elbWrite,
    Command: elb.ModifyTargetGroupAttributesCommand,
    answers: "Attributes",
  },
  "elasticloadbalancing:DeleteTargetGroup": { ...elbWrite, Command: elb.DeleteTargetGroupCommand },
  "elasticloadbalancing:AddTags": { ...elbWrite, Command: elb.AddTagsCommand },
  "elasticloadbalancing:RemoveTags": { ...elbWrite, Command: elb.RemoveTagsCommand },
  "ec2:DescribeLaunchTemplates": {
    ...ec2Read,
    Command: ec2.DescribeLaunchTemplatesCommand,
    answers: "LaunchTemplates",
  },
  "ec2:DescribeLaunchTemplateVersions": {
    ...ec2Read,
    Command: ec2.DescribeLaunchTemplateVersionsCommand,
    answers: "LaunchTemplateVersions",
  },
  "ec2:DescribeInstances": { ...ec2Read, Command: ec2.DescribeInstancesCommand, answers: "Reservations" },
  "ec2:DescribeInstanceStatus": {
    ...ec2Read,
    Command: ec2.DescribeInstanceStatusCommand,
    answers: "InstanceStatuses",
  },
  "ec2:CreateLaunchTemplate": {
    ...ec2Write,
    Command: ec2.CreateLaunchTemplateCommand,
    answers: "LaunchTemplate",
  },
  "ec2:DeleteLaunchTemplate": {
    ...ec2Write,
    Command: ec2.DeleteLaunchTemplateCommand,
    answers: "LaunchTemplate",
  },
  "ec2:CreateLaunchTemplateVersion": {
    ...ec2TemplateVersion,
    Command: ec2.CreateLaunchTemplateVersionCommand,
    answers: "LaunchTemplateVersion",
  },
  "ec2:ModifyLaunchTemplate": {
    ...ec2TemplateVersion,
    Command: ec2.ModifyLaunchTemplateCommand,
    answers: "LaunchTemplate",
  },
  "ec2:CreateTags": { ...ec2Tags, Command: ec2.CreateTagsCommand },
  "ec2:DeleteTags": { ...ec2Tags, Command: ec2.DeleteTagsCommand },
  "autoscaling:DescribeAutoScalingGroups": {
    ...autoScalingRead,
    Command: asg.DescribeAutoScalingGroupsCommand,
    answers: "AutoScalingGroups",
  },
  "autoscaling:DescribePolicies": {
    ...autoScalingRead,
    Command: asg.DescribePoliciesCommand,
    answers: "ScalingPolicies",
  },
  "autoscaling:DescribeScalingActivities": {
    ...autoScalingRead,
    Command: asg.DescribeScalingActivitiesCommand,
    answers: "Activities",
  },
  "autoscaling:DescribeInstanceRefreshes": {
    ...autoScalingRead,
    Command: asg.DescribeInstanceRefreshesCommand,
    answers: "InstanceRefreshes",
  },
  "autoscaling:CreateAutoScalingGroup": { ...autoScalingWrite, Command: asg.CreateAutoScalingGroupCommand },
  "autoscaling:UpdateAutoScalingGroup": { ...autoScalingWrite, Command: asg.UpdateAutoScalingGroupCommand },
  "autoscaling:AttachLoadBalancerTargetGroups": {
    ...autoScalingWrite,
    Command: asg.AttachLoadBalancerTargetGroupsCommand,
  },
  "autoscaling:DetachLoadBalancerTargetGroups": {
    ...autoScalingWrite,
    Command: asg.DetachLoadBalancerTargetGroupsCommand,
  },
  "autoscaling:CreateOrUpdateTags": { ...autoScalingWrite, Command: asg.CreateOrUpdateTagsCommand },
  "autoscaling:DeleteTags": { ...autoScalingWrite, Command: asg.DeleteTagsCommand },
  "autoscaling:SetInstanceProtection": { ...autoScalingWrite, Command: asg.SetInstanceProtectionCommand },
  "autoscaling:StartInstanceRefresh": {
    ...autoScalingWrite,
    Command: asg.StartInstanceRefreshCommand,
    answers: "InstanceRefreshId",
  },
  "autoscaling:CancelInstanceRefresh": { ...autoScalingWrite, Command: asg.CancelInstanceRefreshCommand },
  "autoscaling:DeleteAutoScalingGroup": { ...autoScalingWrite, Command: asg.DeleteAutoScalingGroupCommand },
  "autoscaling:PutScalingPolicy": {
    ...autoScalingWrite,
    Command: asg.PutScalingPolicyCommand,
    answers: "PolicyARN",
  },
  "autoscaling:DeletePolicy": { ...autoScalingWrite, Command: asg.DeletePolicyCommand },
  "cloudwatch:DescribeAlarms": {
    ...cloudWatchRead,
    Command: cw.DescribeAlarmsCommand,
    buckets: callsPerSecond(9),
    answers: "MetricAlarms",
  },
  "cloudwatch:ListTagsForResource": {
    ...cloudWatchRead,
    Command: cw.ListTagsForResourceCommand,
    buckets: callsPerSecond(10),
    answers: "Tags",
  },
  "cloudwatch:PutMetricAlarm": {
    ...cloudWatchWrite,
    Command: cw.PutMetricAlarmCommand,
    buckets: callsPerSecond(3),
  },
  "cloudwatch:DeleteAlarms": {
    ...cloudWatchWrite,
    Command: cw.DeleteAlarmsCommand,
    buckets: callsPerSecond(3),
  },
  "cloudwatch:TagResource": {
    ...cloudWatchWrite,
    Command: cw.TagResourceCommand,
    buckets: callsPerSecond(20),
  },
  "cloudwatch:UntagResource": {
    ...cloudWatchWrite,
    Command: cw.UntagResourceCommand,
    buckets: callsPerSecond(20),
  },
};

/** The API that an operation belongs to. */
export function apiOf(operation: OperationName): ApiName {
  return operation.slice(0, operation.indexOf(":")) as ApiName;
}

export function timeLimitMsOf(operation: OperationName): number {
  return OPERATIONS[operation].timeLimitSeconds * 1000;
}
