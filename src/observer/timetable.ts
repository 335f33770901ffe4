/** When the looks of a Region come, second by second, so that they do not come in step and wait for each other's calls. */

interface Planned {
  readonly second: number;
  readonly calls: number;
}

export class Timetable {
  readonly #planned = new Map<string, Planned>();
  /** Calls that are planned within a second of the clock. */
  readonly #calls = new Map<number, number>();

  /**
   * Chooses the last second between two times that has room, or the one with the fewest calls where none has; what was
   * planned for the same name before is forgotten.
   * @param calls that the look will take
   * @param room calls that a second has room for
   */
  choose(name: string, fromMs: number, untilMs: number, calls: number, room: number): number {
    this.forget(name);
    const last = Math.floor(untilMs / 1000);
    let best = last;
    for (let second = last; second >= Math.ceil(fromMs / 1000); second -= 1) {
      if (this.#at(second) < this.#at(best)) best = second;
      if (this.#at(best) + calls <= Math.max(room, calls)) break;
    }
    this.#planned.set(name, { second: best, calls });
    this.#calls.set(best, this.#at(best) + calls);
    return best === last ? untilMs : best * 1000;
  }

  forget(name: string): void {
    const planned = this.#planned.get(name);
    if (planned === undefined) return;
    this.#planned.delete(name);
    const left = this.#at(planned.second) - planned.calls;
    if (left > 0) this.#calls.set(planned.second, left);
    else this.#calls.delete(planned.second);
  }

  #at(second: number): number {
    return this.#calls.get(second) ?? 0;
  }
}
