/**
 * Drift and rollout told apart. A difference whose desired value is what was last applied can only come from AWS
 * having moved; one whose desired value is new comes from the spec having moved, and where AWS does not hold what was
 * last applied either, both have.
 */
import type { Address } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import { OWN_WRITE_SETTLES_MS } from "../../model/ledger/drift.ts";
import { isSameInSecret } from "../../model/secrets.ts";
import { type Value, valuesEqual } from "../../model/value.ts";
import type { Comparison } from "../core/compare.ts";
import type { Hold, HoldReason } from "../core/holds.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import { isGivenUp } from "../core/predecessors.ts";
import type { Fields } from "../core/resource.ts";
import { isUnseen, type UnseenWrites } from "./unseen-writes.ts";

/** Whether a person wants it put right now: see asked-corrections.ts. */
export type IsAsked = (address: Address, place: Place) => boolean;

/** A difference must be seen twice, so far apart, before it counts. */
export const CONFIRMATION_MS = 4_000;

/** What is remembered of a resource: see `AppliedResource` in ports.ts. */
export interface AppliedRecord {
  readonly name: string;
  readonly id?: string;
  /** See {@link lastApplied}. */
  readonly fields: Fields;
  /** Last live values of what was left to others. */
  readonly left?: Fields;
  readonly generation: number;
  readonly writtenAtMs: number;
  /** Field → our last write of it, while no read has shown its effect. */
  readonly unseen?: UnseenWrites;
  /** Place ({@link suspicionOf}) → when drift was first seen there, by one read. */
  readonly suspectedAtMs?: Readonly<Record<string, number>>;
}

/** The field is ours, and nobody knows what was last applied. Stored in the record in place of a value. */
export const UNKNOWN = null;

/** What was last applied of a field; `never`: nothing was, or it was taken back. */
function lastApplied(
  { fields }: Pick<AppliedRecord, "fields">,
  field: string,
): { is: Value } | "unknown" | "never" {
  const value = fields[field];
  if (value === undefined) return "never";
  return value === UNKNOWN ? "unknown" : { is: value };
}

/** What moved: the whole resource is gone, or a field of it differs. */
export type Place = { readonly change: "Missing" } | { readonly change: "Modified"; readonly field: string };

/** Something in AWS that moved although the spec did not. */
export type Finding = Place & {
  readonly address: Address;
  /** Of what is to be replaced: where it stands in the spec. Its own address is that of its id: see core/predecessors.ts. */
  readonly standsAt?: Address;
  readonly kind: KindName;
  readonly name: string;
  readonly id: string | undefined;
  readonly desired: Value;
  readonly before: Value;
  readonly after: Value;
  readonly firstSeenMs: number;
  /** Whether a second look has shown it too. */
  readonly isConfirmed: boolean;
  /** It is reported, and left as it is: the rule of the spec that says so. */
  readonly isLeft?: true;
  readonly by?: string;
  /**
   * Nobody has moved it: what had set it has gone, by an edit or by its owner. It is put right as what an edit changes,
   * once a second look has shown it, for the first one may not have seen that it is still there.
   */
  readonly isGivenBack?: true;
};

/** Whether what is wanted is what was applied: where an edit says otherwise, it is written like any other. */
export function putsBack(finding: Finding): boolean {
  return finding.change === "Missing" || valuesEqual(finding.before, finding.desired);
}

export interface DriftReport {
  readonly findings: readonly Finding[];
  /** What must not be acted on yet. */
  readonly holds: readonly Hold[];
}

export function isAbout(one: Place, other: Place): boolean {
  if (one.change === "Missing" || other.change === "Missing") return one.change === other.change;
  return one.field === other.field;
}

/** Under what the first sight of it is remembered in the record. No field has the name of a missing resource. */
export function suspicionOf(place: Place): string {
  return place.change === "Missing" ? "(missing)" : place.field;
}

/** Whether reads may still be older than our last write. */
export function isSettling(writtenAtMs: number, nowMs: number): boolean {
  return nowMs - writtenAtMs < OWN_WRITE_SETTLES_MS;
}

export interface DriftInput {
  readonly kindNamed: KindNamed;
  readonly comparisons: readonly Comparison[];
  readonly applied: ReadonlyMap<Address, AppliedRecord>;
  readonly nowMs: number;
  /** Addresses whose state may be the doing of a call of ours: see indeterminate-writes.ts. */
  readonly indeterminate?: Pick<ReadonlySet<Address>, "has">;
  /** Whether a field is on its way elsewhere by a refresh that we have begun ourselves: see rollouts.ts. */
  readonly isOwnDoing?: (address: Address, field: string) => boolean;
  /** What a person wants put right now was confirmed when its event was opened. */
  readonly isAsked?: IsAsked | undefined;
}

