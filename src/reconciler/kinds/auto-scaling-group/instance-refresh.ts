/** Bringing a group's instances to another version of the launch template, and reading how far AWS has come. */
import { CloudError } from "../../../model/errors.ts";
import type { Value } from "../../../model/value.ts";
import type { Input, ReadingCloud, ReadOperation } from "../../../ports.ts";
import { type Call, callOf } from "../../core/actions.ts";
import type { Fields, Fleet, ObservedResource, Refresh, TemplateVersion } from "../../core/resource.ts";
import { refreshPhase } from "../../core/rollout/phase.ts";
import { isSameVersion, runsVersion } from "../../core/rollout/wanted.ts";
import { oneOf } from "../field-values.ts";
import type { Item, Reader } from "../kind.ts";
import { required } from "../required.ts";
import { hasImages, isByAttributes, launchesFrom, observedPolicy } from "./mixed/fields.ts";
import type { MixedInstancesPolicySpec } from "./mixed/schema.ts";
import { preferencesBack, preferencesOf } from "./refresh-preferences.ts";
import { STRATEGIES } from "./refresh-schema.ts";
import { awaitedIn, isPassedOver } from "./reluctant-instances.ts";
import { templateIn, templateOf } from "./template-version.ts";

type InstanceRefresh = Item<"autoscaling:DescribeInstanceRefreshes", "InstanceRefreshes">;

const UPDATE = "autoscaling:UpdateAutoScalingGroup";
const REFRESH = "autoscaling:StartInstanceRefresh";
const UNDONE_BY = ["AWS", "Holdfast", "nobody"] as const;
export const CANCEL = "autoscaling:CancelInstanceRefresh";

/** Every instance runs the version that the group names: then no refresh can be under way. */
export function isUniform({ template, instances }: Pick<Fleet, "template" | "instances">): boolean {
  if (template === undefined || !/^\d+$/.test(template.version)) return false;
  return instances.every((instance) => runsVersion(instance, template));
}

/**
 * A text that changes whenever an instance comes, goes, or takes a step, and when the group itself goes over to another
 * version: with that AWS ends a refresh, while old instances may still be on their way out.
 */
export function progressOf({
  template,
  alias,
  instances,
}: Pick<Fleet, "template" | "alias" | "instances">): string {
  const steps = instances.map(
    ({ instanceId, lifecycleState, template: own }) =>
      `${instanceId}:${lifecycleState}:${own?.id}:${own?.version}`,
  );
  return [`${template?.id}:${alias ?? template?.version}`, ...steps.sort()].join();
}

/**
 * The refresh under way, or the last one. @throws CloudError when it cannot be read
 * @param wanted the policy that the spec asks for
 */
export async function newestRefresh(
  reader: Pick<Reader, "call">,
  group: string,
  wanted?: MixedInstancesPolicySpec,
): Promise<Refresh | undefined> {
  const answer = await reader.call("autoscaling:DescribeInstanceRefreshes", {
    AutoScalingGroupName: group,
    MaxRecords: 1,
  });
  const [newest] = required(answer.InstanceRefreshes, "InstanceRefreshes");
  return newest === undefined ? undefined : refreshOf(newest, wanted);
}

/** One that is under way; none where that cannot be read: AWS itself refuses what must not be then. */
export async function refreshUnderWay(cloud: ReadingCloud, group: string): Promise<Refresh | undefined> {
  try {
    const reader = {
      call: <O extends ReadOperation>(operation: O, input: Input<O>) => cloud.call(operation, input),
    };
    const newest = await newestRefresh(reader, group);
    return newest === undefined || isOver(newest) ? undefined : newest;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return undefined;
  }
}

/**
 * What is known once such a look has shown refreshes that are under way: also that one is ours already, of which the read
 * before has not told yet.
 * @param refreshes by the name of the group
 */
export function withRefreshes(
  resources: readonly ObservedResource[],
  refreshes: ReadonlyMap<string, Refresh>,
): readonly ObservedResource[] {
  if (refreshes.size === 0) return resources;
  return resources.map((group) => {
    const refresh = refreshes.get(group.id);
    if (refresh === undefined || group.fleet === undefined) return group;
    const fleet = withRefresh(group.fleet, refresh);
    const { template, policy } = isActive(refresh) ? { ...fleet.refresh } : {};
    const brought: Fields = template === undefined ? {} : { launchTemplate: { ...template } };
    const fields = { ...group.fields, ...policy, ...brought };
    return { ...group, ...refreshLifecycle(fleet), fields, fleet };
  });
}

