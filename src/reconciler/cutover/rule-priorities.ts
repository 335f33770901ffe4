/**
 * Rule priorities. ModifyRule cannot change them, and no two rules of a listener may have the same one, so that all
 * moves of a listener are one SetRulePriorities, which AWS judges by the order that comes out of it
 * (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetRulePriorities.html).
 */
import type { Action, DesiredResource, ObservedResource, Obstacle } from "../core/resource.ts";

const PRIORITY_OF = "priority of ";
const HIGHEST_PRIORITY = 50_000;

interface RuleDetail {
  readonly listenerArn: string;
}

export interface Arrangement {
  readonly actions: Action[];
  readonly obstacles: Obstacle[];
  /** Addresses of rules whose priority is held by a rule that stays: somebody else's, or one that such a rule keeps in place. */
  readonly contested: ReadonlySet<string>;
  /** Addresses of listeners whose rules are being moved: new rules come after that. */
  readonly moving: ReadonlySet<string>;
}

/**
 * The moves that bring the rules of every listener to their wanted priorities.
 * @param isWithheld whether the order of the listener, or the priority of the rule, at an address must not be acted on yet
 */
export function arrangementOf(
  desired: readonly DesiredResource[],
  current: ReadonlyMap<string, ObservedResource>,
  observed: readonly ObservedResource[],
  isWithheld: (key: string) => boolean,
): Arrangement {
  const rules = observed.filter((resource) => resource.kind === "rule");
  const actions: Action[] = [];
  const obstacles: Obstacle[] = [];
  const contested = new Set<string>();
  for (const listener of desired.filter((resource) => resource.kind === "listener")) {
    const arn = current.get(listener.key)?.id;
    const wanted = desired.filter(
      (resource) => resource.kind === "rule" && resource.key.startsWith(`${listener.key}.rules.`),
    );
    // Moves that leave one rule where it is could collide with it: all or none.
    if (arn === undefined || wanted.length === 0) continue;
    if (isWithheld(listener.key) || wanted.some((rule) => isWithheld(rule.key))) continue;
    const live = rules.filter((resource) => (resource.detail as RuleDetail).listenerArn === arn);
    const one = arrangementOfListener(wanted, current, live);
    obstacles.push(...one.obstacles);
    for (const key of one.contested) contested.add(key);
    if (one.moves.length > 0) actions.push(arrangeAction(listener, arn, one.moves));
  }
  return {
    actions,
    obstacles,
    contested,
    moving: new Set(actions.map((action) => action.key)),
  };
}

interface Move {
  readonly key: string;
  readonly arn: string;
  readonly from: number;
  readonly to: number;
}

function arrangementOfListener(
  wanted: readonly DesiredResource[],
  current: ReadonlyMap<string, ObservedResource>,
  live: readonly ObservedResource[],
): { moves: Move[]; obstacles: Obstacle[]; contested: string[] } {
  const goals = new Map<number, DesiredResource>(wanted.map((rule) => [Number(rule.fields.priority), rule]));
  const obstacles: Obstacle[] = [];
  for (const foreign of live.filter((rule) => !rule.owned)) {
    const kept = goals.get(Number(foreign.fields.priority));
    if (kept === undefined) continue;
    obstacles.push({
      key: kept.key,
      reason: "PriorityHeldByAnother",
      message: `Priority ${foreign.fields.priority} is held by ${foreign.id}, which is not ours. Choose another priority, or remove that rule.`,
    });
  }
  // A rule that cannot go where it should stays where another one should go: then nothing of the listener is moved.
  if (obstacles.length > 0) {
    const holders = new Map(live.map((rule) => [Number(rule.fields.priority), rule.id]));
    const held = [...goals].filter(
      ([to, rule]) => holders.has(to) && holders.get(to) !== current.get(rule.key)?.id,
    );
    return { moves: [], obstacles, contested: held.map(([, rule]) => rule.key) };
  }
  const moves: Move[] = [];
  for (const [to, rule] of goals) {
    const now = current.get(rule.key);
    if (now !== undefined && Number(now.fields.priority) !== to) {
      moves.push({ key: rule.key, arn: now.id, from: Number(now.fields.priority), to });
    }
  }
  moves.push(...movesOutOfTheWay(goals, current, live));
  return { moves, obstacles, contested: [] };
}

/** Rules of ours that are about to go, but still hold a priority that is wanted: to the far end, where it is free. */
function movesOutOfTheWay(
  goals: ReadonlyMap<number, DesiredResource>,
  current: ReadonlyMap<string, ObservedResource>,
  live: readonly ObservedResource[],
): Move[] {
  const staying = new Set([...current.values()].map((resource) => resource.id));
  const taken = new Set([...live.map((rule) => Number(rule.fields.priority)), ...goals.keys()]);
  const moves: Move[] = [];
  let free = HIGHEST_PRIORITY;
  for (const orphan of live.filter((rule) => rule.owned && !staying.has(rule.id))) {
    const from = Number(orphan.fields.priority);
    if (!goals.has(from)) continue;
    while (taken.has(free)) free -= 1;
    taken.add(free);
    moves.push({ key: orphan.key ?? orphan.id, arn: orphan.id, from, to: free });
  }
  return moves;
}

function arrangeAction(listener: DesiredResource, arn: string, moves: readonly Move[]): Action {
  return {
    verb: "arrange",
    key: listener.key,
    kind: "listener",
    name: listener.name,
    id: arn,
    reason: "rules are not in the order of the spec",
    differences: moves.map((move) => ({
      field: `${PRIORITY_OF}${move.key}`,
      desired: move.to,
      observed: move.from,
    })),
    calls: [
      {
        operation: "elasticloadbalancing:SetRulePriorities",
        input: { RulePriorities: moves.map((move) => ({ RuleArn: move.arn, Priority: move.to })) },
      },
    ],
    blockedBy: [],
  };
}

/** Address of the rule that a difference of an arrangement is about. */
export function movedRule(field: string): string {
  return field.slice(PRIORITY_OF.length);
}

/** Folds an arrangement into what is known. */
export function rearranged(observed: readonly ObservedResource[], action: Action): ObservedResource[] {
  const [call] = action.calls;
  const priorities = (call?.input.RulePriorities ?? []) as { RuleArn: string; Priority: number }[];
  const priorityOf = new Map(priorities.map((pair) => [pair.RuleArn, pair.Priority]));
  return observed.map((resource) => {
    const priority = priorityOf.get(resource.id);
    return priority === undefined ? resource : { ...resource, fields: { ...resource.fields, priority } };
  });
}
