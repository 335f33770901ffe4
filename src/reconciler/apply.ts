/** Doing what a plan says, and writing down every call before it is sent and after it is answered. */
import { CloudError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { ObjectKey } from "../model/object.ts";
import { valuesEqual } from "../model/value.ts";
import type { Cloud, Input, OperationName, Store } from "../ports.ts";
import type { Comparison } from "./core/plan.ts";
import { withDifferencesSettled } from "./core/plan.ts";
import { movedRule, rearranged } from "./cutover/rule-priorities.ts";
import type { Action, Call, Fields, Observation, ObservedResource } from "./core/resource.ts";
import type { Kind } from "./kinds/kind.ts";

export interface ApplyInput {
  readonly cloud: Cloud;
  readonly store: Store;
  readonly kindNamed: (name: string) => Kind;
  readonly service: ObjectKey;
  readonly generation: number;
  readonly planDigest: string;
  readonly nowMs: () => number;
  /** Whether the plan is still the one to carry out; once it is not, no further action is begun. */
  readonly isCurrent: () => boolean;
  /** Whether it has been told to stop, by a person's pause or by the process's end: not even a begun action goes on. */
  readonly isHalted: () => boolean;
}

/** What became of one action. */
export interface Applied {
  readonly action: Action;
  /** What is known of the resource now; `gone` after a delete, `undefined` when AWS's answer did not say. */
  readonly resource: ObservedResource | "gone" | undefined;
  readonly requestId: string | undefined;
  readonly error?: CloudError;
}

/** One round: everything that can be done now, several at a time. Failures are answers, not exceptions. */
export async function applyRound(
  input: ApplyInput,
  actions: readonly Action[],
  comparisons: ReadonlyMap<string, Comparison>,
  observation: Observation,
): Promise<Applied[]> {
  const answers: Applied[] = [];
  const waiting = [...actions];
  const worker = async () => {
    for (let action = waiting.shift(); action !== undefined; action = waiting.shift()) {
      if (input.isHalted() || !input.isCurrent()) return;
      const observed = observation.resources.find((resource) => resource.id === action.id);
      answers.push(await applyAction(input, action, comparisons.get(action.key), observed));
    }
  };
  const workers = Math.min(LIMITS.concurrentCallsPerPass, actions.length);
  await Promise.all(Array.from({ length: workers }, worker));
  return answers;
}

async function applyAction(
  input: ApplyInput,
  action: Action,
  comparison: Comparison | undefined,
  observed: ObservedResource | undefined,
): Promise<Applied> {
  let resource = observed;
  let requestId: string | undefined;
  const kind = input.kindNamed(action.kind);
  for (const [index, call] of action.calls.entries()) {
    if (input.isHalted()) return { action, resource: undefined, requestId };
    const isLast = index === action.calls.length - 1;
    try {
      const output = await journalled(input, action, call, (answer) => {
        resource = after(kind, { action, comparison, call, isLast, answer, nowMs: input.nowMs() }, resource);
        remember(input, action, comparison, kind, resource);
      });
      requestId = requestIdOf(output);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (action.verb === "delete" && error.category === "notFound") continue;
      return { action, resource: undefined, requestId: error.requestId, error };
    }
  }
  if (action.verb === "delete") return { action, resource: isGone(action) ? "gone" : undefined, requestId };
  // It is nobody's business of ours any more, so that the next round must not find it again.
  if (action.verb === "release") return { action, resource: "gone", requestId };
  return { action, resource, requestId };
}

interface Answered {
  readonly action: Action;
  readonly comparison: Comparison | undefined;
  readonly call: Call;
  readonly isLast: boolean;
  readonly answer: unknown;
  readonly nowMs: number;
}

/** What is known of the resource once AWS has answered one of the calls of an action. */
function after(
  kind: Kind,
  { action, comparison, call, isLast, answer, nowMs }: Answered,
  before: ObservedResource | undefined,
): ObservedResource | undefined {
  if (comparison === undefined) {
    const isUpdated = action.verb === "update" && isLast && before !== undefined;
    return isUpdated ? withDifferencesSettled(before, action.differences) : before;
  }
  if (action.verb === "create") return madeBy(kind, comparison, answer, nowMs);
  if (action.verb !== "update" || before === undefined) return before;
  const { differences } = action;
  if (kind.updated === undefined) return isLast ? withDifferencesSettled(before, differences) : before;
  const change = { ...comparison, fields: goalOf(comparison, action), observed: before, differences };
  const next = kind.updated(change, call, answer);
  const tags = differences.filter(({ field }) => field.startsWith("tags."));
  return isLast ? withDifferencesSettled(next, tags) : next;
}

function goalOf(comparison: Comparison, action: Action): Fields {
  const goals = action.differences.filter(({ desired }) => desired !== null);
  return { ...comparison.fields, ...Object.fromEntries(goals.map(({ field, desired }) => [field, desired])) };
}

/** What we have made carries our tag. Where AWS gives no ARN back, a read must say what is known. */
function madeBy(
  kind: Kind,
  comparison: Comparison,
  output: unknown,
  nowMs: number,
): ObservedResource | undefined {
  const made = kind.created(comparison.desired, comparison.fields, output, nowMs);
  return made === null ? undefined : { ...made, key: comparison.desired.key, owned: true };
}

/** Emptying a group, for example, is a step towards its deletion and not the deletion. */
function isGone(action: Action): boolean {
  return action.calls.some((call) => /:Delete/.test(call.operation));
}

/**
 * The intent is on disk before the call leaves, and its outcome before anything else happens. A row that stays
 * `pending` says that nobody knows: the next pass reads what became of it.
 */
async function journalled(
  input: ApplyInput,
  action: Action,
  call: Call,
  onAnswer: (output: unknown) => void,
): Promise<unknown> {
  const operation = call.operation as OperationName;
  const { store, service, generation, planDigest } = input;
  const id = store.openCall({ service, generation, plan: planDigest, resource: action.key, operation });
  try {
    const output = await input.cloud.call(operation, call.input as Input<typeof operation>);
    store.transaction(() => {
      const requestId = requestIdOf(output);
      store.closeCall(id, { outcome: "succeeded", ...(requestId === undefined ? {} : { requestId }) });
      onAnswer(output);
    });
    return output;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    store.closeCall(id, {
      outcome: "failed",
      errorCode: error.code,
      errorMessage: error.message,
      ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    });
    throw error;
  }
}

/**
 * What has now been applied: the record against which a later difference is told to be drift. Only what the calls
 * so far have brought about is in it: the rest is still to come, and its difference is nobody's doing.
 */
function remember(
  { store, service, generation, nowMs }: ApplyInput,
  action: Action,
  comparison: Comparison | undefined,
  kind: Kind,
  resource: ObservedResource | undefined,
): void {
  if (action.verb === "arrange") rememberOrder(store, service, action, nowMs());
  if (comparison === undefined || (action.verb !== "create" && action.verb !== "update")) return;
  const { desired, fields } = comparison;
  const earlier = store
    .applied(service)
    .find((row) => row.resource === desired.key && row.name === desired.name);
  const id = resource?.id ?? action.id ?? earlier?.id;
  const applied: Fields = action.verb === "create" ? {} : { ...earlier?.fields };
  // What AWS has only begun with is not applied yet: see `gradualFields`.
  const gradual = action.verb === "update" ? (kind.gradualFields ?? []) : [];
  // Of what a call has not written, the read that it rests on may be older than an earlier write of ours.
  const isWritten = (field: string) =>
    action.verb === "create" ||
    kind.isWhole === true ||
    action.differences.some((difference) => difference.field === field);
  for (const [field, wanted] of Object.entries({ ...fields, ...goalOf(comparison, action) })) {
    if (!isWritten(field) || gradual.includes(field)) continue;
    if (!valuesEqual(resource?.fields[field], wanted)) continue;
    if (desired.fields[field] === undefined) delete applied[field];
    else applied[field] = wanted;
  }
  for (const { field, desired: wanted } of action.differences) {
    // Neither is the old value any more: to come back to it half-way is no drift.
    if (gradual.includes(field)) delete applied[field];
    if (wanted === null && resource?.fields[field] === undefined) delete applied[field];
  }
  store.putApplied(service, {
    resource: desired.key,
    kind: desired.kind,
    name: desired.name,
    ...(id === undefined ? {} : { id }),
    fields: applied,
    generation,
    writtenAtMs: nowMs(),
  });
}

function rememberOrder(store: Store, service: ObjectKey, action: Action, nowMs: number): void {
  for (const row of store.applied(service)) {
    const move = action.differences.find((difference) => movedRule(difference.field) === row.resource);
    if (move !== undefined)
      store.putApplied(service, {
        ...row,
        fields: { ...row.fields, priority: move.desired },
        writtenAtMs: nowMs,
      });
  }
}

function requestIdOf(output: unknown): string | undefined {
  return (output as { $metadata?: { requestId?: string } }).$metadata?.requestId;
}

/** Without a resource and all that sits on it, on whatever level. */
function withoutFamily(
  resources: readonly ObservedResource[],
  id: string | undefined,
): readonly ObservedResource[] {
  const children = resources.filter((item) => item.parent === id && item.id !== id);
  const left = resources.filter((item) => item.id !== id);
  return children.reduce<readonly ObservedResource[]>((rest, child) => withoutFamily(rest, child.id), left);
}

/** The observation with what AWS has answered folded in: what the next round of the same pass knows. */
export function folded(observation: Observation, applied: readonly Applied[]): Observation {
  let resources = observation.resources;
  for (const { action, resource, error } of applied) {
    if (error !== undefined) continue;
    if (action.verb === "arrange") resources = rearranged(resources, action);
    else if (resource === "gone") resources = withoutFamily(resources, action.id);
    else if (action.verb === "create" && resource !== undefined) resources = [...resources, resource];
    else if (resource !== undefined)
      resources = resources.map((item) => (item.id === action.id ? resource : item));
  }
  return { ...observation, resources };
}
