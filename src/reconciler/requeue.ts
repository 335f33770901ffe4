/** When the next pass is due, and why: from how this one ended. The one place that decides it. Pure. */
import type { Urgency } from "../model/fleet/urgency.ts";
import { CONFIRMATION_MS } from "./consistency/drift.ts";
import { type BackoffRange, backoffMs, STALLED_BACKOFF, TRANSIENT_BACKOFF } from "./core/backoff.ts";

/** After writes, a read that verifies them. */
const VERIFY_MS = 2_000;
/** A second look must come after the confirmation time, not at it. */
const SECOND_LOOK_MS = CONFIRMATION_MS + 1_000;
/** What was written is verified with what comes within this. */
const TURN_SOON_MS = 15_000;
/** Two routine looks are not closer than that, whatever is due. */
const LEAST_MS = 1_000;
/** How often a deletion is looked at while AWS is at it. */
const DELETION_MS = 10_000;

const BACKOFF: Record<Streak["of"], BackoffRange> = { failed: TRANSIENT_BACKOFF, stalled: STALLED_BACKOFF };

/** What decides when the next pass is due. */
export interface PassEnd {
  /** Everything of a service that is being deleted is gone by this pass's reads; a second look is to show the same. */
  readonly isEmptied: boolean;
  readonly isDeleting: boolean;
  /** Not everything could be read. */
  readonly isUnknown: boolean;
  /** AWS has refused something that may succeed later. */
  readonly hasFailed: boolean;
  /** Only a person can help. */
  readonly isStalled: boolean;
  /** A call of this pass has changed AWS. */
  readonly hasActed: boolean;
  /** AWS needs minutes for what it is at: a probe, or the resync, shows it. */
  readonly isSlow: boolean;
  /** Some difference is not believed yet. */
  readonly isSettling: boolean;
  /** In how many milliseconds what keeps coming back is put right again. */
  readonly dueMs: readonly number[];
  /** Something is still to be done, or waits. */
  readonly hasPlans: boolean;
  /** Something waits for a window of the spec that opens then. */
  readonly opensInMs?: number;
  /** What AWS allows the account rarely may be done then. */
  readonly turnInMs?: number;
}

/** How a pass ended, as it is counted. */
export type PassOutcome = "converged" | "progressing" | "failed" | "stalled" | "crashed";

export interface Requeue {
  readonly outcome: PassOutcome;
  /** What the next pass is for. */
  readonly urgency: Urgency;
  readonly afterMs: number;
  readonly why:
    | "the pass crashed"
    | "a second look confirms that nothing is left"
    | "AWS refused a call that may succeed later"
    | "not everything could be read"
    | "a read verifies what was written"
    | "a second look confirms what differs"
    | "only a person can help"
    | "AWS is removing resources"
    | "what keeps coming back is put right again"
    | "a window opens"
    | "its turn comes"
    | "the resync";
}

/** Passes in a row that ended in the same trouble. One trouble has not the patience that another has earned. */
export interface Streak {
  readonly of: "failed" | "stalled";
  readonly passes: number;
}

/** What is known of the troubles before a pass. */
export interface Trouble {
  /** What the passes of the service before it have ended in, if that is a trouble. */
  readonly streak: Streak | undefined;
  /** No sooner is a pass tried again that has failed: the more services fail, the longer it takes to try each of them. */
  readonly leastRetryMs: number;
}

export function streakAfter(earlier: Streak | undefined, outcome: PassOutcome): Streak | undefined {
  const of = TROUBLE[outcome];
  return of && { of, passes: passesOf(earlier, of) + 1 };
}

/** AWS, the network or a bug; or what only a person can change. */
const TROUBLE: Record<PassOutcome, Streak["of"] | undefined> = {
  converged: undefined,
  progressing: undefined,
  failed: "failed",
  crashed: "failed",
  stalled: "stalled",
};

function passesOf(streak: Streak | undefined, of: Streak["of"]): number {
  return streak?.of === of ? streak.passes : 0;
}

