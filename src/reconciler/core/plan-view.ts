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
import { sentenceOf } from "./holds.ts";
import { digestOf } from "./names.ts";
import { planValue } from "./plan.ts";

/** @param approval what it waits for, which is then what its digest stands for */
export function planViewOf(plan: Plan, approval?: ApprovalView): PlanView {
  const rows = plan.actions.map(actionRow);
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

function actionRow(action: Action): PlanRow {
  return {
    verb: verbOf(action),
    key: action.address,
    kind: action.kind,
    name: action.name,
    reason: action.reason,
    calls: callsOf(action).map((call) => call.operation),
    differences: differencesIn(action).map((difference) => ({ ...difference })),
    blockedBy: blockersOf(action).map(sentenceOf),
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
