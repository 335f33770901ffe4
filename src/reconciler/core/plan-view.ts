/** The plan as people and programs see it: without inputs, which may hold secrets. */
import type { ApprovalView, PlanRow, PlanView } from "../../model/status.ts";
import {
  type Action,
  blockersOf,
  callsOf,
  differencesIn,
  type Obstacle,
  type Plan,
  verbOf,
} from "./actions.ts";
import { consequencesOf, type Known } from "./consequences.ts";
import { sentenceOf } from "./holds.ts";
import { digestOf } from "./names.ts";
import { planValue } from "./plan.ts";

/**
 * @param approval what it waits for, which is then what its digest stands for
 * @param known by which the consequences of its actions are told
 */
export function planViewOf(plan: Plan, approval?: ApprovalView, known?: Known): PlanView {
  const rows = plan.actions.map((action) => planRowOf(action, known));
  const obstacles = plan.obstacles.map(obstacleRow);
  const count = (verb: string) => rows.filter((row) => row.verb === verb).length;
  return {
    digest: approval?.digest ?? digestOf(planValue(plan)).slice(0, 16),
    ...(approval === undefined ? {} : { approval }),
    rows: [...rows, ...obstacles],
    summary: {
      create: count("create"),
      update: count("update") + count("reorder"),
      delete: count("delete"),
      blocked: rows.filter((row) => row.blockedBy.length > 0).length + obstacles.length,
    },
  };
}

export function planRowOf(action: Action, known: Known | undefined): PlanRow {
  const consequences = known === undefined ? [] : consequencesOf(known, action);
  return {
    verb: verbOf(action),
    key: action.address,
    kind: action.kind,
    name: action.name,
    reason: action.reason,
    calls: callsOf(action).map((call) => call.operation),
    differences: differencesIn(action).map((difference) => ({ ...difference })),
    blockedBy: blockersOf(action).map(sentenceOf),
    ...(consequences.length === 0 ? {} : { consequences }),
  };
}

function obstacleRow(obstacle: Obstacle): PlanRow {
  return {
    verb: "stop",
    key: obstacle.address,
    kind: "",
    name: "",
    reason: obstacle.message,
    calls: [],
    differences: [],
    blockedBy: [obstacle.reason],
  };
}
