/**
 * `spec.windows`: corrections and rollouts are begun within windows only. An edit that creates or changes settings goes on
 * at any time, and so does whatever has begun: half of a cutover is worse than a late one. It is asked anew before each
 * action is begun, for a window may close during a pass. Pure.
 */
import type { Address } from "../../model/address.ts";
import { iso } from "../../model/time.ts";
import { valuesEqual } from "../../model/value.ts";
import {
  type Action,
  blockersOf,
  type Create,
  type Doable,
  differencesIn,
  type Update,
} from "../core/actions.ts";
import type { Mandate } from "../core/belonging/mandate.ts";
import { followsFromEdit } from "../core/consent/approval.ts";
import type { Matching } from "../core/current-and-surplus.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import { addressesIn } from "../core/references.ts";
import type { DesiredResource, Difference, Fields } from "../core/resource.ts";
import { openingAt, type Windows } from "../core/windows/opening.ts";
import type { Guard } from "./guard.ts";

export interface WindowsInput {
  readonly kindNamed: KindNamed;
  readonly windows: Windows | undefined;
  readonly nowMs: number;
  /** What the pass may write, and what for: windows are about keeping a service as it is wanted, and about nothing else. */
  readonly mandate?: Mandate;
  readonly goal: "Converge" | "Delete" | "Retain";
  /** Address → fields last applied. */
  readonly applied: ReadonlyMap<Address, Fields>;
  /** What the spec asks for in the end. */
  readonly desired: readonly DesiredResource[];
  /** What was decided without holding anything back. */
  readonly decided: {
    readonly matching: Pick<Matching, "surplus" | "current">;
    /** `successor`: once AWS has made it. */
    readonly replacements: readonly { readonly address: Address; readonly successor: unknown }[];
    readonly handovers: readonly { readonly to: readonly Address[] }[];
  };
}

/** None while a window is open. */
export function windowsGuard(input: WindowsInput): Guard[] {
  const { windows, nowMs, goal, mandate = "manage" } = input;
  const opening = goal === "Converge" && mandate === "manage" ? openingAt(windows, nowMs) : OPEN;
  if (opening.isOpen) return [];
  const { opensAtMs } = opening;
  const reason = {
    because: "window",
    ...(opensAtMs === undefined ? {} : { opensAt: iso(opensAtMs) }),
  } as const;
  return [
    {
      stops: (action) => (isHeld(input, action) ? reason : undefined),
      lets: (action) => differencesIn(action).filter((difference) => !isOfWindow(input, action, difference)),
    },
  ];
}

const OPEN = { isOpen: true } as const;

/** How long what waits for a window has to wait; nothing where nothing does. */
export function untilOpening(actions: readonly Action[], nowMs: number): { readonly opensInMs?: number } {
  const times = actions
    .flatMap(blockersOf)
    .flatMap((reason) => (reason.because === "window" && reason.opensAt !== undefined ? reason.opensAt : []));
  const [first] = times.map((time) => Date.parse(time)).sort((a, b) => a - b);
  return first === undefined ? {} : { opensInMs: Math.max(0, first - nowMs) };
}

function isHeld(input: WindowsInput, action: Doable): boolean {
  if (action.verb === "create")
    return (
      !finishes(input, action) &&
      (beginsReplacement(input, action) || !followsFromEdit(action, input.applied))
    );
  if (action.verb === "update")
    return action.differences.some((difference) => isOfWindow(input, action, difference));
  // All else follows from an edit, or ends a replacement that was begun.
  return action.verb === "reorder" && !followsFromEdit(action, input.applied);
}

/** Whether it is behind a load balancer that has taken the place of another one: without it the tier would stand half-way. */
function finishes({ kindNamed, decided }: WindowsInput, { kind }: Create): boolean {
  const { surplus, current } = decided.matching;
  return surplus.some(
    (one) =>
      kindNamed(one.kind).traits.isEntrance === true &&
      kindNamed(one.kind).family === kindNamed(kind).family &&
      one.address !== undefined &&
      current.has(one.address),
  );
}

/** Whether it is made to take over the traffic, or the instances' work, of another one. */
function beginsReplacement({ kindNamed, decided }: WindowsInput, { kind, address }: Create): boolean {
  const { traits } = kindNamed(kind);
  const serves =
    traits.isEntrance === true || traits.receivesRequests === true || traits.registersIn !== undefined;
  return (
    serves &&
    (decided.matching.surplus.some((other) => other.kind === kind && other.address === address) ||
      decided.replacements.some((one) => one.address === address) ||
      decided.handovers.some(({ to }) => to.includes(address)))
  );
}

function isOfWindow(input: WindowsInput, action: Update, difference: Difference): boolean {
  return (
    isRollout(action, difference) ||
    isCorrection(input.applied.get(action.address), difference) ||
    isPreparation(input, action, difference)
  );
}

/** What is not as the spec asks for in the end is a step of a cutover; before that is begun, it is the first. */
function isPreparation(
  { desired, decided }: WindowsInput,
  { address }: Update,
  { field, desired: wanted }: Difference,
): boolean {
  if (decided.replacements.every(({ successor }) => successor !== undefined)) return false;
  const goal = desired.find((one) => one.address === address)?.fields[field];
  // What names a sibling that is still to be made waits for it by itself.
  return goal !== undefined && addressesIn(goal).length === 0 && !valuesEqual(goal, wanted);
}

/** What instances are replaced for. That an older rollout is stopped for it is none, and nor is the way back. */
function isRollout({ calls }: Update, { field }: Difference): boolean {
  return calls.some(
    ({ operation, settles, goesBack }) =>
      operation === "autoscaling:StartInstanceRefresh" &&
      goesBack !== true &&
      (settles?.includes(field) ?? true),
  );
}

/** What was applied is what is wanted: somebody has moved it. */
function isCorrection(applied: Fields | undefined, { field, desired }: Difference): boolean {
  return applied !== undefined && valuesEqual(applied[field] ?? null, desired);
}
