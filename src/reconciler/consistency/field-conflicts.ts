/**
 * Fights. A field that was put right again and again within minutes is written by somebody or something else as well;
 * to go on would only spend calls. It is left as it is until the window has passed, and a person is told.
 */
import type { Finding } from "./drift.ts";
import type { Obstacle } from "../core/resource.ts";

/** So many corrections of one field, within so long, are a fight. */
const CORRECTIONS = 5;
const WINDOW_MS = 600_000;

/** A closed drift event, as far as it matters here. */
export interface Correction {
  readonly resource: string;
  readonly field: string;
  readonly closedAtMs: number;
}

/** The findings that are fights, each with what a person has to know. */
export function contestedIn(
  findings: readonly Finding[],
  corrections: readonly Correction[],
  nowMs: number,
): { finding: Finding; obstacle: Obstacle }[] {
  const recent = corrections.filter(
    ({ closedAtMs }) => closedAtMs <= nowMs && nowMs - closedAtMs < WINDOW_MS,
  );
  return findings
    .filter((finding) => {
      const same = recent.filter((one) => one.resource === finding.key && one.field === finding.field);
      return same.length >= CORRECTIONS;
    })
    .map((finding) => ({ finding, obstacle: contested(finding) }));
}

function contested({ key, field }: Finding): Obstacle {
  const what = field === "" ? key : `${field} of ${key}`;
  return {
    key,
    reason: "Contested",
    message:
      `${what} was put right ${CORRECTIONS} times within ten minutes, and moved again each time. ` +
      "Somebody or something else writes it: stop that, or change the spec. It is tried again once ten minutes have passed.",
  };
}
