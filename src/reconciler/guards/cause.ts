/** Why an action is done: what somebody asked for, what a person agreed to, or what puts back what has moved. Pure. */
import type { Address } from "../../model/address.ts";
import type { CallCause } from "../../model/call-cause.ts";
import { type Doable, isWayBack } from "../core/actions.ts";
import { type Approval, agreedIn, followsFromEdit, isAgreedTo } from "../core/consent/approval.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { Observation } from "../core/observation.ts";
import type { DesiredResource, Fields } from "../core/resource.ts";

export interface CauseInput {
  readonly goal: "Converge" | "Delete" | "Retain";
  readonly kindNamed: KindNamed;
  readonly desired: readonly Pick<DesiredResource, "kind" | "address">[];
  /** As it was when the pass began. */
  readonly observation: Pick<Observation, "resources">;
  readonly applied: ReadonlyMap<Address, Fields>;
  readonly approval?: Approval;
}

export function causeOf(action: Doable, input: CauseInput): CallCause {
  const { goal, applied, approval } = input;
  if (goal !== "Converge") return "deletion";
  if (
    approval !== undefined &&
    (isAgreedTo(action, approval) || isLeftByReplacement(action, input, approval))
  )
    return "approved";
  return isWayBack(action) || followsFromEdit(action, applied) ? "edit" : "correction";
}

/**
 * Who agreed to another load balancer agreed to all behind it being made anew, for it has the load balancer's name after
 * it. What that leaves behind stands at an address that is still wanted; what the edit drops has none, and is no part of it.
 */
function isLeftByReplacement(
  action: Doable,
  { kindNamed, desired, observation }: CauseInput,
  approval: Approval,
): boolean {
  if (action.verb !== "delete") return false;
  const left = observation.resources.find(({ id, kind }) => id === action.id && kind === action.kind);
  const isReplaced = desired.some(({ kind, address }) => kind === action.kind && address === left?.address);
  if (!isReplaced) return false;
  return (agreedIn(approval)?.effects ?? []).some(({ key, effect }) => {
    const entrance = effect === "loadBalancerReplaced" && desired.find(({ address }) => address === key);
    return entrance && kindNamed(entrance.kind).family === kindNamed(action.kind).family;
  });
}
