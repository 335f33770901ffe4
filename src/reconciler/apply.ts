/** Doing what a plan says, and writing down every call before it is sent and after it is answered. */
import type { Address } from "../model/address.ts";
import type { CallCause } from "../model/call-cause.ts";
import { CloudError, STOPPED } from "../model/errors.ts";
import type { KindName } from "../model/kind-name.ts";
import { LIMITS } from "../model/limits.ts";
import type { ObjectKey, WebService } from "../model/object.ts";
import type { Cloud, Store } from "../ports.ts";
import { giveUp, rememberCall, rememberSent } from "./applied-record.ts";
import { mayHaveBeenDone } from "./consistency/indeterminate-writes.ts";
import { affectedBy, type Call, type Doable } from "./core/actions.ts";
import type { Comparison } from "./core/compare.ts";
import type { HoldReason } from "./core/holds.ts";
import type { Observation } from "./core/observation.ts";
import type { DesiredResource, ObservedResource } from "./core/resource.ts";
import { type Write, writesOf } from "./core/writes.ts";
import {
  confirmCorrections,
  type NotedCorrections,
  noteCorrections,
  withdrawCorrections,
} from "./drift-ledger.ts";
import type { Kind } from "./kinds/kind.ts";
import { rememberMade } from "./made-record.ts";
import { type Applied, after, type Planned, settledBy, whatIsLeft } from "./rounds/answers.ts";
import { type Companion, companionsOf, madeWith, writesOfCompanion } from "./rounds/companions.ts";

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
  /** Told of each call in one transaction with the writing down of it, before it is sent. */
  readonly begins: (action: Doable, call: Call) => void;
  /** Asked right before each call of an action is written down: why it is not to be sent. May read, and never writes. */
  readonly guarded: (
    action: Doable,
    call: Call,
    observed: ObservedResource | undefined,
  ) => Promise<HoldReason | undefined>;
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
      answers.push(...(await applyAction(input, action, comparisons, observed)));
    }
  };
  const workers = Math.min(LIMITS.concurrentCallsPerPass, actions.length);
  await Promise.all(Array.from({ length: workers }, worker));
  return answers;
}

async function applyAction(
  input: ApplyInput,
  action: Doable,
  comparisons: ReadonlyMap<Address, Comparison>,
  observed: ObservedResource | undefined,
): Promise<Applied[]> {
  let resource = observed;
  let companions: Applied[] = [];
  const comparison = comparisons.get(action.address);
  const along = companionsOf(action, comparisons);
  let requestId: string | undefined;
  const kind = input.kindNamed(action.kind);
  const renames = action.verb === "update" && action.renames === true;
  const planned = action.calls.map((call) => ({
    call,
    writes: [...writesOf(kind, action, comparison, call), ...along.flatMap(writesOfCompanion)],
  }));
  for (const [index, { call, writes }] of planned.entries()) {
    const isFirst = index === 0;
    const heldBy =
      (await input.guarded(action, call, observed)) ?? (isFirst ? input.stopped(action) : undefined);
    if (heldBy !== undefined)
      return [{ action, resource: undefined, requestId, stoppedAfter: index, heldBy }];
    // While that was read, somebody may have thought better of it.
    if (input.isHalted() || (isFirst && !input.isCurrent()))
      return [{ action, resource: undefined, requestId, stoppedAfter: index }];
    const isLast = index === action.calls.length - 1;
    const fold = (answer: unknown) => {
      const settled = settledBy(writes, planned.slice(index + 1));
      const answered = { call, isLast, settled, answer, nowMs: input.nowMs() };
      resource = after(kind, action, comparison, answered, resource);
      const { operation } = call;
      const answeredWith = { operation, requestId: requestIdOf(answer), writes };
      // What is made anew was given up before the call left.
      if (call.removes !== true) rememberCall(input, action, comparison, resource, answeredWith);
      rememberMade(input, action, comparison?.desired, resource);
      companions = rememberCompanions(input, along, resource, answeredWith);
    };
    try {
      const secrets = comparison?.desired.secrets;
      const affected = [...affectedBy(action), ...along.map((one) => one.action.address)];
      const sending = { action, affected, call, writes, secrets, operationsFor: operationsIn(planned) };
      requestId = requestIdOf(await journalled(input, sending, fold));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.code === STOPPED) return [{ action, resource: undefined, requestId, stoppedAfter: index }];
      const isGone = error.category === "notFound" && (action.verb === "delete" || call.takesAway === true);
      if (!isGone) return [{ action, resource: undefined, requestId: error.requestId, error }];
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
  const itself = { action, resource: renames ? undefined : whatIsLeft(action, resource), requestId };
  return [itself, ...companions];
}

/** What has come with a resource counts as made by a call of its own; where not enough is known of it, it is yet to be made. */
function rememberCompanions(
  input: ApplyInput,
  along: readonly Companion[],
  parent: ObservedResource | undefined,
  answer: Parameters<typeof rememberCall>[4],
): Applied[] {
  return along.flatMap((companion) => {
    const { action, comparison } = companion;
    const resource = parent && madeWith(companion, parent, input.nowMs());
    if (resource === undefined) return [];
    rememberCall(input, action, comparison, resource, answer);
    rememberMade(input, action, comparison.desired, resource);
    return [{ action, resource, requestId: answer.requestId }];
  });
}

interface Sending {
  readonly action: Doable;
  readonly affected: readonly Address[];
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
  { action, affected, call, writes, secrets, operationsFor }: Sending,
  onAnswer: (output: unknown) => void,
): Promise<unknown> {
  const { store, object, service, generation, planDigest } = input;
  const { operation, input: request } = call;
  const { address } = action;
  const ledger = () => ({ store, object, nowMs: input.nowMs() });
  let noted: NotedCorrections = [];
  let keepAfterAll = () => {};
  const id = store.transaction(() => {
    noted = noteCorrections(ledger(), operation, writes, operationsFor);
    rememberSent(input, operation, writes);
    input.begins(action, call);
    if (action.verb === "delete" || (action.verb === "update" && call.removes === true))
      keepAfterAll = giveUp(input, action);
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
      if (mayHaveBeenDone(operation, error.code)) return;
      withdrawCorrections(ledger(), noted);
      keepAfterAll();
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
