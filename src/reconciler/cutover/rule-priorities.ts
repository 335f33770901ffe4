/**
 * Rule priorities. ModifyRule cannot change them, and no two rules of a listener may have the same one, so that all
 * moves of a listener are one SetRulePriorities, which AWS judges by the order that comes out of it
 * (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetRulePriorities.html).
 */
import { type Address, addressFrom, parentOf } from "../../model/address.ts";
import { callOf, type Obstacle, type PriorityMove, type Reorder } from "../core/actions.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { SiblingOrder } from "../core/plan.ts";
import type { DesiredResource, ObservedResource } from "../core/resource.ts";

const HIGHEST_PRIORITY = 50_000;

export interface RuleOrder extends SiblingOrder {
  readonly actions: readonly Reorder[];
  readonly obstacles: readonly Obstacle[];
}

export interface RuleOrderInput {
  readonly kindNamed: KindNamed;
  readonly desired: readonly DesiredResource[];
  readonly current: ReadonlyMap<Address, ObservedResource>;
  readonly observed: readonly ObservedResource[];
  /** Whether the order of the listener, or the priority of the rule, at an address must not be acted on yet. */
  readonly isHeld: (address: Address, orderField: string) => boolean;
}

/** The moves that bring the rules of every listener to their wanted priorities. */
export function ruleOrderOf(input: RuleOrderInput): RuleOrder {
  const { kindNamed, desired, current, observed, isHeld } = input;
  const rules = Map.groupBy(
    desired.flatMap((rule) => {
      const { orderField: field } = kindNamed(rule.kind).traits;
      return field === undefined ? [] : [{ rule, field }];
    }),
    ({ rule }) => parentOf(rule.address),
  );
  const actions: Reorder[] = [];
  const obstacles: Obstacle[] = [];
  const blocked = new Set<Address>();
  const behindMoves = new Set<Address>();
  for (const listener of desired) {
    const [first, ...others] = rules.get(listener.address) ?? [];
    const arn = current.get(listener.address)?.id;
    if (first === undefined || arn === undefined) continue;
    const { field } = first;
    const wanted = [first, ...others].map(({ rule }) => rule);
    // Moves that leave one rule where it is could collide with it: all or none.
    if ([listener, ...wanted].some(({ address }) => isHeld(address, field))) continue;
    const live = observed.filter(({ kind, parent }) => kind === first.rule.kind && parent === arn);
    const order = orderOfListener(wanted, current, live, field);
    obstacles.push(...order.obstacles);
    for (const address of order.blocked) blocked.add(address);
    if (order.moves.length === 0) continue;
    actions.push(reorder(listener, { arn, field, moves: order.moves }));
    for (const { address } of wanted) behindMoves.add(address);
  }
  return { actions, obstacles, blocked, behindMoves };
}

function orderOfListener(
  wanted: readonly DesiredResource[],
  current: ReadonlyMap<Address, ObservedResource>,
  live: readonly ObservedResource[],
  field: string,
): { moves: PriorityMove[]; obstacles: Obstacle[]; blocked: Address[] } {
  const priorityOf = (rule: DesiredResource | ObservedResource) => Number(rule.fields[field]);
  const goals = new Map<number, DesiredResource>(wanted.map((rule) => [priorityOf(rule), rule]));
  const obstacles = live
    .filter((rule) => !rule.owned)
    .flatMap((foreign) => heldByAnother(goals.get(priorityOf(foreign)), foreign, priorityOf(foreign)) ?? []);
  // A rule that cannot go where it should stays where another one should go: then nothing of the listener is moved.
  if (obstacles.length > 0) {
    const holders = new Map(live.map((rule) => [priorityOf(rule), rule.id]));
    const held = [...goals].filter(
      ([to, rule]) => holders.has(to) && holders.get(to) !== current.get(rule.address)?.id,
    );
    return { moves: [], obstacles, blocked: held.map(([, rule]) => rule.address) };
  }
  const moves = [...goals].flatMap(([to, rule]): PriorityMove[] => {
    const now = current.get(rule.address);
    if (now === undefined || priorityOf(now) === to) return [];
    return [{ rule: rule.address, arn: now.id, from: priorityOf(now), to }];
  });
  return {
    moves: [...moves, ...movesOutOfTheWay(new Set(goals.keys()), current, live, priorityOf)],
    obstacles,
    blocked: [],
  };
}

function heldByAnother(
  kept: DesiredResource | undefined,
  foreign: ObservedResource,
  priority: number,
): Obstacle | undefined {
  if (kept === undefined) return undefined;
  return {
    address: kept.address,
    reason: "PriorityHeldByAnother",
    message: `Priority ${priority} is held by ${foreign.id}, which is not ours. Choose another priority, or remove that rule.`,
  };
}

/** Rules of ours that are about to go, but still hold a priority that is wanted: to the far end, where it is free. */
function movesOutOfTheWay(
  goals: ReadonlySet<number>,
  current: ReadonlyMap<Address, ObservedResource>,
  live: readonly ObservedResource[],
  priorityOf: (rule: ObservedResource) => number,
): PriorityMove[] {
  const staying = new Set([...current.values()].map((resource) => resource.id));
  const taken = new Set([...live.map(priorityOf), ...goals]);
  const moves: PriorityMove[] = [];
  let free = HIGHEST_PRIORITY;
  for (const surplus of live.filter((rule) => rule.owned && !staying.has(rule.id))) {
    const from = priorityOf(surplus);
    if (!goals.has(from)) continue;
    while (taken.has(free)) free -= 1;
    taken.add(free);
    moves.push({ rule: surplus.address ?? addressFrom(surplus.id), arn: surplus.id, from, to: free });
  }
  return moves;
}

function reorder(
  listener: DesiredResource,
  { arn, field, moves }: { arn: string; field: string; moves: readonly PriorityMove[] },
): Reorder {
  return {
    verb: "reorder",
    address: listener.address,
    kind: listener.kind,
    name: listener.name,
    id: arn,
    field,
    reason: "rules are not in the order of the spec",
    moves,
    calls: [
      callOf("elasticloadbalancing:SetRulePriorities", {
        RulePriorities: moves.map((move) => ({ RuleArn: move.arn, Priority: move.to })),
      }),
    ],
  };
}

/** Folds the moves into what is known. */
export function reordered(
  observed: readonly ObservedResource[],
  { field, moves }: Reorder,
): ObservedResource[] {
  const placeOf = new Map(moves.map(({ arn, to }) => [arn, to]));
  return observed.map((resource) => {
    const place = placeOf.get(resource.id);
    return place === undefined ? resource : { ...resource, fields: { ...resource.fields, [field]: place } };
  });
}
