/** What is to be replaced and still serves is put right as if nobody had edited anything: see core/predecessors.ts. Pure. */
import type { Address } from "../../model/address.ts";
import type { Action } from "../core/actions.ts";
import type { Comparison } from "../core/compare.ts";
import type { Matching } from "../core/current-and-surplus.ts";
import type { Holds } from "../core/holds.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { Observation } from "../core/observation.ts";
import { isSilenced, planOf } from "../core/plan.ts";
import { movesAmong } from "../core/predecessors.ts";
import type { Fields } from "../core/resource.ts";
import { ruleOrderOf } from "./rule-priorities.ts";

interface KeepingInput {
  readonly kindNamed: KindNamed;
  readonly observation: Observation;
  /** Address → fields last applied. */
  readonly applied: ReadonlyMap<Address, Fields>;
}

/** What puts right what is to be replaced, as if it were not. What keeps it from that is in nobody else's way. */
export function keptUp(
  { kindNamed, observation, applied }: KeepingInput,
  predecessors: readonly Comparison[],
  matching: Matching,
  holds: Holds,
): readonly Action[] {
  if (predecessors.length === 0) return [];
  const places = new Map(
    predecessors.flatMap(({ standsAt, observed }) =>
      standsAt !== undefined && observed !== undefined ? [[standsAt, observed] as const] : [],
    ),
  );
  const own = new Map(predecessors.map(({ standsAt, desired }) => [standsAt, desired.address]));
  const order = ruleOrderOf({
    kindNamed,
    desired: predecessors.map(({ desired, standsAt, fields }) => ({
      ...{ ...desired, fields },
      address: standsAt ?? desired.address,
    })),
    current: places,
    observed: observation.resources,
    isHeld: (at, orderField) => {
      const address = own.get(at) ?? at;
      return isSilenced(holds, address) || (holds.on(address, orderField) ?? holds.on(address)) !== undefined;
    },
  });
  const plan = planOf({ kindNamed, comparisons: predecessors, matching, applied, holds, order: NO_ORDER });
  return [...movesAmong(predecessors, order.actions), ...plan.actions];
}

const NO_ORDER = { blocked: new Set<Address>(), behindMoves: new Set<Address>() };
