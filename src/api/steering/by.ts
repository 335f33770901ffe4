/** Who does something, and why, in the words of revisions and events. Pure. */
import type { Actor } from "../../model/actor.ts";

export interface By {
  readonly actor?: Actor | undefined;
  readonly reason?: string | undefined;
}

/** What is asked of a deed that decides on drift. */
export interface DecisionAsked extends By {
  /** Answer with what would be decided and what would follow, and store nothing. */
  readonly isDryRun?: boolean;
}

/** Where no token is demanded nobody is known by name. */
export function whoIs(actor: Pick<Actor, "name"> | undefined): string {
  return actor?.name ?? "Somebody";
}

export function causeOf(what: string, reason: string | undefined): string {
  return reason === undefined ? what : `${what}: ${reason}`;
}
