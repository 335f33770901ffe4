/** The way from a failing application to a healthy replacement, in seven steps. */

import type { GroupFact, InstanceFact, TargetGroupFact, TierFacts } from "../model/health.ts";
import type { FlowStep } from "../model/status.ts";
import { timeOfDay } from "../model/time.ts";
import {
  graceEndMs,
  isUnhealthy,
  obstacleToDetection,
  obstacleToLaunch,
  obstacleToTermination,
  recentReplacementsMs,
} from "./replacement.ts";
import { measureOf } from "./units.ts";

/** Auto Scaling looks at the health of its instances about once a minute. */
const DETECTION_SECONDS = 60;

interface Place {
  /** 1 to 7: the step it is in. */
  step: number;
  /** Why it does not come to that step. */
  obstacle?: string | undefined;
}

/**
 * The steps, seen from an instance that fails or that takes the place of one that failed; `undefined` for every
 * other instance. Durations are what the configuration makes them, never measured.
 */
export function flowOf(instance: InstanceFact, group: GroupFact, tier: TierFacts): FlowStep[] | undefined {
  const place = placeOf(instance, group, tier.nowMs);
  if (place === undefined) return undefined;
  const failing = instance.targets?.find(isUnhealthy)?.targetGroup ?? group.targetGroups[0];
  const targetGroup = tier.targetGroups?.find((each) => each.key === failing);
  return stepsOf(instance, group, targetGroup).map((step, index) => {
    const number = index + 1;
    if (number < place.step) return { ...step, state: "done" };
    if (number > place.step) return { ...step, state: "pending" };
    if (place.obstacle === undefined) return { ...step, state: "current" };
    return { ...step, state: "blocked", detail: `Will not happen: ${place.obstacle}.` };
  });
}

function placeOf(instance: InstanceFact, group: GroupFact, nowMs: number): Place | undefined {
  const fails = instance.targets?.some(isUnhealthy) ?? false;
  if (instance.healthStatus === "Unhealthy")
    return { step: 5, obstacle: terminationObstacle(instance, group) };
  if (fails && instance.lifecycleState === "InService") return placeOfFailing(instance, group, nowMs);
  return replacesOne(instance, group, nowMs) ? placeOfReplacement(instance, group) : undefined;
}

function terminationObstacle(instance: InstanceFact, group: GroupFact): string | undefined {
  return instance.lifecycleState.startsWith("Terminating") ? undefined : obstacleToTermination(group);
}

function placeOfFailing(instance: InstanceFact, group: GroupFact, nowMs: number): Place {
  const obstacle = obstacleToDetection(group);
  if (obstacle !== undefined) return { step: 3, obstacle };
  const graceMs = graceEndMs(instance, group);
  if (graceMs !== undefined && nowMs < graceMs) return { step: 4 };
  const termination = obstacleToTermination(group);
  return termination === undefined ? { step: 3 } : { step: 5, obstacle: termination };
}

function replacesOne(instance: InstanceFact, group: GroupFact, nowMs: number): boolean {
  const [lastMs] = recentReplacementsMs(group, nowMs);
  if (lastMs === undefined) return false;
  return instance.launchedAtMs === undefined
    ? instance.lifecycleState.startsWith("Pending")
    : instance.launchedAtMs >= lastMs;
}

function placeOfReplacement(instance: InstanceFact, group: GroupFact): Place | undefined {
  if (instance.lifecycleState.startsWith("Pending")) return { step: 6, obstacle: obstacleToLaunch(group) };
  const starts = instance.targets?.some((target) => target.state === "initial") ?? false;
  return instance.lifecycleState === "InService" && starts ? { step: 7 } : undefined;
}

function stepsOf(
  instance: InstanceFact,
  group: GroupFact,
  targetGroup: TargetGroupFact | undefined,
): Omit<FlowStep, "state">[] {
  const check = targetGroup?.healthCheck;
  const delay = targetGroup?.deregistrationDelaySeconds;
  return [
    {
      title: "Application fails",
      detail: `It no longer answers ${check?.path ?? "its health check"} as it should.`,
    },
    {
      title: "Load balancer marks it unhealthy",
      detail:
        check === undefined
          ? "New requests go to the other targets."
          : `${check.unhealthyThresholdCount} failed checks, ${check.intervalSeconds} s apart; then new requests go to the other targets.`,
      ...(check !== undefined && { expectedSeconds: check.unhealthyThresholdCount * check.intervalSeconds }),
    },
    {
      title: "Auto Scaling notices",
      detail: `Health check type ${group.healthCheckType}: the group asks the load balancer about once a minute.`,
      expectedSeconds: DETECTION_SECONDS,
    },
    graceStep(instance, group),
    {
      title: "Instance is drained and terminated",
      detail:
        delay === undefined
          ? "Requests in flight finish first."
          : `Requests in flight have ${delay} s to finish (deregistration delay).`,
      ...(delay !== undefined && { expectedSeconds: delay }),
    },
    {
      title: "Replacement is launched",
      detail: `The group keeps ${group.desiredCapacity} ${measureOf(group)} (desired capacity).`,
    },
    {
      title: "Replacement serves",
      detail:
        check === undefined
          ? "It starts, then has to pass its health checks."
          : `It starts, then has to pass ${check.healthyThresholdCount} checks, ${check.intervalSeconds} s apart.`,
      ...(check !== undefined && { expectedSeconds: check.healthyThresholdCount * check.intervalSeconds }),
    },
  ];
}

function graceStep(instance: InstanceFact, group: GroupFact): Omit<FlowStep, "state"> {
  const endMs = graceEndMs(instance, group);
  const end = endMs === undefined ? "" : `; for this instance not before ${timeOfDay(endMs)}`;
  return {
    title: "Grace period ends",
    detail: `New instances are spared for ${group.healthCheckGracePeriodSeconds} s${end}.`,
    expectedSeconds: group.healthCheckGracePeriodSeconds,
  };
}
