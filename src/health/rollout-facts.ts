/** What is known of a rollout under way. */

import type { GroupFact, RolloutFact } from "../model/health.ts";
import { namesAndMore } from "../model/text/names-and-more.ts";
import { replacementsSinceMs } from "./replacement.ts";

/** Changes named in a sentence; the plan of the generation has them all. */
const NAMED_CHANGES = 3;

/** How many instances the group has given up for their health since the rollout began. */
export function lostInRollout(group: GroupFact): number {
  const sinceMs = group.rollout?.startedAtMs;
  return sinceMs === undefined ? 0 : replacementsSinceMs(group, sinceMs).length;
}

/** `imageId from ami-1 to ami-2`; `undefined` when it is not known what changes. */
export function changesIn({ changes }: RolloutFact): string | undefined {
  if (changes.length === 0) return undefined;
  const named = changes.map(({ field, from, to }) => {
    // A digest says that it differs, and no more.
    const isPlain = (value: unknown) =>
      typeof value === "number" || (typeof value === "string" && !value.startsWith("sha256:"));
    return isPlain(from) && isPlain(to) ? `${field} from ${from} to ${to}` : field;
  });
  return namesAndMore(named, NAMED_CHANGES);
}
