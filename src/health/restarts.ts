/** Instance after instance is replaced and none stays: the group starts one again and again. Pure. */
import type { GroupFact, TierFacts } from "../model/health.ts";
import { timeOfDay } from "../model/time.ts";
import { verdictOf } from "./instance-verdict.ts";
import { isThrashing, isUnhealthy, recentReplacementsMs } from "./replacement.ts";
import { sizeText, unitsIn } from "./units.ts";

/** Auto Scaling looks about once a minute, and takes as long to act. */
const LATENESS_MS = 120_000;

/** `undefined` where all that the group wants serves by now: then it is over. */
export function restartLoop(group: GroupFact, tier: TierFacts): string | undefined {
  const { key, instances, desiredCapacity, healthCheckGracePeriodSeconds: grace } = group;
  if (group.isLeaving === true || !isThrashing(group, tier.nowMs)) return undefined;
  const served = instances.filter((one) => verdictOf(one, group, tier).serving === "yes");
  const serving = unitsIn(group, served);
  if (serving === undefined || serving >= desiredCapacity) return undefined;
  const times = recentReplacementsMs(group, tier.nowMs);
  const [last = tier.nowMs] = times;
  const reasons = instances.flatMap(({ targets = [] }) =>
    targets.filter(isUnhealthy).flatMap(({ reason }) => reason ?? []),
  );
  const why = reasons[0] === undefined ? "" : `, now with ${reasons[0]}`;
  return (
    `Instances of ${key} restart in a loop: ${times.length} were replaced for their health within half an hour, ` +
    `the last at ${timeOfDay(last)}${why}; ${serving} of ${sizeText(desiredCapacity, group)} serve. ${causeOf(times, grace, key)}`
  );
}

/** Where each is given up as soon as its grace period ends, the period may be too short; otherwise it is what runs there. */
function causeOf(times: readonly number[], graceSeconds: number, key: string): string {
  const gaps = times.slice(0, -1).map((time, index) => time - (times[index + 1] ?? time));
  const shortest = gaps.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...gaps.filter((gap) => gap > 0));
  const startup = "see its log and that of its user data (`aws ec2 get-console-output`)";
  return shortest <= graceSeconds * 1000 + LATENESS_MS
    ? `Each is given up when its grace period of ${graceSeconds} s has passed: its application does not start, or needs longer. Raise spec.${key}.healthCheckGracePeriod if it only needs longer; otherwise ${startup}`
    : `Each lasts longer than its grace period of ${graceSeconds} s before it fails: its application starts and breaks; ${startup}`;
}
