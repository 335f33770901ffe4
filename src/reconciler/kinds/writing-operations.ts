/**
 * Which of AWS's operations write a field of a kind, or make a resource go: those that Holdfast calls, from the schemas of the
 * kinds, and those that others call to the same effect. What the schemas do not say stands in the tables below.
 */
import type { KindName } from "../../model/kind-name.ts";
import { decapitalised } from "../../model/text/first-letter.ts";
import { fieldsOf } from "./field.ts";
import { KINDS } from "./registry.ts";

/** The operation writes the field: under one of these names in its input, or, without them, whatever its input names. */
interface Writing {
  readonly operation: string;
  readonly members?: readonly string[];
}

/** A beginning of fields, the operations that write them, and the names in their input; `*` stands for the rest of the field. */
type Row = readonly [field: string, operations: readonly string[], ...members: string[]];

const ELB_TAGS: Row = [
  "tags.",
  ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
  "tags.*",
];
const TARGET_GROUPS_OF_GROUP = [
  "autoscaling:AttachLoadBalancerTargetGroups",
  "autoscaling:DetachLoadBalancerTargetGroups",
  "autoscaling:AttachTrafficSources",
  "autoscaling:DetachTrafficSources",
];

const OF_FIELDS: Readonly<Partial<Record<KindName, readonly Row[]>>> = {
  loadBalancer: [
    ["subnets", ["elasticloadbalancing:SetSubnets"]],
    ["ipAddressType", ["elasticloadbalancing:SetSubnets"], "ipAddressType"],
    ["securityGroups", ["elasticloadbalancing:SetSecurityGroups"]],
    ["attributes.", ["elasticloadbalancing:ModifyLoadBalancerAttributes"], "attributes.*"],
    ELB_TAGS,
  ],
  targetGroup: [
    ["attributes.", ["elasticloadbalancing:ModifyTargetGroupAttributes"], "attributes.*"],
    ELB_TAGS,
  ],
  listener: [
    ["port", ["elasticloadbalancing:ModifyListener"], "port"],
    ["defaultAction", ["elasticloadbalancing:ModifyListener"], "defaultActions"],
    ["defaultCertificate", ["elasticloadbalancing:ModifyListener"], "certificates"],
    ["mutualAuthentication", ["elasticloadbalancing:ModifyListener"], "mutualAuthentication"],
    ["attributes.", ["elasticloadbalancing:ModifyListenerAttributes"], "attributes.*"],
    [
      "certificates",
      ["elasticloadbalancing:AddListenerCertificates", "elasticloadbalancing:RemoveListenerCertificates"],
    ],
    [
      "additionalCertificates",
      ["elasticloadbalancing:AddListenerCertificates", "elasticloadbalancing:RemoveListenerCertificates"],
    ],
    ELB_TAGS,
  ],
  rule: [
    ["priority", ["elasticloadbalancing:SetRulePriorities"]],
    ["conditions", ["elasticloadbalancing:ModifyRule"], "conditions"],
    ["action", ["elasticloadbalancing:ModifyRule"], "actions"],
    ELB_TAGS,
  ],
  launchTemplate: [
    ["tags.", ["ec2:CreateTags", "ec2:DeleteTags"], "tags.*"],
    // Another version becomes the default: all of its fields with it.
    ["", ["ec2:ModifyLaunchTemplate", "ec2:CreateLaunchTemplateVersion"]],
  ],
  autoScalingGroup: [
    ["desiredCapacity", ["autoscaling:SetDesiredCapacity"]],
    ["suspendedProcesses", ["autoscaling:SuspendProcesses", "autoscaling:ResumeProcesses"]],
    ["enabledMetrics", ["autoscaling:EnableMetricsCollection", "autoscaling:DisableMetricsCollection"]],
    ["targetGroups", TARGET_GROUPS_OF_GROUP],
    ["subnets", ["autoscaling:UpdateAutoScalingGroup"], "vPCZoneIdentifier"],
    ["launchTemplate", ["autoscaling:UpdateAutoScalingGroup"], "launchTemplate", "mixedInstancesPolicy"],
    ["launchTemplate", ["autoscaling:StartInstanceRefresh", "autoscaling:RollbackInstanceRefresh"]],
    ["mixedInstancesPolicy", ["autoscaling:StartInstanceRefresh", "autoscaling:RollbackInstanceRefresh"]],
    ["tags.", ["autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"], "tags.*"],
  ],
  lifecycleHook: [["", ["autoscaling:PutLifecycleHook"]]],
  warmPool: [["", ["autoscaling:PutWarmPool"]]],
  scheduledAction: [
    ["", ["autoscaling:PutScheduledUpdateGroupAction", "autoscaling:BatchPutScheduledUpdateGroupAction"]],
  ],
  scalingPolicy: [["", ["autoscaling:PutScalingPolicy"]]],
  notification: [["", ["autoscaling:PutNotificationConfiguration"]]],
  alarm: [
    ["actionsEnabled", ["cloudwatch:EnableAlarmActions", "cloudwatch:DisableAlarmActions"]],
    ["tags.", ["cloudwatch:TagResource", "cloudwatch:UntagResource"], "tags.*"],
    ["", ["cloudwatch:PutMetricAlarm"]],
  ],
};

