/** Whether scaling keeps up with what is asked of a group, and what holds it back if not. Pure. */
import type { GroupFact, RingingFact } from "../model/health.ts";
import { namesAndMore } from "../model/text/names-and-more.ts";
import { withHelp } from "./launch-trouble.ts";
import { launchFailure } from "./launches.ts";
import { measureOf, sizeText, unitsLacking } from "./units.ts";

/** A policy that has rung for so long and is not done has had several evaluations to add what is missing. */
const PATIENCE_MS = 10 * 60_000;
/** What scaling has done within so long belongs to the same rise. */
const RISE_MS = 30 * 60_000;

/** AWS's words of a policy at work (repost.aws/knowledge-center/auto-scaling-scale-down). */
const SCALED =
  /monitor alarm .+ in state ALARM triggered policy .+ changing the desired capacity from (\d+) to (\d+)/;

/** What a group that is meant to grow cannot launch; in AWS's words. */
export function growthFailure(group: GroupFact): string | undefined {
  if (!isGrown(group)) return undefined;
  const reason = unitsLacking(group) > 0 ? launchFailure(group) : undefined;
  if (reason === undefined) return undefined;
  return `${group.key} wants ${group.desiredCapacity} ${measureOf(group)}, and the last launch failed: ${withHelp(reason)}`;
}

/**
 * Why what rings for more instances goes on ringing: the group is at its maximum, new instances take longer than the rise,
 * or its policies add too little; with the numbers, and with what would help. `undefined` while nothing rings, or nobody
 * has asked, or there has not been time.
 */
export function scalingShortfall(group: GroupFact, nowMs: number): string | undefined {
  const [first] = [...(group.ringing ?? [])].sort((one, other) => one.sinceMs - other.sinceMs);
  if (first === undefined || !isGrown(group)) return undefined;
  const rungMs = nowMs - first.sinceMs;
  const rings = `${first.alarm} has asked for more for ${textOf(rungMs)}`;
  const { key, desiredCapacity, maxSize } = group;
  if (desiredCapacity >= maxSize) {
    return tell(`${key} is at its maximum of ${maxSize}, and ${rings}`, [
      `a higher spec.${key}.maxSize`,
      ...ahead(group, "that raises the maximum"),
    ]);
  }
  const coming = comingIn(group, nowMs);
  const warmup = group.warmupSeconds;
  if (coming > 0) {
    if (warmup === undefined || rungMs < warmup * 1000) return undefined;
    return tell(
      `the warm-up of ${key} is longer than the rise: ${coming} of ${group.instances.length} instances do not count yet, each needs ${warmup} s, and ${rings}`,
      [
        ...(group.preparations?.warmPool === true ? [] : ["a warm pool"]),
        ...ahead(group),
        "an image that starts faster",
      ],
    );
  }
  if (rungMs < PATIENCE_MS) return undefined;
  return tell(
    `the policies of ${key} are too slow: ${stepsText(group, nowMs)}, ${sizeText(maxSize - desiredCapacity, group)} more are allowed, and ${rings}`,
    [`larger steps or a lower target of ${policiesIn(group)}`, ...ahead(group)],
  );
}

/** Nobody waits for what goes. */
function isGrown({ isLeaving, isBeingDeleted }: GroupFact): boolean {
  return isLeaving !== true && isBeingDeleted !== true;
}

function tell(what: string, helps: readonly string[]): string {
  return `Scaling cannot keep up: ${what}. What would help: ${helps.join(", ")}`;
}

/** What sets capacity before it is asked for, as far as the group does not have it. */
function ahead({ preparations = {} }: GroupFact, which = ""): string[] {
  const suffix = which === "" ? "" : ` ${which}`;
  return [
    ...(preparations.schedule === true ? [] : [`a scheduled action${suffix} before a rise that is known`]),
    ...(preparations.prediction === true ? [] : [`a predictive policy${suffix} for one that repeats`]),
  ];
}

/** Instances that are not in service, or are and do not count yet. */
function comingIn({ instances, warmupSeconds = 0 }: GroupFact, nowMs: number): number {
  return instances.filter(
    ({ lifecycleState, launchedAtMs }) =>
      lifecycleState.startsWith("Pending") ||
      (lifecycleState === "InService" &&
        launchedAtMs !== undefined &&
        nowMs - launchedAtMs < warmupSeconds * 1000),
  ).length;
}

function policiesIn({ ringing = [] }: GroupFact): string {
  return namesAndMore([...new Set(ringing.map(({ policy }: RingingFact) => policy))], 3);
}

/** What they have done so far, by the group's activities. */
function stepsText(group: GroupFact, nowMs: number): string {
  const { activities, desiredCapacity } = group;
  const measure = measureOf(group);
  if (activities === undefined) return `${desiredCapacity} ${measure} are wanted by now`;
  const changes = new Map(
    activities
      .filter(({ timeMs }) => nowMs - timeMs <= RISE_MS)
      .flatMap(({ cause }) => {
        const [, from, to] = SCALED.exec(cause) ?? [];
        return from !== undefined && to !== undefined && Number(to) > Number(from)
          ? [[`${from} ${to}`, Number(from)] as const]
          : [];
      }),
  );
  if (changes.size === 0) return `they have added nothing within ${textOf(RISE_MS)}`;
  const times = changes.size === 1 ? "once" : `${changes.size} times`;
  return `they have added to it ${times} within ${textOf(RISE_MS)}, from ${Math.min(...changes.values())} to ${desiredCapacity}`;
}

function textOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}
