/** Instance refresh: a rolling replacement, batch by batch, within the bounds that the user has set. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { tellRefresh, tellRefreshEnd } from "./group-events.ts";
import { passesChecks } from "./health.ts";
import { terminate } from "./instance-lifecycle.ts";
import { sourceOf } from "./launch-source.ts";
import { matcherOf } from "./mixed/matching.ts";
import { capacityOf, reweigh, worthOf } from "./mixed/units.ts";
import {
  activeRefresh,
  type Group,
  isPending,
  isSuspended,
  isTerminating,
  liveMembers,
  type Member,
  REFRESH_LONGEST_MS,
  REFRESH_STUCK_MS,
  type Refresh,
  type State,
} from "./state.ts";
import { beginPoolRefresh, stepPoolRefresh } from "./warm-pool/refresh.ts";

const REPLACE = "an instance was taken out of service in response to an instance refresh";
const REPLACEMENT = "an instance was launched in response to an instance refresh";

/** One look at the refresh of the group, if there is one. */
export function stepRefresh(state: State, group: Group): void {
  const refresh = activeRefresh(group);
  // autoscaling/suspended-refresh
  if (refresh === undefined || isSuspended(group, "InstanceRefresh")) return;
  if (refresh.status === "Cancelling") {
    finishCancelling(state, group, refresh);
    return;
  }
  if (refresh.old === undefined) begin(state, group, refresh);
  const { clock } = state.context;
  const remaining = oldMembers(group, refresh);
  measure(state, group, refresh, remaining.length);
  const isStuck = clock.nowMs() - refresh.progressAtMs >= REFRESH_STUCK_MS;
  const isTooLong = clock.nowMs() - refresh.startedAtMs >= REFRESH_LONGEST_MS;
  if (alarmOf(state, refresh) !== undefined) {
    fail(state, group, refresh, `The alarm ${alarmOf(state, refresh)} is in the ALARM state.`);
  } else if (isTooLong) {
    fail(state, group, refresh, "Instance refresh was not complete after 14 days.");
  } else if (clock.nowMs() < refresh.pausedUntilMs) refresh.progressAtMs = clock.nowMs();
  else if (isStuck) {
    fail(state, group, refresh, "Instance refresh made no progress for one hour.");
  } else if (remaining.length === 0 || isPastLastCheckpoint(refresh)) finishReplacing(state, group, refresh);
  else replaceBatch(state, group, refresh, remaining);
}

/** Decides once which instances are to go. autoscaling/refresh-skip-matching */
function begin(state: State, group: Group, refresh: Refresh): void {
  const nowMs = state.context.clock.nowMs();
  const isCurrent = matcherOf(state, group, refresh.target);
  const standby = [...group.members.values()].filter((member) => member.lifecycle === "Standby");
  const candidates = refresh.preferences.StandbyInstances === "Ignore" ? [] : standby;
  const old = [...liveMembers(group), ...candidates]
    .filter((member) => refresh.preferences.SkipMatching !== true || !isCurrent(member))
    .filter(
      (member) => refresh.preferences.ScaleInProtectedInstances !== "Ignore" || !member.protectedFromScaleIn,
    );
  group.rebalancing = undefined;
  group.extra = 0;
  refresh.old = new Set(old.map((member) => member.instanceId));
  refresh.total = old.length;
  const isOld = (one: Member): boolean => refresh.preferences.SkipMatching !== true || !isCurrent(one);
  beginPoolRefresh(group, refresh, isOld);
  refresh.progressAtMs = nowMs;
  if (refresh.status !== "Pending") return;
  refresh.status = "InProgress";
  tellRefresh(state, group, refresh, "Started");
}

function oldMembers(group: Group, refresh: Refresh): Member[] {
  return [...group.members.values()].filter(
    (member) =>
      (refresh.old?.has(member.instanceId) ?? false) &&
      (member.lifecycle === "InService" || isPending(member) || member.lifecycle === "Standby"),
  );
}

function measure(state: State, group: Group, refresh: Refresh, remaining: number): void {
  const nowMs = state.context.clock.nowMs();
  const updated = Math.max(
    0,
    refresh.total - remaining - unready(state, group, refresh).length - missing(group),
  );
  const percentage = refresh.total === 0 ? 100 : Math.floor((updated * 100) / refresh.total);
  if (percentage !== refresh.measured) refresh.progressAtMs = nowMs;
  refresh.measured = percentage;
  // Of a rollback it is what is left of the refresh. autoscaling/refresh-rollback-progress
  const { PercentageCompleteOnRollback: reached = 0 } = refresh.rollback ?? {};
  refresh.percentage =
    refresh.rollback === undefined ? percentage : Math.floor((reached * (100 - percentage)) / 100);
}

/** Units of capacity that are not there yet. */
function missing(group: Group): number {
  return Math.max(0, group.desired + group.extra - capacityOf(liveMembers(group)));
}

