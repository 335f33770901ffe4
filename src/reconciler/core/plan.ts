/**
 * Deciding, and nothing else: from what is wanted, what is there and what was last applied to what can be done now.
 * A plan is made anew after every round of answers, so that it never holds what it cannot know yet.
 */
import type { Value } from "../../model/value.ts";
import { differencesOf } from "./diff.ts";
import { type Doubt, TRAFFIC } from "../consistency/stale-lists.ts";
import { type Matching, matched } from "./match.ts";
import { type Arrangement, arrangementOf } from "../cutover/rule-priorities.ts";
import { type Lookup, resolvedFields } from "./references.ts";
import { removalsOf } from "./removal.ts";
import type {
  Action,
  Call,
  Change,
  DesiredResource,
  Difference,
  Fields,
  KindRules,
  Observation,
  ObservedResource,
  Obstacle,
  Plan,
} from "./resource.ts";
import { notEnoughHealthyTargets, type Succession, successionsOf } from "../cutover/target-group-readiness.ts";
import { type Hold, wayOf } from "../cutover/interim.ts";

export interface PlanInput {
  readonly kindNamed: (name: string) => KindRules;
  readonly desired: readonly DesiredResource[];
  readonly observation: Observation;
  /** Address → fields last applied. */
  readonly applied: ReadonlyMap<string, Fields>;
  /**
   * Address → fields whose difference must not be acted on yet (a read not confirmed, a write not visible);
   * `""` stands for the whole resource.
   */
  readonly withheld: ReadonlyMap<string, ReadonlySet<string>>;
  /** Addresses that seem to have drifted: a second look decides, and until then nothing overwrites the evidence. */
  readonly suspected?: ReadonlySet<string>;
  /** Something of ours that a list lacks: see doubt.ts. */
  readonly doubts?: readonly Doubt[];
  /** Addresses that failed in an earlier round of this pass. */
  readonly failed: ReadonlySet<string>;
  /** Fields that somebody else writes as well: see contest.ts. Their keys are withheld. */
  readonly contested?: readonly Obstacle[];
  /** `Delete` and `Retain` when the service itself is to go. */
  readonly goal: "Converge" | "Delete" | "Retain";
  /** The spec says that deletion protection is off. */
  readonly isUnprotected?: boolean;
}

/** One wanted resource beside what is there. */
export interface Comparison {
  readonly desired: DesiredResource;
  readonly observed: ObservedResource | undefined;
  /** In AWS's terms; fields that wait for another resource are missing. */
  readonly fields: Fields;
  /** What the spec asks for in the end, where `fields` is a step on the way. */
  readonly goal?: Fields;
  readonly differences: readonly Difference[];
  /** Addresses that it waits for. */
  readonly waitsFor: readonly string[];
}

export interface Decision extends Plan {
  readonly matching: Matching;
  readonly comparisons: readonly Comparison[];
  /** Wanted, but its kind or the resource itself could not be read: nothing is said about it. */
  readonly unread: readonly DesiredResource[];
  readonly successions: readonly Succession[];
  /** What waits for a target group to have enough healthy targets. */
  readonly holds: readonly Hold[];
}

export function decide(input: PlanInput): Decision {
  const { observation } = input;
  const matching = matched(input.desired, observation.resources);
  const successions = successionsOf(input.desired, matching.current, matching.orphans);
  const { current } = matching;
  const { desired, applied } = input;
  const way = wayOf({ desired, current, observation, successions, applied });
  const wanted = way.desired;
  const comparisons = compare(input, wanted, matching);
  const read = new Set(comparisons.map(({ desired }) => desired.key));
  const arrangement = arrangementOf(
    wanted,
    matching.current,
    observation.resources,
    (key) =>
      isInDoubt(input, "rule") ||
      !read.has(key) ||
      input.failed.has(key) ||
      input.withheld.get(key)?.has("priority") === true,
  );
  const settled = comparisons.map((comparison) => settle(input, matching, comparison, arrangement));
  const actions = [...arrangement.actions, ...settled.flatMap((item) => item.actions)];
  const obstacles = [
    ...(input.contested ?? []),
    ...arrangement.obstacles,
    ...settled.flatMap((item) => item.obstacles),
  ];
  const onTrial = new Set(way.trials.map(({ key }) => key));
  const removals = removalsOf({ ...input, matching, successions, onTrial, pending: actions, obstacles });
  const holds = way.holds.filter(({ resource }) => read.has(resource.key));
  const busy = new Set(actions.map(({ key }) => key));
  const waits = holds.filter(({ resource }) => !busy.has(resource.key)).map((hold) => held(hold, matching));
  return {
    // What waits for its targets is nothing to be done, so that what is not wanted need not wait for it.
    actions: [...actions, ...waits, ...removals.actions],
    obstacles: [...obstacles, ...removals.obstacles],
    matching,
    comparisons,
    unread: wanted.filter((resource) => !read.has(resource.key)),
    successions,
    holds,
  };
}

