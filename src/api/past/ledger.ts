import { InvalidSpecError } from "../../model/errors.ts";
import { DRIFT_CHANGES, DRIFT_STATES } from "../../model/ledger/drift.ts";
import type { LedgerFilter, LedgerModel } from "../../model/ledger/past.ts";
import { LIMITS } from "../../model/limits.ts";
import type { PageContext } from "../../model/status-page.ts";
import type { ServedStore } from "../access/served-store.ts";
import { ApiError, causeOf } from "../error.ts";
import { timeIn } from "./times.ts";

/** The query of the page of the ledger; a form sends what is left empty as an empty text. */
export interface LedgerQuery {
  namespace?: string;
  service?: string;
  kind?: string;
  resource?: string;
  field?: string;
  state?: string;
  change?: string;
  since?: string;
  until?: string;
  continue?: string;
}

const WORD = { type: "string", maxLength: 300 } as const;

export const LEDGER_PAGE_PARAMETERS = {
  namespace: { ...WORD, description: "Of one namespace" },
  service: { ...WORD, description: "Of the services of this name" },
  kind: { ...WORD, description: "Of one kind of resource, as `targetGroup`" },
  resource: { ...WORD, description: "Of one address in the spec" },
  field: { ...WORD, description: "Of one field" },
  state: { type: "string", enum: [...DRIFT_STATES, ""] },
  change: { type: "string", enum: [...DRIFT_CHANGES, ""] },
  since: { type: "string", maxLength: 40, description: "First seen at this time or later" },
  until: { type: "string", maxLength: 40, description: "First seen before this time" },
  continue: { type: "string", maxLength: 4096, description: "The token of the page before" },
} as const;

/** One page of the ledger. @throws ApiError 400 when a time or the place is not understood */
export function ledgerModel(store: ServedStore, context: PageContext, query: LedgerQuery): LedgerModel {
  const filter = filterOf(query);
  const place = query.continue ? { continue: query.continue } : {};
  const page = pageOf(() => store.driftEvents({ ...filter, ...place, limit: LIMITS.ledgerPage }));
  const keptSince = store.keptSince("drift_events");
  return {
    ...context,
    filter,
    drift: page.items,
    ...(page.continue !== undefined && { continue: page.continue }),
    ...(keptSince !== undefined && { keptSince }),
  };
}

function filterOf(query: LedgerQuery): LedgerFilter {
  const { kind, since, until } = query;
  const words = (["namespace", "service", "resource", "field", "state", "change"] as const).flatMap(
    (name) => {
      const word = query[name]?.trim() ?? "";
      return word === "" ? [] : [[name, word] as const];
    },
  );
  return {
    ...(Object.fromEntries(words) as LedgerFilter),
    ...(kind?.trim() ? { resourceKind: kind.trim() } : {}),
    ...(since ? { since: timeIn("since", since) } : {}),
    ...(until ? { until: timeIn("until", until) } : {}),
  };
}

function pageOf<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidSpecError)) throw error;
    throw new ApiError(400, error.message, { causes: error.faults.map(causeOf) });
  }
}
