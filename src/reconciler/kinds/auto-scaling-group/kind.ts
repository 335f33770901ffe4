import {
  type Address,
  childNameOf,
  launchTemplateAddress,
  scalingGroupAddress,
  targetGroupAddress,
} from "../../../model/address.ts";
import type { Value } from "../../../model/value.ts";
import type { Input, Output } from "../../../ports.ts";
import { answeredAs, type Call, callOf } from "../../core/actions.ts";
import { physicalName, TAG_OWNER } from "../../core/names.ts";
import { refTo, setOf, sortedSet } from "../../core/references.ts";
import type { Fields, Fleet, ObservedResource, Seen } from "../../core/resource.ts";
import { refreshPhase } from "../../core/rollout/phase.ts";
import { tagsAmong } from "../../core/tags.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf } from "../field.ts";
import { number, text, texts } from "../field-values.ts";
import { groupLook } from "../fresh-look.ts";
import type { Kind, Probe, Reader, ServiceContext } from "../kind.ts";
import { hookList, hooksOfGroup } from "../lifecycle-hook/kind.ts";
import { nameOrPinned } from "../names/pinned.ts";
import { present, required } from "../required.ts";
import {
  addressIn,
  groupTagCalls,
  groupTagFields,
  groupTagList,
  observedGroupTagFields,
  tagsFromList,
} from "../tags.ts";
import type { WebServiceSpec } from "../web-service.ts";
import { normalHealthCheckType } from "../written-forms.ts";
import { attachments, subnetList, TARGET_GROUPS_PER_GROUP } from "./attachments.ts";
import { capacityAt, sizeOwners } from "./capacity/evidence.ts";
import { sizeObstacles } from "./capacity/obstacles.ts";
import { type CapacitySpec, isFixed, SIZES } from "./capacity/sizes.ts";
import { consequencesOfGroup } from "./consequences.ts";
import { DELETION_LOCK, emptied, removalOf } from "./emptying.ts";
import { type AutoScalingGroup, fleetOf, fleetToBe, instancesOf, namedTemplate } from "./fleet.ts";
import {
  CANCEL,
  isIdle,
  isOver,
  isUniform,
  liveTemplate,
  newestRefresh,
  progressOf,
  refreshLifecycle,
  rollout,
  withRefresh,
} from "./instance-refresh.ts";
import { launching, policyChanges, withPolicy } from "./mixed/changes.ts";
import {
  declaredPolicy,
  isByAttributes,
  isMixedField,
  isWeighted,
  launchesFrom,
  namesAlias,
  policyDefault,
  policyToBe,
} from "./mixed/fields.ts";
import { refreshSettings } from "./refresh-preferences.ts";
import { reluctanceObstacles, suspensionObstacles } from "./reluctant-instances.ts";
import { autoScalingGroupSchema } from "./schema.ts";
import {
  desiredSettings,
  observedSettings,
  SETTING_DEFAULTS,
  settingsCalls,
  settingsInput,
  withWholeMembers,
} from "./settings.ts";
import { isAlias, templateIn, wholeTemplateOf } from "./template-version.ts";
import { terminationsIn } from "./termination.ts";

const UPDATE = "autoscaling:UpdateAutoScalingGroup";
const NAME_LIMIT = 255;

/** What it launches is compared apart. */
const LAUNCHED = ["launchTemplate", "mixedInstancesPolicy"];

export const FIELDS = fieldsOf({
  ...autoScalingGroupSchema,
  properties: Object.fromEntries(
    Object.entries(autoScalingGroupSchema.properties).filter(([name]) => !LAUNCHED.includes(name)),
  ),
});

