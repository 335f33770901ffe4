import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokenBucket } from "../../src/aws/token-bucket.ts";

const SIZE = { capacity: 10, refillPerSecond: 2 };

function emptied(bucket: TokenBucket): TokenBucket {
  while (bucket.holds(1)) bucket.take();
  return bucket;
}

/** AWS has throttled a call that takes of the bucket, at that time. */
function throttled(bucket: TokenBucket, nowMs: number): TokenBucket {
  bucket.refill(nowMs);
  if (bucket.pause()) bucket.emptied();
  return bucket;
}

describe("a token bucket", () => {
  it("holds its capacity at first, and no more after a long rest", () => {
    const bucket = new TokenBucket(SIZE, 0);
    bucket.refill(3_600_000);
    expect(bucket.tokens).toBe(10);
  });

  it("refills at its rate, half a second late, because calls may reach AWS sooner after each other than they were sent", () => {
    const bucket = emptied(new TokenBucket(SIZE, 0));
    expect(bucket.msUntil(1)).toBe(1_000);
    expect(bucket.msUntil(4)).toBe(2_500);
    bucket.refill(999);
    expect(bucket.holds(1)).toBe(false);
    bucket.refill(1_000);
    expect(bucket.holds(1)).toBe(true);
  });

  it("refills nothing when the clock went back, and goes on from there", () => {
    const bucket = emptied(new TokenBucket(SIZE, 86_400_000));
    bucket.refill(1_000);
    expect(bucket.tokens).toBe(0);
    bucket.refill(2_000);
    expect(bucket.tokens).toBe(SIZE.refillPerSecond);
  });

  it("takes back a token that was not used, up to its capacity", () => {
    const bucket = new TokenBucket(SIZE, 0);
    bucket.giveBack();
    expect(bucket.tokens).toBe(10);
    emptied(bucket).giveBack();
    expect(bucket.tokens).toBe(1);
  });

  it("never lets more through than its capacity and what time has refilled", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5_000 }), { maxLength: 60 }), (pauses) => {
        const bucket = new TokenBucket(SIZE, 0);
        let nowMs = 0;
        let taken = 0;
        for (const pause of pauses) {
          nowMs += pause;
          bucket.refill(nowMs);
          while (bucket.holds(1)) {
            bucket.take();
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
        const bucket = emptied(new TokenBucket(SIZE, 0));
        bucket.refill(elapsedMs);
        bucket.refill(elapsedMs + bucket.msUntil(count));
        expect(bucket.holds(count)).toBe(true);
      }),
    );
  });
});

describe("a token bucket that AWS says is empty", () => {
  it("is left in peace at once, and longer after each sign that follows soon", () => {
    const bucket = throttled(new TokenBucket(SIZE, 0), 10_000);
    expect(bucket.tokens).toBe(0);
    const pauses = [20_000, 30_000, 40_000].map((nowMs) => {
      throttled(bucket, nowMs);
      return bucket.msUntil(0);
    });
    expect(pauses).toEqual([2_000, 4_000, 8_000]);
  });

  it("takes calls that were throttled together for one sign", () => {
    const bucket = throttled(new TokenBucket(SIZE, 0), 10_000);
    const once = bucket.refillPerSecond;
    throttled(bucket, 10_900);
    expect(bucket.refillPerSecond).toBeCloseTo(once, 1);
  });

  it("is believed to be used by others as fast as its tokens have gone, and a little faster", () => {
    const bucket = new TokenBucket({ capacity: 40, refillPerSecond: 10 }, 0);
    // We take nine a second, so there is something left; AWS says that there is nothing.
    for (let taken = 0; taken < 30; taken += 1) bucket.take();
    for (let second = 1; second <= 20; second += 1) {
      bucket.refill(second * 1_000);
      for (let taken = 0; taken < 9; taken += 1) bucket.take();
    }
    expect(bucket.tokens).toBeCloseTo(25);
    throttled(bucket, 20_000);
    expect(10 - bucket.refillPerSecond).toBeCloseTo(1.4 * (25 / 20));
  });

  it("is not given up to one burst of others: one sign tells no more of them than a third of the refill", () => {
    const bucket = throttled(new TokenBucket({ capacity: 40, refillPerSecond: 10 }, 0), 0);
    expect(bucket.refillPerSecond).toBeGreaterThan(5);
    expect(bucket.refillPerSecond).toBeLessThan(7);
  });

  it("never stops altogether, however often AWS throttles", () => {
    const bucket = new TokenBucket(SIZE, 0);
    for (let second = 0; second < 100; second += 1) throttled(bucket, second * 20_000);
    expect(bucket.refillPerSecond).toBe(2 / 8);
  });

  it("tries again half of what others took after five minutes, and forgets them in the end", () => {
    const bucket = throttled(new TokenBucket(SIZE, 0), 10_000);
    const taken = SIZE.refillPerSecond - bucket.refillPerSecond;
    bucket.refill(310_000);
    expect(SIZE.refillPerSecond - bucket.refillPerSecond).toBeCloseTo(taken / 2);
    expect(bucket.throttledSinceMs).toBe(10_000);
    bucket.refill(3_600_000);
    bucket.refill(3_600_001);
    expect(bucket.refillPerSecond).toBe(2);
    expect(bucket.throttledSinceMs).toBeUndefined();
  });

  it("is not waited for until yesterday when the clock went back", () => {
    const bucket = throttled(new TokenBucket(SIZE, 0), 86_400_000);
    bucket.refill(1_000);
    expect(bucket.msUntil(0)).toBeLessThanOrEqual(1_000);
  });
});
