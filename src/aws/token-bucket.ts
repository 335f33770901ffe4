/** The arithmetic of a token bucket, as AWS counts calls: a burst, and a refill. Pure; times are milliseconds of one clock. */

export interface BucketSize {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface TokenBucket {
  readonly size: BucketSize;
  /** What stood in it at `atMs`. */
  readonly tokens: number;
  readonly atMs: number;
  /** The refill in force: `size.refillPerSecond`, or less after AWS throttled. */
  readonly refillPerSecond: number;
  readonly slowedAtMs?: number;
}

/** However often AWS throttles, one part in this many of the refill remains. */
const SLOWEST = 16;
/** What one call that was let through gives back of the full refill. */
const RECOVERY = 1 / 20;
/** Calls that were sent together are throttled together: that is one sign, not many. */
const ONE_SIGN_MS = 1_000;
/** Sums of fractions of a token fall short of a whole one by this much. */
const ROUNDING = 1e-9;

export function fullBucket(size: BucketSize, nowMs: number): TokenBucket {
  return { size, tokens: size.capacity, atMs: nowMs, refillPerSecond: size.refillPerSecond };
}

/** The bucket as it stands now. A clock that went back refills nothing, and counts from where it is. */
export function refilled(bucket: TokenBucket, nowMs: number): TokenBucket {
  const elapsedMs = Math.max(0, nowMs - bucket.atMs);
  const tokens = Math.min(bucket.size.capacity, bucket.tokens + (elapsedMs / 1000) * bucket.refillPerSecond);
  return { ...bucket, tokens, atMs: nowMs };
}

export function hasToken(bucket: TokenBucket): boolean {
  return bucket.tokens >= 1 - ROUNDING;
}

export function withoutToken(bucket: TokenBucket): TokenBucket {
  return { ...bucket, tokens: Math.max(0, bucket.tokens - 1) };
}

/** A token that was taken for a call that then was not made. */
export function withTokenBack(bucket: TokenBucket): TokenBucket {
  return { ...bucket, tokens: Math.min(bucket.size.capacity, bucket.tokens + 1) };
}

/** How long from `bucket.atMs` until it holds `count` tokens, at the refill in force and with nobody taking any. */
export function msUntilTokens(bucket: TokenBucket, count: number): number {
  const missing = count - bucket.tokens;
  return missing <= ROUNDING ? 0 : Math.ceil((missing / bucket.refillPerSecond) * 1000);
}

/** AWS throttled: its bucket is empty, so is ours, and from now on it fills half as fast. */
export function slowed(bucket: TokenBucket): TokenBucket {
  if (bucket.slowedAtMs !== undefined && bucket.atMs - bucket.slowedAtMs < ONE_SIGN_MS) return bucket;
  const refillPerSecond = Math.max(bucket.size.refillPerSecond / SLOWEST, bucket.refillPerSecond / 2);
  return { ...bucket, tokens: 0, refillPerSecond, slowedAtMs: bucket.atMs };
}

/** AWS let a call through: a little faster again, up to the full refill. */
export function recovered(bucket: TokenBucket): TokenBucket {
  const full = bucket.size.refillPerSecond;
  if (bucket.refillPerSecond >= full) return bucket;
  return { ...bucket, refillPerSecond: Math.min(full, bucket.refillPerSecond + full * RECOVERY) };
}
