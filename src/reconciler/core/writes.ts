/** What a call of an action writes, field by field. */
import type { Address } from "../../model/address.ts";
import { type Call, type Doable, differencesIn } from "./actions.ts";
import type { Comparison } from "./compare.ts";
import type { KindRules } from "./kind-rules.ts";
import { callsOn } from "./plan.ts";
import type { Difference } from "./resource.ts";

/** Fields of one resource that a call brings to what is wanted. */
export interface Write {
  readonly address: Address;
  /** It makes the resource, with all its fields. */
  readonly isCreate: boolean;
  readonly differences: readonly Difference[];
}

/**
 * What the call is for, among all that its action does: an action may need several calls, and each of them settles some of
 * the differences.
 * @param comparison what the action was planned from
 */
export function writesOf(
  kind: KindRules,
  action: Doable,
  comparison: Comparison | undefined,
  call: Call,
): Write[] {
  const { address } = action;
  switch (action.verb) {
    case "create": {
      const fields = Object.entries(comparison?.fields ?? {});
      const differences = fields.map(([field, desired]) => ({ field, desired, observed: null }));
      return [{ address, isCreate: true, differences }];
    }
    case "update": {
      // What goes becomes what is missing: of the address that it has then, it is a create.
      if (action.renames === true) return [{ address, isCreate: true, differences: action.differences }];
      if (comparison?.observed === undefined) return [];
      const { observed } = comparison;
      // A call that writes the whole also brings what waits of it.
      const written = kind.isWhole === true ? comparison.differences : differencesIn(action);
      const differences = written.filter((difference) =>
        callsOn(kind, comparison, observed, [difference]).some(
          ({ operation }) => operation === call.operation,
        ),
      );
      return [{ address, isCreate: false, differences }];
    }
    case "reorder":
      return action.moves.map(({ rule, from, to }) => ({
        address: rule,
        isCreate: false,
        differences: [{ field: action.field, desired: to, observed: from }],
      }));
    // Nothing of the spec is written by them.
    case "adopt":
    case "delete":
    case "release":
      return [];
  }
}
