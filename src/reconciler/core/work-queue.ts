/**
 * The queue of keys. A key is in it at most once, with the earliest time that anybody asked for; a key that is being
 * worked on is not handed out again until it is done, and what is asked for meanwhile is remembered.
 */
interface Entry {
  readonly key: string;
  dueMs: number;
  /** Lower goes first among those that are due: what a person waits for comes before the routine. */
  priority: number;
}

export class WorkQueue {
  readonly #limit: number;
  readonly #waiting = new Map<string, Entry>();
  readonly #active = new Map<string, Entry>();
  readonly #again = new Map<string, Entry>();

  /** @param limit how many keys it may hold */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Asks for a key at a time. An earlier time and a more urgent priority win. @returns false when it is full */
  add(key: string, dueMs: number, priority: number): boolean {
    const entries = this.#active.has(key) ? this.#again : this.#waiting;
    const entry = entries.get(key);
    if (entry !== undefined) {
      entry.dueMs = Math.min(entry.dueMs, dueMs);
      entry.priority = Math.min(entry.priority, priority);
      return true;
    }
    if (this.#waiting.size + this.#again.size >= this.#limit) return false;
    entries.set(key, { key, dueMs, priority });
    return true;
  }

  /**
   * Hands out the most urgent key that is due. It must be given back with {@link done}.
   * @param least it is no less urgent than that
   */
  take(nowMs: number, least = Number.POSITIVE_INFINITY): string | undefined {
    let best: Entry | undefined;
    for (const entry of this.#waiting.values()) {
      if (entry.dueMs <= nowMs && entry.priority <= least && (best === undefined || isBefore(entry, best)))
        best = entry;
    }
    if (best === undefined) return undefined;
    this.#waiting.delete(best.key);
    this.#active.set(best.key, best);
    return best.key;
  }

  /** What was asked of a key that was handed out: when, and how urgently. */
  askedOf(key: string): Readonly<Pick<Entry, "dueMs" | "priority">> | undefined {
    return this.#active.get(key);
  }

  /** Gives a key back; what was asked for meanwhile is queued. */
  done(key: string): void {
    this.#active.delete(key);
    const entry = this.#again.get(key);
    if (entry === undefined) return;
    this.#again.delete(key);
    this.add(key, entry.dueMs, entry.priority);
  }

  /** Forgets a key that no longer exists. */
  remove(key: string): void {
    this.#waiting.delete(key);
    this.#again.delete(key);
  }

  /** When the next key is due; undefined when none waits. */
  nextDueMs(): number | undefined {
    let next: number | undefined;
    for (const entry of this.#waiting.values()) next = Math.min(next ?? entry.dueMs, entry.dueMs);
    return next;
  }

  /** How many keys are due and not handed out. */
  dueCount(nowMs: number): number {
    return [...this.#waiting.values()].filter((entry) => entry.dueMs <= nowMs).length;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get active(): number {
    return this.#active.size;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return (a.priority - b.priority || a.dueMs - b.dueMs) < 0;
}
