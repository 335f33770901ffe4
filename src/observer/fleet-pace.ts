/** How the looks at the services of one Region are spread over time: when each class of each was compared, and is due. */
import {
  byClass,
  type FleetBudget,
  type Freshness,
  READ_CLASSES,
  type ReadClass,
} from "../model/fleet/freshness.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import { iso } from "../model/time.ts";
import { type BucketUse, type Periods, periodOf, periodsOf, shareOf } from "./periods.ts";
import { Timetable } from "./timetable.ts";

/** A bucket of AWS's, as the table of operations has it. */
export interface BucketSizes {
  readonly name: string;
  readonly refillPerSecond: number;
}

export interface PaceOptions {
  readonly nowMs: () => number;
  readonly region: string;
  readonly wishedMs: number;
  /** The share of each bucket that routine may take. */
  readonly apiShare: number;
  /** Whether AWS's events tell at once of what moves. */
  readonly isFlowing: () => boolean;
}

/** Calls by bucket, as one look at a service takes them, by class. */
export type Cost = ReadonlyMap<string, Readonly<Record<ReadClass, number>>>;

interface Known {
  readonly key: ObjectKey;
  readonly comparedAtMs: Record<ReadClass, number>;
  readonly cost: Cost;
  readonly isUnwell: boolean;
}

/** Looks come a little early, never in step; what is due within so much of its period is taken along. */
const EARLY = 0.03;
/** Whatever a look was given, the next one tells no more before so much of a period. */
const LEAST_OF_A_PERIOD = 0.1;
/** Where there is no room, looks come sooner by so much of a period. */
const SPREAD = 0.25;
/** Of the share: looks come a little early, and take along what is due soon. */
const WITHIN = 0.92;
/** Of a bucket, what looks at what is not well take of it at most. */
const UNWELL_SHARE = 0.25;
/** While events flow, routine is only their safety net. */
const FLOWING = { apiShare: 0.25, structure: 10, attributes: 30 } as const;
/** Periods are reckoned anew so often at most. */
const RECKONED_EVERY_MS = 1_000;
const OLDEST_EVERY_MS = 5_000;

