import type { Clock, Rng } from "../../ports.ts";

/** What every service is given. All times are milliseconds of the injected clock. */
export interface AccountContext {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly accountId: string;
  readonly region: string;
  /** Hexadecimal id material of the given length, from `rng`, never repeated. */
  id(length: number): string;
}
