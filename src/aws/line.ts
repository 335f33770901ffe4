/** First come, first served; who leaves from the middle costs nothing. */
interface Standing {
  /** It is not waited for any more. */
  hasLeft: boolean;
}

/** Emptied places at the front that are kept before the list is cut. */
const KEPT = 64;

export class Line<T extends Standing> {
  #waiting: T[] = [];
  #front = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  join(item: T): void {
    this.#waiting.push(item);
    this.#count += 1;
  }

  /** Who is to be served next. */
  head(): T | undefined {
    while (this.#waiting[this.#front]?.hasLeft === true) this.#front += 1;
    if (this.#front > KEPT && this.#front * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#front);
      this.#front = 0;
    }
    return this.#waiting[this.#front];
  }

  /** Served, or gone by itself. */
  leave(item: T): void {
    if (item.hasLeft) return;
    item.hasLeft = true;
    this.#count -= 1;
  }
}
