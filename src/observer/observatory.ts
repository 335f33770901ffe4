/**
 * Reads that all services share: one observer for each Region. A look is given what is known and young enough; what it
 * needs fresher is asked for once for all who ask. A read that began before a call of a service's own was answered says
 * nothing to that service, whoever had asked for it.
 */
import { CloudError } from "../model/errors.ts";
import type { ReadClass } from "../model/fleet/freshness.ts";
import { nextPosition } from "../model/fleet/list-walk.ts";
import { ARNS_PER_TAG_CALL, LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import type {
  CallOptions,
  Input,
  Look,
  LookDemand,
  Observatory,
  Output,
  ReadingCloud,
  ReadOperation,
} from "../ports.ts";
import { ElbTags } from "./elb-tags.ts";
import { type BucketSizes, FleetPace } from "./fleet-pace.ts";
import { type Answer, KnownAnswers, type Remembered, type Want } from "./known-answers.ts";
import { readClassOf } from "./read-class.ts";
import { answerOf, type Part, partOf, readWhole, type WholeList } from "./whole-lists.ts";

export interface ObservatoryOptions {
  readonly cloudFor: (region: string) => ReadingCloud;
  readonly nowMs: () => number;
  readonly wishedMs: number;
  readonly apiShare: number;
  /** The buckets that a call of the operation takes from. */
  readonly bucketsOf: (operation: ReadOperation) => readonly BucketSizes[];
  /** Whether AWS's events tell at once of what moves in a Region. */
  readonly isFlowing?: (region: string) => boolean;
  /** Ends what is being asked. */
  readonly signal: AbortSignal;
}

export function buildObservatory(options: ObservatoryOptions): Observatory {
  const regions = new Map<string, RegionObserver>();
  const observerOf = (region: string) => {
    const known = regions.get(region) ?? new RegionObserver(options, region);
    regions.set(region, known);
    return known;
  };
  const regionOf = new Map<string, RegionObserver>();
  const paceOf = (key: ObjectKey) => regionOf.get(textOfKey(key))?.pace;
  return {
    look: (demand) => observerOf(demand.region).look(demand),
    compared(demand, look, isUnwell) {
      const name = textOfKey(demand.key);
      const observer = observerOf(demand.region);
      const before = regionOf.get(name);
      if (before !== undefined && before !== observer) before.forget(demand.key);
      regionOf.set(name, observer);
      observer.compared(demand, look, isUnwell);
    },
    wrote: (key, region) => observerOf(region).pace.wrote(key),
    untilDueMs: (key) => paceOf(key)?.untilDueMs(key) ?? 0,
    forget(key) {
      for (const observer of regions.values()) observer.forget(key);
      regionOf.delete(textOfKey(key));
    },
    freshnessOf: (key) => paceOf(key)?.freshnessOf(key),
    budgets: () => [...regions.values()].map(({ pace }) => pace.budget()),
  };
}

/** A list is worth reading for all from so many services on. */
const SHARING_SERVICES = 2;
/** So long a list that could not be read to its end is not read as a whole. */
const UNREADABLE_MS = 300_000;
/** What is told of instances and targets of what is not well is told of about the same moment. */
const UNWELL_LIST_MS = 3_000;

class RegionObserver {
  readonly pace: FleetPace;
  readonly #options: ObservatoryOptions;
  readonly #cloud: ReadingCloud;
  readonly #answers: KnownAnswers;
  readonly #lists: KnownAnswers<WholeList>;
  readonly #tags: ElbTags;
  readonly #looks = new WeakMap<Look, RegionLook>();
  readonly #buckets = new Map<ReadOperation, readonly BucketSizes[]>();
  /** When a pass over a service was last told something. */
  readonly #toldMs = new Map<string, number>();
  /** Lists that could not be read to their ends, and until when only parts of them are asked for. */
  readonly #unreadable = new Map<string, number>();

  constructor(options: ObservatoryOptions, region: string) {
    const { nowMs, wishedMs, apiShare, isFlowing = () => false } = options;
    this.#options = options;
    this.#cloud = options.cloudFor(region);
    this.#answers = new KnownAnswers(LIMITS.sharedAnswers, nowMs);
    this.#lists = new KnownAnswers<WholeList>(LIMITS.sharedLists, nowMs);
    this.#tags = new ElbTags(this.#cloud, nowMs);
    this.pace = new FleetPace({ nowMs, region, wishedMs, apiShare, isFlowing: () => isFlowing(region) });
  }

  look(asked: LookDemand): Look {
    const startMs = this.#options.nowMs();
    const demand = this.#sinceOwnPasses(asked, startMs);
    const name = textOfKey(demand.key);
    const { notBeforeMs, urgency, isUnwell = false } = demand;
    const allowed = notBeforeMs === undefined ? this.pace.oldestAllowedMs(demand.key, isUnwell) : undefined;
    const look = new RegionLook(notBeforeMs ?? startMs);
    const call = async <O extends ReadOperation>(
      operation: O,
      input: Input<O>,
      options: CallOptions = {},
    ) => {
      const of = readClassOf(operation);
      const want = { urgency, notBeforeMs: notBeforeMs ?? allowed?.[of] ?? startMs };
      const reading = this.#read(operation, input, want, demand, look);
      const given = await raced(operation, reading, options.signal);
      look.given(of, given);
      if (demand.isProbe !== true) this.#toldMs.set(name, this.#options.nowMs());
      return given.output as Output<O>;
    };
    const shown: Look = {
      call,
      askedAtMs: (answer) => look.askedAtMs(answer),
      isFresh: () => look.isFresh,
      oldestMs: () => look.oldest,
    };
    this.#looks.set(shown, look);
    return shown;
  }

  /**
   * A pass that was asked for while another one wrote is not told what was so before that; and what one look was told is no
   * second word to the next.
   */
  #sinceOwnPasses(demand: LookDemand, nowMs: number): LookDemand {
    const { notBeforeMs, isProbe = false, key } = demand;
    if (notBeforeMs === undefined) return demand;
    const toldMs = isProbe ? Number.NEGATIVE_INFINITY : (this.#toldMs.get(textOfKey(key)) ?? 0) + 1;
    const sinceMs = Math.min(Math.max(this.pace.wroteAtMs(key), toldMs), nowMs);
    return { ...demand, notBeforeMs: Math.max(notBeforeMs, sinceMs) };
  }

  /** Nothing of the service is remembered. */
  forget(key: ObjectKey): void {
    this.pace.forget(key);
    this.#toldMs.delete(textOfKey(key));
  }

  compared({ key }: LookDemand, look: Look, isUnwell: boolean): void {
    const own = this.#looks.get(look);
    if (own === undefined) throw new Error("a look of another Region");
    const atMs = own.startMs;
    const { health = atMs, structure = atMs, attributes = atMs } = own.oldest;
    this.pace.compared(key, { health, structure, attributes }, own.cost, isUnwell);
  }

  async #read(
    operation: ReadOperation,
    input: object,
    want: Want,
    demand: LookDemand,
    look: RegionLook,
  ): Promise<Answer> {
    const options: CallOptions = { urgency: want.urgency, signal: this.#options.signal };
    const buckets = this.#bucketsOf(operation);
    if (operation === "elasticloadbalancing:DescribeTags") {
      const { ResourceArns = [] } = input as Input<typeof operation>;
      look.costs(operation, buckets, ResourceArns.length / ARNS_PER_TAG_CALL);
      const since = demand.notBeforeMs ?? this.#listNotBefore(operation, operation, want, demand);
      return this.#tags.describe(ResourceArns, { ...want, notBeforeMs: since }, options);
    }
    const part = partOf(operation, input);
    const shared = part && (await this.#shared(operation, part, want, demand, options));
    if (shared !== undefined) return shared;
    look.costs(operation, buckets, 1);
    const ask = () => this.#ask(operation, input, options);
    // A page of several stands for nothing by itself, and is never put together with others of another time.
    if (isContinued(input)) return { askedAtMs: this.#options.nowMs(), output: (await ask()).output };
    return this.#answers.obtain(nameOf(operation, input), want, ask);
  }

  /** Each operation's are met once: they do not change. */
  #bucketsOf(operation: ReadOperation): readonly BucketSizes[] {
    const known = this.#buckets.get(operation);
    if (known !== undefined) return known;
    const buckets = this.#options.bucketsOf(operation);
    for (const bucket of buckets) this.pace.meet(bucket);
    this.#buckets.set(operation, buckets);
    return buckets;
  }

  async #ask(operation: ReadOperation, input: object, options: CallOptions): Promise<Remembered> {
    const output: object = await this.#cloud.call(operation, input as never, options);
    return { output, isKept: nextPosition(output) === undefined };
  }

  /** From the whole list, where that is known, on its way, or cheaper to read than every part of it. */
  async #shared(
    operation: ReadOperation,
    part: Part,
    want: Want,
    demand: LookDemand,
    options: CallOptions,
  ): Promise<Answer | undefined> {
    const { notBeforeMs, isProbe = false } = demand;
    const name = nameOf(operation, part.whole);
    const relaxed =
      notBeforeMs === undefined
        ? { ...want, notBeforeMs: this.#listNotBefore(operation, name, want, demand) }
        : want;
    const isAtHand =
      this.#lists.get(name, relaxed) !== undefined || this.#lists.joining(name, relaxed) !== undefined;
    if (
      part.under !== undefined &&
      !isAtHand &&
      !((notBeforeMs === undefined || isProbe) && this.#isWorthReading(name))
    )
      return undefined;
    const read = () => readWhole(this.#cloud, operation, part, options);
    try {
      const list = await this.#lists.obtain(name, relaxed, async () => ({
        output: await read(),
        isKept: true,
      }));
      const output = answerOf(list.output, part);
      return output && { output, askedAtMs: list.askedAtMs };
    } catch (error) {
      if (part.under === undefined || !(error instanceof CloudError)) throw error;
      // What nobody can read to its end may still be read in part.
      this.#unreadable.set(name, this.#options.nowMs() + UNREADABLE_MS);
      return undefined;
    }
  }

  /** A list that all share may be a little older than what is read of the service alone, and never from before its own writes. */
  #listNotBefore(operation: ReadOperation, name: string, { notBeforeMs }: Want, demand: LookDemand): number {
    const wroteAtMs = this.pace.wroteAtMs(demand.key);
    if (demand.isUnwell === true) return Math.max(wroteAtMs, notBeforeMs - UNWELL_LIST_MS);
    const pages = this.#lists.last(name)?.output.pages ?? 0;
    const ages = this.#bucketsOf(operation).map((bucket) => this.pace.listAgeMs(name, pages, bucket));
    return Math.max(wroteAtMs, notBeforeMs - Math.max(0, ...ages));
  }

  #isWorthReading(name: string): boolean {
    const unreadableUntilMs = this.#unreadable.get(name);
    if (unreadableUntilMs !== undefined && this.#options.nowMs() < unreadableUntilMs) return false;
    this.#unreadable.delete(name);
    const pages = this.#lists.last(name)?.output.pages ?? 1;
    return this.pace.size >= Math.max(SHARING_SERVICES, 2 * pages);
  }
}

