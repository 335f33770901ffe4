/**
 * What a pass may write, and therefore what it decides. Pure.
 * - `manage`: whatever brings AWS to the spec.
 * - `adopt`: our own tags, on what runs already and is to be ours; everything else waits until a read has shown them.
 * - `observe`: nothing at all.
 * - `release`: our own tags are taken off what was ours; nothing else is written.
 */
import type { MadeResource } from "../../../ports.ts";

export type Mandate = "manage" | "adopt" | "observe" | "release";

export interface MandateInput {
  readonly isObserved: boolean;
  readonly isDeleting: boolean;
  readonly made: readonly Pick<MadeResource, "origin">[];
  /** Something that is wanted was seen while the service was observed, and is not known to be ours yet. */
  readonly isAdopting: boolean;
}

export function mandateOf({ isObserved, isDeleting, made, isAdopting }: MandateInput): Mandate {
  if (isObserved) return made.some(isOurs) ? "release" : "observe";
  return isAdopting && !isDeleting ? "adopt" : "manage";
}

/** Whether a row says more than that something was seen. */
export function isOurs({ origin }: Pick<MadeResource, "origin">): boolean {
  return origin !== "observed";
}

/** Whether the pass leaves AWS's settings as they are: then nothing moves, and AWS is compared with the spec as it stands. */
export function isStill(mandate: Mandate): mandate is Exclude<Mandate, "manage"> {
  return mandate !== "manage";
}
