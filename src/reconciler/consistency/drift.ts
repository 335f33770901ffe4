/**
 * Drift and rollout told apart. A difference whose desired value is what was last applied can only come from AWS
 * having moved; one whose desired value is new comes from the spec having moved.
 */
import { type Value, valuesEqual } from "../../model/value.ts";
import type { Comparison } from "../core/plan.ts";
import type { Fields } from "../core/resource.ts";

/** After a write of ours, older answers are possible for so long; a difference is not believed until then. */
export const OWN_WRITE_SETTLES_MS = 30_000;
/** A difference must be seen twice, so far apart, before it counts. */
export const CONFIRMATION_MS = 4_000;

/** What is remembered of a resource: see `AppliedResource` in ports.ts. */
export interface AppliedRecord {
  readonly name: string;
  readonly id?: string;
  /** `null`: it is ours, and nobody knows what was last applied. Absent: it has not been applied, or taken back. */
  readonly fields: Fields;
  readonly writtenAtMs: number;
  readonly suspectedAtMs?: Readonly<Record<string, number>>;
}

/** Something in AWS that moved although the spec did not. */
export interface Finding {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly id: string | undefined;
  /** Empty: the resource is gone. */
  readonly field: string;
  readonly desired: Value;
  readonly before: Value;
  readonly after: Value;
  readonly firstSeenMs: number;
  /** Whether a second look has shown it too. */
  readonly isConfirmed: boolean;
}

export interface DriftReport {
  readonly findings: readonly Finding[];
  /** Address → fields that must not be acted on yet; `""` is the whole resource. */
  readonly withheld: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Whether reads may still be older than our last write. */
export function isSettling(writtenAtMs: number, nowMs: number): boolean {
  return nowMs - writtenAtMs < OWN_WRITE_SETTLES_MS;
}

/** @param unanswered addresses whose state may be the doing of a call of ours: see unanswered.ts */
export function driftIn(
  comparisons: readonly Comparison[],
  applied: ReadonlyMap<string, AppliedRecord>,
  nowMs: number,
  unanswered: ReadonlySet<string> = new Set(),
): DriftReport {
  const findings: Finding[] = [];
  const withheld = new Map<string, Set<string>>();
  const withhold = (key: string, field: string) => {
    const fields = withheld.get(key) ?? new Set<string>();
    withheld.set(key, fields.add(field));
  };
  for (const comparison of comparisons) {
    const { key, name } = comparison.desired;
    const record = applied.get(key);
    if (record === undefined || record.name !== name || unanswered.has(key)) continue;
    const isFresh = isSettling(record.writtenAtMs, nowMs);
    if (isFresh) for (const field of outdatedIn(comparison, record)) withhold(key, field);
    for (const moved of movedIn(comparison, record)) {
      if (isFresh) {
        withhold(key, moved.field);
        continue;
      }
      const firstSeenMs = Math.min(record.suspectedAtMs?.[moved.field] ?? nowMs, nowMs);
      const isConfirmed = nowMs - firstSeenMs >= CONFIRMATION_MS;
      if (!isConfirmed) withhold(key, moved.field);
      findings.push({
        key,
        kind: comparison.desired.kind,
        name,
        id: record.id,
        ...moved,
        firstSeenMs,
        isConfirmed,
      });
    }
  }
  return { findings, withheld };
}

/** What equals the spec, and not what we have written a moment ago: the read may be older than the write. */
function outdatedIn({ observed, fields, differences }: Comparison, record: AppliedRecord): string[] {
  if (observed === undefined) return [];
  const differing = new Set(differences.map(({ field }) => field));
  return Object.entries(fields)
    .filter(([field]) => record.fields[field] !== undefined && !differing.has(field))
    .filter(([field, value]) => !valuesEqual(record.fields[field], value))
    .map(([field]) => field);
}

type Moved = Pick<Finding, "field" | "desired" | "before" | "after">;

function movedIn(
  { desired: wanted, observed, differences, fields, goal = {} }: Comparison,
  record: AppliedRecord,
): Moved[] {
  if (observed === undefined) {
    const compared = Object.entries(fields).filter(([field]) => wanted.fields[field] !== undefined);
    return [{ field: "", desired: Object.fromEntries(compared), before: { ...record.fields }, after: null }];
  }
  // Whoever takes a target group out of use puts it on trial, and the spec's goal off: it is drift all the same.
  const isAwayFromGoal = (field: string, live: Value) =>
    goal[field] !== undefined &&
    valuesEqual(record.fields[field], goal[field]) &&
    !valuesEqual(record.fields[field], live);
  return differences
    .filter(({ field }) => record.fields[field] !== null)
    .filter(
      ({ field, desired, observed: live }) =>
        valuesEqual(record.fields[field] ?? null, desired) || isAwayFromGoal(field, live),
    )
    .map(({ field, desired, observed: after }) => ({
      field,
      desired,
      before: record.fields[field] ?? null,
      after,
    }));
}
