/** What AWS's answers lack, and no second look has shown to be gone: nothing is said of its kind, and not that it is unread. */
import type { TierFacts } from "../model/health.ts";
import type { KindName } from "../model/kind-name.ts";

/** Whether something of the kind may be there that no list shows. */
export function isUnconfirmed({ unconfirmed = [] }: TierFacts, kind: KindName): boolean {
  return unconfirmed.some((fact) => fact.kind === kind);
}
