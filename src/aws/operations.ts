/**
 * Every AWS operation that the daemon may call, one line each: IAM's action, token buckets and time limit, and the
 * member that an answer never lacks. The command, its input and its output are the SDK's of the same name. The types of
 * the port and the IAM policies are derived from these lines; nothing else is ever called.
 */
import type * as acm from "@aws-sdk/client-acm";
import * as autoscaling from "@aws-sdk/client-auto-scaling";
import type * as cloudtrail from "@aws-sdk/client-cloudtrail";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elasticloadbalancing from "@aws-sdk/client-elastic-load-balancing-v2";
import type * as iam from "@aws-sdk/client-iam";
import type * as sns from "@aws-sdk/client-sns";
import type * as sqs from "@aws-sdk/client-sqs";
import type * as ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import {
  ACM_LISTS_PER_SECOND,
  ACM_PER_SECOND,
  AUTO_SCALING,
  type Bucket,
  CLOUDTRAIL_LOOKUPS,
  callsPerSecond,
  EC2_READ,
  EC2_TAGS,
  EC2_TEMPLATE_VERSION,
  EC2_WRITE,
  ELB_INTENSIVE,
  ELB_READ,
  ELB_WRITE,
  IAM_PER_SECOND,
  SNS_PER_SECOND,
  SQS_PER_SECOND,
  SSM_PER_SECOND,
  STS_PER_SECOND,
} from "./buckets.ts";

const SDK = { autoscaling, cloudwatch, ec2, elasticloadbalancing, sts };

/** Asked by lookups, and for AWS's events: a daemon without them never loads these. */
const SDK_WHEN_NEEDED = {
  acm: () => import("@aws-sdk/client-acm"),
  cloudtrail: () => import("@aws-sdk/client-cloudtrail"),
  iam: () => import("@aws-sdk/client-iam"),
  sns: () => import("@aws-sdk/client-sns"),
  sqs: () => import("@aws-sdk/client-sqs"),
  ssm: () => import("@aws-sdk/client-ssm"),
};
type Sdk = typeof SDK & {
  acm: typeof acm;
  cloudtrail: typeof cloudtrail;
  iam: typeof iam;
  sns: typeof sns;
  sqs: typeof sqs;
  ssm: typeof ssm;
};

/** IAM's prefix of a service: one SDK client each. */
export type ApiName = keyof Sdk;

/** Every operation of these APIs, as IAM names it: `ec2:CreateTags` is what the SDK sends as its `CreateTagsCommand`. */
type SdkOperation = { [Api in ApiName]: `${Api}:${CommandName<keyof Sdk[Api]>}` }[ApiName];
type CommandName<Member> = Member extends `${infer Name}Command` ? Name : never;
type CommandOf<O extends SdkOperation> = O extends `${infer Api extends ApiName}:${infer Name}`
  ? Extract<Sdk[Api][`${Name}Command` & keyof Sdk[Api]], new (...from: never[]) => unknown>
  : never;

/** What goes to AWS in a call of the operation, and what comes back, as the SDK types them. */
export type Exchange<O extends SdkOperation> =
  InstanceType<CommandOf<O>> extends Command<infer Input, infer Output>
    ? { input: Input; output: Output }
    : never;
interface Command<Input extends object, Output extends { $metadata: { requestId?: string } }> {
  readonly input: Input;
  resolveMiddleware(...through: never[]): (...call: never[]) => Promise<{ output: Output }>;
}

interface OperationRow<Member extends string = string> {
  /** A call takes a token from each, in this order. */
  readonly buckets: readonly Bucket[];
  /** How long a call may take, and how long it may wait for its tokens. */
  readonly timeLimitSeconds: number;
  /** A member that AWS never leaves out: without it, the answer is empty or cut off. Absent: the answer has no members. */
  readonly answers?: Member;
}
type AnswerMember<O extends SdkOperation> = Exclude<keyof Exchange<O>["output"] & string, "$metadata">;

const elbRead = rowsWith(ELB_READ, 15);
const elbWrite = rowsWith(ELB_WRITE, 30);
const elbIntensive = rowsWith(ELB_INTENSIVE, 60);
const ec2Read = rowsWith(EC2_READ, 15);
const ec2Write = rowsWith(EC2_WRITE, 30);
const ec2TemplateVersion = rowsWith(EC2_TEMPLATE_VERSION, 30);
const ec2Tags = rowsWith(EC2_TAGS, 30);
const autoScalingRead = rowsWith(AUTO_SCALING, 15);
const autoScalingWrite = rowsWith(AUTO_SCALING, 30);
const cloudWatchRead = <Member extends string>(perSecond: number, answers: Member) =>
  rowsWith(callsPerSecond(perSecond), 15)(answers);
const cloudWatchWrite = (perSecond: number) => rowsWith(callsPerSecond(perSecond), 30)();

