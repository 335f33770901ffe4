/**
 * However it came to be planned, a mass deletion ends early: of what is owned of a kind, over all services, corrections and
 * edits delete a tenth within an hour, and ten in any case. Then nothing more of that kind goes before a person has looked
 * and lifted the freeze. The deletion of an object, and what was approved, is a person's wish already. Pure.
 */
import { addressFrom } from "../../model/address.ts";
import type { CallCause } from "../../model/call-cause.ts";
import type { KindName } from "../../model/kind-name.ts";
import type { Doable } from "../core/actions.ts";
import type { Guard } from "./guard.ts";

export const WINDOW_MS = 3_600_000;
/** So many are always allowed. */
const AT_LEAST = 10;
/** One of so many. */
const SHARE = 10;

export interface KindUsage {
  /** What is ours of it, over all services. */
  readonly owned: number;
  /** What was deleted within the last hour, or since the freeze was lifted; see {@link deletionKey}. */
  readonly deleted: ReadonlySet<string>;
  readonly isFrozen: boolean;
}

export interface DeletionBudget {
  readonly kind: KindName;
  /** For people. */
  readonly title: string;
  /** Of the service, so that one resource is counted once. */
  readonly service: string;
  readonly causeOf: (action: Doable) => CallCause;
  /** Asked only when something of the kind is to be deleted. */
  readonly usage: () => KindUsage;
}

/** So many may be deleted within an hour. */
export function mostDeletions(owned: number): number {
  return Math.max(AT_LEAST, Math.floor(owned / SHARE));
}

/** One resource, whichever of its calls: a group that is emptied counts, and its deletion not once more. */
export function deletionKey(service: string, address: string): string {
  return `${service} ${address}`;
}

/** Whether corrections and edits are what deletes it. */
function isCounted(cause: CallCause): boolean {
  return cause === "edit" || cause === "correction";
}

/** Good for one look at a plan, however often it is asked: it counts what it lets through, each resource once. */
export function deletionBudget({ kind, title, service, causeOf, usage }: DeletionBudget): Guard {
  let known: KindUsage | undefined;
  const passed = new Set<string>();
  return {
    stops: (action) => {
      if (action.verb !== "delete" || action.kind !== kind || !isCounted(causeOf(action))) return undefined;
      known ??= usage();
      const key = deletionKey(service, action.address);
      if (known.deleted.has(key) || passed.has(key)) return undefined;
      const isSpent = known.deleted.size + passed.size >= mostDeletions(known.owned);
      if (known.isFrozen || isSpent) return { because: "deletions frozen", kind, title };
      passed.add(key);
      return undefined;
    },
    obstacle: (stopped) => ({
      address: stopped[0]?.address ?? addressFrom(kind),
      reason: "DeletionsFrozen",
      message:
        `Nothing more of the kind ${title} is deleted: within an hour corrections and edits delete a tenth of what is ` +
        `owned of a kind over all services, and ${AT_LEAST} in any case. Find out why so many are to go; then lift it: ` +
        `DELETE /apis/holdfast.dev/v1/freezes/${kind}.`,
    }),
  };
}
