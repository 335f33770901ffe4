/**
 * Guards: what keeps an action from being done now although nothing of the resource itself is in its way. Each is a rule
 * of its own file, and says why in the words of a hold. They come last, after the plan and its approval, so that a plan
 * that is guarded shows the same rows, waiting. Pure.
 */
import {
  type Action,
  type Call,
  type Doable,
  heldBack,
  isDoable,
  type Obstacle,
  type Plan,
  type Update,
} from "../core/actions.ts";
import type { HoldReason } from "../core/holds.ts";
import type { Difference } from "../core/resource.ts";

export interface Guard {
  /** Why this is not done now; `undefined`: as far as this guard goes, it may be. */
  readonly stops: (action: Doable) => HoldReason | undefined;
  /** Of a change that it stops: the differences that it has nothing against. They are made, and the rest waits. */
  readonly lets?: (action: Update) => readonly Difference[];
  /** What a person has to know, once for all that it stops; without, nobody has to do anything. */
  readonly obstacle?: (stopped: readonly Doable[]) => Obstacle;
}

/** The calls of a change that remove some of its differences, and no others. */
export type CallsFor = (action: Update, differences: readonly Difference[]) => readonly Call[];

/** Where nothing is known of the calls, a change is stopped as a whole. */
const NO_CALLS: CallsFor = () => [];

/** The plan with what a guard stops waiting, and everything else as it was. */
export function heldByGuards(plan: Plan, guards: readonly Guard[] = [], callsFor: CallsFor = NO_CALLS): Plan {
  return guards.reduce((held, guard) => heldBy(held, guard, callsFor), plan);
}

function heldBy(plan: Plan, { stops, lets, obstacle }: Guard, callsFor: CallsFor): Plan {
  const stopped: Doable[] = [];
  const held = (action: Action): Action[] => {
    if (!isDoable(action)) return [action];
    const reason = stops(action);
    if (reason === undefined) return [action];
    const { made, rest } = partsOf(action, lets, callsFor);
    stopped.push(rest);
    return [...made, heldBack(rest, reason)];
  };
  const actions = plan.actions.flatMap(held);
  const obstacles = stopped.length === 0 || obstacle === undefined ? [] : [obstacle(stopped)];
  return { actions, obstacles: [...plan.obstacles, ...obstacles] };
}

/** What of an action is made all the same, and what is left of it. */
function partsOf(
  action: Doable,
  lets: Guard["lets"],
  callsFor: CallsFor,
): { readonly made: readonly Update[]; readonly rest: Doable } {
  const whole = { made: [], rest: action };
  // What turns one resource into another is one step.
  if (action.verb !== "update" || action.renames === true) return whole;
  const differences = lets?.(action) ?? [];
  const others = action.differences.filter((difference) => !differences.includes(difference));
  const calls = callsFor(action, differences);
  if (calls.length === 0 || others.length === 0) return whole;
  return {
    made: [{ ...action, differences, calls }],
    rest: { ...action, differences: others, calls: callsFor(action, others) },
  };
}
