/** A history is a list of steps: data, so that it can be printed, replayed and shortened. */
import type { CallFault } from "./call-faults.ts";
import type { NeighbourName } from "./neighbour.ts";
import type { SabotageName } from "./saboteur.ts";
import type { EditName } from "./specs.ts";

export const SERVICES = ["web-api", "web-two"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Where a life ends, seen from one call or one commit. */
export type CrashPoint = "beforeSend" | "afterEffect" | "beforeCommit" | "afterCommit";

export type Step =
  | { do: "create"; service: ServiceName; deletionPolicy?: "Retain"; isProtected?: true }
  | { do: "edit"; service: ServiceName; edit: EditName }
  | { do: "undo"; service: ServiceName }
  | { do: "pause" | "resume" | "delete" | "poke"; service: ServiceName }
  | { do: "unprotect"; service: ServiceName }
  | { do: "wait"; seconds: number }
  /** Until every service is as its user wants it, or the limit is over. */
  | { do: "settle"; minutes: number }
  | { do: "sabotage"; what: SabotageName; pick: number }
  | { do: "neighbour"; what: NeighbourName; pick: number }
  /** `call`: counted from the first of the history; without it, the next `times` calls that match. */
  | { do: "fault"; fault: CallFault; call?: number; skip?: number; times?: number; only?: string }
  | { do: "outage"; service: string; seconds: number }
  | { do: "zone outage"; zone: string; seconds: number }
  | { do: "credentials"; seconds: number }
  /** `call` or `commit`: counted from the first of the history; else the `skip`-th from here. */
  | { do: "crash"; point: CrashPoint; call?: number; commit?: number; skip?: number; downSeconds: number }
  | { do: "kill"; downSeconds: number }
  | { do: "lose database" }
  | { do: "backup" }
  | { do: "older database" }
  | { do: "disk full"; seconds: number }
  | { do: "clock jump"; seconds: number };

export interface History {
  readonly seed: number;
  readonly steps: readonly Step[];
}

/** Whether a step of this kind may make AWS differ from what was applied: only then may drift be reported. */
export function isOutsideHand(step: Step): boolean {
  return ["sabotage", "older database"].includes(step.do);
}
