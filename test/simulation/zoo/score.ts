/** Where each planted bug was found: losing one is a loss of the harness. */
import type { Job } from "../pool.ts";

export const FOUND_BY: Readonly<Record<string, Job>> = {};