export const autoScalingGroup: Kind<AutoScalingGroup> = {
  name: "autoScalingGroup",
  title: "Auto Scaling group",
  family: "compute",
  traits: {
    registersIn: "targetGroups",
    registersInAtMost: TARGET_GROUPS_PER_GROUP,
    launchesFrom: "launchTemplate",
    deletionLock: DELETION_LOCK,
  },
  schema: autoScalingGroupSchema,
  tagSource: "list",
  quota: "groups",
  gradualFields: ["launchTemplate"],
  rolledAlong: {
    isOne: isMixedField,
    isUndoneByAws: (fields) => !isByAttributes(fields) && !namesAlias(fields),
  },
  lentFields: SIZES,
  inSpec: (field) => IN_SPEC[field] ?? [],

  desired(service) {
    const { key, owner, spec } = service;
    return Object.entries(spec.autoScalingGroups).map(([child, wanted]) => {
      const address = scalingGroupAddress(child);
      const template = launchTemplateAddress(address);
      const fields: Fields = {
        ...fieldsFromSpec(comparedIn(wanted), wanted),
        ...desiredSettings(wanted),
        ...declaredPolicy(wanted.mixedInstancesPolicy),
        subnets: setOf(wanted.subnetIds ?? spec.subnetIds),
        targetGroups: setOf(
          (wanted.targetGroups ?? []).map((name) => refTo(targetGroupAddress(name), "arn")),
        ),
        launchTemplate: { id: refTo(template, "id"), version: refTo(template, "version") },
        ...groupTagFields(owner, address, spec.tags, wanted.tags),
      };
      return {
        address,
        kind: "autoScalingGroup",
        ...nameOrPinned(wanted.name, nameOf({ key, owner }, address)),
        fields,
        initial: {
          desiredCapacity: wanted.desiredCapacity ?? wanted.minSize,
          lifecycleHooks: hooksOfGroup(service, address),
        },
        settings: refreshSettings(wanted, { owner, spec }),
        ...(isWeighted(fields) ? { isWeighted: true } : {}),
      };
    });
  },

  /** By our tag; and by a pinned name, which somebody else's may have. */
  async list(reader, { owner }, _listed, { pinned }) {
    const listBy = (input: Input<"autoscaling:DescribeAutoScalingGroups">) =>
      reader.list(
        "autoscaling:DescribeAutoScalingGroups",
        { ...input, MaxRecords: 100 },
        (page) => page.AutoScalingGroups,
      );
    const mine = await listBy({ Filters: [{ Name: `tag:${TAG_OWNER}`, Values: [owner] }] });
    const missing = pinned.filter((name) => !mine.some((item) => item.AutoScalingGroupName === name));
    const others = missing.length === 0 ? [] : await listBy({ AutoScalingGroupNames: missing });
    const names = new Set(mine.map((item) => item.AutoScalingGroupName));
    return [...mine, ...others.filter((item) => !names.has(item.AutoScalingGroupName))].map((item) => ({
      kind: "autoScalingGroup",
      id: required(item.AutoScalingGroupName, "AutoScalingGroupName"),
      name: required(item.AutoScalingGroupName, "AutoScalingGroupName"),
      raw: item,
      tags: tagsFromList(item.Tags),
    }));
  },

  isNamedByUs({ name }, tags, service) {
    const address = addressIn(tags);
    if (address === undefined || address !== scalingGroupAddress(childNameOf(address))) return false;
    return name === nameOf(service, address);
  },

  /** Whether a refresh is under way, or why the last one failed, is asked for where there is more than one version. */
  async observe({ reader, found, tags, service, listed, sought }) {
    const address = sought.wanted.get(found.id) ?? addressIn(tags);
    const known = await sizeOwners(reader, found.raw, service, address);
    const compared = comparedIn(capacityAt(service.spec, address));
    const readWhole = (...read: Rest<Parameters<typeof whole>>): Seen => ({
      ...whole(compared, ...read),
      ...known,
    });
    const policy = capacityAt(service.spec, address)?.mixedInstancesPolicy;
    const fleet = fleetOf(found.raw, listed, policy);
    const settings = settingsOf(service.spec, address);
    const { template } = fleet;
    const isNewest =
      template !== undefined &&
      listed.get("launchTemplate")?.find(({ id }) => id === template.id)?.defaultVersion === template.version;
    if (isNewest && isUniform(fleet)) return readWhole(found.raw, fleet, settings, reader.nowMs());
    const refresh = await newestRefresh(reader, found.id, policy);
    if (refresh === undefined) return readWhole(found.raw, fleet, settings, reader.nowMs());
    // It may have ended after the group was listed: that list shows the group as it was before.
    const group = isOver(refresh) ? await groupNamed(reader, found.id) : found.raw;
    return readWhole(group, withRefresh(fleetOf(group, listed, policy), refresh), settings, reader.nowMs());
  },

  /** As it is without what a refresh may say. */
  glimpse: ({ raw }, nowMs) => observed(comparedIn(undefined), raw, fleetOf(raw), {}, nowMs),

  create(desired, fields) {
    const targetGroups = texts(fields, "targetGroups");
    const hooks = hookList(fields);
    return callOf("autoscaling:CreateAutoScalingGroup", {
      ...settingsInput(FIELDS, fields),
      AutoScalingGroupName: desired.name,
      MinSize: number(fields, "minSize"),
      MaxSize: number(fields, "maxSize"),
      DesiredCapacity: number(fields, "desiredCapacity"),
      VPCZoneIdentifier: subnetList(fields),
      ...launchesFrom(fields, templateIn(fields.launchTemplate)),
      ...(targetGroups.length === 0 ? {} : { TargetGroupARNs: targetGroups }),
      ...(hooks.length === 0 ? {} : { LifecycleHookSpecificationList: hooks }),
      Tags: groupTagList(desired.name, tagsAmong(fields)),
    });
  },

  /** AWS answers a create with nothing: what was sent is what is known, until it is read. */
  created({ address, name, fields: wanted }, fields, _output, nowMs) {
    const { desiredCapacity, lifecycleHooks: _hooks, ...others } = fields;
    const isCompared = wanted.desiredCapacity !== undefined && desiredCapacity !== undefined;
    const lasting = isCompared ? { ...others, desiredCapacity } : others;
    return seen({ address, name, fields: lasting, fleet: fleetToBe(fields), nowMs });
  },

  update(change) {
    const { desired, fields, observed: now, differences } = change;
    const fleet = present(now.fleet, "its fleet");
    const calls: Call[] = [];
    const changed = FIELDS.filter((info) => differences.some(({ field }) => field === info.path));
    const differs = (name: string) => differences.some(({ field }) => field === name);
    const { atOnce, along } = policyChanges(change);
    if (changed.length + atOnce.length > 0 || differs("subnets")) {
      const input = {
        ...settingsInput(withWholeMembers(FIELDS, changed), fields),
        AutoScalingGroupName: now.id,
        ...(differs("subnets") ? { VPCZoneIdentifier: subnetList(fields) } : {}),
        // What capacity is counted in is AWS's to take with what it is counted of.
        ...(atOnce.length > 0 || differs("desiredCapacityType") ? withPolicy(change, fleet) : {}),
      };
      const settles = [...changed.map((info) => info.path), ...atOnce];
      calls.push(callOf(UPDATE, input, differs("subnets") ? [...settles, "subnets"] : settles));
    }
    if (differs("targetGroups")) {
      const moves = attachments(now, texts(fields, "targetGroups"));
      // A target group that has not proved itself must not be able to condemn an instance: while the group
      // does not look at them, attach; before it looks at the target groups again, detach.
      if (!text(fields, "healthCheckType").split(",").includes("ELB")) calls.push(...moves);
      else calls.unshift(...moves);
    }
    calls.push(...settingsCalls(now.id, differences, now.fields));
    if (differs("launchTemplate")) {
      const { id: group } = now;
      const { launchTemplate: wanted } = fields;
      const policy = policyToBe(change, fleet);
      calls.push(...rollout({ group, fleet, wanted, policy, settings: desired.settings, along }));
    }
    return calls;
  },

  obstacles({ desired, fields, observed: now, differences }, waiting) {
    const differs = differences.some(({ field }) => field === "launchTemplate");
    const { address, settings = {} } = desired;
    const fleet = present(now.fleet, "its fleet");
    const ofSizes = sizeObstacles(address, fields, now, differences);
    // A refresh under way is stopped before another one can begin.
    if (!isIdle(fleet.refresh) || !(differs || waiting.includes("launchTemplate"))) return ofSizes;
    const wanted = differs ? templateIn(fields.launchTemplate) : undefined;
    const processes = differences.find(({ field }) => field === "suspendedProcesses");
    const after = { suspended: processes?.desired ?? now.fields.suspendedProcesses ?? [] };
    const suspended = suspensionObstacles(address, fleet, wanted, settings, texts(after, "suspended"));
    return [...ofSizes, ...reluctanceObstacles(address, fleet, wanted, settings), ...suspended];
  },

  updated({ observed: before, differences }, call, output) {
    // A refresh that was asked to stop is still there; a later pass sees what became of it.
    if (answeredAs(CANCEL, call, output) !== undefined) {
      const fleet = present(before.fleet, "its fleet");
      const refresh = { ...present(fleet.refresh, "its refresh"), status: "Cancelling" };
      return { ...before, ...refreshLifecycle({ ...fleet, refresh }), fleet: { ...fleet, refresh } };
    }
    const { LaunchTemplate, MixedInstancesPolicy } = answeredAs(UPDATE, call, output)?.input ?? {};
    const named = namedTemplate({ LaunchTemplate, MixedInstancesPolicy });
    const now =
      named === undefined ? before : { ...before, fleet: launching(before, named, MixedInstancesPolicy) };
    const done = differences.filter(({ field }) => call.settles?.includes(field));
    const settled = Object.fromEntries(done.map(({ field, desired }) => [field, desired]));
    return { ...now, ...ownersOnce(before, settled), fields: { ...before.fields, ...settled } };
  },

  /** By its number it goes on as it is (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplateSpecification.html). */
  pin({ id, fleet }) {
    const template = fleet?.template;
    if (template === undefined || isAlias(template)) return [];
    const { policy = {} } = fleet ?? {};
    return [callOf(UPDATE, { AutoScalingGroupName: id, ...launchesFrom(policy, template) }, [])];
  },

  remove: removalOf,
  removing: emptied,
  consequences: consequencesOfGroup,
  refersTo: ({ fields, fleet }) => usedBy(fields, present(fleet, "its fleet")),
  terminated: terminationsIn,

  lookAfresh: (reader, { id, attributes }) => groupLook(reader, id, attributes.arn),

  tag: groupTagCalls,
  defaultOf: (field, desired): Value | undefined =>
    isMixedField(field) ? policyDefault(field, desired) : DEFAULTS[field],

  probe({ id, lifecycle, fleet }): Probe | undefined {
    if (lifecycle === "ready") return undefined;
    const before = progressOf(present(fleet, "its fleet"));
    return {
      call: callOf("autoscaling:DescribeAutoScalingGroups", { AutoScalingGroupNames: [id], MaxRecords: 1 }),
      // A rollout counts as done when this has shown it; the shortest take minutes.
      firstAfterMs: 8_000,
      everyMs: 8_000,
      isSettled({ AutoScalingGroups: [group] = [] }: Output<"autoscaling:DescribeAutoScalingGroups">) {
        if (group === undefined) return true;
        const now = { template: wholeTemplateOf(namedTemplate(group)), instances: instancesOf(group) };
        return isUniform(now) || progressOf(now) !== before;
      },
    };
  },
};

