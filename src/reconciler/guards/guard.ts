/**
 * Guards: what keeps an action from being done now although nothing of the resource itself is in its way. Each is a rule
 * of its own file, and says why in the words of a hold. They come last, after the plan and its approval, so that a plan
 * that is guarded shows the same rows, waiting. Pure.
 */
import { type Action, type Doable, heldBack, isDoable, type Obstacle, type Plan } from "../core/actions.ts";
import type { HoldReason } from "../core/holds.ts";

export interface Guard {
  /** Why this is not done now; `undefined`: as far as this guard goes, it may be. */
  readonly stops: (action: Doable) => HoldReason | undefined;
  /** What a person has to know, once for all that it stops; without, nobody has to do anything. */
  readonly obstacle?: (stopped: readonly Doable[]) => Obstacle;
}

/** The plan with what a guard stops waiting, and everything else as it was. */
export function heldByGuards(plan: Plan, guards: readonly Guard[] = []): Plan {
  return guards.reduce(heldBy, plan);
}

function heldBy(plan: Plan, { stops, obstacle }: Guard): Plan {
  const stopped: Doable[] = [];
  const held = (action: Action): Action => {
    const reason = isDoable(action) ? stops(action) : undefined;
    if (!isDoable(action) || reason === undefined) return action;
    stopped.push(action);
    return heldBack(action, reason);
  };
  const actions = plan.actions.map(held);
  const obstacles = stopped.length === 0 || obstacle === undefined ? [] : [obstacle(stopped)];
  return { actions, obstacles: [...plan.obstacles, ...obstacles] };
}
