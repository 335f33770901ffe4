import { keepNewest } from "../model/limits.ts";

/** A map that forgets what was not asked for longest when it holds more than `limit`. */
export class RecentlyUsed<K, V> {
  readonly #limit: number;
  readonly #entries = new Map<K, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  put(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    keepNewest(this.#entries, this.#limit);
  }
}
