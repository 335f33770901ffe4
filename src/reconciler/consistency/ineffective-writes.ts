/**
 * Writes that AWS has taken and that no read shows. AWS may drop a setting in silence, or keep another one in its place:
 * to write it again and again helps nobody, and nobody else has moved anything.
 */
import type { Address } from "../../model/address.ts";
import type { Value } from "../../model/value.ts";
import type { Obstacle } from "../core/actions.ts";
import type { Comparison } from "../core/compare.ts";
import type { Hold } from "../core/holds.ts";
import { type AppliedRecord, isSettling } from "./drift.ts";
import { isUnseen, type UnseenWrite, type UnseenWrites } from "./unseen-writes.ts";

/** One write may have met somebody else's, a moment later: of the second, people are told. */
const TOLD_OF = 2;
/** How long after the second and the third such write it is tried once more. After the fourth it is left alone. */
const WAITS_MS = [300_000, 1_800_000] as const;

export interface IneffectiveInput {
  readonly comparisons: readonly Comparison[];
  readonly applied: ReadonlyMap<Address, AppliedRecord>;
  /** Of the spec. Each gives what was left alone one more try. */
  readonly generation: number;
  readonly nowMs: number;
}

/** Whether a field differs because AWS makes nothing of our writes. */
export function isIneffective(writes: UnseenWrites = {}, field: string, wanted: Value): boolean {
  return (writes[field]?.answered ?? 0) >= TOLD_OF && isUnseen(writes, field, wanted);
}

/** What must not be written again yet, and what a person has to know. */
export function ineffectiveWritesIn(input: IneffectiveInput): {
  readonly holds: readonly Hold[];
  readonly obstacles: readonly Obstacle[];
} {
  const found = input.comparisons.flatMap((comparison) => ineffectiveIn(input, comparison));
  return {
    holds: found.flatMap(({ address, field, isDue }) =>
      isDue ? [] : [{ address, field, reason: { because: "ineffective" } as const }],
    ),
    obstacles: found.flatMap(({ obstacle }) => obstacle ?? []),
  };
}

interface Ineffective {
  readonly address: Address;
  readonly field: string;
  readonly isDue: boolean;
  readonly obstacle: Obstacle | undefined;
}

function ineffectiveIn(
  { applied, generation, nowMs }: IneffectiveInput,
  { desired, observed, differences }: Comparison,
): Ineffective[] {
  const { address, name } = desired;
  const record = applied.get(address);
  if (record === undefined || record.name !== name || observed === undefined) return [];
  return differences.flatMap(({ field, desired: wanted }) => {
    const write = record.unseen?.[field];
    if (write === undefined || !isIneffective(record.unseen, field, wanted)) return [];
    const waitMs = WAITS_MS[write.answered - TOLD_OF] ?? Number.POSITIVE_INFINITY;
    const isDue = record.generation !== generation || nowMs >= Math.min(write.sentAtMs, nowMs) + waitMs;
    // A read of a moment after the write may be older than it.
    const isTold = write.answered > TOLD_OF || !isSettling(record.writtenAtMs, nowMs);
    return [{ address, field, isDue, obstacle: isTold ? obstacleOf(address, field, write) : undefined }];
  });
}

function obstacleOf(address: Address, field: string, write: UnseenWrite): Obstacle {
  const request = write.requestId === undefined ? "no request id" : `request ${write.requestId}`;
  return {
    address,
    reason: "Ineffective",
    message:
      `AWS answered ${write.answered} times that ${field} of ${address} was set, the last time to ` +
      `${write.operation} (${request}), and no read since has shown it. It is tried ${TOLD_OF + WAITS_MS.length} times ` +
      "at most, and then once with each change of the spec.",
  };
}
