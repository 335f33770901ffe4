/** What is made of the events as they come: a look brought forward, something to attribute drift to, a sign that they flow. */
import { type EventFlow, MESSAGE_OUTCOMES, type MessageOutcome } from "../model/fleet/event-flow.ts";
import { keepNewest, LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import { iso } from "../model/time.ts";
import type { Clock, Store } from "../ports.ts";
import { cameBack, type Flow, isFlowing, isHeartbeatDue, STILL, sent, usualDelayMs } from "./flow.ts";
import type { Hint } from "./hint.ts";
import type { Looks } from "./looks.ts";
import { idsIn, matchOf } from "./match.ts";
import { hintIn } from "./parse.ts";
import type { Queue } from "./queue.ts";
import type { Remembered } from "./remembered.ts";

export interface IntakeDependencies {
  readonly store: Pick<Store, "madeAs" | "callOfRequest" | "calls" | "get">;
  readonly clock: Clock;
  readonly queue: Queue;
  readonly looks: Pick<Looks, "request">;
  readonly remembered: Remembered;
  /** Whose instance it is, as far as is known. */
  readonly ofInstance: (id: string) => ObjectKey | undefined;
  /** Somebody has done something to these. */
  readonly onCall: (keys: readonly ObjectKey[]) => void;
}

/** So many of the newest calls of the journal are looked at for those that are to come back. */
const CALLS_LOOKED_AT = 50;

/** Takes events in. An event is never believed: it says where to look, and who may have been there. */
export class Intake {
  readonly #deps: IntakeDependencies;
  readonly #seen = new Set<string>();
  readonly #messages = Object.fromEntries(MESSAGE_OUTCOMES.map((outcome) => [outcome, 0])) as Record<
    MessageOutcome,
    number
  >;
  #flow: Flow = STILL;
  #state: { readonly is: EventFlow["state"]; readonly sinceMs: number };
  #lastEventMs: number | undefined;
  /** Heartbeats that have not come back; a journal has the other calls. */
  readonly #heartbeats = new Map<string, number>();

  constructor(deps: IntakeDependencies) {
    this.#deps = deps;
    this.#state = { is: "silent", sinceMs: deps.clock.nowMs() };
  }

  /** One message. Never throws for what stands in it. @throws StoreError */
  take(body: unknown): MessageOutcome {
    const { queue } = this.#deps;
    const hint = hintIn(body, queue);
    const isRepeated = hint !== undefined && this.#seen.has(hint.id);
    const outcome = isRepeated ? "repeated" : hint === undefined ? "ignored" : this.#taken(hint);
    // Only now: what a fault of the database kept from being taken in comes again.
    if (hint !== undefined) this.#see(hint.id);
    this.#messages[outcome] += 1;
    return outcome;
  }

  #taken(hint: Hint): MessageOutcome {
    const { clock, store, looks, remembered, ofInstance, onCall } = this.#deps;
    this.#lastEventMs = clock.nowMs();
    const sentAtMs = this.#ownCallMs(hint);
    if (sentAtMs !== undefined) {
      this.#flow = cameBack(
        this.#flow,
        { requestId: hint.call?.requestId ?? "", atMs: sentAtMs },
        clock.nowMs(),
      );
      remembered.isOurs(hint);
      return "own";
    }
    if (hint.call !== undefined && !hint.call.hasChanged) return "ignored";
    const ids = idsIn(hint);
    const keys = matchOf(hint, ids.length === 0 ? [] : store.madeAs(ids), ofInstance).filter(
      (key) => store.get(key)?.spec.region === hint.region,
    );
    if (keys.length === 0) return "unmatched";
    remembered.put(keys, hint);
    looks.request(keys);
    if (hint.call !== undefined) onCall(keys);
    return "matched";
  }

  #see(id: string): void {
    this.#seen.add(id);
    keepNewest(this.#seen, LIMITS.eventIds);
  }

  /** When the call was sent, if it is one of ours: by the id that AWS gave it in its answer to us. */
  #ownCallMs({ call }: Hint): number | undefined {
    if (call?.requestId === undefined) return undefined;
    const heartbeat = this.#heartbeats.get(call.requestId);
    this.#heartbeats.delete(call.requestId);
    if (heartbeat !== undefined) return heartbeat;
    const row = this.#deps.store.callOfRequest(call.requestId);
    return row === undefined || row.operation !== call.operation
      ? undefined
      : Date.parse(row.endTime ?? row.time);
  }

  /** What was written lately is to come back. */
  awaitCalls(): void {
    const { store, queue } = this.#deps;
    // A service is read once, however many of the calls are its own.
    const regions = new Map<string, unknown>();
    const regionOf = (key: ObjectKey) => {
      const name = textOfKey(key);
      if (!regions.has(name)) regions.set(name, store.get(key)?.spec.region);
      return regions.get(name);
    };
    for (const call of store.calls({ limit: CALLS_LOOKED_AT }).reverse()) {
      if (call.outcome !== "succeeded" || call.requestId === undefined) continue;
      if (regionOf(call.service) !== queue.region) continue;
      const atMs = Date.parse(call.endTime ?? call.time);
      this.#flow = sent(this.#flow, call.requestId, atMs, this.#deps.clock.nowMs());
    }
    this.#judge();
  }

  get isHeartbeatDue(): boolean {
    return isHeartbeatDue(this.#flow, this.#deps.clock.nowMs());
  }

  heartbeatSent(requestId: string): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#heartbeats.set(requestId, nowMs);
    keepNewest(this.#heartbeats, LIMITS.awaitedCalls);
    this.#flow = sent(this.#flow, requestId, nowMs, nowMs);
  }

  /** Whether routine looks may be rare. */
  isFlowing(): boolean {
    return this.#judge() === "flowing";
  }

  /** @param fault why the queue cannot be read */
  flow(fault?: string): EventFlow {
    const { queue } = this.#deps;
    const delayMs = usualDelayMs(this.#flow);
    const state = this.#judge();
    return {
      region: queue.region,
      queue: queue.name,
      state,
      since: iso(this.#state.sinceMs),
      ...(this.#lastEventMs === undefined ? {} : { lastEventAt: iso(this.#lastEventMs) }),
      ...(delayMs === undefined ? {} : { usualDelaySeconds: Math.round(delayMs / 1000) }),
      messages: { ...this.#messages },
      ...(fault === undefined ? {} : { fault }),
    };
  }

  #judge(): EventFlow["state"] {
    const nowMs = this.#deps.clock.nowMs();
    const is = isFlowing(this.#flow, nowMs) ? "flowing" : "silent";
    if (is !== this.#state.is) this.#state = { is, sinceMs: nowMs };
    return is;
  }
}
