/** Looks that events bring forward: each service a few in a minute, all together not many, and none twice for one reason. */
import { LIMITS } from "../model/limits.ts";
import { keyOfText, type ObjectKey, textOfKey } from "../model/object.ts";
import type { Clock } from "../ports.ts";

const MINUTE_MS = 60_000;

/** In a flood, everybody waits in the order in which they came, and nobody is asked for more often than the bound says. */
export class Looks {
  readonly #clock: Clock;
  readonly #suspect: (keys: readonly ObjectKey[]) => void;
  /** When each was last looked at for an event; of the last while only. */
  readonly #lastMs = new Map<string, number>();
  /** Who waits, the first to come first. */
  readonly #waiting = new Set<string>();
  #nextFreeMs = 0;
  #servedAtMs = 0;
  #cancel: (() => void) | undefined;
  #isStopped = false;

  constructor(clock: Clock, suspect: (keys: readonly ObjectKey[]) => void) {
    this.#clock = clock;
    this.#suspect = suspect;
  }

  request(keys: readonly ObjectKey[]): void {
    for (const key of keys) if (this.#waiting.size < LIMITS.webServices) this.#waiting.add(textOfKey(key));
    this.#serve();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #serve(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#isStopped) return;
    const nowMs = this.#clock.nowMs();
    // When the clock goes back, nobody knows how long ago anything was.
    if (nowMs < this.#servedAtMs) {
      this.#lastMs.clear();
      this.#nextFreeMs = 0;
    }
    this.#servedAtMs = nowMs;
    const due: ObjectKey[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const key of this.#waiting) {
      const readyMs =
        (this.#lastMs.get(key) ?? Number.NEGATIVE_INFINITY) + MINUTE_MS / LIMITS.looksPerMinuteOfService;
      if (readyMs > nowMs) {
        next = Math.min(next, readyMs);
        continue;
      }
      const freeMs = this.#nextFreeMs - BURST_MS;
      if (freeMs > nowMs) {
        next = Math.min(next, freeMs);
        break;
      }
      this.#nextFreeMs = Math.max(this.#nextFreeMs, nowMs) + MINUTE_MS / LIMITS.looksPerMinute;
      this.#waiting.delete(key);
      this.#lastMs.delete(key);
      this.#lastMs.set(key, nowMs);
      due.push(keyOfText(key));
    }
    this.#forget(nowMs);
    if (due.length > 0) this.#suspect(due);
    if (next < Number.POSITIVE_INFINITY)
      this.#cancel = this.#clock.schedule(Math.max(0, next - nowMs), () => this.#serve());
  }

  #forget(nowMs: number): void {
    for (const [key, lastMs] of this.#lastMs) {
      if (nowMs - lastMs < MINUTE_MS) break;
      this.#lastMs.delete(key);
    }
  }
}

/** So much of a minute's looks may be at once: what one change of AWS's touches is looked at together. */
const BURST_MS = MINUTE_MS / 2;
