/** Doing what a plan says, and writing down every call before it is sent and after it is answered. */
import type { Address } from "../model/address.ts";
import type { CallCause } from "../model/call-cause.ts";
import { CloudError } from "../model/errors.ts";
import type { KindName } from "../model/kind-name.ts";
import { LIMITS } from "../model/limits.ts";
import type { ObjectKey, WebService } from "../model/object.ts";
import type { Cloud, Store } from "../ports.ts";
import { rememberCall, rememberSent } from "./applied-record.ts";
import { mayHaveBeenDone } from "./consistency/indeterminate-writes.ts";
import { type Adopt, affectedBy, type Call, type Doable, type Update } from "./core/actions.ts";
import type { Comparison } from "./core/compare.ts";
import { withDifferencesSettled } from "./core/diff.ts";
import type { HoldReason } from "./core/holds.ts";
import type { Observation } from "./core/observation.ts";
import { wantedOf } from "./core/plan.ts";
import type { DesiredResource, Difference, ObservedResource } from "./core/resource.ts";
import { isTag } from "./core/tags.ts";
import { type Write, writesOf } from "./core/writes.ts";
import { reordered } from "./cutover/rule-priorities.ts";
import {
  confirmCorrections,
  type NotedCorrections,
  noteCorrections,
  withdrawCorrections,
} from "./drift-ledger.ts";
import type { Kind } from "./kinds/kind.ts";
import { rememberMade } from "./made-record.ts";

export interface ApplyInput {
  readonly cloud: Cloud;
  readonly store: Store;
  readonly kindNamed: (name: KindName) => Kind;
  readonly service: ObjectKey;
  /** Of the service; its drift is put right by these calls. */
  readonly object: WebService;
  readonly generation: number;
  readonly planDigest: string;
  readonly nowMs: () => number;
  /** Whether the plan is still the one to carry out; once it is not, no further action is begun. */
  readonly isCurrent: () => boolean;
  /** Whether it has been told to stop, by a person's pause or by the process's end: not even a begun action goes on. */
  readonly isHalted: () => boolean;
  /** Asked in one breath with the writing down of an action's first call, so that no other pass comes between. */
  readonly stopped: (action: Doable) => HoldReason | undefined;
  readonly causeOf: (action: Doable) => CallCause;
  /** Asked right before each call of an action is written down: why it is not to be sent. May read, and never writes. */
  readonly guarded: (
    action: Doable,
    observed: ObservedResource | undefined,
  ) => Promise<HoldReason | undefined>;
}

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

/** One round: everything that can be done now, several at a time. Failures are answers, not exceptions. */
export async function applyRound(
  input: ApplyInput,
  actions: readonly Doable[],
  comparisons: ReadonlyMap<Address, Comparison>,
  observation: Observation,
): Promise<Applied[]> {
  const answers: Applied[] = [];
  const waiting = [...actions];
  const worker = async () => {
    for (let action = waiting.shift(); action !== undefined; action = waiting.shift()) {
      if (input.isHalted() || !input.isCurrent()) return;
      const id = action.verb === "create" ? undefined : action.id;
      const observed = observation.resources.find((resource) => resource.id === id);
      answers.push(await applyAction(input, action, comparisons.get(action.address), observed));
    }
  };
  const workers = Math.min(LIMITS.concurrentCallsPerPass, actions.length);
  await Promise.all(Array.from({ length: workers }, worker));
  return answers;
}

async function applyAction(
  input: ApplyInput,
  action: Doable,
  comparison: Comparison | undefined,
  observed: ObservedResource | undefined,
): Promise<Applied> {
  let resource = observed;
  let requestId: string | undefined;
  const kind = input.kindNamed(action.kind);
  const renames = action.verb === "update" && action.renames === true;
  const planned = action.calls.map((call) => ({ call, writes: writesOf(kind, action, comparison, call) }));
  for (const [index, { call, writes }] of planned.entries()) {
    const heldBy =
      (await input.guarded(action, observed)) ?? (index === 0 ? input.stopped(action) : undefined);
    if (heldBy !== undefined) return { action, resource: undefined, requestId, stoppedAfter: index, heldBy };
    if (input.isHalted()) return { action, resource: undefined, requestId, stoppedAfter: index };
    const isLast = index === action.calls.length - 1;
    const fold = (answer: unknown) => {
      const settled = settledBy(writes, planned.slice(index + 1));
      const answered = { call, isLast, settled, answer, nowMs: input.nowMs() };
      resource = after(kind, action, comparison, answered, resource);
      const { operation } = call;
      rememberCall(input, action, comparison, resource, {
        operation,
        requestId: requestIdOf(answer),
        writes,
      });
      rememberMade(input, action, comparison?.desired, resource);
    };
    try {
      const secrets = comparison?.desired.secrets;
      const sending = { action, call, writes, secrets, operationsFor: operationsIn(planned) };
      requestId = requestIdOf(await journalled(input, sending, fold));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      const isGone = error.category === "notFound" && (action.verb === "delete" || call.takesAway === true);
      if (!isGone) return { action, resource: undefined, requestId: error.requestId, error };
      input.store.transaction(() => fold({}));
    }
  }
  // What AWS knows no tags of is handed over by its row alone.
  if (action.calls.length === 0) {
    resource = after(
      kind,
      action,
      comparison,
      { call: undefined, isLast: true, settled: [], answer: {}, nowMs: input.nowMs() },
      resource,
    );
    input.store.transaction(() => rememberMade(input, action, comparison?.desired, resource));
  }
  // What has become another resource is read before more is done to it.
  return { action, resource: renames ? undefined : whatIsLeft(action, resource), requestId };
}