/** Fields of the comparison by their names in the spec, where those differ. */
const IN_SPEC: Readonly<Record<string, string[]>> = {
  subnets: ["subnetIds"],
  enabledMetrics: ["metricsCollection"],
};

/** The desired capacity is compared where it is declared as fixed; otherwise it is scaling's. */
function comparedIn(wanted: CapacitySpec | undefined): typeof FIELDS {
  return wanted !== undefined && isFixed(wanted)
    ? FIELDS
    : FIELDS.filter(({ path }) => path !== "desiredCapacity");
}

/** Sizes that a call of ours has set are the spec's. */
function ownersOnce({ owners }: ObservedResource, settled: Fields): Pick<ObservedResource, "owners"> {
  if (owners === undefined) return {};
  const set = SIZES.flatMap((size) => {
    const live = settled[size];
    return typeof live === "number"
      ? [[size, { owner: "Spec", why: "as declared", live, declared: live }] as const]
      : [];
  });
  return { owners: { ...owners, ...Object.fromEntries(set) } };
}

type Rest<Of extends readonly unknown[]> = Of extends [unknown, ...infer Others] ? Others : never;

function nameOf({ key, owner }: Pick<ServiceContext, "key" | "owner">, address: Address): string {
  const child = childNameOf(address);
  return physicalName({ service: key.name, child, limit: NAME_LIMIT, owner, address });
}

