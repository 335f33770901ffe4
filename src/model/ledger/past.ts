/** What the pages of the past show: the drift ledger, and how things stood at a moment. */

import type { ObjectKey } from "../object.ts";
import type { PageContext } from "../status-page.ts";
import type { DriftChange, DriftEvent, DriftState } from "./drift.ts";
import type { StateOfThen } from "./history.ts";

/** What somebody looks for in the ledger; what is not given is not looked at. */
export interface LedgerFilter {
  namespace?: string;
  service?: string;
  resourceKind?: string;
  resource?: string;
  field?: string;
  state?: DriftState;
  change?: DriftChange;
  /** First seen not before this, and before that: ISO 8601 UTC. */
  since?: string;
  until?: string;
}

export interface LedgerModel extends PageContext {
  filter: LedgerFilter;
  /** One page of them, newest first. */
  drift: DriftEvent[];
  /** Where the next page begins. */
  continue?: string;
  /** What was closed before this may be forgotten; absent: nothing was. */
  keptSince?: string;
}

interface OfThen extends PageContext {
  /** The moment that is shown; `now` is when it is looked at. */
  asOf: string;
  /** What was open then, newest first, with what AWS held when it was last seen. */
  drift: DriftEvent[];
  /** Drift that was closed before this may be forgotten, so that some of then may be missing. */
  driftKeptSince?: string;
}

/** The fleet at a moment. */
export interface FleetOfThen extends OfThen {
  namespace?: string;
  /** By namespace and name; no more than a page shows. */
  services: StateOfThen[];
  totalServices: number;
  /** Were there, and their state was not recorded. */
  notRecorded: ObjectKey[];
}

/** One service at a moment; it may be gone by now. */
export interface ServiceOfThen extends OfThen {
  service: StateOfThen;
  /** It is not there any more. */
  isGone: boolean;
}
