/**
 * Answers that contradict what we know. A list that lacks something of ours which we have made, and not removed, may be
 * old or cut short: then it is not believed about anything else either. Whoever forwards to a target group, or sits on
 * a load balancer, may be missing from it, too; until a second look nothing that moves traffic is done.
 */
import { type AppliedRecord, CONFIRMATION_MS, type DriftReport } from "./drift.ts";
import type { DesiredResource, Observation } from "./resource.ts";

/** Something of ours that ought to be in a list and is not. */
export interface Doubt {
  /** Its address in the spec. */
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  /** It is to be replaced; what is wanted itself and missing is drift, and remembered there. */
  readonly isPredecessor: boolean;
  readonly firstSeenMs: number;
}

export const TRAFFIC: readonly string[] = ["loadBalancer", "targetGroup", "listener", "rule"];

export function doubtsIn(
  desired: readonly DesiredResource[],
  { resources, unknownKinds }: Observation,
  applied: ReadonlyMap<string, AppliedRecord>,
  drift: DriftReport,
  nowMs: number,
): Doubt[] {
  const seen = new Set(resources.filter(({ owned }) => owned).map(({ kind, name }) => `${kind} ${name}`));
  return desired.flatMap(({ key, kind, name: wanted }) => {
    const record = applied.get(key);
    if (record === undefined || !TRAFFIC.includes(kind) || unknownKinds.has(kind)) return [];
    const { name } = record;
    if (seen.has(`${kind} ${name}`)) return [];
    const firstSeenMs = Math.min(record.suspectedAtMs?.[""] ?? nowMs, nowMs);
    const isPredecessor = name !== wanted;
    const isConfirmed = isPredecessor
      ? nowMs - firstSeenMs >= CONFIRMATION_MS
      : drift.withheld.get(key)?.has("") !== true;
    return isConfirmed ? [] : [{ key, kind, name, isPredecessor, firstSeenMs }];
  });
}
