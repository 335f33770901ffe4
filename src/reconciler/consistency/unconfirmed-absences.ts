/**
 * What is not in AWS's answers and was there before, until a second look has shown the same: for the plan that is held
 * back (see drift.ts and stale-lists.ts), for whoever tells people what there is it is unknown. One answer may be older
 * than all that we have made.
 */
import type { Address } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import type { Comparison } from "../core/compare.ts";
import type { Holds } from "../core/holds.ts";
import type { Observation } from "../core/observation.ts";
import { type JournalRow, type MadeRow, unexplainedAbsences } from "./own-removals.ts";
import type { ListLack } from "./stale-lists.ts";

/** Something of ours that may be there still. */
export interface UnconfirmedAbsence {
  readonly kind: KindName;
  readonly name: string;
}

export interface UnconfirmedAbsencesInput {
  /** Of what was read, without anything held back. */
  readonly comparisons: readonly Pick<Comparison, "desired" | "observed">[];
  readonly holds: Holds;
  readonly listLacks: readonly ListLack[];
  /** What is known to be ours by its id; what two looks have not shown is no longer among it. */
  readonly made: readonly MadeRow[];
  /** What was read in this pass. */
  readonly read: Observation;
  /** The same, with AWS's answers folded in. */
  readonly known: Observation;
  /** The journal as far as it is near, asked only where something is missing that is known to be ours. */
  readonly calls: () => readonly JournalRow[];
}

/** Each once: what is wanted first, then what is only known to have been made. */
export function unconfirmedAbsencesIn(input: UnconfirmedAbsencesInput): UnconfirmedAbsence[] {
  const { comparisons, holds, listLacks, made, read, known, calls } = input;
  const wanted = comparisons
    .filter(({ desired, observed }) => observed === undefined && isHeldBack(holds, desired.address))
    .map(({ desired: { kind, name } }) => ({ kind, name }));
  const lacking = listLacks.filter(({ isConfirmed }) => !isConfirmed);
  // Also what is not wanted any more, and serves until it is gone.
  const ids = new Set(known.resources.map(({ id }) => id));
  const unexplained = unexplainedAbsences(made, read, calls).filter(({ id }) => !ids.has(id));
  const shown = new Set(known.resources.filter(({ owned }) => owned).map(textOf));
  const all = new Map(
    [...wanted, ...lacking, ...unexplained].map(({ kind, name }) => [textOf({ kind, name }), { kind, name }]),
  );
  return [...all].filter(([text]) => !shown.has(text)).map(([, absence]) => absence);
}

/** By a suspicion of the read, and not by something that is known, as that somebody removes it again and again. */
function isHeldBack(holds: Holds, address: Address): boolean {
  const because = holds.on(address)?.because;
  return because === "unconfirmed" || because === "own write";
}

function textOf({ kind, name }: UnconfirmedAbsence): string {
  return `${kind} ${name}`;
}