export const OPERATIONS = table({
  "elasticloadbalancing:DescribeLoadBalancers": elbRead("LoadBalancers"),
  "elasticloadbalancing:DescribeLoadBalancerAttributes": elbRead("Attributes"),
  "elasticloadbalancing:DescribeListeners": elbRead("Listeners"),
  "elasticloadbalancing:DescribeListenerCertificates": elbRead("Certificates"),
  "elasticloadbalancing:DescribeRules": elbRead("Rules"),
  "elasticloadbalancing:DescribeTargetGroups": elbRead("TargetGroups"),
  "elasticloadbalancing:DescribeTargetGroupAttributes": elbRead("Attributes"),
  "elasticloadbalancing:DescribeTargetHealth": elbRead("TargetHealthDescriptions"),
  "elasticloadbalancing:DescribeTags": elbRead("TagDescriptions"),
  "elasticloadbalancing:DescribeAccountLimits": elbRead("Limits"),
  "elasticloadbalancing:CreateLoadBalancer": elbIntensive("LoadBalancers"),
  "elasticloadbalancing:SetSubnets": elbIntensive("AvailabilityZones"),
  "elasticloadbalancing:ModifyLoadBalancerAttributes": elbWrite("Attributes"),
  "elasticloadbalancing:SetSecurityGroups": elbWrite("SecurityGroupIds"),
  "elasticloadbalancing:SetIpAddressType": elbWrite("IpAddressType"),
  "elasticloadbalancing:DeleteLoadBalancer": elbWrite(),
  "elasticloadbalancing:CreateListener": elbWrite("Listeners"),
  "elasticloadbalancing:ModifyListener": elbWrite("Listeners"),
  "elasticloadbalancing:AddListenerCertificates": elbWrite("Certificates"),
  "elasticloadbalancing:RemoveListenerCertificates": elbWrite(),
  "elasticloadbalancing:DeleteListener": elbWrite(),
  "elasticloadbalancing:CreateRule": elbWrite("Rules"),
  "elasticloadbalancing:ModifyRule": elbWrite("Rules"),
  "elasticloadbalancing:SetRulePriorities": elbWrite("Rules"),
  "elasticloadbalancing:DeleteRule": elbWrite(),
  "elasticloadbalancing:CreateTargetGroup": elbWrite("TargetGroups"),
  "elasticloadbalancing:ModifyTargetGroup": elbWrite("TargetGroups"),
  "elasticloadbalancing:ModifyTargetGroupAttributes": elbWrite("Attributes"),
  "elasticloadbalancing:DeleteTargetGroup": elbWrite(),
  "elasticloadbalancing:RegisterTargets": elbWrite(),
  "elasticloadbalancing:AddTags": elbWrite(),
  "elasticloadbalancing:RemoveTags": elbWrite(),

  "ec2:DescribeLaunchTemplates": ec2Read("LaunchTemplates"),
  "ec2:DescribeLaunchTemplateVersions": ec2Read("LaunchTemplateVersions"),
  "ec2:DescribeInstances": ec2Read("Reservations"),
  "ec2:DescribeInstanceStatus": ec2Read("InstanceStatuses"),
  "ec2:DescribeImages": ec2Read("Images"),
  "ec2:DescribeVpcs": ec2Read("Vpcs"),
  "ec2:DescribeSubnets": ec2Read("Subnets"),
  "ec2:DescribeSecurityGroups": ec2Read("SecurityGroups"),
  "ec2:CreateLaunchTemplate": ec2Write("LaunchTemplate"),
  "ec2:DeleteLaunchTemplate": ec2Write("LaunchTemplate"),
  "ec2:CreateLaunchTemplateVersion": ec2TemplateVersion("LaunchTemplateVersion"),
  "ec2:ModifyLaunchTemplate": ec2TemplateVersion("LaunchTemplate"),
  "ec2:DeleteLaunchTemplateVersions": ec2TemplateVersion("SuccessfullyDeletedLaunchTemplateVersions"),
  "ec2:CreateTags": ec2Tags(),
  "ec2:DeleteTags": ec2Tags(),

  "autoscaling:DescribeAutoScalingGroups": autoScalingRead("AutoScalingGroups"),
  "autoscaling:DescribePolicies": autoScalingRead("ScalingPolicies"),
  "autoscaling:DescribeScalingActivities": autoScalingRead("Activities"),
  "autoscaling:DescribeInstanceRefreshes": autoScalingRead("InstanceRefreshes"),
  "autoscaling:DescribeScheduledActions": autoScalingRead("ScheduledUpdateGroupActions"),
  "autoscaling:DescribeLifecycleHooks": autoScalingRead("LifecycleHooks"),
  "autoscaling:DescribeWarmPool": autoScalingRead("Instances"),
  "autoscaling:DescribeNotificationConfigurations": autoScalingRead("NotificationConfigurations"),
  "autoscaling:DescribeAccountLimits": autoScalingRead("MaxNumberOfAutoScalingGroups"),
  "autoscaling:CreateAutoScalingGroup": autoScalingWrite(),
  "autoscaling:UpdateAutoScalingGroup": autoScalingWrite(),
  "autoscaling:AttachLoadBalancerTargetGroups": autoScalingWrite(),
  "autoscaling:DetachLoadBalancerTargetGroups": autoScalingWrite(),
  "autoscaling:CreateOrUpdateTags": autoScalingWrite(),
  "autoscaling:DeleteTags": autoScalingWrite(),
  "autoscaling:SetInstanceProtection": autoScalingWrite(),
  "autoscaling:SuspendProcesses": autoScalingWrite(),
  "autoscaling:ResumeProcesses": autoScalingWrite(),
  "autoscaling:EnableMetricsCollection": autoScalingWrite(),
  "autoscaling:DisableMetricsCollection": autoScalingWrite(),
  "autoscaling:TerminateInstanceInAutoScalingGroup": autoScalingWrite("Activity"),
  "autoscaling:StartInstanceRefresh": autoScalingWrite("InstanceRefreshId"),
  "autoscaling:CancelInstanceRefresh": autoScalingWrite(),
  "autoscaling:DeleteAutoScalingGroup": autoScalingWrite(),
  "autoscaling:PutLifecycleHook": autoScalingWrite(),
  "autoscaling:DeleteLifecycleHook": autoScalingWrite(),
  "autoscaling:PutNotificationConfiguration": autoScalingWrite(),
  "autoscaling:DeleteNotificationConfiguration": autoScalingWrite(),
  "autoscaling:PutWarmPool": autoScalingWrite(),
  "autoscaling:DeleteWarmPool": autoScalingWrite(),
  "autoscaling:PutScheduledUpdateGroupAction": autoScalingWrite(),
  "autoscaling:DeleteScheduledAction": autoScalingWrite(),
  "autoscaling:PutScalingPolicy": autoScalingWrite("PolicyARN"),
  "autoscaling:DeletePolicy": autoScalingWrite(),

  "cloudwatch:DescribeAlarms": cloudWatchRead(9, "MetricAlarms"),
  "cloudwatch:ListTagsForResource": cloudWatchRead(10, "Tags"),
  "cloudwatch:PutMetricAlarm": cloudWatchWrite(3),
  "cloudwatch:DeleteAlarms": cloudWatchWrite(3),
  "cloudwatch:TagResource": cloudWatchWrite(20),
  "cloudwatch:UntagResource": cloudWatchWrite(20),

  "sts:GetCallerIdentity": rowsWith(callsPerSecond(STS_PER_SECOND), 15)("Account"),

  "ssm:GetParameter": rowsWith(callsPerSecond(SSM_PER_SECOND), 15)("Parameter"),
  "acm:ListCertificates": rowsWith(callsPerSecond(ACM_LISTS_PER_SECOND), 15)("CertificateSummaryList"),
  "acm:DescribeCertificate": rowsWith(callsPerSecond(ACM_PER_SECOND), 15)("Certificate"),
  "sns:GetTopicAttributes": rowsWith(callsPerSecond(SNS_PER_SECOND), 15)("Attributes"),
  "iam:GetInstanceProfile": rowsWith(callsPerSecond(IAM_PER_SECOND), 15)("InstanceProfile"),

  // It leaves out the list where there is nothing, and waits for a message for up to 20 s.
  "sqs:ReceiveMessage": rowsWith(callsPerSecond(SQS_PER_SECOND), 40)(),
  "sqs:DeleteMessageBatch": rowsWith(callsPerSecond(SQS_PER_SECOND), 15)(),
  "sqs:TagQueue": rowsWith(callsPerSecond(1), 15)(),
  "cloudtrail:LookupEvents": rowsWith(CLOUDTRAIL_LOOKUPS, 30)("Events"),
});

