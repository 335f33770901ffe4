/** Bringing a group's instances to another version of the launch template, and reading how far AWS has come. */
import type { Value } from "../../../model/value.ts";
import { type Call, callOf } from "../../core/actions.ts";
import type { KindObstacle } from "../../core/kind-rules.ts";
import type { Fields, Fleet, ObservedResource, Refresh, TemplateVersion } from "../../core/resource.ts";
import { oneOf } from "../field-values.ts";
import type { Item, Reader } from "../kind.ts";
import { required } from "../required.ts";
import { preferencesOf } from "./refresh-preferences.ts";
import { STRATEGIES } from "./refresh-schema.ts";
import { awaitedIn, isPassedOver, isToldOtherwise } from "./reluctant-instances.ts";
import { isSameVersion, templateIn, templateOf, templateSpecification } from "./template-version.ts";

type InstanceRefresh = Item<"autoscaling:DescribeInstanceRefreshes", "InstanceRefreshes">;

const UPDATE = "autoscaling:UpdateAutoScalingGroup";
const REFRESH = "autoscaling:StartInstanceRefresh";
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
export async function newestRefresh(reader: Reader, group: string): Promise<Refresh | undefined> {
  const answer = await reader.call("autoscaling:DescribeInstanceRefreshes", {
    AutoScalingGroupName: group,
    MaxRecords: 1,
  });
  const [newest] = required(answer.InstanceRefreshes, "InstanceRefreshes");
  return newest === undefined ? undefined : refreshOf(newest);
}

function refreshOf({
  Status,
  StartTime,
  DesiredConfiguration,
  PercentageComplete,
  StatusReason,
  Preferences,
}: InstanceRefresh): Refresh {
  return {
    status: required(Status, "Status of an instance refresh"),
    template: templateOf(DesiredConfiguration?.LaunchTemplate),
    ...(StartTime === undefined ? {} : { startedAtMs: StartTime.getTime() }),
    ...(PercentageComplete === undefined ? {} : { percentageComplete: PercentageComplete }),
    ...(StatusReason === undefined ? {} : { reason: StatusReason }),
    preferences: {
      scaleInProtectedInstances: Preferences?.ScaleInProtectedInstances ?? "Wait",
      standbyInstances: Preferences?.StandbyInstances ?? "Wait",
    },
  };
}

const ACTIVE_REFRESH = ["Pending", "InProgress", "Baking"];
const GIVEN_UP = ["Failed", "RollbackSuccessful", "RollbackFailed"];
const ENDING_REFRESH = ["Cancelling", "RollbackInProgress"];

/** Whether a refresh is under way, on its way out, or over. */
function refreshPhase(refresh: Refresh | undefined): "none" | "active" | "ending" | "over" {
  if (refresh === undefined) return "none";
  if (ACTIVE_REFRESH.includes(refresh.status)) return "active";
  return ENDING_REFRESH.includes(refresh.status) ? "ending" : "over";
}

/** Whether it goes on bringing the instances to another version. */
export function isActive(refresh: Refresh): boolean {
  return refreshPhase(refresh) === "active";
}

export function isOver(refresh: Refresh): boolean {
  return refreshPhase(refresh) === "over";
}

/**
 * A rollout that AWS gave up on is not tried again: it would fail the same way, instance by instance, as long as AWS is
 * told the same about those that it waits for.
 */
export function refreshObstacles(
  refresh: Refresh | undefined,
  wanted: Value | undefined,
  settings: Fields,
): KindObstacle[] {
  const { id, version } = templateIn(wanted);
  if (refresh === undefined || !isSameVersion(refresh.template, { id, version })) return [];
  if (!GIVEN_UP.includes(refresh.status) || isToldOtherwise(refresh, settings)) return [];
  const message =
    `The instance refresh to version ${version} of launch template ${id} ended as ${refresh.status}: ` +
    `${refresh.reason ?? "AWS gave no reason"}. Change the launch template in the spec to try again.`;
  return [{ field: "launchTemplate", reason: "InstanceRefreshFailed", message }];
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
 * a rollback nothing to go back to. Where every instance already runs the version, only the group's word is wrong.
 */
export function rollout(
  group: string,
  { instances, refresh }: Fleet,
  wanted: Value | undefined,
  settings: Fields = {},
): Call[] {
  const template = templateIn(wanted);
  const phase = refreshPhase(refresh);
  if (phase === "active") return [callOf(CANCEL, { AutoScalingGroupName: group }, [])];
  if (phase === "ending") return [];
  const LaunchTemplate = templateSpecification(template);
  const isThere = instances.every(
    (instance) => isSameVersion(instance.template, template) || isPassedOver(instance, settings),
  );
  if (isThere) return [callOf(UPDATE, { AutoScalingGroupName: group, LaunchTemplate }, ["launchTemplate"])];
  return [
    callOf(
      REFRESH,
      {
        AutoScalingGroupName: group,
        Strategy: oneOf(settings, "strategy", STRATEGIES) ?? "Rolling",
        DesiredConfiguration: { LaunchTemplate },
        Preferences: preferencesOf(settings, settings.autoRollback === true),
      },
      ["launchTemplate"],
    ),
  ];
}
