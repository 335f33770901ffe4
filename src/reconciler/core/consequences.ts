/**
 * What comes of an action for whoever uses the service: what it replaces, what it interrupts, and what nobody can undo. By
 * traits; what only a kind knows of itself it says (`consequences` of kind-rules.ts). Pure.
 */

import type { Consequence } from "../../model/status.ts";
import { namesAndMore } from "../../model/text/names-and-more.ts";
import type { Value } from "../../model/value.ts";
import { type Action, callsOf, differencesIn, verbOf } from "./actions.ts";
import type { Matching } from "./current-and-surplus.ts";
import type { KindNamed } from "./kind-rules.ts";
import type { ObservedResource } from "./resource.ts";

/** What is known at the moment at which it is done. */
export interface Known {
  readonly kindNamed: KindNamed;
  readonly resources: readonly ObservedResource[];
  readonly matching: Matching;
}

/** How many names are told in one sentence. */
const TOLD = 5;

export function consequencesOf(known: Known, action: Action): Consequence[] {
  const observed = action.verb === "create" ? undefined : known.resources.find(({ id }) => id === action.id);
  switch (verbOf(action)) {
    case "create":
      return replacedBy(known, action);
    case "update":
      return observed === undefined ? [] : updated(known, action, observed);
    case "delete":
      return observed === undefined ? [] : removed(known, observed);
    case "adopt":
    case "release":
    case "reorder":
      return [];
  }
}

/** What stood at the same address under another name, because AWS cannot change it in place. */
function replacedBy({ kindNamed, matching }: Known, { address, kind }: Action): Consequence[] {
  const { title } = kindNamed(kind);
  return matching.surplus
    .filter((other) => other.kind === kind && other.address === address)
    .map(({ name }) => ({
      effect: "replaces",
      says: `it takes the place of ${title} ${name}, which AWS cannot change in place`,
    }));
}

function updated(known: Known, action: Action, observed: ObservedResource): Consequence[] {
  const rules = known.kindNamed(action.kind);
  const differences = differencesIn(action);
  const becomes: Consequence[] =
    action.verb === "update" && action.renames === true
      ? [
          {
            effect: "replaces",
            says: `${rules.title} ${observed.name} becomes it, and is what it was no more`,
          },
        ]
      : [];
  return [
    ...becomes,
    ...(rules.consequences?.({ observed, differences, calls: callsOf(action) }) ?? []),
    ...differences
      .filter(({ field }) => field === rules.traits.registersIn)
      .flatMap(({ desired, observed: before }) => leftBehind(known, [before].flat(), [desired].flat())),
  ];
}

/** What is filled no more is drained first. */
function leftBehind(
  { kindNamed, resources }: Known,
  before: readonly Value[],
  desired: readonly Value[],
): Consequence[] {
  return resources
    .filter(({ id, targetSet }) => targetSet !== undefined && before.includes(id) && !desired.includes(id))
    .map(({ kind, name, fields }) => {
      const seconds = kindNamed(kind).traits.drainSeconds?.(fields);
      const within = seconds === undefined ? "" : ` within ${seconds} s`;
      return {
        effect: "interrupts",
        says: `its instances are drained from ${kindNamed(kind).title} ${name}: what is open there has to end${within}, and is cut then`,
      };
    });
}

function removed({ kindNamed, resources }: Known, observed: ObservedResource): Consequence[] {
  const own = kindNamed(observed.kind).consequences?.({ observed, differences: "removed" }) ?? [];
  const below = sittingOn(resources, observed.id);
  if (below.length === 0) return [...own];
  const names = namesAndMore(below.map(({ kind, name }) => `${kindNamed(kind).title} ${name}`).sort(), TOLD);
  return [...own, { effect: "cannotUndo", says: `what sits on it goes with it: ${names}` }];
}

function sittingOn(resources: readonly ObservedResource[], id: string): ObservedResource[] {
  const children = resources.filter((one) => one.parent === id && one.id !== id);
  return children.flatMap((child) => [child, ...sittingOn(resources, child.id)]);
}
