/**
 * The least that the daemon's role needs, derived from the table of operations: to look, to take over, and to manage.
 * Which action knows which condition key: docs.aws.amazon.com/service-authorization/latest/reference/
 * (list_awselasticloadbalancingv2, list_amazonec2autoscaling, list_amazonec2, list_amazoncloudwatch).
 */
import { isRead, type OperationName } from "../ports.ts";
import { OPERATIONS } from "./operations.ts";

const OWNER_TAG = "holdfast.dev/owner";
const OWN_TAGS = "holdfast.dev/*";
const LAUNCH_TEMPLATES = "arn:aws:ec2:*:*:launch-template/*";

/** Of the examples in docs/events.md: whoever uses it puts their own there. */
export const EVENTS_QUEUE = "arn:aws:sqs:eu-central-1:123456789012:holdfast-events";

interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: readonly string[];
  Resource: "*" | typeof LAUNCH_TEMPLATES | typeof EVENTS_QUEUE;
  Condition?: Record<string, Record<string, string | readonly string[]>>;
}

/** The request must bring our owner tag; what it makes is then ours. */
const CREATES: readonly OperationName[] = [
  "elasticloadbalancing:CreateLoadBalancer",
  "elasticloadbalancing:CreateTargetGroup",
  "ec2:CreateLaunchTemplate",
  "autoscaling:CreateAutoScalingGroup",
];
/** These make a part of something that must be ours already. */
const CREATES_INSIDE: readonly OperationName[] = [
  "elasticloadbalancing:CreateListener",
  "elasticloadbalancing:CreateRule",
];
/** One operation for both: it creates, which takes a request tag, and changes, which looks at the resource. */
const PUTS: readonly OperationName[] = ["cloudwatch:PutMetricAlarm"];
/** Tags given on creation are authorized as this action too, on a resource that has no tags yet. */
const TAGS_ON_CREATION = {
  elasticloadbalancing: "elasticloadbalancing:AddTags",
  ec2: "ec2:CreateTags",
  cloudwatch: "cloudwatch:TagResource",
} as const satisfies Record<string, OperationName>;
/** Asked by lookups alone, so that who has none can leave them out. */
const LOOKUPS: readonly OperationName[] = [
  "ec2:DescribeImages",
  "ec2:DescribeVpcs",
  "ec2:DescribeSubnets",
  "ec2:DescribeSecurityGroups",
  "ssm:GetParameter",
  "acm:ListCertificates",
  "acm:DescribeCertificate",
  "sns:GetTopicAttributes",
  "iam:GetInstanceProfile",
];
/** For AWS's events alone, and for who did it: whoever uses neither leaves them out. */
const EVENTS: readonly OperationName[] = ["sqs:ReceiveMessage", "sqs:DeleteMessageBatch", "sqs:TagQueue"];
const ATTRIBUTION: readonly OperationName[] = ["cloudtrail:LookupEvents"];
/** `DeleteMessageBatch` is authorized as this: docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
const AUTHORIZED_AS: Readonly<Record<string, string>> = { "sqs:DeleteMessageBatch": "sqs:DeleteMessage" };
/** AWS offers no condition key for it. */
const UNCONDITIONED: readonly OperationName[] = ["elasticloadbalancing:SetRulePriorities"];

const BRINGS_OWNER = { [`aws:RequestTag/${OWNER_TAG}`]: "false" };
const HAS_OWNER = { [`aws:ResourceTag/${OWNER_TAG}`]: "false" };
const HAS_NO_OWNER = { [`aws:ResourceTag/${OWNER_TAG}`]: "true" };

/** An IAM policy document, as the IAM console takes it. */
interface Policy {
  Version: string;
  Statement: Statement[];
}

/**
 * - `observe`: reads alone, for services with `management: Observe` and for imports.
 * - `adopt`: what taking over and giving back need besides: our own tags, and no others.
 * - `manage`: everything that is done to what is ours; the reads stand in it too.
 * - `events`: beside one of those, to listen to AWS's events; the queue alone.
 * - `attribution`: beside one of those, to ask CloudTrail who did it.
 */
export function iamPolicies(): Record<"observe" | "adopt" | "manage" | "events" | "attribution", Policy> {
  const policy = (...Statement: Statement[]): Policy => ({ Version: "2012-10-17", Statement });
  return {
    observe: policy(...readStatements()),
    adopt: policy(...adoptionStatements()),
    events: policy({
      ...allow(
        "ListenToEvents",
        EVENTS.map((operation) => AUTHORIZED_AS[operation] ?? operation),
      ),
      Resource: EVENTS_QUEUE,
    }),
    attribution: policy(allow("AskWhoDidIt", ATTRIBUTION)),
    manage: policy(...readStatements(), ...ownStatements(), ...taggingStatements(), ...grantedStatements()),
  };
}

