/** StartInstanceRefresh and its companions: what AWS accepts, and what it shows. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../account/aws-error.ts";
import { uuidFrom } from "../account/ids.ts";
import { pageOf } from "../account/paging.ts";
import { pageSize } from "./activities.ts";
import { launchSourceAfter } from "./group-input.ts";
import { sourceOf } from "./launch-source.ts";
import { instancesToUpdate, rollBack } from "./refresh.ts";
import {
  activeRefresh,
  anyGroupNamed,
  type Group,
  groupNamed,
  invalid,
  REFRESHES_PER_GROUP,
  type Refresh,
  type State,
} from "./state.ts";
import { progressDetails } from "./warm-pool/refresh.ts";

export function refreshOperations(state: State) {
  return {
    StartInstanceRefresh(input: asg.StartInstanceRefreshType): asg.StartInstanceRefreshAnswer {
      const group = groupNamed(state, input.AutoScalingGroupName);
      refuseWhileRefreshing(group);
      const refresh = parseRefresh(state, group, input);
      group.refreshes = [...group.refreshes, refresh].slice(-REFRESHES_PER_GROUP);
      state.touch(group);
      return { InstanceRefreshId: refresh.id };
    },
    CancelInstanceRefresh(input: asg.CancelInstanceRefreshType): asg.CancelInstanceRefreshAnswer {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const refresh = runningRefresh(group, "cancelled");
      refresh.status = "Cancelling";
      state.touch(group);
      return { InstanceRefreshId: refresh.id };
    },
    RollbackInstanceRefresh(input: asg.RollbackInstanceRefreshType): asg.RollbackInstanceRefreshAnswer {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const refresh = runningRefresh(group, "rolled back");
      if (refresh.status === "RollbackInProgress" || refresh.status === "Cancelling")
        throw noneActive("rolled back");
      const obstacle = rollbackObstacle(state, group, refresh.desired);
      if (obstacle !== undefined) throw new AwsError("IrreversibleInstanceRefresh", obstacle);
      rollBack(state, group, refresh, "Rollback was requested by the user.");
      return { InstanceRefreshId: refresh.id };
    },
    DescribeInstanceRefreshes(input: asg.DescribeInstanceRefreshesType): asg.DescribeInstanceRefreshesAnswer {
      const group = anyGroupNamed(state, input.AutoScalingGroupName);
      const page = pageOf(
        group.refreshes
          .filter((refresh) => input.InstanceRefreshIds?.includes(refresh.id) ?? true)
          .toReversed(),
        (refresh) => refresh.id,
        { token: input.NextToken, size: pageSize(input.MaxRecords, 100, 50) },
        "InvalidNextToken",
      );
      return { InstanceRefreshes: page.items.map((one) => shown(group, one)), NextToken: page.next };
    },
  };
}

/** autoscaling/one-refresh */
export function refuseWhileRefreshing(group: Group): void {
  const refresh = activeRefresh(group);
  if (refresh === undefined) return;
  throw new AwsError(
    "InstanceRefreshInProgress",
    `An Instance Refresh is already in progress and blocks the execution of this operation: ${refresh.id}.`,
  );
}

function runningRefresh(group: Group, verb: string): Refresh {
  const refresh = activeRefresh(group);
  if (refresh === undefined) throw noneActive(verb);
  return refresh;
}

function noneActive(verb: string): AwsError {
  return new AwsError(
    "ActiveInstanceRefreshNotFound",
    `No in progress or pending Instance Refresh can be ${verb}.`,
  );
}

