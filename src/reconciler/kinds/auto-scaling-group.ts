import type { Value } from "../../model/value.ts";
import { portions } from "../core/batches.ts";
import { physicalName, TAG_OWNER, TAG_RESOURCE } from "../core/names.ts";
import { setOf, sortedSet } from "../core/references.ts";
import { type Call, type Fields, type ObservedResource, refTo, type Seen } from "../core/resource.ts";
import { autoScalingGroupSchema } from "./auto-scaling-group/schema.ts";
import { required } from "./elb.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "./field.ts";
import { groupTag, groupTagFields, groupTags, observedTagFields } from "./group-tags.ts";
import {
  type AutoScalingGroup,
  CANCEL,
  type InstanceRefresh,
  isUniform,
  liveTemplate,
  newestRefresh,
  progressOf,
  REFRESH,
  refreshLifecycle,
  refreshObstacle,
  rollout,
  templateSpecification,
} from "./instance-refresh.ts";
import { callOf, type Kind, type Probe, tagsFromList } from "./kind.ts";
import { defaultVersionOf, launchTemplateKey } from "./launch-template.ts";
import { targetGroupKey } from "./target-group.ts";

const UPDATE = "autoscaling:UpdateAutoScalingGroup";
const NAME_LIMIT = 255;
/** AWS attaches, detaches and protects in portions of at most this many. */
const TARGET_GROUPS_PER_CALL = 10;
const INSTANCES_PER_CALL = 50;

const FIELDS = fieldsOf({
  ...autoScalingGroupSchema,
  properties: Object.fromEntries(
    Object.entries(autoScalingGroupSchema.properties).filter(
      ([name]) => !["launchTemplate", "desiredCapacity"].includes(name),
    ),
  ),
});

export interface AutoScalingGroupDetail {
  readonly group: AutoScalingGroup;
  /** The newest refresh, where one was worth reading. */
  readonly refresh?: InstanceRefresh;
}

function autoScalingGroupKey(name: string): string {
  return `autoScalingGroups.${name}`;
}

