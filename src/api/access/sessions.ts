import { createHash } from "node:crypto";
import { keepNewest, LIMITS } from "../../model/limits.ts";
import type { Clock } from "../../ports.ts";

/** However long a browser stays open, a person signs in again after it. */
export const SESSION_SECONDS = 12 * 3_600;

interface Session {
  readonly tokenDigest: string;
  readonly untilMs: number;
}

/**
 * Who has signed in with a browser. Kept in memory alone, and by the digest of the cookie: a restart signs everybody out,
 * and neither the database nor a core file lets anybody in.
 */
export class Sessions {
  readonly #clock: Clock;
  readonly #newSecret: () => string;
  readonly #byDigest = new Map<string, Session>();

  /** @param clock of real time, by which a browser forgets its cookies */
  constructor(clock: Clock, newSecret: () => string) {
    this.#clock = clock;
    this.#newSecret = newSecret;
  }

  /** The cookie's value for whoever has shown that token. */
  open(tokenDigest: string): string {
    const nowMs = this.#clock.nowMs();
    for (const [digest, { untilMs }] of this.#byDigest) if (untilMs <= nowMs) this.#byDigest.delete(digest);
    const value = this.#newSecret();
    this.#byDigest.set(digestOf(value), { tokenDigest, untilMs: nowMs + SESSION_SECONDS * 1_000 });
    keepNewest(this.#byDigest, LIMITS.sessions);
    return value;
  }

  /** Digest of the token with which it was opened, while it lasts. */
  tokenDigestOf(value: string): string | undefined {
    const session = this.#byDigest.get(digestOf(value));
    return session !== undefined && session.untilMs > this.#clock.nowMs() ? session.tokenDigest : undefined;
  }

  close(value: string): void {
    this.#byDigest.delete(digestOf(value));
  }
}

function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}
