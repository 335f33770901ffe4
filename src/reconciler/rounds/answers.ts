/** What is known once AWS has answered: of the one resource of an action, and of all of them after a round. Pure. */
import type { CloudError } from "../../model/errors.ts";
import type { Adopt, Call, Doable, Update } from "../core/actions.ts";
import type { Comparison } from "../core/compare.ts";
import { withDifferencesSettled } from "../core/diff.ts";
import type { HoldReason } from "../core/holds.ts";
import type { Observation } from "../core/observation.ts";
import { wantedOf } from "../core/plan.ts";
import type { Difference, ObservedResource } from "../core/resource.ts";
import { isTag } from "../core/tags.ts";
import type { Write } from "../core/writes.ts";
import { reordered } from "../cutover/rule-priorities.ts";
import type { Kind } from "../kinds/kind.ts";

/** What became of one action. */
export interface Applied {
  readonly action: Doable;
  /** What is known of the resource now; `gone` after a delete, `undefined` when AWS's answer did not say. */
  readonly resource: ObservedResource | "gone" | undefined;
  readonly requestId: string | undefined;
  readonly error?: CloudError;
  /** It was told to stop after so many of its calls. */
  readonly stoppedAfter?: number;
  /** By a guard, right before the next call was to be sent; without, by a pause or the process's end. */
  readonly heldBy?: HoldReason;
}

/** What the next round is to know of the resource of an action that is done. */
export function whatIsLeft(
  action: Doable,
  resource: ObservedResource | undefined,
): ObservedResource | "gone" | undefined {
  switch (action.verb) {
    case "delete":
      return action.isLast ? "gone" : undefined;
    // It is not ours any more: the next round must not find it again.
    case "release":
      return action.isObserved === true ? resource : "gone";
    case "adopt":
    case "create":
    case "update":
    case "reorder":
      return resource;
  }
}

/** A call of an action, with what it is for. */
export interface Planned {
  readonly call: Call;
  readonly writes: readonly Write[];
}

/** What a call writes and no later one of its action: it is as wanted once that has succeeded. */
export function settledBy(writes: readonly Write[], later: readonly Planned[]): Difference[] {
  const toCome = new Set(
    later.flatMap((one) => one.writes.flatMap(({ differences }) => differences.map(({ field }) => field))),
  );
  return writes.flatMap(({ differences }) => differences.filter(({ field }) => !toCome.has(field)));
}

export interface Answered {
  /** Undefined where the action has none. */
  readonly call: Call | undefined;
  readonly isLast: boolean;
  readonly settled: readonly Difference[];
  readonly answer: unknown;
  readonly nowMs: number;
}

/** What is known of the resource once AWS has answered one of the calls of an action. */
export function after(
  kind: Kind,
  action: Doable,
  comparison: Comparison | undefined,
  answered: Answered,
  before: ObservedResource | undefined,
): ObservedResource | undefined {
  switch (action.verb) {
    case "create":
      return comparison === undefined ? before : madeBy(kind, comparison, answered);
    case "update":
      return before === undefined ? before : updatedBy(kind, action, comparison, answered, before);
    case "adopt":
      return before === undefined ? before : adopted(action, before);
    case "reorder":
    case "delete":
    case "release":
      return before;
  }
}

/** By its tags and its row it is ours. */
function adopted({ differences }: Adopt, before: ObservedResource): ObservedResource {
  const { isToBeAdopted: _left, ...resource } = withDifferencesSettled(before, differences);
  return resource;
}

/** What we have made carries our tag. Where AWS gives no ARN back, a read must say what is known. */
function madeBy(
  kind: Kind,
  { desired, fields }: Comparison,
  { answer, nowMs }: Answered,
): ObservedResource | undefined {
  const made = kind.created(desired, fields, answer, nowMs);
  return made === null ? undefined : { ...made, address: desired.address, owned: true };
}

function updatedBy(
  kind: Kind,
  { address, kind: kindName, name, differences }: Update,
  comparison: Comparison | undefined,
  { call, isLast, settled, answer }: Answered,
  before: ObservedResource,
): ObservedResource | undefined {
  const withSettled = (resource: ObservedResource, which: (field: string) => boolean) =>
    withDifferencesSettled(
      resource,
      (isLast ? differences : settled).filter(({ field }) => which(field)),
    );
  if (comparison === undefined) {
    // It is not wanted any more, or was not compared; what AWS has answered is known of it all the same.
    const change = {
      desired: { address, kind: kindName, name, fields: {} },
      fields: {},
      observed: before,
      differences,
    };
    const told = call === undefined ? undefined : kind.updated?.(change, call, answer);
    // What nobody can tell is read before more is done to it.
    if (told === undefined && differences.length === 0) return undefined;
    return withSettled(told ?? before, () => true);
  }
  const change = {
    desired: comparison.desired,
    fields: { ...comparison.fields, ...wantedOf(differences) },
    observed: before,
    differences,
  };
  if (call === undefined) return before;
  const told = kind.updated?.(change, call, answer);
  // What AWS only begins with is not there when it answers.
  const isDone = (field: string) => kind.gradualFields?.includes(field) !== true;
  if (told === undefined && call.settles === undefined) return withSettled(before, isDone);
  const itself = differences.filter(({ field }) => call.settles?.includes(field) === true);
  return withSettled(told ?? withDifferencesSettled(before, itself), isTag);
}

/** The observation with what AWS has answered folded in: what the next round of the same pass knows. */
export function folded(observation: Observation, applied: readonly Applied[]): Observation {
  // Of what a pause or another wish has stopped, a read shows what was done.
  const done = applied.filter(({ error, stoppedAfter }) => error === undefined && stoppedAfter === undefined);
  // What the answer to an update says of a resource knows nothing of a move beside it, whichever came first.
  const isMove = ({ action }: Applied) => action.verb === "reorder";
  const inOrder = [...done.filter((one) => !isMove(one)), ...done.filter(isMove)];
  return {
    ...observation,
    resources: inOrder.reduce<readonly ObservedResource[]>(withAnswer, observation.resources),
  };
}

function withAnswer(
  resources: readonly ObservedResource[],
  { action, resource }: Applied,
): readonly ObservedResource[] {
  if (action.verb === "reorder") return reordered(resources, action);
  if (resource === undefined) return resources;
  if (action.verb === "create") return resource === "gone" ? resources : [...resources, resource];
  if (resource === "gone") return withoutFamily(resources, action.id);
  return resources.map((item) => (item.id === action.id ? resource : item));
}

/** Without a resource and all that sits on it, on whatever level. */
function withoutFamily(resources: readonly ObservedResource[], id: string): readonly ObservedResource[] {
  const children = resources.filter((item) => item.parent === id && item.id !== id);
  const left = resources.filter((item) => item.id !== id);
  return children.reduce<readonly ObservedResource[]>((rest, child) => withoutFamily(rest, child.id), left);
}