function refreshOf(
  {
    InstanceRefreshId,
    Status,
    StartTime,
    DesiredConfiguration,
    PercentageComplete,
    StatusReason,
    Preferences,
    RollbackDetails,
    ProgressDetails,
  }: InstanceRefresh,
  wanted: MixedInstancesPolicySpec | undefined,
): Refresh {
  const { LaunchTemplate, MixedInstancesPolicy: policy } = DesiredConfiguration ?? {};
  const named = LaunchTemplate ?? policy?.LaunchTemplate?.LaunchTemplateSpecification;
  const reason = StatusReason ?? RollbackDetails?.RollbackReason;
  const leftInPool = ProgressDetails?.WarmPoolProgress?.InstancesToUpdate;
  return {
    ...(InstanceRefreshId === undefined ? {} : { id: InstanceRefreshId }),
    status: required(Status, "Status of an instance refresh"),
    template: templateOf(named),
    ...(named === undefined ? {} : { policy: observedPolicy(policy, wanted) }),
    ...(StartTime === undefined ? {} : { startedAtMs: StartTime.getTime() }),
    ...(PercentageComplete === undefined ? {} : { percentageComplete: PercentageComplete }),
    isRolledBack: Preferences?.AutoRollback === true,
    alarms: Preferences?.AlarmSpecification?.Alarms ?? [],
    ...(leftInPool === undefined ? {} : { leftInPool }),
    ...(reason === undefined ? {} : { reason }),
    preferences: {
      scaleInProtectedInstances: Preferences?.ScaleInProtectedInstances ?? "Wait",
      standbyInstances: Preferences?.StandbyInstances ?? "Wait",
    },
  };
}

/** A refresh that was told of no version brings the one that the group names. */
export function withRefresh(fleet: Fleet, refresh: Refresh): Fleet {
  return { ...fleet, refresh: { ...refresh, template: refresh.template ?? fleet.template } };
}

/** Whether it goes on bringing the instances to another version. */
export function isActive(refresh: Refresh): boolean {
  return refreshPhase(refresh) === "active";
}

export function isOver(refresh: Refresh): boolean {
  return refreshPhase(refresh) === "over";
}

/** Whether a change of the version would begin with a refresh: one that is under way is stopped first. */
export function isIdle(refresh: Refresh | undefined): boolean {
  return !["active", "ending"].includes(refreshPhase(refresh));
}

/** How a refresh shows in the group's life. */
export function refreshLifecycle(
  fleet: Pick<Fleet, "instances" | "refresh">,
): Pick<ObservedResource, "lifecycle" | "lifecycleReason"> {
  const { refresh } = fleet;
  if (isIdle(refresh)) return { lifecycle: "ready" };
  const awaited = refreshPhase(refresh) === "active" ? awaitedIn(fleet) : undefined;
  const left = refresh?.leftInPool ?? 0;
  const ofPool = left > 0 ? `${left} of the warm pool are to be replaced after those in service` : undefined;
  const lifecycleReason = [`instance refresh ${refresh?.status}`, awaited, ofPool]
    .filter((part) => part !== undefined)
    .join("; ");
  return { lifecycle: "provisioning", lifecycleReason };
}

/**
 * What the group is being made of: while a refresh is under way the group still names the old version, although
 * new instances get the new one (docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html).
 * @param named what the group itself names, a mixed instances policy's template included
 * @param settings `instanceRefresh` of the spec
 */
export function liveTemplate(
  { instances, refresh }: Pick<Fleet, "instances" | "refresh">,
  named: TemplateVersion | undefined,
  settings: Fields = {},
): TemplateVersion {
  const wanted = refreshPhase(refresh) === "active" ? refresh?.template : undefined;
  const { id, version } = wanted ?? named ?? { id: "", version: "" };
  // A refresh that was stopped half-way, or a launch that was quicker than an update: the group is of two versions.
  const strays = instances.flatMap((instance) => {
    const { template: own, lifecycleState: state } = instance;
    if (own === undefined || runsVersion(instance, { id, version }) || state.startsWith("Terminating"))
      return [];
    if (isPassedOver(instance, settings)) return [];
    return [own.id === id ? own.version : `${own.version} of ${own.id}`];
  });
  if (isIdle(refresh) && strays.length > 0) return { id, version: [version, ...new Set(strays)].join(", ") };
  return { id, version };
}

