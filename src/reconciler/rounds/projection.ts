/**
 * Everything that a plan will come to: every call of every round, in order. Assumed answers are folded into what is known,
 * as the real ones are, and it is decided again, until nothing is left to do. Where only time, AWS or a person goes on, the
 * calls that come after say what they wait for, and the rest assumes that it comes about. Pure: nothing is asked or sent.
 */
import type { Address } from "../../model/address.ts";
import { LIMITS } from "../../model/limits.ts";
import type { PlanStep } from "../../model/status.ts";
import { namesAndMore } from "../../model/text/names-and-more.ts";
import type { MadeResource } from "../../ports.ts";
import { type Doable, isDoable } from "../core/actions.ts";
import { isStill, type Mandate } from "../core/belonging/mandate.ts";
import { keyOf } from "../core/belonging/ownership.ts";
import type { Comparison } from "../core/compare.ts";
import { withDifferencesSettled } from "../core/diff.ts";
import { type Hold, sentenceOf } from "../core/holds.ts";
import type { Observation } from "../core/observation.ts";
import type { Fields } from "../core/resource.ts";
import { writesOf } from "../core/writes.ts";
import { comparedIn, type Decision, type DecisionInput, decide } from "../decide.ts";
import { kindNamed } from "../kinds/registry.ts";
import { asAdopted, madeOf } from "../made-record.ts";
import { type Applied, after, folded, settledBy, whatIsLeft } from "./answers.ts";
import { assumedAnswer } from "./assumed-answers.ts";
import { companionsOf, madeWith } from "./companions.ts";
import { afterTime, isSameView } from "./passage-of-time.ts";

/** An action at the moment at which it is done, and what is known then. */
export interface Projected {
  readonly action: Doable;
  readonly decision: Decision;
  readonly observation: Observation;
  readonly waitsFor: string | undefined;
}

export interface Projection {
  readonly actions: readonly Projected[];
  readonly steps: readonly PlanStep[];
  /** A bound was reached before everything was said. */
  readonly isCut: boolean;
}

export interface ProjectionInput {
  readonly decisionInput: DecisionInput;
  readonly generation: number;
  /** What somebody has to lift first. */
  readonly pauses: { readonly ofAll: boolean; readonly ofItself: boolean };
  readonly nowMs: number;
}

/** What a pass knows, and what it does not do yet. */
interface State {
  readonly input: DecisionInput;
  /** What it waits for before its next call, for people. */
  readonly waitsFor: string | undefined;
}

export function projectionOf(given: ProjectionInput): Projection {
  const actions: Projected[] = [];
  const steps: PlanStep[] = [];
  let state: State | undefined = begun(given);
  for (let stage = 0; state !== undefined; stage += 1) {
    if (stage >= LIMITS.planStages || steps.length >= LIMITS.planSteps)
      return { actions, steps, isCut: true };
    const { input, done } = stageOf(given, state, actions, steps);
    state = next({ input, waitsFor: state.waitsFor }, done);
  }
  return { actions, steps, isCut: false };
}

/** Before anything: what only a person can set going. */
function begun({ decisionInput, pauses }: ProjectionInput): State | undefined {
  const { mandate, goal } = decisionInput;
  if (mandate === "observe") {
    // What is only observed is left as it is when it is deleted.
    if (goal !== "Converge") return undefined;
    return {
      input: { ...decisionInput, mandate: afterRead("adopt", decisionInput.observation) },
      waitsFor: MANAGED,
    };
  }
  return { input: decisionInput, waitsFor: resumed(pauses) };
}

const MANAGED = "the spec says `management: Manage`";
const RESUMED = "the service is resumed";
const ALL_RESUMED = "the pause for all is lifted";
const BOTH_RESUMED = `${ALL_RESUMED}, and ${RESUMED}`;
const PERSONS_WORDS: readonly (string | undefined)[] = [MANAGED, RESUMED, ALL_RESUMED, BOTH_RESUMED];
const SECOND_READ = "a second read says the same";
const FRESH_READ = "a fresh read shows what was done";

function resumed({ ofAll, ofItself }: ProjectionInput["pauses"]): string | undefined {
  if (ofAll) return ofItself ? BOTH_RESUMED : ALL_RESUMED;
  return ofItself ? RESUMED : undefined;
}

interface Staged {
  readonly input: DecisionInput;
  readonly done: readonly Applied[];
}