function whatIsLeft(
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

interface Planned {
  readonly call: Call;
  readonly writes: readonly Write[];
}

/** What a call writes and no later one of its action: it is as wanted once that has succeeded. */
function settledBy(writes: readonly Write[], later: readonly Planned[]): Difference[] {
  const toCome = new Set(
    later.flatMap((one) => one.writes.flatMap(({ differences }) => differences.map(({ field }) => field))),
  );
  return writes.flatMap(({ differences }) => differences.filter(({ field }) => !toCome.has(field)));
}

interface Answered {
  /** Undefined where the action has none. */
  readonly call: Call | undefined;
  readonly isLast: boolean;
  readonly settled: readonly Difference[];
  readonly answer: unknown;
  readonly nowMs: number;
}

/** What is known of the resource once AWS has answered one of the calls of an action. */
function after(
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

interface Sending {
  readonly action: Doable;
  readonly call: Call;
  readonly writes: readonly Write[];
  readonly secrets: DesiredResource["secrets"];
  /** The calls of the action that write a field; all of them, without one. */
  readonly operationsFor: (field: string | undefined) => readonly string[];
}

function operationsIn(planned: readonly Planned[]): Sending["operationsFor"] {
  return (field) => {
    const writing = planned.filter(
      ({ writes }) =>
        field === undefined ||
        writes.some(({ differences }) => differences.some((difference) => difference.field === field)),
    );
    return [...new Set(writing.map(({ call }) => call.operation))];
  };
}

/**
 * The intent is on disk before the call leaves, and its outcome before anything else happens. A row that stays
 * `pending` says that nobody knows: the next pass reads what became of it.
 */
async function journalled(
  input: ApplyInput,
  { action, call: { operation, input: request }, writes, secrets, operationsFor }: Sending,
  onAnswer: (output: unknown) => void,
): Promise<unknown> {
  const { store, object, service, generation, planDigest } = input;
  const { address } = action;
  const affected = affectedBy(action);
  const ledger = () => ({ store, object, nowMs: input.nowMs() });
  let noted: NotedCorrections = [];
  const id = store.transaction(() => {
    noted = noteCorrections(ledger(), writes, operationsFor);
    rememberSent(input, operation, writes);
    const why = {
      cause: input.causeOf(action),
      ...(action.verb === "delete" ? { removes: action.kind } : {}),
    };
    return store.openCall({ service, generation, plan: planDigest, address, affected, operation, ...why });
  });
  try {
    const output = await input.cloud.call(operation, request);
    store.transaction(() => {
      const requestId = requestIdOf(output);
      store.closeCall(id, { outcome: "succeeded", ...(requestId === undefined ? {} : { requestId }) });
      confirmCorrections(ledger(), noted, requestId);
      onAnswer(output);
    });
    return output;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const told = withoutSecretsOf(error, secrets);
    store.transaction(() => {
      store.closeCall(id, {
        outcome: "failed",
        errorCode: told.code,
        errorMessage: told.message,
        ...(told.requestId === undefined ? {} : { requestId: told.requestId }),
      });
      if (!mayHaveBeenDone(operation, error.code)) withdrawCorrections(ledger(), noted);
    });
    throw told;
  }
}

/** So short a text stands in a message by chance. */
const SHORTEST_SECRET = 4;

/** AWS may repeat in its refusal what it was sent: the secrets in it become digests. */
function withoutSecretsOf(error: CloudError, secrets: DesiredResource["secrets"] = {}): CloudError {
  const message = Object.entries(secrets)
    .filter(([, secret]) => secret.length >= SHORTEST_SECRET)
    .reduce((text, [digest, secret]) => text.replaceAll(secret, digest), error.message);
  if (message === error.message) return error;
  const { operation, code, category, requestId } = error;
  return new CloudError({ operation, code, category, message, requestId });
}

function requestIdOf(output: unknown): string | undefined {
  return (output as { $metadata?: { requestId?: string } }).$metadata?.requestId;
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
