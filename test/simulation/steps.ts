/** A history is a list of steps: data, so that it can be printed, replayed and shortened. */

import type { Quotas } from "../../src/simulator/account/quotas.ts";
import type { TierName } from "./actors/earlier-team.ts";
import type { Delivery, Forgery } from "./actors/event-bus.ts";
import type { NeighbourName } from "./actors/neighbour.ts";
import type { RareDeedName } from "./actors/rare-deeds.ts";
import type { SabotageName } from "./actors/saboteur.ts";
import type { CallFault } from "./call-faults.ts";
import type { Aim } from "./faulty-account.ts";
import type { RareEditName } from "./rare-edits.ts";
import type { EditName } from "./specs.ts";

export const SERVICES = ["web-api", "web-two", "web-three", "web-four"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Where a life ends, seen from one call or one commit. */
export type CrashPoint = "beforeSend" | "afterEffect" | "beforeCommit" | "afterCommit";

export type Step =
  /** Somebody has made a tier, long before any service was asked for. */
  | { do: "found"; tier: TierName }
  /** A tier that was found is imported, and the manifest posted as it comes: it is observed. */
  | { do: "import"; service: ServiceName }
  /** What is observed is managed from now on, or the other way round. */
  | { do: "adopt" | "release"; service: ServiceName }
  /** The user says that no other tool manages the tier any more. */
  | { do: "disown"; service: ServiceName }
  | {
      do: "create";
      service: ServiceName;
      deletionPolicy?: "Retain";
      isProtected?: true;
      /** With the default of `approval`, or what is given: the user approves what waits, sooner or later. */
      asksFirst?: true | "Always";
    }
  | { do: "edit"; service: ServiceName; edit: EditName | RareEditName }
  | { do: "undo"; service: ServiceName }
  | { do: "pause" | "resume" | "delete" | "poke"; service: ServiceName }
  | { do: "unprotect" | "force"; service: ServiceName }
  /** Of all drift that is open; back to the revision before. */
  | { do: "steer"; service: ServiceName; how: "accept" | "correct" | "ignore" | "roll back" }
  /** From the beginning: so many calls of the daemon may correct drift within an hour. */
  | { do: "correct at most"; perHour: number }
  /** How AWS's events come from now on; the first time that the daemon is told of their queue, it starts anew. */
  | { do: "events"; come: Delivery }
  /** Somebody writes into the queue of events what has not happened. */
  | { do: "forge"; service: ServiceName; what: Forgery }
  /** From the beginning: AWS has its rate limits, and others take their share of them. */
  | { do: "other users"; callsPerSecond: number }
  /** From the beginning: routine may take so much of each of AWS's buckets. */
  | { do: "api share"; share: number }
  /** Once a plan waits for it. */
  | { do: "approve"; service: ServiceName }
  | { do: "wait"; seconds: number }
  /** Until the daemon sends a call of this operation. */
  | { do: "until"; sends: string }
  /** Until every service is as its user wants it, or the limit is over. */
  | { do: "settle"; minutes: number }
  | { do: "sabotage"; what: SabotageName | RareDeedName; pick: number }
  | { do: "neighbour"; what: NeighbourName; pick: number }
  | ({ do: "fault"; fault: CallFault } & Aim)
  /** Reads of an API lag behind its writes: from now on, or from call number `call` on for the API that it asks. */
  | { do: "lag"; service: string; seconds: number }
  | { do: "lag"; call: number; seconds: number }
  /** AWS puts at most so many items on a page. */
  | { do: "short pages"; items: number }
  /** AWS allows so many of something. */
  | { do: "quota"; of: keyof Quotas; most: number }
  | { do: "outage"; service: string; seconds: number }
  | { do: "zone outage"; zone: string; seconds: number }
  | { do: "credentials"; seconds: number }
  /** For so long the daemon is run with credentials of another account. */
  | { do: "another account"; seconds: number }
  /** `call` or `commit`: counted from the first of the history; else the `skip`-th from here. */
  | { do: "crash"; point: CrashPoint; call?: number; commit?: number; skip?: number; downSeconds: number }
  | { do: "kill"; downSeconds: number }
  | { do: "lose database" }
  | { do: "backup" }
  | { do: "older database" }
  /** From now on, or from commit number `commit` of the daemon on. */
  | { do: "disk full"; commit?: number; seconds: number }
  | { do: "clock jump"; seconds: number };

export interface History {
  readonly seed: number;
  /**
   * Whether the daemon calls AWS through what it puts between (time limits, rate limits, retries of reads); without
   * it a fault meets the reconciler bare.
   */
  readonly isWhole?: boolean;
  readonly steps: readonly Step[];
}
