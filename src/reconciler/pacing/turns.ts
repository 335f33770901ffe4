/** What of a pass has to wait for its turn, by what AWS allows the account over all services: see `Turns` in ports.ts. */

import { rankOf, type Urgency } from "../../model/fleet/urgency.ts";
import type { Doable } from "../core/actions.ts";
import type { HoldReason } from "../core/holds.ts";
import { callsOn } from "../core/plan.ts";
import { comparedIn, type Decision } from "../decide.ts";
import type { Guard } from "../guards/guard.ts";
import { type HeldTurn, turnGuard } from "../guards/turn.ts";
import { kindNamed } from "../kinds/registry.ts";
import type { Pass, PassDependencies } from "../pass.ts";

/** Of passes over a tier that is being made, and of their writes: behind what people change of those that serve. */
export const URGENCY_OF_MAKING: Urgency = "suspicion";

/** The urgency of a pass, or of its writes, which is less where the tier is still being made. */
export function urgencyFor(pass: Pick<Pass, "desired" | "decisionInput">, urgency: Urgency): Urgency {
  const isLess = rankOf(urgency) > rankOf(URGENCY_OF_MAKING);
  return serves(pass) || isLess ? urgency : URGENCY_OF_MAKING;
}

export interface PassTurns {
  /** Asked in one breath with the writing down of an action's first call: why it does not begin now. */
  readonly ask: (action: Doable) => HoldReason | undefined;
  /** Holds what was told to wait. @param decided what the calls of its actions come from */
  readonly guard: (decided: () => Decision) => Guard;
  /** What was told to wait, and why. */
  readonly held: readonly HeldTurn[];
}

/** Of a service that is being deleted the places are given up: what it had asked for is not wanted any more. */
export function turnsIn(
  { turnsFor, clock }: Pick<PassDependencies, "turnsFor" | "clock">,
  pass: Pick<Pass, "object" | "service" | "desired" | "decisionInput">,
): PassTurns {
  const { key, spec } = pass.service;
  const turns = turnsFor?.(spec.region);
  if (pass.object.metadata.deletionTimestamp !== undefined) turns?.leave(key);
  const held: HeldTurn[] = [];
  const isStanding = serves(pass);
  return {
    held,
    ask: ({ address, verb, calls }) => {
      const operations = calls.map(({ operation }) => operation);
      const wait = turns?.ask({ service: key, address, operations, isStanding });
      if (wait === undefined) return undefined;
      const { dueAtMs, ...told } = wait;
      const reason = { because: "turn", ...told, waitMs: Math.max(0, dueAtMs - clock.nowMs()) } as const;
      held.push({ address, verb, reason });
      return reason;
    },
    guard: (decided) =>
      turnGuard(held, ({ address, kind }, difference) => {
        const comparison = comparedIn(decided()).get(address);
        if (comparison?.observed === undefined) return [];
        const calls = callsOn(kindNamed(kind), comparison, comparison.observed, [difference]);
        return calls.map(({ operation }) => operation);
      }),
  };
}

/** Whether it was made once: what serves goes before what is being made. */
function serves({ desired, decisionInput: { applied } }: Pick<Pass, "desired" | "decisionInput">): boolean {
  const listeners = desired.filter(({ kind }) => kind === "listener");
  return (listeners.length === 0 ? desired : listeners).some(({ address }) => applied.has(address));
}
