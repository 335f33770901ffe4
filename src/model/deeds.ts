/**
 * What a person can do from a page. Each deed is a form, which the dashboard draws, and a function, which the API runs;
 * both have a table with an entry for each word here.
 */
export const SERVICE_DEEDS = [
  ...(["pause", "resume", "pass-now", "approve", "confirm-epoch"] as const),
  // Of one event of drift, and of one revision.
  ...(["accept", "correct", "ignore", "rollback"] as const),
] as const;
export const FLEET_DEEDS = ["pause-all", "resume-all"] as const;

/** About one service. */
export type ServiceDeed = (typeof SERVICE_DEEDS)[number];
/** About all of them. */
export type FleetDeed = (typeof FLEET_DEEDS)[number];
export type Deed = ServiceDeed | FleetDeed;

export function isDeed(word: string | undefined): word is Deed {
  return [...SERVICE_DEEDS, ...FLEET_DEEDS].some((deed) => deed === word);
}

/** Names of the members of a form, beside those that a deed has of its own. */
export const CSRF_FIELD = "csrf";
export const REASON_FIELD = "reason";
export const DIGEST_FIELD = "digest";
export const EPOCH_FIELD = "epoch";
export const EVENT_FIELD = "event";
export const GENERATION_FIELD = "generation";
/** Ticked by whoever has read the consequence of what cannot be undone. */
export const CONFIRMED_FIELD = "confirmed";