/** What one look has been given. */
class RegionLook {
  readonly startMs: number;
  readonly oldest: Partial<Record<ReadClass, number>> = {};
  readonly cost = new Map<string, Record<ReadClass, number>>();
  readonly #askedAtMs = new WeakMap<object, number>();
  isFresh = true;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  given(of: ReadClass, { output, askedAtMs }: Answer): void {
    this.#askedAtMs.set(output, askedAtMs);
    this.oldest[of] = Math.min(this.oldest[of] ?? askedAtMs, askedAtMs);
    if (askedAtMs < this.startMs) this.isFresh = false;
  }

  askedAtMs(answer: object): number | undefined {
    return this.#askedAtMs.get(answer);
  }

  /** What reading the service alone takes, whether AWS was asked or not. */
  costs(operation: ReadOperation, buckets: readonly BucketSizes[], calls: number): void {
    const of = readClassOf(operation);
    for (const { name } of buckets) {
      const sum = this.cost.get(name) ?? { health: 0, structure: 0, attributes: 0 };
      sum[of] += calls;
      this.cost.set(name, sum);
    }
  }
}

function nameOf(operation: ReadOperation, input: object): string {
  return `${operation} ${JSON.stringify(input)}`;
}

function isContinued(input: object): boolean {
  const { Marker, NextToken } = input as { Marker?: string; NextToken?: string };
  return Marker !== undefined || NextToken !== undefined;
}

/** Whoever gives up does not wait; what was asked goes on, for the others. */
function raced<T>(operation: ReadOperation, answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      const message = "the call was given up";
      reject(new CloudError({ operation, code: "AbortError", category: "transient", message }));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
    if (signal.aborted) onAbort();
  });
}
