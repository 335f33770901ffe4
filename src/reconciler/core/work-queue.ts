/**
 * The queue of keys. A key is in it at most once, with the earliest time that anybody asked for; a key that is being
 * worked on is not handed out again until it is done, and what is asked for meanwhile is remembered.
 */
interface Entry {
  readonly key: string;
  dueMs: number;
  /** Lower goes first among those that are due: what a person waits for comes before the routine. */
  priority: number;
  /** Of two alike, the one that was asked for first goes first. */
  readonly number: number;
}

/** An entry as it was when it was put into line: once it has moved, this place means nothing. */
interface Place {
  readonly entry: Entry;
  readonly dueMs: number;
}

/** What is as urgent: a heap, so that whoever is due first stands at its top. */
interface Line {
  readonly priority: number;
  readonly places: Place[];
}

/** Places that mean nothing are swept out when there are so many more of them than of the others. */
const SWEPT_BEYOND = 64;

export class WorkQueue {
  readonly #limit: number;
  readonly #waiting = new Map<string, Entry>();
  readonly #active = new Map<string, Entry>();
  readonly #again = new Map<string, Entry>();
  /** The most urgent first. */
  #lines: Line[] = [];
  #numbered = 0;

  /** @param limit how many keys it may hold */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Asks for a key at a time. An earlier time and a more urgent priority win. @returns false when it is full */
  add(key: string, dueMs: number, priority: number): boolean {
    const isActive = this.#active.has(key);
    const entries = isActive ? this.#again : this.#waiting;
    const known = entries.get(key);
    if (known !== undefined) {
      if (known.dueMs <= dueMs && known.priority <= priority) return true;
      known.dueMs = Math.min(known.dueMs, dueMs);
      known.priority = Math.min(known.priority, priority);
      if (!isActive) this.#lineUp(known);
      return true;
    }
    if (this.#waiting.size + this.#again.size >= this.#limit) return false;
    const entry = { key, dueMs, priority, number: this.#numbered++ };
    entries.set(key, entry);
    if (!isActive) this.#lineUp(entry);
    return true;
  }

  /**
   * Hands out the most urgent key that is due. It must be given back with {@link done}.
   * @param least it is no less urgent than that
   */
  take(nowMs: number, least = Number.POSITIVE_INFINITY): string | undefined {
    for (const line of this.#lines) {
      const first = this.#firstOf(line);
      if (first === undefined || first.dueMs > nowMs || first.priority > least) continue;
      popped(line.places);
      this.#waiting.delete(first.key);
      this.#active.set(first.key, first);
      return first.key;
    }
    return undefined;
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

  /** When the next key is due that is no less urgent; undefined when none waits. */
  nextDueMs(least = Number.POSITIVE_INFINITY): number | undefined {
    const firsts = this.#lines
      .filter(({ priority }) => priority <= least)
      .map((line) => this.#firstOf(line)?.dueMs)
      .filter((due) => due !== undefined);
    return firsts.length === 0 ? undefined : Math.min(...firsts);
  }

  /** How many keys are due and not handed out; looks at those alone. */
  dueCount(nowMs: number): number {
    const within = ({ priority, places }: Line): number => {
      let count = 0;
      const left = [0];
      for (let at = left.pop(); at !== undefined; at = left.pop()) {
        const place = places[at];
        if (place === undefined || place.dueMs > nowMs) continue;
        if (this.#stands(place, priority)) count += 1;
        left.push(2 * at + 1, 2 * at + 2);
      }
      return count;
    };
    return this.#lines.reduce((total, line) => total + within(line), 0);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get active(): number {
    return this.#active.size;
  }

  /** Places in line, those that mean nothing among them. */
  get places(): number {
    return this.#lines.reduce((total, { places }) => total + places.length, 0);
  }

  #lineUp(entry: Entry): void {
    if (this.places > 2 * this.#waiting.size + SWEPT_BEYOND) this.#sweep();
    let line = this.#lines.find(({ priority }) => priority === entry.priority);
    if (line === undefined) {
      line = { priority: entry.priority, places: [] };
      this.#lines = [...this.#lines, line].sort((a, b) => a.priority - b.priority);
    }
    pushed(line.places, { entry, dueMs: entry.dueMs });
  }

  #firstOf({ priority, places }: Line): Entry | undefined {
    for (let first = places[0]; first !== undefined; first = places[0]) {
      if (this.#stands(first, priority)) return first.entry;
      popped(places);
    }
    return undefined;
  }

  /** Whether it is where its entry is in line now. */
  #stands({ entry, dueMs }: Place, priority: number): boolean {
    return entry.dueMs === dueMs && entry.priority === priority && this.#waiting.get(entry.key) === entry;
  }

  #sweep(): void {
    this.#lines = [];
    for (const entry of this.#waiting.values()) this.#lineUp(entry);
  }
}

function isBefore(a: Place, b: Place): boolean {
  return (a.dueMs - b.dueMs || a.entry.number - b.entry.number) < 0;
}

/** A place finds its way up: https://en.wikipedia.org/wiki/Binary_heap */
function pushed(heap: Place[], place: Place): void {
  let at = heap.length;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Place;
    if (!isBefore(place, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = place;
}

function popped(heap: Place[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    if (left === undefined) break;
    const isRight = right !== undefined && isBefore(right, left);
    const least = isRight ? right : left;
    if (!isBefore(least, last)) break;
    heap[at] = least;
    at = 2 * at + (isRight ? 2 : 1);
  }
  heap[at] = last;
}
