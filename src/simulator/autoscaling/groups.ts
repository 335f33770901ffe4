/** Creating, changing, deleting and describing groups. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../account/aws-error.ts";
import { uuidFrom } from "../account/ids.ts";
import { pageOf } from "../account/paging.ts";
import { pageSize } from "./activities.ts";
import { setDesired } from "./converge.ts";
import {
  type GroupInput,
  launchSourceAfter,
  maintenanceOf,
  parseSubnets,
  refuseUnmodelled,
  terminationPoliciesOf,
} from "./group-input.ts";
import { shownGroup } from "./group-output.ts";
import { checkHooks, putHook } from "./hooks/operations.ts";
import { skipHooks, terminateNow } from "./instance-lifecycle.ts";
import type { LaunchSource } from "./launch-source.ts";
import { reweigh } from "./mixed/units.ts";
import { removePolicies } from "./policies.ts";
import { activeRefresh, type Group, groupNamed, invalid, isLeaving, required, type State } from "./state.ts";
import { putTags } from "./tags.ts";
import { attach, checkTargetGroups, sourcesOf } from "./target-groups.ts";

export function groupOperations(state: State) {
  return {
    CreateAutoScalingGroup(input: asg.CreateAutoScalingGroupType): object {
      const hooks = input.LifecycleHookSpecificationList ?? [];
      checkHooks(state, hooks);
      const group = newGroup(state, input);
      state.groups.set(group.name, group);
      for (const hook of hooks) putHook(state, group, hook);
      for (const arn of targetGroupsOf(input)) attach(state, group, arn, true);
      setDesired(
        state,
        group,
        input.DesiredCapacity ?? group.minSize,
        "a user request created an AutoScalingGroup",
      );
      return {};
    },
    UpdateAutoScalingGroup(input: asg.UpdateAutoScalingGroupType): object {
      update(state, groupNamed(state, input.AutoScalingGroupName), input);
      return {};
    },
    DeleteAutoScalingGroup(input: asg.DeleteAutoScalingGroupType): object {
      remove(state, groupNamed(state, input.AutoScalingGroupName), input.ForceDelete === true);
      return {};
    },
    DescribeAutoScalingGroups(input: asg.AutoScalingGroupNamesType): asg.AutoScalingGroupsType {
      const names = input.AutoScalingGroupNames ?? [];
      const groups = [...state.groups.values()]
        .filter((group) => names.length === 0 || names.includes(group.name))
        .filter((group) => (input.Filters ?? []).every((filter) => passes(group, filter)))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = pageOf(
        groups,
        (group) => group.name,
        { token: input.NextToken, size: pageSize(input.MaxRecords, 100, 50) },
        "InvalidNextToken",
      );
      return {
        AutoScalingGroups: page.items.map((group) =>
          shownGroup(state, group, input.IncludeInstances !== false),
        ),
        NextToken: page.next,
      };
    },
  };
}

/** autoscaling/describe-filters @throws AwsError for a filter that AWS does not have */
function passes(group: Group, filter: asg.Filter): boolean {
  const name = filter.Name ?? "";
  const values = filter.Values ?? [];
  if (name.startsWith("tag:")) {
    const tag = group.tags.get(name.slice(4));
    return tag !== undefined && values.includes(tag.value);
  }
  if (name === "tag-key") return values.some((key) => group.tags.has(key));
  if (name === "tag-value") return [...group.tags.values()].some((tag) => values.includes(tag.value));
  throw invalid(`Filter name ${name} is not valid. The valid names are: tag-key, tag-value, and tag:<key>.`);
}

function targetGroupsOf(input: asg.CreateAutoScalingGroupType): string[] {
  return [...new Set([...(input.TargetGroupARNs ?? []), ...sourcesOf(input.TrafficSources)])];
}

function checkIsFree(state: State, name: string): void {
  const present = state.groups.get(name);
  if (present === undefined) return;
  throw new AwsError(
    "AlreadyExists",
    present.deleting
      ? `AutoScalingGroup by this name is pending delete - The AutoScalingGroup ${name} is pending delete`
      : `AutoScalingGroup by this name already exists - A group by this name already exists: ${name}`,
  );
}

