/** Who is said to have moved something has done just that, just there; and where every event comes in time, it is said. */
import type { Attribution } from "../../../src/model/ledger/attribution.ts";
import type { DriftEvent } from "../../../src/model/ledger/drift.ts";
import { INNOCENT } from "../actors/event-bus.ts";

/** One call that somebody has made, and that AWS has not refused. */
export interface Deed {
  readonly operation: string;
  readonly atMs: number;
  /** Whether it was made on what a drift event is about, or on what that sits on. */
  readonly concerns: (event: DriftEvent) => boolean;
}

/** CloudTrail's times are whole seconds, and a call takes some time. */
const CLOCK_MS = 5_000;
const SABOTEUR = "arn:aws:iam::123456789012:user/sabotage";

export class Attributions {
  readonly #deeds: Deed[] = [];
  /** Those whose events have come late, or not at all. */
  readonly #untold = new Set<Deed>();
  readonly #object: (text: string) => void;
  /** What somebody has forged messages of: whoever may write to the queue can put a name on what has really moved. */
  readonly #forged: Deed[] = [];

  constructor(object: (text: string) => void) {
    this.#object = object;
  }

  did(deed: Deed, comesInTime: boolean): void {
    this.#deeds.push(deed);
    if (!comesInTime) this.#untold.add(deed);
  }

  forged(deed: Deed): void {
    this.#forged.push(deed);
  }

  hear(event: DriftEvent): void {
    const { attribution, service, resource, field } = event;
    if (attribution === undefined) return;
    const { principal, eventName } = attribution;
    const known = principal === SABOTEUR ? this.#deeds : principal === INNOCENT ? this.#forged : [];
    if (!known.some((deed) => isOf(deed, attribution) && deed.concerns(event)))
      this.#object(`${principal} is said to have moved ${service} ${resource} ${field} by ${eventName}`);
  }

  /** Drift of what somebody has laid hands on, who was told of, and nobody is named. */
  nameless(events: readonly DriftEvent[]): string[] {
    const isTold = (event: DriftEvent) => {
      const deeds = this.#deeds.filter((deed) => deed.concerns(event));
      return deeds.length > 0 && deeds.every((deed) => !this.#untold.has(deed));
    };
    return events
      .filter((event) => event.attribution === undefined && isTold(event))
      .map(({ service, resource, field }) => `nobody is said to have moved ${service} ${resource} ${field}`);
  }
}

function isOf({ operation, atMs }: Deed, { eventName, eventTime }: Attribution): boolean {
  return operation === eventName && Math.abs(Date.parse(eventTime) - atMs) <= CLOCK_MS;
}
