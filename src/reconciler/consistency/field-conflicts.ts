/**
 * Conflicts. A field that was put right again and again within minutes is written by somebody or something else as well;
 * to go on would only spend calls. It is left as it is until the window has passed, and a person is told.
 */
import type { Address } from "../../model/address.ts";
import type { Obstacle } from "../core/actions.ts";
import type { Hold } from "../core/holds.ts";
import { type Finding, isAbout, type Place, placeOf } from "./drift.ts";

/** So many corrections of one field, within so long, are a conflict. */
const CORRECTIONS = 5;
const WINDOW_MS = 600_000;

/** A closed drift event, as far as it matters here. */
export interface Correction {
  readonly address: Address;
  readonly of: Place;
  readonly closedAtMs: number;
}

/** What somebody else writes as well: what must not be acted on, and what a person has to know. */
export function fieldConflictsIn(
  findings: readonly Finding[],
  corrections: readonly Correction[],
  nowMs: number,
): { readonly holds: readonly Hold[]; readonly obstacles: readonly Obstacle[] } {
  const recent = corrections.filter(
    ({ closedAtMs }) => closedAtMs <= nowMs && nowMs - closedAtMs < WINDOW_MS,
  );
  const conflicts = findings.filter(
    (finding) =>
      recent.filter(({ address, of }) => address === finding.address && isAbout(finding, of)).length >=
      CORRECTIONS,
  );
  return {
    holds: conflicts.map(({ address, ...finding }) => ({
      address,
      ...(finding.change === "Modified" ? { field: finding.field } : {}),
      reason: { because: "contested" },
    })),
    obstacles: conflicts.map(obstacleOf),
  };
}

function obstacleOf(finding: Finding): Obstacle {
  const { address } = finding;
  const place = placeOf(finding);
  const what = place.change === "Missing" ? address : `${place.field} of ${address}`;
  return {
    address,
    reason: "Contested",
    message:
      `${what} was put right ${CORRECTIONS} times within ten minutes, and moved again each time. ` +
      "Somebody or something else writes it: stop that, or change the spec. It is tried again once ten minutes have passed.",
  };
}