function newGroup(state: State, input: asg.CreateAutoScalingGroupType): Group {
  const name = input.AutoScalingGroupName;
  required(name, "autoScalingGroupName");
  checkIsFree(state, name);
  if (state.groups.size >= state.quotas.autoScalingGroups) {
    throw new AwsError(
      "LimitExceeded",
      `AutoScalingGroup limit exceeded: ${state.quotas.autoScalingGroups} groups per Region.`,
    );
  }
  required(input.MinSize, "minSize");
  required(input.MaxSize, "maxSize");
  refuseUnmodelled(input);
  const subnetIds = parseSubnets(state, input.VPCZoneIdentifier, input.AvailabilityZones);
  checkTargetGroups(state, targetGroupsOf(input), 0);
  const source = launchSourceAfter(state, input, undefined, subnetIds[0]);
  required(source, "launchTemplate");
  const { accountId, region } = state.context;
  const group: Group = {
    name,
    arn: `arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:${uuidFrom(state.context)}:autoScalingGroupName/${name}`,
    createdAtMs: state.context.clock.nowMs(),
    minSize: input.MinSize,
    maxSize: input.MaxSize,
    ...source,
    subnetIds,
    vpcZoneIdentifier: input.VPCZoneIdentifier ?? "",
    ...defaults(state),
    tags: new Map(),
    attachments: new Map(),
    members: new Map(),
    policies: new Map(),
    scheduled: new Map(),
    suspended: new Map(),
    enabledMetrics: new Set(),
    activities: [],
    refreshes: [],
    hooks: new Map(),
    notifications: new Map(),
    warm: new Map(),
    retained: new Map(),
    launchReasons: [],
    zoneRetryAtMs: new Map(),
  };
  putTags(group, input.Tags ?? []);
  applySettings(group, input);
  return group;
}

