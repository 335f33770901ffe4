/**
 * Every AWS operation that the daemon may call, one line each: IAM's action, token buckets and time limit, and the
 * member that an answer never lacks. The command, its input and its output are the SDK's of the same name. The types of
 * the port and the IAM policy are derived from these lines; nothing else is ever called.
 */
import * as autoscaling from "@aws-sdk/client-auto-scaling";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elasticloadbalancing from "@aws-sdk/client-elastic-load-balancing-v2";
import * as sts from "@aws-sdk/client-sts";
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
  STS_PER_SECOND,
} from "./buckets.ts";

const SDK = { autoscaling, cloudwatch, ec2, elasticloadbalancing, sts };
type Sdk = typeof SDK;

/** IAM service prefix: one SDK client each. */
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

export interface OperationRow<O extends SdkOperation> extends Row<AnswerMember<O>> {
  readonly Command: new (input: Exchange<O>["input"]) => { readonly input: Exchange<O>["input"] };
}

interface Row<Member extends string> {
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
  "ec2:CreateLaunchTemplate": ec2Write("LaunchTemplate"),
  "ec2:DeleteLaunchTemplate": ec2Write("LaunchTemplate"),
  "ec2:CreateLaunchTemplateVersion": ec2TemplateVersion("LaunchTemplateVersion"),
  "ec2:ModifyLaunchTemplate": ec2TemplateVersion("LaunchTemplate"),
  "ec2:CreateTags": ec2Tags(),
  "ec2:DeleteTags": ec2Tags(),

  "autoscaling:DescribeAutoScalingGroups": autoScalingRead("AutoScalingGroups"),
  "autoscaling:DescribePolicies": autoScalingRead("ScalingPolicies"),
  "autoscaling:DescribeScalingActivities": autoScalingRead("Activities"),
  "autoscaling:DescribeInstanceRefreshes": autoScalingRead("InstanceRefreshes"),
  "autoscaling:DescribeScheduledActions": autoScalingRead("ScheduledUpdateGroupActions"),
  "autoscaling:DescribeAccountLimits": autoScalingRead("MaxNumberOfAutoScalingGroups"),
  "autoscaling:CreateAutoScalingGroup": autoScalingWrite(),
  "autoscaling:UpdateAutoScalingGroup": autoScalingWrite(),
  "autoscaling:AttachLoadBalancerTargetGroups": autoScalingWrite(),
  "autoscaling:DetachLoadBalancerTargetGroups": autoScalingWrite(),
  "autoscaling:CreateOrUpdateTags": autoScalingWrite(),
  "autoscaling:DeleteTags": autoScalingWrite(),
  "autoscaling:SetInstanceProtection": autoScalingWrite(),
  "autoscaling:ResumeProcesses": autoScalingWrite(),
  "autoscaling:TerminateInstanceInAutoScalingGroup": autoScalingWrite("Activity"),
  "autoscaling:StartInstanceRefresh": autoScalingWrite("InstanceRefreshId"),
  "autoscaling:CancelInstanceRefresh": autoScalingWrite(),
  "autoscaling:DeleteAutoScalingGroup": autoScalingWrite(),
  "autoscaling:PutScalingPolicy": autoScalingWrite("PolicyARN"),
  "autoscaling:DeletePolicy": autoScalingWrite(),

  "cloudwatch:DescribeAlarms": cloudWatchRead(9, "MetricAlarms"),
  "cloudwatch:ListTagsForResource": cloudWatchRead(10, "Tags"),
  "cloudwatch:PutMetricAlarm": cloudWatchWrite(3),
  "cloudwatch:DeleteAlarms": cloudWatchWrite(3),
  "cloudwatch:TagResource": cloudWatchWrite(20),
  "cloudwatch:UntagResource": cloudWatchWrite(20),

  "sts:GetCallerIdentity": rowsWith(callsPerSecond(STS_PER_SECOND), 15)("Account"),
});

function rowsWith(buckets: readonly Bucket[], timeLimitSeconds: number) {
  return <Member extends string = never>(answers?: Member): Row<Member> => ({
    buckets,
    timeLimitSeconds,
    answers,
  });
}

/**
 * Gives each row the command of its name. The compiler refuses a row whose name the SDK does not know, or that expects
 * a member which the answer cannot have.
 */
function table<Name extends SdkOperation>(rows: { readonly [O in Name]: Row<AnswerMember<O>> }) {
  const names = Object.keys(rows) as Name[];
  return Object.fromEntries(names.map((name) => [name, { ...rows[name], Command: commandOf(name) }])) as {
    readonly [O in Name]: OperationRow<O>;
  };
}

function commandOf(operation: SdkOperation): unknown {
  const [api, name] = operation.split(":") as [ApiName, string];
  return (SDK[api] as Record<string, unknown>)[`${name}Command`];
}

/** The API that an operation belongs to. */
export function apiOf(operation: keyof typeof OPERATIONS): ApiName {
  return operation.slice(0, operation.indexOf(":")) as ApiName;
}

export function timeLimitMsOf(operation: keyof typeof OPERATIONS): number {
  return OPERATIONS[operation].timeLimitSeconds * 1000;
}
