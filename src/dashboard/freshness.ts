/** Whether what a page shows is still worth believing: old data is a state of its own, whatever it says. */
import {
  type ClassFreshness,
  type Freshness,
  READ_CLASSES,
  type ReadClass,
} from "../model/fleet/freshness.ts";
import type { PageContext } from "../model/status-page.ts";
import { capitalised } from "../model/text/first-letter.ts";
import { ageOf, durationOf, periodOf } from "./words.ts";

interface Times {
  /** End of the last pass that read everything it needed. */
  observedAt?: string | undefined;
  /** When the next pass is due at the latest. */
  nextPassAt?: string | undefined;
  /** What is promised, and when it was compared, where that is known. */
  freshness?: Freshness | undefined;
}

type Context = Pick<PageContext, "now" | "resyncSeconds">;

/** Reads may be late by one. */
const RESYNCS = 2;
/** A promise is a mean that calls are spread around: what is older than so many times what is promised is stale. */
export const PROMISE_SLACK = 1.5;

/** A time after which it is stale, and why. */
interface Deadline {
  readonly atMs: number;
  readonly lastSeenAt: string;
  reason(now: string): string;
}

/** Why it is stale, as a sentence; `undefined` while it is not, and before anything was read. */
export function stalenessOf(times: Times, { now, resyncSeconds }: Context): string | undefined {
  const nowMs = Date.parse(now);
  const passed = deadlinesOf(times, resyncSeconds).filter(({ atMs }) => nowMs > atMs);
  return passed[0]?.reason(now);
}

/** When it turns stale unless it is compared before; `undefined` where nothing was read. */
export function staleFromMs(times: Times, resyncSeconds: number): number | undefined {
  const deadlines = deadlinesOf(times, resyncSeconds).map(({ atMs }) => atMs);
  return deadlines.length === 0 ? undefined : Math.min(...deadlines);
}

/** As of when what is known of it holds; where a class is older than promised, as of that. */
export function lastSeenAt(times: Times, { now, resyncSeconds }: Context): string | undefined {
  const nowMs = Date.parse(now);
  const passed = deadlinesOf(times, resyncSeconds).filter(({ atMs }) => nowMs > atMs);
  return passed.map((deadline) => deadline.lastSeenAt).sort()[0] ?? times.observedAt;
}

/** What was compared is judged by its promise; where not everything was yet, the last pass that read it all counts too. */
function deadlinesOf(times: Times, resyncSeconds: number): Deadline[] {
  const { freshness } = times;
  if (freshness === undefined) return deadlinesOfPass(times, resyncSeconds);
  const promises = READ_CLASSES.flatMap((readClass) => deadlineOfClass(readClass, freshness[readClass])).sort(
    (a, b) => a.atMs - b.atMs,
  );
  return promises.length === READ_CLASSES.length
    ? promises
    : [...promises, ...deadlinesOfPass(times, resyncSeconds)];
}

function deadlineOfClass(
  readClass: ReadClass,
  { comparedAt, promisedSeconds }: ClassFreshness,
): readonly Deadline[] {
  if (comparedAt === undefined) return [];
  return [
    {
      atMs: Date.parse(comparedAt) + PROMISE_SLACK * promisedSeconds * 1_000,
      lastSeenAt: comparedAt,
      reason: (now) =>
        `${capitalised(readClass)} ${readClass === "attributes" ? "were" : "was"} last compared ${ageOf(comparedAt, now)}, and every ${periodOf(promisedSeconds)} is promised.`,
    },
  ];
}

function deadlinesOfPass({ observedAt, nextPassAt }: Times, resyncSeconds: number): Deadline[] {
  if (observedAt === undefined) return [];
  const lastSeen = { lastSeenAt: observedAt };
  const read: Deadline = {
    ...lastSeen,
    atMs: Date.parse(observedAt) + RESYNCS * resyncSeconds * 1_000,
    reason: (now) =>
      `All of AWS was last read ${ageOf(observedAt, now)}, and is to be read every ${durationOf(resyncSeconds)}.`,
  };
  if (nextPassAt === undefined) return [read];
  const due: Deadline = {
    ...lastSeen,
    atMs: Date.parse(nextPassAt) + resyncSeconds * 1_000,
    reason: (now) =>
      `The queue is behind: a pass was due ${ageOf(nextPassAt, now)}, and AWS was last read ${ageOf(observedAt, now)}.`,
  };
  return [due, read];
}

/** The class that is furthest through its time; one that was not compared yet before all others. */
export function worstClass(freshness: Freshness): { readClass: ReadClass } & ClassFreshness {
  const dueMs = ({ comparedAt, promisedSeconds }: ClassFreshness) =>
    comparedAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(comparedAt) + promisedSeconds * 1_000;
  return READ_CLASSES.map((readClass) => ({ readClass, ...freshness[readClass] })).reduce((worst, each) =>
    dueMs(each) < dueMs(worst) ? each : worst,
  );
}

/** The oldest that anything which is shown of it may be; `undefined` where something was not read yet. */
export function oldestRead({ freshness, observedAt }: Times): string | undefined {
  if (freshness === undefined) return observedAt;
  const compared = READ_CLASSES.map((readClass) => freshness[readClass].comparedAt ?? observedAt);
  return compared.includes(undefined) ? undefined : compared.sort()[0];
}
