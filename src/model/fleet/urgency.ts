/**
 * What a call is for, the most urgent first; who shares AWS's rate limits is served in this order. `person`: somebody has
 * changed the spec, or waits for an answer. `verification`: what was written is read. `suspicion`: something may have
 * moved. `unhealthy`: the health of what is not well. `routine`: nothing says that anything is other than it was.
 */
export const URGENCIES = ["person", "verification", "suspicion", "unhealthy", "routine"] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Lower goes first. */
export function rankOf(urgency: Urgency): number {
  return URGENCIES.indexOf(urgency);
}
