/** Bringing a group's instances to another version of the launch template, and reading how far AWS has come. */
import type { Value } from "../../model/value.ts";
import type { Call, ObservedResource } from "../core/resource.ts";
import { required } from "./elb.ts";
import { callOf, type Item, type Reader } from "./kind.ts";

export type AutoScalingGroup = Item<"autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups">;
export type InstanceRefresh = Item<"autoscaling:DescribeInstanceRefreshes", "InstanceRefreshes">;

const UPDATE = "autoscaling:UpdateAutoScalingGroup";
export const REFRESH = "autoscaling:StartInstanceRefresh";
export const CANCEL = "autoscaling:CancelInstanceRefresh";

/** Every instance runs the version that the group names: then no refresh can be under way. */
export function isUniform(group: AutoScalingGroup): boolean {
  const { LaunchTemplateId: id, Version: version } = group.LaunchTemplate ?? {};
  const isNumbered = version !== undefined && /^\d+$/.test(version);
  const instances = group.Instances ?? [];
  return (
    isNumbered &&
    instances.every(({ LaunchTemplate: own }) => own?.LaunchTemplateId === id && own?.Version === version)
  );
}

/** A text that changes whenever an instance comes, goes, or takes a step. */
export function progressOf(group: AutoScalingGroup): string {
  return (group.Instances ?? [])
    .map(
      ({ InstanceId, LifecycleState, LaunchTemplate: own }) =>
        `${InstanceId}:${LifecycleState}:${own?.LaunchTemplateId}:${own?.Version}`,
    )
    .sort()
    .join();
}

/** The refresh under way, or the last one. @throws CloudError when it cannot be read */
export async function newestRefresh(reader: Reader, name: string): Promise<InstanceRefresh | undefined> {
  const answer = await reader.call("autoscaling:DescribeInstanceRefreshes", {
    AutoScalingGroupName: name,
    MaxRecords: 1,
  });
  return required(answer.InstanceRefreshes, "InstanceRefreshes")[0];
}

const ACTIVE_REFRESH = ["Pending", "InProgress", "Baking"];
const GIVEN_UP = ["Failed", "RollbackSuccessful", "RollbackFailed"];
const ENDING_REFRESH = ["Cancelling", "RollbackInProgress"];

/** Whether a refresh is under way, on its way out, or over. */
function refreshPhase(refresh: InstanceRefresh | undefined): "none" | "active" | "ending" | "over" {
  if (refresh?.Status === undefined) return "none";
  if (ACTIVE_REFRESH.includes(refresh.Status)) return "active";
  return ENDING_REFRESH.includes(refresh.Status) ? "ending" : "over";
}

/** A rollout that AWS gave up on is not tried again: it would fail the same way, instance by instance. */
export function refreshObstacle(
  refresh: InstanceRefresh | undefined,
  wanted: Value | undefined,
): { reason: string; message: string } | undefined {
  const { LaunchTemplateId: id, Version: version } = templateSpecification(wanted);
  const tried = refresh?.DesiredConfiguration?.LaunchTemplate;
  const isSame = tried?.LaunchTemplateId === id && tried.Version === version;
  const status = refresh?.Status ?? "";
  if (!isSame || !GIVEN_UP.includes(status)) return undefined;
  return {
    reason: "InstanceRefreshFailed",
    message:
      `The instance refresh to version ${version} of launch template ${id} ended as ${status}: ` +
      `${refresh?.StatusReason ?? "AWS gave no reason"}. Change the launch template in the spec to try again.`,
  };
}

/** How a refresh shows in the group's life. */
export function refreshLifecycle(
  refresh: InstanceRefresh | undefined,
): Pick<ObservedResource, "lifecycle" | "lifecycleReason"> {
  const phase = refreshPhase(refresh);
  if (phase === "none" || phase === "over") return { lifecycle: "ready" };
  return { lifecycle: "provisioning", lifecycleReason: `instance refresh ${refresh?.Status}` };
}

/**
 * What the group is being made of: while a refresh is under way the group still names the old version, although
 * new instances get the new one (docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html).
 */
export function liveTemplate(
  group: AutoScalingGroup,
  refresh: InstanceRefresh | undefined,
): { id: string; version: string } {
  const wanted =
    refreshPhase(refresh) === "active" ? refresh?.DesiredConfiguration?.LaunchTemplate : undefined;
  const template =
    wanted ?? group.LaunchTemplate ?? group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  // A refresh that was stopped half-way, or a launch that was quicker than an update: the group is of two versions.
  const strays = (group.Instances ?? []).flatMap(({ LaunchTemplate: own, LifecycleState: state }) =>
    own?.Version === undefined || own.Version === template?.Version || state?.startsWith("Terminating")
      ? []
      : [own.Version],
  );
  const isIdle = !["active", "ending"].includes(refreshPhase(refresh));
  if (isIdle && strays.length > 0)
    return {
      id: template?.LaunchTemplateId ?? "",
      version: [template?.Version, ...new Set(strays)].join(", "),
    };
  return { id: template?.LaunchTemplateId ?? "", version: template?.Version ?? "" };
}

/**
 * The way to another version. AWS updates the group itself when the refresh succeeds; setting it before would leave
 * a rollback nothing to go back to. Where every instance already runs the version, only the group's word is wrong.
 */
export function rollout(
  group: AutoScalingGroup,
  refresh: InstanceRefresh | undefined,
  wanted: Value | undefined,
  settings: Readonly<Record<string, Value>> | undefined,
): Call[] {
  const AutoScalingGroupName = required(group.AutoScalingGroupName, "AutoScalingGroupName");
  const LaunchTemplate = templateSpecification(wanted);
  const phase = refreshPhase(refresh);
  if (phase === "active") return [callOf(CANCEL, { AutoScalingGroupName })];
  if (phase === "ending") return [];
  const instances = group.Instances ?? [];
  const isThere = instances.every(
    (instance) =>
      instance.LaunchTemplate?.LaunchTemplateId === LaunchTemplate.LaunchTemplateId &&
      instance.LaunchTemplate?.Version === LaunchTemplate.Version,
  );
  if (isThere) return [callOf(UPDATE, { AutoScalingGroupName, LaunchTemplate })];
  const preferences = settings ?? {};
  return [
    callOf(REFRESH, {
      AutoScalingGroupName,
      Strategy: "Rolling",
      DesiredConfiguration: { LaunchTemplate },
      Preferences: {
        MinHealthyPercentage: preferences.minHealthyPercentage as number,
        ...(preferences.maxHealthyPercentage === undefined
          ? {}
          : { MaxHealthyPercentage: preferences.maxHealthyPercentage as number }),
        ...(preferences.instanceWarmup === undefined
          ? {}
          : { InstanceWarmup: preferences.instanceWarmup as number }),
        AutoRollback: preferences.autoRollback === true,
        SkipMatching: true,
      },
    }),
  ];
}

/** A `launchTemplate` field as AWS wants it. */
export function templateSpecification(value: Value | undefined): {
  LaunchTemplateId: string;
  Version: string;
} {
  const { id, version } = value as { id: string; version: string };
  return { LaunchTemplateId: id, Version: version };
}
