/**
 * Where everything seems to have drifted at once, it is more likely that what is compared is wrong, or that somebody means
 * it: corrections go on at a bounded pace. What was edited goes on. Pure.
 */
import type { CallCause } from "../../model/call-cause.ts";
import type { Doable } from "../core/actions.ts";
import type { Guard } from "./guard.ts";

export interface CorrectionBudget {
  /** So many calls within an hour, over all services. */
  readonly most: number;
  readonly causeOf: (action: Doable) => CallCause;
  /** Calls that corrected within the last hour. Asked only when something is to be corrected. */
  readonly used: () => number;
}

/** Good for one look at a plan, however often it is asked: it counts what it lets through, each call once. */
export function correctionBudget({ most, causeOf, used }: CorrectionBudget): Guard {
  let known: number | undefined;
  const passed = new Set<string>();
  return {
    stops: (action) => {
      if (causeOf(action) !== "correction") return undefined;
      const calls = action.calls.map(({ operation }, index) => `${action.address} ${operation} ${index}`);
      if (calls.every((call) => passed.has(call))) return undefined;
      known ??= used();
      if (known + passed.size >= most) return { because: "correction budget", most };
      for (const call of calls) passed.add(call);
      return undefined;
    },
  };
}