export function driftIn(input: DriftInput): DriftReport {
  const { kindNamed, comparisons, applied, nowMs, indeterminate, isAsked, isOwnDoing } = input;
  const findings: Finding[] = [];
  const holds: Hold[] = [];
  for (const comparison of comparisons) {
    const { address, name, kind } = comparison.desired;
    const { standsAt } = comparison;
    const record = applied.get(address);
    if (record === undefined || record.name !== name || indeterminate?.has(address)) continue;
    const isFresh = isSettling(record.writtenAtMs, nowMs);
    const reason: HoldReason = { because: isFresh ? "own write" : "unconfirmed" };
    if (isFresh) holds.push(...outdatedIn(comparison, record).map((field) => ({ address, field, reason })));
    for (const moved of movedIn(comparison, record, kindNamed(kind).lentFields)) {
      const field = moved.change === "Modified" ? { field: moved.field } : {};
      if (moved.change === "Modified" && isOwnDoing?.(address, moved.field) === true) continue;
      if (isFresh) {
        if (moved.isLeft !== true) holds.push({ address, ...field, reason });
        continue;
      }
      // An edit was taken back, and what it has made us remove is made anew: that it is gone is our own doing.
      if (moved.change === "Missing" && isGivenUp(record.fields)) continue;
      // What was never seen as we wrote it has not moved: see ineffective-writes.ts.
      if (moved.change === "Modified" && isUnseen(record.unseen ?? {}, moved.field, moved.desired)) continue;
      const firstSeenMs = Math.min(record.suspectedAtMs?.[suspicionOf(moved)] ?? nowMs, nowMs);
      const isConfirmed =
        nowMs - firstSeenMs >= CONFIRMATION_MS || isAsked?.(standsAt ?? address, moved) === true;
      const where = { address, ...(standsAt === undefined ? {} : { standsAt }) };
      findings.push({ ...where, kind, name, id: record.id, ...moved, firstSeenMs, isConfirmed });
      // Nothing is done about what is left.
      if (isConfirmed || moved.isLeft === true) continue;
      holds.push({ address, ...field, reason });
      // Its calls write all fields at once, also the one that somebody may have moved.
      if (kindNamed(kind).isWhole === true) holds.push({ address, reason });
    }
  }
  return { findings, holds };
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

type Moved = Place & Pick<Finding, "desired" | "before" | "after" | "isLeft" | "by" | "isGivenBack">;

function movedIn(
  { desired: wanted, observed, differences, fields, left = [] }: Comparison,
  record: AppliedRecord,
  lentFields: readonly string[] = [],
): Moved[] {
  if (observed === undefined) {
    const compared = Object.entries(fields).filter(([field]) => wanted.fields[field] !== undefined);
    return [
      {
        change: "Missing",
        desired: Object.fromEntries(compared),
        before: { ...record.fields },
        after: null,
      },
    ];
  }
  // Also where the spec has moved meanwhile: what somebody has put in between is told before it is overwritten. And where
  // the goal is a step away: whoever takes a target group out of use makes it unready.
  const isMovedBeside = (field: string, live: Value) => {
    const last = lastApplied(record, field);
    return (
      typeof last === "object" &&
      !isSameInSecret(last.is, live) &&
      !isUnseen(record.unseen ?? {}, field, last.is)
    );
  };
  // What neither the spec nor a call of ours has ever said anything of stood at AWS's default.
  const beforeOf = (field: string, desired: Value) => {
    const isUndeclared = fields[field] === undefined && lastApplied(record, field) === "never";
    return record.fields[field] ?? (isUndeclared ? desired : null);
  };
  const isGivenBack = (field: string, live: Value) =>
    lentFields.includes(field) && record.left?.[field] !== undefined && valuesEqual(record.left[field], live);
  const reported = left
    .filter(({ isReported }) => isReported)
    .map(
      ({ field, by, wanted: desired = null, live = null }): Moved => ({
        change: "Modified",
        field,
        desired,
        before: record.fields[field] ?? desired,
        after: live,
        isLeft: true,
        by,
      }),
    );
  const moved = differences
    .filter(({ field }) => lastApplied(record, field) !== "unknown")
    .filter(
      ({ field, desired, observed: live }) =>
        valuesEqual(beforeOf(field, desired), desired) || isMovedBeside(field, live),
    )
    .map(
      ({ field, desired, observed: after }): Moved => ({
        change: "Modified",
        field,
        desired,
        before: beforeOf(field, desired),
        after,
        ...(isGivenBack(field, after) ? { isGivenBack: true } : {}),
      }),
    );
  return [...moved, ...reported];
}
