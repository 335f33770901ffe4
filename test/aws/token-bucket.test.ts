import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fullBucket,
  hasToken,
  msUntilTokens,
  recovered,
  refilled,
  slowed,
  type TokenBucket,
  withoutToken,
  withTokenBack,
} from "../../src/aws/token-bucket.ts";

const SIZE = { capacity: 10, refillPerSecond: 2 };

function emptied(bucket: TokenBucket): TokenBucket {
  return hasToken(bucket) ? emptied(withoutToken(bucket)) : bucket;
}

describe("a token bucket", () => {
  it("holds its capacity at first, and no more after a long rest", () => {
    const rested = refilled(fullBucket(SIZE, 0), 3_600_000);
    expect(rested.tokens).toBe(10);
  });

  it("refills at its rate", () => {
    const empty = emptied(fullBucket(SIZE, 0));
    expect(refilled(empty, 499).tokens).toBeLessThan(1);
    expect(hasToken(refilled(empty, 500))).toBe(true);
    expect(msUntilTokens(empty, 1)).toBe(500);
    expect(msUntilTokens(empty, 4)).toBe(2_000);
  });

  it("refills nothing when the clock went back", () => {
    const empty = emptied(fullBucket(SIZE, 10_000));
    expect(refilled(empty, 5_000).tokens).toBe(0);
  });

  it("goes on filling after the clock went back, and does not wait until it has caught up", () => {
    const empty = emptied(fullBucket(SIZE, 86_400_000));
    expect(refilled(refilled(empty, 1_000), 2_000).tokens).toBe(SIZE.refillPerSecond);
  });

  it("takes back a token that was not used, up to its capacity", () => {
    expect(withTokenBack(fullBucket(SIZE, 0)).tokens).toBe(10);
    expect(withTokenBack(emptied(fullBucket(SIZE, 0))).tokens).toBe(1);
  });

  it("is empty and fills half as fast after AWS throttled", () => {
    const after = slowed(fullBucket(SIZE, 0));
    expect(after.tokens).toBe(0);
    expect(after.refillPerSecond).toBe(1);
  });

  it("takes calls that were throttled together for one sign", () => {
    const once = slowed(fullBucket(SIZE, 0));
    expect(slowed(refilled(once, 900))).toMatchObject({ refillPerSecond: 1 });
    expect(slowed(refilled(once, 1_100))).toMatchObject({ refillPerSecond: 0.5 });
  });

  it("never stops altogether, however often AWS throttles", () => {
    let bucket = fullBucket(SIZE, 0);
    for (let second = 0; second < 100; second += 1) bucket = slowed(refilled(bucket, second * 2_000));
    expect(bucket.refillPerSecond).toBe(2 / 16);
  });

  it("comes back to its full rate by equal steps, one for each call that is let through", () => {
    let bucket = slowed(fullBucket(SIZE, 0));
    bucket = recovered(bucket);
    expect(bucket.refillPerSecond).toBeCloseTo(1.1);
    for (let call = 0; call < 20; call += 1) bucket = recovered(bucket);
    expect(bucket.refillPerSecond).toBe(2);
  });

  it("never lets more through than its capacity and what time has refilled", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5_000 }), { maxLength: 60 }), (pauses) => {
        let bucket = fullBucket(SIZE, 0);
        let nowMs = 0;
        let taken = 0;
        for (const pause of pauses) {
          nowMs += pause;
          bucket = refilled(bucket, nowMs);
          while (hasToken(bucket)) {
            bucket = withoutToken(bucket);
            taken += 1;
          }
        }
        expect(taken).toBeLessThanOrEqual(SIZE.capacity + (nowMs / 1000) * SIZE.refillPerSecond + 1e-6);
      }),
    );
  });

  it("holds a token when it said it would", () => {
    fc.assert(
      fc.property(fc.nat({ max: 9_999 }), fc.integer({ min: 1, max: 10 }), (elapsedMs, count) => {
        const bucket = refilled(emptied(fullBucket(SIZE, 0)), elapsedMs);
        const later = refilled(bucket, elapsedMs + msUntilTokens(bucket, count));
        expect(later.tokens).toBeGreaterThanOrEqual(count - 1e-6);
      }),
    );
  });
});