export interface RequeueInput extends Trouble {
  /** How the pass ended; `crashed`: by a bug of ours. */
  readonly end: PassEnd | "crashed";
  /** Uniform in [0, 1). */
  readonly random: number;
  readonly resyncMs: number;
  /** Until the next look that nothing asks for but the time: the resync, where the account's budget allows that. */
  readonly routineMs: number;
}

export function requeueOf(input: RequeueInput): Requeue {
  const { end, streak, leastRetryMs, random, resyncMs, routineMs } = input;
  const backoff = (of: Streak["of"]) => backoffMs(BACKOFF[of], passesOf(streak, of) + 1, random);
  const retryMs = () => Math.max(leastRetryMs, backoff("failed"));
  const within = (ms: number) => Math.min(ms, resyncMs);
  if (end === "crashed")
    return {
      outcome: "crashed",
      urgency: "routine",
      afterMs: retryMs(),
      why: "the pass crashed",
    };
  if (end.isEmptied)
    return {
      outcome: "progressing",
      urgency: "verification",
      afterMs: SECOND_LOOK_MS,
      why: "a second look confirms that nothing is left",
    };
  if (end.hasFailed && !end.isStalled)
    return {
      outcome: "failed",
      urgency: "suspicion",
      afterMs: retryMs(),
      why: "AWS refused a call that may succeed later",
    };
  if (end.isUnknown)
    return {
      outcome: "failed",
      urgency: "suspicion",
      afterMs: retryMs(),
      why: "not everything could be read",
    };
  if (end.hasActed)
    return {
      outcome: "progressing",
      urgency: "verification",
      afterMs: verifiedAfterMs(end, resyncMs),
      why: "a read verifies what was written",
    };
  if (end.isSettling)
    return {
      outcome: "progressing",
      urgency: "suspicion",
      afterMs: SECOND_LOOK_MS,
      why: "a second look confirms what differs",
    };
  if (end.isStalled) {
    const afterMs = Math.min(backoff("stalled"), Math.max(resyncMs, routineMs));
    return {
      outcome: "stalled",
      urgency: "routine",
      afterMs: Math.min(afterMs, end.opensInMs ?? afterMs, end.turnInMs ?? afterMs),
      why: "only a person can help",
    };
  }
  if (end.isDeleting)
    return {
      outcome: "progressing",
      urgency: "verification",
      afterMs: within(DELETION_MS),
      why: "AWS is removing resources",
    };
  const afterMs = Math.max(LEAST_MS, Math.round(routineMs));
  const dueMs = Math.min(...end.dueMs);
  const { opensInMs = Number.POSITIVE_INFINITY, turnInMs = Number.POSITIVE_INFINITY } = end;
  if (turnInMs < Math.min(dueMs, afterMs, opensInMs))
    return { outcome: "progressing", urgency: "verification", afterMs: turnInMs, why: "its turn comes" };
  if (opensInMs < Math.min(dueMs, afterMs))
    return { outcome: "progressing", urgency: "suspicion", afterMs: opensInMs, why: "a window opens" };
  if (dueMs < afterMs)
    return {
      outcome: "progressing",
      urgency: "suspicion",
      afterMs: dueMs,
      why: "what keeps coming back is put right again",
    };
  return {
    outcome: end.hasPlans ? "progressing" : "converged",
    urgency: "routine",
    afterMs,
    why: "the resync",
  };
}

/** After writes. What AWS needs minutes for is not worth reading after seconds: the probes, or the resync, verify it. */
function verifiedAfterMs({ isSlow, opensInMs, turnInMs }: PassEnd, resyncMs: number): number {
  const soonMs = isSlow ? Math.min(opensInMs ?? resyncMs, resyncMs) : VERIFY_MS;
  if (turnInMs === undefined) return soonMs;
  // The pass in which it does what it waits for verifies as well.
  return isSlow || turnInMs > TURN_SOON_MS ? Math.min(soonMs, turnInMs) : Math.max(soonMs, turnInMs);
}
