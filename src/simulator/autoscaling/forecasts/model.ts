/**
 * The forecast itself. AWS does not say how it makes one; this is a plain model that repeats what was: an hour is
 * expected to be as the same hour of the same weekday was, or, before a week is known, as that hour of the other days was.
 * All times in milliseconds. Pure.
 */

export const HOUR_MS = 3_600_000;
const HOURS_OF_DAY = 24;
const HOURS_OF_WEEK = 7 * HOURS_OF_DAY;
/** autoscaling/forecast-history */
const LEAST_HISTORY = HOURS_OF_DAY;
export const MOST_HISTORY = 2 * HOURS_OF_WEEK;
export const HOURS_AHEAD = 2 * HOURS_OF_DAY;

/** One hour that is over. */
export interface PastHour {
  /** Of the whole group, summed up. */
  readonly load: number;
  /** Of each instance, and how many there were, where both are known. */
  readonly scaling?: number | undefined;
  readonly capacity?: number | undefined;
}

/** By the time at which the hour begins; hours without a word are missing. */
type History = ReadonlyMap<number, PastHour>;

/**
 * The load of the hours from the one that is under way on; nothing while too little is known. An hour that nothing was
 * reported of, after the first one of which something was, had no load.
 */
export function forecastLoad(history: History, nowMs: number): Map<number, number> | undefined {
  const thisHourMs = hourOf(nowMs);
  const firstMs = Math.min(...history.keys());
  // Also where nothing is known at all: then the first is infinitely late.
  if (!((thisHourMs - firstMs) / HOUR_MS >= LEAST_HISTORY)) return undefined;
  const forecast = new Map<number, number>();
  for (let ahead = 0; ahead < HOURS_AHEAD; ahead += 1) {
    const hourMs = thisHourMs + ahead * HOUR_MS;
    const ofWeek = earlier(history, hourMs, HOURS_OF_WEEK, firstMs, thisHourMs);
    const alike = ofWeek.length > 0 ? ofWeek : earlier(history, hourMs, HOURS_OF_DAY, firstMs, thisHourMs);
    forecast.set(hourMs, alike.reduce((sum, load) => sum + load, 0) / alike.length);
  }
  return forecast;
}

/** The loads of what is one or more times so many hours earlier. */
function earlier(history: History, hourMs: number, hours: number, firstMs: number, endMs: number): number[] {
  const loads: number[] = [];
  for (let atMs = hourMs - hours * HOUR_MS; atMs >= firstMs; atMs -= hours * HOUR_MS)
    if (atMs < endMs) loads.push(history.get(atMs)?.load ?? 0);
  return loads;
}

/**
 * How much load an instance has in an hour for each unit of the scaling metric, by what was; nothing where that is not
 * known. `autoscaling/forecast-correlation`
 */
export function loadPerUnit(history: History): number | undefined {
  let load = 0;
  let units = 0;
  for (const { load: one, scaling = 0, capacity = 0 } of history.values()) {
    if (scaling * capacity <= 0) continue;
    load += one;
    units += scaling * capacity;
  }
  return units > 0 && load > 0 ? load / units : undefined;
}

/** So many instances keep the scaling metric at its target. */
export function capacityFor(load: number, perUnit: number, target: number): number {
  const exact = load / (perUnit * target);
  // Sums of many small numbers are a little off.
  return Math.ceil(Math.round(exact * 1e6) / 1e6);
}

export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}
