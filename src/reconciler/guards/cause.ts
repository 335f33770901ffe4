/** Why an action is done: what somebody asked for, what a person agreed to, or what puts back what has moved. Pure. */
import type { Address } from "../../model/address.ts";
import type { CallCause } from "../../model/call-cause.ts";
import type { Doable } from "../core/actions.ts";
import { type Approval, followsFromEdit, isAgreedTo } from "../core/consent/approval.ts";
import type { Fields } from "../core/resource.ts";

export interface CauseInput {
  readonly goal: "Converge" | "Delete" | "Retain";
  readonly applied: ReadonlyMap<Address, Fields>;
  readonly approval?: Approval;
}

export function causeOf(action: Doable, { goal, applied, approval }: CauseInput): CallCause {
  if (goal !== "Converge") return "deletion";
  if (approval !== undefined && isAgreedTo(action, approval)) return "approved";
  return followsFromEdit(action, applied) ? "edit" : "correction";
}
