import { LIMITS } from "../limits.ts";

/** How long, and how much, of what was is kept. */
export interface Retention {
  readonly driftDays: number;
  readonly driftEvents: number;
  readonly statusHistoryDays: number;
  /** The present state of each service is kept beyond it. */
  readonly statusHistory: number;
}

export const DEFAULT_RETENTION: Retention = {
  driftDays: LIMITS.driftDays,
  driftEvents: LIMITS.driftEvents,
  statusHistoryDays: LIMITS.statusHistoryDays,
  statusHistory: LIMITS.statusHistory,
};
