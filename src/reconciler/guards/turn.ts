/**
 * What AWS allows the account rarely is done in turn, over all services: see `Turns` in ports.ts. An action that has asked
 * and has to wait is held, with nothing sent and nothing failed; what needs no such call goes on. Pure.
 */
import type { Address } from "../../model/address.ts";
import { type Action, blockersOf, type Doable, type Update } from "../core/actions.ts";
import type { HoldReason } from "../core/holds.ts";
import type { Difference } from "../core/resource.ts";
import type { Guard } from "./guard.ts";

type TurnHold = Extract<HoldReason, { because: "turn" }>;

/** An action that waits for its turn, and when that comes. */
export interface HeldTurn {
  readonly address: Address;
  readonly verb: Doable["verb"];
  readonly reason: TurnHold;
}

/**
 * Of a change only what needs the call that has to wait is held.
 * @param operationsFor the calls that one difference of a change needs
 */
export function turnGuard(
  held: readonly HeldTurn[],
  operationsFor: (action: Update, difference: Difference) => readonly string[],
): Guard {
  const reasonFor = ({ address, verb, calls }: Doable) =>
    held.find(
      (one) =>
        one.address === address &&
        one.verb === verb &&
        calls.some(({ operation }) => operation === one.reason.operation),
    )?.reason;
  return {
    stops: reasonFor,
    lets: (action) => {
      const late = reasonFor(action)?.operation;
      return action.differences.filter(
        (difference) => late === undefined || !operationsFor(action, difference).includes(late),
      );
    },
  };
}

/** In how long the first turn comes of what waits for one. */
export function untilTurn(actions: readonly Action[]): { turnInMs?: number } {
  const waits = actions.flatMap((action) =>
    blockersOf(action).flatMap((reason) => (reason.because === "turn" ? [reason.waitMs] : [])),
  );
  return waits.length === 0 ? {} : { turnInMs: Math.min(...waits) };
}
