/**
 * How what the account tells comes late, not at all, twice or in another order. Rates are shares, 0 to 1; delays are
 * milliseconds, each drawn evenly from its range out of the account's randomness. They may be changed at any time.
 */
import type { Rng } from "../../ports.ts";
import type { EventKind } from "../services.ts";
import { draw } from "./timings.ts";

type Range = readonly [least: number, most: number];

export interface EventTrouble {
  /** From what happened until the event is in the queue. */
  readonly delay: Range;
  /** Share of the events that never come. */
  readonly lossRate: number;
  /** Share of the events that come a second time, after a delay of its own. */
  readonly duplicateRate: number;
  /** Share of the events that come later by a draw from `late`: what happened after them overtakes them. */
  readonly lateRate: number;
  readonly late: Range;
}

/** What a standard queue may do beyond the plainest one. */
export interface QueueTrouble {
  /** Share of the messages received that stay visible, so that they are received again. */
  readonly duplicateRate: number;
  /** Share of the visible messages that a receive passes over, so that later ones come first. */
  readonly disorderRate: number;
}

export interface Troubles extends Record<EventKind, EventTrouble> {
  queue: QueueTrouble;
  /** From a call until LookupEvents shows it: spread over the range by the call's id, so that nothing is drawn. */
  lookupDelay: Range;
}

/** What is set of them; the rest stays as it is. */
export type TroubleChange = {
  readonly [Kind in EventKind]?: Partial<EventTrouble>;
} & { readonly queue?: Partial<QueueTrouble>; readonly lookupDelay?: Range };

const USUAL: EventTrouble = {
  delay: [200, 2_000],
  lossRate: 0,
  duplicateRate: 0,
  lateRate: 0,
  late: [30_000, 300_000],
};

/**
 * Services tell "in near real time", and CloudTrail promises EventBridge no delay: seconds are typical of both.
 * For the history it is "an average of about 5 minutes":
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export const TROUBLES: Troubles = {
  service: USUAL,
  cloudtrail: { ...USUAL, delay: [2_000, 20_000] },
  queue: { duplicateRate: 0, disorderRate: 0 },
  lookupDelay: [120_000, 480_000],
};

/** Changes the troubles in place. @throws RangeError for what is no share, and no range */
export function setTroubles(troubles: Troubles, change: TroubleChange): void {
  const changed: Troubles = {
    service: { ...troubles.service, ...change.service },
    cloudtrail: { ...troubles.cloudtrail, ...change.cloudtrail },
    queue: { ...troubles.queue, ...change.queue },
    lookupDelay: change.lookupDelay ?? troubles.lookupDelay,
  };
  for (const [name, value] of Object.entries({ ...changed.service, lookupDelay: changed.lookupDelay })) {
    check(name, value);
  }
  for (const [name, value] of Object.entries({ ...changed.cloudtrail, ...changed.queue })) check(name, value);
  Object.assign(troubles, changed);
}

function check(name: string, value: number | Range): void {
  const isGood = typeof value === "number" ? value >= 0 && value <= 1 : value[0] >= 0 && value[1] >= value[0];
  if (!isGood) throw new RangeError(`${name} cannot be ${JSON.stringify(value)}`);
}

/** After how many milliseconds one event comes: none, one or two of them. */
export function arrivalsOf(trouble: EventTrouble, rng: Rng): readonly number[] {
  if (happens(trouble.lossRate, rng)) return [];
  const delay = (): number =>
    draw(trouble.delay, rng) + (happens(trouble.lateRate, rng) ? draw(trouble.late, rng) : 0);
  const first = delay();
  return happens(trouble.duplicateRate, rng) ? [first, delay()] : [first];
}

/** Whether what has this share happens now; for what never does, nothing is drawn. */
export function happens(rate: number, rng: Rng): boolean {
  return rate > 0 && rng.next() < rate;
}
