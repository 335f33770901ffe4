const SECONDS = 60;

/** How many calls were let go within the last minute, in memory that does not grow. */
export class RecentCalls {
  readonly #inAll = new Uint32Array(SECONDS);
  readonly #routine = new Uint32Array(SECONDS);
  #second = 0;

  count(nowMs: number, isRoutine: boolean): void {
    const slot = this.#turnedTo(nowMs);
    this.#inAll[slot] = (this.#inAll[slot] ?? 0) + 1;
    if (isRoutine) this.#routine[slot] = (this.#routine[slot] ?? 0) + 1;
  }

  /** Calls per second. */
  rates(nowMs: number): { inAll: number; routine: number } {
    this.#turnedTo(nowMs);
    const sum = (counts: Uint32Array) => counts.reduce((total, count) => total + count, 0) / SECONDS;
    return { inAll: sum(this.#inAll), routine: sum(this.#routine) };
  }

  #turnedTo(nowMs: number): number {
    const second = Math.floor(nowMs / 1000);
    // A clock that went back by more than a minute begins anew; by less, it counts onto what there is.
    const passed = second < this.#second - SECONDS ? SECONDS : Math.min(SECONDS, second - this.#second);
    for (let step = 1; step <= passed; step += 1) {
      const slot = modulo(second - passed + step);
      this.#inAll[slot] = 0;
      this.#routine[slot] = 0;
    }
    if (passed > 0) this.#second = second;
    return modulo(this.#second);
  }
}

function modulo(second: number): number {
  return ((second % SECONDS) + SECONDS) % SECONDS;
}
