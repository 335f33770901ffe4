/** A decision as a value: what will be done to a resource, why, and by which calls. */
import type { Address } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import type { Reason } from "../../model/reasons.ts";
import type { Input, Output, TierOperation } from "../../ports.ts";
import type { HoldReason } from "./holds.ts";
import type { Difference } from "./resource.ts";

/** One AWS call, complete. Its input may hold secrets, so it is sent and never stored, logged or shown. */
export interface Call<O extends TierOperation = TierOperation> {
  readonly operation: O;
  readonly input: Input<O>;
  /** Fields that are as wanted once it has succeeded; absent where these are the ones that no later call of its action writes. */
  readonly settles?: readonly string[];
  /** Of a rollout: who brings back what ran before, if it fails. */
  readonly undoneBy?: "AWS" | "Holdfast" | "nobody";
  /** It brings back what ran before a rollout that has failed: it waits for no window. */
  readonly goesBack?: true;
  /** It only takes something away: that AWS does not have it is as good. */
  readonly takesAway?: true;
  /** It removes the whole resource, which the next call of its update makes anew. */
  readonly removes?: true;
}

/** A call whose input the compiler has checked against its operation. */
export function callOf<O extends TierOperation>(
  operation: O,
  input: Input<O>,
  settles?: readonly string[],
): Call<O> {
  return { operation, input, ...(settles === undefined ? {} : { settles }) };
}

/** What AWS has answered to a call, and its input, where it was a call of this operation. */
export function answeredAs<O extends TierOperation>(
  operation: O,
  call: Call,
  output: unknown,
): { readonly input: Input<O>; readonly output: Output<O> } | undefined {
  return call.operation === operation
    ? { input: call.input as Input<O>, output: output as Output<O> }
    : undefined;
}

interface Subject {
  readonly address: Address;
  readonly kind: KindName;
  readonly name: string;
  /** Why, in a few words. */
  readonly reason: string;
}

export interface Create extends Subject {
  readonly verb: "create";
  readonly calls: readonly [Call];
}

export interface Update extends Subject {
  readonly verb: "update";
  readonly id: string;
  readonly differences: readonly Difference[];
  readonly calls: readonly Call[];
  /** It turns one resource into another one: what that is then has to be read. */
  readonly renames?: true;
  /** It puts right what is to be replaced, while that stands. */
  readonly keeps?: true;
}

/** All moves of a listener's rules, which AWS judges together. */
export interface Reorder extends Subject {
  readonly verb: "reorder";
  /** ARN of the listener. */
  readonly id: string;
  /** The field of a rule that is its place: see the trait `orderField`. */
  readonly field: string;
  readonly moves: readonly PriorityMove[];
  readonly calls: readonly [Call<"elasticloadbalancing:SetRulePriorities">];
  /** See {@link Update}. */
  readonly keeps?: true;
}

export interface PriorityMove {
  readonly rule: Address;
  readonly arn: string;
  readonly from: number;
  readonly to: number;
}

export interface Delete extends Subject {
  readonly verb: "delete";
  readonly id: string;
  readonly calls: readonly Call[];
  /** Whether it is gone after these calls. Emptying a group, for example, is a step towards its deletion. */
  readonly isLast: boolean;
}

/** Writes our tags, and nothing else: from then on it is ours. What AWS knows no tags of needs no call. */
export interface Adopt extends Subject {
  readonly verb: "adopt";
  readonly id: string;
  readonly differences: readonly Difference[];
  readonly calls: readonly Call[];
}

/** Takes our tags away: from then on it is not ours. */
export interface Release extends Subject {
  readonly verb: "release";
  readonly id: string;
  readonly calls: readonly Call[];
  /** It stays where it is wanted, and is only looked at from now on. */
  readonly isObserved?: true;
}

/** What cannot be done yet, and what it waits for. */
export interface Wait extends Subject {
  readonly verb: "wait";
  readonly to: Doable["verb"];
  readonly id?: string;
  readonly differences: readonly Difference[];
  readonly until: readonly HoldReason[];
  /** What it is once that is over: it waits for nothing else. */
  readonly held?: Doable;
}

/** What can be done now. */
export type Doable = Adopt | Create | Update | Reorder | Delete | Release;
export type Action = Doable | Wait;

/** Something that keeps the service from converging and that only a person can change. */
export interface Obstacle {
  readonly address: Address;
  readonly reason: Reason;
  readonly message: string;
}

export interface Plan {
  readonly actions: readonly Action[];
  readonly obstacles: readonly Obstacle[];
}

export function isDoable(action: Action): action is Doable {
  return action.verb !== "wait";
}

/** The verb that people read: what it does, or will do once it need not wait. */
export function verbOf(action: Action): Doable["verb"] {
  return action.verb === "wait" ? action.to : action.verb;
}

/** What differs where it acts; the moves of rules as differences of their priorities. */
export function differencesIn(action: Action): readonly Difference[] {
  switch (action.verb) {
    case "adopt":
    case "update":
    case "wait":
      return action.differences;
    case "reorder":
      return action.moves.map(({ rule, from, to }) => ({
        field: `priority of ${rule}`,
        desired: to,
        observed: from,
      }));
    case "create":
    case "delete":
    case "release":
      return [];
  }
}

/** Addresses of the resources whose fields its calls may change. */
export function affectedBy(action: Doable): readonly Address[] {
  return action.verb === "reorder" ? action.moves.map(({ rule }) => rule) : [action.address];
}

/** The blockers of an action that waits. */
export function blockersOf(action: Action | undefined): readonly HoldReason[] {
  return action?.verb === "wait" ? action.until : [];
}

/**
 * Whether it does nothing but bring back what ran before a rollout that has failed. Who asked for the rollout asked for
 * that, too: its plan says so.
 */
export function isWayBack(action: Action): boolean {
  const calls = callsOf(action);
  return calls.length > 0 && calls.every(({ goesBack }) => goesBack === true);
}

export function callsOf(action: Action): readonly Call[] {
  return action.verb === "wait" ? (action.held?.calls ?? []) : action.calls;
}

/** It waits for one thing more; what it is without that stays known. */
export function heldBack(action: Action, reason: HoldReason): Wait {
  if (action.verb === "wait") return { ...action, until: [reason, ...action.until] };
  const { address, kind, name } = action;
  return {
    verb: "wait",
    to: action.verb,
    ...{ address, kind, name, reason: action.reason },
    ...(action.verb === "create" ? {} : { id: action.id }),
    differences: differencesIn(action),
    until: [reason],
    held: action,
  };
}
