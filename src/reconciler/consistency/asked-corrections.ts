/**
 * Corrections that a person has asked for. Such drift is put right by the next pass, also where its rule only reports it,
 * or where it has come back so often that it is left alone; once, for the event that it is asked of is closed then.
 */
import { type DriftEvent, isToBeCorrected } from "../../model/ledger/drift.ts";
import { type IsAsked, isAbout } from "./drift.ts";

export function askedCorrections(open: readonly DriftEvent[]): IsAsked {
  const asked = open.filter(isToBeCorrected);
  return (address, place) =>
    asked.some(({ resource, change, field }) => {
      return resource === address && isAbout(change === "Missing" ? { change } : { change, field }, place);
    });
}
