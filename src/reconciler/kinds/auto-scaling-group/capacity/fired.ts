/**
 * What has set the sizes of a group at its time: scheduled actions, be they of the spec or of others
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html), and those of which AWS's
 * record of activities alone still tells. Pure.
 */
import { iso } from "../../../../model/time.ts";
import type { Item } from "../../kind.ts";
import { lastTimeOf } from "../recurrence.ts";
import type { CapacitySpec, SizeName, Sizes } from "./sizes.ts";

export type ScheduledAction = Item<"autoscaling:DescribeScheduledActions", "ScheduledUpdateGroupActions">;
export type Activity = Item<"autoscaling:DescribeScalingActivities", "Activities">;
export type SuspendedProcess = { readonly ProcessName?: string; readonly SuspensionReason?: string };

const MEMBERS = {
  minSize: "MinSize",
  maxSize: "MaxSize",
  desiredCapacity: "DesiredCapacity",
} as const satisfies Record<SizeName, string>;

/** One that has set a size, at a time. */
export interface Fired {
  readonly by: string;
  readonly atMs: number;
  readonly value: number;
}

interface Times {
  readonly actions: readonly ScheduledAction[];
  readonly suspended: readonly SuspendedProcess[];
  readonly nowMs: number;
  /** When the group was made: what was due earlier has set nothing. */
  readonly createdAtMs?: number | undefined;
}

/** The action that has set a size last. */
export function lastFired(
  size: SizeName,
  { actions, suspended, nowMs, createdAtMs = Number.NEGATIVE_INFINITY }: Times,
): Fired | undefined {
  // What falls into a suspension is not made up for (…/ec2/userguide/suspend-resume-considerations.html).
  const untilMs = Math.min(nowMs, suspendedAtMs(suspended) ?? nowMs);
  return actions
    .flatMap((action): Fired[] => {
      const value = action[MEMBERS[size]];
      const atMs = value === undefined ? undefined : firedAtMs(action, untilMs);
      return value === undefined || atMs === undefined || atMs < createdAtMs
        ? []
        : [{ by: `the scheduled action ${action.ScheduledActionName ?? "?"}`, atMs, value }];
    })
    .sort((one, other) => other.atMs - one.atMs)[0];
}

/**
 * AWS says since when in its reason: `User suspended at 2026-03-04T08:00:00Z`. Where it does not, nobody knows what the
 * suspension has held back, and every action counts.
 */
function suspendedAtMs(suspended: readonly SuspendedProcess[]): number | undefined {
  const reason = suspended.find(({ ProcessName }) => ProcessName === "ScheduledActions")?.SuspensionReason;
  const sinceMs = Date.parse(/\bat (\S+)$/.exec(reason ?? "")?.[1] ?? "");
  return Number.isNaN(sinceMs) ? undefined : sinceMs;
}

/**
 * When it last set the sizes. AWS shows the next time of one that recurs as its StartTime; where that lies behind the next
 * time of its recurrence, it has not begun yet.
 */
function firedAtMs(
  { Recurrence, TimeZone = "Etc/UTC", StartTime, EndTime }: ScheduledAction,
  nowMs: number,
): number | undefined {
  const startMs = StartTime?.getTime();
  if (Recurrence === undefined) return startMs !== undefined && startMs <= nowMs ? startMs : undefined;
  const skipped = startMs === undefined ? undefined : lastTimeOf(Recurrence, TimeZone, startMs - 1);
  if (skipped !== undefined && skipped > nowMs) return undefined;
  const lastMs = lastTimeOf(Recurrence, TimeZone, Math.min(nowMs, EndTime?.getTime() ?? nowMs));
  // It is due at its start, too, be that a time of its recurrence or not.
  return startMs === undefined || startMs > nowMs ? lastMs : Math.max(startMs, lastMs ?? startMs);
}

/** Those of the spec as AWS shows them: what was due once it has dropped, and somebody may have taken one away. */
export function declaredActions({ scheduledActions = {} }: CapacitySpec): ScheduledAction[] {
  return Object.entries(scheduledActions).map(
    ([name, { recurrence, timeZone, startTime, endTime, minSize, maxSize, desiredCapacity }]) => ({
      ScheduledActionName: name,
      Recurrence: recurrence,
      TimeZone: timeZone,
      ...(startTime === undefined ? {} : { StartTime: new Date(startTime) }),
      ...(endTime === undefined ? {} : { EndTime: new Date(endTime) }),
      MinSize: minSize,
      MaxSize: maxSize,
      DesiredCapacity: desiredCapacity,
    }),
  );
}

/** AWS's words of who set the band last (repost.aws/knowledge-center/auto-scaling-scale-down). */
const CONSTRAINTS =
  /(user request|scheduled action) update of AutoScalingGroup constraints to min: (\d+), max: (\d+), desired: \d+/g;

/**
 * The time at which a scheduled action has set the band as it is, by AWS's record of what changed the desired capacity:
 * AWS drops an action that was due once, and this is all that is left of it.
 * @param sinceMs what was before says nothing against a spec that was written after it
 */
export function recordedAtMs(
  activities: readonly Activity[],
  live: Pick<Sizes, "minSize" | "maxSize">,
  sinceMs: number,
): number | undefined {
  const told = activities
    .flatMap(({ Cause = "", StartTime }) => {
      const last = [...Cause.matchAll(CONSTRAINTS)].at(-1);
      return last === undefined || StartTime === undefined ? [] : [{ last, atMs: StartTime.getTime() }];
    })
    .sort((one, other) => other.atMs - one.atMs)[0];
  if (told === undefined || told.atMs < sinceMs) return undefined;
  const [, who, min, max] = told.last;
  const isAsSet = Number(min) === live.minSize && Number(max) === live.maxSize;
  return who === "scheduled action" && isAsSet ? told.atMs : undefined;
}

/** To the second, as AWS has it. */
export function momentText(ms: number): string {
  return `${iso(ms).slice(0, 19)}Z`;
}
