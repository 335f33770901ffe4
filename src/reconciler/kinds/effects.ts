/** What a kind tells its consequences from, and what it tells them with. */
import { namesAndMore } from "../../model/text/names-and-more.ts";
import type { Value } from "../../model/value.ts";
import type { Call } from "../core/actions.ts";
import type { Difference, ObservedResource } from "../core/resource.ts";

/** A change of a resource, or its removal. */
export interface Effects {
  readonly observed: ObservedResource;
  readonly differences: readonly Difference[] | "removed";
  readonly calls?: readonly Call[];
}

/** How many names are told in one sentence. */
const TOLD = 5;

/** The entries of a list that are not in it any more. */
export function lost({ desired, observed }: Pick<Difference, "desired" | "observed">): string[] {
  const kept = textsOf(desired);
  return textsOf(observed).filter((entry) => !kept.includes(entry));
}

function textsOf(value: Value): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** `2 instances: i-1, i-2`; `its 2 instances` where `whose` says so. */
export function instancesText(ids: readonly string[]): string {
  const count = ids.length === 1 ? "1 instance" : `${ids.length} instances`;
  return `${count} (${namesAndMore([...ids].sort(), TOLD)})`;
}