/** What one pass does, round by round, as `applyPlan` does it. */
function stageOf(
  { generation, nowMs }: ProjectionInput,
  { input, waitsFor }: State,
  actions: Projected[],
  steps: PlanStep[],
): Staged {
  let observation = input.observation;
  const tried: Hold[] = [];
  const done: Applied[] = [];
  let made = input.made;
  const rounds = isStill(input.mandate ?? "manage") ? 1 : LIMITS.roundsPerPass;
  for (let round = 0; round < rounds; round += 1) {
    const decision = decide({ ...input, observation, holds: [...tried, ...input.holds] });
    const doable = decision.actions.filter(isDoable);
    if (doable.length === 0 || steps.length >= LIMITS.planSteps) break;
    const number = (steps.at(-1)?.round ?? 0) + 1;
    const comparisons = comparedIn(decision);
    const answers = doable.flatMap((action) => {
      actions.push({ action, decision, observation, waitsFor });
      for (const { operation } of action.calls)
        steps.push({
          ...{
            number: steps.length + 1,
            round: number,
            call: operation,
            key: action.address,
            verb: action.verb,
          },
          ...(waitsFor === undefined ? {} : { waitsFor }),
        });
      const itself = answered(action, comparisons.get(action.address), observation, nowMs);
      const parent = itself.resource;
      if (parent === undefined || parent === "gone") return [itself];
      const along = companionsOf(action, comparisons).flatMap((companion): Applied[] => {
        const resource = madeWith(companion, parent, nowMs);
        return resource === undefined ? [] : [{ action: companion.action, resource, requestId: undefined }];
      });
      for (const one of along) actions.push({ action: one.action, decision, observation, waitsFor });
      return [itself, ...along];
    });
    done.push(...answers);
    made = madeAfter(made, answers, comparisons, generation, nowMs);
    tried.push(
      ...answers
        .filter(({ action, resource }) => resource === undefined && action.verb !== "reorder")
        .map(({ action: { address } }) => ({ address, reason: { because: "tried" } as const })),
    );
    observation = folded(observation, answers);
  }
  return { input: { ...input, observation, made }, done };
}

/** What would be known of the resource of an action after its calls. */
function answered(
  action: Doable,
  comparison: Comparison | undefined,
  { resources }: Observation,
  nowMs: number,
): Applied {
  const kind = kindNamed(action.kind);
  const observed = action.verb === "create" ? undefined : resources.find(({ id }) => id === action.id);
  const planned = action.calls.map((call) => ({ call, writes: writesOf(kind, action, comparison, call) }));
  let resource = observed;
  for (const [index, { call, writes }] of planned.entries()) {
    const answer = assumedAnswer(call, { desired: comparison?.desired, observed: resource });
    const isLast = index === planned.length - 1;
    const settled = settledBy(writes, planned.slice(index + 1));
    resource = after(kind, action, comparison, { call, isLast, settled, answer, nowMs }, resource);
  }
  if (planned.length === 0) {
    const answer = { call: undefined, isLast: true, settled: [], answer: {}, nowMs };
    resource = after(kind, action, comparison, answer, resource);
  }
  const isAnother = action.verb === "update" && action.renames === true;
  return { action, resource: isAnother ? undefined : whatIsLeft(action, resource), requestId: undefined };
}

/** As `rememberMade` writes them. */
function madeAfter(
  before: readonly MadeResource[],
  answers: readonly Applied[],
  comparisons: ReadonlyMap<Address, Comparison>,
  generation: number,
  nowMs: number,
): readonly MadeResource[] {
  const rows = new Map(before.map((row) => [keyOf(row), row]));
  for (const { action, resource } of answers) {
    const desired = comparisons.get(action.address)?.desired;
    const there = resource === "gone" ? undefined : resource;
    if (action.verb === "create" && desired !== undefined && there !== undefined)
      rows.set(keyOf(there), madeOf(desired, there, nowMs, "made", [...rows.values()]));
    if (action.verb === "update" && action.renames === true) {
      const row = rows.get(keyOf(action));
      if (row !== undefined) rows.set(keyOf(row), { ...row, address: action.address, name: action.name });
    }
    if (action.verb === "adopt" && there !== undefined) {
      const row = rows.get(keyOf(action));
      if (row !== undefined) rows.set(keyOf(row), asAdopted(row, there, generation, nowMs));
    }
    if (action.verb === "release") rows.delete(keyOf(action));
  }
  return [...rows.values()];
}