function tierOperations(): OperationName[] {
  const apart = [...EVENTS, ...ATTRIBUTION];
  return (Object.keys(OPERATIONS) as OperationName[]).filter((operation) => !apart.includes(operation));
}

function readStatements(): Statement[] {
  const reads = tierOperations().filter(isRead);
  return [
    allow(
      "ReadEverything",
      reads.filter((operation) => !LOOKUPS.includes(operation)),
    ),
    allow("LookUp", LOOKUPS),
  ];
}

const PUTS_TAGS: readonly OperationName[] = [
  "elasticloadbalancing:AddTags",
  "ec2:CreateTags",
  "autoscaling:CreateOrUpdateTags",
  "cloudwatch:TagResource",
];
const TAKES_TAGS: readonly OperationName[] = [
  "elasticloadbalancing:RemoveTags",
  "ec2:DeleteTags",
  "autoscaling:DeleteTags",
  "cloudwatch:UntagResource",
];

/**
 * All eight know `aws:TagKeys` and `aws:ResourceTag`. `ForAllValues` holds of a request without any key, too, and
 * `ec2:DeleteTags` without keys takes every tag away: so the keys must be there.
 * docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function adoptionStatements(): Statement[] {
  const ownTagsAlone = { "ForAllValues:StringLike": { "aws:TagKeys": OWN_TAGS } };
  const hasKeys = { "aws:TagKeys": "false" };
  return [
    allow("TagWhatIsNobodysYet", PUTS_TAGS, { ...ownTagsAlone, Null: { ...hasKeys, ...HAS_NO_OWNER } }),
    allow("GiveBackWhatIsOurs", TAKES_TAGS, { ...ownTagsAlone, Null: { ...hasKeys, ...HAS_OWNER } }),
  ];
}

/** One statement for each way in which an operation can be confined; every operation is in at least one. */
function ownStatements(): Statement[] {
  const writes = tierOperations().filter((operation) => !isRead(operation));
  const onOurs = writes.filter(
    (operation) => ![...CREATES, ...CREATES_INSIDE, ...UNCONDITIONED].includes(operation),
  );
  return [
    allow("CreateWithOwnerTag", [...CREATES, ...PUTS], { Null: BRINGS_OWNER }),
    allow("CreateInsideOurs", CREATES_INSIDE, { Null: { ...BRINGS_OWNER, ...HAS_OWNER } }),
    allow("ChangeOurs", onOurs, { Null: HAS_OWNER }),
    allow("ChangeWithoutConditionKey", UNCONDITIONED),
  ];
}

function taggingStatements(): Statement[] {
  const createdBy = (api: "elasticloadbalancing" | "ec2") =>
    [...CREATES, ...CREATES_INSIDE]
      .filter((operation) => operation.startsWith(`${api}:`))
      .map((operation) => operation.slice(api.length + 1));
  return [
    allow("TagNewLoadBalancing", [TAGS_ON_CREATION.elasticloadbalancing], {
      StringEquals: { "elasticloadbalancing:CreateAction": createdBy("elasticloadbalancing") },
      Null: BRINGS_OWNER,
    }),
    {
      ...allow("TagNewLaunchTemplates", [TAGS_ON_CREATION.ec2], {
        StringEquals: { "ec2:CreateAction": createdBy("ec2") },
        Null: BRINGS_OWNER,
      }),
      Resource: LAUNCH_TEMPLATES,
    },
    // CloudWatch has no key for the creating action.
    allow("TagNewAlarms", [TAGS_ON_CREATION.cloudwatch], { Null: BRINGS_OWNER }),
  ];
}

/**
 * What AWS asks of the caller on behalf of the services:
 * docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
 * docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html
 * docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
 */
function grantedStatements(): Statement[] {
  const fromTemplate = { ArnLike: { "ec2:LaunchTemplate": LAUNCH_TEMPLATES } };
  return [
    allow("LaunchFromTemplates", ["ec2:RunInstances"], fromTemplate),
    allow("TagLaunchedInstances", ["ec2:CreateTags"], {
      StringEquals: { "ec2:CreateAction": "RunInstances" },
    }),
    allow("ResolveImageParameters", ["ssm:GetParameters"]),
    allow("PassInstanceProfiles", ["iam:PassRole"], {
      StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" },
    }),
    allow("CreateServiceLinkedRoles", ["iam:CreateServiceLinkedRole"], {
      StringEquals: {
        "iam:AWSServiceName": ["autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com"],
      },
    }),
  ];
}

function allow(Sid: string, Action: readonly string[], Condition?: Statement["Condition"]): Statement {
  const condition = Condition === undefined ? {} : { Condition };
  return { Sid, Effect: "Allow", Action, Resource: "*", ...condition };
}