/** New instances that do not pass their checks or are still warming up. autoscaling/refresh-warmup */
function unready(state: State, group: Group, refresh: Refresh): Member[] {
  const nowMs = state.context.clock.nowMs();
  return liveMembers(group).filter((member) => {
    if (refresh.old?.has(member.instanceId)) return false;
    if (member.launchedAtMs < refresh.startedAtMs) return false;
    const isWarm = nowMs - (member.inServiceAtMs ?? nowMs) >= refresh.warmupMs;
    return !isWarm || !passesChecks(state, group, member);
  });
}

/** Terminates as many as the bounds allow. autoscaling/refresh-bounds, autoscaling/refresh-launch-first */
function replaceBatch(state: State, group: Group, refresh: Refresh, remaining: readonly Member[]): void {
  if (isSuspended(group, "Terminate") || isSuspended(group, "Launch")) return;
  if (pauseAtCheckpoint(state, group, refresh)) return;
  const replaceable = remaining.filter((member) => mayReplace(refresh, member));
  const unreadyCount = unready(state, group, refresh).length;
  const ready = capacityOf(liveMembers(group).filter((member) => isReady(state, group, refresh, member)));
  const least = Math.ceil((group.desired * refresh.minHealthy) / 100);
  const isQuiet = unreadyCount === 0 && missing(group) === 0;
  const spare = ready - least;
  const room = extraRoom(group, refresh, least);
  if (room > 0) group.extra = Math.min(room, capacityOf(replaceable));
  // With no room to launch first, one at a time is replaced however high the minimum is.
  const atLeastOne = room === 0 && isQuiet ? 1 : 0;
  const dead = replaceable.filter((member) => !isReady(state, group, refresh, member));
  const deadFirst = [...dead, ...replaceable.filter((member) => !dead.includes(member))];
  const batch = worthOf(
    deadFirst,
    Math.max(spare, 0),
    Math.max(atLeastOne, isQuiet ? Math.min(dead.length, 1) : 0),
  );
  for (const member of withinCheckpoint(refresh, remaining.length, batch)) {
    terminate(state, group, member, REPLACE);
    group.launchReasons.push(REPLACEMENT);
  }
  if (room > 0) group.extra = Math.min(room, capacityOf(oldMembers(group, refresh)));
}

/** What is protected or on standby waits for the user unless told otherwise. autoscaling/refresh-protected */
function mayReplace(refresh: Refresh, member: Member): boolean {
  const { ScaleInProtectedInstances, StandbyInstances } = refresh.preferences;
  if (member.lifecycle === "Standby") return StandbyInstances === "Terminate";
  return !member.protectedFromScaleIn || ScaleInProtectedInstances === "Refresh";
}

function isReady(state: State, group: Group, refresh: Refresh, member: Member): boolean {
  if (!passesChecks(state, group, member)) return false;
  if (refresh.old?.has(member.instanceId) || member.launchedAtMs < refresh.startedAtMs) return true;
  return state.context.clock.nowMs() - (member.inServiceAtMs ?? 0) >= refresh.warmupMs;
}

/** How many instances more than desired it may launch before it terminates. */
function extraRoom(group: Group, refresh: Refresh, least: number): number {
  if (refresh.maxHealthy === undefined) return 0;
  const room = Math.floor((group.desired * refresh.maxHealthy) / 100) - group.desired;
  const isImpossible = room < 1 && least >= group.desired;
  return isImpossible ? 1 : room;
}

/** Shares of replacements at which it stops; a rollback stops nowhere. */
function checkpointsOf(refresh: Refresh): readonly number[] {
  return refresh.status === "RollbackInProgress" ? [] : (refresh.preferences.CheckpointPercentages ?? []);
}

/** It replaces no more than the last checkpoint says. autoscaling/refresh-checkpoints */
function isPastLastCheckpoint(refresh: Refresh): boolean {
  const checkpoints = checkpointsOf(refresh);
  return checkpoints.length > 0 && refresh.checkpointsPassed >= checkpoints.length;
}

/** autoscaling/refresh-checkpoints */
function pauseAtCheckpoint(state: State, group: Group, refresh: Refresh): boolean {
  const checkpoint = checkpointsOf(refresh)[refresh.checkpointsPassed];
  if (checkpoint === undefined || refresh.percentage < checkpoint) return false;
  refresh.checkpointsPassed += 1;
  const delayMs = (refresh.preferences.CheckpointDelay ?? 3_600) * 1_000;
  tellRefresh(state, group, refresh, "Checkpoint Reached", {
    CheckpointPercentage: String(checkpoint),
    CheckpointDelay: String(delayMs / 1_000),
  });
  refresh.pausedUntilMs = state.context.clock.nowMs() + delayMs;
  state.context.clock.schedule(delayMs, () => state.touch(group));
  return true;
}