/** What a rollout is to bring, and from where. */
interface Way {
  readonly group: string;
  readonly fleet: Fleet;
  readonly wanted: Value | undefined;
  /** The policy that the group is to have: empty for none. */
  readonly policy: Fields;
  readonly settings?: Fields | undefined;
  /** Fields of the policy that differ, and go along. */
  readonly along?: readonly string[];
}

/**
 * The way to another version. AWS updates the group itself when the refresh succeeds; setting it before would leave
 * a rollback nothing to go back to. Where every instance already runs the version, only the group's word is wrong; but
 * what a warm pool holds runs another one, and nothing else than a refresh replaces that
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html, update-warm-pool).
 */
export function rollout(way: Way): Call[] {
  const { group, fleet, wanted, policy, settings = {}, along = [] } = way;
  const { instances, refresh, pool } = fleet;
  const template = templateIn(wanted);
  const phase = refreshPhase(refresh);
  if (phase === "active") return [callOf(CANCEL, { AutoScalingGroupName: group }, [])];
  if (phase === "ending") return [];
  const from = launchesFrom(policy, template);
  const isThere =
    (pool?.size ?? 0) === 0 &&
    instances.every((instance) => runsVersion(instance, template) || isPassedOver(instance, settings));
  const settles = ["launchTemplate", ...along];
  if (isThere) return [callOf(UPDATE, { AutoScalingGroupName: group, ...from }, settles)];
  if (isByAttributes(policy) || isByAttributes(fleet.policy ?? {})) return byAttributes(way, from);
  const isGoingBack = settings.isGoingBack === true;
  const { rolledBackBy = settings.autoRollback === true ? "AWS" : "nobody" } = settings;
  const call = callOf(
    REFRESH,
    {
      AutoScalingGroupName: group,
      Strategy: strategyOf(settings, policy),
      DesiredConfiguration: from,
      Preferences: isGoingBack ? preferencesBack(settings) : preferencesOf(settings, rolledBackBy === "AWS"),
    },
    settles,
  );
  return [isGoingBack ? { ...call, goesBack: true } : { ...call, undoneBy: undoneBy(rolledBackBy) }];
}

/**
 * Where types are chosen by their attributes AWS takes no desired configuration and skips no instance: the group is set
 * first, and what ran before is ours to bring back
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html, instance-refresh-limitations).
 */
function byAttributes(
  { group, fleet, wanted, settings = {}, along = [] }: Way,
  from: ReturnType<typeof launchesFrom>,
): Call[] {
  const isGoingBack = settings.isGoingBack === true;
  const { rolledBackBy = settings.autoRollback === true ? "Holdfast" : "nobody" } = settings;
  const how = isGoingBack
    ? { goesBack: true as const }
    : { undoneBy: rolledBackBy === "nobody" ? ("nobody" as const) : ("Holdfast" as const) };
  const isNamed = fleet.template !== undefined && isSameVersion(fleet.template, templateIn(wanted));
  const preferences = isGoingBack ? preferencesBack(settings) : preferencesOf(settings, false);
  const refresh = callOf(
    REFRESH,
    {
      AutoScalingGroupName: group,
      Strategy: "Rolling",
      Preferences: { ...preferences, SkipMatching: false },
    },
    ["launchTemplate"],
  );
  return [
    ...(isNamed && along.length === 0
      ? []
      : [{ ...callOf(UPDATE, { AutoScalingGroupName: group, ...from }, along), ...how }]),
    { ...refresh, ...how },
  ];
}

/** A root volume is replaced by the images of the overrides: back to a policy without any, instances are. */
function strategyOf(settings: Fields, policy: Fields): (typeof STRATEGIES)[number] {
  const strategy = oneOf(settings, "strategy", STRATEGIES) ?? "Rolling";
  return strategy === "ReplaceRootVolume" && !hasImages(policy) ? "Rolling" : strategy;
}

function undoneBy(rolledBackBy: Value): (typeof UNDONE_BY)[number] {
  return UNDONE_BY.find((one) => one === rolledBackBy) ?? "nobody";
}