export const autoScalingGroup: Kind = {
  name: "autoScalingGroup",
  title: "Auto Scaling group",
  family: "compute",
  schema: autoScalingGroupSchema,
  tagSource: "list",
  gradualFields: ["launchTemplate"],

  desired({ key, owner, spec }) {
    return Object.entries(spec.autoScalingGroups).map(([child, wanted]) => {
      const address = autoScalingGroupKey(child);
      const template = launchTemplateKey(child);
      const fields: Fields = {
        ...fieldsFromSpec(FIELDS, wanted),
        subnets: setOf(wanted.subnetIds ?? spec.subnetIds),
        targetGroups: setOf((wanted.targetGroups ?? []).map((name) => refTo(targetGroupKey(name), "arn"))),
        launchTemplate: { id: refTo(template, "id"), version: refTo(template, "version") },
        ...groupTagFields(owner, address, spec.tags, wanted.tags),
      };
      return {
        key: address,
        kind: "autoScalingGroup",
        name: physicalName({ service: key.name, child, limit: NAME_LIMIT, owner, resource: address }),
        fields,
        initial: {
          desiredCapacity: wanted.desiredCapacity ?? wanted.minSize,
        },
        settings: { ...wanted.instanceRefresh },
      };
    });
  },

  async list(reader, { owner }) {
    const mine = await reader.list<"autoscaling:DescribeAutoScalingGroups", AutoScalingGroup>(
      "autoscaling:DescribeAutoScalingGroups",
      { Filters: [{ Name: `tag:${TAG_OWNER}`, Values: [owner] }], MaxRecords: 100 },
      (page) => page.AutoScalingGroups,
    );
    return mine.map((item) => ({
      kind: "autoScalingGroup",
      id: required(item.AutoScalingGroupName, "AutoScalingGroupName"),
      name: required(item.AutoScalingGroupName, "AutoScalingGroupName"),
      raw: item,
      tags: tagsFromList(item.Tags),
    }));
  },

  /** Whether a refresh is under way, or why the last one failed, is asked for where there is more than one version. */
  async observe(reader, found, _tags, _tier, listed) {
    const group = found.raw as AutoScalingGroup;
    const { LaunchTemplateId: id, Version: version } = group.LaunchTemplate ?? {};
    const template = listed.get("launchTemplate")?.find((candidate) => candidate.id === id);
    const isNewest = template !== undefined && defaultVersionOf(template) === version;
    const isSettled = isNewest && isUniform(group);
    const refresh = isSettled ? undefined : await newestRefresh(reader, found.name);
    return observed(group, refresh, reader.nowMs());
  },

  create(desired, fields) {
    return callOf("autoscaling:CreateAutoScalingGroup", {
      ...inputFrom(FIELDS, fields),
      AutoScalingGroupName: desired.name,
      MinSize: fields.minSize as number,
      MaxSize: fields.maxSize as number,
      DesiredCapacity: fields.desiredCapacity as number,
      VPCZoneIdentifier: (fields.subnets as string[]).join(","),
      LaunchTemplate: templateSpecification(fields.launchTemplate),
      ...((fields.targetGroups as string[]).length === 0
        ? {}
        : { TargetGroupARNs: fields.targetGroups as string[] }),
      Tags: groupTags(desired.name, fields),
    });
  },

  /** AWS answers a create with nothing: what was sent is what is known, until it is read. */
  created(desired, fields, _output, nowMs) {
    const { id, version } = fields.launchTemplate as { id: string; version: string };
    const group: AutoScalingGroup = {
      ...(inputFrom(FIELDS, fields) as Partial<AutoScalingGroup>),
      AutoScalingGroupName: desired.name,
      AutoScalingGroupARN: undefined,
      MinSize: fields.minSize as number,
      MaxSize: fields.maxSize as number,
      DesiredCapacity: fields.desiredCapacity as number,
      DefaultCooldown: fields.defaultCooldown as number,
      AvailabilityZones: [],
      HealthCheckType: String(fields.healthCheckType),
      CreatedTime: undefined,
      VPCZoneIdentifier: (fields.subnets as string[]).join(","),
      LaunchTemplate: { LaunchTemplateId: id, Version: version },
      TargetGroupARNs: fields.targetGroups as string[],
      Instances: [],
      Tags: groupTags(desired.name, fields),
    };
    return observed(group, undefined, nowMs);
  },

  update({ desired, fields, observed: now, differences }) {
    const { group, refresh } = now.detail as AutoScalingGroupDetail;
    const AutoScalingGroupName = now.id;
    const calls: Call[] = [];
    const changed = FIELDS.filter((info) => differences.some(({ field }) => field === info.path));
    const differs = (name: string) => differences.some(({ field }) => field === name);
    if (changed.length > 0 || differs("subnets")) {
      calls.push(
        callOf(UPDATE, {
          ...inputFrom(changed, fields),
          AutoScalingGroupName,
          ...(differs("subnets") ? { VPCZoneIdentifier: (fields.subnets as string[]).join(",") } : {}),
        }),
      );
    }
    if (differs("targetGroups")) {
      const moves = attachments(now, fields.targetGroups as string[]);
      // A target group that has not proved itself must not be able to condemn an instance: while the group
      // looks at EC2 only, attach; before it looks at the target groups again, detach.
      if (fields.healthCheckType === "EC2") calls.push(...moves);
      else calls.unshift(...moves);
    }
    if (differs("launchTemplate")) {
      calls.push(...rollout(group, refresh, fields.launchTemplate, desired.settings));
    }
    return calls;
  },

  obstacle({ fields, observed: now, differences }) {
    const { refresh } = now.detail as AutoScalingGroupDetail;
    const differs = differences.some(({ field }) => field === "launchTemplate");
    return differs ? refreshObstacle(refresh, fields.launchTemplate) : undefined;
  },

  updated({ observed: before, fields, differences }, call) {
    const detail = before.detail as AutoScalingGroupDetail;
    const done = differences.filter(({ field }) => settles(call, field));
    const next = Object.fromEntries(done.map(({ field }) => [field, fields[field] as Value]));
    // A refresh that was asked to stop is still there; a later pass sees what became of it.
    if (call.operation === CANCEL) {
      const refresh = { ...detail.refresh, Status: "Cancelling" as const };
      return { ...before, ...refreshLifecycle(refresh), detail: { ...detail, refresh } };
    }
    return { ...before, detail, fields: { ...before.fields, ...next } };
  },

  /** Emptied first, so that its instances drain, and removed once the last one is gone. */
  remove({ id, detail }) {
    const { group } = detail as AutoScalingGroupDetail;
    if (group.Status !== undefined) return [];
    const instances = group.Instances ?? [];
    const guarded = instances.filter((instance) => instance.ProtectedFromScaleIn === true);
    const calls: Call[] = portions(guarded, INSTANCES_PER_CALL).map((portion) =>
      callOf("autoscaling:SetInstanceProtection", {
        AutoScalingGroupName: id,
        InstanceIds: portion.map((instance) => instance.InstanceId ?? ""),
        ProtectedFromScaleIn: false,
      }),
    );
    if (group.MinSize !== 0 || group.MaxSize !== 0 || group.DesiredCapacity !== 0) {
      const empty = { MinSize: 0, MaxSize: 0, DesiredCapacity: 0, NewInstancesProtectedFromScaleIn: false };
      return [...calls, callOf(UPDATE, { AutoScalingGroupName: id, ...empty })];
    }
    if (instances.length > 0) return calls;
    return [callOf("autoscaling:DeleteAutoScalingGroup", { AutoScalingGroupName: id })];
  },

  tag({ id }, write, remove) {
    const Tags = Object.entries(write).map(([Key, value]) => groupTag(id, Key, value));
    const keys = remove.map((Key) => ({ Key, ResourceId: id, ResourceType: "auto-scaling-group" }));
    return [
      ...(Tags.length === 0 ? [] : [callOf("autoscaling:CreateOrUpdateTags", { Tags })]),
      ...(keys.length === 0 ? [] : [callOf("autoscaling:DeleteTags", { Tags: keys })]),
    ];
  },

  defaultOf: (field): Value | undefined => DEFAULTS[field],

  probe(now): Probe | undefined {
    if (now.lifecycle === "ready") return undefined;
    const call = callOf("autoscaling:DescribeAutoScalingGroups", {
      AutoScalingGroupNames: [now.id],
      MaxRecords: 1,
    });
    const before = progressOf((now.detail as AutoScalingGroupDetail).group);
    return {
      call,
      firstAfterMs: 10_000,
      everyMs: 15_000,
      isSettled: (answer) => {
        const { AutoScalingGroups: groups } = answer as { AutoScalingGroups?: AutoScalingGroup[] };
        const [group] = groups ?? [];
        return group === undefined || isUniform(group) || progressOf(group) !== before;
      },
    };
  },
};

