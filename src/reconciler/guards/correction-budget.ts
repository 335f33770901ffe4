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

/** Good for one look at a plan: it counts what it lets through. */
export function correctionBudget({ most, causeOf, used }: CorrectionBudget): Guard {
  let known: number | undefined;
  let passed = 0;
  return {
    stops: (action) => {
      if (causeOf(action) !== "correction") return undefined;
      known ??= used();
      if (known + passed >= most) return { because: "correction budget", most };
      passed += action.calls.length;
      return undefined;
    },
  };
}
