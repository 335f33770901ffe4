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
/** Of the spec as a text, on a page of its own: it is shown what would happen before anything is written. */
const EDIT = "edit";

/** About one service. */
export type ServiceDeed = (typeof SERVICE_DEEDS)[number];
/** About all of them. */
export type FleetDeed = (typeof FLEET_DEEDS)[number];
export type Deed = ServiceDeed | FleetDeed | typeof EDIT;

export function isDeed(word: string | undefined): word is Deed {
  return [...SERVICE_DEEDS, ...FLEET_DEEDS, EDIT].some((deed) => deed === word);
}

/** Names of the members of a form, beside those that a deed has of its own. */
export const CSRF_FIELD = "csrf";
export const REASON_FIELD = "reason";
export const DIGEST_FIELD = "digest";
export const EPOCH_FIELD = "epoch";
export const EVENT_FIELD = "event";
export const GENERATION_FIELD = "generation";
export const UID_FIELD = "uid";
export const SPEC_FIELD = "spec";
/** Which text it was of which was shown what would happen. */
export const SHOWN_FIELD = "shown";
/** What the button of a form says that has several. */
export const STEP_FIELD = "step";
export const WRITE_STEP = "write";
/** Ticked by whoever has read the consequence of what cannot be undone. */
export const CONFIRMED_FIELD = "confirmed";
