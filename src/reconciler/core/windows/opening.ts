/**
 * Whether corrections and rollouts may be made at a moment, and if not, when they may next: `allow` opens windows, `deny`
 * closes them. Pure.
 */
import { type Schedule, type Starts, startsOf } from "./cron.ts";

export interface Window extends Schedule {
  readonly durationMinutes: number;
}

/** Exactly one of both. */
export interface Windows {
  readonly allow?: readonly Window[];
  readonly deny?: readonly Window[];
}

export type Opening =
  | { readonly isOpen: true }
  /** `opensAtMs`: `undefined` where nobody can say. */
  | { readonly isOpen: false; readonly opensAtMs: number | undefined };

const MINUTE_MS = 60_000;
/** Windows that follow upon each other without a gap: after so many nobody waits for the end. */
const MOST_STEPS = 400;

export function openingAt(windows: Windows | undefined, nowMs: number): Opening {
  if (windows === undefined) return { isOpen: true };
  const allow = (windows.allow ?? []).map(startsIn);
  const deny = (windows.deny ?? []).map(startsIn);
  if (windows.allow !== undefined) {
    if (anEnd(allow, nowMs) !== undefined) return { isOpen: true };
    return { isOpen: false, opensAtMs: earliest(allow.map(({ starts }) => starts.nextAfter(nowMs))) };
  }
  if (anEnd(deny, nowMs) === undefined) return { isOpen: true };
  return { isOpen: false, opensAtMs: endOfDenial(deny, nowMs) };
}

/** When none of them is over the moment any more. */
function endOfDenial(deny: readonly StartedWindow[], nowMs: number): number | undefined {
  let atMs = nowMs;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const end = anEnd(deny, atMs);
    if (end === undefined) return atMs;
    atMs = end;
  }
  return undefined;
}

interface StartedWindow {
  readonly starts: Starts;
  readonly durationMs: number;
}

function startsIn({ durationMinutes, ...schedule }: Window): StartedWindow {
  return { starts: startsOf(schedule), durationMs: durationMinutes * MINUTE_MS };
}

/** When the window ends that is over a moment; it lasts so many minutes, whatever clocks do meanwhile. */
function endOf({ starts, durationMs }: StartedWindow, atMs: number): number | undefined {
  const end = (starts.lastAt(atMs) ?? Number.NEGATIVE_INFINITY) + durationMs;
  return atMs < end ? end : undefined;
}

/** When one of those ends that are over a moment. */
function anEnd(windows: readonly StartedWindow[], atMs: number): number | undefined {
  return windows.map((window) => endOf(window, atMs)).find((end) => end !== undefined);
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