/** What clears an optional setting (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html). */
const DEFAULTS: Readonly<Record<string, Value>> = {
  ...SETTING_DEFAULTS,
  defaultInstanceWarmup: -1,
  maxInstanceLifetime: 0,
};

/** The group as it is now. @throws CloudError when it cannot be read, or is gone */
async function groupNamed(reader: Reader, name: string): Promise<AutoScalingGroup> {
  const answer = await reader.call("autoscaling:DescribeAutoScalingGroups", {
    AutoScalingGroupNames: [name],
    MaxRecords: 1,
  });
  return required(answer.AutoScalingGroups?.[0], `Auto Scaling group ${name}`);
}

/** How the spec wants the instances of a group replaced; nothing is said of one that it does not ask for. */
function settingsOf(spec: WebServiceSpec, address: Address | undefined): Fields {
  const found = Object.entries(spec.autoScalingGroups).find(
    ([child]) => scalingGroupAddress(child) === address,
  );
  const { alarmSpecification: _alarms, ...settings } = found?.[1].instanceRefresh ?? {};
  return settings;
}

function whole(
  compared: typeof FIELDS,
  group: AutoScalingGroup,
  fleet: Fleet,
  settings: Fields,
  nowMs: number,
): Seen {
  const members = toldMembersOf("autoScalingGroup", { "autoscaling:DescribeAutoScalingGroups": group });
  return { ...observed(compared, group, fleet, settings, nowMs), members };
}