export class FleetPace {
  readonly #options: PaceOptions;
  readonly #services = new Map<string, Known>();
  /** When a call of ours was last answered. */
  readonly #wroteAtMs = new Map<string, number>();
  readonly #calls = new Map<string, Record<ReadClass, number>>();
  /** Of those, what is read of what is not well. */
  readonly #unwellCalls = new Map<string, number>();
  readonly #refills = new Map<string, number>();
  /** List → its bucket and calls per second. */
  readonly #lists = new Map<string, { readonly bucket: string; readonly perSecond: number }>();
  #periods: (Periods & { readonly atMs: number; readonly isFlowing: boolean }) | undefined;
  readonly #timetable = new Timetable();
  /** When the next look at each comes, and for what is due by when. */
  readonly #plans = new Map<string, { readonly atMs: number; readonly dueMs: number }>();
  #oldest: { readonly atMs: number; readonly by: FleetBudget["oldest"] } | undefined;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#services.size;
  }

  periods(): Periods {
    const nowMs = this.#options.nowMs();
    const isFlowing = this.#options.isFlowing();
    const known = this.#periods;
    const isFresh =
      known !== undefined &&
      known.isFlowing === isFlowing &&
      Math.abs(nowMs - known.atMs) < RECKONED_EVERY_MS;
    if (isFresh) return known;
    const wished = this.#options.wishedMs / 1000;
    const least = isFlowing
      ? { health: 0, structure: wished * FLOWING.structure, attributes: wished * FLOWING.attributes }
      : undefined;
    const periods = { ...periodsOf(this.#uses(isFlowing), wished, least), atMs: nowMs, isFlowing };
    this.#periods = periods;
    return periods;
  }

  #uses(isFlowing: boolean): BucketUse[] {
    const share = isFlowing ? Math.min(this.#options.apiShare, FLOWING.apiShare) : this.#options.apiShare;
    const lists = Map.groupBy(this.#lists.values(), ({ bucket }) => bucket);
    return [...this.#refills].map(([name, refillPerSecond]) => ({
      name,
      refillPerSecond,
      allowedPerSecond: share * refillPerSecond * WITHIN,
      listsPerSecond: (lists.get(name) ?? []).reduce((sum, { perSecond }) => sum + perSecond, 0),
      calls: this.#calls.get(name) ?? { health: 0, structure: 0, attributes: 0 },
    }));
  }

  /** How old a list that all share may be for a look: short against the age of what it belongs to, and cheap for its bucket. */
  listAgeMs(list: string, pages: number, bucket: BucketSizes): number {
    const cheapSeconds = pages / (SHARE_OF_A_LIST * this.#options.apiShare * bucket.refillPerSecond);
    // Not by what is promised: that follows from what lists take.
    const leastSeconds = Math.min(LEAST_LIST_SECONDS, this.#options.wishedMs / 6_000);
    const ageSeconds = Math.max(cheapSeconds, leastSeconds);
    if (pages > 0) this.#lists.set(list, { bucket: bucket.name, perSecond: pages / ageSeconds });
    // Where the share is too small for its pages, it is read all the same: what belongs to it may become only so old.
    return Math.min(ageSeconds, periodOf(this.periods().seconds.structure) * LIST_SHARE_OF_AGE) * 1000;
  }

  /** How old the answers of each class may be that a look at the service begins with; a class that is due is read anew. */
  oldestAllowedMs(key: ObjectKey, isUnwell: boolean): Record<ReadClass, number> {
    const nowMs = this.#options.nowMs();
    const known = this.#services.get(textOfKey(key));
    return byClass((of) => {
      if (known === undefined || (isUnwell && of === "health")) return nowMs;
      return this.#isDue(of, known, nowMs) || this.#isPlanned(of, known, nowMs) ? nowMs : this.wroteAtMs(key);
    });
  }

  compared(key: ObjectKey, at: Readonly<Record<ReadClass, number>>, cost: Cost, isUnwell: boolean): void {
    const name = textOfKey(key);
    const before = this.#services.get(name);
    if (before !== undefined) this.#count(before, -1);
    this.#count({ cost, isUnwell }, 1);
    this.#services.set(name, { key, comparedAtMs: { ...at }, cost, isUnwell });
  }

  /** When a call for the service was last answered; long ago where none was. */
  wroteAtMs(key: ObjectKey): number {
    return this.#wroteAtMs.get(textOfKey(key)) ?? Number.NEGATIVE_INFINITY;
  }

  wrote(key: ObjectKey): void {
    this.#wroteAtMs.set(textOfKey(key), this.#options.nowMs());
  }

  forget(key: ObjectKey): void {
    const known = this.#services.get(textOfKey(key));
    if (known !== undefined) this.#count(known, -1);
    this.#services.delete(textOfKey(key));
    this.#timetable.forget(textOfKey(key));
    this.#plans.delete(textOfKey(key));
    this.#wroteAtMs.delete(textOfKey(key));
  }

  /** Known buckets, so that what is asked of them counts. */
  meet({ name, refillPerSecond }: BucketSizes): void {
    this.#refills.set(name, refillPerSecond);
  }

  /** How long until the next look: a little before the first class is due, at a moment when few others are looked at. */
  untilDueMs(key: ObjectKey): number {
    const name = textOfKey(key);
    const known = this.#services.get(name);
    if (known === undefined) return 0;
    const nowMs = this.#options.nowMs();
    const [first] = READ_CLASSES.map((of) => ({
      dueMs: this.#dueMs(of, known),
      periodMs: this.#periodMs(of, known),
    })).sort((one, other) => one.dueMs - other.dueMs);
    if (first === undefined) return 0;
    const { dueMs, periodMs } = first;
    const leastMs = periodMs * LEAST_OF_A_PERIOD;
    if (dueMs <= nowMs + leastMs) return dueMs > nowMs ? dueMs - nowMs : leastMs;
    const { calls, room } = this.#callsOf(known, dueMs);
    const fromMs = Math.max(nowMs, dueMs - periodMs * SPREAD);
    const atMs = Math.max(nowMs, this.#timetable.choose(name, fromMs, dueMs, calls, room));
    this.#plans.set(name, { atMs, dueMs });
    return atMs - nowMs;
  }

  /** Of the bucket that it asks most of: what a look takes at a time when so much is due. */
  #callsOf(known: Known, atMs: number): { calls: number; room: number } {
    const due = READ_CLASSES.filter((of) => this.#isDue(of, known, atMs));
    const most = { calls: 0, room: 0 };
    for (const [bucket, by] of known.cost) {
      const calls = due.reduce((sum, of) => sum + by[of], 0);
      const room = this.#options.apiShare * (this.#refills.get(bucket) ?? 0);
      if (calls * most.room > most.calls * room || most.room === 0) Object.assign(most, { calls, room });
    }
    return most;
  }

  freshnessOf(key: ObjectKey): Freshness | undefined {
    const known = this.#services.get(textOfKey(key));
    if (known === undefined) return undefined;
    const of = (one: ReadClass) => ({
      comparedAt: iso(known.comparedAtMs[one]),
      promisedSeconds: Math.ceil(this.#mostSeconds(one, known)),
    });
    return byClass(of);
  }

  budget(): FleetBudget {
    const { seconds, limit } = this.periods();
    return {
      region: this.#options.region,
      apiShare: this.#options.apiShare,
      services: this.#services.size,
      wishedSeconds: this.#options.wishedMs / 1000,
      promisedSeconds: byClass((of) => Math.ceil(seconds[of])),
      ...(limit === undefined ? {} : { limit }),
      shares: this.#uses(this.#options.isFlowing())
        .map((use) => ({ bucket: use.name, share: shareOf(use, seconds) }))
        .filter(({ share }) => share > 0),
      oldest: this.#oldestCompared(),
    };
  }

  #oldestCompared(): FleetBudget["oldest"] {
    const nowMs = this.#options.nowMs();
    if (this.#oldest !== undefined && Math.abs(nowMs - this.#oldest.atMs) < OLDEST_EVERY_MS)
      return this.#oldest.by;
    const oldest = new Map<ReadClass, Known>();
    for (const known of this.#services.values()) {
      for (const one of READ_CLASSES) {
        const before = oldest.get(one);
        if (before === undefined || known.comparedAtMs[one] < before.comparedAtMs[one])
          oldest.set(one, known);
      }
    }
    const told = [...oldest].map(([of, { key, comparedAtMs }]) => [
      of,
      { namespace: key.namespace, name: key.name, comparedAt: iso(comparedAtMs[of]) },
    ]);
    this.#oldest = { atMs: nowMs, by: Object.fromEntries(told) };
    return this.#oldest.by;
  }

  /** What was compared at a time that is yet to come was so before the clock went back. */
  #dueMs(of: ReadClass, known: Known): number {
    const comparedAtMs = known.comparedAtMs[of];
    const nowMs = this.#options.nowMs();
    return comparedAtMs > nowMs ? nowMs : comparedAtMs + this.#periodMs(of, known);
  }

  /** What the look was planned for, which comes sooner where there was no room later. */
  #isPlanned(of: ReadClass, known: Known, nowMs: number): boolean {
    const plan = this.#plans.get(textOfKey(known.key));
    return plan !== undefined && nowMs >= plan.atMs - SLACK_MS && this.#dueMs(of, known) <= plan.dueMs;
  }

  #isDue(of: ReadClass, known: Known, atMs: number): boolean {
    return atMs >= this.#dueMs(of, known) - this.#earlyMs(of, known) - SLACK_MS;
  }

  #earlyMs(of: ReadClass, known: Known): number {
    return this.#periodMs(of, known) * EARLY;
  }

  #periodMs(of: ReadClass, known: Known): number {
    return periodOf(this.#mostSeconds(of, known)) * 1000;
  }

  /** What is not well is looked at as often as was wished, unless that is so much that everybody else would wait for it. */
  #mostSeconds(of: ReadClass, { isUnwell }: Known): number {
    const { seconds } = this.periods();
    if (!isUnwell || of !== "health") return seconds[of];
    const needed = [...this.#unwellCalls].map(
      ([bucket, calls]) => calls / (UNWELL_SHARE * (this.#refills.get(bucket) ?? Number.POSITIVE_INFINITY)),
    );
    return Math.max(this.#options.wishedMs / 1000, ...needed);
  }

  #count({ cost, isUnwell }: Pick<Known, "cost" | "isUnwell">, sign: 1 | -1): void {
    for (const [bucket, calls] of cost) {
      if (isUnwell) this.#unwellCalls.set(bucket, (this.#unwellCalls.get(bucket) ?? 0) + sign * calls.health);
      const sum = this.#calls.get(bucket) ?? { health: 0, structure: 0, attributes: 0 };
      for (const one of READ_CLASSES) sum[one] += sign * calls[one];
      this.#calls.set(bucket, sum);
    }
  }
}

/** A look is not begun for a class alone that is due within so long after another. */
const SLACK_MS = 1_000;
/** Of what routine may take of a bucket, the share that one list takes at most. */
const SHARE_OF_A_LIST = 0.1;
const LEAST_LIST_SECONDS = 10;
/** Of the age that structure may reach, the share that a list has when it is looked at. */
const LIST_SHARE_OF_AGE = 0.25;
