/** What was asked of the simulated account so far. */
import type { Installation } from "../test/support/installation.ts";

export function countsOf(world: Installation): { mutating: number; reads: number } {
  const isRead = (operation: string) => /(^|:)(Describe|List|Get)/.test(operation);
  let mutating = 0;
  let reads = 0;
  for (const [operation, count] of Object.entries(world.account.calls.counts())) {
    if (isRead(operation)) reads += count;
    else mutating += count;
  }
  return { mutating, reads };
}
