import { LIMITS } from "../model/limits.ts";
import type { Change } from "../ports.ts";

/** A change with the bytes of JSON that it holds, by which the window is bounded. */
export interface SizedChange {
  change: Change;
  bytes: number;
}

/** The latest changes, oldest first, and who wants to hear of more. */
export class ChangeFeed {
  /** Every later change is in the window. */
  #coveredFrom: number;
  #window: SizedChange[] = [];
  #bytes = 0;
  readonly #listeners = new Set<(changes: Change[]) => void>();
  #undelivered: Change[][] = [];
  #delivering = false;

  constructor(resourceVersion: number) {
    this.#coveredFrom = resourceVersion;
  }

  /** Called after the commit. A listener that writes is heard after everyone has heard this. */
  publish(sized: readonly SizedChange[]): void {
    if (sized.length === 0) return;
    for (const one of sized) {
      this.#window.push(one);
      this.#bytes += one.bytes;
    }
    this.#forget();
    this.#undelivered.push(sized.map((one) => one.change));
    if (!this.#delivering) this.#deliver();
  }

  since(resourceVersion: number): Change[] | undefined {
    if (!Number.isSafeInteger(resourceVersion) || resourceVersion < this.#coveredFrom) return undefined;
    const index = this.#window.findIndex((one) => one.change.resourceVersion > resourceVersion);
    return index < 0 ? [] : this.#window.slice(index).map((one) => one.change);
  }

  subscribe(listener: (changes: Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #forget(): void {
    let forgotten = 0;
    while (
      this.#window.length - forgotten > LIMITS.watchWindow ||
      (this.#bytes > LIMITS.watchWindowBytes && forgotten < this.#window.length)
    ) {
      const oldest = this.#window[forgotten]!;
      this.#bytes -= oldest.bytes;
      this.#coveredFrom = oldest.change.resourceVersion;
      forgotten += 1;
    }
    if (forgotten > 0) this.#window.splice(0, forgotten);
  }

  #deliver(): void {
    this.#delivering = true;
    try {
      for (
        let changes = this.#undelivered.shift();
        changes !== undefined;
        changes = this.#undelivered.shift()
      ) {
        for (const listener of [...this.#listeners]) listener(changes);
      }
    } finally {
      this.#delivering = false;
    }
  }
}
