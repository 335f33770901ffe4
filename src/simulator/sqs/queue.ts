/** One standard queue: what is in it, who sees it when, and who waits for it. All times in milliseconds. */
import { createHash } from "node:crypto";
import { keepNewest, LIMITS } from "../../model/limits.ts";
import type { Clock } from "../../ports.ts";
import { type SettableAttributes, USUAL_ATTRIBUTES } from "./attributes.ts";

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly senderId: string;
  readonly sentAtMs: number;
  visibleAtMs: number;
  receives: number;
  firstReceivedAtMs: number | undefined;
}

export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  changedAtMs: number;
  purgedAtMs = Number.NEGATIVE_INFINITY;
  attributes: SettableAttributes = USUAL_ATTRIBUTES;
  readonly tags = new Map<string, string>();
  readonly #clock: Clock;
  readonly #messages = new Map<string, Message>();
  readonly #waiting = new Set<() => void>();

  constructor(name: string, arn: string, clock: Clock) {
    this.name = name;
    this.arn = arn;
    this.#clock = clock;
    this.createdAtMs = clock.nowMs();
    this.changedAtMs = this.createdAtMs;
  }

  seconds(attribute: string): number {
    return Number(this.attributes[attribute]);
  }

  /** Of a queue that holds all that it can, the oldest message goes. */
  add(message: Message): void {
    this.#expire();
    this.#messages.set(message.id, message);
    keepNewest(this.#messages, LIMITS.simulatorQueueMessages);
    this.wake();
  }

  get(id: string): Message | undefined {
    this.#expire();
    return this.#messages.get(id);
  }

  delete(id: string): void {
    this.#messages.delete(id);
  }

  clear(): void {
    this.#messages.clear();
  }

  /** Those that may be received now, oldest first. */
  visible(): Message[] {
    this.#expire();
    const nowMs = this.#clock.nowMs();
    return [...this.#messages.values()].filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    const visible = this.visible().length;
    const hidden = [...this.#messages.values()].filter(
      ({ visibleAtMs }) => visibleAtMs > this.#clock.nowMs(),
    );
    const inFlight = hidden.filter(({ receives }) => receives > 0).length;
    return { visible, inFlight, delayed: hidden.length - inFlight };
  }

  /** Whoever waits looks again. */
  wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Ends as soon as a message may be received, and when the time is over. sqs/long-polling */
  arrival(waitMs: number): Promise<void> {
    const untilMs = this.#clock.nowMs() + waitMs;
    return new Promise((resolve) => {
      let cancel = (): void => undefined;
      const look = (): void => {
        cancel();
        const nowMs = this.#clock.nowMs();
        if (nowMs >= untilMs || this.visible().length > 0) {
          this.#waiting.delete(look);
          resolve();
          return;
        }
        cancel = this.#clock.schedule(Math.min(untilMs, this.#nextVisibleAtMs()) - nowMs, look);
      };
      this.#waiting.add(look);
      look();
    });
  }

  #nextVisibleAtMs(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { visibleAtMs } of this.#messages.values()) least = Math.min(least, visibleAtMs);
    return least;
  }

  /** sqs/retention */
  #expire(): void {
    const oldestMs = this.#clock.nowMs() - this.seconds("MessageRetentionPeriod") * 1_000;
    for (const message of this.#messages.values()) {
      if (message.sentAtMs >= oldestMs) return;
      this.#messages.delete(message.id);
    }
  }
}

export function md5Of(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