function observed(
  compared: typeof FIELDS,
  group: AutoScalingGroup,
  fleet: Fleet,
  settings: Fields,
  nowMs: number,
): Seen {
  const { policy } = refreshPhase(fleet.refresh) === "active" ? { ...fleet, ...fleet.refresh } : fleet;
  return seen({
    address: addressIn(tagsFromList(group.Tags)),
    name: required(group.AutoScalingGroupName, "AutoScalingGroupName"),
    arn: group.AutoScalingGroupARN,
    fields: {
      ...fieldsFromAws(compared, group),
      ...observedSettings(group),
      ...policy,
      healthCheckType: normalHealthCheckType(group.HealthCheckType ?? "EC2"),
      subnets: sortedSet((group.VPCZoneIdentifier ?? "").split(",").filter((id) => id !== "")),
      targetGroups: sortedSet(group.TargetGroupARNs ?? []),
      launchTemplate: { ...liveTemplate(fleet, fleet.template, settings) },
      ...observedGroupTagFields(group.Tags),
    },
    fleet,
    isDeleting: group.Status !== undefined,
    nowMs,
  });
}

interface SeenGroup {
  readonly address: Address | undefined;
  readonly name: string;
  readonly arn?: string | undefined;
  readonly fields: Fields;
  readonly fleet: Fleet;
  readonly isDeleting?: boolean;
  readonly nowMs: number;
}

function seen({ address, name, arn, fields, fleet, isDeleting = false, nowMs }: SeenGroup): Seen {
  return {
    kind: "autoScalingGroup",
    id: name,
    name,
    address,
    fields,
    attributes: { name, ...(arn === undefined ? {} : { arn }) },
    refersTo: usedBy(fields, fleet),
    ...(isDeleting ? { lifecycle: "deleting" } : refreshLifecycle(fleet)),
    observedAtMs: nowMs,
    fleet,
  };
}

/** While instances are being refreshed the group still names what it would go back to. */
function usedBy(fields: Fields, { template }: Pick<Fleet, "template">): string[] {
  const named = template === undefined ? [] : [template.id];
  return [...new Set([...texts(fields, "targetGroups"), templateIn(fields.launchTemplate).id, ...named])];
}