const WITH_ITS_GROUP = "autoscaling:DeleteAutoScalingGroup";

/** What makes a resource go: its own deletion, or that of what it stands below. */
const OF_WHOLE: Readonly<Record<KindName, readonly string[]>> = {
  loadBalancer: ["elasticloadbalancing:DeleteLoadBalancer"],
  targetGroup: ["elasticloadbalancing:DeleteTargetGroup"],
  listener: ["elasticloadbalancing:DeleteListener", "elasticloadbalancing:DeleteLoadBalancer"],
  rule: [
    "elasticloadbalancing:DeleteRule",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:DeleteLoadBalancer",
  ],
  launchTemplate: ["ec2:DeleteLaunchTemplate"],
  autoScalingGroup: [WITH_ITS_GROUP],
  lifecycleHook: ["autoscaling:DeleteLifecycleHook", WITH_ITS_GROUP],
  warmPool: ["autoscaling:DeleteWarmPool", WITH_ITS_GROUP],
  scheduledAction: [
    "autoscaling:DeleteScheduledAction",
    "autoscaling:BatchDeleteScheduledAction",
    WITH_ITS_GROUP,
  ],
  scalingPolicy: ["autoscaling:DeletePolicy", WITH_ITS_GROUP],
  notification: ["autoscaling:DeleteNotificationConfiguration", WITH_ITS_GROUP],
  alarm: ["cloudwatch:DeleteAlarms"],
};

/** Of what AWS cannot change in place nothing is said: another resource has it. */
const OF_SCHEMA: ReadonlyMap<string, Writing> = new Map(
  KINDS.flatMap(({ name, schema, isWhole }) =>
    fieldsOf(schema)
      .filter(({ change }) => change !== "replace" && change !== "never")
      .map(({ path, aws, change }) => {
        const [member = ""] = aws.split(".");
        const named = isWhole === true ? {} : { members: [decapitalised(member)] };
        return [`${name} ${path}`, { operation: change, ...named }] as const;
      }),
  ),
);

/** @param field a path within the resource; empty: the whole resource is gone */
function writings(kind: KindName, field: string): readonly Writing[] {
  if (field === "") return (OF_WHOLE[kind] ?? []).map((operation) => ({ operation }));
  const ofSchema = OF_SCHEMA.get(`${kind} ${field}`);
  const ofTable = (OF_FIELDS[kind] ?? [])
    .filter(([beginning]) => field === beginning || isBelow(field, beginning))
    .flatMap(([beginning, operations, ...names]) => {
      const members = names.map((name) => name.replace("*", field.slice(beginning.length)));
      return operations.map((operation) => ({ operation, ...(members.length === 0 ? {} : { members }) }));
    });
  return [...ofTable, ...(ofSchema === undefined ? [] : [ofSchema])];
}

function isBelow(field: string, beginning: string): boolean {
  return beginning === "" || beginning.endsWith(".")
    ? field.startsWith(beginning)
    : field.startsWith(`${beginning}.`);
}

/** Whether, and under which name in its record, an operation can have written a field; `undefined` if it cannot. */
export function writesField(
  operation: string,
  kind: KindName,
  field: string,
): { readonly members?: readonly string[] } | undefined {
  const writing = writings(kind, field).find((each) => each.operation === operation);
  if (writing === undefined) return undefined;
  const { operation: _, ...how } = writing;
  return how;
}

/** IAM's names of the operations that can have written a field, or made the resource go. */
export function operationsFor(kind: KindName, field: string): readonly string[] {
  return [...new Set(writings(kind, field).map(({ operation }) => operation))];
}
