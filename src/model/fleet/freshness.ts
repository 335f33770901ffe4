/** How old what a service was compared with may be, and is. Times are ISO 8601 UTC of the world that the daemon lives in. */

/**
 * What is read of AWS, by what it tells. `health`: whether targets and instances serve. `structure`: what is there, and
 * how it hangs together: lists, listeners, rules, tags. `attributes`: what else is set on it.
 */
export const READ_CLASSES = ["health", "structure", "attributes"] as const;
export type ReadClass = (typeof READ_CLASSES)[number];

/** One of each class. */
export function byClass<T>(of: (one: ReadClass) => T): Record<ReadClass, T> {
  return { health: of("health"), structure: of("structure"), attributes: of("attributes") };
}

export interface ClassFreshness {
  /** When AWS was asked for the oldest answer that the service was last compared with; absent before the first. */
  readonly comparedAt?: string;
  /** How old that may become before it is read again. */
  readonly promisedSeconds: number;
}

/** Of one service. */
export type Freshness = Readonly<Record<ReadClass, ClassFreshness>>;

/** When AWS was asked for the oldest that a service was compared with, in milliseconds since 1970; absent where that is not known. */
export function oldestComparedMs(freshness: Freshness | undefined): number | undefined {
  if (freshness === undefined) return undefined;
  const times = READ_CLASSES.flatMap((one) => freshness[one].comparedAt ?? []).map((time) =>
    Date.parse(time),
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

/** What routine looks may take in one Region, what they would take as wished, and what is promised instead. */
export interface FleetBudget {
  readonly region: string;
  /** The share of each of AWS's buckets that routine takes at most: `--api-share`. */
  readonly apiShare: number;
  readonly services: number;
  /** `--resync-seconds`. */
  readonly wishedSeconds: number;
  readonly promisedSeconds: Readonly<Record<ReadClass, number>>;
  /** Where the wish is not granted: the bucket that is too small, and the share of it that the wish would take. */
  readonly limit?: { readonly bucket: string; readonly wishedShare: number };
  /** The share of each bucket that routine takes as it is promised; a bucket that it does not ask is left out. */
  readonly shares?: readonly { readonly bucket: string; readonly share: number }[];
  /** The oldest that any service was compared with, by class; a class that none was compared in is left out. */
  readonly oldest: Readonly<
    Partial<
      Record<ReadClass, { readonly namespace: string; readonly name: string; readonly comparedAt: string }>
    >
  >;
}