/** What clears an optional setting (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html). */
const DEFAULTS: Readonly<Record<string, Value>> = {
  defaultInstanceWarmup: -1,
  maxInstanceLifetime: 0,
};

/** Whether a field is as wanted once this call has succeeded. */
function settles({ operation, input }: Call, field: string): boolean {
  if (field.startsWith("tags.")) return false;
  if (field === "launchTemplate")
    return operation === REFRESH || (operation === UPDATE && input.LaunchTemplate !== undefined);
  if (field === "targetGroups") return operation.includes("TargetGroups");
  return operation === UPDATE && input.LaunchTemplate === undefined;
}

function observed(group: AutoScalingGroup, refresh: InstanceRefresh | undefined, nowMs: number): Seen {
  const name = required(group.AutoScalingGroupName, "AutoScalingGroupName");
  const tags = tagsFromList(group.Tags);
  const template = liveTemplate(group, refresh);
  const targetGroups = sortedSet(group.TargetGroupARNs ?? []);
  const detail: AutoScalingGroupDetail = { group, ...(refresh === undefined ? {} : { refresh }) };
  return {
    kind: "autoScalingGroup",
    id: name,
    name,
    key: tags[TAG_RESOURCE],
    fields: {
      ...fieldsFromAws(FIELDS, group),
      subnets: sortedSet((group.VPCZoneIdentifier ?? "").split(",").filter((id) => id !== "")),
      targetGroups,
      launchTemplate: template,
      ...observedTagFields(group),
    },
    attributes: {
      name,
      ...(group.AutoScalingGroupARN === undefined ? {} : { arn: group.AutoScalingGroupARN }),
    },
    refersTo: [...targetGroups.map(String), String(template.id)],
    ...(group.Status === undefined ? refreshLifecycle(refresh) : { lifecycle: "deleting" }),
    detail,
    observedAtMs: nowMs,
  };
}

function attachments(now: ObservedResource, wanted: readonly string[]): Call[] {
  const present = now.fields.targetGroups as string[];
  const change = (
    operation: "autoscaling:AttachLoadBalancerTargetGroups" | "autoscaling:DetachLoadBalancerTargetGroups",
    arns: string[],
  ) =>
    portions(arns, TARGET_GROUPS_PER_CALL).map((TargetGroupARNs) =>
      callOf(operation, { AutoScalingGroupName: now.id, TargetGroupARNs }),
    );
  return [
    ...change(
      "autoscaling:AttachLoadBalancerTargetGroups",
      wanted.filter((arn) => !present.includes(arn)),
    ),
    ...change(
      "autoscaling:DetachLoadBalancerTargetGroups",
      present.filter((arn) => !wanted.includes(arn)),
    ),
  ];
}