/** autoscaling/defaults */
function defaults(state: State) {
  return {
    desired: 0,
    extra: 0,
    rebalancing: undefined,
    defaultCooldown: 300,
    healthCheckType: "EC2",
    healthCheckGracePeriod: 0,
    terminationPolicies: ["Default"],
    protectNewInstances: false,
    defaultInstanceWarmup: undefined,
    maxInstanceLifetime: undefined,
    capacityRebalance: undefined,
    maintenance: undefined,
    placementGroup: undefined,
    context: undefined,
    desiredCapacityType: undefined,
    deletionProtection: undefined,
    zoneDistribution: undefined,
    zoneImpairmentPolicy: undefined,
    capacityReservations: undefined,
    lifecyclePolicy: undefined,
    warmPool: undefined,
    serviceLinkedRole: `arn:aws:iam::${state.context.accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    deleting: false,
    changeCause: "",
    launchFailures: 0,
    retryAtMs: 0,
    cooldown: undefined,
    protectedNoticed: false,
    converging: false,
    sweeping: undefined,
  };
}

/** What create and update set alike; what is not given stays. */
function applySettings(group: Group, input: GroupInput): void {
  if (input.HealthCheckType !== undefined)
    group.healthCheckType = input.HealthCheckType.replaceAll(/\s/g, "");
  group.healthCheckGracePeriod = input.HealthCheckGracePeriod ?? group.healthCheckGracePeriod;
  group.defaultCooldown = input.DefaultCooldown ?? group.defaultCooldown;
  if (input.TerminationPolicies !== undefined) {
    group.terminationPolicies = terminationPoliciesOf(input.TerminationPolicies);
  }
  group.protectNewInstances = input.NewInstancesProtectedFromScaleIn ?? group.protectNewInstances;
  group.capacityRebalance = input.CapacityRebalance ?? group.capacityRebalance;
  if (input.DefaultInstanceWarmup !== undefined) {
    group.defaultInstanceWarmup =
      input.DefaultInstanceWarmup === -1 ? undefined : input.DefaultInstanceWarmup;
  }
  if (input.MaxInstanceLifetime !== undefined) {
    group.maxInstanceLifetime = input.MaxInstanceLifetime === 0 ? undefined : input.MaxInstanceLifetime;
  }
  if (input.InstanceMaintenancePolicy !== undefined) {
    group.maintenance = maintenanceOf(input.InstanceMaintenancePolicy);
  }
  // autoscaling/placement-group-cleared
  if (input.PlacementGroup !== undefined) group.placementGroup = input.PlacementGroup || undefined;
  group.context = input.Context ?? group.context;
  group.desiredCapacityType = input.DesiredCapacityType ?? group.desiredCapacityType;
  group.deletionProtection = input.DeletionProtection ?? group.deletionProtection;
  group.zoneDistribution = input.AvailabilityZoneDistribution ?? group.zoneDistribution;
  group.zoneImpairmentPolicy = input.AvailabilityZoneImpairmentPolicy ?? group.zoneImpairmentPolicy;
  group.capacityReservations = input.CapacityReservationSpecification ?? group.capacityReservations;
  group.lifecyclePolicy = input.InstanceLifecyclePolicy ?? group.lifecyclePolicy;
  group.serviceLinkedRole = input.ServiceLinkedRoleARN ?? group.serviceLinkedRole;
}

function update(state: State, group: Group, input: asg.UpdateAutoScalingGroupType): void {
  refuseUnmodelled(input);
  const min = input.MinSize ?? group.minSize;
  const max = input.MaxSize ?? group.maxSize;
  // autoscaling/update-moves-desired
  const desired = input.DesiredCapacity ?? Math.min(max, Math.max(min, group.desired));
  const subnets = subnetsAfter(state, group, input);
  const source = launchSourceAfter(state, input, group, (subnets ?? group.subnetIds)[0]);
  if (source !== undefined && activeRefresh(group)?.desired !== undefined) {
    throw invalid(
      "An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.",
    );
  }
  if (source !== undefined && group.warmPool !== undefined) refuseSpot(state, source);
  applySettings(group, input);
  if (source !== undefined) Object.assign(group, source);
  reweigh(group);
  if (subnets !== undefined) {
    group.subnetIds = subnets;
    group.vpcZoneIdentifier = input.VPCZoneIdentifier ?? group.vpcZoneIdentifier;
  }
  group.minSize = min;
  group.maxSize = max;
  // A changed group is tried again at once.
  group.retryAtMs = 0;
  group.launchFailures = 0;
  setDesired(
    state,
    group,
    desired,
    `a user request update of AutoScalingGroup constraints to min: ${min}, max: ${max}, desired: ${desired}`,
  );
  state.touch(group);
}

/** autoscaling/pool-on-demand */
function refuseSpot(state: State, { template }: LaunchSource): void {
  if (!state.parts.ec2.templateTraits(template).isSpot) return;
  throw invalid(
    "You can't use a launch template that requests Spot Instances with an Auto Scaling group that has a warm pool.",
  );
}

/** Where the group launches from now on; nothing when that stays. */
function subnetsAfter(
  state: State,
  group: Group,
  input: asg.UpdateAutoScalingGroupType,
): string[] | undefined {
  const { VPCZoneIdentifier: identifier, AvailabilityZones: zones } = input;
  if (identifier === undefined && (zones ?? []).length === 0) return undefined;
  return parseSubnets(state, identifier ?? group.vpcZoneIdentifier, zones);
}

/** autoscaling/delete-needs-empty, autoscaling/force-delete, autoscaling/delete-group-with-pool, autoscaling/deletion-protection */
function remove(state: State, group: Group, force: boolean): void {
  const protection = group.deletionProtection ?? "none";
  if (protection === "prevent-all-deletion" || (protection === "prevent-force-deletion" && force)) {
    throw invalid(
      `The AutoScalingGroup ${group.name} has deletion protection ${protection} and cannot be deleted.`,
    );
  }
  // autoscaling/retained-instances
  if (force && group.lifecyclePolicy?.RetentionTriggers?.TerminateHookAbandon === "retain") {
    throw invalid(
      "You can't force delete this Auto Scaling group because the TerminateHookAbandon retention trigger is set to retain. Change the retention trigger to terminate and try again.",
    );
  }
  const present = [...group.members.values(), ...group.retained.values(), ...group.warm.values()];
  if (!force && present.length > 0) {
    const isOnlyTerminating = group.retained.size === 0 && present.every(isLeaving);
    throw isOnlyTerminating
      ? new AwsError(
          "ScalingActivityInProgress",
          "You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.",
        )
      : new AwsError(
          "ResourceInUse",
          "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
        );
  }
  for (const action of group.scheduled.values()) action.cancel();
  removePolicies(state, group, [...group.policies.values()]);
  const refresh = activeRefresh(group);
  if (refresh !== undefined) {
    refresh.status = "Cancelled";
    refresh.endedAtMs = state.context.clock.nowMs();
  }
  group.minSize = 0;
  group.maxSize = 0;
  group.desired = 0;
  group.extra = 0;
  group.deleting = true;
  const why = "instance was taken out of service in response to a user request to delete the group";
  for (const member of present) {
    if (isLeaving(member)) skipHooks(state, group, member);
    else terminateNow(state, group, member, why);
  }
  state.touch(group);
}