function rowsWith(buckets: readonly Bucket[], timeLimitSeconds: number) {
  return <Member extends string = never>(answers?: Member): OperationRow<Member> => ({
    buckets,
    timeLimitSeconds,
    answers,
  });
}

/** The compiler refuses a row whose name the SDK does not know, or that expects a member which the answer cannot have. */
function table<Name extends SdkOperation>(
  rows: {
    readonly [O in Name]: OperationRow<AnswerMember<O>>;
  },
): typeof rows {
  return rows;
}

/** What the SDK sends for an operation. */
export async function commandOf<O extends keyof typeof OPERATIONS>(
  operation: O,
): Promise<new (input: Exchange<O>["input"]) => { readonly input: Exchange<O>["input"] }> {
  const [api, name] = operation.split(":") as [ApiName, string];
  const sdk: object = isLoadedWhenNeeded(api) ? await SDK_WHEN_NEEDED[api]() : SDK[api];
  return (sdk as Record<string, never>)[`${name}Command`] as never;
}

function isLoadedWhenNeeded(api: ApiName): api is keyof typeof SDK_WHEN_NEEDED {
  return api in SDK_WHEN_NEEDED;
}
/** The API that an operation belongs to. */
export function apiOf(operation: keyof typeof OPERATIONS): ApiName {
  return operation.slice(0, operation.indexOf(":")) as ApiName;
}

export function timeLimitMsOf(operation: keyof typeof OPERATIONS): number {
  return OPERATIONS[operation].timeLimitSeconds * 1000;
}
