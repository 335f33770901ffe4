/**
 * Whether events come, known by our own calls: each is recorded by CloudTrail as everybody's are, and comes back through the
 * queue. How long that takes is learned, for AWS promises nothing: "CloudTrail typically delivers events within an average
 * of about 5 minutes of an API call" (docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html).
 */
import { LIMITS } from "../model/limits.ts";

interface Sent {
  readonly requestId: string;
  readonly atMs: number;
}

export interface Flow {
  /** Calls of ours after the newest that came back, the oldest first. */
  readonly awaited: readonly Sent[];
  /** The newest call that came back. */
  readonly returned?: Sent;
  /** How long the last few took to come back, the newest first. */
  readonly delaysMs: readonly number[];
}

export const STILL: Flow = { awaited: [], delaysMs: [] };

/** Before anything has come back, and at most. */
const LONGEST_WAIT_MS = 20 * 60_000;
const SHORTEST_WAIT_MS = 60_000;
/** So many times the longest of the usual delays is waited before it is believed that nothing comes. */
const PATIENCE = 3;
const DELAYS_KEPT = 10;
/** A call of ours is to come back so often; where the fleet needs none, the heartbeat is one. */
export const PROOF_EVERY_MS = 5 * 60_000;

/** A call of ours was answered. */
export function sent(flow: Flow, requestId: string, atMs: number, nowMs: number): Flow {
  const isKnown = flow.awaited.some((each) => each.requestId === requestId);
  if (isKnown || isBefore(atMs, flow.returned, nowMs)) return flow;
  const awaited = [...flow.awaited, { requestId, atMs }].sort((one, other) => one.atMs - other.atMs);
  // The oldest says most of what does not come.
  return { ...flow, awaited: [...awaited.slice(0, 1), ...awaited.slice(1).slice(1 - LIMITS.awaitedCalls)] };
}

/** Whether something is older than what came back last. What did so at a time that is yet to come did before the clock went back. */
function isBefore(atMs: number, returned: Sent | undefined, nowMs: number): boolean {
  return returned !== undefined && atMs <= returned.atMs && returned.atMs <= nowMs;
}

/** The record of a call of ours has come. What was sent before it and has not come is lost, or comes late. */
export function cameBack(flow: Flow, call: Sent, nowMs: number): Flow {
  const delay = Math.max(0, nowMs - call.atMs);
  const isNewest = !isBefore(call.atMs, flow.returned, nowMs);
  const returned = isNewest ? call : flow.returned;
  return {
    awaited: flow.awaited.filter(
      ({ requestId, atMs }) => requestId !== call.requestId && atMs > (returned?.atMs ?? 0),
    ),
    ...(returned === undefined ? {} : { returned }),
    delaysMs: [delay, ...flow.delaysMs].slice(0, DELAYS_KEPT),
  };
}

/** How long a call may take to come back. */
export function patienceMs({ delaysMs }: Flow): number {
  if (delaysMs.length === 0) return LONGEST_WAIT_MS;
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, PATIENCE * Math.max(...delaysMs)));
}

/** The middle one of the last delays. */
export function usualDelayMs({ delaysMs }: Flow): number | undefined {
  return [...delaysMs].sort((one, other) => one - other)[Math.floor(delaysMs.length / 2)];
}

/** Whether what should have come has come. */
export function isFlowing(flow: Flow, nowMs: number): boolean {
  const { returned, awaited } = flow;
  // What came back at a time that is yet to come did so before the clock went back.
  if (returned === undefined || returned.atMs > nowMs) return false;
  const patience = patienceMs(flow);
  const isOverdue = awaited.some(({ atMs }) => nowMs - atMs > patience);
  return !isOverdue && nowMs - returned.atMs <= PROOF_EVERY_MS + patience;
}

/**
 * Whether a call of ours is due that is made for nothing else than to come back: nothing was written for long, or what was
 * is late, and one event may be lost.
 */
export function isHeartbeatDue(flow: Flow, nowMs: number): boolean {
  const newest = flow.awaited.at(-1)?.atMs ?? flow.returned?.atMs;
  if (newest === undefined || newest > nowMs) return true;
  const patience = patienceMs(flow);
  const isLate = flow.awaited.length > 0 && nowMs - newest > patience / 2;
  return isLate || nowMs - newest >= PROOF_EVERY_MS;
}
