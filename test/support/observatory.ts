import { bucketsOf } from "../../src/aws/buckets-of.ts";
import { buildObservatory } from "../../src/observer/observatory.ts";
import type { Clock, CloudForRegion, Observatory } from "../../src/ports.ts";

/** As the daemon has it. */
export function observatoryFor(
  cloudFor: CloudForRegion,
  clock: Clock,
  wishedMs: number,
  more: { readonly isFlowing?: (region: string) => boolean; readonly apiShare?: number } = {},
): Observatory {
  return buildObservatory({
    cloudFor,
    nowMs: () => clock.nowMs(),
    wishedMs,
    apiShare: 0.5,
    bucketsOf: (operation) => bucketsOf(operation),
    signal: new AbortController().signal,
    ...more,
  });
}
