/**
 * Conflicts. What comes back each time that it is put right is written by somebody or something else as well; to go on would
 * only spend calls. It is put right after longer and longer waits, and then left alone; a person is told.
 */
import type { Address } from "../../model/address.ts";
import { LIMITS } from "../../model/limits.ts";
import { iso } from "../../model/time.ts";
import { type Value, valuesEqual } from "../../model/value.ts";
import type { Obstacle } from "../core/actions.ts";
import type { Hold } from "../core/holds.ts";
import { type Finding, isAbout, type Place } from "./drift.ts";

/** What holds the desired value for so long has not come back: the other side has stopped, and counting begins anew. */
const SOON_MS = 3_600_000;
/** How long a correction waits, from when the drift was first seen, after so many that did not last. */
const WAITS_MS = [0, 0, 30_000, 60_000, 120_000];
/** After as many it is left alone while AWS's value moves, and for so long after that; for twice as long each time. */
const STILL_MS = 600_000;
const MOST_STILL_MS = 21_600_000;

/** A drift event that is not closed. */
export interface OpenDrift {
  readonly address: Address;
  readonly of: Place;
  readonly after: Value;
  readonly firstSeenMs: number;
  /** Since when AWS holds `after`. */
  readonly afterSinceMs: number;
}

/** A drift event that we have closed. */
export interface Correction extends Omit<OpenDrift, "afterSinceMs"> {
  readonly closedMs: number;
}

/** Something that keeps coming back. */
export interface Contested {
  readonly finding: Finding;
  /** How many corrections in a row did not last. */
  readonly corrections: number;
  readonly sinceMs: number;
  /** Newest first, and not all of them. */
  readonly values: readonly Value[];
  readonly times: readonly number[];
  readonly waitMs: number;
  /** When it is put right again. */
  readonly dueMs: number;
}

export interface ConflictInput {
  readonly findings: readonly Finding[];
  readonly corrections: readonly Correction[];
  readonly open: readonly OpenDrift[];
  /** When a person last asked for a correction: what was before does not count. */
  readonly requestedMs: number | undefined;
  readonly nowMs: number;
}

/** What somebody else writes as well: what must not be acted on yet, and what a person has to know. */
export function fieldConflictsIn(input: ConflictInput): {
  readonly contested: readonly Contested[];
  readonly holds: readonly Hold[];
  readonly obstacles: readonly Obstacle[];
} {
  const contested = input.findings.flatMap((finding) => contestedIn(input, finding) ?? []);
  const waiting = contested.filter(({ dueMs }) => dueMs > input.nowMs);
  return {
    contested,
    holds: waiting.map(({ finding, corrections, waitMs }) => ({
      address: finding.address,
      ...(finding.change === "Modified" ? { field: finding.field } : {}),
      reason: { because: "contested", corrections, waitMs },
    })),
    // What one read alone has shown is nobody's business yet.
    obstacles: waiting
      .filter((one) => one.finding.isConfirmed && isLeftAlone(one))
      .map((one) => ({
        address: one.finding.address,
        reason: "Contested",
        message: contestSentence(one),
      })),
  };
}

/** It is not put right again before AWS's value has stood still. */
export function isLeftAlone({ corrections }: Pick<Contested, "corrections">): boolean {
  return corrections >= WAITS_MS.length;
}

function contestedIn(
  { corrections, open, requestedMs = Number.NEGATIVE_INFINITY, nowMs }: ConflictInput,
  finding: Finding,
): Contested | undefined {
  const isOfIt = ({ address, of }: { address: Address; of: Place }) =>
    address === finding.address && isAbout(finding, of);
  const known = open.find(isOfIt);
  const beganMs = Math.min(finding.firstSeenMs, known?.firstSeenMs ?? nowMs);
  const streak = streakBefore(
    beganMs,
    corrections.filter(
      (one) => isOfIt(one) && one.closedMs <= nowMs && (one.closedMs > requestedMs || requestedMs > nowMs),
    ),
  );
  const waitMs = waitAfter(streak.length);
  const oldest = streak.at(-1);
  if (waitMs === 0 || oldest === undefined) return undefined;
  const stoodSinceMs =
    known === undefined
      ? finding.firstSeenMs
      : valuesEqual(known.after, finding.after)
        ? known.afterSinceMs
        : nowMs;
  const fromMs = isLeftAlone({ corrections: streak.length }) ? stoodSinceMs : beganMs;
  return {
    finding,
    corrections: streak.length,
    sinceMs: oldest.firstSeenMs,
    values: different([finding.after, ...streak.map(({ after }) => after)]).slice(0, LIMITS.contestValues),
    times: streak.map(({ closedMs }) => closedMs).slice(0, LIMITS.contestTimes),
    waitMs,
    dueMs: Math.min(fromMs, nowMs) + waitMs,
  };
}

/** The corrections that did not last, newest first: each came back soon after it was made. */
function streakBefore(beganMs: number, corrections: readonly Correction[]): Correction[] {
  const newestFirst = [...corrections].sort((a, b) => b.closedMs - a.closedMs);
  let nextMs = beganMs;
  const end = newestFirst.findIndex(({ closedMs, firstSeenMs }) => {
    const isLasting = nextMs - closedMs >= SOON_MS;
    nextMs = firstSeenMs;
    return isLasting;
  });
  return end < 0 ? newestFirst : newestFirst.slice(0, end);
}

function waitAfter(corrections: number): number {
  const doublings = corrections - WAITS_MS.length;
  return WAITS_MS[corrections] ?? Math.min(STILL_MS * 2 ** doublings, MOST_STILL_MS);
}

function different(values: readonly Value[]): Value[] {
  return values.filter((value, index) => values.findIndex((other) => valuesEqual(other, value)) === index);
}

/** For people. The same words as long as nothing has moved. */
export function contestSentence({ finding, corrections, sinceMs, values, times, waitMs }: Contested): string {
  const isMissing = finding.change === "Missing";
  const what = isMissing ? finding.address : `${finding.field} of ${finding.address}`;
  const came = isMissing
    ? "went again each time"
    : `came back each time, as ${values.map(shortened).join(", ")} instead of ${shortened(finding.desired)}`;
  return (
    `${what} was put right ${corrections} times since ${iso(sinceMs)} (last at ${times.map(iso).join(", ")}), and ${came}. ` +
    "Who does that is not known here; CloudTrail knows. Stop it, change the spec, or leave it to others (`spec.drift`). " +
    `It is put right again once nothing has moved it for ${waitMs / 60_000} minutes, ` +
    "or at once with a new value of the annotation holdfast.dev/correction-requested-at."
  );
}

const VALUE_CHARACTERS = 80;

function shortened(value: Value): string {
  const text = JSON.stringify(value);
  return text.length > VALUE_CHARACTERS ? `${text.slice(0, VALUE_CHARACTERS)}…` : text;
}
