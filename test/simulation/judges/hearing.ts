/** Whether the daemon knows that AWS's events come, and that they do not: by what it says of their flow. */
import type { Delivery } from "../actors/event-bus.ts";

export interface HearingHooks {
  nowMs(): number;
  /** How events come, and since when; absent in a world without them. */
  delivery(): { readonly how: Delivery; readonly sinceMs: number } | undefined;
  /** What the daemon believes; absent while it is down, or knows of no queue. */
  isFlowing(): boolean | undefined;
  /** It believes something else than before: what is promised changes with it. */
  turned(): void;
  object(text: string): void;
}

/** A call of ours may take so long to come back before it is missed, and one is made so often: src/events/flow.ts. */
const MISSED_MS = (20 + 5 + 1) * 60_000;
/** A heartbeat, and the longest that an event takes that comes in time. */
const HEARD_MS = 2 * 60_000;

export class Hearing {
  readonly #hooks: HearingHooks;
  #wasFlowing = false;
  #disturbedAtMs = Number.NEGATIVE_INFINITY;

  constructor(hooks: HearingHooks) {
    this.#hooks = hooks;
  }

  /** The daemon has been started, or something is in its way. */
  disturb(): void {
    this.#disturbedAtMs = this.#hooks.nowMs();
  }

  check(): void {
    const { nowMs, delivery, isFlowing, turned, object } = this.#hooks;
    const [now, is] = [delivery(), isFlowing()];
    if (now === undefined || is === undefined) return;
    if (is !== this.#wasFlowing) turned();
    this.#wasFlowing = is;
    const forMs = nowMs() - Math.max(now.sinceMs, this.#disturbedAtMs);
    if (is && now.how === "never" && forMs > MISSED_MS)
      object(`events are said to come, and none has come for ${Math.round(forMs / 1000)} s`);
    if (!is && now.how === "in time" && forMs > HEARD_MS + MISSED_MS)
      object(`events are said not to come, and they have come in time for ${Math.round(forMs / 1000)} s`);
  }
}