function held({ resource: { key, kind, name }, trials }: Hold, { current }: Matching): Action {
  const id = current.get(key)?.id;
  return {
    verb: "update",
    key,
    kind,
    name,
    ...(id === undefined ? {} : { id }),
    reason: "the traffic stays with those who serve it",
    differences: [],
    calls: [],
    blockedBy: trials.map((trial) => notEnoughHealthyTargets(trial.key)),
  };
}

const MOVED_BY_SUCCESSION: readonly string[] = ["listener", "rule", "autoScalingGroup"];

/** What moves traffic or instances waits for a second look. */
function isInDoubt({ doubts = [] }: PlanInput, kind: string): boolean {
  return doubts.length > 0 && MOVED_BY_SUCCESSION.includes(kind);
}

/** Then a predecessor may be there that was not seen: whatever moves traffic or instances away from it has to wait. */
function isTrafficUnknown({ unknownKinds, unreadable }: Observation): boolean {
  return (
    TRAFFIC.some((kind) => unknownKinds.has(kind)) ||
    [...unreadable.values()].some(({ kind }) => TRAFFIC.includes(kind))
  );
}

/** In the order of the kinds, so that what a resource refers to has been compared before it. */
function compare(input: PlanInput, wanted: readonly DesiredResource[], matching: Matching): Comparison[] {
  const unsettled = new Set<string>();
  const lookup: Lookup = (key, attribute) => {
    const target = matching.current.get(key);
    if (target === undefined || target.lifecycle === "deleting") return undefined;
    const isVolatile = input.kindNamed(target.kind).volatileAttributes?.includes(attribute) === true;
    return isVolatile && unsettled.has(key) ? undefined : target.attributes[attribute];
  };
  const unreadableNames = new Set(
    [...input.observation.unreadable.values()].map(({ kind, name }) => `${kind} ${name}`),
  );
  const comparisons: Comparison[] = [];
  const goals = new Map(input.desired.map((resource) => [resource.key, resource]));
  const isBlind = isTrafficUnknown(input.observation);
  for (const desired of wanted) {
    if (input.observation.unknownKinds.has(desired.kind)) continue;
    if (isBlind && MOVED_BY_SUCCESSION.includes(desired.kind)) continue;
    if (unreadableNames.has(`${desired.kind} ${desired.name}`) || unreadableNames.has(`${desired.kind} `))
      continue;
    const there = matching.current.get(desired.key);
    // What AWS is removing is as good as gone, but its name is not free yet.
    const isLeaving = there?.lifecycle === "deleting";
    const observed = isLeaving ? undefined : there;
    const kind = input.kindNamed(desired.kind);
    const asMade: Fields =
      observed === undefined ? { ...desired.fields, ...desired.initial } : desired.fields;
    const { fields, waiting } = resolvedFields(asMade, lookup);
    const earlier = (desired.after ?? []).filter((key) => !matching.current.has(key));
    const waitsFor = [
      ...new Set([
        ...(isLeaving ? [`AWS to finish removing ${desired.name}`] : []),
        ...[...waiting.values()].flat(),
        ...(observed === undefined ? earlier : []),
      ]),
    ];
    const differences =
      observed === undefined
        ? []
        : differencesOf(kind, fields, observed.fields, input.applied.get(desired.key), waiting);
    if (observed === undefined || differences.length > 0) unsettled.add(desired.key);
    const goal = goals.get(desired.key) ?? desired;
    const onTheWay = goal === desired ? {} : { goal: resolvedFields(goal.fields, lookup).fields };
    comparisons.push({ desired, observed, fields, ...onTheWay, differences, waitsFor });
  }
  return comparisons;
}

interface Settled {
  readonly actions: Action[];
  readonly obstacles: Obstacle[];
}

const NOTHING: Settled = { actions: [], obstacles: [] };

function settle(
  input: PlanInput,
  matching: Matching,
  comparison: Comparison,
  arrangement: Arrangement,
): Settled {
  const { desired } = comparison;
  if (input.goal !== "Converge" || input.failed.has(desired.key)) return NOTHING;
  if (isInDoubt(input, desired.kind)) return NOTHING;
  const squatter = matching.squatters.get(desired.key);
  if (squatter !== undefined && comparison.observed === undefined)
    return { actions: [], obstacles: [notOurs(desired, squatter)] };
  if (comparison.observed === undefined) {
    const isWithheld = input.withheld.get(desired.key)?.has("") === true;
    if (isWithheld || arrangement.contested.has(desired.key)) return NOTHING;
    const isMoving =
      desired.kind === "rule" &&
      [...arrangement.moving].some((key) => desired.key.startsWith(`${key}.rules.`));
    const waitsFor = isMoving ? [...comparison.waitsFor, "the order of the rules"] : comparison.waitsFor;
    return { actions: [creation(input, { ...comparison, waitsFor })], obstacles: [] };
  }
  return correction(input, comparison, comparison.observed);
}