function parseRefresh(state: State, group: Group, input: asg.StartInstanceRefreshType): Refresh {
  if (input.Strategy !== undefined && input.Strategy !== "Rolling") {
    throw invalid(
      `The strategy ${input.Strategy} needs a mixed instances policy, which this group does not have.`,
    );
  }
  const preferences = input.Preferences ?? {};
  const asked = launchSourceAfter(state, input.DesiredConfiguration ?? {}, undefined, group.subnetIds[0]);
  if (preferences.AutoRollback === true) {
    const obstacle = rollbackObstacle(state, group, input.DesiredConfiguration);
    if (obstacle !== undefined) throw invalid(obstacle);
  }
  const minHealthy = preferences.MinHealthyPercentage ?? group.maintenance?.MinHealthyPercentage ?? 90;
  const warmup = preferences.InstanceWarmup ?? group.defaultInstanceWarmup ?? group.healthCheckGracePeriod;
  const nowMs = state.context.clock.nowMs();
  return {
    id: uuidFrom(state.context),
    status: "Pending",
    statusReason: undefined,
    startedAtMs: nowMs,
    endedAtMs: undefined,
    preferences,
    minHealthy,
    maxHealthy: preferences.MaxHealthyPercentage ?? group.maintenance?.MaxHealthyPercentage,
    warmupMs: warmup * 1_000,
    desired: input.DesiredConfiguration,
    target: asked ?? sourceOf(group),
    old: undefined,
    total: 0,
    percentage: 0,
    measured: 0,
    progressAtMs: nowMs,
    pausedUntilMs: 0,
    checkpointsPassed: 0,
    bakingUntilMs: undefined,
    rollback: undefined,
    pool: undefined,
  };
}

/** Why the refresh could not be undone. autoscaling/refresh-rollback */
function rollbackObstacle(
  state: State,
  group: Group,
  desired: asg.DesiredConfiguration | undefined,
): string | undefined {
  if (desired === undefined) return "A rollback requires a desired configuration for the instance refresh.";
  const own = (group.mixed?.overrides ?? []).flatMap((one) => one.template ?? []);
  const mixed = desired.MixedInstancesPolicy?.LaunchTemplate;
  const asked = [desired.LaunchTemplate, mixed?.LaunchTemplateSpecification, ...templatesOf(mixed)];
  const versions = [group.template, ...own].map((one) => one.version);
  for (const one of asked) versions.push(one?.Version ?? "");
  if (versions.some((version) => version === "$Latest" || version === "$Default")) {
    return "A rollback is not supported when the launch template's $Latest or $Default version is used.";
  }
  const images = [group.template, ...own].map((one) => state.parts.ec2.templateImage(one));
  if (images.some((image) => image?.startsWith("resolve:ssm:"))) {
    return "A rollback is not supported when the launch template uses an AWS Systems Manager parameter for its image.";
  }
  return undefined;
}

function templatesOf(given: asg.LaunchTemplate | undefined): asg.LaunchTemplateSpecification[] {
  return (given?.Overrides ?? []).flatMap((one) => one.LaunchTemplateSpecification ?? []);
}

function shown(group: Group, refresh: Refresh): asg.InstanceRefresh {
  const live = { percentage: refresh.percentage, left: instancesToUpdate(group, refresh) };
  const details = progressDetails(group, refresh, live);
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: group.name,
    Status: refresh.status,
    StatusReason: refresh.statusReason,
    StartTime: new Date(refresh.startedAtMs),
    EndTime: refresh.endedAtMs === undefined ? undefined : new Date(refresh.endedAtMs),
    PercentageComplete: refresh.percentage,
    InstancesToUpdate: live.left + (details?.WarmPoolProgress?.InstancesToUpdate ?? 0),
    ProgressDetails: details,
    Strategy: "Rolling",
    Preferences: {
      ...refresh.preferences,
      MinHealthyPercentage: refresh.minHealthy,
      MaxHealthyPercentage: refresh.maxHealthy,
      InstanceWarmup: refresh.warmupMs / 1_000,
      SkipMatching: refresh.preferences.SkipMatching ?? false,
      AutoRollback: refresh.preferences.AutoRollback ?? false,
      ScaleInProtectedInstances: refresh.preferences.ScaleInProtectedInstances ?? "Wait",
      StandbyInstances: refresh.preferences.StandbyInstances ?? "Wait",
    },
    DesiredConfiguration: refresh.desired,
    RollbackDetails: refresh.rollback,
  };
}