/** What goes on after a stage: a fresh read, time, and at last whoever is asked; `undefined` when nothing does. */
function next({ input, waitsFor }: State, done: readonly Applied[]): State | undefined {
  if (input.mandate === "release") return undefined;
  const known = resolvedUnknowns(input.observation, done);
  const mandate = afterRead(input.mandate ?? "manage", known);
  const isSecondRead = input.holds.some(isOfTime) || input.listLacks.length > 0;
  const believed: DecisionInput = {
    ...input,
    mandate,
    observation: known,
    holds: input.holds.filter((hold) => !isOfTime(hold)),
    listLacks: [],
  };
  const wasStill = isStill(input.mandate ?? "manage") && done.length > 0;
  const read = { ...believed, applied: appliedAfter(believed) };
  if ((isSecondRead || wasStill) && hasWork(read))
    return { input: read, waitsFor: joined(waitsFor, isSecondRead ? SECOND_READ : FRESH_READ) };
  let view = read;
  const assumed: string[] = [];
  for (let turn = 0; turn < LIMITS.roundsPerPass; turn += 1) {
    const places = new Map([...placesIn(view)]);
    const passage = afterTime(kindNamed, view.observation, ({ id, name }) => places.get(id) ?? name);
    if (isSameView(passage.observation, view.observation)) break;
    assumed.push(...passage.assumed);
    view = { ...view, observation: passage.observation };
    view = { ...view, applied: appliedAfter(view) };
    if (hasWork(view))
      return { input: view, waitsFor: assumed.length === 0 ? joined(waitsFor, FRESH_READ) : textOf(assumed) };
  }
  return lifted(view);
}

/** Then it is a person's word, one after the other. */
function lifted(view: DecisionInput): State | undefined {
  const { approval, guards = [], ...rest } = view;
  const { pending } = decide(view).approval ?? {};
  if (pending !== undefined)
    return { input: { ...rest, guards }, waitsFor: `plan ${pending.digest} is approved` };
  const [guard, ...others] = guards;
  if (guard === undefined) return undefined;
  const free = { ...rest, ...(approval === undefined ? {} : { approval }), guards: others };
  const stopped = decide(view).actions.find((action) => action.verb === "wait" && action.held !== undefined);
  const reason = stopped?.verb === "wait" ? stopped.until[0] : undefined;
  return { input: free, waitsFor: reason === undefined ? undefined : sentenceOf(reason) };
}

function hasWork(input: DecisionInput): boolean {
  return decide(input).actions.some(isDoable);
}

function isOfTime(hold: Hold): boolean {
  return !isLasting(hold);
}

/** No second read ends it: somebody else writes the field, or AWS does not. */
export function isLasting({ reason: { because } }: Hold): boolean {
  return because === "contested" || because === "ineffective";
}

/** A person's word goes on for what comes after it; what time brings does not. */
function joined(before: string | undefined, then: string): string {
  return PERSONS_WORDS.includes(before) ? `${before}, and ${then}` : then;
}

/** How much of what is assumed is told of one stage. */
const TOLD = 5;

function textOf(assumed: readonly string[]): string {
  return namesAndMore([...new Set(assumed)], TOLD);
}

/** What runs is adopted first, and whoever may write then manages it. */
function afterRead(mandate: Mandate, { resources }: Observation): Mandate {
  if (mandate === "release" || mandate === "observe") return mandate;
  return resources.some(({ isToBeAdopted }) => isToBeAdopted === true) ? mandate : "manage";
}

/** What a read would show of what an answer has left open. */
function resolvedUnknowns(observation: Observation, done: readonly Applied[]): Observation {
  const open = new Map(
    done.flatMap(({ action, resource }) =>
      resource === undefined && action.verb !== "create" ? [[action.id, action] as const] : [],
    ),
  );
  return {
    ...observation,
    resources: observation.resources.map((resource) => {
      const { isTagAwaited, isToBeAdopted, ...known } = resource;
      const there = isTagAwaited === true ? known : resource;
      const action = open.get(there.id);
      if (action?.verb === "delete") return kindNamed(there.kind).removing?.(there, action.calls) ?? there;
      if (action?.verb !== "update") return there;
      const settled = withDifferencesSettled(there, action.differences);
      return action.renames === true ? { ...settled, address: action.address, name: action.name } : settled;
    }),
  };
}

/** As a read writes it down: what is as it is wanted counts as applied. */
function appliedAfter(input: DecisionInput): ReadonlyMap<Address, Fields> {
  const compared = comparedIn(decide(input));
  const applied = new Map(input.applied);
  for (const { desired, observed, fields, differences, left = [] } of compared.values()) {
    if (observed === undefined) continue;
    const differing = new Set(differences.map(({ field }) => field));
    const others = new Set(left.map(({ field }) => field));
    // Of what is left to others, what the spec says of it counts, and not what they have set.
    const asked = left.flatMap(({ field, wanted }) =>
      wanted === undefined ? [] : [[field, wanted] as const],
    );
    const kept = Object.entries(applied.get(desired.address) ?? {}).filter(
      ([field]) => differing.has(field) || others.has(field) || desired.fields[field] !== undefined,
    );
    const right = Object.entries(fields).filter(([field]) => !differing.has(field) && !others.has(field));
    applied.set(desired.address, {
      ...Object.fromEntries(asked),
      ...Object.fromEntries(kept),
      ...Object.fromEntries(right),
    });
  }
  return applied;
}

/** AWS's id → what people call it. */
function placesIn(input: DecisionInput): Map<string, string> {
  return new Map([...decide(input).matching.current].map(([address, { id }]) => [id, address]));
}