function notOurs(desired: DesiredResource, squatter: ObservedResource): Obstacle {
  return {
    key: desired.key,
    reason: "NotOurs",
    message:
      `${squatter.id} has the name that ${desired.key} needs (${desired.name}) but does not carry our owner tag, ` +
      "so it is left alone. Remove it, or give it the tags holdfast.dev/owner and holdfast.dev/resource to hand it over.",
  };
}

function creation(input: PlanInput, { desired, fields, waitsFor }: Comparison): Action {
  const kind = input.kindNamed(desired.kind);
  return {
    verb: "create",
    key: desired.key,
    kind: desired.kind,
    name: desired.name,
    reason: input.applied.has(desired.key) ? "AWS no longer has it" : "AWS does not have it",
    differences: [],
    calls: waitsFor.length > 0 ? [] : [kind.create(desired, fields)],
    blockedBy: waitsFor,
  };
}

function correction(input: PlanInput, comparison: Comparison, observed: ObservedResource): Settled {
  const { desired, fields, waitsFor } = comparison;
  const kind = input.kindNamed(desired.kind);
  const withheld = input.withheld.get(desired.key);
  // Its calls write all fields at once, also the one that somebody may have moved.
  if (kind.isWhole === true && input.suspected?.has(desired.key) === true) return NOTHING;
  const differences = comparison.differences.filter(
    // The order of rules is set for a listener as a whole: see priorities.ts.
    ({ field }) => withheld?.has(field) !== true && !(desired.kind === "rule" && field === "priority"),
  );
  if (differences.length === 0 && waitsFor.length === 0) return NOTHING;
  // A call that replaces the whole resource keeps what AWS has in the fields that still wait.
  const waiting = Object.keys(desired.fields).filter((field) => fields[field] === undefined);
  const kept = Object.entries(observed.fields).filter(([field]) => waiting.includes(field));
  const goal = { ...Object.fromEntries(kept), ...fields, ...Object.fromEntries(differences.flatMap(goalOf)) };
  const change: Change = { desired, fields: goal, observed, differences };
  const obstacle = differences.length === 0 ? undefined : kind.obstacle?.(change);
  if (obstacle !== undefined) return { actions: [], obstacles: [{ key: desired.key, ...obstacle }] };
  const calls = differences.length === 0 ? [] : callsOf(kind, change);
  const isStuck = differences.length > 0 && calls.length === 0;
  const action: Action = {
    verb: "update",
    key: desired.key,
    kind: desired.kind,
    name: desired.name,
    id: observed.id,
    reason: differences.length === 0 ? "waits for another resource" : "differs from the spec",
    differences,
    calls,
    blockedBy: calls.length > 0 ? [] : isStuck ? [observed.lifecycleReason ?? "AWS"] : waitsFor,
  };
  return { actions: [action], obstacles: [] };
}

function goalOf({ field, desired }: Difference): [string, Value][] {
  return desired === null ? [] : [[field, desired]];
}

function callsOf(kind: KindRules, change: Change): Call[] {
  const { differences, observed } = change;
  const tags = differences.filter(({ field }) => field.startsWith("tags."));
  const rest = differences.filter(({ field }) => !field.startsWith("tags."));
  const calls = rest.length === 0 ? [] : kind.update({ ...change, differences: rest });
  if (tags.length === 0) return calls;
  const write = Object.fromEntries(
    tags
      .filter(({ desired }) => desired !== null)
      .map(({ field, desired }) => [field.slice("tags.".length), desired]),
  );
  const remove = tags
    .filter(({ desired }) => desired === null)
    .map(({ field }) => field.slice("tags.".length));
  return [...calls, ...(kind.tag?.(observed, write, remove) ?? [])];
}

/** The fields that an action has brought to the spec, once all its calls have succeeded. */
export function withDifferencesSettled(
  observed: ObservedResource,
  differences: readonly Difference[],
): ObservedResource {
  const fields = { ...observed.fields };
  for (const { field, desired } of differences) {
    if (desired === null) delete fields[field];
    else fields[field] = desired;
  }
  return { ...observed, fields };
}

/** A plan without its inputs, which may hold secrets: what is hashed, stored and shown. */
export function planValue(plan: Plan): Value {
  return plan.actions.map((action) => ({
    verb: action.verb,
    key: action.key,
    name: action.name,
    operations: action.calls.map((call) => call.operation),
    differences: action.differences.map((difference) => ({ ...difference })),
    blockedBy: [...action.blockedBy],
  }));
}
