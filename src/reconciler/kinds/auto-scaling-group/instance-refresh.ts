/** Bringing a group's instances to another version of the launch template, and reading how far AWS has come. */
import { CloudError } from "../../../model/errors.ts";
import type { Value } from "../../../model/value.ts";
import type { Input, ReadingCloud, ReadOperation } from "../../../ports.ts";
import { type Call, callOf } from "../../core/actions.ts";
import type { Fields, Fleet, ObservedResource, Refresh, TemplateVersion } from "../../core/resource.ts";
import { refreshPhase } from "../../core/rollout/phase.ts";
import { oneOf } from "../field-values.ts";
import type { Item, Reader } from "../kind.ts";
import { required } from "../required.ts";
import { preferencesBack, preferencesOf } from "./refresh-preferences.ts";
import { STRATEGIES } from "./refresh-schema.ts";
import { awaitedIn, isPassedOver } from "./reluctant-instances.ts";
import { isSameVersion, templateIn, templateOf, templateSpecification } from "./template-version.ts";

type InstanceRefresh = Item<"autoscaling:DescribeInstanceRefreshes", "InstanceRefreshes">;

const UPDATE = "autoscaling:UpdateAutoScalingGroup";
const REFRESH = "autoscaling:StartInstanceRefresh";
const UNDONE_BY = ["AWS", "Holdfast", "nobody"] as const;
export const CANCEL = "autoscaling:CancelInstanceRefresh";

/** Every instance runs the version that the group names: then no refresh can be under way. */
export function isUniform({ template, instances }: Pick<Fleet, "template" | "instances">): boolean {
  if (template === undefined || !/^\d+$/.test(template.version)) return false;
  return instances.every(({ template: own }) => isSameVersion(own, template));
}

/** A text that changes whenever an instance comes, goes, or takes a step. */
export function progressOf({ instances }: Pick<Fleet, "instances">): string {
  return instances
    .map(
      ({ instanceId, lifecycleState, template: own }) =>
        `${instanceId}:${lifecycleState}:${own?.id}:${own?.version}`,
    )
    .sort()
    .join();
}

/** The refresh under way, or the last one. @throws CloudError when it cannot be read */
export async function newestRefresh(
  reader: Pick<Reader, "call">,
  group: string,
): Promise<Refresh | undefined> {
  const answer = await reader.call("autoscaling:DescribeInstanceRefreshes", {
    AutoScalingGroupName: group,
    MaxRecords: 1,
  });
  const [newest] = required(answer.InstanceRefreshes, "InstanceRefreshes");
  return newest === undefined ? undefined : refreshOf(newest);
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
    const fleet = { ...group.fleet, refresh };
    const { launchTemplate: named } = group.fields;
    const launchTemplate = isActive(refresh) && refresh.template ? { ...refresh.template } : named;
    const fields = launchTemplate === undefined ? group.fields : { ...group.fields, launchTemplate };
    return { ...group, ...refreshLifecycle(fleet), fields, fleet };
  });
}

function refreshOf({
  InstanceRefreshId,
  Status,
  StartTime,
  DesiredConfiguration,
  PercentageComplete,
  StatusReason,
  Preferences,
  RollbackDetails,
}: InstanceRefresh): Refresh {
  const reason = StatusReason ?? RollbackDetails?.RollbackReason;
  return {
    ...(InstanceRefreshId === undefined ? {} : { id: InstanceRefreshId }),
    status: required(Status, "Status of an instance refresh"),
    template: templateOf(DesiredConfiguration?.LaunchTemplate),
    ...(StartTime === undefined ? {} : { startedAtMs: StartTime.getTime() }),
    ...(PercentageComplete === undefined ? {} : { percentageComplete: PercentageComplete }),
    ...(reason === undefined ? {} : { reason }),
    preferences: {
      scaleInProtectedInstances: Preferences?.ScaleInProtectedInstances ?? "Wait",
      standbyInstances: Preferences?.StandbyInstances ?? "Wait",
    },
  };
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
  const lifecycleReason = [`instance refresh ${refresh?.status}`, ...(awaited ? [awaited] : [])].join("; ");
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
    if (own === undefined || isSameVersion(own, { id, version }) || state.startsWith("Terminating"))
      return [];
    if (isPassedOver(instance, settings)) return [];
    return [own.id === id ? own.version : `${own.version} of ${own.id}`];
  });
  if (isIdle(refresh) && strays.length > 0) return { id, version: [version, ...new Set(strays)].join(", ") };
  return { id, version };
}

/**
 * The way to another version. AWS updates the group itself when the refresh succeeds; setting it before would leave
 * a rollback nothing to go back to. Where every instance already runs the version, only the group's word is wrong; but
 * what a warm pool holds runs another one, and nothing else than a refresh replaces that
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html, update-warm-pool).
 */
export function rollout(
  group: string,
  { instances, refresh, pool }: Fleet,
  wanted: Value | undefined,
  settings: Fields = {},
): Call[] {
  const template = templateIn(wanted);
  const phase = refreshPhase(refresh);
  if (phase === "active") return [callOf(CANCEL, { AutoScalingGroupName: group }, [])];
  if (phase === "ending") return [];
  const LaunchTemplate = templateSpecification(template);
  const isThere =
    (pool?.size ?? 0) === 0 &&
    instances.every(
      (instance) => isSameVersion(instance.template, template) || isPassedOver(instance, settings),
    );
  if (isThere) return [callOf(UPDATE, { AutoScalingGroupName: group, LaunchTemplate }, ["launchTemplate"])];
  const isGoingBack = settings.isGoingBack === true;
  const { rolledBackBy = settings.autoRollback === true ? "AWS" : "nobody" } = settings;
  const call = callOf(
    REFRESH,
    {
      AutoScalingGroupName: group,
      Strategy: oneOf(settings, "strategy", STRATEGIES) ?? "Rolling",
      DesiredConfiguration: { LaunchTemplate },
      Preferences: isGoingBack ? preferencesBack(settings) : preferencesOf(settings, rolledBackBy === "AWS"),
    },
    ["launchTemplate"],
  );
  const undoneBy = UNDONE_BY.find((one) => one === rolledBackBy) ?? "nobody";
  return [isGoingBack ? { ...call, goesBack: true } : { ...call, undoneBy }];
}
