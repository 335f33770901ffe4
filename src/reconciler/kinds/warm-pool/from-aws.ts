/** A warm pool as AWS describes it, as its part of a spec. */
import { held, inOrderOf, leavesFromAws, notHeld, type Written } from "../from-aws.ts";
import type { WarmPool } from "./draining.ts";
import { FIELDS } from "./kind.ts";
import { warmPoolSchema } from "./schema.ts";

export function warmPoolFromAws(pool: WarmPool): Written {
  if (pool.Status !== undefined) return notHeld(`it is being deleted (${pool.Status})`);
  return held(inOrderOf(warmPoolSchema, leavesFromAws(FIELDS, pool)));
}
