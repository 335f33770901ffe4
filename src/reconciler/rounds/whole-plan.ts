/** The plan as people and programs see it, with everything that it comes to: pure. */
import type { Consequence, PlanRow, PlanView } from "../../model/status.ts";
import { consequencesOf } from "../core/consequences.ts";
import { planRowOf } from "../core/plan-view.ts";
import { kindNamed } from "../kinds/registry.ts";
import type { Projected, Projection } from "./projection.ts";

/**
 * A row that waits gets the calls that it comes to; what only shows itself later stands behind, each with what it waits
 * for.
 */
export function wholePlanOf(view: PlanView, { actions, steps, isCut }: Projection): PlanView {
  const left = [...actions];
  const rows = view.rows.map((row): PlanRow => {
    const index = left.findIndex(({ action: { address, verb } }) => address === row.key && verb === row.verb);
    const [projected] = index === -1 ? [] : left.splice(index, 1);
    return projected === undefined ? row : withProjected(row, projected);
  });
  const later = left.map((projected) => {
    const row = rowOf(projected);
    const { waitsFor } = projected;
    return waitsFor === undefined ? row : { ...row, blockedBy: [waitsFor] };
  });
  const stops = rows.filter(({ verb }) => verb === "stop");
  const all = [...rows.filter(({ verb }) => verb !== "stop"), ...later, ...stops];
  const count = (...verbs: string[]) =>
    new Set(all.filter(({ verb }) => verbs.includes(verb)).map(({ verb, key }) => `${verb} ${key}`)).size;
  return {
    ...view,
    rows: all,
    steps: steps.map((step) => ({ ...step })),
    ...(isCut ? { cut: true } : {}),
    summary: {
      ...view.summary,
      create: count("create"),
      update: count("update", "reorder"),
      delete: count("delete"),
      blocked: all.filter(({ blockedBy }) => blockedBy.length > 0).length,
    },
  };
}

function rowOf({ action, decision: { matching }, observation: { resources } }: Projected): PlanRow {
  return planRowOf(action, { kindNamed, resources, matching });
}

/** What is known of it by the time that it is done. */
function withProjected(
  row: PlanRow,
  { action, decision: { matching }, observation: { resources } }: Projected,
): PlanRow {
  const later = consequencesOf({ kindNamed, resources, matching }, action);
  const known = row.consequences ?? [];
  const consequences = [...known, ...later.filter((one) => !known.some((other) => isSame(one, other)))];
  return {
    ...row,
    calls: action.calls.map(({ operation }) => operation),
    ...(consequences.length === 0 ? {} : { consequences }),
  };
}

function isSame(a: Consequence, b: Consequence): boolean {
  return a.effect === b.effect && a.says === b.says;
}
