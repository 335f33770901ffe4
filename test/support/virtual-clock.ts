import type { Clock } from "../../src/ports.ts";

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Time that moves only when told to. Timers run in the order of their time, then of their making.
 * Promises settle between two timers, so that code under test sees what it would see in real time.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  #timers: Timer[] = [];

  constructor(startMs = Date.parse("2026-01-01T00:00:00.000Z")) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    this.#order += 1;
    const timer: Timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order, run };
    push(this.#timers, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) removeAt(this.#timers, index);
    };
  }

  /** Lets `ms` pass, running what is due in order. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await turn();
    for (let next = this.#timers[0]; next !== undefined && next.atMs <= untilMs; next = this.#timers[0]) {
      this.#runNext(next);
      await settle();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /** Runs timers until `done()` holds. @throws when `limitMs` of virtual time pass first, or nothing is left to run */
  async runUntil(done: () => boolean, limitMs: number): Promise<void> {
    const untilMs = this.#nowMs + limitMs;
    await turn();
    while (!done()) {
      const next = this.#timers[0];
      if (next === undefined) throw new Error("nothing is scheduled, and it is not done");
      if (next.atMs > untilMs) throw new Error(`not done after ${limitMs} ms of virtual time`);
      this.#runNext(next);
      await settle();
    }
  }

  /** The answer of a promise that needs virtual time to pass. */
  async resolve<T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
    let settled = false;
    const marked = promise.finally(() => {
      settled = true;
    });
    marked.catch(() => undefined);
    await this.runUntil(() => settled, limitMs);
    return marked;
  }

  #runNext(timer: Timer): void {
    removeAt(this.#timers, 0);
    this.#nowMs = Math.max(this.#nowMs, timer.atMs);
    timer.run();
  }
}

/** What is under way outside of promises, as on a socket, gets a turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** All pending promise callbacks run before the next tick, for a small part of the price of a turn. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    queueMicrotask(() => process.nextTick(resolve));
  });
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Timer[], timer: Timer): void {
  heap.push(timer);
  let child = heap.length - 1;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!isBefore(heap[child]!, heap[parent]!)) return;
    [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
    child = parent;
  }
}

function removeAt(heap: Timer[], index: number): void {
  const last = heap.pop()!;
  if (index === heap.length) return;
  heap[index] = last;
  sink(heap, index);
  let child = index;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!isBefore(heap[child]!, heap[parent]!)) return;
    [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
    child = parent;
  }
}

function sink(heap: Timer[], from: number): void {
  let parent = from;
  for (;;) {
    let least = parent;
    for (const child of [2 * parent + 1, 2 * parent + 2]) {
      if (child < heap.length && isBefore(heap[child]!, heap[least]!)) least = child;
    }
    if (least === parent) return;
    [heap[parent], heap[least]] = [heap[least]!, heap[parent]!];
    parent = least;
  }
}
