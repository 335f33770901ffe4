/**
 * What a list has shown a moment ago may have been handed over meanwhile, or stand under another id. Right before each
 * deletion, and before a group is emptied, that very resource is read once more: by its exact id, with its owner tag, or
 * with that of what it sits on where AWS knows no tags of it. What such a read does not show to be ours is not deleted in
 * this pass; the next one begins with its own look.
 */
import type { HoldReason } from "../core/holds.ts";
import type { FreshLook } from "../core/observation.ts";
import type { ObservedResource } from "../core/resource.ts";
import type { Guard } from "./guard.ts";

/** Why it must not be deleted now; `undefined`: it is there, it is that very one, and it carries our owner tag. */
export function refusalOf(
  { id, name }: Pick<ObservedResource, "id" | "name">,
  owner: string,
  look: FreshLook,
): HoldReason | undefined {
  switch (look.is) {
    case "unread":
      return { because: "unread", what: look.what };
    case "gone":
      return { because: "not ours by now", name, shows: "nothing" };
    case "there":
      if (look.id !== id) return { because: "not ours by now", name, shows: "another resource" };
      return look.owner === owner ? undefined : { because: "not ours by now", name, shows: "no tag of ours" };
  }
}

/** Whether such a read is what holds an action. */
export function isOfFreshLook(reason: HoldReason | undefined): reason is HoldReason {
  return reason?.because === "unread" || reason?.because === "not ours by now";
}

/** What a fresh read has spoken against waits for the next pass, and is in nobody's way. */
export function refusedByFreshLooks(refused: ReadonlyMap<string, HoldReason>): Guard {
  return { stops: (action) => (action.verb === "delete" ? refused.get(action.id) : undefined) };
}
