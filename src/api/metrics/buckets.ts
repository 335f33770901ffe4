import { Gauge, type Registry } from "prom-client";
import type { BucketUse } from "../../model/status-page.ts";

/** AWS's token buckets in use: as many rows as there are buckets, however many services there are. */
export function registerBuckets(registry: Registry, bucketUse: () => readonly BucketUse[]): void {
  const gauge = (
    name: string,
    help: string,
    label: string | undefined,
    valuesOf: (use: BucketUse) => Readonly<Record<string, number>>,
  ) =>
    new Gauge({
      name: `holdfast_api_bucket_${name}`,
      help,
      labelNames: ["region", "bucket", ...(label === undefined ? [] : [label])],
      registers: [registry],
      collect() {
        this.reset();
        for (const use of bucketUse()) {
          const { region, bucket } = use;
          for (const [value, number] of Object.entries(valuesOf(use)))
            this.set({ region, bucket, ...(label === undefined ? {} : { [label]: value }) }, number);
        }
      },
    });
  gauge(
    "refill_calls_per_second",
    "Calls per second that AWS allows, and what of it is believed to be left by others.",
    "by",
    ({ refillPerSecond, refillInForcePerSecond }) => ({
      aws: refillPerSecond,
      in_force: refillInForcePerSecond,
    }),
  );
  gauge(
    "calls_per_second",
    "Calls per second of the last minute: routine, and all others.",
    "kind",
    ({ callsPerSecond, routineCallsPerSecond }) => ({
      routine: routineCallsPerSecond,
      other: callsPerSecond - routineCallsPerSecond,
    }),
  );
  gauge(
    "routine_share_max",
    "The share of the bucket that routine takes at most.",
    undefined,
    ({ apiShare }) => ({
      all: apiShare,
    }),
  );
  gauge("waiting_calls", "Calls that wait for the bucket, by urgency.", "urgency", ({ waiting }) => waiting);
  gauge(
    "throttled",
    "1 while others are believed to use the bucket, because AWS has throttled; 0 otherwise.",
    undefined,
    ({ throttledSince }) => ({
      all: throttledSince === undefined ? 0 : 1,
    }),
  );
}