/** No more than the next checkpoint lets through. */
function withinCheckpoint(refresh: Refresh, remaining: number, batch: readonly Member[]): readonly Member[] {
  const checkpoint = checkpointsOf(refresh)[refresh.checkpointsPassed] ?? 100;
  const replaced = refresh.total - remaining;
  const most = Math.ceil((refresh.total * checkpoint) / 100) - replaced;
  return batch.slice(0, Math.max(0, most));
}

/** Also of one that only bakes. autoscaling/refresh-alarms-ring */
function alarmOf(state: State, refresh: Refresh): string | undefined {
  if (refresh.status !== "InProgress" && refresh.status !== "Baking") return undefined;
  return refresh.preferences.AlarmSpecification?.Alarms?.find(
    (name) => state.parts.cloudWatch.alarmState(name) === "ALARM",
  );
}

function finishReplacing(state: State, group: Group, refresh: Refresh): void {
  group.extra = 0;
  if (refresh.total > 0 && (missing(group) > 0 || unready(state, group, refresh).length > 0)) return;
  if (oldMembers(group, refresh).length === 0 && !stepPoolRefresh(state, group, refresh)) return;
  const { clock } = state.context;
  const bakeMs = refresh.status === "RollbackInProgress" ? 0 : (refresh.preferences.BakeTime ?? 0) * 1_000;
  if (refresh.bakingUntilMs === undefined && bakeMs > 0) {
    refresh.bakingUntilMs = clock.nowMs() + bakeMs;
    refresh.status = "Baking";
    tellRefresh(state, group, refresh, "Started Baking");
    clock.schedule(bakeMs, () => state.touch(group));
  }
  if (clock.nowMs() < (refresh.bakingUntilMs ?? 0)) {
    refresh.progressAtMs = clock.nowMs();
    return;
  }
  if (refresh.status === "RollbackInProgress") {
    end(state, group, refresh, "RollbackSuccessful");
    return;
  }
  // Only now does the group take over the new template. autoscaling/refresh-template-on-success
  Object.assign(group, refresh.target);
  reweigh(group);
  end(state, group, refresh, "Successful");
}

function fail(state: State, group: Group, refresh: Refresh, reason: string): void {
  if (refresh.status === "RollbackInProgress") {
    refresh.statusReason = reason;
    end(state, group, refresh, "RollbackFailed");
    return;
  }
  if (refresh.preferences.AutoRollback === true) {
    rollBack(state, group, refresh, reason);
    return;
  }
  refresh.statusReason = reason;
  end(state, group, refresh, "Failed");
}

function end(state: State, group: Group, refresh: Refresh, status: asg.InstanceRefreshStatus): void {
  refresh.status = status;
  refresh.endedAtMs = state.context.clock.nowMs();
  if (status === "Successful") refresh.percentage = 100;
  if (status === "RollbackSuccessful") refresh.percentage = 0;
  group.extra = 0;
  group.launchReasons.length = 0;
  tellRefreshEnd(state, group, refresh);
  state.touch(group);
}

/** Stops after what is under way; nothing is undone. autoscaling/refresh-cancel */
function finishCancelling(state: State, group: Group, refresh: Refresh): void {
  group.extra = 0;
  const isUnderWay = [...group.members.values()].some((member) => isPending(member) || isTerminating(member));
  if (!isUnderWay) end(state, group, refresh, "Cancelled");
}

/** Turns round: what was launched since the start is what has to go now. autoscaling/refresh-rollback */
export function rollBack(state: State, group: Group, refresh: Refresh, reason: string): void {
  const nowMs = state.context.clock.nowMs();
  refresh.rollback = {
    RollbackReason: reason,
    RollbackStartTime: new Date(nowMs),
    PercentageCompleteOnRollback: refresh.percentage,
    InstancesToUpdateOnRollback: oldMembers(group, refresh).length,
  };
  refresh.status = "RollbackInProgress";
  tellRefresh(state, group, refresh, "Rollback Started");
  refresh.target = sourceOf(group);
  const isCurrent = matcherOf(state, group, refresh.target);
  const old = liveMembers(group).filter((member) => !isCurrent(member));
  refresh.old = new Set(old.map((member) => member.instanceId));
  refresh.total = old.length;
  beginPoolRefresh(group, refresh, (member) => !isCurrent(member));
  refresh.measured = 0;
  refresh.progressAtMs = nowMs;
  refresh.pausedUntilMs = 0;
  refresh.bakingUntilMs = undefined;
  // What was launched first stays until it is replaced: what ran before does not make room for it.
  group.extra = Math.max(0, liveMembers(group).length - group.desired);
  state.touch(group);
}

/** For a reader: how many instances are still to be replaced. */
export function instancesToUpdate(group: Group, refresh: Refresh): number {
  const untouched = refresh.rollback?.InstancesToUpdateOnRollback;
  if (untouched !== undefined) return untouched;
  if (refresh.endedAtMs !== undefined && refresh.percentage === 100) return 0;
  return refresh.old === undefined ? liveMembers(group).length : oldMembers(group, refresh).length;
}
