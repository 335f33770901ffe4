/** Where metric data comes from and for how long it is kept: the account's minutes, and what users put. */
import type * as cw from "@aws-sdk/client-cloudwatch";
import type { Parts } from "../services.ts";
import { missing } from "./errors.ts";
import { merge, type Sample } from "./samples.ts";
import {
  loadMetricsIn,
  type MetricName,
  metricsIn,
  type Picture,
  readPicture,
  takePicture,
  unitOf,
} from "./service-metrics.ts";
import { sharing } from "./sharing.ts";

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HOURS_KEPT_MS = 14 * 24 * HOUR_MS;
const LEAST_RETENTION_MS = 3 * HOUR_MS;
const MOST_RETENTION_MS = 2 * 86_400_000;
/** Series of users' metrics, and data points of each; the least recently written goes first. */
const MOST_SERIES = 1_000;
const MOST_POINTS = 3_000;

interface Series {
  readonly metric: MetricName;
  readonly unit: string;
  /** By the time at which the point begins. */
  readonly points: Map<number, Sample>;
}

export interface MetricStore {
  /** Pictures the minute that ends now. */
  recordMinute(): void;
  /** Keeps at least so much of the past. */
  retain(ms: number): void;
  /**
   * The hour that begins then, if it is over: of what the account reports of groups and target groups for two weeks, of
   * users' metrics for as long as their points are kept. Single values are not.
   */
  readHour(metric: MetricName, hourMs: number): Sample | undefined;
  /** Everything of `[fromMs, toMs)` as one sample. */
  read(metric: MetricName, fromMs: number, toMs: number, unit?: string): Sample | undefined;
  put(metric: MetricName, atMs: number, sample: Sample, unit: string): void;
  list(): MetricName[];
}

export function buildMetricStore(parts: Parts, nowMs: () => number): MetricStore {
  const pictures = new Map<number, Picture>();
  const series = new Map<string, Series>();
  const hours = new Map<number, ReadonlyMap<string, Sample>>();
  let retentionMs = LEAST_RETENTION_MS;

  const readOwn = (metric: MetricName, fromMs: number, toMs: number): Sample[] => {
    const samples: Sample[] = [];
    const oldestMs = nowMs() - retentionMs - MINUTE_MS;
    const firstMs = Math.ceil(Math.max(fromMs, oldestMs) / MINUTE_MS) * MINUTE_MS;
    for (let atMs = firstMs; atMs < Math.min(toMs, nowMs()); atMs += MINUTE_MS) {
      const picture = pictures.get(atMs);
      const sample = picture === undefined ? undefined : readPicture(picture, metric);
      if (sample !== undefined) samples.push(sample);
    }
    return samples;
  };

  /** Of the hour that ends now: what forecasts are made of. */
  const recordHour = (endMs: number): void => {
    const startMs = endMs - HOUR_MS;
    const seen = [...pictures].filter(([atMs]) => atMs >= startMs && atMs < endMs);
    const latest = seen.at(-1)?.[1];
    if (latest === undefined) return;
    const metrics = loadMetricsIn(latest).flatMap((metric) => {
      const samples = seen.flatMap(([, picture]) => readPicture(picture, metric) ?? []);
      const sample = merge(samples);
      return sample === undefined ? [] : [[keyOf(metric), { ...sample, values: [] }] as const];
    });
    hours.set(startMs, new Map(metrics));
    for (const atMs of hours.keys()) if (atMs < endMs - HOURS_KEPT_MS) hours.delete(atMs);
  };

  return {
    readHour(metric, hourMs) {
      if (hourMs + HOUR_MS > nowMs()) return undefined;
      return metric.namespace.startsWith("AWS/")
        ? hours.get(hourMs)?.get(keyOf(metric))
        : this.read(metric, hourMs, hourMs + HOUR_MS);
    },
    recordMinute() {
      const startMs = minuteOf(nowMs()) - MINUTE_MS;
      const picture = takePicture(parts);
      // Most minutes are like the one before.
      if (picture !== undefined) pictures.set(startMs, sharing([...pictures.values()].at(-1), picture));
      for (const atMs of pictures.keys()) {
        if (atMs >= startMs - retentionMs) break;
        pictures.delete(atMs);
      }
      if ((startMs + MINUTE_MS) % HOUR_MS === 0) recordHour(startMs + MINUTE_MS);
    },
    retain(ms) {
      retentionMs = Math.min(MOST_RETENTION_MS, Math.max(retentionMs, ms));
    },
    read(metric, fromMs, toMs, unit) {
      if (metric.namespace.startsWith("AWS/")) {
        const isUnit = unit === undefined || unit === unitOf(metric.metricName);
        return isUnit ? merge(readOwn(metric, fromMs, toMs)) : undefined;
      }
      const found = series.get(keyOf(metric));
      if (found === undefined || (unit !== undefined && unit !== found.unit)) return undefined;
      const points = [...found.points].filter(([atMs]) => atMs >= fromMs && atMs < toMs);
      return merge(points.map(([, sample]) => sample));
    },
    put(metric, atMs, sample, unit) {
      const key = keyOf(metric);
      const present = series.get(key) ?? { metric, unit, points: new Map<number, Sample>() };
      const before = present.points.get(atMs);
      present.points.set(atMs, before === undefined ? sample : merge([before, sample])!);
      dropFirst(present.points, MOST_POINTS);
      // Written last, so dropped last.
      series.delete(key);
      series.set(key, present);
      dropFirst(series, MOST_SERIES);
    },
    list() {
      const latest = [...pictures.values()].at(-1);
      const own = latest === undefined ? [] : metricsIn(latest);
      return [...own, ...[...series.values()].map((one) => one.metric)];
    },
  };
}

/** The boundary of minutes that is nearest: a real timer comes a little early or late. */
export function minuteOf(ms: number): number {
  return Math.round(ms / MINUTE_MS) * MINUTE_MS;
}

function dropFirst<K>(map: Map<K, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

/** Metrics with the same dimensions in another order are the same metric. */
export function keyOf(metric: MetricName): string {
  const dimensions = metric.dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return JSON.stringify([metric.namespace, metric.metricName, ...dimensions]);
}

/** @throws AwsError when a name is missing */
export function parseMetric(given: {
  Namespace?: string | undefined;
  MetricName?: string | undefined;
  Dimensions?: cw.Dimension[] | undefined;
}): MetricName {
  if (!given.Namespace) throw missing("Namespace");
  if (!given.MetricName) throw missing("MetricName");
  return {
    namespace: given.Namespace,
    metricName: given.MetricName,
    dimensions: (given.Dimensions ?? []).map(({ Name, Value }) => ({ Name: Name ?? "", Value: Value ?? "" })),
  };
}
