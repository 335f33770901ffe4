/** How often each class is read, by what the fleet asks of AWS's buckets and what routine may take of them. Pure. */
import { byClass, READ_CLASSES, type ReadClass } from "../model/fleet/freshness.ts";

/** A bucket of AWS's, as the looks of one Region use it. */
export interface BucketUse {
  readonly name: string;
  /** Calls per second that routine may take of it, and that AWS allows everybody together. */
  readonly allowedPerSecond: number;
  readonly refillPerSecond: number;
  /** Calls per second for lists that all share. */
  readonly listsPerSecond: number;
  /** Calls that it takes to read each class of every service once. */
  readonly calls: Readonly<Record<ReadClass, number>>;
}

export interface Periods {
  /** How old each class may become. */
  readonly seconds: Readonly<Record<ReadClass, number>>;
  /** Where the wish is not granted: the tightest bucket, and the share of it that the wish would take. */
  readonly limit?: { readonly bucket: string; readonly wishedShare: number };
}

/** A look waits for its calls, and its calls for each other: what may become so old is read so many seconds sooner. */
const WAIT_SECONDS = 3;
const WAIT_SHARE = 0.07;
const SOONER = 0.98;

/** How often something is read that may become so old. */
export function periodOf(seconds: number): number {
  return seconds * SOONER - Math.min(WAIT_SECONDS, seconds * WAIT_SHARE);
}

/** How old something becomes that is read so often: the other way round. */
function ageOf(periodSeconds: number): number {
  return Math.max((periodSeconds + WAIT_SECONDS) / SOONER, periodSeconds / (SOONER - WAIT_SHARE));
}

/** Of the wish: so much longer may what changes rarely become, before everything becomes longer. */
const LONGEST: Readonly<Record<ReadClass, number>> = { health: 1, structure: 2, attributes: 5 };

/**
 * As wished while that fits. Otherwise attributes become older first, then structure, and then everything by one factor: what
 * serves or not is what a person on call asks first.
 * @param wishedSeconds how often everything is to be read, where there is room for it
 * @param leastSeconds what a class is not read more often than
 */
export function periodsOf(
  uses: readonly BucketUse[],
  wishedSeconds: number,
  leastSeconds: Readonly<Record<ReadClass, number>> = { health: 0, structure: 0, attributes: 0 },
): Periods {
  const wished = byClass((of) => Math.max(wishedSeconds, leastSeconds[of]));
  const limit = tightest(uses, wished);
  if (limit === undefined) return { seconds: wished };
  let seconds = wished;
  for (const one of ["attributes", "structure"] as const) {
    seconds = stretched(uses, seconds, one, Math.max(wished[one], wishedSeconds * LONGEST[one]));
    if (tightest(uses, seconds) === undefined) return { seconds, limit };
  }
  const factor = Math.max(1, ...uses.map((use) => costOf(use, seconds) / leftOf(use)));
  const longest = seconds;
  return { seconds: byClass((of) => longest[of] * factor), limit };
}

/** The share of a bucket that is taken when each class is read once in its period. */
export function shareOf(use: BucketUse, seconds: Periods["seconds"]): number {
  return (costOf(use, seconds) + use.listsPerSecond) / use.refillPerSecond;
}

/** The one class as seldom as every bucket asks for, and no more seldom than `mostSeconds`. */
function stretched(
  uses: readonly BucketUse[],
  seconds: Periods["seconds"],
  of: ReadClass,
  mostSeconds: number,
): Periods["seconds"] {
  const needed = uses.map((use) => {
    const others = costOf({ ...use, calls: { ...use.calls, [of]: 0 } }, seconds);
    const left = leftOf(use) - others;
    return left > 0 ? ageOf(use.calls[of] / left) : Number.POSITIVE_INFINITY;
  });
  return { ...seconds, [of]: Math.min(mostSeconds, Math.max(seconds[of], ...needed)) };
}

function tightest(uses: readonly BucketUse[], seconds: Periods["seconds"]): Periods["limit"] {
  const over = uses
    .filter((use) => costOf(use, seconds) > leftOf(use) * (1 + 1e-9))
    .map((use) => ({ bucket: use.name, wishedShare: shareOf(use, seconds) }));
  return over.sort((a, b) => b.wishedShare - a.wishedShare)[0];
}

/** Calls per second of what is read service by service. */
function costOf({ calls }: BucketUse, seconds: Periods["seconds"]): number {
  return READ_CLASSES.reduce((sum, of) => sum + calls[of] / periodOf(seconds[of]), 0);
}

/** A list that alone takes what is allowed leaves a tenth of it: nothing is never read. */
function leftOf({ allowedPerSecond, listsPerSecond }: BucketUse): number {
  return Math.max(allowedPerSecond - listsPerSecond, allowedPerSecond / 10);
}
